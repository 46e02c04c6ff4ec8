"""The writing methods of the events collection.

https://developers.google.com/workspace/calendar/api/v3/reference/events#methods
"""

from __future__ import annotations

from typing import Any

from .google_errors import (
    ApiError,
    duplicate,
    forbidden,
    gone,
    invalid,
    not_found,
    not_organizer,
    required,
    stale,
)
from .google_events import (
    CLIENT_ID,
    TIMING,
    check_type,
    completed,
    fresh,
    new_id,
    organiser_of,
    patched,
    person,
    with_conference,
    writable,
)
from .google_guests import (
    PERSONAL,
    Edit,
    answer,
    cancel,
    emails,
    mail,
    organisers_copy,
    personal,
    spread,
    store,
    tell,
)
from .google_instances import locate, save_exception
from .google_schema import EVENT, check
from .google_world import Calendar, Copy, Event, at_least

BOOKKEEPING = frozenset("etag updated created htmlLink sequence attendeesOmitted kind".split())


def insert(edit: Edit, body: Event) -> Copy:
    """Create an event (events.insert)."""
    _may_write(edit)
    check(body, EVENT, "event")
    identity, uid = _identity(edit, body)
    check_type(body.get("eventType") or "default")
    event = fresh(edit.world, edit.calendar, edit.user, identity, uid) | writable(body)
    return _create(edit, with_conference(event, edit.conference))


def _create(edit: Edit, event: Event) -> Copy:
    if event.get("status") == "cancelled":
        raise invalid("Invalid value for: status of a new event")
    copy = store(edit.world, edit.calendar, completed(event, edit.calendar))
    spread(edit, copy, None)
    tell(edit, None, copy.data)
    return copy


def _identity(edit: Edit, body: Event) -> tuple[str, str | None]:
    identity, uid = body.get("id"), body.get("iCalUID")
    if identity is None:
        return new_id(edit.world), uid
    if not CLIENT_ID.match(identity):
        raise invalid("Invalid resource id value.")
    if uid and uid != f"{identity}@google.com":
        raise invalid("Only one of id and iCalUID may be given.")
    if identity in edit.calendar.copies:
        raise duplicate()  # a deleted event keeps its id
    return identity, uid


def import_(edit: Edit, body: Event) -> Copy:
    """Add or renew a private copy of an event from elsewhere (events.import)."""
    _may_write(edit)
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
    _check_sequence(old.data, body)
    event = {**old.data, "status": "confirmed", **writable(body)}
    return store(edit.world, edit.calendar, completed(event, edit.calendar))


def _import_exception(edit: Edit, master: Copy, body: Event) -> Copy:
    start = completed({"start": body["originalStartTime"], "end": body["originalStartTime"]}, edit.calendar)
    for one in master.series(edit.calendar).originals():
        unedited = locate(edit.calendar, instance_id(edit.calendar, master, one))
        if unedited and unedited.data["originalStartTime"] == start["start"]:
            event = {**unedited.data, **writable(body)}
            return save_exception(edit.world, edit.calendar, completed(event, edit.calendar))
    raise not_found()


def instance_id(calendar: Calendar, master: Copy, moment: Any) -> str:
    """Return the id of an occurrence."""
    from .google_instances import instance

    return instance(calendar, master, moment)["id"]


def find(calendar: Calendar, identity: str) -> Copy:
    """Return an event, a series or an instance by id; raise where there is none."""
    copy = locate(calendar, identity)
    if copy is None:
        raise not_found()
    return copy


def check_match(copy: Copy, if_match: str | None) -> None:
    """Refuse a write that was based on an older state."""
    if if_match and if_match != "*" and if_match != copy.data["etag"]:
        raise stale()


def patch(edit: Edit, identity: str, body: Event, if_match: str | None = None) -> Copy:
    """Change some fields (events.patch)."""
    copy = _open(edit, identity, body, if_match)
    wanted = _own_answer(copy, body)
    return _change(edit, copy, patched(copy.data, writable(wanted)))


