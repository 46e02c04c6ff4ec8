"""Guests: the mails that would go out, and the copies in the calendars of colleagues."""

from __future__ import annotations

import hashlib
from datetime import datetime

from .ews_edit import TIMES, change_item, completed, fresh
from .ews_fields import PEOPLE
from .ews_time import show
from .ews_views import View, span
from .ews_world import Change, Data, Item, Mail, Mailbox, World

SHARED = (
    *("Subject", "Body", "Location", "Importance", "Sensitivity", "IsResponseRequested"),
    *(*TIMES, *PEOPLE, "UID", "Organizer", "AppointmentSequenceNumber", "CustomZone"),
)
TOLD = ("Subject", "Body", "Location", *TIMES)
TO_ALL = ("SendOnlyToAll", "SendToAllAndSaveCopy")
TO_CHANGED = ("SendOnlyToChanged", "SendToChangedAndSaveCopy")


def guests(data: Data) -> dict[str, dict[str, str]]:
    """Return the people of an item by their addresses."""
    return {one["email"].lower(): one for name in PEOPLE for one in data.get(name, ())}


def invite(world: World, view: View, send: str, before: Data | None = None) -> None:
    """Tell guests of a new or changed item, as far as the client wants that."""
    if send not in (*TO_ALL, *TO_CHANGED) or not view.item.organised_here:
        return
    data = view.data
    was, now = guests(before or {}), guests(data)
    news = before is None or any(before.get(name) != data.get(name) for name in TOLD)
    for email in now:
        if email not in was or news or send in TO_ALL:
            reason = "update" if email in was else "invitation"
            mail(world, view, email, reason)
            _deliver(world, view, email, before)
    for email in set(was) - set(now):
        mail(world, view, email, "cancellation")
        _call_off(world, view, email)
    if now:
        _mark_sent(view)


def _mark_sent(view: View) -> None:
    target = view.item.exceptions.get(view.original)
    (target.data if target else view.item.data)["MeetingRequestWasSent"] = True


def call_off(world: World, view: View, send: str, body: str = "") -> None:
    """Tell guests that a meeting or an occurrence will not be."""
    if send not in TO_ALL or not view.item.organised_here:
        return
    for email in guests(view.data):
        mail(world, view, email, "cancellation", body)
        _call_off(world, view, email)


def mail(world: World, view: View, to: str, reason: str, body: str = "") -> None:
    """Record a mail."""
    data, sender = view.data, view.item.folder.mailbox.email
    if to == sender:
        return
    said = repr([(name, data.get(name)) for name in (*TOLD, "MyResponseType")])
    content = hashlib.sha256(f"{data['UID']} {view.original} {said}".encode()).hexdigest()[:16]
    sent, external = show(world.now()), to not in world.mailboxes
    world.mails.append(
        Mail(to, reason, view.id, data["Subject"], sender, external, sent, content, body)
    )


def copy_of(mailbox: Mailbox, uid: str) -> Item | None:
    """Return the copy of a meeting in somebody's calendar."""
    return next((one for one in mailbox.calendar.items.values() if one.data["UID"] == uid), None)


def _deliver(world: World, view: View, email: str, before: Data | None) -> None:
    """Put the meeting into a colleague's calendar, or bring the copy there up to date."""
    box = world.mailboxes.get(email)
    if box is None or box is view.item.folder.mailbox:
        return
    copy = copy_of(box, view.data["UID"])
    moved = before is None or any(before.get(name) != view.data.get(name) for name in TIMES)
    if copy is None:
        _new_copy(world, view, box)
    elif view.original is None:
        answer = _unanswered(view.data) if moved else {}
        shared = _shared(view.data)
        kept = {name: value for name, value in copy.data.items() if name not in SHARED}
        if not moved:
            shared["AppointmentSequenceNumber"] = copy.data["AppointmentSequenceNumber"]
        change_item(world, copy, {**kept, **shared, **answer}, set(shared))
    elif copy.recurrence:
        own = {one: value for one, value in _shared(view.data).items() if one != "Recurrence"}
        copy.exceptions[view.original] = Change(own, world.next())
        copy.deleted.discard(view.original)
        world.put(copy)


def _new_copy(world: World, view: View, box: Mailbox) -> None:
    folder = box.calendar
    data = {**fresh(world, folder, box.zone), **_shared(view.data), **_unanswered(view.data)}
    copy = Item(world.new_id(box), folder, completed({**data, "MeetingRequestWasSent": True}))
    if view.original is None:
        copy.deleted = set(view.item.deleted)
        for original, change in view.item.exceptions.items():
            start, end = span(view.item, original)
            copy.exceptions[original] = Change(
                {"Start": start, "End": end, **_shared(change.data)}, world.next()
            )
    world.put(copy)


def _shared(data: Data) -> Data:
    found = {name: data[name] for name in SHARED if name in data}
    for name in PEOPLE:
        if name in found:
            found[name] = [{**one, "response": "Unknown", "time": ""} for one in found[name]]
    return found


def _unanswered(data: Data) -> Data:
    """Return what a guest's copy says before the answer; the intended status waits for it."""
    intended = data["LegacyFreeBusyStatus"]
    return {
        "MyResponseType": "NoResponseReceived",
        "LegacyFreeBusyStatus": "Tentative" if intended != "Free" else "Free",
        "Intended": intended,
    }


def _call_off(world: World, view: View, email: str) -> None:
    """Mark a colleague's copy as cancelled; it stays until that person removes it."""
    box = world.mailboxes.get(email)
    copy = copy_of(box, view.data["UID"]) if box else None
    if copy is None or copy is view.item:
        return
    if view.original is not None and copy.recurrence:
        copy.exceptions.pop(view.original, None)
        copy.deleted.add(view.original)
    else:
        subject = "Canceled: " + view.data["Subject"]
        copy.data = {**copy.data, "IsCancelled": True, "Subject": subject}
        copy.data |= {"LegacyFreeBusyStatus": "Free", "AppointmentState": 7}
    world.put(copy)


def answered(world: World, view: View, response: str) -> None:
    """Note an answer in the organiser's own copy."""
    guest = view.item.folder.mailbox.email
    box = world.mailboxes.get(view.data["Organizer"]["email"])
    own = copy_of(box, view.data["UID"]) if box else None
    if own is None:
        return
    note_answer(world, own, guest, response, view.original)


def note_answer(
    world: World, own: Item, guest: str, response: str, original: datetime | None = None
) -> None:
    """Note what a guest answered, to the whole meeting or to one occurrence."""
    stamp = show(world.now())
    if original is not None and original not in own.exceptions:
        start, end = span(own, original)
        own.exceptions[original] = Change({"Start": start, "End": end}, 0)
    change = own.exceptions.get(original)
    data = change.data if change else own.data
    for name in PEOPLE:
        if name in own.data or name in data:
            people = data.get(name, own.data.get(name, ()))
            data[name] = [_noted(one, guest, response, stamp) for one in people]
    if change:
        change.version = world.next()
    world.put(own)


def _noted(one: dict[str, str], guest: str, response: str, stamp: str) -> dict[str, str]:
    if one["email"].lower() != guest:
        return one
    return {**one, "response": response, "time": stamp}
