"""What one VEVENT says about time, made comparable.

RFC 5545: https://www.rfc-editor.org/rfc/rfc5545#section-3.6.1
Everything timed is aware, everything all-day is naive at midnight; zone arithmetic runs on the
wall clock, as recurrence does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any

from icalendar import Event as Component

Time = date | datetime
Identity = frozenset[datetime]
UTC = timezone.utc
NEGATIVE_COUNT = re.compile(r";?COUNT=-\d+")


class Unreadable(ValueError):
    """The event has no usable start."""


@dataclass
class Part:
    """One VEVENT: a single event, a series, or a change to one of its occurrences."""

    uid: str
    component: Component
    sequence: int
    start: datetime
    end: datetime
    all_day: bool
    zone: tzinfo | None
    recurrence_id: Time | None = None
    following: bool = False  # RANGE=THISANDFUTURE
    rules: list[str] = field(default_factory=list)
    rdates: list[datetime] = field(default_factory=list)
    periods: dict[datetime, timedelta] = field(default_factory=dict)  # rdates with a duration
    exdates: list[Time] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Return how sentences name the meeting."""
        name = " ".join(str(self.component.get("SUMMARY", "")).split())
        return f"“{name or 'without a title'}” of {self.start:%Y-%m-%d}"

    @property
    def cancelled(self) -> bool:
        """Tell whether it was called off."""
        return str(self.component.get("STATUS", "")).upper() == "CANCELLED"

    @property
    def duration(self) -> timedelta:
        """Return how long it lasts."""
        return self.end - self.start

    @property
    def shift(self) -> timedelta:
        """Return by how much a change to this and the following moves them."""
        if not self.following:
            return timedelta(0)
        return self.start - aware(self.recurrence_id, self.zone)

    @property
    def repeats(self) -> bool:
        """Tell whether it has recurrence properties of its own."""
        return bool(self.rules or self.rdates or self.exdates)


def identity(value: Time) -> list[datetime]:
    """Return the names of an occurrence: its time in UTC, then on the wall clock.

    Programs write recurrence ids in either form, so both are tried.
    """
    if not isinstance(value, datetime):
        return [datetime.combine(value, time())]
    if value.tzinfo is None:
        return [value]
    return [value.astimezone(UTC).replace(tzinfo=None), value.replace(tzinfo=None)]


def aware(value: Time, zone: tzinfo | None) -> datetime:
    """Return a time that can be compared with others of the same event."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if zone is None:
        return value.replace(tzinfo=None)
    return value if value.tzinfo else value.replace(tzinfo=zone)


class Reader:
    """Reads the events of one VCALENDAR; ``zone`` is its X-WR-TIMEZONE."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.zone = zone

    def part(self, component: Component, number: int) -> Part:
        """Return a VEVENT, read; raise Unreadable where it says no start."""
        uid = str(component.get("UID", "")) or f"without-uid-{number}"
        try:
            start, end = self._span(component)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            raise Unreadable(str(component.get("SUMMARY", uid))) from None
        sequence = _number(component.get("SEQUENCE"))
        part = Part(uid, component, sequence, aware(start, None), aware(end, None), False, None)
        self._recurrence(part)
        self._place(part, start, end)
        if part.end < part.start:
            part.start, part.end = part.end, part.start
            part.notes.append("ended before it began; both were exchanged")
        return part

    def _span(self, component: Component) -> tuple[Time, Time]:
        start = self._standard(component["DTSTART"].dt)
        if "DTEND" in component:
            return start, self._standard(component["DTEND"].dt)
        if "DURATION" in component:
            length = component["DURATION"].dt
            base = aware(start, None) if length.seconds and _is_date(start) else start
            return start, base + length
        return start, start + timedelta(days=1) if _is_date(start) else start

    def _standard(self, value: Any) -> Any:
        """Return a time in the calendar's own zone, where that is given and no other is named.

        X-WR-TIMEZONE is what calendar programs show times in UTC and floating times in.
        """
        if not isinstance(value, datetime) or self.zone is None:
            return value
        if value.tzname() is None:  # floating, or a VTIMEZONE whose rules have no TZNAME
            return value.replace(tzinfo=self.zone)
        return value.astimezone(self.zone) if value.tzname().upper() == "UTC" else value

    def _recurrence(self, part: Part) -> None:
        component = part.component
        part.rules = [rule for one in _many(component, "RRULE") if (rule := _rule(one))]
        for one in _many(component, "EXDATE"):
            part.exdates += [self._standard(value) for value in _values(one)]
        for value in (value for one in _many(component, "RDATE") for value in _values(one)):
            if isinstance(value, tuple):
                start, last = value
                part.periods[start] = last if isinstance(last, timedelta) else last - start
                part.rdates.append(start)
            else:
                part.rdates.append(self._standard(value))
        given = component.get("RECURRENCE-ID")
        if given is not None and hasattr(given, "dt"):
            part.recurrence_id = self._standard(given.dt)
            part.following = str(given.params.get("RANGE", "")).upper() == "THISANDFUTURE"

    def _place(self, part: Part, start: Time, end: Time) -> None:
        """Decide on the zone, and bring all times of the event into comparable form."""
        part.all_day = _is_date(start) and _is_date(end)
        if not part.all_day:
            times = [start, end, *part.exdates, *part.rdates]
            zones = (one.tzinfo for one in times if isinstance(one, datetime) and one.tzinfo)
            part.zone = next(zones, UTC)
        part.start, part.end = aware(start, part.zone), aware(end, part.zone)
        part.rdates = [aware(one, part.zone) for one in part.rdates]


def _is_date(value: Time) -> bool:
    return not isinstance(value, datetime)


def _many(component: Component, name: str) -> list[Any]:
    """Return a property that may occur several times."""
    found = component.get(name)
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _values(dates: Any) -> Iterator[Any]:
    return (one.dt for one in getattr(dates, "dts", ()))


def _rule(value: Any) -> str:
    """Return a rule as text, without counts that mean nothing; broken ones as they stand."""
    try:
        text = value.to_ical().decode()
    except (AttributeError, ValueError, TypeError):
        return str(value)
    return NEGATIVE_COUNT.sub("", text).strip(";")


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return -1
