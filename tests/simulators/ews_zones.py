"""Zones as Exchange defines them: periods, and the rules by which clocks change between them.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezonedefinition
"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from .ews_recurrence import DAYS
from .ews_time import display_name, zone_of
from .ews_xml import Element, add, new

YEAR = 2026  # whose rules are shown; zones rarely change theirs


class Change(NamedTuple):
    """One change of the clocks in a year."""

    to: str  # Standard or Daylight
    wall: datetime  # what the clocks showed before


def definition(name: str, full: bool) -> Element:
    """Return a TimeZoneDefinition."""
    own = zone_of(name)
    shown = new("t:TimeZoneDefinition", None, Id=name, Name=display_name(name, own))
    if not full:
        return shown
    standard, daylight = offsets(own)
    periods = add(shown, "t:Periods")
    for kind, offset in (("Standard", standard), ("Daylight", daylight)):
        if kind == "Standard" or daylight != standard:
            add(periods, "t:Period", None, Bias=_bias(offset), Name=kind, Id=f"trule:{kind}")
    group = add(add(shown, "t:TransitionsGroups"), "t:TransitionsGroup", None, Id="0")
    for change in changes(own):
        _rule(group, change)
    if daylight == standard:
        _target(add(group, "t:Transition"), "Period", "trule:Standard")
    _target(add(add(shown, "t:Transitions"), "t:Transition"), "Group", "0")
    return shown


def _target(transition: Element, kind: str, to: str) -> None:
    add(transition, "t:To", to, Kind=kind)


def _rule(group: Element, change: Change) -> None:
    moment = change.wall
    rule = add(group, "t:RecurringDayTransition")
    _target(rule, "Period", f"trule:{change.to}")
    add(rule, "t:TimeOffset", f"PT{moment.hour}H" + (f"{moment.minute}M" if moment.minute else ""))
    add(rule, "t:Month", str(moment.month))
    add(rule, "t:DayOfWeek", DAYS[moment.weekday()])
    last = moment.day + 7 > monthrange(moment.year, moment.month)[1]
    add(rule, "t:Occurrence", str(-1 if last else (moment.day - 1) // 7 + 1))


def _bias(offset: timedelta) -> str:
    minutes = -int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else ""
    hours, rest = divmod(abs(minutes), 60)
    return f"{sign}PT{hours}H" + (f"{rest}M" if rest else "")


def offsets(own: tzinfo) -> tuple[timedelta, timedelta]:
    """Return the offsets of winter and summer."""
    both = [datetime(YEAR, month, 15, tzinfo=own).utcoffset() for month in (1, 7)]
    return min(both), max(both)


@lru_cache(maxsize=256)
def changes(own: tzinfo) -> tuple[Change, ...]:
    """Return when the clocks change in a year."""
    found = []
    moment = datetime(YEAR, 1, 1, tzinfo=timezone.utc)
    before = moment.astimezone(own).utcoffset()
    while moment.year == YEAR:
        moment += timedelta(hours=1)
        after = moment.astimezone(own).utcoffset()
        if after != before:
            wall = (moment + before).replace(tzinfo=None)
            found.append(Change("Daylight" if after > before else "Standard", wall))
        before = after
    return tuple(found)
