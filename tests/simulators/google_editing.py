"""events.patch, events.update, events.delete and events.move.

https://developers.google.com/workspace/calendar/api/v3/reference/events#methods
"""

from __future__ import annotations

from .google_edit import Edit, check_match, check_sequence, find, may_write
from .google_errors import ApiError, gone, invalid, not_organizer
from .google_events import (
    READ_ONLY,
    TIMING,
    completed,
    organiser_of,
    patched,
    with_conference,
    writable,
)
from .google_guests import (
    PERSONAL,
    answer,
    cancel,
    check_invitations,
    organisers_copy,
    personal,
    spread,
    store,
)
from .google_instances import save_exception
from .google_mails import emails, mail, tell
from .google_schema import EVENT, check
from .google_world import Calendar, Copy, Event

BOOKKEEPING = {"etag", "updated", "created", "htmlLink", "sequence", "attendeesOmitted", "kind"}


def patch(edit: Edit, identity: str, body: Event, if_match: str | None = None) -> Copy:
    """Change some fields (events.patch)."""
    copy = _open(edit, identity, body, if_match)
    wanted = _own_answer(copy, body)
    return _change(edit, copy, patched(copy.data, writable(wanted)))


def update(edit: Edit, identity: str, body: Event, if_match: str | None = None) -> Copy:
    """Replace all fields (events.update)."""
    copy = _open(edit, identity, body, if_match)
    wanted = _own_answer(copy, body)
    kept = {n: v for n, v in copy.data.items() if n in READ_ONLY or n in ("eventType", "sequence")}
    base = {"status": "confirmed", "reminders": {"useDefault": True}, **kept}
    return _change(edit, copy, {**base, **patched({}, writable(wanted))})


def _open(edit: Edit, identity: str, body: Event, if_match: str | None) -> Copy:
    may_write(edit)
    check(body, EVENT, "event")
    copy = find(edit.calendar, identity)
    check_match(copy, if_match)
    check_sequence(copy.data, body)
    if body.get("eventType", copy.data["eventType"]) != copy.data["eventType"]:
        raise ApiError(400, "eventTypeRestriction", "Event type cannot be changed.", "calendar")
    return copy


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
    check_invitations(edit, copy.data, wanted)
    if any(copy.data.get(name) != wanted.get(name) for name in TIMING):
        wanted["sequence"] = max(wanted["sequence"], copy.data["sequence"] + 1)
    exceptions = _exceptions(edit, copy)
    saved = _save(edit, copy, wanted)
    if copy.organised_here:
        before = None if copy.cancelled else copy.data
        spread(edit, saved, copy.data)
        _bring_exceptions(edit, saved, exceptions)
        tell(edit, before, saved.data)
    return saved


def _exceptions(edit: Edit, copy: Copy) -> dict[str, Event]:
    """Return the exceptions of a series as they are now."""
    return {one.id: one.data for one in edit.calendar.exceptions(copy.id)}


def _bring_exceptions(edit: Edit, master: Copy, before: dict[str, Event]) -> None:
    """Tell who is invited to single occurrences only what became of them with their series."""
    for identity, old in before.items():
        now = edit.calendar.copies[identity]
        if not now.dropped or old["status"] == "cancelled":
            continue
        spread(edit, now, old)
        if master.cancelled:
            for email in sorted(emails(old) - emails(master.data)):
                mail(edit, email, "cancellation", now.data)
    for now in edit.calendar.exceptions(master.id):
        if now.id not in before:
            spread(edit, now, None)


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
        answer(
            edit,
            copy,
            own["email"],
            {k: v for k, v in own.items() if k not in ("self", "organizer")},
        )
        mail(edit, copy.data["organizer"]["email"], "response", saved.data)
    return edit.calendar.copies[saved.id]


def _change_for_all(edit: Edit, copy: Copy, wanted: Event) -> None:
    new, old = emails(wanted), emails(copy.data)
    only_invites = new > old and not _foreign(
        copy.data, {**wanted, "attendees": copy.data["attendees"]}
    )
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
    may_write(edit)
    copy = find(edit.calendar, identity)
    if copy.cancelled:
        raise gone()
    check_match(copy, if_match)
    remove(edit, copy)


def remove(edit: Edit, copy: Copy) -> Copy:
    """Cancel the organiser's copy for everybody; an attendee's deletion declines."""
    before = copy.data
    exceptions = _exceptions(edit, copy)
    saved = cancel(edit.world, edit.calendar, copy)
    if copy.organised_here:
        spread(edit, saved, before)
        _bring_exceptions(edit, saved, exceptions)
        tell(edit, before, saved.data)
        return saved
    own = next((one["email"] for one in before.get("attendees", ()) if one.get("self")), None)
    if own:
        answer(edit, Copy(before), own, {"responseStatus": "declined"})
        mail(edit, before["organizer"]["email"], "response", saved.data)
    return saved


def move(edit: Edit, identity: str, target: Calendar) -> Copy:
    """Make another calendar the organiser of an event (events.move)."""
    may_write(edit)
    may_write(Edit(edit.world, edit.user, target))
    copy = find(edit.calendar, identity)
    if copy.master_id:
        raise ApiError(
            400,
            "cannotChangeOrganizerOfInstance",
            "Cannot change the organizer of an instance.",
            "calendar",
        )
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
