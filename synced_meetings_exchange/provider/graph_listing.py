"""One listing of a calendar: Graph's pages brought into the form in which events are kept.

A series is delivered whole wherever any part of it turns up: Graph tells of occurrences without
their text, of deleted ones only beside their master.
https://learn.microsoft.com/graph/delta-query-events
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from odoo.addons.synced_meetings.sync.errors import Rejected, SyncError
from odoo.addons.synced_meetings.sync.event import Bad, Remote

from .graph_calls import Ask, Calls, Json
from .graph_errors import Absent
from .graph_series import Place, Seen, whole
from .graph_translate import IN_SERIES, Reader, bad_of, change_key, remote_of

MASTER = "seriesMaster"
Readers = Callable[[Sequence[object]], Reader]


def read(item: object, reader: Reader) -> Seen:
    """Return a single event or master, or why it cannot be read."""
    try:
        return remote_of(item, reader)
    except Rejected as error:
        return bad_of(item, error)


class Listing:
    """What was delivered so far; the same item may come on several pages."""

    def __init__(self, place: Place, calls: Calls, reader: Readers) -> None:
        self.place, self.calls, self.reader = place, calls, reader
        self._given: dict[str, str] = {}  # what was delivered, by its change key
        self._series: dict[str, set[str]] = {}  # what was read, by the change keys in it

    def page(self, items: Sequence[object]) -> tuple[tuple[Remote, ...], tuple[Bad, ...]]:
        """Return the events of a page that are new in this listing."""
        singles, series, removed = self._sorted(items)
        reader = self.reader(singles)
        found = [read(item, reader) for item in singles]
        doubts = self._asked([self.place.get(key) for key in removed])
        for key, answer in zip(removed, doubts, strict=True):
            if isinstance(answer, Bad | None):
                found.append(answer or Remote(key, None))
            elif parent := _series_of(answer):
                series[parent] = None
            else:  # outside of the window, or moved to where it is seen
                found.append(read(answer, self.reader([answer])))
        found += self._whole([one for one in series if one not in self._series])
        return self._new(found)

    def _sorted(self, items: Sequence[object]) -> tuple[list[object], dict[str, None], list[str]]:
        """Return (single events, ids of series, ids of what disappeared)."""
        singles: list[object] = []
        series: dict[str, None] = {}
        removed: dict[str, None] = {}
        for item in items:
            key = item.get("id") if isinstance(item, dict) else None
            if not isinstance(item, dict) or not isinstance(key, str):
                singles.append(item)
            elif "@removed" in item:
                removed[key] = None
            elif item.get("type") == MASTER and isinstance(bad := read(item, Reader()), Bad):
                singles.append(item)  # delivered as bad; what it would be asked by is in doubt
                self._series.setdefault(bad.id, set())
            elif parent := _series_of(item):
                self._forget_if_changed(parent, item)
                series[parent] = None
            else:
                singles.append(item)
        return singles, series, [key for key in removed if key not in series]

    def _forget_if_changed(self, series: str, item: Json) -> None:
        """Read a series again of which a page shows what was not in it."""
        key = change_key(item)
        if key and series in self._series and key not in self._series[series]:
            del self._series[series]

    def _whole(self, series: Sequence[str]) -> list[Seen]:
        answers = self._asked([self.place.series(key) for key in series])
        reader = self.reader([answer for answer in answers if isinstance(answer, dict)])
        found: list[Seen] = []
        for key, answer in zip(series, answers, strict=True):
            if isinstance(answer, Bad | None):
                parts: list[Seen] = [answer or Remote(key, None)]
            else:
                parts = whole(answer, reader)
            self._series[key] = {one.change_key for one in parts if isinstance(one, Remote)}
            found += parts
        return found

    def _asked(self, asks: Sequence[Ask]) -> list[Json | Bad | None]:
        """Return what was asked for, None where it does not exist."""
        return [
            _sight(ask, answer) for ask, answer in zip(asks, self.calls.many(asks), strict=True)
        ]

    def _new(self, found: Iterable[Seen]) -> tuple[tuple[Remote, ...], tuple[Bad, ...]]:
        remotes: dict[str, Remote] = {}
        bad: list[Bad] = []
        for one in found:
            if isinstance(one, Bad):
                bad.append(one)
            elif self._given.get(one.id) != one.change_key:
                self._given[one.id] = one.change_key
                remotes[one.id] = one
        return tuple(remotes.values()), tuple(bad)


def _sight(ask: Ask, answer: Json | SyncError) -> Json | Bad | None:
    if isinstance(answer, Absent):
        return None
    if isinstance(answer, Rejected):
        return Bad(ask.path.partition("?")[0].rpartition("/")[2], answer.reason, answer.value, "")
    if isinstance(answer, SyncError):
        raise answer
    return answer


def _series_of(item: Json) -> str:
    """Return the id of the series that an item belongs to, "" for a single event."""
    kind = item.get("type")
    found = item.get("seriesMasterId") if kind in IN_SERIES else item.get("id")
    return found if isinstance(found, str) and kind in (MASTER, *IN_SERIES) else ""
