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
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from icalendar import Calendar

from .google_recurrence import Series
from .google_time import UTC, instant, zone
from .ics_fields import fields
from .ics_masters import Event, Namer, Writer, times
from .ics_reading import Part, Reader, Unreadable, identity
from .ics_series import Group, Segment


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
            event.get("recurringEventId") or event["id"]
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
        zones = calendar.walk("VTIMEZONE")
        names = ("X-LIC-LOCATION", "TZID")
        self.name = Namer([str(one.get(name, "")) for name in names for one in zones])
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
                continue
            for change in segment.changes():
                self._stray(uid, change, group)

    def _stray(self, uid: str, part: Part, group: Group) -> None:
        """Add a change to an occurrence that does not exist: Google takes it as an event."""
        stamp = f"{identity(part.recurrence_id)[0]:%Y%m%dT%H%M%S}"
        alone = group.core is None and len({id(one) for one in group.changes.values()}) == 1
        self._note(part, "changes an occurrence that is not there; it stands alone")
        event = self._event(part, f"{uid} {stamp}", uid if alone else f"{stamp}-{uid}")
        self.report.events.append({**event, **times(part, self.name)})

    def _event(self, part: Part, key: str, uid: str) -> Event:
        digest = hashlib.sha256(f"{self.number} {key}".encode()).digest()
        identity_ = base64.b32hexencode(digest)[:26].decode().lower()
        return {"id": identity_, "iCalUID": uid, **fields(part.component)}

    def _segment(self, uid: str, group: Group, segment: Segment, number: int) -> None:
        """Add a single event, or a master with its exceptions."""
        part, first = segment.part, segment.occurrences[0]
        if not group.repeats:
            shown = first.change or part
            if not shown.cancelled:
                event = {**self._event(shown, uid, uid), **times(shown, self.name)}
                self.report.events.append(event)
            return
        event = self._event(part, uid, uid)
        if number:
            stamp = f"_R{first.original:%Y%m%dT%H%M%S}"
            event["id"] += stamp
            name, at, host = uid.partition("@")
            event["iCalUID"] = f"{name}{stamp}{at}{host}"
            self._note(part, "changes this and all following; a second series begins there")
        writer = Writer(group, segment, self.name, number == 0)
        master = {**event, **writer.recurring()}
        self.report.events += [master, *writer.exceptions(master)]
        self._note(part, *writer.notes)
