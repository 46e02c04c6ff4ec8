"""Things that are made once and kept in the user's cache folder, whole or not at all."""

import contextlib
import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path

from setup.paths import CACHE


def folder(name: str) -> Path:
    """Return the place of a thing in the cache, made or not."""
    return CACHE / name


@contextlib.contextmanager
def locked(name: str):
    """Wait until no other clone makes the same thing."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def made(name: str, fill: Callable[[Path], None]) -> Path:
    """Return a folder of the cache; where it is missing, let ``fill`` fill it first."""
    finished = folder(name)
    if finished.exists():
        return finished
    with locked(name):
        if not finished.exists():
            unfinished = folder(f"{name}.unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            fill(unfinished)
            unfinished.rename(finished)
    return finished
