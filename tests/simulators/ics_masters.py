"""Series of an iCalendar file as Google masters and exceptions.

https://developers.google.com/workspace/calendar/api/concepts/events-calendars#recurring_events
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Any

from .google_time import is_all_day, zone
from .ics_fields import fields
from .ics_fitting import Pattern, counts_from, proposals
from .ics_reading import Part
from .ics_series import Group, Occurrence, Segment
from .ics_zones import iana

Event = dict[str, Any]
TEXTS = {"summary": None, "location": None, "description": None}  # not the series' own


class Namer:
    """Finds IANA names for the zones of one calendar."""

    def __init__(self, hints: list[str]) -> None:
        self.hints = hints

    def __call__(self, own: tzinfo, moments: list[datetime]) -> str:
        """Return a zone with the same offsets; UTC where no zone behaves like it."""
        return iana(own, moments, self.hints) or "UTC"


Name = Callable[[tzinfo, list[datetime]], str]


def times(part: Part, name: Name) -> Event:
    """Return start and end of a part."""
    return span(part.start, part.end, None if part.all_day else part.zone, name)


def span(start: datetime, end: datetime, own: tzinfo | None, name: Name) -> Event:
    """Return start and end as Google has them; an all-day end is exclusive."""
    if own is None:
        end = max(end, start + timedelta(days=1))
        return {"start": {"date": f"{start:%Y-%m-%d}"}, "end": {"date": f"{end:%Y-%m-%d}"}}
    both = {"start": start, "end": end}
    return {
        key: {"dateTime": at.isoformat(), "timeZone": name(at.tzinfo, [at])}
        for key, at in both.items()
    }


class Writer:
    """Writes one segment of a series."""

    def __init__(self, group: Group, segment: Segment, name: Name, first: bool) -> None:
        self.core, self.segment, self.name, self.first = group.core, segment, name, first
        self.notes: list[str] = []
        starts = [segment.start(one) for one in segment.occurrences]
        self.own = None if self.core.all_day else zone(name(self.core.zone, starts))
        self.pattern = Pattern(starts, self.own, segment.endless, segment.length)

    def recurring(self) -> Event:
        """Return times and recurrence of the master."""
        start = self.pattern.wall(self.core.start) if self.first else self.pattern.starts[0]
        lines = self._fitting(start)
        if lines is None:
            start, lines = self.pattern.starts[0], self.pattern.explicit()
            if self.segment.endless:
                self.notes.append("repeats as no rule of Google's does; it ends after five years")
        at = start.replace(tzinfo=self.own)
        found = span(at, at + self.segment.length, self.own, lambda *_: str(self.own))
        return {**found, "recurrence": lines}

    def _fitting(self, start: datetime) -> list[str] | None:
        """Return recurrence lines that give exactly the occurrences, if some rule does."""
        until = "" if self.segment.endless else self.pattern.until
        rules, shift = self.core.rules, self.segment.shift
        faithful = self.first and counts_from(rules, start)
        options = proposals(rules, until, shift, faithful)
        return next((lines for one in options if (lines := self.pattern.lines(start, one))), None)

    def exceptions(self, master: Event) -> Iterator[Event]:
        """Yield the occurrences that are not as the series says."""
        for one in self.segment.occurrences:
            if one.change or one.duration is not None:
                yield {**self._changed(one), **self._place(master, one)}

    def _changed(self, one: Occurrence) -> Event:
        if one.change is None:
            start = self.segment.start(one)
            return span(start, start + one.duration, start.tzinfo, self.name)
        if one.change.cancelled:
            return {"status": "cancelled"}
        return {**TEXTS, **fields(one.change.component), **times(one.change, self.name)}

    def _place(self, master: Event, one: Occurrence) -> Event:
        """Return which occurrence an exception replaces."""
        start = self.segment.start(one)
        original = {"date": f"{start:%Y-%m-%d}"}
        if not is_all_day(master):
            original = {"dateTime": start.isoformat(), "timeZone": str(self.own)}
        return {"recurringEventId": master["id"], "originalStartTime": original}
