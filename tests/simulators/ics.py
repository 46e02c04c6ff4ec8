"""Any iCalendar file as Google event resources.

    report = load("calendar.ics")
    google.seed(report.events, "ann@corp.example")
    print(*report.notes, report.outside(start, end), sep="\\n")

What Google would refuse is repaired, or left out; ``notes`` says so in a sentence per meeting.
https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
"""

from __future__ import annotations

import base64
import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from icalendar import Calendar

from .google_recurrence import Series
from .google_time import UTC, instant, is_all_day, zone
from .ics_fields import fields, text
from .ics_fitting import Pattern, has_count, proposals
from .ics_reading import Part, Reader, Unreadable, identity
from .ics_series import Group, Occurrence, Segment, mistyped
from .ics_zones import iana

Event = dict[str, Any]


@dataclass
class Report:
    """The events of a file, and what was done to them."""

    events: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def meetings(self) -> int:
        """Return how many meetings there are; a series counts once."""
        return sum(1 for event in self.events if "recurringEventId" not in event)

    def outside(self, start: datetime, end: datetime) -> int:
        """Return how many meetings have no occurrence between two moments."""
        inside = {
            event.get("recurringEventId", event["id"])
            for event in self.events
            if event.get("status") != "cancelled" and _touches(event, start, end)
        }
        return self.meetings - len(inside)


def _touches(event: Event, start: datetime, end: datetime) -> bool:
    if "recurrence" in event:
        return next(Series.of(event).between(start, end), None) is not None
    first, last = (instant(event[name], UTC) for name in ("start", "end"))
    return first < end and (last > start or first == last >= start)


def load(path: str | Path) -> Report:
    """Read a file."""
    raw = Path(path).read_bytes()
    try:
        return loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        report = loads(raw.decode("latin-1"))
        report.notes.insert(0, "The file is not in UTF-8; it was read as Latin-1.")
        return report


def loads(content: str) -> Report:
    """Read the text of a file; it may hold several calendars."""
    report = Report()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about zone names, which we judge ourselves
        for number, calendar in enumerate(Calendar.from_ical(content, multiple=True)):
            _Import(report, calendar, number).run()
    return report


