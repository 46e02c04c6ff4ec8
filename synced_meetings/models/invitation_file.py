"""The calendar file of an invitation: an iTIP message (RFC 5546) for one person."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import vobject

from odoo.tools import html2plaintext

from odoo.addons.synced_meetings.sync import rules
from odoo.addons.synced_meetings.sync.clocks import clocks
from odoo.addons.synced_meetings.sync.event import Event, Window
from odoo.addons.synced_meetings.sync.written import written

PARTSTAT = {
    "needs_action": "NEEDS-ACTION",
    "accepted": "ACCEPTED",
    "tentative": "TENTATIVE",
    "declined": "DECLINED",
}
ROLES = {
    "required": "REQ-PARTICIPANT",
    "optional": "OPT-PARTICIPANT",
    "resource": "NON-PARTICIPANT",
}
STAMP = "%Y%m%dT%H%M%S"
AHEAD = 30  # years for which a file says how the clocks go


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a file: a single meeting, a series, or one occurrence of a series.

    ``without`` are the wall times at which a series does not take place, ``zone`` is the one in
    which a series is written, single meetings need none; ``window`` is where occurrences are kept.
    """

    event: Event
    rid: str = ""
    zone: str = ""
    without: tuple[datetime, ...] = ()
    window: Window | None = None

    def is_zoned(self):
        """Whether times are written in a zone of their own."""
        return self.zone not in ("", "UTC")

    def wall(self, moment):
        """Return an instant as wall time of the zone; midnight for a date."""
        if not isinstance(moment, datetime):
            return datetime.combine(moment, time())
        return rules.local(moment, self.zone)

    def stamp(self, wall):
        """Return a wall time as a file writes it (RFC 5545 3.3.4, 3.3.5)."""
        if self.event.when.allday:
            return f"{wall:%Y%m%d}"
        if self.is_zoned():
            return f"{wall:{STAMP}}"
        return f"{wall:{STAMP}}Z"


@dataclass(frozen=True, slots=True)
class Message:
    """What the entries of a file have in common."""

    method: str
    sequence: int
    now: datetime
    organiser: str
    organiser_name: str


def calendar_file(message, entries):
    """Return the bytes of a calendar file."""
    calendar = vobject.iCalendar()
    calendar.add("method").value = message.method
    for zone in sorted({entry.zone for entry in entries if entry.is_zoned()}):
        _add_zone(calendar, zone, entries)
    for entry in entries:
        _add_event(calendar, message, entry)
    return calendar.serialize().encode()


def one_line(text):
    """Return a text as one line: a second one could be a header, or a property."""
    return " ".join((text or "").split())


def _add_event(calendar, message, entry):
    said, event = entry.event, calendar.add("vevent")
    event.add("uid").value = one_line(said.uid)
    event.add("dtstamp").value = message.now
    event.add("sequence").value = str(message.sequence)
    _add_times(event, "dtstart", entry, [entry.wall(said.when.start)])
    _add_times(event, "dtend", entry, [entry.wall(said.when.end)])
    if entry.rid:
        _add_times(event, "recurrence-id", entry, [rules.wall_time(entry.rid, "", entry.zone)])
    if said.rule:
        _add_recurrence(event, entry)
    cancelled = message.method == "CANCEL"
    event.add("status").value = "CANCELLED" if cancelled else said.state.upper()
    _add_texts(event, said)
    _add_people(event, message, said)


def _add_texts(event, said):
    event.add("summary").value = said.name
    if said.location:
        event.add("location").value = said.location
    if said.description:
        event.add("description").value = html2plaintext(said.description)


def _add_people(event, message, said):
    if message.organiser:
        organiser = event.add("organizer")
        organiser.value = f"mailto:{one_line(message.organiser)}"
        organiser.params["CN"] = [_quoted(message.organiser_name or message.organiser)]
    for person in said.attendees:
        attendee = event.add("attendee")
        attendee.value = f"mailto:{one_line(person.email)}"
        attendee.params["CN"] = [_quoted(person.name or person.email)]
        attendee.params["ROLE"] = [ROLES[person.kind]]
        attendee.params["PARTSTAT"] = [PARTSTAT[person.response]]
        attendee.params["RSVP"] = ["TRUE"]


def _add_recurrence(event, entry):
    lines = written(entry.event.when, entry.event.rule, entry.window, entry.without)
    for rule in lines.rules:
        event.add("rrule").value = rule
    for name, walls in (("rdate", lines.added), ("exdate", lines.excluded)):
        if walls:
            _add_times(event, name, entry, walls)


def _add_times(event, name, entry, walls):
    """Add wall times as dates, as times of their zone, or in UTC where there is none."""
    line = event.add(name)
    line.isNative = False  # as it is written here, whatever the library would make of it
    if entry.event.when.allday:
        line.params["VALUE"] = ["DATE"]
    elif entry.is_zoned():
        line.params["TZID"] = [entry.zone]
    line.value = ",".join(entry.stamp(wall) for wall in walls)


def _add_zone(calendar, zone, entries):
    """Say how the clocks of a zone go, each change by itself; older ones are left out."""
    spans = [entry.event.when for entry in entries if not entry.event.when.allday]
    if not spans:
        return
    first = min(when.start.year for when in spans) - 1
    last = max(when.end.year for when in spans) + AHEAD
    added = calendar.add("vtimezone")
    added.isNative = False
    added.add("tzid").value = zone
    alike = defaultdict(list)
    for clock in clocks(zone, first, last):
        alike[clock.before, clock.after, clock.name, clock.summer].append(clock.at)
    for (before, after, name, summer), moments in alike.items():
        part = added.add("daylight" if summer else "standard")
        part.add("tzoffsetfrom").value = _offset(before)
        part.add("tzoffsetto").value = _offset(after)
        part.add("tzname").value = name
        for kind, walls in (("dtstart", moments[:1]), ("rdate", moments[1:])):
            if walls:
                line = part.add(kind)
                line.isNative = False
                line.value = ",".join(f"{wall:{STAMP}}" for wall in walls)


def _offset(offset):
    """Return an offset from UTC as a file writes it (RFC 5545 3.3.14)."""
    sign, seconds = "-" if offset < timedelta() else "+", abs(int(offset.total_seconds()))
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{sign}{hours:02}{minutes:02}" + (f"{rest:02}" if rest else "")


def _quoted(name):
    """Return a name as a parameter may hold it (RFC 5545 3.2)."""
    return "".join(c for c in name if c.isprintable() and c not in '"').strip()
