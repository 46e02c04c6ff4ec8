"""Where things stand: an item or one of its occurrences, in one version, in time.

https://learn.microsoft.com/en-us/graph/outlook-schedule-recurring-events
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from .graph_errors import not_found
from .graph_ids import item_id, occurrence_uid, read_id
from .graph_recurrence import days, happens
from .graph_time import UTC, instant, made, midnight, wall
from .graph_world import Event, Item, Mailbox, State

ALLDAY = timedelta(days=2)  # no zone is further from another


@dataclass(frozen=True)
class Place:
    """An item (``day`` is None) or its occurrence on an original day."""

    mailbox: Mailbox
    item: Item
    state: State
    day: date | None = None

    @property
    def kind(self) -> str:
        """Return the type that Graph gives it."""
        if self.day is None:
            return "seriesMaster" if self.state.recurs else "singleInstance"
        return "exception" if self.day in self.state.exceptions else "occurrence"

    @cached_property
    def data(self) -> Event:
        """Return the properties, an occurrence's at its own time."""
        if self.day is None:
            return self.state.data
        own = {**self.state.data, **planned(self.state, self.day), "recurrence": None}
        return {**own, **self.state.exceptions.get(self.day, {})}

    def id(self, immutable: bool = True) -> str:
        """Return the id in one of its forms."""
        return item_id(self.mailbox, self.item, self.state, self.day, immutable)

    @property
    def uid(self) -> str:
        """Return the iCalUId."""
        return occurrence_uid(self.state.data["uid"], self.day)

    @property
    def begins(self) -> datetime:
        """Return the moment of the start."""
        return instant(self.data["start"])

    @property
    def ends(self) -> datetime:
        """Return the moment of the end."""
        return instant(self.data["end"])

    def within(self, low: datetime, high: datetime) -> bool:
        """Tell whether it touches a span of time."""
        return self.begins < high and (self.ends > low or self.begins == self.ends >= low)


def planned(state: State, day: date) -> Event:
    """Return start and end of an occurrence as the series has them."""
    start, end = state.data["start"], state.data["end"]
    begins = datetime.combine(day, wall(start).time())
    last = begins + (wall(end) - wall(start))
    return {"start": made(begins, start["timeZone"]), "end": made(last, end["timeZone"])}


def original(state: State, day: date) -> datetime:
    """Return the moment at which an occurrence was to start; dates are midnight in UTC."""
    if state.data["isAllDay"]:
        return midnight(day).replace(tzinfo=UTC)
    return instant(planned(state, day)["start"])


def occurrences(
    mailbox: Mailbox, item: Item, state: State, low: datetime, high: datetime
) -> Iterator[Place]:
    """Yield the occurrences and exceptions of a series within a span of time."""
    length = wall(state.data["end"]) - wall(state.data["start"])
    early, late = (low - length - ALLDAY).date(), (high + ALLDAY).date()
    usual = (day for day in _until(state, early, late) if day not in state.exceptions)
    for day in sorted({*usual, *state.exceptions} - set(state.cancelled)):
        place = Place(mailbox, item, state, day)
        if place.within(low, high):
            yield place


def _until(state: State, early: date, late: date) -> Iterator[date]:
    for day in days(state.data["recurrence"], early):
        if day > late:
            return
        yield day


def within(
    mailbox: Mailbox, item: Item, state: State | None, low: datetime, high: datetime
) -> list[Place]:
    """Return everything of one version of an item in a span: a master before its occurrences."""
    if state is None or state.gone:
        return []
    own = Place(mailbox, item, state)
    if not state.recurs:
        return [own] if own.within(low, high) else []
    found = list(occurrences(mailbox, item, state, low, high))
    return [own, *found] if found else []


def find(mailbox: Mailbox, identity: str) -> Place:
    """Return what an id names; refuse what is not there."""
    found = read_id(mailbox, identity)
    if found is None:
        raise not_found()
    item, day = found
    state = item.now
    if day is None:
        return Place(mailbox, item, state)
    if not state.recurs or day in state.cancelled or not happens(state.data["recurrence"], day):
        raise not_found()
    return Place(mailbox, item, state, day)
