"""Which occurrences a series has: RFC 5545 recurrence, expanded in the event's own zone.

Rules are expanded over wall time without a zone and then placed in it, so that a meeting at
nine stays at nine when the clocks change (RFC 5545 3.3.10, 3.3.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule as Rule
from dateutil.rrule import rrulestr

from .errors import Rejected
from .event import Event, When, Window

UTC = timezone.utc
DAY = timedelta(days=1)
LIMIT = 20_000  # occurrences of one series in the window: more than anybody attends
STEPS = {"HOURLY": DAY / 24, "DAILY": DAY, "WEEKLY": 7 * DAY, "MONTHLY": None, "YEARLY": None}


def recurrence_id(start: datetime | date) -> str:
    """Name an occurrence by its original start: a UTC instant, or a date if it is all-day."""
    if isinstance(start, datetime):
        return start.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return start.strftime("%Y%m%d")


def occurrences(when: When, rule: Sequence[str], window: Window) -> Iterator[tuple[str, When]]:
    """Yield (recurrence id, span) of each occurrence that meets ``window``, ordered by start.

    The start of the series is its first occurrence, whether or not the rule yields it.
    Raises `Rejected` ("bad_rule", "bad_zone", "too_many_occurrences").
    """
    try:
        lines = _read(tuple(rule), when.zone, when.allday)
        for number, start in enumerate(_starts(when, lines, window)):
            if number > LIMIT:
                raise Rejected("too_many_occurrences", "; ".join(rule))
            span = _span(when, start)
            if window.meets(span):
                yield recurrence_id(span.start), span
    except (ValueError, TypeError, OverflowError, KeyError) as error:
        raise Rejected("bad_rule", "; ".join(rule)) from error


def check(when: When, rule: Sequence[str]) -> None:
    """Raise `Rejected` where a rule cannot be read."""
    try:
        for text, _until in _read(tuple(rule), when.zone, when.allday).rules:
            rrulestr(text, dtstart=_first(when))
    except (ValueError, TypeError, OverflowError, KeyError) as error:
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


@dataclass(frozen=True, slots=True)
class _Lines:
    """Recurrence lines as wall times (midnight for dates) of the event's zone."""

    rules: tuple[tuple[str, datetime | None], ...]  # rule without UNTIL, its UNTIL
    rdates: tuple[datetime, ...]
    excluded: frozenset[datetime]
    excluded_days: frozenset[date]


@lru_cache(maxsize=512)
def _read(lines: tuple[str, ...], zone: str, allday: bool) -> _Lines:
    rules, rdates, excluded, days = [], [], set(), set()
    for line in lines:
        head, _, value = line.partition(":")
        name, *parameters = head.upper().split(";")
        if name == "RRULE":
            rules.append(_read_rule(value.strip().upper(), zone, allday))
        elif name in ("RDATE", "EXDATE"):
            stamps = [_wall(part, _parameter(head, "TZID"), zone) for part in value.split(",")]
            if name == "RDATE":
                rdates += stamps
            elif "VALUE=DATE" in parameters and not allday:
                days.update(stamp.date() for stamp in stamps)
            else:
                excluded.update(stamps)
        else:
            raise ValueError(line)
    return _Lines(tuple(rules), tuple(rdates), frozenset(excluded), frozenset(days))


def _read_rule(value: str, zone: str, allday: bool) -> tuple[str, datetime | None]:
    parts = dict(part.split("=", 1) for part in value.split(";") if part)
    if parts["FREQ"] not in STEPS or not 0 < int(parts.get("INTERVAL", 1)) < 10_000:
        raise ValueError(value)  # by the second or minute is no meeting but an attack
    if parts["FREQ"] == "HOURLY" and any(key.startswith("BY") for key in parts):
        raise ValueError(value)  # a filter that nothing passes would run for ever
    until = parts.pop("UNTIL", None)
    end = _wall(until[:8] if allday else until, "", zone) if until else None
    if end and not allday and len(until) == 8:
        end = datetime.combine(end, time.max)  # a date includes its whole day
    return ";".join(f"{key}={part}" for key, part in parts.items()), end


