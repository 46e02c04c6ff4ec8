"""Which occurrences a series has: RFC 5545 recurrence, expanded in the event's own zone.

Rules are expanded over wall time without a zone and then placed in it, so that a meeting at
nine stays at nine when the clocks change (RFC 5545 3.3.10, 3.3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from .errors import Rejected
from .event import Event, When, Window
from .rules import DAY, UNREADABLE, UTC, Lines, instant_of, local, read, wall_time

LIMIT = 20_000  # occurrences of one series in the window: more than anybody attends


def recurrence_id(start: datetime | date) -> str:
    """Name an occurrence by its original start: a UTC instant, or a date if it is all-day."""
    if not isinstance(start, datetime):
        return start.isoformat().replace("-", "")
    moment = start.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return moment.replace("-", "").replace(":", "") + "Z"


def occurrences(when: When, rule: Sequence[str], window: Window) -> Iterator[tuple[str, When]]:
    """Yield (recurrence id, span) of each occurrence that meets ``window``, ordered by start.

    The start of the series is its first occurrence, whether or not the rule yields it.
    Raises `Rejected` ("bad_rule", "bad_zone", "too_many_occurrences").
    """
    try:
        lines = read(tuple(rule), when.zone, when.allday)
        first, length = first_wall(when), _length(when)
        for number, start in enumerate(_starts(first, length, lines, window)):
            if number > LIMIT:
                raise Rejected("too_many_occurrences", "; ".join(rule))
            # The first is exactly the series' own, whichever of two equal hours it begins in.
            span = when if start == first else _span(start, length, when)
            if window.meets(span):
                yield recurrence_id(span.start), span
    except UNREADABLE as error:
        raise Rejected("bad_rule", "; ".join(rule)) from error


def check(when: When, rule: Sequence[str]) -> None:
    """Raise `Rejected` where a rule cannot be read."""
    try:
        lines = read(tuple(rule), when.zone, when.allday)
        for one in (*lines.rules, *lines.exrules):
            one.parsed(first_wall(when))
    except UNREADABLE as error:
        raise Rejected("bad_rule", "; ".join(rule)) from error


def expand(
    master: Event, exceptions: Mapping[str, Event | None], window: Window
) -> dict[str, Event]:
    """Return what a series amounts to inside ``window``, by recurrence id.

    An exception stands in the place of its occurrence, None removes it; one that was moved
    out of the window is left out, one moved into it counts.
    """
    plain = replace(master, rule=())
    found = {
        rid: replace(plain, when=when)
        for rid, when in occurrences(master.when, master.rule, window)
    }
    for rid, event in exceptions.items():
        found.pop(rid, None)
        if event and window.meets(event.when):
            found[rid] = event
    return found


def follow(old: When, new: When, had: Iterable[str], has: Iterable[str]) -> dict[str, str]:
    """Return which occurrence of a changed series continues which: {id it has: id it had}.

    One that still stands continues itself. When the series was shifted, the others go where
    the shift takes them; when nothing stands where it stood, what is left follows in order.
    """
    had, has = set(had), set(has)
    pairs = {rid: rid for rid in had & has}
    gone, fresh = sorted(had - has), sorted(has - had)
    shifted = {_shift(rid, old, new): rid for rid in gone} if old != new else {}
    moved = {rid: shifted[rid] for rid in fresh if rid in shifted}
    if not pairs:
        gone = sorted(set(gone) - set(moved.values()))
        fresh = [rid for rid in fresh if rid not in moved]
        if len(gone) == len(fresh):
            moved.update(zip(fresh, gone, strict=True))
    return pairs | moved


def first_wall(when: When) -> datetime:
    """Return the start of a series as wall time in its zone, midnight for a date."""
    if not isinstance(when.start, datetime):
        return datetime.combine(when.start, time())
    return local(when.start, when.zone).replace(microsecond=0)  # dateutil knows whole seconds


def _length(when: When) -> timedelta:
    """Return the length in wall time: a night shift ends at six whatever the clocks do."""
    if not (isinstance(when.start, datetime) and isinstance(when.end, datetime)):
        return when.duration
    length = local(when.end, when.zone) - local(when.start, when.zone)
    return length if length > timedelta() else when.duration  # in an hour that exists twice


def _starts(first: datetime, length: timedelta, lines: Lines, window: Window) -> list[datetime]:
    margin = 2 * DAY  # zones differ by more than a day
    early = window.start.replace(tzinfo=None) - length - margin
    return lines.starts(first, early, window.stop.replace(tzinfo=None) + margin)


def _span(start: datetime, length: timedelta, when: When) -> When:
    if when.allday:
        return When(start.date(), start.date() + length, when.zone)
    begin = instant_of(start, when.zone)
    # What begins in an hour that does not exist begins later, and so ends later.
    end = instant_of(local(begin, when.zone) + length, when.zone)
    return When(begin, end, when.zone)


def _shift(rid: str, old: When, new: When) -> str:
    """Return the recurrence id that ``rid`` has after the series moved from ``old`` to ``new``."""
    wall = wall_time(rid, "", old.zone) + (first_wall(new) - first_wall(old))
    if new.allday:
        return recurrence_id(wall.date())
    return recurrence_id(instant_of(wall, new.zone))
