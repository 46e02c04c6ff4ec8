"""Microsoft 365 as a provider, for one calendar of one mailbox.

This is the reading half; `graph_write` is the other.
https://learn.microsoft.com/graph/delta-query-events
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from odoo.addons.synced_meetings.sync.errors import (
    NoChannel,
    Rejected,
    Retryable,
    SyncError,
    SyncTokenExpired,
)
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
from odoo.addons.synced_meetings.sync.reading import clean, email
from odoo.addons.synced_meetings.sync.rules import UTC
from odoo.addons.synced_meetings.sync.view import WRITABLE

from . import graph_bodies as bodies
from . import graph_channels as channels
from .graph_busy import busy_times, zone_of
from .graph_calls import BATCH, Answer, Ask, Calls, Json, Login
from .graph_check import checked
from .graph_errors import Absent
from .graph_listing import Listing, read
from .graph_login import GRAPH_URL
from .graph_series import EVENT, Place, find, repeats, tombstone
from .graph_translate import Reader, occurrence_id, parts_of
from .graph_values import stamp
from .graph_write import Push
from .trouble import Identity

PRIMARY = "primary"  # the id by which the mailbox' own calendar is listed and asked for
CALENDARS = "?$top=100&$select=id,name,owner,canEdit,canViewPrivateItems,isDefaultCalendar"
OWNER = "?$select=id,owner,canEdit,canViewPrivateItems"
VIEW = 500  # events on a page of a calendar that has no delta
# A delta's window is fixed: as the days go by, the whole is listed again in a new one.
STALE_WINDOW = timedelta(days=7)
LONGEST = timedelta(days=1_825)  # no view is longer


class GraphProvider:
    """One calendar of one mailbox in Microsoft 365; not for several threads at once.

    Only the primary calendar can tell what changed (calendarView/delta of v1.0). Any other is
    listed whole each time, its token being no more than the window, and so its pages are
    `complete` with and without one.
    """

    name = "exchange"
    fields = WRITABLE - {"state"}  # a meeting is cancelled by its deletion; none is tentative
    batch_size = BATCH
    quiet = False  # Graph mails whatever an organiser writes where there are guests

    def __init__(
        self,
        login: Login,
        calendar_id: str | None = None,
        *,
        mailbox: str = "",
        graph_url: str = GRAPH_URL,
        timeout: float = 30.0,
        ca_file: str = "",
    ) -> None:
        base = f"/users/{quote(mailbox, safe='@')}" if mailbox else "/me"
        self._place = Place(base, "" if calendar_id in (None, "", PRIMARY) else str(calendar_id))
        self._calls = Calls(login, graph_url, timeout, ca_file)
        self._mailbox = mailbox
        self._reader: Reader | None = None

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._calls.close()

    def check(self) -> Identity:
        """Return whose mailbox it is. Raises `ConnectionRefused`."""
        return checked(self._calls, self._place.base, self._mailbox)

    def calendars(self) -> Iterator[Calendar]:
        """Yield the calendars of the mailbox; https://learn.microsoft.com/graph/api/user-list-calendars."""
        items = [
            item
            for answer in self._pages(f"{self._place.base}/calendars{CALENDARS}")
            for item in _items(answer)
            if isinstance(item, dict) and isinstance(item.get("id"), str)
        ]
        own = next((_owner(item) for item in items if item.get("isDefaultCalendar") is True), "")
        today = datetime.now(UTC)
        zone = zone_of(self._calls, self._place.base, own, Window(today, today)) if own else ""
        for item in items:
            yield _calendar(item, own, zone)

    def changes(self, token: str | None, window: Window) -> Iterator[Page]:
        """Yield what changed since ``token``, with None all that meets ``window``.

        Pages are made one by one. Raises `SyncTokenExpired` before the first.
        """
        if self._place.calendar:
            return self._listed(window)
        return self._changed(self._link(token, window), token, window)

    def fetch(self, remote_ids: Sequence[str]) -> Page:
        """Return these events as they are now, many in one batch.

        What does not exist is a tombstone; what cannot be read is `Bad`, and so not deleted.
        """
        asks = [ask for one in remote_ids for ask in self._questions(one)]
        every = self._calls.many(asks)
        if any(isinstance(answer, Absent) for answer in every):
            self._look()
        answers = iter(every)
        found = [
            self._found(one, [next(answers) for _ in self._questions(one)]) for one in remote_ids
        ]
        remotes = tuple(one for one in found if isinstance(one, Remote))
        return Page(remotes, bad=tuple(one for one in found if isinstance(one, Bad)))

    def push(self, changes: Sequence[Change]) -> list[Outcome]:
        """Do these in batches; see `graph_write`."""
        return Push(self._place, self._calls, self._reading, self._look).outcomes(changes)

    def new_key(self) -> str:
        """Return a fresh client key for a create."""
        return bodies.new_key()

    def uid_of(self, client_key: str) -> str:
        """Return a UID for an event made with this key, until Graph has given its own."""
        return bodies.uid_of(client_key)

    def occurrence_id(self, series: str, recurrence_id: str) -> str:
        """Return the remote id of an occurrence that was never seen by itself."""
        return occurrence_id(series, recurrence_id)

    def free_busy(self, emails: Sequence[str], window: Window) -> dict[str, list[Busy]]:
        """Return the busy times of those who may be asked (getSchedule)."""
        return busy_times(self._calls, self._place.base, emails, window)

    def subscribe(self, callback_url: str, secret: str, old: Channel | None = None) -> Channel:
        """Prolong ``old``, or make a new subscription; only of the mailbox' own calendar."""
        if self._place.calendar:
            raise NoChannel("unsupported")
        resource = f"{self._place.base}/events"
        return channels.subscribe(self._calls, resource, callback_url, secret, old)

    def unsubscribe(self, channel: Channel) -> None:
        """End a subscription."""
        channels.unsubscribe(self._calls, channel)

    # Listing

    def _link(self, token: str | None, window: Window) -> str:
        """Return where a listing begins: at a token's own link, or with the window."""
        if token is None:
            return f"{self._place.base}/calendarView/delta?{_span(window)}"
        try:
            kept = json.loads(token)
            start, stop = (datetime.fromisoformat(kept[name]) for name in ("start", "stop"))
            link = str(kept["delta"])
            apart = max(abs(window.start - start), abs(window.stop - stop))
        except (ValueError, KeyError, TypeError):
            raise SyncTokenExpired("token") from None
        if apart > STALE_WINDOW or not self._calls.is_ours(link):
            raise SyncTokenExpired("window")
        return link

    def _changed(self, link: str, token: str | None, window: Window) -> Iterator[Page]:
        kept = json.loads(token) if token else _kept(window)
        listing = Listing(self._place, self._calls, self._reading)
        for answer in self._pages(link, first=token is not None):
            remotes, bad = listing.page(_items(answer))
            last = answer.get("@odata.deltaLink")
            done = json.dumps({**kept, "delta": last}) if isinstance(last, str) else None
            yield Page(remotes, done, bad, complete=token is None)

    def _listed(self, window: Window) -> Iterator[Page]:
        """Yield the whole of a calendar that has no delta."""
        self._look()
        listing = Listing(self._place, self._calls, self._reading)
        link = f"{self._place.root}/calendarView?{_span(window)}&$top={VIEW}&$select={EVENT}"
        for answer in self._pages(link):
            more = isinstance(answer.get("@odata.nextLink"), str)
            remotes, bad = listing.page(_items(answer))
            yield Page(remotes, None if more else json.dumps(_kept(window)), bad, complete=True)

    def _pages(self, link: str, first: bool = False) -> Iterator[Json]:
        """Yield the answers of a listing; only the ``first`` may say that a token has expired."""
        while link:
            try:
                answer = self._calls.page(link)
            except SyncTokenExpired as error:
                if first:
                    raise
                raise Retryable(f"listing {error}") from None
            before, link = link, str(answer.get("@odata.nextLink") or "")
            if link == before:
                raise Retryable("page_repeats")  # it would never end
            if not link and "/delta" in before and not answer.get("@odata.deltaLink"):
                raise Retryable("no_delta_link")
            yield answer
            first = False

    # Reading by id

    def _questions(self, remote_id: str) -> list[Ask]:
        series, rid = parts_of(remote_id)
        if not rid:
            return [self._place.get(series)]
        return [self._place.series(series), self._place.instances(series, rid)]

    def _found(self, remote_id: str, answers: Sequence[Answer]) -> Remote | Bad:
        series, rid = parts_of(remote_id)
        if rid and not repeats(answers[0]):
            return tombstone(series, rid)
        for answer in answers:
            if isinstance(answer, Absent):
                return tombstone(series, rid) if rid else Remote(remote_id, None)
            if isinstance(answer, Rejected):
                return Bad(remote_id, answer.reason, answer.value, "")
            if isinstance(answer, SyncError):
                raise answer
        items: list[Any] = list(answers)
        reader = self._reading(items[:1])
        if not rid:
            return read(items[0], reader)
        return find(series, rid, items[0], items[1], reader).seen

    def _reading(self, items: Sequence[object]) -> Reader:
        """Return how these are read: of invitations, one must know who was invited."""
        invited = any(isinstance(one, dict) and _is_invitation(one) for one in items)
        if self._reader is None and invited:
            self._look()
        return self._reader or Reader()

    def _look(self) -> None:
        """Ask whose calendar it is and what is hidden in it, and whether it exists at all.

        Otherwise, a calendar that is gone would look like one whose events are all gone.
        """
        paths = dict.fromkeys((self._place.itself, f"{self._place.base}/calendar"))
        answers = self._calls.many([Ask("GET", f"{path}{OWNER}") for path in paths])
        for answer in answers:
            if isinstance(answer, SyncError):
                raise answer
        calendar, primary = (answer for answer in (answers[0], answers[-1]))
        if isinstance(calendar, dict) and isinstance(primary, dict):
            owner = _owner(calendar)
            foreign = owner != _owner(primary)
            self._reader = Reader(owner, foreign, calendar.get("canViewPrivateItems") is not False)


