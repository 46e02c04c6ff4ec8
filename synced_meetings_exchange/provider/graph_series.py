"""Series as Graph tells them: a master with its exceptions and cancelled occurrences.

https://learn.microsoft.com/graph/outlook-schedule-recurring-events
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import quote, urlencode

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Bad, Remote
from odoo.addons.synced_meetings.sync.rules import instant_of, wall_time

from .graph_calls import Ask, Json
from .graph_translate import Reader, bad_of, cancelled_of, instance_of, occurrence_id, remote_of
from .graph_values import stamp

AROUND = timedelta(days=2)  # zones differ by more than a day
# Exactly what graph_translate reads.
EVENT = (
    "id,changeKey,iCalUId,transactionId,type,seriesMasterId,originalStart,originalStartTimeZone,"
    "start,end,isAllDay,isCancelled,isOrganizer,recurrence,subject,body,location,organizer,"
    "attendees,responseStatus,sensitivity,showAs,isOnlineMeeting,onlineMeeting,"
    "onlineMeetingUrl,webLink"
)
MASTER = f"{EVENT},cancelledOccurrences,exceptionOccurrences"
Seen = Remote | Bad


class Place(NamedTuple):
    """Which calendar is meant, and how its events are asked for."""

    base: str  # "/me" or "/users/…"
    calendar: str = ""  # "" is the primary one, whose events need not name it

    @property
    def root(self) -> str:
        """Return the calendar's path."""
        if not self.calendar:
            return self.base
        return f"{self.base}/calendars/{quote(self.calendar, safe='')}"

    @property
    def itself(self) -> str:
        """Return the path of the calendar's own resource."""
        return self.root if self.calendar else f"{self.base}/calendar"

    def event(self, key: str, query: str = "") -> str:
        """Return the path of an event."""
        return f"{self.root}/events/{quote(key, safe='')}{query}"

    def get(self, key: str, fields: str = EVENT) -> Ask:
        """Return the request for an event."""
        return Ask("GET", self.event(key, f"?$select={fields}"))

    def series(self, key: str) -> Ask:
        """Return the request for a master with all that differs from it."""
        return Ask("GET", self.event(key, f"?$select={MASTER}&$expand=exceptionOccurrences"))

    def instances(self, series: str, rid: str) -> Ask:
        """Return the request for the occurrences around one that may be as its series says."""
        start = instant_of(wall_time(rid, "", "UTC"), "UTC")
        span = {"startDateTime": stamp(start - AROUND), "endDateTime": stamp(start + AROUND)}
        return Ask("GET", self.event(series, f"/instances?{urlencode(span)}&$select={EVENT}"))


def whole(item: Json, reader: Reader) -> list[Seen]:
    """Return a master with its exceptions and a tombstone for each cancelled occurrence."""
    try:
        master = remote_of(item, reader)
    except Rejected as error:
        return [bad_of(item, error)]
    return [master, *_members(item, master, reader)]


def members(item: Json, reader: Reader) -> tuple[Remote, list[Seen]]:
    """Return the master, and what differs from it. Raises `Rejected` where it cannot be read."""
    master = remote_of(item, reader)
    return master, list(_members(item, master, reader))


def _members(item: Json, master: Remote, reader: Reader) -> Iterator[Seen]:
    for one in _list(item.get("exceptionOccurrences")):
        yield instance(one, master, reader)
    for one in _list(item.get("cancelledOccurrences")):
        try:
            yield cancelled_of(one, master)
        except Rejected as error:
            yield bad_of(one, error)


def instance(item: object, master: Remote, reader: Reader) -> Seen:
    """Return an exception or occurrence, or why it cannot be read."""
    try:
        return instance_of(item, master, reader)
    except Rejected as error:
        return bad_of(item, error)


def repeats(item: object) -> bool:
    """Whether an answer is a series; one that ceased to repeat has no occurrences to ask for."""
    return not isinstance(item, dict) or item.get("type") in (None, "seriesMaster")


class Found(NamedTuple):
    """An occurrence: as it is now, and by which id Graph knows it ("" where it is cancelled)."""

    seen: Seen
    key: str = ""
    item: Json | None = None


def find(series: str, rid: str, item: Json, around: Json, reader: Reader) -> Found:
    """Return the occurrence ``rid`` from the series' own answer, and that of its instances."""
    wanted = occurrence_id(series, rid)
    try:
        master, differing = members(item, reader)
    except Rejected as error:
        return Found(bad_of(item | {"id": wanted}, error))
    exceptions = _list(item.get("exceptionOccurrences"))
    candidates = [*exceptions, *_plain(_list(around.get("value")))]
    for one in candidates:
        seen = instance(one, master, reader)
        if isinstance(seen, Remote) and seen.id == wanted and isinstance(one, dict):
            return Found(seen, str(one.get("id") or ""), one)
    if not any(seen.id == wanted for seen in differing):
        return Found(_unread(candidates, wanted, master, reader) or tombstone(series, rid))
    return Found(tombstone(series, rid))


def _unread(
    candidates: Sequence[object], wanted: str, master: Remote, reader: Reader
) -> Bad | None:
    """Return why the occurrence may be hidden behind one that cannot be read."""
    for one in candidates:
        seen = instance(one, master, reader)
        if isinstance(seen, Bad):
            return Bad(wanted, seen.reason, seen.value, seen.payload)
    return None


def tombstone(series: str, rid: str) -> Remote:
    """Return a cancelled occurrence."""
    return Remote(occurrence_id(series, rid), None, series=series, recurrence_id=rid)


def _plain(items: Sequence[object]) -> list[object]:
    return [one for one in items if isinstance(one, dict) and one.get("type") == "occurrence"]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
