"""Values of ours as Google's JSON, and nothing else: the other direction of `translate`.

https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timezone
from typing import Any

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, Event, Remote, Response, When
from odoo.addons.synced_meetings.sync.reading import clean, email
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings.sync.rules import UNREADABLE, instant_of, wall_time

from .translate import FINE, FINER, RESPONSES

Body = dict[str, Any]

MOST_GUESTS = 200  # above, answers reach nobody but the organiser (attendees[].responseStatus)
PLACE = ("start", "end", "recurrence")  # what moves together
WORDS = {ours: theirs for theirs, ours in RESPONSES.items()}
# A patch merges objects: the form that an event no longer has must be taken away.
NO_TIME = {"dateTime": None, "timeZone": None}
NO_DATE = {"date": None}
DAY_END = time(23, 59, 59)


def new_key() -> str:
    """Return a fresh client key: base32hex of 128 random bits, as Google wants an event's id."""
    return base64.b32hexencode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def uid_of(client_key: str) -> str:
    """Return the iCalendar UID that Google gives to an event made with this key."""
    return f"{client_key}@google.com"


def occurrence_id(series: str, recurrence_id: str) -> str:
    """Return the id of an occurrence, the second half of a split series not excepted."""
    return f"{series.partition('_R')[0]}_{recurrence_id}"


def id_of(copy: Remote) -> str:
    """Return by which id Google knows a copy, even if it was never seen there."""
    if not copy.id and copy.series and copy.recurrence_id:
        return occurrence_id(copy.series, copy.recurrence_id)
    return copy.id or copy.client_key


def insertion(event: Event, client_key: str) -> Body:
    """Return the body of events.insert. Raises `Rejected`."""
    body = {name: value for name, value in _content(event).items() if value is not None}
    if event.show_as not in FINE:
        del body["extendedProperties"]
    if event.conference:
        body |= conference(client_key)
    if event.attendees:
        _check_number(event.attendees)
        body["attendees"] = [_entry(attendee) for attendee in event.attendees]
    return body | {"id": client_key}


def patch(old: Event | None, new: Event, guests: Sequence[Body] | None = None) -> Body:
    """Return the body of events.patch: what differs, and only that. Raises `Rejected`.

    ``guests`` are the attendees as Google has them now, where `invites` says so.
    """
    before, after = _content(old) if old else {}, _content(new)
    body = {
        name: value for name, value in after.items() if name not in before or before[name] != value
    }
    if body.keys() & PLACE:
        cleared = NO_TIME if new.when.allday else NO_DATE
        turned = old is None or old.when.allday != new.when.allday
        body |= {name: after[name] | (cleared if turned else {}) for name in ("start", "end")}
        body |= {"recurrence": after["recurrence"]} if new.rule else {}
    if old and old.show_as != new.show_as:
        body |= _shown(new)  # an older word may stand beside what was changed in the calendar
    if new.conference and not (old and old.conference):
        body |= conference(new_key())
    if guests is not None:
        body["attendees"] = _guests(old, new, guests)
    return body


def conference(key: str) -> Body:
    """Return what asks Google for a Meet; the same key twice makes one only."""
    solution = {"type": "hangoutsMeet"}
    return {
        "conferenceData": {"createRequest": {"requestId": key, "conferenceSolutionKey": solution}}
    }


def invites(old: Event | None, new: Event) -> bool:
    """Whether an update touches the attendees."""
    return old is None or _people(old.attendees) != _people(new.attendees)


def answer(own_email: str, response: Response) -> Body:
    """Return the body of events.patch that changes one's own answer and nothing else.

    https://developers.google.com/workspace/calendar/api/v3/reference/events (attendeesOmitted)
    """
    # Known limit: the own entry is replaced, so that a comment or additional guests given in
    # Google Calendar with an earlier answer are gone.
    own = {"email": own_email, "responseStatus": WORDS[response]}
    return {"attendees": [own], "attendeesOmitted": True}


def _content(event: Event) -> Body:
    """Return all that is written but the attendees; None where there is nothing."""
    return {
        "summary": event.name,
        "location": event.location,
        "description": event.description,
        "status": event.state,
        "visibility": "default" if event.privacy == "public" else "private",
        **_shown(event),
        "start": _point(event.when.start, event.when.zone),
        "end": _point(event.when.end, event.when.zone),
        "recurrence": [_line(line, event.when) for line in event.rule] or None,
    }