def update(edit: Edit, identity: str, body: Event, if_match: str | None = None) -> Copy:
    """Replace all fields (events.update)."""
    copy = _open(edit, identity, body, if_match)
    wanted = _own_answer(copy, body)
    kept = {name: copy.data[name] for name in copy.data if name not in EVENT or name not in writable(copy.data)}
    base = {"status": "confirmed", "eventType": copy.data["eventType"], "sequence": copy.data["sequence"]}
    return _change(edit, copy, {**base, **kept, **patched({}, writable(wanted))})


def _open(edit: Edit, identity: str, body: Event, if_match: str | None) -> Copy:
    _may_write(edit)
    check(body, EVENT, "event")
    copy = find(edit.calendar, identity)
    check_match(copy, if_match)
    _check_sequence(copy.data, body)
    if body.get("eventType", copy.data["eventType"]) != copy.data["eventType"]:
        raise ApiError(400, "eventTypeRestriction", "Event type cannot be changed.", "calendar")
    return copy


def _check_sequence(old: Event, body: Event) -> None:
    if (body.get("sequence") or old["sequence"]) < old["sequence"]:
        raise invalid("Invalid sequence value. The specified sequence number is below the current one.")


def _own_answer(copy: Copy, body: Event) -> Event:
    """Return the body with a full guest list; a shortened one changes one's own answer only."""
    if not body.get("attendeesOmitted") or not body.get("attendees"):
        return body
    own = {one["email"].lower(): one for one in body["attendees"] if one.get("email")}
    guests = [
        patched(one, own.get(one["email"], {})) if one.get("self") else one
        for one in copy.data.get("attendees", ())
    ]
    return {**body, "attendees": guests}


def _change(edit: Edit, copy: Copy, wanted: Event) -> Copy:
    wanted = with_conference(wanted, edit.conference, copy.data)
    if wanted["status"] == "cancelled":
        return copy if copy.cancelled else remove(edit, copy)
    wanted = completed(wanted, edit.calendar)
    if copy.master_id and "recurrence" in wanted:
        raise invalid("Recurrence cannot be set on an instance.")
    if copy.organised_here or organisers_copy(edit.world, copy) is None:
        return _organise(edit, copy, wanted)
    return _attend(edit, copy, wanted)


def _organise(edit: Edit, copy: Copy, wanted: Event) -> Copy:
    """Change the copy that decides for everybody; a foreign organiser's is read-only."""
    if not copy.organised_here and _foreign(copy.data, wanted):
        raise not_organizer()
    if any(copy.data.get(name) != wanted.get(name) for name in TIMING):
        wanted["sequence"] = max(wanted["sequence"], copy.data["sequence"] + 1)
    saved = _save(edit, copy, wanted)
    if copy.organised_here:
        before = None if copy.cancelled else copy.data
        spread(edit, saved, copy.data)
        tell(edit, before, saved.data)
    return saved


def _save(edit: Edit, copy: Copy, wanted: Event) -> Copy:
    names = {*copy.data, *wanted} - BOOKKEEPING
    changed = {name for name in names if copy.data.get(name) != wanted.get(name)}
    touched = changed != {"reminders"}  # reference: reminders do not change "updated"
    write = save_exception if copy.master_id else store
    saved = write(edit.world, edit.calendar, wanted, touched)
    if copy.master_id and "visibility" in changed:
        _restrict(edit, saved)
    return saved


def _restrict(edit: Edit, copy: Copy) -> None:
    """A stricter visibility of one instance holds for the series; a looser one is ignored."""
    master = edit.calendar.copies.get(copy.master_id or "")
    if master is None:
        return
    strict = ("private", "confidential")
    series, own = (one.data.get("visibility", "default") for one in (master, copy))
    if own in strict and series not in strict:
        store(edit.world, edit.calendar, {**master.data, "visibility": own})
    elif series in strict and own not in strict:
        save_exception(edit.world, edit.calendar, {**copy.data, "visibility": series})


def _foreign(old: Event, wanted: Event) -> bool:
    """Tell whether an edit touches more than the owner's own part of a copy."""
    mine = {*PERSONAL, *BOOKKEEPING, "extendedProperties", "attendees"}
    names = {*old, *wanted} - mine
    properties = [one.get("extendedProperties", {}).get("shared") for one in (old, wanted)]
    return (
        any(old.get(name) != wanted.get(name) for name in names)
        or properties[0] != properties[1]
        or _others(old) != _others(wanted)
    )


