"""Misbehaviour to switch on: quota, outages, lost answers, expired tokens, bad events.

A switch trips at the ``METHOD /path?query`` of a request, of a call in a batch, or of the batch as
a whole (``POST /batch/calendar/v3``). A connection that is cut at a call in a batch loses all
answers; the calls before are done, those behind are not.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .google_errors import ApiError
from .google_world import Copy
from .server import ConnectionDropped, Request, Response

if TYPE_CHECKING:
    from .google import GoogleSimulator

MESSAGES = {
    "rateLimitExceeded": "Rate Limit Exceeded",
    "userRateLimitExceeded": "User Rate Limit Exceeded",
    "quotaExceeded": "Calendar usage limits exceeded.",
    "backendError": "Backend Error",
    "internalError": "Internal Error",
}
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


class Faults:
    """All switches of a simulator."""

    def __init__(self, google: GoogleSimulator) -> None:
        self.google = google
        self.active: list[Fault] = []
        self.replaced: dict[str, Copy] = {}  # what malformed events stand in for

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
        """Switch everything off; malformed events stay until they are removed."""
        for fault in self.active:
            if fault.gate:
                fault.gate.set()
        self.active.clear()
        self.google.world.invitations = None

    def expire_sync_tokens(self) -> None:
        """Answer 410 to every sync token that was given out so far."""
        self.google.world.epoch += 1

    def expire_access_tokens(self) -> None:
        """Answer 401 to every access token that was given out so far; refreshing works."""
        self.google.oauth.accesses.clear()

    def revoke_grants(self, email: str) -> None:
        """Let the person withdraw access in the account's settings: invalid_grant from now on."""
        self.google.oauth.end(email)

    def malformed(self, email: str, raw: dict[str, Any], calendar: str = "primary") -> str:
        """Deliver a dict verbatim, in listings as the latest change; return its id for heal()."""
        world = self.google.world
        found = world.calendar(world.users[email], calendar)
        identity = str(raw.get("id") or f"malformed{len(found.copies)}")
        copy = Copy({"id": identity, "status": "confirmed", "organizer": {}})
        with world.lock:
            if identity in found.copies:
                self.replaced[identity] = found.copies[identity]
            found.put(copy)
            copy.raw = json.dumps(raw)
        return identity

    def heal(self, email: str, identity: str, calendar: str = "primary") -> None:
        """Take a malformed event away; the event that it replaced comes back, as a change."""
        world = self.google.world
        found = world.calendar(world.users[email], calendar)
        with world.lock:
            del found.copies[identity]
            found.log = [entry for entry in found.log if entry[1] != identity]
            found._order = None
            if identity in self.replaced:
                found.put(self.replaced.pop(identity))

    def take(self, request: Request) -> Fault | None:
        """Return the switch that this request trips, and count it down."""
        line = f"{request.method} {request.target}"
        with self.google.world.lock:
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
        return refusal(fault) if fault.status else None

    def after(self, fault: Fault | None, response: Response) -> Response:
        """Act after the work is done: the answer gets lost, or is not what it should be."""
        if fault and fault.drop == "after":
            raise ConnectionDropped
        if fault and fault.body is not None:
            return replace(response, body=fault.body, headers={})
        return response

    def limit_invitations(self, left: int | None) -> None:
        """Refuse with quotaExceeded who invites more than so many guests from outside."""
        self.google.world.invitations = left


def _skipped(fault: Fault) -> bool:
    """Tell whether a switch lets this request through, and count that."""
    if fault.skip == 0:
        return False
    fault.skip -= 1
    return True


def refusal(fault: Fault) -> Response:
    """Return the error answer of a switch."""
    reason = fault.reason or ("backendError" if fault.status >= 500 else "rateLimitExceeded")
    message = fault.message or MESSAGES.get(reason, reason)
    limits = fault.status in (403, 429) and reason != "forbidden"
    error = ApiError(fault.status, reason, message, "usageLimits" if limits else "global")
    response = Response.of(error.body(), fault.status)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
