"""Misbehaviour to switch on: quota, outages, lost answers, expired tokens, bad events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .faults import Fault, Switches
from .google_errors import ApiError
from .google_world import Copy
from .server import Response

if TYPE_CHECKING:
    from .google import GoogleSimulator

MESSAGES = {
    "rateLimitExceeded": "Rate Limit Exceeded",
    "userRateLimitExceeded": "User Rate Limit Exceeded",
    "quotaExceeded": "Calendar usage limits exceeded.",
    "backendError": "Backend Error",
    "internalError": "Internal Error",
}


class Faults(Switches):
    """All switches of a simulator."""

    def __init__(self, google: GoogleSimulator) -> None:
        super().__init__(refusal)
        self.google = google
        self.replaced: dict[str, Copy] = {}  # what malformed events stand in for

    def clear(self) -> None:
        """Switch everything off; malformed events stay until they are removed."""
        super().clear()
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

    def suspend(self, email: str, suspended: bool = True) -> None:
        """Suspend a person, or switch Google Calendar off for that person: notACalendarUser."""
        self.google.world.users[email.lower()].suspended = suspended

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

    def limit_invitations(self, left: int | None) -> None:
        """Refuse with quotaExceeded who invites more than so many guests from outside."""
        self.google.world.invitations = left


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
