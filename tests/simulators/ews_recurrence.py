"""Recurrence patterns and ranges: from XML, to XML, and to the days on which they fall.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/recurrence-recurrencetype
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from .ews_errors import EwsError
from .ews_time import parse_day
from .ews_xml import Element, add, children, local

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GROUPS = {"Day": range(7), "Weekday": range(5), "WeekendDay": (5, 6)}
WEEKS = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PATTERNS = {
    "DailyRecurrence": ("Interval",),
    "WeeklyRecurrence": ("Interval", "DaysOfWeek", "FirstDayOfWeek"),
    "AbsoluteMonthlyRecurrence": ("Interval", "DayOfMonth"),
    "RelativeMonthlyRecurrence": ("Interval", "DaysOfWeek", "DayOfWeekIndex"),
    "AbsoluteYearlyRecurrence": ("DayOfMonth", "Month"),
    "RelativeYearlyRecurrence": ("DaysOfWeek", "DayOfWeekIndex", "Month"),
}
RANGES = {
    "NoEndRecurrence": ("StartDate",),
    "EndDateRecurrence": ("StartDate", "EndDate"),
    "NumberedRecurrence": ("StartDate", "NumberOfOccurrences"),
}
LONGEST = {"DailyRecurrence": 999, "NumberOfOccurrences": 999}
OPTIONAL = {"FirstDayOfWeek": "Sunday"}
LAST_DAY = date(4500, 8, 31)  # behind which Exchange has no calendar


@dataclass(frozen=True)
class Recurrence:
    """A pattern and its range, with the words of the schema."""

    pattern: str
    rule: dict[str, str] = field(hash=False)
    range: str
    bounds: dict[str, str] = field(hash=False)

    @property
    def start(self) -> date:
        """Return the day from which the pattern counts."""
        return date.fromisoformat(self.bounds["StartDate"])

    @property
    def endless(self) -> bool:
        """Tell whether it goes on."""
        return self.range == "NoEndRecurrence"

    def days(self) -> Iterator[date]:
        """Yield the days on which it falls, without regard to what was deleted."""
        for moment in rrule(**self._arguments()):
            if moment.date() > LAST_DAY:
                return
            yield moment.date()

    def _arguments(self) -> dict[str, Any]:
        first = datetime.combine(self.start, time())
        found: dict[str, Any] = {"dtstart": first, **_FREQUENCIES[self.pattern](self.rule)}
        found["interval"] = int(self.rule.get("Interval", 1))
        if self.range == "EndDateRecurrence":
            found["until"] = datetime.fromisoformat(self.bounds["EndDate"])
        elif self.range == "NumberedRecurrence":
            found["count"] = int(self.bounds["NumberOfOccurrences"])
        return found

    def moved(self, day: date) -> Recurrence:
        """Return it counting from another day; an end keeps its distance."""
        bounds = {**self.bounds, "StartDate": day.isoformat()}
        if "EndDate" in bounds:
            end = date.fromisoformat(bounds["EndDate"]) + (day - self.start)
            bounds["EndDate"] = max(end, day).isoformat()
        return Recurrence(self.pattern, self.rule, self.range, bounds)

    def saved(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {**vars(self)}


def _daily(_: dict[str, str]) -> dict[str, Any]:
    return {"freq": DAILY}


def _weekly(rule: dict[str, str]) -> dict[str, Any]:
    first = DAYS.index(rule["FirstDayOfWeek"])
    return {"freq": WEEKLY, "byweekday": _weekdays(rule), "wkst": weekday(first)}


def _day_of_month(rule: dict[str, str]) -> dict[str, Any]:
    """Return the day, or the last one where a month is too short."""
    day = int(rule["DayOfMonth"])
    if day <= 28:
        return {"bymonthday": day}
    return {"bymonthday": tuple(range(28, day + 1)), "bysetpos": -1}


def _relative(rule: dict[str, str]) -> dict[str, Any]:
    return {"byweekday": _weekdays(rule), "bysetpos": WEEKS[rule["DayOfWeekIndex"]]}


def _month(rule: dict[str, str]) -> dict[str, Any]:
    return {"freq": YEARLY, "bymonth": MONTHS.index(rule["Month"]) + 1}


def _weekdays(rule: dict[str, str]) -> list[int]:
    named = rule["DaysOfWeek"].split()
    return sorted({one for name in named for one in GROUPS.get(name) or (DAYS.index(name),)})


_FREQUENCIES = {
    "DailyRecurrence": _daily,
    "WeeklyRecurrence": _weekly,
    "AbsoluteMonthlyRecurrence": lambda rule: {"freq": MONTHLY, **_day_of_month(rule)},
    "RelativeMonthlyRecurrence": lambda rule: {"freq": MONTHLY, **_relative(rule)},
    "AbsoluteYearlyRecurrence": lambda rule: {**_month(rule), **_day_of_month(rule)},
    "RelativeYearlyRecurrence": lambda rule: {**_month(rule), **_relative(rule)},
}


def read(element: Element) -> Recurrence:
    """Read a Recurrence element; refuse what Exchange cannot hold."""
    parts = {local(one): one for one in children(element)}
    pattern = next((name for name in PATTERNS if name in parts), None)
    bounds = next((name for name in RANGES if name in parts), None)
    if pattern is None or bounds is None or len(parts) != 2:
        raise EwsError("ErrorCalendarInvalidRecurrence")
    rule = _values(parts[pattern], PATTERNS[pattern])
    limits = _values(parts[bounds], RANGES[bounds])
    for name in ("StartDate", "EndDate"):
        if name in limits:
            limits[name] = parse_day(limits[name])
    found = Recurrence(pattern, rule, bounds, limits)
    check(found)
    return found


def _values(element: Element, names: tuple[str, ...]) -> dict[str, str]:
    given = {local(one): (one.text or "").strip() for one in children(element)}
    values = {name: given.pop(name, OPTIONAL.get(name, "")) for name in names}
    if given or not all(values.values()):
        raise EwsError("ErrorCalendarInvalidRecurrence")
    return values


def check(found: Recurrence) -> None:
    """Refuse numbers out of range, an end before the start, and no occurrence at all."""
    numbers = {"Interval": LONGEST.get(found.pattern, 99), "DayOfMonth": 31}
    numbers["NumberOfOccurrences"] = LONGEST["NumberOfOccurrences"]
    for name, most in numbers.items():
        value = found.rule.get(name, found.bounds.get(name, "1"))
        if not (value.isdecimal() and 1 <= int(value) <= most):
            raise EwsError("ErrorCalendarInvalidRecurrence", f"{name} is out of range: {value}")
    if found.bounds.get("EndDate", LAST_DAY.isoformat()) < found.bounds["StartDate"]:
        raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
    try:
        first = next(found.days(), None)
    except (ValueError, KeyError):
        raise EwsError("ErrorCalendarInvalidRecurrence") from None
    if first is None:
        raise EwsError("ErrorRecurrenceHasNoOccurrence")


def write(parent: Element, found: Recurrence, offset: str = "") -> None:
    """Append the pattern and the range; dates carry the offset of the zone, as Exchange's do."""
    pattern = add(parent, f"t:{found.pattern}")
    for name, value in found.rule.items():
        add(pattern, f"t:{name}", value)
    bounds = add(parent, f"t:{found.range}")
    for name, value in found.bounds.items():
        add(bounds, f"t:{name}", value + offset if name.endswith("Date") else value)


def shortened(found: Recurrence, before: date) -> Recurrence:
    """Return it ending before a day."""
    end = (before - timedelta(days=1)).isoformat()
    bounds = {"StartDate": found.bounds["StartDate"], "EndDate": end}
    return Recurrence(found.pattern, found.rule, "EndDateRecurrence", bounds)
