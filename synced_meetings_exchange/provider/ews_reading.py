"""Reading items by their ids: many in a call, occurrences by their place in a series.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/getitem-operation
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple, TypeVar

from odoo.addons.synced_meetings.sync.errors import Gone, Rejected, Retryable, SyncError
from odoo.addons.synced_meetings.sync.event import Bad, Remote, When, Window
from odoo.addons.synced_meetings.sync.recurrence import occurrences
from odoo.addons.synced_meetings.sync.rules import UTC, wall_time

from . import ews_payloads as payloads
from .ews_calls import Answer, Calls
from .ews_errors import Absent
from .ews_payloads import FIELDS, Ref
from .ews_translate import (
    Series,
    bad_of,
    cancelled_of,
    instance_of,
    original_of,
    remote_of,
    series_of,
)
from .ews_values import Reader
from .ews_xml import Element, children
from .graph_translate import occurrence_id

T = TypeVar("T")
BATCH = 50  # items in one call: few enough for an answer of a second or two
DAY = timedelta(days=1)
BROKEN = "ErrorInternalServerError"  # of one item: one that Exchange cannot put together
Sight = Remote | Bad


class Master(NamedTuple):
    """A series as it is: its item, our value, and what it says of its occurrences."""

    item: Element
    remote: Remote
    series: Series


class Items:
    """The items of one mailbox, by id."""

    def __init__(self, calls: Calls, reader: Reader) -> None:
        self.calls, self.reader = calls, reader

    def batches(
        self, things: Sequence[T], payload: Callable[[Sequence[T]], Element]
    ) -> list[Answer]:
        """Return an answer for each thing, asked for in parts.

        A part that is refused as a whole, for what one of it is, was not done: it is halved.
        """
        answers: list[Answer] = []
        for first in range(0, len(things), BATCH):
            answers += self._part(things[first : first + BATCH], payload)
        return answers

    def _part(self, things: Sequence[T], payload: Callable[[Sequence[T]], Element]) -> list[Answer]:
        try:
            return self.calls.many(payload(things), len(things))
        except (Rejected, Gone) as error:
            if len(things) == 1:
                return [error]
        middle = len(things) // 2
        return self._part(things[:middle], payload) + self._part(things[middle:], payload)

    def get(self, refs: Sequence[Ref], fields: Sequence[str] = FIELDS) -> list[Answer]:
        """Return the item behind each reference, or what it was refused with."""
        found = self.batches(refs, lambda part: payloads.get(part, fields))
        for number, answer in enumerate(found):
            if isinstance(answer, Retryable) and str(answer) == BROKEN:
                found[number] = self._alone(refs[number], fields)
        return [one if isinstance(one, SyncError) else item_of(one) for one in found]

    def _alone(self, ref: Ref, fields: Sequence[str]) -> Answer:
        """Ask once more for an item at which Exchange stumbled: it must not stop the others."""
        [answer] = self.batches([ref], lambda part: payloads.get(part, fields))
        broken = isinstance(answer, Retryable) and str(answer) == BROKEN
        return Rejected("refused_there", BROKEN) if broken else answer

    def read(self, key: str, answer: Answer) -> Sight | None:
        """Return a single event or master; a tombstone of one that is not there.

        None of one that may not be seen: what is private in a calendar that was only shared.
        """
        if isinstance(answer, Absent):
            return Remote(key, None)
        if isinstance(answer, Gone) and str(answer) == "ErrorAccessDenied":
            return None
        if isinstance(answer, Rejected):
            return Bad(key, answer.reason, answer.value, "")
        if isinstance(answer, SyncError):
            raise answer
        try:
            return remote_of(answer, self.reader)
        except Rejected as error:
            return bad_of(answer, error, key)

    def masters(self, keys: Iterable[str]) -> dict[str, Master | SyncError]:
        """Return these series as they are, or why they cannot be had."""
        asked = list(dict.fromkeys(keys))
        answers = self.get([Ref(key) for key in asked])
        return {key: self.master(one) for key, one in zip(asked, answers, strict=True)}

    def master(self, answer: Answer) -> Master | SyncError:
        """Return what an answer says of a series."""
        if isinstance(answer, SyncError):
            return answer
        try:
            remote = remote_of(answer, self.reader)
            when = remote.event.when if remote.event else None
            if when is None or not (remote.event and remote.event.rule):
                return Absent("no series any more")
            return Master(answer, remote, series_of(answer, when, self.reader))
        except Rejected as error:
            return error

    def exceptions(self, masters: Sequence[Master]) -> list[Sight]:
        """Return all exceptions and cancelled occurrences of these series."""
        asked = [
            (master, rid, Ref(key))
            for master in masters
            for rid, key in master.series.modified.items()
        ]
        answers = self.get([ref for _, _, ref in asked])
        found: list[Sight] = [
            cancelled_of(master.remote.id, rid)
            for master in masters
            for rid in master.series.deleted
        ]
        for (master, rid, _), answer in zip(asked, answers, strict=True):
            if not isinstance(answer, Absent):  # it became like the others again meanwhile
                found.append(self.instance(master, rid, answer))
        return found

    def instance(self, master: Master, rid: str, answer: Answer) -> Sight:
        """Return an exception or occurrence; a tombstone of one that is not there."""
        key = occurrence_id(master.remote.id, rid)
        if isinstance(answer, Absent):
            return cancelled_of(master.remote.id, rid)
        if isinstance(answer, Rejected):
            return Bad(key, answer.reason, answer.value, "")
        if isinstance(answer, SyncError):
            raise answer
        try:
            return instance_of(answer, master.remote, rid, self.reader)
        except Rejected as error:
            return bad_of(answer, error, key)

    def occurrences(
        self, wanted: Sequence[tuple[str, str]], fields: Sequence[str] = FIELDS
    ) -> Mapping[tuple[str, str], tuple[Master | None, Answer]]:
        """Return (master, item) of each (series, recurrence id), or why there is none."""
        masters = self.masters(series for series, _ in wanted)
        found: dict[tuple[str, str], tuple[Master | None, Answer]] = {}
        asked: dict[tuple[str, str], tuple[Master, Ref]] = {}
        for series, rid in wanted:
            master = masters[series]
            if isinstance(master, SyncError):
                found[series, rid] = None, master
            elif (ref := _ref_of(master, rid)) is None:
                found[series, rid] = master, Absent("no such occurrence")
            else:
                asked[series, rid] = master, ref
        answers = self.get([ref for _, ref in asked.values()], fields)
        for (pair, (master, ref)), answer in zip(asked.items(), answers, strict=True):
            found[pair] = master, self._checked(master, pair[1], ref, answer)
        return found

    def _checked(self, master: Master, rid: str, ref: Ref, answer: Answer) -> Answer:
        """Return an item only if it is the occurrence that was meant, whoever counted."""
        if isinstance(answer, SyncError) or not ref.number:
            return answer
        when = _when(master)
        try:
            said = original_of(answer, master.item, when, self.reader)
        except Rejected as error:
            return error
        return answer if said == rid else Rejected("bad_recurrence_id", f"{rid} {said}")


def item_of(message: Element) -> Answer:
    """Return the item in a message."""
    found = next(children(message, "m:Items"), None)
    return Absent("no item") if found is None else found


def _when(master: Master) -> When:
    if master.remote.event is None:
        raise Absent("no series")
    return master.remote.event.when


def _ref_of(master: Master, rid: str) -> Ref | None:
    """Return how an occurrence is asked for, None where the series has none there."""
    if rid in master.series.modified:
        return Ref(master.series.modified[rid])
    if rid in master.series.deleted or master.remote.event is None:
        return None
    number = _number(_when(master), master.remote.event.rule, rid)
    return Ref(master.remote.id, master.remote.change_key, number) if number else None


def _number(when: When, rule: Sequence[str], rid: str) -> int:
    """Return the number of an occurrence, deleted ones counted, 0 where there is none."""
    try:
        first = when.start if isinstance(when.start, datetime) else _midnight(when)
        until = wall_time(rid, "", "UTC").replace(tzinfo=UTC)
        window = Window(first - 2 * DAY, until + 2 * DAY)
        spans = enumerate(occurrences(when, rule, window), 1)
        return next((number for number, (one, _) in spans if one == rid), 0)
    except (Rejected, ValueError, OverflowError):
        return 0


def _midnight(when: When) -> datetime:
    return datetime.combine(when.start, time(), UTC)
