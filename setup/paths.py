"""Where things are: the repository, its one folder of state, and the user's cache."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ROOT / ".local"
LOGS = LOCAL / "log"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "synced_meetings"


def log(name: str) -> Path:
    """Return the path of a log, in a folder that exists."""
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS / f"{name}.log"


def shown(path: Path) -> str:
    """Return a path as a person in the repository would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def digest(*parts: str | bytes | Path) -> str:
    """Return a short name for a content: of texts, files, and folders with their files."""
    sha = hashlib.sha256()
    for part in parts:
        for piece in _pieces(part):
            sha.update(hashlib.sha256(piece).digest())
    return sha.hexdigest()[:10]


def _pieces(part):
    if isinstance(part, str):
        yield part.encode()
    elif isinstance(part, bytes):
        yield part
    elif part.is_dir():
        for path in sorted(part.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(part)).encode()
                yield path.read_bytes()
    else:
        yield part.read_bytes()
