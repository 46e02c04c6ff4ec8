"""Google's JSON as values of ours, and nothing else: no request, no clock.

https://developers.google.com/workspace/calendar/api/v3/reference/events
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import (
    Access,
    Attendee,
    Bad,
    Calendar,
    Event,
    Kind,
    Remote,
    Response,
    ShowAs,
    State,
    When,
)
from odoo.addons.synced_meetings.sync.reading import (
    BODY,
    choice,
    clean,
    email,
    is_zone,
    link,
    name,
    rejected,
    source,
    storable,
)
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id

from . import values
from .values import Json

DAY = timedelta(days=1)
NOISE = frozenset({"birthday", "focusTime", "workingLocation"})
STATES: dict[str, State] = {s: s for s in ("confirmed", "tentative", "cancelled")}
SHOW_AS: dict[str, ShowAs] = {"opaque": "busy", "transparent": "free"}
FINER = "syncedShowAs"  # our own property, for what Google has no word for
FINE: dict[str, ShowAs] = {s: s for s in ("tentative", "oof", "elsewhere")}
RESPONSES: dict[str, Response] = {
    "needsAction": "needs_action",
    "accepted": "accepted",
    "tentative": "tentative",
    "declined": "declined",
}
ACCESS: dict[str, Access] = {
    "owner": "owner",
    "writer": "writer",
    "writerWithoutPrivateAccess": "writer",
    "reader": "reader",
}
OPEN = (None, "default", "public")
RULES = ("RRULE", "RDATE", "EXDATE", "EXRULE")
ROOMS = "@resource.calendar.google.com"
NOBODY = "unknownorganizer@calendar.google.com"  # what Google shows for one it hides


def remote_of(item: object, calendar_zone: str, role: str = "") -> Remote:
    """Return one item of events.list or events.get; ``role`` is the page's ``accessRole``.

    Raises `Rejected` and nothing else, whatever the item is.
    """
    if not isinstance(item, dict):
        raise rejected("not_an_object", item)
    key = name(item.get("id"), "no_id")
    calendar_zone = calendar_zone if is_zone(calendar_zone) else "UTC"
    series, occurrence = _occurrence(item, calendar_zone)
    state = choice(item.get("status"), STATES, "confirmed")
    # At Google the id that we choose on insert is the client key.
    identity: dict[str, Any] = {
        "id": key,
        "change_key": clean(item.get("etag")),
        "series": series,
        "recurrence_id": occurrence,
        "client_key": "" if series else key,
    }
    if state == "cancelled":
        return Remote(event=None, **identity)
    return _copy(item, identity, _event(item, state, calendar_zone), role)


def _copy(item: Json, identity: dict[str, Any], event: Event, role: str) -> Remote:
    hidden = _hidden(item, role)
    return Remote(
        event=event,
        organises=_organises(item, event, hidden),
        redacted=hidden or item.get("attendeesOmitted") is True,
        self_email=_own_address(item),
        url=link(item.get("htmlLink"), "https://", "http://"),
        **identity,
    )


def bad_of(item: object, error: Rejected) -> Bad:
    """Return what the quarantine keeps of an event that could not be read."""
    key = item.get("id") if isinstance(item, dict) else ""
    shown = storable(key[:1024]) if isinstance(key, str) else ""
    return Bad(shown, error.reason, error.value, _payload(item))


def is_noise(item: object) -> bool:
    """Whether this is no meeting but a birthday, a place of work or time for oneself."""
    kind = item.get("eventType") if isinstance(item, dict) else None
    return isinstance(kind, str) and kind in NOISE


def calendar_of(item: Json) -> Calendar:
    """Return an entry of calendarList.list; raises `Rejected` where it has no id.

    https://developers.google.com/workspace/calendar/api/v3/reference/calendarList
    """
    key = name(item.get("id"), "no_id")
    role, named = item.get("accessRole"), item.get("timeZone")
    return Calendar(
        remote_id=key,
        name=clean(item.get("summaryOverride")) or clean(item.get("summary")) or key,
        primary=item.get("primary") is True,
        # The least of all where Google grants something new.
        access=ACCESS.get(role, "busy") if isinstance(role, str) else "busy",
        zone=named if isinstance(named, str) and is_zone(named) else "",
        owner=_owner(item, key),
    )


def _owner(item: Json, key: str) -> str:
    # Secondary calendars name their owner; a primary one has its owner's address as id.
    owner = item.get("dataOwner") or ("" if key.endswith("calendar.google.com") else key)
    try:
        return email(owner)
    except Rejected:
        return ""


def _event(item: Json, state: State, calendar_zone: str) -> Event:
    key = item.get("recurringEventId") or item["id"]
    return Event(
        uid=clean(item.get("iCalUID"), 1024) or f"{key}@google.com",
        when=_when(item, calendar_zone),
        name=clean(item.get("summary")),
        location=clean(item.get("location")),
        description=clean(item.get("description"), BODY),
        organiser=_organiser(item),
        attendees=_attendees(item),
        rule=() if item.get("recurringEventId") else _rule(item.get("recurrence")),
        state=state,
        # Unknown levels count as private: nobody is shown more than its owner allowed.
        privacy="public" if item.get("visibility") in OPEN else "private",
        show_as=_show_as(item),
        conference_url=_conference(item),
        conference=_has_conference(item),
        attachments=_attached(item),
    )


def _when(item: Json, calendar_zone: str) -> When:
    start = values.point(item.get("start"), calendar_zone, "no_start")
    if item.get("end") is None and item.get("endTimeUnspecified") is True:
        end = start
    else:
        end = values.point(item.get("end"), calendar_zone, "no_end")
    allday = not isinstance(start, datetime)
    if allday is isinstance(end, datetime):
        raise rejected("mixed_allday", {"start": item["start"], "end": item["end"]})
    if end < start:
        raise rejected("end_before_start", f"{start} > {end}")
    if allday:  # floating: it has a zone only where one is named (RFC 5545 3.3.4)
        return When(start, max(end, start + DAY), values.zone(item["start"], ""))
    return When(start, end, values.zone(item["start"], calendar_zone))


def _occurrence(item: Json, calendar_zone: str) -> tuple[str, str]:
    """Return (series, recurrence id) of an instance, moved or not (``originalStartTime``)."""
    if item.get("recurringEventId") is None:
        return "", ""
    series = name(item["recurringEventId"], "bad_recurrence_id")
    original = item.get("originalStartTime")
    try:
        start = values.point(original, calendar_zone, "bad_recurrence_id")
    except Rejected:
        raise rejected("bad_recurrence_id", original) from None
    return series, recurrence_id(start)


def _rule(lines: object) -> tuple[str, ...]:
    if lines is None:
        return ()
    if not isinstance(lines, list):
        raise rejected("bad_rule", lines)
    return tuple(_rule_line(line) for line in lines)


def _rule_line(line: object) -> str:
    text = clean(line, BODY, "bad_rule")
    if not text.upper().startswith(RULES):
        raise rejected("bad_rule", line)
    return text


def _show_as(item: Json) -> ShowAs:
    shown: ShowAs = choice(item.get("transparency"), SHOW_AS, "busy")
    if item.get("eventType") == "outOfOffice":
        return "oof"
    kept = item.get("extendedProperties")
    private = kept.get("private") if isinstance(kept, dict) else None
    finer = private.get(FINER) if isinstance(private, dict) else None
    return FINE.get(finer, shown) if shown == "busy" and isinstance(finer, str) else shown


def _organiser(item: Json) -> str:
    person = item.get("organizer")
    if person is None:
        return ""
    if not isinstance(person, dict):
        raise rejected("bad_attendee", person)
    found = email(person.get("email"))
    return "" if found == NOBODY else found


def _organises(item: Json, event: Event, hidden: bool) -> bool:
    """Whether the organiser's copy is the one in this calendar."""
    person = item.get("organizer")
    if person:
        return person.get("self") is True
    # Nobody was invited and nobody invited: an entry that its owner made for himself.
    return not event.attendees and not hidden