def _calendar(item: Json, own: str, zone: str) -> Calendar:
    primary, owner = item.get("isDefaultCalendar") is True, _owner(item)
    access = "writer" if item.get("canEdit") is True else "reader"
    return Calendar(
        remote_id=PRIMARY if primary else str(item["id"]),
        name=_name(item.get("name")),
        primary=primary,
        access="owner" if owner == own and access == "writer" else access,  # type: ignore[arg-type]
        zone=zone,
        owner=owner,
    )


def _name(value: object) -> str:
    try:
        return clean(value)
    except Rejected:
        return ""


def _owner(item: Json) -> str:
    person = item.get("owner")
    try:
        return email(person.get("address")) if isinstance(person, dict) else ""
    except Rejected:
        return ""


def _is_invitation(item: Json) -> bool:
    return item.get("isOrganizer") is not True and bool(item.get("attendees"))


def _items(answer: Json) -> list[Any]:
    items = answer.get("value")
    return items if isinstance(items, list) else []


def _kept(window: Window) -> Json:
    return {"start": window.start.isoformat(), "stop": window.stop.isoformat()}


def _span(window: Window) -> str:
    stop = min(window.stop, window.start + LONGEST)
    return urlencode({"startDateTime": stamp(window.start), "endDateTime": stamp(stop)})
