"""The memory service's other half: what is written to it arrives with everybody invited.

It can be told to misbehave: cut texts, drop values, lose answers, refuse names, fail before
anything is done. It watches, too: that nothing is overwritten which the writer had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import uuid4

from memory import MemoryServer, parts
from memory_provider import MemoryProvider

from odoo.addons.synced_meetings.sync.errors import Rejected, Retryable, StaleChangeKey
from odoo.addons.synced_meetings.sync.event import (
    Attendee,
    Change,
    Event,
    Outcome,
    Remote,
    answer_of,
)
from odoo.addons.synced_meetings.sync.telling import version

NAMES = [f.name for f in fields(Event)]
WRITABLE = frozenset(NAMES) - {"uid", "organiser"}


@dataclass(frozen=True)
class Mail:
    """What an attendee was told; ``version`` is "" of a cancellation."""

    event: str
    email: str
    version: str


class WritingServer(MemoryServer):
    """A service that other programs write to."""

    def __init__(self, accounts: dict[str, str]) -> None:
        super().__init__(accounts)
        self.known: dict[str, str] = {}  # client key: the event that was made with it
        self.mails: list[Mail] = []
        self.replies: list[str] = []  # organisers who were mailed an answer
        self.told: dict[tuple[str, str], str] = {}  # (event, address): the version last mailed
        self.held: set[str] = set()  # every text that was ever written from outside
        self.cut = 0  # characters of a name that are kept; 0: all
        self.lossy = False
        self.seats_host = True  # the organiser is put among the guests
        self.normal: dict[str, str] = {}  # names that it writes otherwise

    def insert(self, home: str, event: Event, client_key: str, tell: bool) -> str:
        """Make an event for another program."""
        event = self._taken(event, Event("", event.when))
        own, people = self.owner(home), event.attendees
        if people and self.seats_host and not any(a.email == own for a in people):
            event = replace(event, attendees=(*people, Attendee(own)))
        remote_id = self.create(home, replace(event, uid=""))
        self.known[client_key] = remote_id
        self._tell(remote_id, None, tell)
        return remote_id

    def patch(self, remote_id: str, before: Event, after: Event, tell: bool) -> None:
        """Change what differs, as the organiser."""
        truth: Any = self.truth(remote_id)
        after = self._taken(after, truth)
        changed = {n: getattr(after, n) for n in NAMES if getattr(after, n) != getattr(before, n)}
        people = changed.pop("attendees", None)
        if truth.rule and not parts(remote_id)[0] and changed.keys() & {"when", "rule"}:
            when, rule = changed.pop("when", after.when), changed.pop("rule", after.rule)
            self.retime(remote_id, when, rule)
        if changed:
            self.edit(remote_id, **changed)
        if people is not None:
            self._invite(remote_id, before, after)
        self._touch_all(remote_id)
        self._tell(remote_id, truth, tell)

    def _invite(self, remote_id: str, before: Event, after: Event) -> None:
        had, has = ({a.email: a for a in event.attendees} for event in (before, after))
        for email in sorted(has.keys() - had):
            self.put_on(remote_id, has[email], self.calendars.get(email))
        for email in sorted(had.keys() - has):
            if email in self.calendars:
                self.uninvite(remote_id, self.calendars[email])
            else:
                self.take_off(remote_id, email)
        own = self.owner(self.home(remote_id))
        if (answer := answer_of(after, own)) and answer != answer_of(before, own):
            self.answer(self.home(remote_id), remote_id, answer)

    def _touch_all(self, remote_id: str) -> None:
        if event := self.truth(remote_id):  # an instance becomes an item of its own
            self._put_everywhere(remote_id, event)

    def _taken(self, event: Event, held: Event) -> Event:
        """Return the event as this service keeps it."""
        self.held.update((event.name, event.location, event.description))
        event = replace(event, name=self.normal.get(event.name, event.name))
        if self.cut:
            event = replace(event, name=event.name[: self.cut])
        if self.lossy:
            show_as = "busy" if event.show_as == "oof" else event.show_as
            event = replace(event, show_as=show_as, conference_url=held.conference_url)
        return event

    def _tell(self, remote_id: str, before: Event | None, tell: bool) -> None:
        """Mail what is new to those to whom it is; if nothing is, all who are invited."""
        event = self.truth(remote_id)
        if not (tell and event):
            return
        had = {a.email for a in before.attendees} if before else set()
        has = {a.email for a in event.attendees} - {self.owner(self.home(remote_id))}
        now, fresh = version(event), has - had
        unchanged = before is not None and version(before) == now
        for email in sorted(has):
            if not (unchanged and fresh and self.told.get((remote_id, email)) == now):
                self.mail(remote_id, email, now)

    def mail(self, remote_id: str, email: str, what: str) -> None:
        self.mails.append(Mail(remote_id, email, what))
        self.told[remote_id, email] = what

    def erase(self, calendar: str, remote_id: str, tell: bool) -> None:
        """Delete for another program: an event, a series or one occurrence."""
        event = self.truth(remote_id)
        if event and tell and calendar == self.home(remote_id):
            for attendee in event.attendees:
                if attendee.email != event.organiser:
                    self.mail(remote_id, attendee.email, "")
        if parts(remote_id)[0]:
            self.cancel_occurrence(calendar, remote_id)
        else:
            self.remove(calendar, remote_id)


class WritingProvider(MemoryProvider):
    """One calendar of a `WritingServer` that may be written."""

    server: WritingServer
    batch_size = 3
    quiet = True

    def __init__(self, server: WritingServer, calendar: str, size: int = 2) -> None:
        super().__init__(server, calendar, size)
        self.pushed: list[Change] = []
        self.before: Callable[[], object] = lambda: None  # before anything is done
        self.during: Callable[[], object] = lambda: None  # after it is done, before the answer
        self.fails = ""  # once: "before", "after" (done, the answer lost), "one" (of a batch)
        self.check: Callable[[], object] = lambda: None  # what must be so at every call

    def new_key(self) -> str:
        """Return a client key that nobody has."""
        return uuid4().hex

    @property
    def fields(self) -> frozenset[str]:
        return WRITABLE - ({"conference_url"} if self.server.lossy else set())

    def fetch(self, remote_ids: Sequence[str]):
        self.check()
        return super().fetch(remote_ids)

    def push(self, changes: Sequence[Change]) -> list[Outcome]:
        """Do these; one fails alone, and what changes nothing is not asked for."""
        assert len(changes) <= self.batch_size, "a batch is too large"
        series = [c.copy.series or c.copy.id or c.copy.client_key for c in changes]
        assert len(set(series)) == len(series), "two changes of one series in a batch (rule R8)"
        self.check()
        self.before()
        fails, self.fails = self.fails, ""
        if fails == "before":
            raise Retryable
        self.pushed += changes
        idle = all(map(is_idle, changes))
        with nullcontext() if idle else self.server.trouble.request(self.calendar):
            outcomes = [self._do(change) for change in changes]
        self.during()
        if fails == "after":
            raise Retryable
        if fails == "one":
            outcomes[-1] = Outcome(error=Retryable())
        return outcomes

    def _do(self, change: Change) -> Outcome:
        if is_idle(change):
            return Outcome(change.copy, told=False)
        if change.event and "refused" in change.event.name:
            return Outcome(error=Rejected("refused", change.event.name))
        if change.event and change.event.when.end < change.event.when.start:
            return Outcome(error=Rejected("end_before_start", change.event.when.end))
        if change.action == "create":
            return self._create(change)
        return self._change(change)

    def _create(self, change: Change) -> Outcome:
        assert change.event
        key, server = change.copy.client_key, self.server
        if key not in server.known:
            server.insert(self.calendar, change.event, key, change.tell)
        outcome = self._now(server.known[key])
        return replace(outcome, remote=outcome.remote and replace(outcome.remote, client_key=key))

    def _change(self, change: Change) -> Outcome:
        remote_id, server = change.copy.id, self.server
        series, rid = parts(remote_id)
        if not server.seen(self.calendar, remote_id, series, rid):
            return self._now(remote_id)
        if change.copy.change_key and change.copy.change_key != self._key(remote_id):
            return Outcome(error=StaleChangeKey())
        if change.action == "answer":
            return self._answer(change)
        if change.action == "delete":
            server.erase(self.calendar, remote_id, change.tell)
            return self._now(remote_id)
        if self.calendar != server.home(remote_id):
            return Outcome(error=Rejected("not_organiser"))
        assert change.event
        assert change.copy.event
        self._watch(remote_id, change.copy.event, change.event)
        server.patch(remote_id, change.copy.event, change.event, change.tell)
        return self._now(remote_id)

    def _answer(self, change: Change) -> Outcome:
        email = self.server.owner(self.calendar)
        answer = answer_of(change.event, email) if change.event else None
        assert answer, "an answer without an answer"
        self.server.answer(self.calendar, change.copy.id, answer)
        if change.tell and change.event:
            self.server.replies.append(change.event.organiser)
        return self._now(change.copy.id)

    def _key(self, remote_id: str) -> str:
        items, series = self.server.items[self.calendar], parts(remote_id)[0]
        return items[remote_id].key if remote_id in items else f"{items[series].key}/"

    def _watch(self, remote_id: str, before: Event, after: Event) -> None:
        held = self._now(remote_id).remote
        assert held
        assert held.event
        for name in ("name", "location", "description", "when", "rule"):
            mine, theirs = getattr(before, name), getattr(held.event, name)
            if getattr(after, name) != mine:
                seen = theirs.strip() if isinstance(theirs, str) else theirs
                assert seen == mine, f"{name} was overwritten unseen: {theirs!r}"

    def _now(self, remote_id: str) -> Outcome:
        found = self._read(remote_id, fetched=True)
        return Outcome(found) if isinstance(found, Remote) else Outcome(error=Rejected("bad_time"))

    def _remote(self, remote_id: str, copy: Any, spoilt: str) -> Remote:
        remote = super()._remote(remote_id, copy, spoilt)
        keys = {known: key for key, known in self.server.known.items()}
        mine = self.calendar == self.server.home(remote_id)
        return replace(remote, client_key=keys.get(remote_id, "") if mine else "")


def is_idle(change: Change) -> bool:
    """Whether a change changes nothing and tells nobody."""
    copy, event = change.copy, change.event
    if not (copy.event and event and copy.event == event):
        return False
    return change.action == "answer" or (change.action == "update" and not change.tell)
