"""Answering an invitation: accept, decline, tentativelyAccept.

https://learn.microsoft.com/en-us/graph/api/event-accept
"""

from __future__ import annotations

from datetime import date
from typing import Any

from .graph_editing import Edit
from .graph_errors import bad
from .graph_guests import addresses, digest
from .graph_places import Place
from .graph_time import stamp
from .graph_world import Event, Item, Mail, Mailbox, World

RESPONSES = {
    "accept": "accepted",
    "decline": "declined",
    "tentativelyAccept": "tentativelyAccepted",
}
UNABLE = "Your request can't be completed. "


def respond(edit: Edit, place: Place, verb: str, body: Any) -> None:
    """Take a guest's answer; it reaches the organiser only where it is sent."""
    body = body or {}
    sent = body.get("sendResponse", True)
    if place.state.organised_here:
        raise bad(f"{UNABLE}You can't respond to this meeting because you're the organizer.")
    if place.data["isCancelled"]:
        raise bad(f"{UNABLE}The meeting has been canceled.", "ErrorInvalidRequest")
    if sent and not place.data["responseRequested"]:
        raise bad(f"{UNABLE}The meeting organizer hasn't requested a response.")
    response = RESPONSES[verb]
    if sent:
        _send(edit, place, response, body.get("comment") or "")
    status = {"response": response, "time": stamp(edit.world.now())}
    if verb == "decline":
        # Outlook moves what was declined to the deleted items.
        edit.delete(place)
        return
    shown = place.data.get("intended", "busy") if verb == "accept" else "tentative"
    _keep(edit.world, place, {"responseStatus": status, "showAs": shown})


def _keep(world: World, place: Place, own: Event) -> None:
    state, data = place.state, {**place.state.data, "modified": stamp(world.now())}
    if place.day is None:
        world.put(place.mailbox, place.item, data={**data, **own})
        return
    changed = {**state.exceptions.get(place.day, {}), **own}
    exceptions = {**state.exceptions, place.day: changed}
    world.put(place.mailbox, place.item, data=data, exceptions=exceptions)


def _send(edit: Edit, place: Place, response: str, comment: str) -> None:
    """Record the mail to the organiser, and note the answer in the organiser's calendar."""
    data, world = place.data, edit.world
    to = data["organizer"]["emailAddress"]["address"].lower()
    about = (data["uid"], data["subject"], edit.mailbox.email, to not in world.mailboxes)
    told = (stamp(world.now()), str(place.day or ""), comment)
    content = f"{response} {digest(data, place.day)}"
    world.mails.append(Mail(to, "response", *about, *told, content))
    organiser = world.mailboxes.get(to)
    if organiser:
        note(world, organiser, edit.mailbox.email, response, data["uid"], place.day)


def note(
    world: World, organiser: Mailbox, guest: str, response: str, uid: str, day: date | None
) -> None:
    """Note a guest's answer in the organiser's copy; nobody is mailed about that."""
    item, day = _meeting(organiser, uid, day)
    if item is None or (day and day in item.now.cancelled):
        return
    place = Place(organiser, item, item.now, day)
    if guest not in addresses(place.data):
        return
    status = {"response": response, "time": stamp(world.now())}
    attendees = [
        {**one, "status": status} if one["emailAddress"]["address"].lower() == guest else one
        for one in place.data["attendees"]
    ]
    _keep(world, place, {"attendees": attendees})


def _meeting(organiser: Mailbox, uid: str, day: date | None) -> tuple[Item | None, date | None]:
    """Return the organiser's item; a guest of one occurrence has it under that one's name."""
    item = organiser.by_uid(uid)
    if item or uid[32:40] == "00000000":
        return item, day
    found = date(int(uid[32:36], 16), int(uid[36:38], 16), int(uid[38:40], 16))
    return organiser.by_uid(f"{uid[:32]}00000000{uid[40:]}"), found
