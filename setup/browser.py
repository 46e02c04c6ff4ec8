"""Chromium for the tests: Debian's package, or on Ubuntu the one that Playwright brings."""

import os
import shutil
from pathlib import Path

from setup import cache, machine, paths, process
from setup.console import step

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FOLDER = cache.folder("browser")
TODO = "install Google Chrome or Chromium (not the snap), then start again"


def require(python: Path) -> None:
    """Get a browser where apt has none: Ubuntu's package only calls snap."""
    if machine.has_debian_browser() or installed():
        return
    with step("Chromium") as line:
        variables = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(FOLDER)}
        command = [python, "-m", "playwright", "install", "--with-deps", "chromium"]
        process.run(command, paths.log("browser"), "No browser to test with.", TODO, env=variables)
        found = next(FOLDER.glob("chromium-*/chrome-linux*/chrome"))
        (FOLDER / "bin").mkdir(exist_ok=True)
        (FOLDER / "bin" / "chromium").unlink(missing_ok=True)
        (FOLDER / "bin" / "chromium").symlink_to(found)
        line.result = "downloaded"


def installed() -> str | None:
    """Return the path of a browser that tests can use; a snap cannot see our files."""
    found = (shutil.which(name, path=search_path()) for name in NAMES)
    return next((path for path in found if path and not _snap(Path(path))), None)


def _snap(path: Path) -> bool:
    return "snap" in str(path.resolve()) or b"snap" in path.read_bytes()[:4096]


def search_path() -> str:
    """Return the folders in which programs are looked for, our browser's first."""
    return os.pathsep.join([str(FOLDER / "bin"), os.environ.get("PATH", os.defpath)])
