"""Bulk loading: many events at once, without mails, in the form in which Graph shows them.

An exception says ``seriesMasterId`` and ``originalStart``, a deleted occurrence also
``isCancelled``; ``iCalUId``, ``organizer`` and ``responseStatus`` are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from .graph_editing import Edit
from .graph_fields import READ_ONLY, clean
from .graph_ids import foreign_uid
from .graph_places import Place
from .graph_world import Event, Mailbox, World

TAKEN = ("organizer", "responseStatus", "isOrganizer", "isCancelled")


def seed(world: World, mailbox: Mailbox, calendar: str, events: Iterable[Event]) -> int:
    """Store singles and masters first, then what differs in them; return how many."""
    edit, names, later, count = Edit(world, mailbox), {}, [], 0
    mails = len(world.mails)
    for body in events:
        count += 1
        if "seriesMasterId" in body:
            later.append(body)
        else:
            names[body.get("id", str(count))] = _item(edit, calendar, body)
    for body in later:
        _exception(world, names[body["seriesMasterId"]], body)
    del world.mails[mails:]
    return count


def _item(edit: Edit, calendar: str, body: Event) -> Place:
    guests = body.get("attendees", [])
    own = {name: value for name, value in body.items() if name not in READ_ONLY}
    more: dict[str, Any] = {name: body[name] for name in TAKEN if name in body}
    if "iCalUId" in body:
        more["uid"] = foreign_uid(body["iCalUId"])
    # Stored without guests first, so that no copy reaches them.
    place = edit.create({**own, "attendees": []}, calendar, **more)
    if not guests:
        return place
    data = {**place.state.data, **_guests(guests)}
    return replace(place, state=edit.world.put(place.mailbox, place.item, data=data))


def _guests(guests: list[Event]) -> Event:
    """Return attendees with the answers that they gave."""
    told = {one["emailAddress"]["address"].lower(): one.get("status") for one in guests}
    found = clean({"attendees": guests})["attendees"]
    for one in found:
        one["status"] = told[one["emailAddress"]["address"].lower()] or one["status"]
    return {"attendees": found}


def _exception(world: World, master: Place, body: Event) -> None:
    state, day = master.item.now, date.fromisoformat(body["originalStart"][:10])
    if body.get("isCancelled"):
        world.put(master.mailbox, master.item, cancelled=tuple(sorted({*state.cancelled, day})))
        return
    own = clean({name: value for name, value in body.items() if name not in READ_ONLY})
    if "attendees" in body:
        own |= _guests(body["attendees"])
    exceptions = {**state.exceptions, day: own}
    world.put(master.mailbox, master.item, exceptions=exceptions)
