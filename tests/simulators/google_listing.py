"""events.list and events.instances: filters, pages, sync tokens.

https://developers.google.com/workspace/calendar/api/v3/reference/events/list
https://developers.google.com/workspace/calendar/api/guides/sync
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .google_errors import ApiError, full_sync_required, invalid
from .google_instances import instance
from .google_recurrence import split_id
from .google_time import UTC, parse
from .google_time import instant as instant_of
from .google_world import Calendar, Copy, Event, World

FORBIDDEN_WITH_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
WITHOUT_TOKEN = (
    "orderBy",
    "q",
    "iCalUID",
    "privateExtendedProperty",
    "sharedExtendedProperty",
    "updatedMin",
)
BOUND = ("singleEvents", "eventTypes", "maxAttendees", "timeZone", "timeMin", "timeMax")
Place = tuple[int, str, int]  # key and id of a copy, number of its instance
OLDEST_UPDATED_MIN = timedelta(days=28)
HORIZON = timedelta(days=730)  # endless series, singleEvents without timeMax


@dataclass(frozen=True)
class Query:
    """The parameters of a listing, read."""

    single: bool = False
    deleted: bool | None = None
    low: datetime | None = None
    high: datetime | None = None
    updated: datetime | None = None
    types: frozenset[str] = frozenset()
    uid: str = ""
    text: str = ""
    private: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    order: str = ""

    @classmethod
    def of(cls, given: dict[str, list[str]], now: datetime) -> Query:
        """Read and refuse parameters."""
        one = {name: values[-1] for name, values in given.items()}
        low, high, updated = (_moment(one, name) for name in ("timeMin", "timeMax", "updatedMin"))
        if low and high and high <= low:
            raise ApiError(400, "timeRangeEmpty", "The specified time range is empty.", "calendar")
        if updated and updated < now - OLDEST_UPDATED_MIN:
            text = "The requested minimum modification time lies too far in the past."
            raise ApiError(
                410, "updatedMinTooLongAgo", text, "calendar", ("parameter", "updatedMin")
            )
        single, order = one.get("singleEvents") == "true", one.get("orderBy", "")
        if order == "startTime" and not single:
            raise ApiError(
                400,
                "badRequest",
                "The requested ordering is not available for the particular query.",
            )
        deleted = one["showDeleted"] == "true" if "showDeleted" in one else None
        properties = (
            tuple(given.get(f"{kind}ExtendedProperty", ())) for kind in ("private", "shared")
        )
        types = frozenset(given.get("eventTypes", ()))
        text = one.get("q", "").lower()
        return cls(
            single,
            deleted,
            low,
            high,
            updated,
            types,
            one.get("iCalUID", ""),
            text,
            *properties,
            order,
        )


def _moment(one: dict[str, str], name: str) -> datetime | None:
    if name not in one:
        return None
    try:
        return parse(one[name])
    except ValueError:
        raise ApiError(400, "badRequest", "Bad Request", location=("parameter", name)) from None


class Token:
    """Sync and page tokens: opaque outside, a position and the question inside."""

    @staticmethod
    def make(**values: Any) -> str:
        """Return a token."""
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()

    @staticmethod
    def read(text: str) -> dict[str, Any]:
        """Return what a token holds, or nothing where it is not one of ours."""
        try:
            found = json.loads(base64.urlsafe_b64decode(text.encode()))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def bound(given: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the parameters that later requests with the token must repeat."""
    kept = {name: sorted(given[name]) for name in BOUND if name in given}
    return {name: value for name, value in kept.items() if value != ["false"]}


def open_token(world: World, calendar: Calendar, given: dict[str, list[str]]) -> dict[str, Any]:
    """Return what a sync token holds; refuse expired ones and forbidden company."""
    clash = [name for name in FORBIDDEN_WITH_TOKEN if name in given]
    if clash or given.get("showDeleted") == ["false"]:
        raise ApiError(
            400, "badRequest", "Sync token cannot be used with other query restrictions."
        )
    token = Token.read(given["syncToken"][-1])
    if (token.get("calendar"), token.get("epoch")) != (calendar.id, world.epoch):
        raise full_sync_required()
    again = {
        name: value for name, value in bound(given).items() if name not in ("timeMin", "timeMax")
    }
    first = {
        name: value for name, value in token["bound"].items() if name not in ("timeMin", "timeMax")
    }
    if again != first:  # documented as undefined behaviour; refusing shows the mistake
        raise ApiError(
            400, "badRequest", "Parameters differ from those of the initial synchronization."
        )
    return token


@dataclass(frozen=True)
class Listing:
    """One question about a calendar: the items it has, in a stable order."""

    world: World
    calendar: Calendar
    query: Query
    since: int | None = None  # position of the sync token

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
            if copy.raw or self._wanted(copy):
                for number, item in enumerate(self._expanded(copy)):
                    if number >= first:
                        yield (copy.key, copy.id, number), item

    def _wanted(self, copy: Copy) -> bool:
        return self._alive(copy) and self._matches(copy.data) and self._in_time(copy)

    def _alive(self, copy: Copy) -> bool:
        """Tell whether a cancelled copy is shown: to syncs, on demand, and of live series."""
        if not copy.cancelled or self.incremental or self.query.updated or self.query.deleted:
            return True
        return bool(copy.master_id) and not copy.dropped and not self.query.single

    def _matches(self, event: Event) -> bool:
        query = self.query
        return (
            (not query.types or event["eventType"] in query.types)
            and (not query.uid or event.get("iCalUID") == query.uid)
            and (not query.updated or parse(event["updated"]) >= query.updated)
            and (not query.text or query.text in _searchable(event))
            and _has_properties(event, "private", query.private)
            and _has_properties(event, "shared", query.shared)
        )

    def _in_time(self, copy: Copy) -> bool:
        query = self.query
        if not query.low and not query.high:
            return True
        if self.incremental and copy.cancelled:
            return True
        if copy.is_master:
            return self._some_occurrence(copy)
        start, end = copy.start(self.calendar), copy.end(self.calendar)
        return (not query.low or end > query.low) and (not query.high or start < query.high)

    def _some_occurrence(self, copy: Copy) -> bool:
        high = self.query.high or datetime.max.replace(tzinfo=UTC)
        series = copy.series(self.calendar)
        if series.endless and not self.query.high:
            return True
        return next(series.between(self.query.low, high), None) is not None

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
            high = datetime.max.replace(tzinfo=UTC)
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
