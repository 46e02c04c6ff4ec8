"""Graph as a provider, the writing half: one push of changes.

https://learn.microsoft.com/graph/api/resources/event#methods
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from odoo.addons.synced_meetings.sync.errors import (
    Rejected,
    Retryable,
    StaleChangeKey,
    SyncError,
    of_one,
)
from odoo.addons.synced_meetings.sync.event import (
    Bad,
    Change,
    Event,
    Outcome,
    Remote,
    Response,
    answer_of,
)

from . import graph_bodies as bodies
from .graph_calls import Answer, Ask, Calls, Json
from .graph_errors import REASONS, Absent
from .graph_listing import Readers, read
from .graph_series import EVENT, Found, Place, find, instance, repeats
from .graph_translate import change_key, occurrence_id, remote_of

COMMENT: Json = {"comment": ""}


class Now(NamedTuple):
    """What is known of a copy when it is written: Graph's id, the event, and its master."""

    key: str
    item: Json | None = None
    master: Remote | None = None


class Push:
    """One push: what goes out for each change, and what became of it."""

    def __init__(
        self, place: Place, calls: Calls, reader: Readers, look: Callable[[], None]
    ) -> None:
        self.place, self.calls, self.reader = place, calls, reader
        self.look = look  # raises `Gone` where the calendar does not exist

    def outcomes(self, changes: Sequence[Change]) -> list[Outcome]:
        """Do them and return an outcome of each, in order."""
        found = {n: at_once for n, change in enumerate(changes) if (at_once := _at_once(change))}
        open_ones = {n: change for n, change in enumerate(changes) if n not in found}
        before = self._before(open_ones)
        asks: dict[int, Ask] = {}
        for number, change in open_ones.items():
            planned = self._planned(change, before[number])
            if isinstance(planned, Ask):
                asks[number] = planned
            else:
                found[number] = planned
        answers = dict(zip(asks, self.calls.many(list(asks.values())), strict=True))
        answers |= self._answered(changes, before, answers)
        for number, answer in answers.items():
            found[number] = self._outcome(changes[number], before[number], answer)
        self._check_absent(before | answers, found)
        return [found[number] for number in range(len(changes))]

    # What goes out

    def _before(self, changes: Mapping[int, Change]) -> dict[int, Now | SyncError]:
        """Ask what must be known before: under which id, and what the write would replace."""
        asks = {number: self._questions(change) for number, change in changes.items()}
        answers = iter(self.calls.many([ask for asked in asks.values() for ask in asked]))
        return {
            number: self._now(changes[number], [next(answers) for _ in asked])
            for number, asked in asks.items()
        }

    def _questions(self, change: Change) -> list[Ask]:
        copy = change.copy
        if copy.series:
            instances = self.place.instances(copy.series, copy.recurrence_id)
            return [self.place.series(copy.series), instances]
        if not copy.id:
            return [self._search(copy.client_key)]
        updates = change.action == "update" and bodies.reads(copy.event, _event(change))
        # What is cancelled is guarded by no ETag, and what was never seen may have guests.
        unsure = not copy.change_key or (change.tell and bodies.guests(copy.event))
        deletes = change.action == "delete" and unsure
        return [self.place.get(copy.id)] if updates or deletes else []

    def _search(self, client_key: str) -> Ask:
        value = client_key.replace("'", "''")
        wanted = f"ep/id eq '{bodies.KEY}' and ep/value eq '{value}'"
        query = quote(f"singleValueExtendedProperties/Any(ep: {wanted})", safe="()'/:")
        return Ask("GET", f"{self.place.root}/events?$filter={query}&$select={EVENT}")

    def _now(self, change: Change, answers: Sequence[Answer]) -> Now | SyncError:
        copy = change.copy
        if copy.series and not repeats(answers[0]):
            return Absent(copy.recurrence_id)
        for answer in answers:
            if isinstance(answer, SyncError):
                return answer
        bodies_of = [answer for answer in answers if isinstance(answer, dict)]
        if copy.series:
            return self._occurrence(copy, *bodies_of)
        if copy.id:
            return Now(copy.id, bodies_of[0] if bodies_of else None)
        listed = bodies_of[0].get("value")
        item = listed[0] if isinstance(listed, list) and listed else None
        return Now(str(item.get("id") or ""), item) if isinstance(item, dict) else Now("")

    def _occurrence(self, copy: Remote, series: Json, around: Json) -> Now | SyncError:
        reader = self.reader([series])
        found: Found = find(copy.series, copy.recurrence_id, series, around, reader)
        if isinstance(found.seen, Bad):
            return Rejected(found.seen.reason, found.seen.value)
        if not found.key:
            return Absent(copy.recurrence_id)
        return Now(found.key, found.item, remote_of(series, reader))

    def _planned(self, change: Change, now: Now | SyncError) -> Ask | Outcome:
        """Return the request of a change, or its outcome where none is made."""
        if isinstance(now, SyncError):
            return self._outcome(change, now, now)
        try:
            if change.action == "create":
                return self._creation(change, now)
            if not now.key:
                return Outcome(_tombstone(change.copy))
            return self._write(change, now)
        except (Rejected, StaleChangeKey) as error:
            return Outcome(error=error)

    def _creation(self, change: Change, now: Now) -> Ask | Outcome:
        if now.item:
            return self._seen(change, now, now.item)
        body = bodies.insertion(_event(change), change.copy.client_key)
        return Ask("POST", f"{self.place.root}/events", body)

    def _write(self, change: Change, now: Now) -> Ask:
        copy = change.copy
        if change.action == "answer":
            return Ask(
                "POST",
                self.place.event(now.key, f"/{bodies.VERBS[_answer(change)]}"),
                {**COMMENT, "sendResponse": True},
            )
        if now.item and copy.change_key and change_key(now.item) != copy.change_key:
            raise StaleChangeKey("etag")
        if change.action == "delete":
            return self._deletion(change, now)
        if not copy.change_key:
            raise StaleChangeKey("etag")
        body = bodies.patch(copy.event, _event(change), now.item)
        return Ask("PATCH", self.place.event(now.key), body, copy.change_key)

    def _deletion(self, change: Change, now: Now) -> Ask:
        copy = change.copy
        organises = now.item.get("isOrganizer") is True if now.item else copy.organises
        if organises and (bodies.guests(copy.event) or _has_guests(now.item)):
            if not change.tell:
                raise Rejected("cannot_be_quiet")
            return Ask("POST", self.place.event(now.key, "/cancel"), {"comment": change.message})
        return Ask("DELETE", self.place.event(now.key), None, copy.change_key)

    # What became of it

    def _answered(
        self,
        changes: Sequence[Change],
        before: Mapping[int, Now | SyncError],
        answers: Mapping[int, Answer],
    ) -> dict[int, Answer]:
        """Read the events of those who were answered: of the event, the answer says nothing."""
        asks = {
            number: self.place.get(now.key)
            for number, answer in answers.items()
            if changes[number].action == "answer"
            and not isinstance(answer, SyncError)
            and isinstance(now := before[number], Now)
        }
        return dict(zip(asks, self.calls.many(list(asks.values())), strict=True))

    def _outcome(self, change: Change, now: Now | SyncError, answer: Answer) -> Outcome:
        if isinstance(answer, Absent) and change.action != "create":
            return Outcome(_tombstone(change.copy))
        if isinstance(answer, SyncError):
            return Outcome(error=of_one(answer, REASONS))
        if change.action == "delete":
            return Outcome(_tombstone(change.copy))
        return self._seen(change, now, answer)

    def _seen(self, change: Change, now: Now | SyncError, item: Json) -> Outcome:
        reader = self.reader([item])
        master = now.master if isinstance(now, Now) else None
        found = instance(item, master, reader) if master else read(item, reader)
        if isinstance(found, Remote):
            return Outcome(found)
        return Outcome(error=Rejected(found.reason, found.value))

    def _check_absent(self, answers: Mapping[int, Answer | Now], found: dict[int, Outcome]) -> None:
        """Tell events that are gone from a calendar that is gone: both answer the same."""
        absent = [n for n, answer in answers.items() if isinstance(answer, Absent)]
        try:
            if absent:
                self.look()
        except Retryable as error:
            # What became of the others is known all the same.
            found.update(dict.fromkeys(absent, Outcome(error=error)))


