"""What a person sees: one line for each step, and plain sentences for what failed."""

import contextlib
import sys
import time
from pathlib import Path

from setup import paths

WIDTH = 22
TAIL = 12


class Failure(Exception):
    """A step that failed: what, what to do about it, and the log that tells more."""

    def __init__(self, what: str, todo: str, log: Path | None = None):
        super().__init__(what)
        self.what, self.todo, self.log = what, todo, log


class Step:
    """The step under way; ``result`` is what its line will end with."""

    result = "ready"


@contextlib.contextmanager
def step(label: str):
    """Print one line: the label now, the result when the block ends."""
    print(f"  {label:<{WIDTH}}", end="", flush=True)
    state, began = Step(), time.monotonic()
    try:
        yield state
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        raise
    except BaseException:
        print("failed", flush=True)
        raise
    seconds = time.monotonic() - began
    print(state.result + (f" ({seconds:.0f} s)" if seconds >= 1.5 else ""), flush=True)


def explain(command: str, failure: Failure) -> None:
    """Say what failed, where the log is, and what to do."""
    lines = ["", f"{command}: {failure.what}"]
    if failure.log and failure.log.exists():
        tail = failure.log.read_text(errors="replace").splitlines()[-TAIL:]
        lines += [f"  | {line[:200]}" for line in tail]
        lines += [f"  Log:   {paths.shown(failure.log)}"]
    lines += [f"  To do: {failure.todo}"]
    print("\n".join(lines), file=sys.stderr, flush=True)
