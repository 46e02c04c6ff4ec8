"""What editing a series does to its master: to move it, and to divide it in two.

Pure values; who keeps which record is the store's concern. Recurrence lines: RFC 5545 3.8.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

from .errors import Rejected
from .event import Event, When, Window
from .recurrence import occurrences, recurrence_id
from .rules import DAY, UTC, instant_of, local, read, wall_time

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
AHEAD = timedelta(days=1200)  # how far a division is compared with what it divides


def moved(master: Event, old: When, new: When) -> Event:
    """Return the series after one of its occurrences was moved from ``old`` to ``new`` for all.

    Weekdays move along. Raises `Rejected` ("move_rule") where a rule such as "the last Friday"
    does not say what it would be on another day.
    """
    shift = _wall(new) - _wall(old)
    days = _wall(new).date() - _wall(old).date()
    when = _placed(_wall(master.when) + shift, new)
    if when.allday != master.when.allday:
        shift = timedelta()  # stamps of days keep their day, whatever the hour was
    lines = tuple(_moved_line(line, master.when, when, shift, days) for line in master.rule)
    return replace(master, when=when, rule=lines)


def split(master: Event, rid: str) -> tuple[Event, Event]:
    """Return the series before an occurrence, and the one that begins with it.

    Together they have exactly the occurrences of ``master``. Raises `Rejected` ("split_rule")
    where that cannot be said in two rules.
    """
    span = dict(occurrences(master.when, master.rule, _around(rid))).get(rid)
    if span is None:
        raise Rejected("split_rule", rid)
    at = _wall(span)
    earlier = [line for old in master.rule for line in _before(old, master.when, at)]
    later = [line for old in master.rule for line in _from(old, master.when, at)]
    halves = (
        replace(master, rule=tuple(sorted(earlier))),
        replace(master, when=span, rule=tuple(sorted(later))),
    )
    _check(master, rid, *halves)
    return halves


def _check(master: Event, rid: str, earlier: Event, later: Event) -> None:
    around = _around(rid)
    window = Window(around.start - AHEAD, around.stop + AHEAD)
    before, after, whole = (
        [one for one, _ in occurrences(e.when, e.rule, window)] for e in (earlier, later, master)
    )
    if sorted([*before, *after]) != sorted(whole) or rid in before:
        raise Rejected("split_rule", "; ".join(master.rule))


def _around(rid: str) -> Window:
    start = instant_of(wall_time(rid, "", "UTC"), "UTC")
    return Window(start - 2 * DAY, start + 2 * DAY)


def _wall(when: When) -> datetime:
    if not isinstance(when.start, datetime):
        return datetime.combine(when.start, time())
    return local(when.start, when.zone)


def _placed(wall: datetime, like: When) -> When:
    """Return a span at a wall time, as long and in the same zone as ``like``."""
    if like.allday:
        return When(wall.date(), wall.date() + like.duration, like.zone)
    start = instant_of(wall, like.zone)
    return When(start, start + like.duration, like.zone)


def _moved_line(line: str, old: When, new: When, shift: timedelta, days: timedelta) -> str:
    name, parts = _parts(line)
    if parts is None:
        return _stamps(line, old, new, lambda wall: wall + shift)
    if days and name in ("RRULE", "EXRULE"):
        _move_days(parts, days.days, new)
    if until := parts.get("UNTIL"):
        end = wall_time(until[:8] if old.allday else until, "", old.zone) + shift
        if len(until) == 8 and not new.allday:
            end = datetime.combine(end, time(23, 59, 59))
        parts["UNTIL"] = _stamp(end, new)
    return _line(name, parts)


def _move_days(parts: dict[str, str], days: int, new: When) -> None:
    """Let the days of a rule move along, where it says them plainly."""
    frequency, by = parts["FREQ"], {key for key in parts if key.startswith("BY")}
    if (frequency in ("DAILY", "HOURLY") and not by) or not by - {"BYMONTH"}:
        return
    if frequency == "WEEKLY" and by == {"BYDAY"}:
        names = parts["BYDAY"].split(",")
        parts["BYDAY"] = ",".join(DAYS[(DAYS.index(one) + days) % 7] for one in names)
        return
    if by == {"BYMONTHDAY"} and parts["BYMONTHDAY"].isdigit():
        parts["BYMONTHDAY"] = str(_wall(new).day)
        return
    raise Rejected("move_rule", ";".join(f"{key}={part}" for key, part in parts.items()))


def _before(line: str, when: When, at: datetime) -> Iterator[str]:
    name, parts = _parts(line)
    if parts is None:
        if kept := _stamps(line, when, when, lambda wall: wall if wall < at else None):
            yield kept
        return
    parts.pop("COUNT", None)
    until = at - (DAY if when.allday else timedelta(seconds=1))
    if old := parts.get("UNTIL"):
        until = min(until, wall_time(old[:8] if when.allday else old, "", when.zone))
    yield _line(name, parts | {"UNTIL": _stamp(until, when)})


def _from(line: str, when: When, at: datetime) -> Iterator[str]:
    name, parts = _parts(line)
    if parts is None:
        if kept := _stamps(line, when, when, lambda wall: wall if wall >= at else None):
            yield kept
        return
    if "COUNT" in parts:
        rule = read((line,), when.zone, when.allday).rules
        first = _wall(when)
        past = sum(1 for one in rule for start in one.starts(first, first, at) if start < at)
        parts["COUNT"] = str(int(parts["COUNT"]) - past)
    yield _line(name, parts)


def _parts(line: str) -> tuple[str, dict[str, str] | None]:
    """Return the name of a line and the parts of a rule, None where it holds stamps."""
    head, _, value = line.partition(":")
    name = head.partition(";")[0].upper()
    if name not in ("RRULE", "EXRULE"):
        return name, None
    return name, dict(part.split("=", 1) for part in value.upper().split(";") if part)


def _line(name: str, parts: dict[str, str]) -> str:
    return f"{name}:" + ";".join(f"{key}={part}" for key, part in parts.items())


def _stamps(line: str, old: When, new: When, change: Callable[[datetime], datetime | None]) -> str:
    """Return an RDATE or EXDATE line with its stamps changed, "" where none is left."""
    head, _, value = line.partition(":")
    tzid = next((p.split("=")[1] for p in head.split(";") if p.upper().startswith("TZID=")), "")
    walls = (change(wall_time(one, tzid.strip('"'), old.zone)) for one in value.split(","))
    stamps = [_stamp(wall, new) for wall in walls if wall is not None]
    kind = ";VALUE=DATE" if new.allday else ""
    return f"{head.partition(';')[0]}{kind}:{','.join(stamps)}" if stamps else ""


def _stamp(wall: datetime, when: When) -> str:
    """Return a wall time as it stands in a line: a date, or a UTC instant."""
    return recurrence_id(
        wall.date() if when.allday else instant_of(wall, when.zone).astimezone(UTC)
    )
