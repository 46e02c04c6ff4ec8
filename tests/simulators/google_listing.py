"""events.list and events.instances: which events belong into the answer.

https://developers.google.com/workspace/calendar/api/v3/reference/events/list
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from .google_errors import invalid
from .google_instances import instance
from .google_query import Query
from .google_recurrence import split_id
from .google_time import instant as instant_of
from .google_time import parse
from .google_world import FOREVER, Calendar, Copy, Event, World

Place = tuple[int, str, int]  # key and id of a copy, number of its instance
HORIZON = timedelta(days=730)  # endless series, singleEvents without timeMax


@dataclass(frozen=True)
class Listing:
    """One question about a calendar: the items it has, in a stable order."""

    world: World
    calendar: Calendar
    query: Query
    since: int | None = None  # position of the sync token
    leaving: str = "full"  # how a sync shows what left the window: full, cancelled, silent

    @property
    def incremental(self) -> bool:
        """Tell whether only changes are asked for."""
        return self.since is not None

    def candidates(self, place: tuple[int, str] | None) -> Iterator[Copy]:
        """Yield copies from a place in the order on."""
        copies = self.calendar.copies
        if self.since is None:
            order = self.calendar.order()
        else:
            changed = {
                one
                for _, one in self.calendar.log[
                    bisect_right(self.calendar.log, (self.since, "~~~~")) :
                ]
            }
            order = sorted((copies[one].key, one) for one in changed)
        for _, identity in order[bisect_left(order, place) if place else 0 :]:
            yield copies[identity]

    def items(
        self, place: tuple[int, str] | None = None, skip: int = 0
    ) -> Iterator[tuple[Place, Copy]]:
        """Yield what belongs into the answer, each with the place where a later page may go on."""
        for copy in self.candidates(place):
            first, skip = skip, 0
            if self._left(copy):
                yield (copy.key, copy.id, 0), self._farewell(copy)
            elif copy.raw or self._wanted(copy):
                for number, item in enumerate(self._expanded(copy)):
                    if number >= first:
                        yield (copy.key, copy.id, number), item

    def _left(self, copy: Copy) -> bool:
        """Tell whether the event was in the window of the sync token, and is no longer."""
        if not self.incremental or self.leaving == "silent" or copy.raw or not copy.reach:
            return False
        query, (first, last) = self.query, copy.reached(self.calendar)
        inside = (not query.low or last > query.low) and (not query.high or first < query.high)
        return inside and not self._in_time(copy) and self._matches(copy.data)

    def _farewell(self, copy: Copy) -> Copy:
        if self.leaving == "full":
            return copy
        return Copy({**copy.data, "status": "cancelled"})

    def _wanted(self, copy: Copy) -> bool:
        return self._alive(copy) and self._matches(copy.data) and self._in_time(copy)

    def _alive(self, copy: Copy) -> bool:
        """Tell whether a cancelled copy is shown: to syncs, on demand, and of live series."""
        if not copy.cancelled or self.incremental or self.query.updated or self.query.deleted:
            return True
        return bool(copy.master_id) and not copy.dropped and not self.query.single

    def _matches(self, event: Event) -> bool:
        return all(test(event) for test in self._tests)

    @cached_property
    def _tests(self) -> list[Callable[[Event], bool]]:
        """Return the conditions that the query really has; most have none."""
        query = self.query
        tests: list[tuple[Any, Callable[[Event], bool]]] = [
            (query.types, lambda event: event["eventType"] in query.types),
            (query.uid, lambda event: event.get("iCalUID") == query.uid),
            (query.updated, lambda event: parse(event["updated"]) >= query.updated),
            (query.text, lambda event: query.text in _searchable(event)),
            (query.private, lambda event: _has_properties(event, "private", query.private)),
            (query.shared, lambda event: _has_properties(event, "shared", query.shared)),
        ]
        return [test for asked, test in tests if asked]

    def _in_time(self, copy: Copy) -> bool:
        query = self.query
        if not query.low and not query.high:
            return True
        if self.incremental and copy.cancelled:
            return True
        if copy.is_master:
            return self._some_occurrence(copy)
        if query.low and copy.end(self.calendar) <= query.low:
            return False
        return not query.high or copy.start(self.calendar) < query.high

    def _some_occurrence(self, copy: Copy) -> bool:
        low, high = self.query.low, self.query.high or FOREVER
        if low and copy.end(self.calendar) > low and "EXDATE" not in str(copy.data["recurrence"]):
            return copy.start(self.calendar) < high  # the first occurrence says it all
        series = copy.series(self.calendar)
        if not self.query.high:
            return series.endless or series.over > low
        return next(series.between(low, high), None) is not None

    def _expanded(self, copy: Copy) -> Iterable[Copy]:
        if not self.query.single or not copy.is_master:
            return (copy,)
        return self._instances(copy)

    def _instances(self, master: Copy) -> Iterator[Copy]:
        """Yield the unedited instances of a series; exceptions are items of their own."""
        series = master.series(self.calendar)
        taken = {copy.id for copy in self.calendar.exceptions(master.id)}
        high = self.query.high or self.world.now() + HORIZON
        if not self.query.high and not series.endless:
            high = FOREVER
        for moment in series.between(self.query.low, high):
            event = instance(self.calendar, master, moment)
            if event["id"] not in taken:
                yield Copy(event)


def _searchable(event: Event) -> str:
    people = [*event.get("attendees", ()), event.get("organizer", {})]
    words = [event.get(name, "") for name in ("summary", "description", "location")]
    words += [one.get(name, "") for one in people for name in ("displayName", "email")]
    return " ".join(words).lower()


def _has_properties(event: Event, kind: str, wanted: tuple[str, ...]) -> bool:
    found = event.get("extendedProperties", {}).get(kind, {})
    pairs = (one.partition("=") for one in wanted)
    return all(found.get(name) == value for name, _, value in pairs)


def sort_items(items: list[Copy], order: str, calendar: Calendar) -> list[Copy]:
    """Return items in the requested order."""
    if order == "startTime":
        return sorted(items, key=lambda copy: (copy.start(calendar), copy.id))
    return sorted(items, key=lambda copy: (copy.data["updated"], copy.id))


def instances(
    world: World, calendar: Calendar, master: Copy, query: Query, original: str
) -> list[Copy]:
    """Return all instances of a series, edited ones among them (events.instances)."""
    listing = Listing(world, calendar, query)
    found = list(listing._instances(master)) if not master.cancelled else []
    for copy in calendar.exceptions(master.id):
        if (query.deleted or not copy.cancelled) and listing._in_time(copy):
            found.append(copy)
    found.sort(key=lambda copy: split_id(copy.id)[1])
    if not original:
        return found
    wanted = _original(original, calendar)
    return [
        copy
        for copy in found
        if instant_of(copy.data["originalStartTime"], calendar.zone) == wanted
    ]


def _original(text: str, calendar: Calendar) -> datetime:
    try:
        value = {"date": text} if len(text) == 10 else {"dateTime": text}
        return instant_of(value, calendar.zone)
    except ValueError:
        raise invalid("Invalid value for: originalStart", "originalStart") from None