class _Import:
    """Turns one VCALENDAR into events."""

    def __init__(self, report: Report, calendar: Calendar, number: int) -> None:
        self.report, self.calendar, self.number = report, calendar, number
        self.hints = [str(one.get("X-LIC-LOCATION", "")) for one in calendar.walk("VTIMEZONE")]
        self.hints += [str(one.get("TZID", "")) for one in calendar.walk("VTIMEZONE")]
        self.zone = self._zone()

    def _zone(self) -> tzinfo | None:
        name = str(self.calendar.get("X-WR-TIMEZONE", ""))
        try:
            return zone(name) if name else None
        except ValueError:
            self.report.notes.append(f"The calendar's zone {name} is unknown; UTC is used.")
            return None

    def run(self) -> None:
        """Add all events of the calendar to the report."""
        groups: dict[str, list[Part]] = {}
        reader = Reader(self.zone)
        for number, component in enumerate(self.calendar.walk("VEVENT")):
            try:
                part = reader.part(component, number)
            except Unreadable as error:
                self.report.notes.append(f"“{error}” has no start and was left out.")
                continue
            groups.setdefault(part.uid, []).append(part)
        for uid, parts in groups.items():
            for part in parts:
                self._note(part, *part.notes)
            self._group(uid, Group(parts))

    def _note(self, part: Part, *sentences: str) -> None:
        self.report.notes += [f"{part.title} {sentence}." for sentence in sentences]

    def _group(self, uid: str, group: Group) -> None:
        for part, sentence in group.notes:
            self._note(part, sentence)
        if group.core and not group.core.cancelled:
            self._core(uid, group)
        for part in group.strays():
            if not part.cancelled:
                self._stray(uid, part, group)

    def _core(self, uid: str, group: Group) -> None:
        core = group.core
        try:
            segments = group.segments()
        except (ValueError, TypeError, OverflowError):
            self._note(core, f"has a rule that nobody understands ({core.rules}); it stands once")
            core.rules = []
            segments = group.segments()
        if not segments:
            self._note(core, "has no occurrence and was left out")
        for number, segment in enumerate(segments):
            if not segment.part.cancelled:
                self._segment(uid, group, segment, number)

    def _stray(self, uid: str, part: Part, group: Group) -> None:
        """Add a change to an occurrence that does not exist: Google takes it as an event."""
        stamp = f"{identity(part.recurrence_id)[0]:%Y%m%dT%H%M%S}"
        alone = group.core is None and len({id(one) for one in group.changes.values()}) == 1
        self._note(part, "changes an occurrence that is not there; it stands alone")
        event = self._event(part, f"{uid} {stamp}", uid if alone else f"{stamp}-{uid}")
        self.report.events.append({**event, **self._times(part)})

    def _event(self, part: Part, key: str, uid: str) -> Event:
        digest = hashlib.sha256(f"{self.number} {key}".encode()).digest()
        identity_ = base64.b32hexencode(digest)[:26].decode().lower()
        return {"id": identity_, "iCalUID": uid, **fields(part.component)}

    def _times(self, part: Part) -> Event:
        if part.all_day:
            return _dates(part.start, part.end)
        return _instants(part.start, part.end, self._named(part.zone, [part.start, part.end]))

    def _named(self, own: tzinfo | None, moments: list[datetime]) -> str | None:
        """Return the IANA name for a zone; UTC where no zone behaves like it."""
        if own is None:
            return None
        return iana(own, moments, self.hints) or "UTC"

    def _segment(self, uid: str, group: Group, segment: Segment, number: int) -> None:
        """Add a single event, or a master with its exceptions."""
        part, first = segment.part, segment.occurrences[0]
        recurs = bool(group.core.rules or group.core.rdates)
        if not recurs:
            shown = first.change or part
            if not shown.cancelled:
                self.report.events.append({**self._event(shown, uid, uid), **self._times(shown)})
            return
        stamp = f"_R{segment.start(first):%Y%m%dT%H%M%S}" if number else ""
        event = self._event(part, uid, uid)
        event["id"] += stamp
        if stamp:
            name, at, host = uid.partition("@")
            event["iCalUID"] = f"{name}{stamp}{at}{host}"
            self._note(part, "changes this and all following; a second series begins there")
        master = {**event, **self._recurring(group, segment, number)}
        self.report.events.append(master)
        self.report.events += self._exceptions(master, segment)

    def _recurring(self, group: Group, segment: Segment, number: int) -> Event:
        """Return times and recurrence of a master."""
        part = segment.part
        starts = [segment.start(one) for one in segment.occurrences]
        name = None if part.all_day else self._named(group.core.zone, starts)
        own = zone(name) if name else None
        pattern = Pattern(starts, own, segment.endless, part.duration)
        first = part.start if number == 0 else starts[0]
        lines, first = self._lines(group, segment, pattern, first)
        length = part.duration or (timedelta(days=1) if part.all_day else part.duration)
        if part.all_day:
            return {**_dates(first, first + length), "recurrence": lines}
        wall = (
            first.replace(tzinfo=None)
            if first.tzinfo is None
            else first.astimezone(own).replace(tzinfo=None)
        )
        return {
            **_instants(wall.replace(tzinfo=own), wall.replace(tzinfo=own) + length, name),
            "recurrence": lines,
        }

    def _lines(
        self, group: Group, segment: Segment, pattern: Pattern, first: datetime
    ) -> tuple[list[str], datetime]:
        core = group.core
        wall = first.astimezone(pattern.zone).replace(tzinfo=None) if pattern.zone else first
        rules = [self._repaired(rule, core) for rule in core.rules]
        whole = segment.part is core and pattern.starts[-1] >= wall
        last = self._until(pattern) if not segment.endless else ""
        until = None if whole and not has_count(rules) and segment.endless else last
        options = [(None, rules)] if whole else []
        for end, given in [*options, (until if until is not None else "", rules)]:
            for proposal in proposals(given, end, segment.shift):
                lines = pattern.lines(wall, proposal)
                if lines:
                    return lines, wall
        if segment.endless:
            self._note(core, "repeats in a way that Google has no rule for; it ends after a while")
        return pattern.explicit(), pattern.starts[0]

    def _repaired(self, rule: str, part: Part) -> str:
        if not mistyped(rule, part):
            return rule
        from .ics_series import own_rule, until_of

        until = until_of(own_rule(rule, part))
        wall = datetime.strptime(until, "%Y%m%dT%H%M%S")
        right = (
            f"{wall:%Y%m%d}"
            if part.all_day
            else f"{wall.replace(tzinfo=part.zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"
        )
        self._note(part, f"ends with an UNTIL of the wrong type; {right} is used")
        return rule.replace(f"UNTIL={until_of(rule)}", f"UNTIL={right}")

    def _until(self, pattern: Pattern) -> str:
        last = pattern.starts[-1]
        if pattern.zone is None:
            return f"{last:%Y%m%d}"
        return f"{last.replace(tzinfo=pattern.zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"

    def _exceptions(self, master: Event, segment: Segment) -> Iterator[Event]:
        for one in segment.occurrences:
            if one.change or one.duration is not None:
                yield {**self._exception(segment, one), **self._place(master, segment, one)}

    def _exception(self, segment: Segment, one: Occurrence) -> Event:
        if one.change is None:
            start = segment.start(one)
            end = start + one.duration
            return _instants(start, end, self._named(start.tzinfo, [start, end]))
        if one.change.cancelled:
            return {"status": "cancelled"}
        return {
            "summary": None,
            "location": None,
            "description": None,
            **fields(one.change.component),
            **self._times(one.change),
        }

    def _place(self, master: Event, segment: Segment, one: Occurrence) -> Event:
        start = segment.start(one)
        original = {"date": f"{start:%Y-%m-%d}"}
        if not is_all_day(master):
            original = {"dateTime": start.isoformat(), "timeZone": master["start"]["timeZone"]}
        return {"recurringEventId": master["id"], "originalStartTime": original}


def _dates(start: datetime, end: datetime) -> Event:
    """Return all-day times; Google's end is exclusive, so a day lasts at least one day."""
    end = max(end, start + timedelta(days=1))
    return {"start": {"date": f"{start:%Y-%m-%d}"}, "end": {"date": f"{end:%Y-%m-%d}"}}


def _instants(start: datetime, end: datetime, name: str) -> Event:
    times = {"start": start, "end": end}
    return {key: {"dateTime": at.isoformat(), "timeZone": name} for key, at in times.items()}


__all__ = ["Report", "load", "loads", "text"]
