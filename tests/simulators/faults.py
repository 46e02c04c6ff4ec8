"""Misbehaviour to switch on, that every service may show: outages, lost answers, delays.

A switch trips at the ``METHOD /path?query`` of a request, of a call in a batch, or of the batch as
a whole. A connection that is cut at a call in a batch loses all answers; the calls before are done,
those behind are not.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from .server import ConnectionDropped, Request, Response

LONGEST_HOLD = 60.0  # seconds; a forgotten gate must not hang a test run


@dataclass
class Fault:
    """One switch. ``times`` counts down; None lasts until cleared."""

    status: int = 0
    reason: str = ""
    message: str = ""
    times: int | None = 1
    match: str = ""
    retry_after: int | None = None
    delay: float = 0.0
    drop: str = ""  # "before" or "after" the work is done
    skip: int = 0  # matching requests that are let through first
    body: str | None = None  # the answer's text; without a status the work is done all the same
    gate: threading.Event | None = field(default=None, repr=False)

    def shown(self) -> dict[str, Any]:
        """Return the switch for people and for JSON."""
        return {name: value for name, value in vars(self).items() if name != "gate"}


class Switches:
    """The switches of a simulator."""

    def __init__(self, refusal: Callable[[Fault], Response]) -> None:
        self.refusal = refusal  # the error answer of a switch, in the service's own words
        self.lock = threading.Lock()
        self.active: list[Fault] = []

    def add(
        self, status: int = 0, reason: str = "", times: int | None = 1, match: str = "", **more: Any
    ) -> Fault:
        """Make matching requests fail: with a status, after a delay, or without an answer."""
        fault = Fault(status, reason, times=times, match=match, **more)
        self.active.append(fault)
        return fault

    def hold(self, match: str = "", times: int | None = 1) -> threading.Event:
        """Keep matching requests waiting until the returned event is set."""
        gate = threading.Event()
        self.add(times=times, match=match, gate=gate)
        return gate

    def clear(self) -> None:
        """Switch everything off."""
        for fault in self.active:
            if fault.gate:
                fault.gate.set()
        self.active.clear()

    def take(self, request: Request) -> Fault | None:
        """Return the switch that this request trips, and count it down."""
        line = f"{request.method} {request.target}"
        with self.lock:
            matching = (one for one in self.active if re.search(one.match, line))
            fault = next((one for one in matching if not _skipped(one)), None)
            if fault and fault.times is not None:
                fault.times -= 1
                self.active = [one for one in self.active if one.times != 0]
            return fault

    def before(self, fault: Fault | None) -> Response | None:
        """Act before the work is done; return the answer that replaces it."""
        if fault is None:
            return None
        waiting = fault.gate or (threading.Event() if fault.delay else None)
        if waiting:
            waiting.wait(fault.delay or LONGEST_HOLD)
        if fault.drop == "before":
            raise ConnectionDropped
        return self.refusal(fault) if fault.status else None

    def after(self, fault: Fault | None, response: Response) -> Response:
        """Act after the work is done: the answer gets lost, or is not what it should be."""
        if fault and fault.drop == "after":
            raise ConnectionDropped
        if fault and fault.body is not None:
            return replace(response, body=fault.body, headers={})
        return response


def _skipped(fault: Fault) -> bool:
    """Tell whether a switch lets this request through, and count that."""
    if fault.skip == 0:
        return False
    fault.skip -= 1
    return True
