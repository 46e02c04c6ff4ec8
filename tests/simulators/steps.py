"""Writes are numbered, and at any number the server can be made to stop: for tests that kill.

    google.steps.hold(3)              # the third write is done; its answer waits for a release
    google.steps.hold(3, "before")    # … or it is not done yet
    google.steps.wait(3)              # until a client got there; then kill the client
    google.steps.release(3)           # answer; release(3, cut=True) closes the connection instead
    google.steps.drop(3)              # done, and the connection closed without an answer
    google.steps.drop(3, "before", times=2)

Numbers count the writes of clients that reach the service, refused ones too, each call in a batch
on its own, from 1 on since the start or the last forget(). What a fault refuses or cuts off before
the work is no write. httplib2 repeats a request whose connection broke, and the repetition is the
next number: a break that the caller shall see needs ``times=2``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from .server import ConnectionDropped, Request, Response

LONGEST_HOLD = 300.0  # seconds; a forgotten hold must not hang a test run for ever


class Called(NamedTuple):
    """What a request asks to be written."""

    method: str
    event: str = ""
    send: str = ""


Reading = Callable[[Request], Called | None]


@dataclass
class Write:
    """One write that a client asked for."""

    number: int
    method: str  # events.insert, events.patch, …
    event: str
    send: str  # whom to tell, as asked for
    kind: str  # single, or inner: a call in a batch
    status: int = 0  # 0 until it is done
    held: str = ""  # before, after: while it waits

    def shown(self) -> dict[str, Any]:
        """Return the write as JSON."""
        return asdict(self)


@dataclass
class Step:
    """What happens at a write."""

    number: int
    do: str  # hold or drop
    when: str  # before or after the work
    reached: bool = False
    released: bool = False
    cut: bool = False

    def shown(self) -> dict[str, Any]:
        """Return the step as JSON."""
        return asdict(self)


@dataclass
class Steps:
    """The numbered writes of a simulator, and where it stops."""

    reading: Reading  # what a request writes; None: nothing
    writes: list[Write] = field(default_factory=list)
    planned: dict[int, Step] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def count(self) -> int:
        """Return how many writes there were."""
        return len(self.writes)

    def hold(self, number: int, when: str = "after") -> None:
        """Keep a write waiting until it is released."""
        self._plan(Step(number, "hold", when))

    def drop(self, number: int, when: str = "after", times: int = 1) -> None:
        """Close the connection at a write, and at those that follow."""
        for one in range(number, number + times):
            self._plan(Step(one, "drop", when))

    def _plan(self, step: Step) -> None:
        if step.when not in ("before", "after"):
            raise ValueError(f"neither before nor after: {step.when}")
        with self.changed:
            if step.number <= self.count:
                raise ValueError(f"write {step.number} has been, {self.count} was the last")
            self.planned[step.number] = step

    def wait(self, number: int, timeout: float = 30.0) -> bool:
        """Wait until a client has reached a step; tell whether one has."""
        with self.changed:
            return self.changed.wait_for(lambda: self._reached(number), timeout)

    def _reached(self, number: int) -> bool:
        step = self.planned.get(number)
        return step.reached if step else number <= self.count

    def release(self, number: int, cut: bool = False) -> None:
        """Let a held write go on, or cut its connection."""
        with self.changed:
            step = self.planned[number]
            step.released, step.cut = True, cut
            self.changed.notify_all()

    def clear(self) -> None:
        """Let everything go on, and stop nowhere any more."""
        with self.changed:
            for step in self.planned.values():
                step.released = True
            self.planned = {}
            self.changed.notify_all()

    def forget(self) -> None:
        """Begin to count anew, and stop nowhere."""
        self.clear()
        with self.changed:
            self.writes.clear()

    def begin(self, request: Request, kind: str) -> Write | None:
        """Number a request if it is a write, and stop before the work if that is planned."""
        called = self.reading(request)
        if called is None:
            return None
        with self.changed:
            write = Write(self.count + 1, *called, kind)
            self.writes.append(write)
            self.changed.notify_all()
        self._stop(write, "before")
        return write

    def done(self, write: Write | None, response: Response) -> None:
        """Remember what became of a write."""
        if write is None:
            return
        write.status = response.status
        if not write.event and response.status < 300:
            write.event = json.loads(response.payload() or b"{}").get("id", "")

    def after(self, write: Write | None) -> None:
        """Stop after the work if that is planned."""
        if write:
            self._stop(write, "after")

    def _stop(self, write: Write, when: str) -> None:
        with self.changed:
            step = self.planned.get(write.number)
            if step is None or step.when != when:
                return
            step.reached, write.held = True, when
            self.changed.notify_all()
            if step.do == "hold":
                self.changed.wait_for(lambda: step.released, LONGEST_HOLD)
            write.held = ""
        if step.do == "drop" or step.cut:
            raise ConnectionDropped
