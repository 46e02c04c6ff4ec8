"""The whole of the sync algorithm: a three-way merge of one event (rules R1, R3, R5).

``None`` stands for deleted, at every level: an event, or an attendee of an event.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from .event import Attendee, Event, answer_of, with_answer

T = TypeVar("T")

# What changes together is one thing: a series that moves has another rule and another start.
PARTS = [("when", "rule")] + [
    (f.name,) for f in fields(Event) if f.name not in ("uid", "when", "rule", "attendees")
]
ATTENDEE_PARTS = [f.name for f in fields(Attendee) if f.name != "email"]


def merge(base: Event | None, local: Event | None, remote: Event | None) -> Event | None:
    """Return the state that both sides should end in.

    ``base`` is what both sides last agreed on. Where both changed the same, the calendar
    wins.
    """
    if local == remote or remote == base:
        return local
    if local == base or base is None or local is None or remote is None:
        return remote
    return _merge_parts(base, local, remote)


def merge_answer(base: Event | None, local: Event, remote: Event, email: str) -> Event:
    """Return ``local`` with the answer of one attendee merged from that attendee's own copy."""
    ours, theirs = answer_of(local, email), answer_of(remote, email)
    if ours is None or theirs is None:
        return local
    before = answer_of(base, email) if base else None
    return with_answer(local, email, _value(before, ours, theirs))


def _value(base: T | None, local: T, remote: T) -> T:
    """Merge one value: the remote's, unless only the local side changed it."""
    return local if remote in (base, local) else remote


def _merge_parts(base: Event, local: Event, remote: Event) -> Event:
    kept: dict[str, Any] = {"attendees": _merge_attendees(base, local, remote)}
    for names in PARTS:
        base_part, local_part, remote_part = (
            tuple(getattr(event, name) for name in names) for event in (base, local, remote)
        )
        kept.update(zip(names, _value(base_part, local_part, remote_part), strict=True))
    return replace(remote, **kept)


def _merge_attendees(base: Event, local: Event, remote: Event) -> tuple[Attendee, ...]:
    """Merge per address and per property: two people who each invite one more invite two."""
    sides = [{_key(a): a for a in event.attendees} for event in (base, local, remote)]
    merged = (
        _merge_attendee(*(side.get(key) for side in sides)) for key in sorted(set().union(*sides))
    )
    return tuple(attendee for attendee in merged if attendee)


def _merge_attendee(
    base: Attendee | None, local: Attendee | None, remote: Attendee | None
) -> Attendee | None:
    if base is None or local is None or remote is None:
        return _value(base, local, remote)
    values = {
        name: _value(getattr(base, name), getattr(local, name), getattr(remote, name))
        for name in ATTENDEE_PARTS
    }
    return replace(remote, **values)


def _key(attendee: Attendee) -> tuple[str, str]:
    return attendee.email, "" if attendee.email else attendee.name
