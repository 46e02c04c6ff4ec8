"""The terms of a write: who, where, on which state, with which mails."""

from __future__ import annotations

from dataclasses import dataclass

from .google_errors import forbidden, invalid, not_found, stale
from .google_instances import locate
from .google_world import Calendar, Copy, Event, User, World, at_least


@dataclass(frozen=True)
class Edit:
    """Who writes where, and who shall be mailed."""

    world: World
    user: User
    calendar: Calendar
    send: str = "none"
    conference: int = 0


def find(calendar: Calendar, identity: str) -> Copy:
    """Return an event, a series or an instance by id; raise where there is none."""
    copy = locate(calendar, identity)
    if copy is None:
        raise not_found()
    return copy


def check_match(copy: Copy, if_match: str | None) -> None:
    """Refuse a write that was based on an older state."""
    if if_match and if_match != "*" and if_match != copy.data["etag"]:
        raise stale()


def check_sequence(old: Event, body: Event) -> None:
    """Refuse a sequence number lower than the stored one."""
    if body.get("sequence") is not None and body["sequence"] < old["sequence"]:
        raise invalid(
            "Invalid sequence value. The specified sequence number is below the current one."
        )


def may_write(edit: Edit) -> None:
    """Refuse who may not see or not write the calendar."""
    role = edit.world.role(edit.user, edit.calendar)
    if role == "none":
        raise not_found()
    if not at_least(role, "writerWithoutPrivateAccess"):
        raise forbidden("The user must have write access to the calendar.")
