"""Odoo 19 itself: an existing checkout, or Debian's package unpacked in the user's cache."""

import base64
import hashlib
import io
import os
import shutil
import tarfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from setup import cache, debian, paths
from setup.console import Failure, step

# Odoo's package links to files of the others; two of these lost them after bookworm.
SUITES = ("debian sid", "debian bookworm")
PACKAGES = (
    "odoo-19",
    "fonts-font-awesome/bookworm",
    "fonts-inconsolata/bookworm",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
LEFT_OUT = ("*/i18n/*.po", "./usr/share/doc", "./etc")
PYTHON_PATH = "usr/lib/python3/dist-packages"
# One file that the manifest of `mail` names is not in Debian's package.
MISSING_FILE = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
NPM_ARCHIVE = (
    "https://registry.npmjs.org/@mediapipe/selfie_segmentation/-/"
    "selfie_segmentation-0.1.1675465747.tgz"
)
NPM_INTEGRITY = (
    "sha512-IxYxNhwE5VwOm52L1yoFWYLP7q9Pd+NJjzOC5tlepfvEGaY3o9hslhUrx9Bg"
    "seqdfZtKSDtd/4NfCSMjNzQalA=="
)
TODO = (
    "check the network and start again (what was downloaded is kept), "
    "or name a checkout of Odoo 19.0: ODOO_HOME=/path setup/run"
)


@dataclass(frozen=True)
class Source:
    """Where Odoo is: the folder for Python's path, further add-ons, and a name for its content."""

    python_path: Path
    addons: tuple[Path, ...]
    key: str


def find() -> Source:
    """Return Odoo 19, unpacking it first where there is none."""
    with step("Odoo 19.0") as line:
        home = os.environ.get("ODOO_HOME")
        line.result = "from the cache" if _cached().exists() else "downloaded"
        source = locate()
        if home:
            line.result = f"from {home}"
            return source
        missing = source.python_path / MISSING_FILE
        if not missing.exists():
            line.result += _add_missing(missing)
    return source


def locate() -> Source:
    """Return Odoo 19 without a word."""
    home = os.environ.get("ODOO_HOME")
    if home:
        return _checkout(Path(home).resolve())
    python_path = cache.made(_cached().name, _unpack) / PYTHON_PATH
    return Source(python_path, (), _cached().name)


def _checkout(home: Path) -> Source:
    release = home / "odoo" / "release.py"
    if not release.exists() or "version_info = (19, 0" not in release.read_text():
        raise Failure(f"ODOO_HOME={home} is not a checkout of Odoo 19.0.", "name another folder")
    head = home / ".git" / "HEAD"
    moved = str(head.stat().st_mtime) if head.exists() else ""
    return Source(home, (home / "addons",), paths.digest(str(home), moved, release))


def _cached() -> Path:
    return cache.folder(f"odoo-19.0-{paths.digest(repr((PACKAGES, LEFT_OUT)))}")


def _unpack(target: Path) -> None:
    fetch = debian.Fetch("odoo", SUITES, TODO)
    for package in fetch.packages(PACKAGES):
        fetch.unpack(package, target, LEFT_OUT)
    lost = [str(path) for path in target.rglob("*") if path.is_symlink() and not path.exists()]
    if lost:
        raise Failure(f"Files are missing in Debian's packages: {', '.join(lost)}.", TODO)
    fetch.forget()


def _add_missing(path: Path) -> str:
    """Add the file that Debian leaves out; answer what to tell when it cannot be had."""
    try:
        with urllib.request.urlopen(NPM_ARCHIVE, timeout=60) as response:
            archive = response.read()
        if _integrity(archive) != NPM_INTEGRITY:
            raise OSError("the archive is not the one expected")
        with tarfile.open(fileobj=io.BytesIO(archive)) as members:
            content = members.extractfile("package/selfie_segmentation.js")
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as target:
                shutil.copyfileobj(content, target)
    except OSError as error:
        return f" without {path.name}: {error} (browser tests will complain)"
    return ""


def _integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
