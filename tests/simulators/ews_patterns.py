"""Rules of iCalendar as patterns of Outlook, where one gives the same days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from .ews_errors import EwsError
from .ews_recurrence import DAYS, MONTHS, WEEKS, Recurrence, check
from .google_recurrence import Series

SHORT = [day[:2].upper() for day in DAYS]
KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
LOOKED = 1_000  # occurrences that are compared
WEEK = {number: name for name, number in WEEKS.items()} | {5: "Last"}


class Unfit(ValueError):
    """Outlook has no such pattern."""


@dataclass(frozen=True)
class Fitting:
    """A pattern, and which of its days the rule has."""

    recurrence: Recurrence
    days: frozenset[date]
    looked: int

    def lacks(self, wall: datetime) -> bool:
        """Tell whether the rule leaves a day of the pattern out."""
        return wall.date() not in self.days


def pattern(event: dict[str, Any]) -> Fitting:
    """Return the pattern of a series; raise Unfit where none has all of its occurrences."""
    rules = [line[6:] for line in event["recurrence"] if line.startswith("RRULE:")]
    if len(rules) != 1 or any(line.startswith(("RDATE", "EXRULE")) for line in event["recurrence"]):
        raise Unfit
    rule = dict(part.split("=") for part in rules[0].split(";"))
    series = Series.of(event)
    wanted = [one.date() for one in islice(series.originals(), LOOKED)]
    if not wanted or set(rule) - KNOWN:
        raise Unfit
    found = Recurrence(*_pattern(rule, series.start), *_range(rule, series, wanted))
    try:
        check(found)
    except (EwsError, ValueError, KeyError):
        raise Unfit from None
    given = [one for one in islice(found.days(), LOOKED) if one <= wanted[-1]]
    if not set(wanted) <= set(given):
        raise Unfit
    return Fitting(found, frozenset(wanted), len(given))


def _range(rule: dict[str, str], series: Series, wanted: list[date]) -> tuple[str, dict[str, str]]:
    bounds = {"StartDate": series.start.date().isoformat()}
    if "COUNT" in rule:
        return "NumberedRecurrence", {**bounds, "NumberOfOccurrences": rule["COUNT"]}
    if "UNTIL" in rule:
        return "EndDateRecurrence", {**bounds, "EndDate": wanted[-1].isoformat()}
    return "NoEndRecurrence", bounds


def _pattern(rule: dict[str, str], start: datetime) -> tuple[str, dict[str, str]]:
    make = _MAKERS.get(rule["FREQ"])
    if make is None:
        raise Unfit
    name, words = make(rule, start)
    if not name.endswith("YearlyRecurrence"):
        words = {"Interval": rule.get("INTERVAL", "1"), **words}
    elif rule.get("INTERVAL", "1") != "1":
        raise Unfit
    return name, words


def _daily(rule: dict[str, str], start: datetime) -> tuple[str, dict[str, str]]:
    return _weekly(rule, start) if "BYDAY" in rule else ("DailyRecurrence", {})


def _weekly(rule: dict[str, str], start: datetime) -> tuple[str, dict[str, str]]:
    named = rule.get("BYDAY", SHORT[start.weekday()]).split(",")
    if not set(named) <= set(SHORT):
        raise Unfit
    days = " ".join(day for day, short in zip(DAYS, SHORT, strict=True) if short in named)
    first = DAYS[SHORT.index(rule.get("WKST", "MO"))]
    return "WeeklyRecurrence", {"DaysOfWeek": days, "FirstDayOfWeek": first}


def _monthly(rule: dict[str, str], start: datetime) -> tuple[str, dict[str, str]]:
    if "BYDAY" in rule:
        return "RelativeMonthlyRecurrence", _relative(rule)
    return "AbsoluteMonthlyRecurrence", _absolute(rule, start)


def _yearly(rule: dict[str, str], start: datetime) -> tuple[str, dict[str, str]]:
    month = rule.get("BYMONTH", str(start.month))
    if not month.isdecimal():
        raise Unfit
    name = {"Month": MONTHS[int(month) - 1]}
    if "BYDAY" in rule:
        return "RelativeYearlyRecurrence", {**_relative(rule), **name}
    return "AbsoluteYearlyRecurrence", {**_absolute(rule, start), **name}


def _absolute(rule: dict[str, str], start: datetime) -> dict[str, str]:
    day = rule.get("BYMONTHDAY", str(start.day))
    if day == "-1":
        day = "31"
    if not day.isdecimal():
        raise Unfit
    return {"DayOfMonth": day}


def _relative(rule: dict[str, str]) -> dict[str, str]:
    found = re.fullmatch(r"([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)", rule["BYDAY"])
    number = (found and found[1]) or rule.get("BYSETPOS", "")
    if found is None or not number or int(number) not in WEEK:
        raise Unfit
    return {"DaysOfWeek": DAYS[SHORT.index(found[2])], "DayOfWeekIndex": WEEK[int(number)]}


_MAKERS = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
