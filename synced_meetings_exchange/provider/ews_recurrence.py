"""The Recurrence element to and from RRULE; what a pattern means stands in `pattern`.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/recurrence-recurrencetype
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import When
from odoo.addons.synced_meetings.sync.reading import rejected
from odoo.addons.synced_meetings.sync.rules import UNREADABLE, local

from .ews_xml import Element, children, new, source, text
from .ews_xml import local as name_of
from .pattern import DAYS, WEEKEND, WORKDAYS, Kind, Pattern, pattern_of, rule_of

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT = dict(zip(NAMES, DAYS, strict=True))
GROUPS = {"Day": DAYS, "Weekday": WORKDAYS, "WeekendDay": WEEKEND}
INDEXES = {"First": 1, "Second": 2, "Third": 3, "Fourth": 4, "Last": -1}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
KINDS: dict[str, Kind] = {
    "DailyRecurrence": "daily",
    "WeeklyRecurrence": "weekly",
    "AbsoluteMonthlyRecurrence": "monthly",
    "RelativeMonthlyRecurrence": "monthly",
    "AbsoluteYearlyRecurrence": "yearly",
    "RelativeYearlyRecurrence": "yearly",
}
MOST = {"daily": 999, "weekly": 99, "monthly": 99, "yearly": 1}  # intervals
MOST_OCCURRENCES = 999


def lines_of(recurrence: Element | None, when: When) -> tuple[str, ...]:
    """Return the recurrence lines of a master. Raises `Rejected` ("bad_rule")."""
    if recurrence is None:
        return ()
    try:
        return (rule_of(_pattern(recurrence), when),)
    except (*UNREADABLE, Rejected):
        raise rejected("bad_rule", source(recurrence)) from None


def _pattern(recurrence: Element) -> Pattern:
    parts = {name_of(one): one for one in children(recurrence)}
    [name] = parts.keys() & KINDS.keys()
    [ended] = parts.keys() - KINDS.keys()
    pattern, span = parts[name], parts[ended]
    month, index = text(pattern, "t:Month"), text(pattern, "t:DayOfWeekIndex")
    until, count = text(span, "t:EndDate"), text(span, "t:NumberOfOccurrences")
    found = Pattern(
        KINDS[name],
        _number(text(pattern, "t:Interval"), 1),
        days=_days(text(pattern, "t:DaysOfWeek")),
        index=INDEXES[index] if index else 0,
        day=_number(text(pattern, "t:DayOfMonth"), 0),
        month=MONTHS.index(month) + 1 if month else 0,
        first_day=SHORT[text(pattern, "t:FirstDayOfWeek") or "Sunday"],
        until=date.fromisoformat(until[:10]) if until else None,
        count=_number(count, 0),
    )
    if found.kind in ("monthly", "yearly") and not (found.day or (found.index and found.days)):
        raise ValueError(name)
    return found


def _number(written: str | None, default: int) -> int:
    found = default if written is None else int(written)
    if not default <= found < 10_000:
        raise ValueError(written)
    return found


def _days(named: str | None) -> tuple[str, ...]:
    found = {day for name in (named or "").split() for day in GROUPS.get(name) or (SHORT[name],)}
    return tuple(sorted(found, key=DAYS.index))


def recurrence_of(when: When, lines: Sequence[str]) -> Element:
    """Return a rule as Exchange keeps it. Raises `Rejected` ("bad_rule").

    There are no excluded dates: such an occurrence is deleted by itself.
    """
    found, start = pattern_of(when, lines), _day(when)
    if found.kind == "yearly" and found.interval > 1:
        found = replace(found, kind="monthly", interval=12 * found.interval, month=0)
    if found.interval > MOST[found.kind] or found.count > MOST_OCCURRENCES:
        raise Rejected("bad_rule", "; ".join(lines))
    return new("t:Recurrence", _written(found, start), _range(found, start))


def _written(found: Pattern, start: date) -> Element:
    interval = None if found.kind == "yearly" else new("t:Interval", str(found.interval))
    if found.kind == "daily":
        return new("t:DailyRecurrence", interval)
    if found.kind == "weekly":
        days = new("t:DaysOfWeek", _names(found.days or (DAYS[start.weekday()],)))
        first = new("t:FirstDayOfWeek", NAMES[DAYS.index(found.first_day)])
        return new("t:WeeklyRecurrence", interval, days, first)
    name = found.kind.capitalize()
    month = new("t:Month", MONTHS[found.month - 1]) if found.month else None
    if not found.index:
        day = new("t:DayOfMonth", str(found.day))
        return new(f"t:Absolute{name}Recurrence", interval, day, month)
    group = next((word for word, days in GROUPS.items() if days == found.days), None)
    days = new("t:DaysOfWeek", group or _names(found.days))
    word = next(word for word, index in INDEXES.items() if index == found.index)
    return new(f"t:Relative{name}Recurrence", interval, days, new("t:DayOfWeekIndex", word), month)


def _names(days: Sequence[str]) -> str:
    return " ".join(NAMES[DAYS.index(day)] for day in days)


def _range(found: Pattern, start: date) -> Element:
    first = new("t:StartDate", start.isoformat())
    if found.count:
        number = new("t:NumberOfOccurrences", str(found.count))
        return new("t:NumberedRecurrence", first, number)
    if found.until:
        last = new("t:EndDate", found.until.isoformat())
        return new("t:EndDateRecurrence", first, last)
    return new("t:NoEndRecurrence", first)


def _day(when: When) -> date:
    if isinstance(when.start, datetime):
        return local(when.start, when.zone).date()
    return when.start
