"""Microsoft's patterns of recurrence, as Graph and EWS share them, to and from RRULE.

A pattern says less than RFC 5545 3.3.10 and sometimes something else: the 31st of each month is
in June the 30th. What it cannot say is refused, never bent.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/recurrence-recurrencetype
https://learn.microsoft.com/graph/api/resources/recurrencepattern
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import When
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings.sync.rules import UNREADABLE, instant_of, local, read

Kind = Literal["daily", "weekly", "monthly", "yearly"]
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS, WEEKEND = DAYS[:5], DAYS[5:]
GROUPS = (DAYS, WORKDAYS, WEEKEND)  # of which the first or last can be meant
INDEXES = (1, 2, 3, 4, -1)
SAFE = 28  # the last day that every month has
LAST = 31  # a day of the month that means its last one
DAY_END = time(23, 59, 59)
KINDS: dict[str, Kind] = {k.upper(): k for k in ("daily", "weekly", "monthly", "yearly")}
KNOWN = {
    "daily": {"BYDAY"},
    "weekly": {"BYDAY"},
    "monthly": {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
    "yearly": {"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"},
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """When a series repeats, in its own zone; it ends after ``count``, on ``until`` or never.

    ``days`` are those of the week, or with an ``index`` those of which that one in the month is
    meant (-1: the last). ``day`` is one of the month, or the last where the month is shorter.
    """

    kind: Kind
    interval: int = 1
    days: tuple[str, ...] = ()
    index: int = 0
    day: int = 0
    month: int = 0
    first_day: str = "MO"
    until: date | None = None
    count: int = 0


# From a rule


def pattern_of(when: When, lines: Sequence[str]) -> Pattern:
    """Return the one rule among recurrence lines; EXDATE is not looked at. Raises `Rejected`."""
    rules = [line for line in lines if not line.upper().startswith("EXDATE")]
    if len(rules) != 1 or not rules[0].upper().startswith("RRULE"):
        raise Rejected("bad_rule", "; ".join(rules))
    line, start = rules[0], _start(when)
    try:
        parts = dict(part.split("=", 1) for part in _value(line).split(";") if part)
        kind = KINDS[parts.pop("FREQ")]
        found = _ended(Pattern(kind, int(parts.pop("INTERVAL", 1))), parts, line, when)
        found = _week(found, parts) if kind in ("daily", "weekly") else _month(found, parts, start)
    except UNREADABLE as error:
        raise Rejected("bad_rule", line) from error
    if not _begins(found, start.date()):
        raise Rejected("bad_rule", line)  # Microsoft would move the first one to the rule
    return found


def _value(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _start(when: When) -> datetime:
    if not isinstance(when.start, datetime):
        return datetime.combine(when.start, time())
    return local(when.start, when.zone)


def _ended(found: Pattern, parts: dict[str, str], line: str, when: When) -> Pattern:
    """Take the end and the first day of the week out of ``parts``; the rest must be known."""
    first_day = parts.pop("WKST", "MO")
    count, until = int(parts.pop("COUNT", 0)), parts.pop("UNTIL", "")
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else [""]
    matters = found.kind == "weekly" and found.interval > 1 and len(days) > 1
    if parts.keys() - KNOWN[found.kind] or (count and until) or first_day not in DAYS:
        raise ValueError(line)
    last = _until(line, when) if until else None
    if last and last < _start(when).date():
        raise ValueError(line)
    return replace(found, first_day=first_day if matters else "MO", count=count, until=last)


def _until(line: str, when: When) -> date:
    [rule] = read((line,), when.zone, when.allday).rules
    if rule.until is None:
        raise ValueError(line)
    early = not when.allday and rule.until.time() < _start(when).time()
    return date.fromordinal(rule.until.toordinal() - early)


def _week(found: Pattern, parts: dict[str, str]) -> Pattern:
    days = tuple(parts["BYDAY"].split(",")) if "BYDAY" in parts else ()
    if set(days) - set(DAYS):
        raise ValueError(days)
    if found.kind == "weekly" or not days:
        return replace(found, days=tuple(sorted(set(days), key=DAYS.index)))
    if found.interval > 1:
        raise ValueError(days)  # each second day, if it is a Monday
    return replace(found, kind="weekly", days=tuple(sorted(set(days), key=DAYS.index)))


def _month(found: Pattern, parts: dict[str, str], start: datetime) -> Pattern:
    if found.kind == "yearly":
        if "BYMONTH" not in parts and "BYDAY" in parts:
            raise ValueError(parts)  # counts over the whole year
        found = replace(found, month=int(parts.get("BYMONTH", start.month)))
    if "BYDAY" in parts:
        return _counted(found, parts)
    positions = parts.get("BYSETPOS")
    days = [int(one) for one in parts.get("BYMONTHDAY", str(start.day)).split(",")]
    if days == [-1] and not positions:
        return replace(found, day=LAST)
    if positions == "-1" and days == [*range(SAFE, days[-1] + 1)]:
        return replace(found, day=days[-1])
    if positions or len(days) > 1 or not 0 < days[0] <= _shortest(found.month):
        raise ValueError(days)  # the 31st is left out where there is none, or there are several
    return replace(found, day=days[0])


def _counted(found: Pattern, parts: dict[str, str]) -> Pattern:
    named, position = parts["BYDAY"].split(","), parts.get("BYSETPOS", "")
    if "BYMONTHDAY" in parts:
        raise ValueError(parts)
    days = {day[-2:] for day in named}
    index = position or (named[0][:-2] if len(named) == 1 else "")
    group = tuple(day for day in DAYS if day in days)
    plain = all(len(day) == 2 for day in named) or not position
    if not plain or int(index) not in INDEXES or (len(group) > 1 and group not in GROUPS):
        raise ValueError(parts)
    if group == DAYS:
        return replace(found, day=LAST if int(index) < 0 else int(index))
    return replace(found, days=group, index=int(index))


def _shortest(month: int) -> int:
    """Return the last day that a month has each year; of 0, that all months have."""
    return calendar.monthrange(2023, month)[1] if month else SAFE


def _begins(found: Pattern, start: date) -> bool:
    """Whether the pattern itself yields the day on which its series starts."""
    if found.month and found.month != start.month:
        return False
    if found.day:
        return start.day == min(found.day, calendar.monthrange(start.year, start.month)[1])
    if found.index:
        length = calendar.monthrange(start.year, start.month)[1]
        month = (start.replace(day=number) for number in range(1, length + 1))
        named = [day for day in month if DAYS[day.weekday()] in found.days]
        place = found.index if found.index < 0 else found.index - 1
        return named[place] == start
    return not found.days or DAYS[start.weekday()] in found.days


# To a rule


def rule_of(found: Pattern, when: When) -> str:
    """Return the RRULE line in its shortest form: what the start says is not said again."""
    start = _start(when).date()
    parts = [f"FREQ={found.kind.upper()}"]
    if found.interval > 1:
        parts.append(f"INTERVAL={found.interval}")
    parts += _on_days(found, start)
    if found.count:
        parts.append(f"COUNT={found.count}")
    elif found.until:
        parts.append(f"UNTIL={_last_moment(found.until, when)}")
    return f"RRULE:{';'.join(parts)}"


def _on_days(found: Pattern, start: date) -> list[str]:
    if found.kind in ("daily", "weekly"):
        return _of_week(found, start)
    if found.index and tuple(found.days) == DAYS:  # the second day of all is the 2nd
        found = replace(found, days=(), index=0, day=LAST if found.index < 0 else found.index)
    month = [f"BYMONTH={found.month}"] if found.month else []
    if found.index:
        days = ",".join(found.days)
        if len(found.days) > 1:
            return [*month, f"BYDAY={days}", f"BYSETPOS={found.index}"]
        return [*month, f"BYDAY={found.index}{days}"]
    longest = calendar.monthrange(2024, found.month)[1] if found.month else LAST
    day = min(found.day, longest)
    if day <= _shortest(found.month):
        plain = day == start.day and found.month in (0, start.month)
        return [] if plain else [*month, f"BYMONTHDAY={day}"]
    if day == longest:
        return [*month, "BYMONTHDAY=-1"]
    every = ",".join(str(one) for one in range(SAFE, day + 1))
    return [*month, f"BYMONTHDAY={every}", "BYSETPOS=-1"]


def _of_week(found: Pattern, start: date) -> list[str]:
    if not found.days or found.days == (DAYS[start.weekday()],):
        return []
    days = [f"BYDAY={','.join(sorted(found.days, key=DAYS.index))}"]
    matters = found.interval > 1 and found.first_day != "MO"
    return [*days, f"WKST={found.first_day}"] if matters else days


def _last_moment(day: date, when: When) -> str:
    if when.allday:
        return recurrence_id(day)
    return recurrence_id(instant_of(datetime.combine(day, DAY_END), when.zone))
