"""Programs that are started here, and that never outlive the command that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from setup.console import Failure

PR_SET_CHILD_SUBREAPER = 36
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 10


def adopt_orphans() -> None:
    """Become the parent of every grandchild whose parent ends, and end politely on a signal."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in SIGNALS:
        signal.signal(number, _interrupt)


def _interrupt(*_):
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # what follows is cleaning up
    raise KeyboardInterrupt


def run(command: Sequence, log: Path, what: str, todo: str, **options) -> None:
    """Run a program to its end, its output added to the log; Failure if it does not succeed."""
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        program = subprocess.Popen(
            bound(command),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=options.pop("stdin", subprocess.DEVNULL),
            start_new_session=True,
            **options,
        )
        try:
            code = program.wait()
        except KeyboardInterrupt:
            stop(program)
            raise
    if code:
        raise Failure(what, todo, log)


def start(command: Sequence, log: Path, **options) -> subprocess.Popen:
    """Start a program that keeps running, its output in the log."""
    with log.open("wb") as output:
        return subprocess.Popen(
            bound(command),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        )


def foreground(command: Sequence, **options) -> int:
    """Run a program on this terminal and return its exit code."""
    program = subprocess.Popen(bound(command), **options)
    try:
        return program.wait()
    except KeyboardInterrupt:
        program.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(PATIENCE)
        raise


def bound(command: Sequence) -> list[str]:
    """Return the command in a form that ends when this process ends, even by SIGKILL."""
    return ["setpriv", "--pdeathsig", "TERM", "--", *map(str, command)]


def stop(program: subprocess.Popen, number: int = signal.SIGTERM) -> None:
    """End a program and its process group: politely first, then at once."""
    _signal(program.pid, number)
    with contextlib.suppress(subprocess.TimeoutExpired):
        program.wait(PATIENCE)
    _signal(program.pid, signal.SIGKILL)
    program.wait()


def _signal(group, number):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def end_all() -> None:
    """End whatever this process and its programs left behind."""
    for number, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        deadline = time.monotonic() + seconds
        while (left := _descendants(os.getpid())) and time.monotonic() < deadline:
            for pid in left:
                _kill(pid, number)
            time.sleep(0.05)
            _reap()


def _kill(pid, number):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _reap():
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _descendants(ancestor: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [ancestor]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found