def _attendees(item: Json) -> tuple[Attendee, ...]:
    people = item.get("attendees")
    if people is None:
        return ()
    if not isinstance(people, list):
        raise rejected("bad_attendee", people)
    found: dict[tuple[str, str], Attendee] = {}
    for person in people:
        attendee = _attendee(person)
        found.setdefault((attendee.email, "" if attendee.email else attendee.name), attendee)
    found.pop(("", ""), None)  # neither address nor name: nobody
    return tuple(found.values())


def _attendee(person: object) -> Attendee:
    if not isinstance(person, dict):
        raise rejected("bad_attendee", person)
    address = email(person.get("email"))
    return Attendee(
        email=address,
        name=clean(person.get("displayName")),
        response=choice(person.get("responseStatus"), RESPONSES, "needs_action"),
        kind=_kind(person, address),
    )


def _kind(person: Json, address: str) -> Kind:
    if person.get("resource") is True or address.endswith(ROOMS):
        return "resource"
    return "optional" if person.get("optional") is True else "required"


def _own_address(item: Json) -> str:
    people = item.get("attendees") or ()
    return next((email(p.get("email")) for p in people if p.get("self") is True), "")


def _hidden(item: Json, role: str) -> bool:
    """Whether Google shows only the time of this event, for want of rights.

    https://developers.google.com/workspace/calendar/api/v3/reference/events/list (accessRole)
    """
    if role == "freeBusyReader":
        return True
    if role in ("owner", "writer") or "summary" in item or item.get("visibility") in OPEN:
        return False
    return role != "" or "organizer" not in item


def _conference(item: Json) -> str:
    """Return where to join by video (https only)."""
    data = item.get("conferenceData")
    entries = data.get("entryPoints") if isinstance(data, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and entry.get("entryPointType") == "video":
            return link(entry.get("uri"), "https://")
    return link(item.get("hangoutLink"), "https://")


def _has_conference(item: Json) -> bool:
    """Whether there is a way to join, or Google is still making one."""
    data = item.get("conferenceData")
    asked = data.get("createRequest") if isinstance(data, dict) else None
    status = asked.get("status") if isinstance(asked, dict) else None
    pending = isinstance(status, dict) and status.get("statusCode") == "pending"
    return pending or bool(_conference(item))


def _attached(item: Json) -> tuple[tuple[str, str], ...]:
    files = item.get("attachments")
    return tuple(
        (clean(one.get("title")), link(one.get("fileUrl"), "https://"))
        for one in (files if isinstance(files, list) else ())
        if isinstance(one, dict)
    )


def _payload(item: object) -> str:
    """Return the source of a malformed event, cut where long; of a private one its outline."""
    if isinstance(item, dict) and item.get("visibility") not in OPEN:
        item = {key: item.get(key) for key in ("id", "status", "start", "end", "visibility")}
    return source(item)
