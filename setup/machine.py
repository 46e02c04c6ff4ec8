"""What the machine itself has to have, installed by apt where it is missing."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from setup import paths
from setup.console import Failure, step

POSTGRES_ROOT = Path("/usr/lib/postgresql")
OLDEST_POSTGRES = 13
SYSTEM_CLUSTERS = Path("/etc/postgresql")


def require(server: bool = True, browser: bool = False) -> None:
    """Install what is missing: PostgreSQL's server, Debian's keys, and a browser for tests."""
    with step("System packages") as line:
        missing = list(_missing(server, browser))
        if missing:
            install(missing)
        line.result = f"installed {', '.join(missing)}" if missing else "present"


def _missing(server: bool, browser: bool) -> Iterable[str]:
    if not Path("/etc/ssl/certs/ca-certificates.crt").exists():
        yield "ca-certificates"
    if server and not postgres_bin():
        yield "postgresql"
    if server and not Path("/usr/share/keyrings/debian-archive-keyring.gpg").exists():
        yield "debian-archive-keyring"
    if browser and not any(Path("/usr/lib").glob("*/libatomic.so.1")):
        yield "libatomic1"  # which Playwright's driver needs
    if browser and has_debian_browser() and not shutil.which("chromium"):
        yield from ("chromium", "fonts-liberation")


def has_debian_browser() -> bool:
    """Say whether apt has a real chromium here; Ubuntu's package only calls snap."""
    return "ID=debian" in Path("/etc/os-release").read_text().splitlines()


def postgres_bin() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs, if there is one."""
    found = [p.parent for p in POSTGRES_ROOT.glob("*/bin/postgres") if version(p.parent)]
    return max(found, key=version, default=None)


def version(bin_folder: Path) -> int:
    """Return the major version of PostgreSQL in a folder, 0 when it is too old."""
    number = bin_folder.parent.name
    return int(number) if number.isdigit() and int(number) >= OLDEST_POSTGRES else 0


def install(packages: list[str]) -> None:
    """Install packages by apt, as root or by sudo."""
    log = paths.log("apt")
    todo = f"install them yourself (apt-get install {' '.join(packages)}), then start again"
    before = _system_clusters()
    with contextlib.suppress(Failure):
        _apt(["update"], log, todo)  # a broken source of others need not matter to us
    _apt(["install", "--yes", "--no-install-recommends", *packages], log, todo)
    for number, name in _system_clusters() - before:
        # The package starts an empty server for the whole machine, which nobody asked for.
        _as_root(["pg_dropcluster", "--stop", number, name], log, todo)


def _system_clusters() -> set[tuple[str, str]]:
    return {path.parts[-2:] for path in SYSTEM_CLUSTERS.glob("*/*")}


def _apt(arguments: list[str], log: Path, todo: str) -> None:
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    _as_root([*command, "-o", "DPkg::Lock::Timeout=300", *arguments], log, todo)


def _as_root(command: list[str], log: Path, todo: str) -> None:
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise Failure("Packages are missing, and there is neither root nor sudo.", todo)
        command = ["sudo", "--", *command]
    with log.open("ab") as output:
        # In this session, so that sudo can ask for a password on the terminal.
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise Failure("apt could not install what is missing.", todo, log)
