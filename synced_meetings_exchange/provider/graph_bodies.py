"""Values of ours as Graph's JSON, and nothing else: the other direction of `graph_translate`.

https://learn.microsoft.com/graph/api/resources/event
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, Event, Response
from odoo.addons.synced_meetings.sync.reading import clean, email
from odoo.addons.synced_meetings.sync.rules import instant_of, local

from . import property_names
from .graph_html import with_blob
from .graph_recurrence import recurrence_of
from .graph_translate import SHOW_AS
from .zones import microsoft

Body = dict[str, Any]

MOST_GUESTS = 500
PLACE = ("isAllDay", "start", "end", "recurrence")  # what moves together
QUIET = frozenset({"showAs"})  # the owner's own: changing it mails nobody
TEAMS: Body = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
SHOWN = {ours: theirs for theirs, ours in SHOW_AS.items() if theirs != "unknown"}
VERBS: dict[Response, str] = {
    "accepted": "accept",
    "tentative": "tentativelyAccept",
    "declined": "decline",
}
# By it an event is found that was made before the answer was lost; transactionId is not searched.
KEY = f"String {{{property_names.SET}}} Name {property_names.KEY}"


def new_key() -> str:
    """Return a fresh client key."""
    return uuid.uuid4().hex


def uid_of(client_key: str) -> str:
    """Return a UID for an event until Graph, which lets nobody choose it, has given its own."""
    return f"{client_key}@synced-meetings"


def insertion(event: Event, client_key: str) -> Body:
    """Return the body that makes an event. Raises `Rejected`."""
    _check_number(event.attendees)
    body = {name: value for name, value in _content(event).items() if value is not None}
    key = {"id": KEY, "value": client_key}
    body |= {"transactionId": client_key, "singleValueExtendedProperties": [key]}
    body |= TEAMS if event.conference else {}
    return body | {"attendees": [_entry(one) for one in event.attendees]}


def patch(old: Event | None, new: Event, now: Mapping[str, Any] | None = None) -> Body:
    """Return the body of a PATCH: what differs, and only that. Raises `Rejected`.

    ``now`` is the event as Graph has it, where `reads` says that it matters.
    """
    before, after = _content(old) if old else {}, _content(new)
    body = {
        name: value for name, value in after.items() if name not in before or before[name] != value
    }
    if body.keys() & set(PLACE):
        repeats = bool(new.rule or (old and old.rule))
        body |= {name: after[name] for name in PLACE if name != "recurrence" or repeats}
    if new.conference and not (old and old.conference):
        body |= TEAMS
    if now is not None and "body" in body:
        current = now.get("body")
        held = str(current.get("content") or "") if isinstance(current, dict) else ""
        body["body"] = _html(with_blob(new.description, held))
    if invites(old, new):
        body["attendees"] = _guests(old, new, (now or {}).get("attendees") or [])
    return body


def reads(old: Event | None, new: Event) -> bool:
    """Whether a PATCH replaces what only Graph knows whole: its guests, a meeting's way to join."""
    if old is None or invites(old, new):
        return True
    return bool(old.conference_url) and old.description != new.description


def invites(old: Event | None, new: Event) -> bool:
    """Whether an update touches the guests; their answers are theirs."""
    return old is None or _people(old.attendees) != _people(new.attendees)


def guests(event: Event | None, own: str = "") -> frozenset[str]:
    """Return who would be mailed about an event: all but its owner."""
    if event is None:
        return frozenset()
    return frozenset(a.email for a in event.attendees) - {event.organiser, own}


def _content(event: Event) -> Body:
    """Return all that is written but the attendees; None where there is nothing."""
    return {
        "subject": event.name,
        "location": {"displayName": event.location},
        "body": _html(event.description),
        "sensitivity": "normal" if event.privacy == "public" else "private",
        "showAs": SHOWN[event.show_as],
        "isAllDay": event.when.allday,
        "start": _point(event.when.start, event.when.zone),
        "end": _point(event.when.end, event.when.zone),
        "recurrence": recurrence_of(event.when, event.rule),
    }


def _html(description: str) -> Body:
    return {"contentType": "html", "content": description}


def _point(moment: datetime | date, zone: str) -> Body:
    """Return a dateTimeTimeZone: wall time in the event's zone, so that it repeats rightly."""
    if not isinstance(moment, datetime):
        return {"dateTime": f"{moment.isoformat()}T00:00:00", "timeZone": microsoft(zone)}
    wall = local(moment, zone)
    if instant_of(wall, zone) != moment:  # the second of two equal hours can only be said in UTC
        wall, zone = local(moment, ""), ""
    return {"dateTime": wall.isoformat(timespec="seconds"), "timeZone": microsoft(zone)}


def _entry(attendee: Attendee) -> Body:
    """Return somebody new."""
    if not attendee.email:
        raise Rejected("no_address", attendee.name)
    name = {"name": attendee.name} if attendee.name else {}
    return {"type": attendee.kind, "emailAddress": {"address": attendee.email, **name}}


def _guests(old: Event | None, new: Event, entries: Sequence[Any]) -> list[Body]:
    """Return the whole list, as a PATCH replaces it: Graph's own entries with what differs."""
    before, after = _people(old.attendees if old else ()), _people(new.attendees)
    shown = [(_key(entry), entry) for entry in entries if isinstance(entry, dict)]
    gone = before.keys() - after.keys()
    people = {(a.email, "" if a.email else a.name): a for a in new.attendees}
    found = [
        entry if after.get(key) in (None, before.get(key)) else _entry(people[key])
        for key, entry in shown
        if key not in gone
    ]
    known = {key for key, _ in shown}
    found += [_entry(one) for key, one in people.items() if key not in known]
    if len(found) > len(entries):
        _check_number(found)
    return found


def _key(entry: Body) -> tuple[str, str]:
    person = entry.get("emailAddress")
    written = person.get("address") if isinstance(person, dict) else ""
    found = email(written) if isinstance(written, str) and "@" in written else ""
    return found, "" if found or not isinstance(person, dict) else clean(person.get("name"))


def _people(attendees: Iterable[Attendee]) -> dict[tuple[str, str], tuple[str, str]]:
    return {(a.email, "" if a.email else a.name): (a.name, a.kind) for a in attendees}


def _check_number(people: Sequence[Any]) -> None:
    if len(people) > MOST_GUESTS:
        raise Rejected("too_many_guests", len(people))