def _shown(event: Event) -> Body:
    """Return what the time counts as: Google knows two words, the others stand beside."""
    finer = event.show_as if event.show_as in FINE else None
    return {
        "transparency": "transparent" if event.show_as == "free" else "opaque",
        "extendedProperties": {"private": {FINER: finer}},
    }


def _point(moment: datetime | date, zone: str) -> Body:
    """Return an EventDateTime; a date has no zone there."""
    if not isinstance(moment, datetime):
        return {"date": moment.isoformat()}
    # The instant is exact, also in an hour that exists twice; the zone says where it repeats.
    utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return {"dateTime": f"{utc.isoformat(timespec='seconds')}Z", "timeZone": zone or "UTC"}


def _line(line: str, when: When) -> str:
    """Return a recurrence line as Google takes it: its ends in UTC, its times with a zone."""
    head, colon, value = line.partition(":")
    name = head.upper()
    if name.startswith(("RRULE", "EXRULE")):
        return f"{head}:{';'.join(_until(part, when) for part in value.split(';'))}"
    local = "T" in value.upper() and not value.upper().endswith("Z")
    if local and "TZID" not in name and when.zone and not when.allday:
        return f"{head};TZID={when.zone}:{value}"
    return f"{head}{colon}{value}"


def _until(part: str, when: When) -> str:
    """Return UNTIL as a date of whole days, else in UTC (RFC 5545 3.3.10)."""
    name, _, stamp = part.partition("=")
    if name.upper() != "UNTIL" or (stamp.upper().endswith("Z") and not when.allday):
        return part
    if when.allday:
        return f"UNTIL={stamp[:8]}"
    try:
        wall = wall_time(stamp, "", when.zone)
        last = datetime.combine(wall, DAY_END) if len(stamp) == 8 else wall
        return f"UNTIL={recurrence_id(instant_of(last, when.zone))}"
    except UNREADABLE as error:
        raise Rejected("bad_rule", part) from error


def _entry(attendee: Attendee) -> Body:
    """Return somebody new."""
    if not attendee.email:
        raise Rejected("no_address", attendee.name)
    kind = {} if attendee.kind == "required" else {attendee.kind: True}
    name = {"displayName": attendee.name} if attendee.name else {}
    return {"email": attendee.email, "responseStatus": WORDS[attendee.response], **name, **kind}


def _guests(old: Event | None, new: Event, entries: Sequence[Body]) -> list[Body]:
    """Return the whole list, as a patch replaces it: Google's own entries with what differs.

    Only so is kept what no `Attendee` holds: comments, additional guests, people without an
    address.
    """
    before, after = _people(old.attendees if old else ()), _people(new.attendees)
    shown = [(_key(entry), entry) for entry in entries]
    gone = before.keys() - after.keys() - {(new.organiser, "")}
    found = [
        dict(entry) | _differences(before.get(key), after.get(key))
        for key, entry in shown
        if key not in gone
    ]
    known = {key for key, _ in shown}
    found += [_entry(one) for key, one in after.items() if key not in known]
    if len(found) > len(entries):
        _check_number(found)
    return found


def _key(entry: Body) -> tuple[str, str]:
    found = email(entry.get("email"))
    return found, "" if found else clean(entry.get("displayName"))


def _people(attendees: Iterable[Attendee]) -> dict[tuple[str, str], Attendee]:
    return {(one.email, "" if one.email else one.name): one for one in attendees}


def _differences(old: Attendee | None, new: Attendee | None) -> Body:
    if new is None or old == new:
        return {}
    changed: Body = {}
    if old is None or old.response != new.response:
        changed["responseStatus"] = WORDS[new.response]
    if old is None or old.name != new.name:
        changed["displayName"] = new.name
    if old is None or old.kind != new.kind:
        changed |= {"optional": new.kind == "optional", "resource": new.kind == "resource"}
    return changed


def _check_number(people: Sequence[Mapping[str, Any] | Attendee]) -> None:
    if len(people) > MOST_GUESTS:
        raise Rejected("too_many_guests", len(people))
