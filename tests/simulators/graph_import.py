"""Any iCalendar file as events for a simulated mailbox.

    report = load("calendar.ics", "Europe/Berlin", "ann@corp.example")
    ann.seed(report.events)
    print(*report.notes, sep="\\n")

``ics.load`` reads the file; what it gives in Google's form is said here in Graph's. What Outlook
cannot express becomes single events, and a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from . import ics
from .google_recurrence import Series
from .google_time import wall
from .graph_errors import GraphError
from .graph_fields import NEVER
from .graph_rules import pattern_of
from .graph_time import windows
from .graph_world import Event

MOST_SINGLES = 1_000  # of a series that Outlook cannot express
HORIZON = timedelta(days=5 * 365)  # how far an endless series is compared
STATUSES = {"accepted": "accepted", "declined": "declined", "tentative": "tentativelyAccepted"}


@dataclass
class Report:
    """The events of a file, and what was done to them."""

    events: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def load(path: str | Path, zone: str = "UTC", owner: str = "") -> Report:
    """Read a file; all-day events get the zone, meetings of others are the owner's copies."""
    return translated(ics.load(path), zone, owner)


def translated(read: ics.Report, zone: str = "UTC", owner: str = "") -> Report:
    """Say in Graph's form what was read."""
    report = Report(notes=list(read.notes))
    importer = _Importer(report, zone, owner.lower())
    for event in read.events:
        if "recurringEventId" not in event:
            importer.add(event)
    for event in read.events:
        if "recurringEventId" in event:
            importer.change(event)
    report.events = [one for one in report.events if not one.pop("cancelled", False)]
    return report


class _Importer:
    def __init__(self, report: Report, zone: str, owner: str) -> None:
        self.report, self.zone, self.owner = report, zone, owner
        self.days: dict[str, set[date]] = {}  # of each series: which it has
        self.alone: dict[tuple[str, datetime], Event] = {}  # occurrences that became singles

    def add(self, event: Event) -> None:
        """Take over a single event or a series."""
        if "recurrence" not in event:
            self.report.events.append(self._body(event))
            return
        days = list(_days(event))
        rule = pattern_of(event, days) if days else None
        if rule is None:
            self._singles(event)
            return
        self.days[event["id"]] = set(days)
        self.report.events.append({**self._body(event), "recurrence": rule.recurrence})
        for day in rule.extra:
            own = {"seriesMasterId": event["id"], "originalStart": day.isoformat()}
            self.report.events.append({**own, "isCancelled": True})
        for day in rule.lacking:
            self.report.events.append(self._single(event, datetime.combine(day, _clock(event))))

    def _singles(self, event: Event) -> None:
        """Write a series one by one."""
        name = event.get("summary") or "without a title"
        self.report.notes.append(
            f"“{name}” repeats as no pattern of Outlook's does; single events say it."
        )
        for moment in islice(Series.of(event).originals(), MOST_SINGLES):
            self.report.events.append(self._single(event, moment))

    def _single(self, event: Event, moment: datetime) -> Event:
        body = self._body(event)
        length = wall(event["end"]) - wall(event["start"])
        body |= {"start": self._time(moment, event), "end": self._time(moment + length, event)}
        for name in ("id", "iCalUId"):
            body.pop(name, None)
        self.alone[event["id"], moment] = body
        return body

    def change(self, event: Event) -> None:
        """Take over what is different in one occurrence."""
        master, moment = event["recurringEventId"], wall(event["originalStartTime"])
        cancelled = event.get("status") == "cancelled"
        single = self.alone.get((master, moment))
        if single is not None:
            single |= {**self._changed(event), "cancelled": cancelled}
        elif moment.date() in self.days.get(master, ()):
            own: Event = {"seriesMasterId": master, "originalStart": moment.date().isoformat()}
            own |= {"isCancelled": True} if cancelled else self._changed(event)
            self.report.events.append(own)

    def _changed(self, event: Event) -> Event:
        if event.get("status") == "cancelled":
            return {}
        kept = ("id", "iCalUId", "organizer", "isOrganizer", "responseStatus")
        return {name: value for name, value in self._body(event).items() if name not in kept}

    def _body(self, event: Event) -> Event:
        body: Event = {name: event[name] for name in ("id",) if name in event}
        if "iCalUID" in event:
            body["iCalUId"] = event["iCalUID"]
        body |= {"subject": event.get("summary", "")[:255], "showAs": _shown(event)}
        body["body"] = {"contentType": "html", "content": event.get("description", "")}
        body["location"] = {"displayName": event.get("location", "")}
        if event.get("visibility") in ("private", "confidential"):
            body["sensitivity"] = event["visibility"]
        body["isAllDay"] = "date" in event.get("start", {})
        for name in ("start", "end"):
            if name in event:
                body[name] = self._time(wall(event[name]), event)
        return body | self._people(event)

    def _time(self, moment: datetime, event: Event) -> dict[str, str]:
        name = event["start"].get("timeZone", self.zone)
        try:
            windows(name)
        except GraphError:
            name = "UTC"
        return {"dateTime": moment.isoformat(timespec="seconds"), "timeZone": name}

    def _people(self, event: Event) -> Event:
        organiser = event.get("organizer", {}).get("email", self.owner)
        guests = [_guest(one) for one in event.get("attendees", ()) if one["email"] != organiser]
        found: Event = {"attendees": guests}
        if organiser != self.owner:
            who = {"address": organiser, "name": event["organizer"].get("displayName", organiser)}
            mine = [one for one in guests if one["emailAddress"]["address"] == self.owner]
            status = mine[0]["status"] if mine else {"response": "notResponded", "time": NEVER}
            found |= {"organizer": {"emailAddress": who}, "isOrganizer": False}
            found["responseStatus"] = status
        return found


def _days(event: Event) -> Iterator[date]:
    """Yield the days of a series; none where it happens twice on one, or at another hour."""
    series, clock, seen = Series.of(event), _clock(event), set()
    found = []
    for moment in series.originals():
        if moment > wall(event["start"]) + HORIZON:
            break
        if moment.time() != clock or moment.date() in seen:
            return
        seen.add(moment.date())
        found.append(moment.date())
    yield from found


def _clock(event: Event) -> Any:
    return wall(event["start"]).time()


def _shown(event: Event) -> str:
    if event.get("transparency") == "transparent":
        return "free"
    return "tentative" if event.get("status") == "tentative" else "busy"


def _guest(one: Event) -> Event:
    kind = "resource" if one.get("resource") else "optional" if one.get("optional") else "required"
    response = STATUSES.get(one.get("responseStatus", ""), "none")
    who = {"address": one["email"], "name": one.get("displayName", one["email"])}
    return {"type": kind, "emailAddress": who, "status": {"response": response, "time": NEVER}}
