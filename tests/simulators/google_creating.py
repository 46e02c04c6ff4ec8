"""events.insert and events.import.

https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
https://developers.google.com/workspace/calendar/api/v3/reference/events/import
"""

from __future__ import annotations

from .google_edit import Edit, check_sequence, may_write
from .google_errors import duplicate, invalid, not_found, required
from .google_events import (
    CLIENT_ID,
    check_type,
    completed,
    fresh,
    new_id,
    organiser_of,
    person,
    with_conference,
    writable,
)
from .google_guests import check_invitations, spread, store
from .google_instances import instance_id, locate, save_exception
from .google_mails import tell
from .google_schema import EVENT, check
from .google_world import Calendar, Copy, Event


def insert(edit: Edit, body: Event) -> Copy:
    """Create an event (events.insert)."""
    may_write(edit)
    check(body, EVENT, "event")
    identity, uid = _identity(edit, body)
    check_type(body.get("eventType") or "default")
    event = fresh(edit.world, edit.calendar, edit.user, identity, uid) | writable(body)
    return _create(edit, with_conference(event, edit.conference))


def _create(edit: Edit, event: Event) -> Copy:
    if event.get("status") == "cancelled":
        raise invalid("Invalid value for: status of a new event")
    event = completed(event, edit.calendar)
    check_invitations(edit, None, event)
    copy = store(edit.world, edit.calendar, event)
    spread(edit, copy, None)
    tell(edit, None, copy.data)
    return copy


def _identity(edit: Edit, body: Event) -> tuple[str, str | None]:
    identity, uid = body.get("id"), body.get("iCalUID")
    if uid in edit.calendar.uids:
        raise duplicate()  # a deleted event keeps that, too
    if identity is None:
        return new_id(edit.world), uid
    if not CLIENT_ID.fullmatch(identity):
        raise invalid("Invalid resource id value.")
    if uid and uid != f"{identity}@google.com":
        raise invalid("Only one of id and iCalUID may be given.")
    if identity in edit.calendar.copies:
        raise duplicate()  # a deleted event keeps its id
    return identity, uid


def import_(edit: Edit, body: Event) -> Copy:
    """Add or renew a private copy of an event from elsewhere (events.import)."""
    may_write(edit)
    check(body, EVENT, "event")
    uid = body.get("iCalUID")
    if not uid:
        raise required("Missing iCal UID.")
    known = edit.calendar.uids.get(uid)
    if known and body.get("originalStartTime"):
        return _import_exception(edit, edit.calendar.copies[known], body)
    if known:
        return _reimport(edit, edit.calendar.copies[known], body)
    identity = new_id(edit.world)
    event = fresh(edit.world, edit.calendar, edit.user, identity, uid) | writable(body)
    event |= {"eventType": "default", "organizer": imported_organiser(edit.calendar, body)}
    event = with_conference(event, edit.conference)
    return store(edit.world, edit.calendar, completed(event, edit.calendar))


def imported_organiser(calendar: Calendar, body: Event) -> Event:
    """Return the organiser that an import names, or the calendar."""
    given = body.get("organizer") or {}
    if not given.get("email"):
        return organiser_of(calendar)
    return person(given["email"].lower(), given.get("displayName", ""), calendar)


def _reimport(edit: Edit, old: Copy, body: Event) -> Copy:
    check_sequence(old.data, body)
    event = {**old.data, "status": "confirmed", **writable(body)}
    return store(edit.world, edit.calendar, completed(event, edit.calendar))


def _import_exception(edit: Edit, master: Copy, body: Event) -> Copy:
    start = completed(
        {"start": body["originalStartTime"], "end": body["originalStartTime"]}, edit.calendar
    )
    for one in master.series(edit.calendar).originals():
        unedited = locate(edit.calendar, instance_id(edit.calendar, master, one))
        if unedited and unedited.data["originalStartTime"] == start["start"]:
            event = {**unedited.data, **writable(body)}
            return save_exception(edit.world, edit.calendar, completed(event, edit.calendar))
    raise not_found()