def _at_once(change: Change) -> Outcome | None:
    """Return the outcome of a change for which nothing is to be asked."""
    try:
        if change.action == "answer":
            return None if _answer(change) else Outcome(change.copy, told=False)
        if change.action == "delete":
            return None
        return _checked(change, _event(change))
    except Rejected as error:
        return Outcome(error=error)


def _checked(change: Change, event: Event) -> Outcome | None:
    """Refuse what Graph would mail about unasked: it mails whatever an organiser writes."""
    copy = change.copy
    if change.action == "create":
        bodies.insertion(event, copy.client_key)
        concerned = bodies.guests(event)
    else:
        body = bodies.patch(copy.event, event)
        if not body:
            return Outcome(copy, told=False)
        loud = copy.organises and body.keys() - bodies.QUIET
        own = copy.self_email
        concerned = bodies.guests(event, own) | bodies.guests(copy.event, own) if loud else None
    if concerned and not change.tell:
        raise Rejected("cannot_be_quiet")
    return None


def _event(change: Change) -> Event:
    if change.event is None:
        raise Rejected("no_start")
    return change.event


def _answer(change: Change) -> Response | None:
    """Return what is answered, None where that is what was answered before."""
    email, old, new = change.copy.self_email, change.copy.event, change.event
    response = answer_of(new, email) if new and email else None
    if response not in bodies.VERBS or (old and response == answer_of(old, email)):
        return None
    return response


def _has_guests(item: Json | None) -> bool:
    return bool(item and item.get("attendees"))


def _tombstone(copy: Remote) -> Remote:
    key = occurrence_id(copy.series, copy.recurrence_id) if copy.series else copy.id
    return Remote(
        copy.id or key,
        None,
        series=copy.series,
        recurrence_id=copy.recurrence_id,
        client_key=copy.client_key,
    )
