"""Google Calendar as a provider, the writing half: one push of changes.

https://developers.google.com/workspace/calendar/api/v3/reference/events#methods
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from googleapiclient.http import HttpRequest

from odoo.addons.synced_meetings.sync.errors import (
    Rejected,
    Retryable,
    StaleChangeKey,
    SyncError,
    of_one,
)
from odoo.addons.synced_meetings.sync.event import Bad, Change, Event, Outcome, Remote, answer_of

from . import bodies
from .bodies import Body
from .calls import Answer, Calls
from .errors import REASONS, Absent, Duplicate

Read = Callable[[object], Remote | Bad | None]


class Place(NamedTuple):
    """Which calendar is written to, and how its events are asked for."""

    events: Any  # the API's collection
    calendar_id: str
    fields: str  # of an event: what reading reads, so that an answer equals a later listing

    def get(self, remote_id: str, fields: str = "") -> HttpRequest:
        """Return events.get."""
        return self.events.get(
            calendarId=self.calendar_id,
            eventId=remote_id,
            fields=fields or self.fields,
            prettyPrint=False,
        )


class Push:
    """One push: what goes out for each change, and what became of it."""

    def __init__(self, place: Place, calls: Calls, read: Read, look: Callable[[], None]) -> None:
        self.place, self.calls = place, calls
        self.read = read  # an event of Google's as ours
        self.look = look  # raises `Gone` where the calendar does not exist

    def outcomes(self, changes: Sequence[Change]) -> list[Outcome]:
        """Do them and return an outcome of each, in order."""
        guests = self._guests(changes)
        found: dict[int, Outcome] = {}
        requests: dict[int, HttpRequest] = {}
        for number, change in enumerate(changes):
            planned = self._planned(change, guests.get(number))
            if isinstance(planned, Outcome):
                found[number] = planned
            else:
                requests[number] = planned
        answers = self.calls.many(list(requests.values()))
        for number, answer in zip(requests, answers, strict=True):
            found[number] = self._outcome(changes[number], answer)
        self._check_absent(guests | dict(zip(requests, answers, strict=True)), found)
        self._adopt(changes, found)
        return [found[number] for number in range(len(changes))]

    # What goes out

    def _guests(self, changes: Sequence[Change]) -> dict[int, Answer]:
        """Ask for the attendees of those whose list will be replaced (see `bodies.patch`)."""
        asked = {
            number: self.place.get(bodies.id_of(change.copy), "etag,attendees,attendeesOmitted")
            for number, change in enumerate(changes)
            if change.action == "update"
            and change.event
            and change.copy.change_key
            and bodies.invites(change.copy.event, change.event)
        }
        return dict(zip(asked, self.calls.many(list(asked.values())), strict=True))

    def _planned(self, change: Change, guests: Answer | None) -> HttpRequest | Outcome:
        """Return the request of a change, or its outcome where none is made."""
        if isinstance(guests, SyncError):
            return self._outcome(change, guests)
        try:
            if change.action == "create":
                return self._insertion(change)
            if change.action == "delete":
                return self._deletion(change)
            body = _answer(change) if change.action == "answer" else _update(change, guests)
        except (Rejected, StaleChangeKey) as error:
            return Outcome(error=error)
        return self._patch(change, body) if body else Outcome(change.copy, told=False)

    def _insertion(self, change: Change) -> HttpRequest:
        body = bodies.insertion(_event(change), change.copy.client_key)
        return self.place.events.insert(
            body=body,
            fields=self.place.fields,
            prettyPrint=False,
            **self._where(change.tell),
            **_asks(body),
        )

    def _patch(self, change: Change, body: Body) -> HttpRequest:
        request = self.place.events.patch(
            eventId=bodies.id_of(change.copy),
            body=body,
            fields=self.place.fields,
            prettyPrint=False,
            **self._where(change.tell or change.action == "answer"),
            **_asks(body),
        )
        return _guarded(request, change)

    def _deletion(self, change: Change) -> HttpRequest:
        where = self._where(change.tell)
        request = self.place.events.delete(eventId=bodies.id_of(change.copy), **where)
        return _guarded(request, change)

    def _where(self, tell: bool) -> dict[str, str]:
        # Never left out: "none" is only today's default.
        return {"calendarId": self.place.calendar_id, "sendUpdates": "all" if tell else "none"}

    # What became of it

    def _outcome(self, change: Change, answer: Answer) -> Outcome:
        if isinstance(answer, Absent) and change.action != "create":
            return Outcome(_tombstone(change.copy))
        if isinstance(answer, SyncError):
            return Outcome(error=of_one(answer, REASONS))
        if change.action == "delete":
            return Outcome(_tombstone(change.copy))
        return self._seen(answer)

    def _seen(self, answer: Body) -> Outcome:
        found = self.read(answer)
        if isinstance(found, Remote):
            return Outcome(found)
        reason, value = (found.reason, found.value) if found else ("refused_there", "eventType")
        return Outcome(error=Rejected(reason, value))

    def _check_absent(self, answers: Mapping[int, Answer], found: dict[int, Outcome]) -> None:
        """Tell events that are gone from a calendar that is gone: both answer the same."""
        absent = [n for n, answer in answers.items() if isinstance(answer, Absent)]
        try:
            if absent:
                self.look()
        except Retryable as error:
            # What became of the others is known all the same.
            found.update(dict.fromkeys(absent, Outcome(error=error)))

    def _adopt(self, changes: Sequence[Change], found: dict[int, Outcome]) -> None:
        """Answer creates that were done before with the event as it is now."""
        again = [n for n, outcome in found.items() if isinstance(outcome.error, Duplicate)]
        copies = [changes[number].copy for number in again]
        try:
            answers: Sequence[Answer] = self.calls.many(
                [self.place.get(copy.client_key) for copy in copies]
            )
        except Retryable as error:
            answers = [error] * len(again)  # the others' outcomes are known
        for number, copy, answer in zip(again, copies, answers, strict=True):
            if isinstance(answer, Absent):
                found[number] = Outcome(_tombstone(copy))
            elif isinstance(answer, SyncError):
                found[number] = Outcome(error=of_one(answer, REASONS))
            else:
                found[number] = self._seen(answer)


def _asks(body: Body) -> dict[str, int]:
    """Return what lets a conference be written; without it Google keeps it as it is."""
    return {"conferenceDataVersion": 1} if "conferenceData" in body else {}


def _event(change: Change) -> Event:
    if change.event is None:
        raise Rejected("no_start")
    return change.event


def _update(change: Change, guests: Body | None) -> Body:
    """Return what differs. Raises `StaleChangeKey` where it would overwrite what nobody saw."""
    copy, event = change.copy, _event(change)
    if not copy.change_key or (guests and guests.get("etag") != copy.change_key):
        raise StaleChangeKey("etag")
    if guests is None:
        return bodies.patch(copy.event, event)
    if guests.get("attendeesOmitted"):
        raise Rejected("refused_there", "attendeesOmitted")  # a part would replace the whole
    return bodies.patch(copy.event, event, guests.get("attendees") or [])


def _answer(change: Change) -> Body:
    email, old, new = change.copy.self_email, change.copy.event, change.event
    response = answer_of(new, email) if new and email else None
    if response is None or (old and response == answer_of(old, email)):
        return {}
    return bodies.answer(email, response)


def _guarded(request: HttpRequest, change: Change) -> HttpRequest:
    if key := change.copy.change_key:
        # As Google gave it; nothing in it may end the header.
        request.headers["If-Match"] = quote(key, safe=string.punctuation)
    return request


def _tombstone(copy: Remote) -> Remote:
    return Remote(
        bodies.id_of(copy),
        None,
        series=copy.series,
        recurrence_id=copy.recurrence_id,
        client_key=copy.client_key,
    )
