"""Google Calendar as a provider, for one calendar of one account.

This is the reading half; `write` is the other.

https://developers.google.com/workspace/calendar/api/guides/sync
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from google.auth.credentials import Credentials

from odoo.addons.synced_meetings.sync.errors import Rejected, Retryable, SyncError
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
from odoo.addons.synced_meetings.sync.rules import UTC
from odoo.addons.synced_meetings.sync.view import WRITABLE

from . import bodies, channels
from .api import api
from .calls import BATCH, Answer, Calls
from .errors import Absent
from .translate import bad_of, calendar_of, is_noise, remote_of
from .values import instant
from .write import Place, Push

API_URL = "https://www.googleapis.com/calendar/v3/"
PAGE_SIZE = 2_500  # the most that Google gives; its default is 250
CALENDARS = 50  # the most that one free/busy query may ask for
KINDS = ["default", "fromGmail", "outOfOffice"]  # the rest is no meeting: see translate.NOISE

# Exactly what translate.py reads: a third of the bytes, and of the time to parse them.
EVENT = (
    "id,status,etag,iCalUID,recurringEventId,originalStartTime,start,end,endTimeUnspecified,"
    "recurrence,summary,description,location,organizer(email,self),"
    "attendees(email,displayName,responseStatus,optional,resource,self),attendeesOmitted,"
    "transparency,visibility,eventType,hangoutLink,extendedProperties/private,"
    "conferenceData(createRequest/status/statusCode,entryPoints(entryPointType,uri)),"
    "attachments(title,fileUrl),htmlLink"
)
EVENTS = f"items({EVENT}),nextPageToken,nextSyncToken,timeZone,accessRole"
CALENDAR = "id,summary,summaryOverride,primary,accessRole,timeZone,dataOwner"


class GoogleProvider:
    """One calendar of one Google account; not for several threads at once."""

    name = "google"
    fields = WRITABLE
    batch_size = BATCH
    quiet = True

    def __init__(
        self,
        credentials: Credentials,
        calendar_id: str = "primary",
        *,
        api_url: str = API_URL,
        timeout: float = 30.0,
    ) -> None:
        self.credentials = credentials  # google-auth renews them in place
        self.calendar_id = calendar_id
        self._api = api(api_url)
        self._calls = Calls(credentials, api_url, timeout)
        self._zone: str | None = None
        self._role = ""

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._calls.close()

    def calendars(self) -> Iterator[Calendar]:
        """Yield the calendars of the account's list (calendarList.list)."""
        wanted = f"items({CALENDAR}),nextPageToken"
        for answer in self._pages(self._api.calendar_list.list, maxResults=250, fields=wanted):
            yield from filter(None, map(_calendar, _items(answer)))

    def address(self) -> str:
        """Return the account's own address: the id of its primary calendar."""
        answer = self._call(self._api.calendar_list.get(calendarId="primary", fields=CALENDAR))
        return calendar_of(answer).remote_id.lower()

    def changes(self, token: str | None, window: Window) -> Iterator[Page]:
        """Yield what changed since ``token``, with None all that ends after ``window`` starts.

        Pages are made one by one; see events.list and the guide "Synchronize resources".
        """
        since: dict[str, Any] = {"syncToken": token} if token else {"timeMin": _time(window.start)}
        # All else is the same with and without token, as Google demands of a token's user.
        answers = self._pages(
            self._api.events.list,
            calendarId=self.calendar_id,
            maxResults=PAGE_SIZE,
            showDeleted=True,
            singleEvents=False,
            eventTypes=KINDS,
            fields=EVENTS,
            prettyPrint=False,
            **since,
        )
        for answer in answers:
            yield self._page(answer, complete=not token)

    def fetch(self, remote_ids: Sequence[str]) -> Page:
        """Return these events as they are now (events.get, many in one batch).

        What does not exist is a tombstone; what cannot be read is `Bad`, and so not deleted.
        """
        known = self._zone is not None
        if remote_ids and not known:
            self._look()
        answers = self._calls.many([self._place.get(one) for one in remote_ids])
        if known and any(isinstance(answer, Absent) for answer in answers):
            self._look()
        found = [self._found(*pair) for pair in zip(remote_ids, answers, strict=True)]
        remotes = tuple(one for one in found if isinstance(one, Remote))
        return Page(remotes, bad=tuple(one for one in found if isinstance(one, Bad)))

    def push(self, changes: Sequence[Change]) -> list[Outcome]:
        """Do these in batches; see `write`."""
        if changes and self._zone is None:
            self._look()
        return Push(self._place, self._calls, self._read, self._look).outcomes(changes)

    def new_key(self) -> str:
        """Return a fresh client key for a create."""
        return bodies.new_key()

    def uid_of(self, client_key: str) -> str:
        """Return the iCalendar UID that an event made with this key has."""
        return bodies.uid_of(client_key)

    def occurrence_id(self, series: str, recurrence_id: str) -> str:
        """Return the remote id of an occurrence that was never seen by itself."""
        return bodies.occurrence_id(series, recurrence_id)

    def free_busy(self, emails: Sequence[str], window: Window) -> dict[str, list[Busy]]:
        """Return the busy times of those who may be asked (freebusy.query)."""
        found: dict[str, list[Busy]] = {}
        for first in range(0, len(emails), CALENDARS):
            found.update(self._free_busy(emails[first : first + CALENDARS], window))
        return found

    def subscribe(self, callback_url: str, secret: str, old: Channel | None = None) -> Channel:
        """Open a channel in the place of ``old``: none is prolonged at Google."""
        channel = channels.watch(self._calls, self._api, self.calendar_id, callback_url, secret)
        if old:
            channels.stop(self._calls, self._api, old)
        return channel

    def unsubscribe(self, channel: Channel) -> None:
        """Close a channel."""
        channels.stop(self._calls, self._api, channel)

    @property
    def _place(self) -> Place:
        return Place(self._api.events, self.calendar_id, EVENT)

    def _call(self, request: Any) -> dict[str, Any]:
        return self._calls.one(request)

    def _pages(self, listing: Any, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the answers of a listing; each may be emptied before the next is asked for."""
        page, more = None, True
        while more:
            # Not list_next(): it refuses a parameter that is given twice, as eventTypes is.
            answer = self._call(listing(**parameters, pageToken=page))
            before, page = page, answer.get("nextPageToken")
            more = bool(page)
            if more and page == before:
                raise Retryable("page_repeats")  # it would never end
            yield answer

    def _page(self, answer: dict[str, Any], complete: bool) -> Page:
        self._learn(answer)
        remotes: list[Remote] = []
        bad: list[Bad] = []
        items = _items(answer)
        items.reverse()
        while items:
            # Each item is let go as soon as it is read: JSON takes three times our own room.
            read = self._read(items.pop())
            if isinstance(read, Remote):
                remotes.append(read)
            elif read:
                bad.append(read)
        token = None if answer.get("nextPageToken") else answer.get("nextSyncToken")
        return Page(tuple(remotes), token, tuple(bad), complete)

    def _read(self, item: object) -> Remote | Bad | None:
        if is_noise(item):
            return None
        try:
            return remote_of(item, self._zone or "UTC", self._role)
        except Rejected as error:
            return bad_of(item, error)

    def _learn(self, answer: dict[str, Any]) -> None:
        zone, role = answer.get("timeZone"), answer.get("accessRole")
        self._zone = zone if isinstance(zone, str) else "UTC"
        self._role = role if isinstance(role, str) else ""

    def _look(self) -> None:
        """Ask for the calendar's zone and our rights, and whether it exists at all.

        Otherwise, a calendar that is gone would look like one whose events are all gone.
        """
        request = self._api.events.list(
            calendarId=self.calendar_id, maxResults=1, fields="timeZone,accessRole"
        )
        self._learn(self._call(request))

    def _found(self, remote_id: str, answer: Answer) -> Remote | Bad | None:
        if isinstance(answer, Absent):
            return Remote(remote_id, None)
        if isinstance(answer, Rejected):
            return Bad(remote_id, answer.reason, answer.value, "")
        if isinstance(answer, SyncError):
            raise answer
        return self._read(answer)

    def _free_busy(self, emails: Sequence[str], window: Window) -> dict[str, list[Busy]]:
        body = {
            "timeMin": _time(window.start),
            "timeMax": _time(window.stop),
            "items": [{"id": email} for email in emails],
        }
        wanted = "calendars"
        answer = self._call(self._api.free_busy.query(body=body, fields=wanted)).get("calendars")
        told = answer if isinstance(answer, dict) else {}
        return {email: busy for email in emails if (busy := _busy(told.get(email))) is not None}


def _items(answer: dict[str, Any]) -> list[Any]:
    items = answer.get("items")
    return items if isinstance(items, list) else []


def _calendar(item: Any) -> Calendar | None:
    try:
        return calendar_of(item)
    except (Rejected, AttributeError):
        return None  # nothing to name it by, so nothing to choose


def _busy(told: object) -> list[Busy] | None:
    """Return the stretches that Google tells of one calendar, None where it may not be asked."""
    if not isinstance(told, dict) or told.get("errors"):
        return None
    stretches: Iterable[Any] = told.get("busy") or ()
    try:
        return [Busy(instant(s["start"], s, "UTC"), instant(s["end"], s, "UTC")) for s in stretches]
    except (Rejected, KeyError, TypeError):
        return None  # unreadable is unknown, not free


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
