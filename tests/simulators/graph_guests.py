"""Who is told of a write, and what it does to the copies in the guests' calendars.

Exchange has no silent way: whoever organises and writes, mails. A guest's copy changes by such a
mail alone; what was not mailed does not reach it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from .graph_fields import GUESTS_OWN, NEVER, PERSONAL
from .graph_ids import occurrence_uid
from .graph_places import planned
from .graph_time import stamp
from .graph_world import Event, Item, Mail, Mailbox, World, default_key

OWN = (GUESTS_OWN - {"singleValueExtendedProperties"}) | {"extended", "responseStatus"}
OWN |= {"isOrganizer", "created", "transactionId"}
INVITED = {"response": "notResponded", "time": NEVER}
SAID = ("subject", "body", "location", "start", "end", "isAllDay", "recurrence")


def addresses(event: Event | None) -> list[str]:
    """Return whom an event invites."""
    return [one["emailAddress"]["address"].lower() for one in (event or {}).get("attendees", ())]


def reasons(names: Iterable[str], before: Event | None, after: Event) -> dict[str, str]:
    """Return who is told of a change of these properties, and why."""
    was, now = addresses(before), addresses(after)
    told = {one: "invitation" for one in now if one not in was}
    if set(names) - PERSONAL - {"attendees"}:
        told |= {one: "update" for one in now if one in was}
    return told | {one: "cancellation" for one in was if one not in now}


class Telling:
    """One organiser's write, on its way to the guests."""

    def __init__(self, world: World, mailbox: Mailbox, item: Item, comment: str = "") -> None:
        self.world, self.mailbox, self.item, self.comment = world, mailbox, item, comment

    def tell(self, told: dict[str, str], event: Event, day: date | None = None) -> None:
        """Record the mails, and let them work in the calendars of those who have one here."""
        for address, reason in sorted(told.items()):
            if address == self.mailbox.email:
                continue
            guest = self.world.mailboxes.get(address)
            self._mail(address, reason, event, day)
            if guest:
                self._deliver(guest, reason, day)

    def _mail(self, to: str, reason: str, event: Event, day: date | None) -> None:
        external = to not in self.world.mailboxes
        sent = stamp(self.world.now())
        place = (event["uid"], event["subject"], self.mailbox.email, external, sent)
        told = (str(day or ""), self.comment, digest(event, day))
        self.world.mails.append(Mail(to, reason, *place, *told))

    def _deliver(self, guest: Mailbox, reason: str, day: date | None) -> None:
        state, uid = self.item.now, self.item.now.data["uid"]
        held = guest.by_uid(uid)
        if day is None or held:
            self._copy(guest, held, cancelled=reason == "cancellation", day=day)
            return
        # Invited to one occurrence alone: a single event under that occurrence's own name.
        held = guest.by_uid(occurrence_uid(uid, day))
        alone = {**state.data, **planned(state, day), **state.exceptions.get(day, {})}
        alone |= {"uid": occurrence_uid(uid, day), "recurrence": None}
        self._keep(guest, held, alone, {}, (), reason == "cancellation")

    def _copy(self, guest: Mailbox, held: Item | None, cancelled: bool, day: date | None) -> None:
        """Bring a guest's copy to where the organiser's stands."""
        state = self.item.now
        missing = [one for one, own in state.exceptions.items() if not _invited(guest, own)]
        days = tuple(sorted({*state.cancelled, *missing, *([day] if cancelled and day else [])}))
        exceptions = {key: value for key, value in state.exceptions.items() if key not in days}
        self._keep(guest, held, state.data, exceptions, days, cancelled and day is None)

    def _keep(
        self,
        guest: Mailbox,
        held: Item | None,
        content: Event,
        exceptions: dict[date, Event],
        cancelled: tuple[date, ...],
        ended: bool,
    ) -> None:
        if held is None and ended:
            return
        data = _as_guest(content, held, ended)
        data["modified"] = stamp(self.world.now())
        own = {day: {**_content(value), **_kept(held, day)} for day, value in exceptions.items()}
        calendar = held.now.calendar if held else default_key(guest)
        changes: Any = {"data": data, "exceptions": own, "cancelled": cancelled}
        self.world.put(guest, held or Item(self.world.number()), calendar=calendar, **changes)


def _invited(guest: Mailbox, own: Event) -> bool:
    return "attendees" not in own or guest.email in addresses(own)


def _content(event: Event) -> Event:
    return {name: value for name, value in event.items() if name not in OWN}


def _kept(held: Item | None, day: date) -> Event:
    """Return what a guest had made of one occurrence."""
    own = held.now.exceptions.get(day, {}) if held else {}
    return {name: value for name, value in own.items() if name in OWN}


def _as_guest(content: Event, held: Item | None, ended: bool) -> Event:
    """Return the organiser's event as it stands at a guest."""
    source = held.now.data if held else content
    own = {name: value for name, value in source.items() if name in OWN}
    if held is None:
        intended = content["showAs"]
        own |= {"isOrganizer": False, "extended": {}, "transactionId": None, "categories": []}
        own |= {"responseStatus": INVITED, "showAs": "tentative" if intended != "free" else "free"}
    elif _moved(held.now.data, content):
        own["responseStatus"] = INVITED
    data = {**_content(content), **own, "intended": content["showAs"]}
    if ended:
        subject = content["subject"].removeprefix("Canceled: ")
        data |= {"isCancelled": True, "showAs": "free", "subject": f"Canceled: {subject}"}
    return data


def _moved(before: Event, after: Event) -> bool:
    return any(before[name] != after[name] for name in ("start", "end", "recurrence"))


def digest(event: Event, day: date | None) -> str:
    """Return what a mail about the event says, wherever the event came from."""
    said = [{name: event.get(name) for name in SAID}, str(day or "")]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
