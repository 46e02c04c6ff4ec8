"""What SyncFolderItems lists, page by page: ids, which are then read.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from odoo.addons.synced_meetings.sync.errors import Rejected, Retryable, SyncError
from odoo.addons.synced_meetings.sync.event import Bad, Page, Remote, Window
from odoo.addons.synced_meetings.sync.reading import LAST

from .ews_calls import Answer
from .ews_errors import Absent
from .ews_payloads import Place, Ref
from .ews_reading import Items, Master, Sight
from .ews_values import instant
from .ews_xml import Element, children, find, local, text

DELETE = "Delete"


class Listing:
    """One listing of a calendar, whole or since a state."""

    def __init__(
        self,
        found: Items,
        place: Place,
        folder: Callable[[], str],
        window: Window,
        *,
        complete: bool,
    ) -> None:
        self.items, self.place, self.folder = found, place, folder
        self.window, self.complete = window, complete

    def state(self, answer: Element) -> str:
        """Return from where on the next page goes on."""
        if found := text(answer, "m:SyncState"):
            return found
        raise Retryable("no_state")

    def is_last(self, answer: Element) -> bool:
        """Whether nothing follows for now."""
        return text(answer, "m:IncludesLastItemInRange") == "true"

    def page(self, answer: Element, token: str | None) -> Page:
        """Return what this part of the listing says, each series with all its exceptions."""
        listed = _listed(answer)
        answers = self.items.get([Ref(key) for key in listed])
        masters: list[Master] = []
        found: list[Sight] = []
        for (key, kind), one in zip(listed.items(), answers, strict=True):
            found += self._sights(key, kind, one, masters)
        found += self.items.exceptions(masters)
        remotes = tuple(one for one in found if isinstance(one, Remote))
        bad = tuple(one for one in found if isinstance(one, Bad))
        return Page(remotes, token, bad, self.complete)

    def _sights(self, key: str, kind: str, answer: Answer, masters: list[Master]) -> list[Sight]:
        """Return what is told of one item; a series is put to the ``masters``."""
        if kind == DELETE and self._is_elsewhere(answer):
            return [Remote(key, None)]
        sight = self.items.read(key, answer)
        if not isinstance(sight, Remote):
            return [sight] if sight else []
        if not (sight.event and sight.event.rule):
            return [] if self._is_past(sight) else [sight]
        master = self.items.master(answer)
        if isinstance(master, SyncError):
            return [self._unread(key, master)]
        if self._has_ended(master):
            return []
        masters.append(master)
        return [sight]

    def _unread(self, key: str, error: SyncError) -> Sight:
        if isinstance(error, Rejected):
            return Bad(key, error.reason, error.value, "")
        raise error

    def _is_elsewhere(self, answer: Answer) -> bool:
        """Whether what left the calendar is really not in it: it may have been put back."""
        if isinstance(answer, SyncError):
            return isinstance(answer, Absent)
        parent = find(answer, "t:ParentFolderId")
        return parent is None or parent.get("Id") != self.folder()

    def _is_past(self, remote: Remote) -> bool:
        """Whether a listing of all leaves this out; `SyncFolderItems` knows no window."""
        if not self.complete or remote.event is None:
            return False
        return not replace(self.window, stop=LAST).meets(remote.event.when)

    def _has_ended(self, master: Master) -> bool:
        try:
            last = instant(master.series.last) if self.complete and master.series.last else None
        except Rejected:
            return False
        return last is not None and last < self.window.start


def _listed(answer: Element) -> dict[str, str]:
    """Return the kind of change of each calendar item, by id, in the order of the service."""
    found: dict[str, str] = {}
    for change in children(answer, "m:Changes"):
        inside = find(change, "t:CalendarItem") if local(change) != DELETE else change
        said = find(inside, "t:ItemId")
        if said is not None and (key := said.get("Id")):
            found[key] = local(change)
    return found
