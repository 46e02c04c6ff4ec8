"""Graph's patternedRecurrence to and from RRULE; what a pattern means stands in `pattern`.

https://learn.microsoft.com/graph/api/resources/patternedrecurrence
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import When
from odoo.addons.synced_meetings.sync.reading import rejected
from odoo.addons.synced_meetings.sync.rules import UNREADABLE, local

from .pattern import DAYS, Pattern, pattern_of, rule_of
from .zones import microsoft

Json = dict[str, Any]

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT = dict(zip(NAMES, DAYS, strict=True))
LONG = dict(zip(DAYS, NAMES, strict=True))
INDEXES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
WORDS = {number: word for word, number in INDEXES.items()}
KINDS = {
    "daily": "daily",
    "weekly": "weekly",
    "absoluteMonthly": "monthly",
    "relativeMonthly": "monthly",
    "absoluteYearly": "yearly",
    "relativeYearly": "yearly",
}
MOST = 999  # occurrences that a range may number


def lines_of(recurrence: object, when: When) -> tuple[str, ...]:
    """Return the recurrence lines of a master. Raises `Rejected` ("bad_rule")."""
    if recurrence is None:
        return ()
    if not isinstance(recurrence, dict):
        raise rejected("bad_rule", recurrence)
    try:
        return (rule_of(_pattern(recurrence["pattern"], recurrence["range"]), when),)
    except (*UNREADABLE, AttributeError, Rejected):
        raise rejected("bad_rule", recurrence) from None


def recurrence_of(when: When, lines: Sequence[str]) -> Json | None:
    """Return a rule as Outlook keeps it, None without one. Raises `Rejected` ("bad_rule").

    There are no excluded dates at Microsoft: a deleted occurrence is deleted by itself.
    """
    if not lines:
        return None
    rule = "; ".join(lines)
    if len(lines) > 1 or not lines[0].upper().startswith("RRULE"):
        raise Rejected("bad_rule", rule)
    found = pattern_of(when, lines)
    if found.count > MOST:
        raise Rejected("bad_rule", rule)
    return {"pattern": _written(found, _day(when)), "range": _range(found, when)}


def _pattern(pattern: Json, span: Json) -> Pattern:
    kind, interval = pattern["type"], int(pattern.get("interval") or 1)
    relative, yearly = kind.startswith("relative"), kind.endswith("Yearly")
    if interval < 1:
        raise ValueError(interval)
    week = tuple(SHORT[day.lower()] for day in pattern.get("daysOfWeek") or ())
    ended = span["type"]
    return Pattern(
        kind=KINDS[kind],  # type: ignore[arg-type]
        interval=interval,
        days=tuple(sorted(week, key=DAYS.index)) if relative or kind == "weekly" else (),
        index=INDEXES[pattern.get("index") or "first"] if relative else 0,
        day=_number(pattern["dayOfMonth"], 31) if kind.startswith("absolute") else 0,
        month=_number(pattern["month"], 12) if yearly else 0,
        first_day=SHORT[(pattern.get("firstDayOfWeek") or "sunday").lower()],
        until=date.fromisoformat(span["endDate"][:10]) if ended == "endDate" else None,
        count=_number(span["numberOfOccurrences"], 10_000) if ended == "numbered" else 0,
    )


def _number(value: object, most: int) -> int:
    if not isinstance(value, int) or not 0 < value <= most:
        raise ValueError(value)
    return value


def _written(found: Pattern, start: date) -> Json:
    """Return a recurrencePattern with what its type needs, and only that."""
    written: Json = {"interval": found.interval}
    if found.kind == "daily":
        return {"type": "daily", **written}
    if found.kind == "weekly":
        week = [LONG[day] for day in found.days or (DAYS[start.weekday()],)]
        first = LONG[found.first_day]
        return {"type": "weekly", **written, "daysOfWeek": week, "firstDayOfWeek": first}
    name = found.kind.capitalize()
    written |= {"month": found.month} if found.month else {}
    if not found.index:
        return {"type": f"absolute{name}", **written, "dayOfMonth": found.day}
    days = {"daysOfWeek": [LONG[day] for day in found.days], "index": WORDS[found.index]}
    return {"type": f"relative{name}", **written, **days}


def _range(found: Pattern, when: When) -> Json:
    span = {"startDate": _day(when).isoformat(), "recurrenceTimeZone": microsoft(when.zone)}
    if found.count:
        return {"type": "numbered", "numberOfOccurrences": found.count, **span}
    if found.until:
        return {"type": "endDate", "endDate": found.until.isoformat(), **span}
    return {"type": "noEnd", **span}


def _day(when: When) -> date:
    if isinstance(when.start, datetime):
        return local(when.start, when.zone).date()
    return when.start
