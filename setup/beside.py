"""Programs that run side by side: one on the terminal, others behind it, told of when asked."""

import subprocess
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from setup import process


class Beside:
    """A row of programs: the terminal takes from its beginning, lanes behind from its end."""

    def __init__(self, lanes: int = 1) -> None:
        self._waiting: deque[tuple[Path, Callable]] = deque()
        self._lock, self._stopped = threading.Lock(), False
        self._programs: dict[Path, subprocess.Popen] = {}
        self._lanes = [threading.Thread(target=self._work, daemon=True) for _ in range(lanes)]
        self._codes: dict[Path, int] = {}

    def add(self, log: Path, command: Callable[[], tuple[list, dict]]) -> None:
        """Put a program at the end of the row; ``command`` is asked for when it begins behind."""
        self._waiting.append((log, command))

    def take(self) -> Path | None:
        """Return the log of the program that the terminal is to run next, None where none is."""
        with self._lock:
            return self._waiting.popleft()[0] if self._waiting else None

    def begin(self) -> None:
        """Let the lanes behind run, their output in the programs' logs."""
        for lane in self._lanes:
            lane.start()

    def finish(self) -> dict[Path, int]:
        """Wait for the lanes behind; return the exit codes of what ran there by log, in order."""
        for lane in self._lanes:
            while lane.is_alive():
                lane.join(1)  # so that Ctrl-C is heard
        return self._codes

    def stop(self) -> None:
        """End what runs behind, and begin nothing more."""
        with self._lock:
            self._stopped = True
            for program in self._programs.values():
                if program.poll() is None:
                    process.stop(program)

    def _work(self) -> None:
        while log := self._begin_next():
            self._codes[log] = self._programs[log].wait()

    def _begin_next(self) -> Path | None:
        with self._lock:
            if self._stopped or not self._waiting:
                return None
            log, command = self._waiting.pop()
            words, options = command()
            # What is on the terminal goes first: it takes longest, and a person looks at it.
            self._programs[log] = process.start(["nice", *words], log, **options)
            return log
