"""What an id names: a single item, a series, or one occurrence of a series, edited or not."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from .ews_errors import EwsError
from .ews_time import instant, wall
from .ews_world import Data, Item, World, change_key

EPOCH = datetime.fromisoformat("1601-01-01")
ITEM, OCCURRENCE = b"\x00\x03$\x00", b"\x00\x03$\x01"
MOST = 20_000  # occurrences that are looked at


@dataclass(frozen=True)
class View:
    """An item as a client sees it."""

    item: Item
    original: datetime | None = None  # of an occurrence: where the pattern puts it, on its clock

    @property
    def edited(self) -> bool:
        """Tell whether it is an occurrence that differs from its series."""
        return self.original in self.item.exceptions

    @property
    def type(self) -> str:
        """Return its CalendarItemType."""
        if self.original is not None:
            return "Exception" if self.edited else "Occurrence"
        return "RecurringMaster" if self.item.recurrence else "Single"

    @property
    def id(self) -> str:
        """Return its id."""
        if self.original is None:
            return self.item.id
        return occurrence_id(self.item, self.original)

    @property
    def version(self) -> int:
        """Return its state; one that was not edited has that of its series."""
        change = self.item.exceptions.get(self.original)
        return change.version if change else self.item.version

    @property
    def key(self) -> str:
        """Return its change key."""
        return change_key(self.version)

    @property
    def data(self) -> Data:
        """Return its values."""
        if self.original is None:
            return self.item.data
        own = {name: value for name, value in self.item.data.items() if name != "Recurrence"}
        own |= dict(zip(("Start", "End"), span(self.item, self.original), strict=True))
        change = self.item.exceptions.get(self.original)
        return own | (change.data if change else {})

    @property
    def start(self) -> datetime:
        """Return when it starts."""
        return self.data["Start"]

    @property
    def end(self) -> datetime:
        """Return when it ends."""
        return self.data["End"]


def span(item: Item, original: datetime) -> tuple[datetime, datetime]:
    """Return start and end of an occurrence that was not edited."""
    own = item.zone
    length = wall(item.data["End"], own) - wall(item.data["Start"], own)
    return instant(original, own), instant(original + length, own)


def originals(item: Item) -> Iterator[datetime]:
    """Yield where the pattern puts its occurrences, deleted ones too, on the clock of the item."""
    clock = wall(item.data["Start"], item.zone).time()
    for day in islice(item.recurrence.days(), MOST):
        yield datetime.combine(day, clock)


def occurrences(item: Item, before: datetime | None = None) -> Iterator[View]:
    """Yield the occurrences that are not deleted, in the order of the pattern."""
    for original in originals(item):
        if before and instant(original, item.zone) >= before:
            return
        if original not in item.deleted:
            yield View(item, original)


def expanded(item: Item, start: datetime, end: datetime) -> Iterator[View]:
    """Yield what of an item lies between two instants."""
    found: list[View] = [View(item)]
    if item.recurrence:
        edited = [View(item, one) for one in sorted(item.exceptions)]
        plain = (one for one in occurrences(item, end) if not one.edited)
        found = [*plain, *edited]
    for view in found:
        if view.start < end and (view.end > start or view.start == view.end >= start):
            yield view


def occurrence_id(item: Item, original: datetime) -> str:
    """Return the id of an occurrence."""
    minutes = int((original - EPOCH) / timedelta(minutes=1))
    raw = base64.b64decode(item.id)
    stamp = minutes.to_bytes(8, "big")
    return base64.b64encode(OCCURRENCE + stamp + b"\x15" + raw[len(ITEM) :]).decode()


def locate(world: World, identity: str) -> View:
    """Return what an id names; refuse what is malformed, or is not there."""
    try:
        raw = base64.b64decode(identity, validate=True)
    except ValueError:
        raise EwsError("ErrorInvalidIdMalformed") from None
    if raw[:4] == ITEM:
        return View(_stored(world, identity))
    if raw[:4] != OCCURRENCE or len(raw) < 14:
        raise EwsError("ErrorInvalidIdMalformed")
    item = _stored(world, base64.b64encode(ITEM + raw[13:]).decode())
    original = EPOCH + timedelta(minutes=int.from_bytes(raw[4:12], "big"))
    if not is_occurrence(item, original) or original in item.deleted:
        raise EwsError("ErrorItemNotFound")
    return View(item, original)


def is_occurrence(item: Item, original: datetime) -> bool:
    """Tell whether the pattern has an occurrence there."""
    if item.recurrence is None:
        return False
    return next((one for one in originals(item) if one >= original), None) == original


def nth(item: Item, index: int) -> View:
    """Return an occurrence by its number from 1 on; deleted ones count, but cannot be had."""
    if item.recurrence is None:
        raise EwsError("ErrorCalendarCannotUseIdForOccurrenceId")
    original = next(islice(originals(item), index - 1, None), None) if index > 0 else None
    if original is None:
        raise EwsError("ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange")
    if original in item.deleted:
        raise EwsError("ErrorCalendarOccurrenceIsDeletedFromRecurrence")
    return View(item, original)


def _stored(world: World, identity: str) -> Item:
    item = world.item(identity)
    if item is None:
        raise EwsError("ErrorItemNotFound")
    return item
