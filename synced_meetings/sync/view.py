"""What one copy shows of its meeting, and whether it lags behind it (rules R1, R2, R10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace

from .event import Event, answer_of

NAMES = frozenset(f.name for f in fields(Event))
# Who an event is and who made it never changes; where to join, and what is attached, is the
# provider's to say.
WRITABLE = NAMES - {"uid", "organiser", "conference_url", "attachments"}


def view(local: Event, base: Event, own: str = "", writable: Collection[str] = WRITABLE) -> Event:
    """Return what the organiser's copy shall hold, which holds ``base``.

    What the provider does not let be written stays, and what others answered: they say so in
    their own copies (rule R3). ``own`` is the address of the copy's owner.
    """
    held = {a.email: a.response for a in base.attendees}
    people = tuple(
        a if a.email == own else replace(a, response=held.get(a.email, "needs_action"))
        for a in local.attendees
    )
    kept = {name: getattr(base, name) for name in NAMES.difference(writable)}
    return replace(local, **({"attendees": people} | kept))


def lags(local: Event | None, base: Event | None, organises: bool, own: str) -> bool:
    """Whether a copy that holds ``base`` is not yet what its meeting is here.

    A copy that its owner does not organise is only told that owner's answer.
    """
    if organises:
        return local != base if local is None or base is None else view(local, base, own) != base
    if local is None or base is None:
        return False
    answer = answer_of(local, own)
    return answer is not None and answer != answer_of(base, own)


def is_noticed(local: Event | None, base: Event | None, own: str) -> bool:
    """Whether the guests of a copy that holds ``base`` are mailed when it becomes ``local``.

    They are of everything, where the service mails with every write, but what is the owner's
    alone: free or busy, and the own answer. ``own`` is the owner's address.
    """
    if not any(a.email != own for e in (base, local) if e for a in e.attendees):
        return False
    if local is None or base is None:
        return True
    before, after = (_of_others(event, own) for event in (base, view(local, base, own)))
    return before != after


def _of_others(event: Event, own: str) -> Event:
    people = tuple(a for a in event.attendees if a.email != own)
    return replace(event, attendees=people, show_as="busy")
