"""Making events, each once: a client key is looked up before anything is made with it.

EWS knows no repetition: https://learn.microsoft.com/exchange/client-developer/web-service-reference/createitem-operation
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from odoo.addons.synced_meetings.sync.errors import Gone, Rejected, Retryable, SyncError
from odoo.addons.synced_meetings.sync.event import Change, Event, Remote
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings.sync.rules import UNREADABLE, instant_of, read

from . import ews_items as items
from . import ews_payloads as payloads
from .ews_calls import Answer
from .ews_payloads import PLACED, Place, Ref
from .ews_reading import BATCH, Items, item_of
from .ews_translate import id_of
from .ews_values import extended
from .ews_xml import Element, children
from .property_names import KEY

ALL, NOBODY = "SendToAllAndSaveCopy", "SendToNone"
Made = Answer | Remote  # the item with its new id; the copy where it was made before


class Making:
    """One push's new events."""

    def __init__(self, place: Place, found: Items, zone: Callable[[], str]) -> None:
        self.place, self.items, self.zone = place, found, zone

    def made(self, changes: Sequence[Change]) -> list[Made]:
        """Return what became of each: Exchange's id of it, how it was found, or why not."""
        known = self.known([one.copy.client_key for one in changes])
        found: dict[int, Made] = {}
        new: dict[int, Element] = {}
        for number, change in enumerate(changes):
            if copy := known.get(change.copy.client_key):
                found[number] = copy
                continue
            try:
                new[number] = self._item(change)
            except Rejected as error:
                found[number] = error
        for tell in (False, True):
            part = {n: item for n, item in new.items() if changes[n].tell == tell}
            answers = self._create(list(part.values()), ALL if tell else NOBODY)
            found |= dict(zip(part, answers, strict=True))
        self._exclude([(found[n], change.event) for n, change in enumerate(changes) if n in new])
        return [found[number] for number in range(len(changes))]

    def known(self, keys: Sequence[str]) -> dict[str, Remote]:
        """Return the copies that were made with these keys; what was deleted is a tombstone."""
        found: dict[str, Remote] = {}
        for first in range(0, len(keys), BATCH):
            part = keys[first : first + BATCH]
            folders = self.items.calls.many(payloads.find_keys(self.place, part), 2)
            # Of a mailbox that was only shared, nobody else sees what was deleted.
            here, deleted = _found(folders[0]), _found(folders[1], hidden=True)
            found |= {key: Remote("", None, client_key=key) for key in deleted}
            copies = self.items.get([Ref(one) for one in here.values()])
            for (key, one), answer in zip(here.items(), copies, strict=True):
                seen = self.items.read(one, answer)
                if not isinstance(seen, Remote):
                    raise Retryable("unreadable")  # it is there, and nothing more is known
                found[key] = seen
        return found

    def _item(self, change: Change) -> Element:
        if change.event is None:
            raise Rejected("no_start")
        return items.item_of(change.event, change.copy.client_key, self.zone())

    def _create(self, new: Sequence[Element], send: str) -> list[Answer]:
        answers = self.items.batches(new, lambda part: payloads.create(self.place, part, send))
        return [one if isinstance(one, SyncError) else item_of(one) for one in answers]

    def _exclude(self, made: Sequence[tuple[Made, Event | None]]) -> None:
        """Delete what a rule excludes; Exchange has no other way to say so."""
        pairs = [
            (id_of(item), rid)
            for item, event in made
            if event and not isinstance(item, SyncError | Remote)
            for rid in excluded(event)
        ]
        if not pairs:
            return
        places = self.items.occurrences(pairs, PLACED)
        refs = [
            Ref(id_of(answer)) for _, answer in places.values() if not isinstance(answer, SyncError)
        ]
        self.items.batches(refs, lambda part: payloads.delete(part, NOBODY))


def excluded(event: Event) -> list[str]:
    """Return the recurrence ids that a rule's EXDATE lines name."""
    lines = tuple(line for line in event.rule if line.upper().startswith("EXDATE"))
    if not lines:
        return []
    try:
        found = read(lines, event.when.zone, event.when.allday)
    except UNREADABLE as error:
        raise Rejected("bad_rule", "; ".join(lines)) from error
    stamps = sorted(found.excluded)
    if event.when.allday:
        return [recurrence_id(stamp.date()) for stamp in stamps]
    return [recurrence_id(instant_of(stamp, event.when.zone)) for stamp in stamps]


def _found(folder: Answer, *, hidden: bool = False) -> dict[str, str]:
    """Return the ids of what was found in one folder, by client key."""
    if hidden and isinstance(folder, Gone):
        return {}
    if isinstance(folder, SyncError):
        raise folder
    found = children(folder, "m:RootFolder", "t:Items")
    return {extended(item, KEY): id_of(item) for item in found}
