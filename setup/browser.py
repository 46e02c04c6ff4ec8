"""Chromium for the tests, from apt; Ubuntu has only a snap, so there it is unpacked from Debian."""

import os
import platform
import shutil
from pathlib import Path

from setup import cache, debian, machine
from setup.console import step

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-liberation")
BOOKWORMS_LIBC = (2, 36)
TODO = "check the network and start again, or install Google Chrome"
# These have to be the machine's own, as its program loader is.
MACHINES_OWN = ("libc6_", "libc-bin_", "libgcc-s1_", "libstdc++6_")
LAUNCHER = """\
#!/bin/sh
here={here}
export FONTCONFIG_FILE="$here/fonts.conf"
export LD_LIBRARY_PATH="$here/usr/lib/chromium:{libraries}"
exec "$here/usr/lib/chromium/chromium" "$@"
"""
RULES = ("30-metric-aliases", "45-latin", "49-sansserif", "60-latin")
FONTS = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{here}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>
<cachedir>{here}/fonts</cachedir>{rules}</fontconfig>
"""


def require() -> None:
    """Make sure of a browser where apt has none."""
    if machine.has_debian_browser() or installed():
        return
    with step("Chromium") as line:
        _launcher(cache.made(_folder().name, _unpack))
        line.result = "unpacked"


def _folder() -> Path:
    return cache.folder("chromium")


def _unpack(target: Path) -> None:
    suite = "bookworm" if _libc() >= BOOKWORMS_LIBC else "bullseye"
    suites = (f"debian {suite}", f"debian-security {suite}-security")
    fetch = debian.Fetch("chromium", suites, TODO)
    for package in fetch.packages(PACKAGES, dependencies=True):
        if not package.name.startswith(MACHINES_OWN):
            fetch.unpack(package, target, ("./usr/share/doc", "./usr/share/man"))
    fetch.forget()


def _libc() -> tuple[int, ...]:
    return tuple(int(part) for part in platform.libc_ver()[1].split(".")[:2])


def _launcher(here: Path) -> None:
    folders = {path.parent for path in here.glob("**/lib*.so*")}
    libraries = ":".join(str(folder) for folder in sorted(folders, key=lambda one: len(one.parts)))
    folder = here / "usr" / "share" / "fontconfig" / "conf.avail"
    rules = "".join(f"<include>{folder / rule}.conf</include>" for rule in RULES)
    (here / "fonts.conf").write_text(FONTS.format(here=here, rules=rules))
    (here / "bin-chromium").mkdir(exist_ok=True)
    launcher = here / "bin-chromium" / "chromium"
    launcher.write_text(LAUNCHER.format(here=here, libraries=libraries))
    launcher.chmod(0o755)


def installed() -> str | None:
    """Return the path of a browser that tests can use; a snap cannot see our files."""
    found = (shutil.which(name, path=search_path()) for name in NAMES)
    return next((path for path in found if path and not _snap(Path(path))), None)


def _snap(path: Path) -> bool:
    return "snap" in str(path.resolve()) or b"/snap/" in path.read_bytes()[:4096]


def search_path() -> str:
    """Return the folders in which programs are looked for, our browser's first."""
    return os.pathsep.join([str(_folder() / "bin-chromium"), os.environ.get("PATH", os.defpath)])