def _parameter(head: str, name: str) -> str:
    found = (part.partition("=") for part in head.split(";"))
    return next((value.strip('"') for key, _, value in found if key.upper() == name), "")


def _wall(stamp: str, tzid: str, zone: str) -> datetime:
    """Read an iCalendar date, local, zoned or UTC time (RFC 5545 3.3.5) as wall time in ``zone``."""
    stamp = stamp.strip().upper()
    if len(stamp) == 8:
        return datetime.strptime(stamp, "%Y%m%d")  # noqa: DTZ007 - wall time has no zone
    if stamp.endswith("Z"):
        return _local(datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), zone)
    wall = datetime.strptime(stamp, "%Y%m%dT%H%M%S")  # noqa: DTZ007
    return _local(wall.replace(tzinfo=ZoneInfo(tzid)), zone) if tzid else wall


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone) if zone else UTC).replace(tzinfo=None)


def _first(when: When) -> datetime:
    """Return the start of a series as wall time in its zone."""
    if when.allday:
        return datetime.combine(when.start, time())
    return _local(when.start, when.zone)


def _starts(when: When, lines: _Lines, window: Window) -> Iterator[datetime]:
    """Yield the wall times at which the series starts, ordered, up to the window's end."""
    first = _first(when)
    early = window.start.replace(tzinfo=None) - _length(when) - 2 * DAY  # zones differ by a day
    late = window.stop.replace(tzinfo=None) + 2 * DAY
    found = {start for start in lines.rdates if early <= start <= late}
    for text, until in lines.rules:
        found.update(_rule_starts(text, first, early, min(until or late, late)))
    if not lines.rules or any(until is None or until >= first for _, until in lines.rules):
        found.add(first)
    found = {s for s in found if s not in lines.excluded and s.date() not in lines.excluded_days}
    yield from sorted(found)


def _rule_starts(text: str, first: datetime, early: datetime, late: datetime) -> Iterator[datetime]:
    rule: Rule = rrulestr(text, dtstart=_skip(text, first, early))
    for number, start in enumerate(rule):
        if start > late:
            return
        if number > 5 * LIMIT:
            raise Rejected("too_many_occurrences", text)
        if start >= early:
            yield start


def _skip(text: str, first: datetime, early: datetime) -> datetime:
    """Return a later start in the same rhythm, so that a series of twenty years costs no more."""
    parts = dict(part.split("=", 1) for part in text.split(";"))
    step = STEPS[parts["FREQ"]]
    if step is None or "COUNT" in parts or early <= first:
        return first
    step *= int(parts.get("INTERVAL", 1))
    return first + ((early - first) // step) * step


def _length(when: When) -> timedelta:
    """Return the length in wall time: a night shift ends at six whatever the clocks do."""
    if when.allday:
        return when.duration
    return _local(when.end, when.zone) - _local(when.start, when.zone)


def _span(when: When, start: datetime) -> When:
    if when.allday:
        return When(start.date(), start.date() + when.duration, when.zone)
    zone = ZoneInfo(when.zone) if when.zone else UTC
    end = start + _length(when)
    # ``fold=0``: an hour that does not exist takes the offset from before the change, one that
    # exists twice the first of both (RFC 5545 3.3.5).
    return When(
        start.replace(tzinfo=zone).astimezone(UTC),
        end.replace(tzinfo=zone).astimezone(UTC),
        when.zone,
    )


def _shift(rid: str, old: When, new: When) -> str:
    """Return the recurrence id that ``rid`` has after the series moved from ``old`` to ``new``."""
    wall = _wall(rid, "", old.zone) + (_first(new) - _first(old))
    if new.allday:
        return recurrence_id(wall.date())
    return recurrence_id(wall.replace(tzinfo=ZoneInfo(new.zone) if new.zone else UTC))
