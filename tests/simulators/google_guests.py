"""Guests: their copies of a meeting, their answers, and how many may be invited.

https://developers.google.com/workspace/calendar/api/concepts/sharing#inviting_attendees_to_events
"""

from __future__ import annotations

from .google_edit import Edit
from .google_errors import service_account_invites, too_many_invitations
from .google_events import attendees_of, patched
from .google_instances import drop, locate, refresh, save_exception
from .google_mails import emails
from .google_time import shown_in
from .google_world import Calendar, Copy, Event, World

PERSONAL = ("reminders", "colorId", "eventLabelId", "transparency", "visibility")
# Above, answers reach the organiser only (reference, attendees[].responseStatus). Google's help
# names 200 as the most guests, groups apart; the API documents no refusal, so here is none.
MANY = 200


def check_invitations(edit: Edit, before: Event | None, after: Event) -> None:
    """Refuse invitations of whom Google does not trust with them; mails or not makes no difference.

    https://support.google.com/a/answer/2905486
    """
    new = emails(after) - emails(before) - {edit.user.email, edit.calendar.id}
    if new and edit.user.service:
        raise service_account_invites()
    outside = len([one for one in new if one not in edit.world.users])
    left = edit.world.invitations
    if outside and left is not None:
        if outside > left:
            raise too_many_invitations()
        edit.world.invitations = left - outside


def personal(event: Event) -> Event:
    """Return what an owner may set on a copy without anybody else seeing it."""
    kept = {name: event[name] for name in PERSONAL if name in event}
    private = event.get("extendedProperties", {}).get("private")
    return {**kept, "extendedProperties": {"private": private}} if private else kept


def shared(event: Event) -> Event:
    """Return what all copies have in common."""
    result = {k: v for k, v in event.items() if k not in PERSONAL and k != "extendedProperties"}
    properties = event.get("extendedProperties", {}).get("shared")
    return {**result, "extendedProperties": {"shared": properties}} if properties else result


def spread(edit: Edit, copy: Copy, before: Event | None) -> None:
    """Bring the organiser's copy to every guest who has an account here."""
    if copy.data.get("privateCopy"):
        return
    everybody = emails(copy.data) | emails(before) | _series_guests(edit.calendar, copy)
    for email in sorted(everybody):
        home = edit.world.home(email)
        if home and home is not edit.calendar:
            _bring(edit.world, home, copy)


def _series_guests(calendar: Calendar, copy: Copy) -> set[str]:
    master = calendar.copies.get(copy.master_id or "")
    return emails(master.data) if master else set()


def _bring(world: World, home: Calendar, original: Copy) -> None:
    """Create, change or cancel one guest's copy."""
    own = home.copies.get(original.id)
    invited = home.id in emails(original.data) and not original.cancelled
    if not invited:
        _withdraw(world, home, original)
        return
    if own and own.cancelled and _declined(original, home.id):
        return  # who deleted the own copy is not given another until asked anew
    data = _guest_data(home, original, _personal_base(home, original))
    if own and not own.dropped and _same(own.data, data):
        return
    if original.master_id:
        save_exception(world, home, data)
    else:
        store(world, home, data)


def _declined(original: Copy, email: str) -> bool:
    guests = original.data.get("attendees", ())
    return any(one["email"] == email and one["responseStatus"] == "declined" for one in guests)


def _personal_base(home: Calendar, original: Copy) -> Event:
    """Return what the guest had set before: on this copy, or on the series it belongs to."""
    own = home.copies.get(original.id) or home.copies.get(original.master_id or "")
    if own and not own.cancelled:
        return personal(own.data)
    first = {k: v for k, v in original.data.items() if k in ("transparency", "visibility")}
    return {"reminders": {"useDefault": True}, **first}


def _guest_data(home: Calendar, original: Copy, own: Event) -> Event:
    """Return the meeting as the guest's calendar shows it."""
    data = shown_in(patched(shared(original.data), own), home.zone)
    for role in ("organizer", "creator"):
        data[role] = {k: v for k, v in data[role].items() if k != "self"}
        if data[role].get("email") == home.id:
            data[role]["self"] = True
    data["attendees"] = attendees_of(data, home)
    if data.get("guestsCanSeeOtherGuests") is False:
        data["attendees"] = [one for one in data["attendees"] if one.get("self")]
        data["attendeesOmitted"] = True
    return data


def _same(old: Event, new: Event) -> bool:
    names = {*old, *new} - {"etag", "updated"}
    return all(old.get(name) == new.get(name) for name in names)


def _withdraw(world: World, home: Calendar, original: Copy) -> None:
    """Cancel the copy of somebody who is no longer invited, or of a cancelled meeting."""
    own = home.copies.get(original.id)
    if own and not own.cancelled:
        cancel(world, home, own)
    elif own is None and original.master_id in home.copies:
        unedited = locate(home, original.id)
        if unedited and not unedited.cancelled:
            cancel(world, home, unedited)


def store(world: World, calendar: Calendar, event: Event, touched: bool = True) -> Copy:
    """Store a single event or master; the exceptions of a series follow it."""
    old = calendar.copies.get(event["id"])
    before = old.series(calendar) if old and old.is_master and not old.cancelled else None
    copy = Copy(dict(event))
    world.stamp(copy.data, touched)
    calendar.put(copy)
    if before and copy.is_master and not copy.cancelled:
        new, gone = emails(event) - emails(old.data), emails(old.data) - emails(event)
        refresh(world, calendar, copy, before, (new, gone))
    elif before:
        for exception in calendar.exceptions(copy.id):
            drop(world, calendar, exception)
    return copy


def cancel(world: World, calendar: Calendar, copy: Copy) -> Copy:
    """Delete an event, a series or one instance from one calendar."""
    data = {**copy.data, "status": "cancelled"}
    if copy.master_id:
        return save_exception(world, calendar, data)
    return store(world, calendar, data)


def organisers_copy(world: World, copy: Copy) -> tuple[Calendar, Copy] | None:
    """Return the organiser's calendar and copy (or unedited instance), if they are here."""
    home = world.calendars.get(copy.data["organizer"].get("email", ""))
    found = locate(home, copy.id) if home else None
    return (home, found) if home and found else None


def answer(edit: Edit, copy: Copy, email: str, response: Event) -> None:
    """Carry an attendee's answer to the organiser's copy, and from there to all others."""
    found = organisers_copy(edit.world, copy)
    if found is None:
        return
    home, original = found
    guests = [
        one | response if one["email"] == email else one
        for one in original.data.get("attendees", ())
    ]
    changed = {**original.data, "attendees": guests}
    if changed == original.data or original.cancelled:
        return
    write = save_exception if original.master_id else store
    saved = write(edit.world, home, changed)
    if len(guests) <= MANY:
        spread(Edit(edit.world, edit.user, home), saved, original.data)
