"""Programs that run one after another behind those on the terminal, and are told of when asked."""

import subprocess
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from setup import process


class Beside:
    """A queue of programs of which one runs at a time, each with its output in a log."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Path, Callable[[], tuple[list, dict]]]] = deque()
        self._lock, self._stopped = threading.Lock(), False
        self._program: subprocess.Popen | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._codes: dict[Path, int] = {}

    def add(self, log: Path, command: Callable[[], tuple[list, dict]]) -> None:
        """Let a program run when those before it have ended; ``command`` is asked for then."""
        self._waiting.append((log, command))

    def begin(self) -> None:
        """Run what was added."""
        self._thread.start()

    def finish(self) -> dict[Path, int]:
        """Wait for all; return the exit codes by log, in order."""
        while self._thread.is_alive():
            self._thread.join(1)  # so that Ctrl-C is heard
        return self._codes

    def stop(self) -> None:
        """End what runs, and begin nothing more."""
        with self._lock:
            self._stopped = True
            if self._program and self._program.poll() is None:
                process.stop(self._program)

    def _work(self) -> None:
        while self._waiting:
            log, command = self._waiting.popleft()
            with self._lock:
                if self._stopped:
                    return
                words, options = command()
                self._program = process.start(words, log, **options)
            self._codes[log] = self._program.wait()
