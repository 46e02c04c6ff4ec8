"""The whole of the sync algorithm: a three-way merge of one event (rules R1, R3, R5).

``None`` stands for deleted, at every level: an event, or an attendee of an event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from .event import Attendee, Event, Response, answer_of, with_answer
from .telling import version

T = TypeVar("T")
Heard = Collection[tuple[str, Response]]

# What changes together is one thing: a series that moves has another rule and another start.
PARTS = [("when", "rule")] + [
    (f.name,) for f in fields(Event) if f.name not in ("uid", "when", "rule", "attendees")
]
NOBODYS = ("attachments",)  # no person changes them here
ATTENDEE_PARTS = [f.name for f in fields(Attendee) if f.name != "email"]


@dataclass(frozen=True, slots=True)
class Lost:
    """What a person did here and the calendar overrode, for the conflict inbox.

    ``name`` is a field of `Event`, "attendees:" with an address, or "event" where the meeting as
    a whole was deleted on one side; ``kept`` and ``lost`` are values of that field.
    """

    name: str
    kept: Any
    lost: Any


def merge(base: Event | None, local: Event | None, remote: Event | None) -> Event | None:
    """Return the state that both sides should end in.

    ``base`` is what both sides last agreed on. Where both changed the same, the calendar
    wins.
    """
    if local == remote or remote == base:
        return local
    if local is None and base and remote and version(base) == version(remote):
        return None  # against a deletion, answers are no edit (rule R14)
    if local == base or base is None or local is None or remote is None:
        return remote
    return _merge_parts(base, local, remote)


def losses(
    base: Event | None, local: Event | None, remote: Event | None, heard: Heard = ()
) -> Iterator[Lost]:
    """Yield what `merge` gives up of ``local``: nothing where only one side changed (rule R5).

    An answer that another copy told (``heard``: address and answer) was not given here.
    """
    merged = merge(base, local, remote)
    if merged == local or local == base:
        return
    if local is None or remote is None:
        if not (local and base and _unanswered(local) == _unanswered(base)):
            yield Lost("event", remote, local)  # an answer goes with its meeting
        return
    yield from _lost_parts(base, local, remote, merged, heard)


def _lost_parts(
    base: Event | None, local: Event, remote: Event, merged: Event | None, heard: Heard
) -> Iterator[Lost]:
    for names in PARTS:
        sides = (tuple(getattr(e, n) for n in names) if e else None for e in (base, local, remote))
        before, ours, theirs = sides
        if names[0] in NOBODYS:
            continue
        if before not in (ours, theirs) and ours != theirs:
            yield Lost(names[0], theirs, ours)
    for key, (old, mine, other, kept) in _by_address(base, local, remote, merged):
        if mine in (old, other, kept):
            continue
        if mine and _is_heard(mine, heard) and _only_answered(old, mine):
            continue
        if other or not _only_answered(old, mine):  # an answer goes with its guest
            yield Lost(f"attendees:{key[0] or key[1]}", other, mine)


def agreed(base: Event | None, sent: Event | None, remote: Event | None) -> Event | None:
    """Return what both sides agree on when the answer to ``sent`` may have been lost (rule R6).

    A field arrived where the remote shows it as it was sent; elsewhere the old base stands.
    """
    if sent is None or remote is None:
        return base
    if base is None:
        return sent
    kept: dict[str, Any] = {}
    for names in PARTS:
        arrived = all(getattr(remote, n) == getattr(sent, n) for n in names)
        kept.update({n: getattr(sent if arrived else base, n) for n in names})
    people = [
        mine if other == mine else old for _, (old, mine, other) in _by_address(base, sent, remote)
    ]
    return replace(base, **kept, attendees=tuple(a for a in people if a))


def merge_answer(base: Event | None, local: Event, remote: Event, email: str) -> Event:
    """Return ``local`` with the answer of one attendee merged from that attendee's own copy."""
    ours, theirs = answer_of(local, email), answer_of(remote, email)
    if ours is None or theirs is None:
        return local
    # Nobody has answered in a copy that is seen for the first time, unless it says so itself.
    before = answer_of(base, email) if base else "needs_action"
    return with_answer(local, email, _value(before, ours, theirs))


def lost_answers(
    base: Event | None, local: Event, remote: Event, email: str, heard: Heard = ()
) -> Iterator[Lost]:
    """Yield the answer that `merge_answer` gives up, if it was given here (rule R5).

    What other copies of the meeting say that it answered (``heard``) was not.
    """
    mine, other = (
        next((a for a in e.attendees if a.email == email), None) for e in (local, remote)
    )
    before = answer_of(base, email) if base else None
    if mine and mine.response not in ("needs_action", before) and not _is_heard(mine, heard):
        merged = merge_answer(base, local, remote, email)
        if answer_of(merged, email) != mine.response:
            yield Lost(f"attendees:{email}", other, mine)


def _is_heard(attendee: Attendee, heard: Heard) -> bool:
    return (attendee.email, attendee.response) in heard


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
    merged = (_merge_attendee(*found) for _, found in _by_address(base, local, remote))
    return tuple(attendee for attendee in merged if attendee)


def _by_address(*events: Event | None) -> Iterator[tuple[tuple[str, str], list[Attendee | None]]]:
    """Yield each address with its attendee in every event, None where it is not invited."""
    sides = [{_key(a): a for a in event.attendees} if event else {} for event in events]
    for key in sorted(set().union(*sides)):
        yield key, [side.get(key) for side in sides]


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


def _unanswered(event: Event) -> Event:
    people = tuple(replace(a, response="needs_action") for a in event.attendees)
    return replace(event, attendees=people)


def _only_answered(old: Attendee | None, mine: Attendee | None) -> bool:
    return bool(old and mine and replace(mine, response=old.response) == old)


def _key(attendee: Attendee) -> tuple[str, str]:
    return attendee.email, "" if attendee.email else attendee.name
