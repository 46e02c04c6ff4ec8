"""RRULE lines as patterns of Outlook's, as far as there are any that give the same days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from . import graph_recurrence
from .google_recurrence import Series
from .google_time import wall
from .graph_errors import GraphError
from .graph_world import Event

Rule = dict[str, Any]
DAYS = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), graph_recurrence.WEEK, strict=True))
INDEXES = {number: name for name, number in graph_recurrence.INDEXES.items()}


@dataclass(frozen=True)
class Fitting:
    """A recurrence, and what it gives too much and too little."""

    recurrence: Rule
    extra: tuple[date, ...]
    lacking: tuple[date, ...]


def pattern_of(event: Event, wanted: list[date]) -> Fitting | None:
    """Return a recurrence that gives the days that a series has; None where there is none."""
    lines = [line[6:] for line in event["recurrence"] if line.startswith("RRULE:")]
    if len(lines) != 1:
        return None
    start = wall(event["start"])
    pattern = _pattern(dict(part.split("=") for part in lines[0].split(";")), start.date())
    if pattern is None:
        return None
    endless = Series.of(event).endless
    span = {"type": "noEnd" if endless else "endDate", "startDate": start.date().isoformat()}
    span["endDate"] = max(wanted[-1], start.date()).isoformat()
    try:
        rule = graph_recurrence.kept({"pattern": pattern, "range": span}, start, "UTC")
    except GraphError:
        return None
    nearest = graph_recurrence.closest(rule)
    if nearest is not None and wall(event["end"]) - start > timedelta(days=nearest):
        return None
    given = set(takewhile(lambda day: day <= wanted[-1], graph_recurrence.days(rule)))
    extra, lacking = sorted(given - set(wanted)), sorted(set(wanted) - given)
    if len(extra) > len(wanted) + 20 or len(lacking) > len(wanted) // 2:
        return None
    return Fitting({"pattern": pattern, "range": span}, tuple(extra), tuple(lacking))


def _pattern(rule: dict[str, str], start: date) -> Rule | None:
    kind, interval = rule["FREQ"], int(rule.get("INTERVAL", "1"))
    names = {"DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "Monthly", "YEARLY": "Yearly"}
    if kind not in names:
        return None
    if kind == "DAILY":
        return {"type": "daily", "interval": interval}
    if kind == "WEEKLY":
        days = rule.get("BYDAY", list(DAYS)[start.weekday()]).split(",")
        first = DAYS[rule.get("WKST", "MO")]
        named = [DAYS[one] for one in days if one in DAYS]
        return {"type": "weekly", "interval": interval, "daysOfWeek": named} | {
            "firstDayOfWeek": first
        }
    own = _within(rule, start)
    if own is None:
        return None
    way = own.pop("way")
    if kind == "YEARLY":
        own["month"] = int(rule.get("BYMONTH", str(start.month)).split(",")[0])
    return {"type": f"{way}{names[kind]}", "interval": interval, **own}


def _within(rule: dict[str, str], start: date) -> Rule | None:
    """Return on which day of a month a rule happens."""
    if "BYDAY" not in rule:
        day = int(rule.get("BYMONTHDAY", str(start.day)).split(",")[0])
        return {"way": "absolute", "dayOfMonth": 31 if day == -1 else max(day, 1)}
    found = re.findall(r"([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)", rule["BYDAY"])
    numbers = {int(number) for number, _ in found if number} or {int(rule.get("BYSETPOS", "0"))}
    index = INDEXES.get(numbers.pop()) if len(numbers) == 1 else None
    if index is None:
        return None
    return {"way": "relative", "index": index, "daysOfWeek": [DAYS[day] for _, day in found]}
