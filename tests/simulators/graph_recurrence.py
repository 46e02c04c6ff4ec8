"""Recurrence patterns and ranges: what Outlook can express, on which days it happens.

https://learn.microsoft.com/en-us/graph/api/resources/patternedrecurrence
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from .graph_errors import GraphError, bad
from .graph_time import midnight, windows

Rule = dict[str, Any]
WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
INDEXES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
NEEDS = {  # what each type of pattern must say, beside the interval
    "daily": (),
    "weekly": ("daysOfWeek",),
    "absoluteMonthly": ("dayOfMonth",),
    "relativeMonthly": ("daysOfWeek",),
    "absoluteYearly": ("dayOfMonth", "month"),
    "relativeYearly": ("daysOfWeek", "month"),
}
FREQUENCIES = {"daily": DAILY, "weekly": WEEKLY}
MOST = 999


def refused(message: str) -> GraphError:
    """Return the refusal of a recurrence."""
    return bad(message, "ErrorInvalidRecurrence")


def kept(value: Any, start: datetime, zone: str) -> Rule:
    """Return a recurrence as Exchange keeps it, beginning on its first day."""
    try:
        pattern, span = _pattern(value["pattern"]), _range(value["range"], start, zone)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise refused(f"The recurrence is incomplete or malformed: {error}") from None
    rule = {"pattern": pattern, "range": span}
    first = next(days(rule), None)
    if first is None:
        raise refused("The recurrence has no occurrence.")
    span["startDate"] = first.isoformat()
    return rule


def _pattern(value: Rule) -> Rule:
    kind, interval = value["type"], value.get("interval", 1)
    if kind not in NEEDS:
        raise refused(f"Requested value '{kind}' was not found.")
    if not isinstance(interval, int) or not 1 <= interval <= MOST:
        raise refused("The interval is out of range.")
    for name in NEEDS[kind]:
        if not value.get(name):
            raise refused(f"A pattern of type {kind} needs {name}.")
    _numbers(value)
    pattern = {"type": kind, "interval": interval, "month": 0, "dayOfMonth": 0}
    pattern |= {"daysOfWeek": [], "firstDayOfWeek": "sunday", "index": "first"}
    own = (*NEEDS[kind], *(("index",) if kind.startswith("relative") else ()))
    own += ("firstDayOfWeek",) if kind == "weekly" else ()
    pattern |= {name: value[name] for name in own if value.get(name)}
    pattern["daysOfWeek"] = [one.lower() for one in pattern["daysOfWeek"]]
    if not set(pattern["daysOfWeek"]) <= set(WEEK) or pattern["index"] not in INDEXES:
        raise refused("An unknown day of the week, or index.")
    return pattern


def _numbers(value: Rule) -> None:
    """Refuse days and months that no calendar has, and lists where one is meant."""
    for name, most in (("dayOfMonth", 31), ("month", 12)):
        number = value.get(name, 0)
        if not isinstance(number, int) or not 0 <= number <= most:
            raise refused(f"{name} is out of range.")


def _range(value: Rule, start: datetime, zone: str) -> Rule:
    kind = value["type"]
    span = {"type": kind, "startDate": date.fromisoformat(value["startDate"]).isoformat()}
    if span["startDate"] != start.date().isoformat():
        raise refused("The range must start on the day on which the event starts.")
    span |= {"endDate": "0001-01-01", "numberOfOccurrences": 0}
    span["recurrenceTimeZone"] = windows(value.get("recurrenceTimeZone") or zone)
    if kind == "endDate":
        span["endDate"] = date.fromisoformat(value["endDate"]).isoformat()
        if span["endDate"] < span["startDate"]:
            raise refused("The range ends before it starts.")
    elif kind == "numbered":
        span["numberOfOccurrences"] = count = value["numberOfOccurrences"]
        if not isinstance(count, int) or not 1 <= count <= MOST:
            raise refused("numberOfOccurrences is out of range.")
    elif kind != "noEnd":
        raise refused(f"Requested value '{kind}' was not found.")
    return span


def days(rule: Rule, since: date | None = None) -> Iterator[date]:
    """Yield the days of a recurrence, the first ones first."""
    built = _built(json.dumps(rule, sort_keys=True))
    found = built.xafter(midnight(since), inc=True) if since else iter(built)
    return (one.date() for one in found)


def happens(rule: Rule, day: date) -> bool:
    """Tell whether the rule gives a day."""
    return next(days(rule, day), None) == day


def neighbours(rule: Rule, day: date) -> tuple[date | None, date | None]:
    """Return the occurrences before and behind one."""
    built = _built(json.dumps(rule, sort_keys=True))
    before, after = built.before(midnight(day)), built.after(midnight(day))
    return before and before.date(), after and after.date()


def closest(rule: Rule) -> int | None:
    """Return the smallest distance of two occurrences in days, as far as a year tells."""
    found = [one for one, _ in zip(days(rule), range(60), strict=False)]
    return min(((b - a).days for a, b in pairwise(found)), default=None)


@lru_cache(maxsize=4096)
def _built(text: str) -> rrule:
    rule = json.loads(text)
    pattern, span = rule["pattern"], rule["range"]
    kind = pattern["type"]
    frequency = FREQUENCIES.get(kind, MONTHLY if kind.endswith("Monthly") else YEARLY)
    first = pattern["firstDayOfWeek"].lower()
    terms: Rule = {"interval": pattern["interval"], "wkst": WEEK.index(first)}
    terms["dtstart"] = midnight(date.fromisoformat(span["startDate"]))
    if span["type"] == "endDate":
        terms["until"] = midnight(date.fromisoformat(span["endDate"]))
    elif span["type"] == "numbered":
        terms["count"] = span["numberOfOccurrences"]
    return rrule(frequency, **terms, **_days(pattern), cache=True)


def _days(pattern: Rule) -> Rule:
    """Return on which days of its period a pattern happens."""
    kind = pattern["type"]
    terms: Rule = {"bymonth": pattern["month"]} if kind.endswith("Yearly") else {}
    if pattern["daysOfWeek"]:
        terms["byweekday"] = [weekday(WEEK.index(one)) for one in pattern["daysOfWeek"]]
    if kind.startswith("relative"):
        terms["bysetpos"] = INDEXES[pattern["index"]]
    if kind.startswith("absolute"):
        # Outlook goes to the last day of a month that is too short.
        last = pattern["dayOfMonth"]
        terms |= {"bymonthday": list(range(min(28, last), last + 1)), "bysetpos": -1}
    return terms
