"""An own Exchange server as a provider, for one calendar of one mailbox.

This is the reading half; `ews_write` is the other.
https://learn.microsoft.com/exchange/client-developer/exchange-web-services/mailbox-synchronization-and-ews-in-exchange
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from odoo.addons.synced_meetings.sync.errors import Gone, Retryable, SyncError
from odoo.addons.synced_meetings.sync.event import (
    Bad,
    Busy,
    Calendar,
    Change,
    Channel,
    Outcome,
    Page,
    Remote,
    Window,
)
from odoo.addons.synced_meetings.sync.reading import email
from odoo.addons.synced_meetings.sync.view import WRITABLE

from . import ews_items as items
from . import ews_payloads as payloads
from .ews_busy import busy_times, zone_of
from .ews_calls import Calls
from .ews_channels import subscribe
from .ews_check import checked
from .ews_errors import Absent
from .ews_folders import calendars_of, folder_id
from .ews_listing import Listing
from .ews_payloads import PRIMARY, Place
from .ews_reading import BATCH, Items
from .ews_session import Server
from .ews_translate import cancelled_of
from .ews_values import Reader
from .ews_write import Push
from .graph_translate import occurrence_id, parts_of
from .trouble import Identity

PAGE_SIZE = 500  # Exchange gives 512 at most


class EwsProvider:
    """One calendar of one mailbox on an own server; not for several threads at once.

    ``known`` is what was found out before, as `keep` was given it: with it, nothing is asked that
    does not change.
    """

    name = "exchange"
    # A meeting is cancelled by its deletion, none is tentative; an own server has no way to join.
    fields = WRITABLE - {"state", "conference"}
    batch_size = BATCH
    quiet = True

    def __init__(
        self,
        server: Server,
        mailbox: str,
        calendar_id: str | None = None,
        *,
        known: str = "",
        keep: Callable[[str], None] | None = None,
        timeout: float = 30.0,
    ) -> None:
        self._place = Place(email(mailbox), calendar_id or PRIMARY)
        self._known = _read(known)
        self._keep = keep
        self._calls = Calls(server, self._place.mailbox, self._told("version"), timeout)
        self._items = Items(self._calls, Reader(self._place.mailbox, self._zone))

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._calls.close()

    def check(self) -> Identity:
        """Return whose mailbox it is. Raises `ConnectionRefused`."""
        found = checked(self._calls, self._place)
        self._learn(zone=found.zone)
        return found

    def calendars(self) -> Iterator[Calendar]:
        """Yield the calendars of the mailbox."""
        yield from calendars_of(self._calls, self._place, self._zone())

    def changes(self, token: str | None, window: Window) -> Iterator[Page]:
        """Yield what changed since ``token``, with None all that ends after ``window`` starts.

        Pages are made one by one: https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
        """
        listing = Listing(self._items, self._place, self._folder, window, complete=not token)
        state, more = token, True
        while more:
            answer = self._calls.one(payloads.sync(self._place, state, PAGE_SIZE))
            before, state = state, listing.state(answer)
            more = not listing.is_last(answer)
            if more and state == before:
                raise Retryable("page_repeats")  # it would never end
            self._learn()
            yield listing.page(answer, None if more else state)

    def fetch(self, remote_ids: Sequence[str]) -> Page:
        """Return these events as they are now, many in a call.

        What does not exist is a tombstone; what cannot be read is `Bad`, and so not deleted.
        """
        pairs = [parts_of(one) for one in remote_ids]
        singles = [key for key, rid in pairs if not rid]
        alone = dict(zip(singles, self._items.get([payloads.Ref(k) for k in singles]), strict=True))
        placed = self._items.occurrences([pair for pair in pairs if pair[1]])
        # Where a series was found, the calendar is there.
        every = [*alone.values(), *(answer for master, answer in placed.values() if not master)]
        if any(isinstance(answer, Gone) for answer in every):
            self._look()
        found = [
            self._occurrence(key, rid, *placed[key, rid]) if rid else self._single(key, alone[key])
            for key, rid in pairs
        ]
        remotes = tuple(one for one in found if isinstance(one, Remote))
        return Page(remotes, bad=tuple(one for one in found if isinstance(one, Bad)))

    def push(self, changes: Sequence[Change]) -> list[Outcome]:
        """Do these, many in a call; see `ews_write`."""
        return Push(self._place, self._items, self._zone, self._look).outcomes(changes)

    def new_key(self) -> str:
        """Return a fresh client key for a create."""
        return items.new_key()

    def uid_of(self, client_key: str) -> str:
        """Return the iCalendar UID that an event made with this key has."""
        return items.uid_of(client_key)

    def occurrence_id(self, series: str, recurrence_id: str) -> str:
        """Return the remote id of an occurrence that was never seen by itself."""
        return occurrence_id(series, recurrence_id)

    def free_busy(self, emails: Sequence[str], window: Window) -> dict[str, list[Busy]]:
        """Return the busy times of those who may be asked (GetUserAvailability)."""
        return busy_times(self._calls, emails, window)

    def subscribe(self, callback_url: str, secret: str, old: Channel | None = None) -> Channel:
        """Make a subscription; ``old`` ends when its next call finds that nobody knows it."""
        return subscribe(self._calls, self._place, callback_url, secret)

    def unsubscribe(self, channel: Channel) -> None:
        """Do nothing: Exchange ends a push subscription only when a call of it is answered so."""

    def _single(self, key: str, answer: Any) -> Remote | Bad | None:
        return self._items.read(key, answer)

    def _occurrence(self, key: str, rid: str, master: Any, answer: Any) -> Remote | Bad | None:
        if master is not None:
            return self._items.instance(master, rid, answer)
        if isinstance(answer, Absent):
            return cancelled_of(key, rid)
        if isinstance(answer, SyncError):
            return self._items.read(occurrence_id(key, rid), answer)
        return None

    def _zone(self) -> str:
        """Return the mailbox' zone; asked once, "" where the server does not tell."""
        if "zone" not in self._known:
            now = datetime.now(timezone.utc)
            zone = zone_of(self._calls, self._place.mailbox, Window(now, now))
            self._learn(zone=zone)
        return self._told("zone")

    def _folder(self) -> str:
        """Return Exchange's own id of the calendar; asked once."""
        if self._place.calendar_id != PRIMARY:
            return self._place.calendar_id
        if not self._told("folder"):
            self._look()
        return self._told("folder")

    def _look(self) -> None:
        """Ask whether the calendar exists: else, its events would look gone. Raises `Gone`."""
        found = folder_id(self._calls, self._place)
        if self._place.calendar_id == PRIMARY:
            self._learn(folder=found)

    def _told(self, name: str) -> str:
        said = self._known.get(name)
        return said if isinstance(said, str) else ""

    def _learn(self, **values: str) -> None:
        values["version"] = self._calls.version
        if self._known | values != self._known:
            self._known |= values
            if self._keep:
                self._keep(json.dumps(self._known, sort_keys=True))


def _read(known: str) -> dict[str, Any]:
    try:
        found = json.loads(known or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