def _others(event: Event) -> list[Event]:
    """Return the guest list without the owner's own answer."""
    found = [one for one in event.get("attendees", ()) if not one.get("self")]
    return sorted(found, key=lambda one: one["email"])


def _attend(edit: Edit, copy: Copy, wanted: Event) -> Copy:
    """Change an attendee's copy; what everybody shares only where the organiser allows it."""
    if _foreign(copy.data, wanted):
        _change_for_all(edit, copy, wanted)
    saved = _save(edit, copy, wanted)
    own = next((one for one in wanted.get("attendees", ()) if one.get("self")), None)
    if own and own not in copy.data.get("attendees", ()):
        answer(edit, copy, own["email"], {k: v for k, v in own.items() if k not in ("self", "organizer")})
        mail(edit, copy.data["organizer"]["email"], "response", saved.data)
    return edit.calendar.copies[saved.id]


def _change_for_all(edit: Edit, copy: Copy, wanted: Event) -> None:
    new, old = emails(wanted), emails(copy.data)
    only_invites = new > old and not _foreign(copy.data, {**wanted, "attendees": copy.data["attendees"]})
    allowed = copy.data.get("guestsCanModify") or (
        only_invites and copy.data.get("guestsCanInviteOthers", True)
    )
    found = organisers_copy(edit.world, copy)
    if not allowed or not found:
        raise not_organizer()
    home, original = found
    mine = {*PERSONAL, *BOOKKEEPING, "extendedProperties", "organizer", "creator"}
    change = {k: v for k, v in wanted.items() if k not in mine and v != copy.data.get(k)}
    event = completed({**original.data, **change}, home)
    _organise(Edit(edit.world, edit.user, home, edit.send, edit.conference), original, event)


def delete(edit: Edit, identity: str, if_match: str | None = None) -> None:
    """Delete an event, a series or one instance (events.delete)."""
    _may_write(edit)
    copy = find(edit.calendar, identity)
    if copy.cancelled:
        raise gone()
    check_match(copy, if_match)
    remove(edit, copy)


def remove(edit: Edit, copy: Copy) -> Copy:
    """Cancel the organiser's copy for everybody; an attendee's deletion declines."""
    before = copy.data
    saved = cancel(edit.world, edit.calendar, copy)
    if copy.organised_here:
        spread(edit, saved, before)
        tell(edit, before, saved.data)
        return saved
    own = next((one["email"] for one in before.get("attendees", ()) if one.get("self")), None)
    if own:
        answer(edit, Copy(before), own, {"responseStatus": "declined"})
        mail(edit, before["organizer"]["email"], "response", saved.data)
    return saved


def move(edit: Edit, identity: str, target: Calendar) -> Copy:
    """Make another calendar the organiser of an event (events.move)."""
    _may_write(edit)
    _may_write(Edit(edit.world, edit.user, target))
    copy = find(edit.calendar, identity)
    if copy.master_id:
        raise ApiError(400, "cannotChangeOrganizerOfInstance", "Cannot change the organizer of an instance.", "calendar")
    if not copy.organised_here or copy.cancelled:
        raise not_organizer()
    if copy.data["eventType"] != "default":
        raise ApiError(400, "eventTypeRestriction", "Only default events can be moved.", "calendar")
    return _move(edit, copy, target)


def _move(edit: Edit, copy: Copy, target: Calendar) -> Copy:
    data = {**copy.data, "organizer": organiser_of(target), **personal(copy.data)}
    exceptions = edit.calendar.exceptions(copy.id)
    moved = store(edit.world, target, completed(data, target))
    for exception in exceptions:
        own = {**exception.data, "organizer": data["organizer"]}
        save_exception(edit.world, target, own)
    cancel(edit.world, edit.calendar, copy)
    away = Edit(edit.world, edit.user, target, edit.send)
    spread(away, moved, None)
    tell(away, copy.data, moved.data)
    return moved


def _may_write(edit: Edit) -> None:
    role = edit.world.role(edit.user, edit.calendar)
    if role == "none":
        raise not_found()
    if not at_least(role, "writerWithoutPrivateAccess"):
        raise forbidden("The user must have write access to the calendar.")
