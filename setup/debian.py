"""Packages of Debian without installing them: a private apt fetches, dpkg-deb unpacks."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from setup import cache, paths, process

MIRROR = "http://deb.debian.org"
KEYS = Path("usr/share/keyrings/debian-archive-keyring.gpg")
# The first year of Debian's package of keys that knows those of bookworm and sid.
KEYS_FROM = "2023"


@dataclass(frozen=True)
class Fetch:
    """One download: its name, the suites to look in, and what to do if it fails."""

    name: str
    suites: tuple[str, ...]
    todo: str
    keys: Path | None = None

    @property
    def root(self) -> Path:
        """Return the folder of the private apt."""
        return cache.folder(f"apt-{self.name}")

    def packages(self, names: Sequence[str], dependencies: bool = False) -> list[Path]:
        """Fetch packages, by signatures verified, with all that they depend on if asked."""
        self._apt("Debian's lists could not be read.", "update")
        what = f"{names[0].partition('/')[0]} could not be downloaded."
        if dependencies:
            # With no installed package known here, that is everything down to the C library.
            self._apt(what, "install", "--yes", "--download-only", *names)
        else:
            self._apt(what, "download", *names)
        # An interrupted run may have left an older version; of each package the newest counts.
        found = sorted(self.root.glob("packages/*.deb"), key=lambda path: path.stat().st_mtime)
        return list({path.name.partition("_")[0]: path for path in found}.values())

    def _apt(self, what: str, *words: str) -> None:
        process.run(
            ["apt-get", "--no-install-recommends", *words],
            paths.log(self.name),
            what,
            self.todo,
            env={**os.environ, "APT_CONFIG": str(self._configuration()), "LC_ALL": "C"},
            cwd=self.root / "packages",
        )

    def _configuration(self) -> Path:
        for folder in ("lists/partial", "packages/partial"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        (self.root / "status").touch()
        keys = self.keys or _keys()
        sources = [f"deb [signed-by={keys}] {MIRROR}/{suite} main\n" for suite in self.suites]
        (self.root / "sources.list").write_text("".join(sources))
        settings = "".join(f'{key} "{value}";\n' for key, value in self._settings().items())
        (self.root / "apt.conf").write_text(settings)
        return self.root / "apt.conf"

    def _settings(self) -> dict[str, str | Path]:
        me = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True)
        return {
            "Dir::Etc::sourcelist": self.root / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State": self.root,
            "Dir::State::Lists": self.root / "lists",
            "Dir::State::status": self.root / "status",
            "Dir::Cache": self.root,
            "Dir::Cache::archives": self.root / "packages",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            # Signatures are verified; that a mirror stands still for some weeks does no harm here.
            "Acquire::Check-Valid-Until": "false",
            "APT::Sandbox::User": me.stdout.strip(),
            "APT::Keep-Downloaded-Packages": "true",
            "Debug::NoLocking": "true",
        }

    def forget(self) -> None:
        """Delete what was downloaded, which is unpacked by now."""
        shutil.rmtree(self.root)

    def unpack(self, package: Path, target: Path, left_out: Sequence[str] = ()) -> None:
        """Put the files of a package below a folder."""
        patterns = [f"--exclude={pattern}" for pattern in left_out]
        with subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE
        ) as archive:
            process.run(
                [
                    "tar",
                    "-x",
                    "--no-same-owner",
                    "--keep-directory-symlink",
                    "-C",
                    target,
                    *patterns,
                ],
                paths.log(self.name),
                f"{package.name} could not be unpacked.",
                f"delete {package} and start again",
                stdin=archive.stdout,
            )


def _keys() -> Path:
    """Return Debian's keys; where Ubuntu's package is old, those that the old keys vouch for."""
    system = Path("/", KEYS)
    asked = ["dpkg-query", "--show", "--showformat=${Version}", "debian-archive-keyring"]
    if subprocess.run(asked, capture_output=True, text=True, check=False).stdout >= KEYS_FROM:
        return system

    def unpack(target: Path) -> None:
        fetch = Fetch(
            "keys", ("debian bullseye",), "install a newer debian-archive-keyring", system
        )
        for package in fetch.packages(["debian-archive-keyring"]):
            fetch.unpack(package, target)
        fetch.forget()

    return cache.made("debian-keys", unpack) / KEYS
