"""A calendar service in dicts: what one person does arrives in the calendars of all invited.

It behaves as Google does: change keys, a log of changes behind the sync tokens, exceptions as
items of their own in any order, tombstones that may hold nothing but an id. The organiser's copy
in an event's home calendar is the truth that a test compares with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from random import Random
from typing import Any

from odoo.addons.synced_meetings.sync.errors import Retryable, SyncTokenExpired
from odoo.addons.synced_meetings.sync.event import (
    Attendee,
    Bad,
    Event,
    Page,
    Remote,
    Response,
    When,
    Window,
    answer_of,
    with_answer,
)
from odoo.addons.synced_meetings.sync.recurrence import occurrences

DAY = timedelta(days=1)
EVER = Window(datetime(2026, 4, 1, tzinfo=timezone.utc), datetime(2026, 10, 1, tzinfo=timezone.utc))


@dataclass(frozen=True)
class Copy:
    """One event in one calendar; a cancelled occurrence has no event."""

    event: Event | None
    key: str
    hides: str = ""  # "all" but the time, or only the "guests"
    private: bool = False


def parts(remote_id: str) -> tuple[str, str]:
    """Return (series, recurrence id) of an occurrence's id, ("", "") of any other."""
    series, _, rid = remote_id.partition("_")
    return (series, rid) if rid else ("", "")


def spans(master: Event) -> dict[str, When]:
    """Return the spans of all occurrences by recurrence id."""
    return _spans(master.when, master.rule)


@lru_cache(maxsize=1024)
def _spans(when: When, rule: tuple[str, ...]) -> dict[str, When]:
    return dict(occurrences(when, rule, EVER))


class MemoryServer:
    """The calendars of several people; ``accounts`` says whose each of them is."""

    def __init__(self, accounts: dict[str, str]) -> None:
        self.accounts = accounts
        self.items: dict[str, dict[str, Copy]] = {name: {} for name in accounts}
        self.log: dict[str, list[tuple[int, str]]] = {name: [] for name in accounts}
        self.homes: dict[str, str] = {}  # of events and series, where their organiser's copy is
        self.uids: dict[str, str] = {}
        self.spoilt: dict[str, str] = {}
        self.clock = self.oldest = 0

    def owner(self, calendar: str) -> str:
        return f"{self.accounts[calendar]}@x.example"

    # What people do

    def create(self, home: str, event: Event, guests: Sequence[str] = ()) -> str:
        """Let the owner of ``home`` make an event or a series, and invite."""
        remote_id = f"e{len(self.homes) + 1}"
        people = sorted({self.owner(name) for name in (home, *guests)})
        attendees = tuple(Attendee(email) for email in people) if guests else ()
        event = replace(
            event,
            uid=event.uid or f"{remote_id}@x.example",
            organiser=self.owner(home),
            attendees=attendees,
        )
        self.homes[remote_id], self.uids[remote_id] = home, event.uid
        for calendar in (home, *guests):
            self._put(calendar, remote_id, event)
        return remote_id

    def edit(self, remote_id: str, **changes: Any) -> None:
        """Change an event, a series or one occurrence for everybody."""
        event = self.truth(remote_id)
        if event:
            self._put_everywhere(remote_id, replace(event, **changes))

    def retime(self, series: str, when: When, rule: tuple[str, ...], loud: bool = True) -> None:
        """Move a whole series: its exceptions follow where they can and are dropped elsewhere."""
        before = self.truth(series)
        if not before:
            return
        after = replace(before, when=when, rule=rule)
        for calendar in self.accounts:
            self._rekey(calendar, series, before, after, loud)
        self._put_everywhere(series, after)

    def remove(self, calendar: str, remote_id: str, loud: bool = True) -> None:
        """Delete: the organiser for everybody, anybody else declines."""
        if calendar == self.home(remote_id):
            for name in self.accounts:
                self._drop(name, remote_id, loud)
            return
        exceptions = [i for i in self.items[calendar] if parts(i)[0] == remote_id]
        self._drop(calendar, remote_id, loud)
        for one in (remote_id, *exceptions):
            self.answer(calendar, one, "declined")

    def answer(self, calendar: str, remote_id: str, response: Response) -> None:
        """Let the owner of a copy answer."""
        event = self.truth(remote_id)
        if event and answer_of(event, self.owner(calendar)) not in (None, response):
            self._put_everywhere(remote_id, with_answer(event, self.owner(calendar), response))

    def cancel_occurrence(self, calendar: str, remote_id: str) -> None:
        """Take one occurrence out of a series; of a guest's copy, it is declined."""
        if not self.truth(remote_id):
            return
        if calendar != self.home(remote_id):
            self._put(calendar, remote_id, None)
            self.answer(calendar, remote_id, "declined")
            return
        for name in self._holders(remote_id):
            self._put(name, remote_id, None)

    def invite(self, remote_id: str, calendar: str) -> None:
        """Invite one more, to the series with its exceptions or only to an occurrence."""
        if self.accounts[calendar] == self.accounts[self.home(remote_id)]:
            return
        for one in (remote_id, *self._exceptions(remote_id)) if self.truth(remote_id) else ():
            event, email = self.truth(one), self.owner(calendar)
            if event:
                others = tuple(a for a in event.attendees if a.email != email)
                event = replace(event, attendees=(*others, Attendee(email)))
            self._put(calendar, one, event)
            if event:
                self._put_everywhere(one, event)

    def uninvite(self, remote_id: str, calendar: str) -> None:
        """Take a guest off an event or series."""
        event = self.truth(remote_id)
        if event and not parts(remote_id)[0] and calendar != self.home(remote_id):
            self._drop(calendar, remote_id, loud=True)
            gone = self.owner(calendar)
            for one in (remote_id, *self._exceptions(remote_id)):
                if event := self.truth(one):
                    kept = tuple(a for a in event.attendees if a.email != gone)
                    self._put_everywhere(one, replace(event, attendees=kept))

    def move(self, remote_id: str, to: str) -> None:
        """Move an event or series to another calendar of its organiser."""
        home = self.homes[remote_id]
        if home == to or self.accounts[home] != self.accounts[to] or not self.truth(remote_id):
            return
        for one in (remote_id, *self._exceptions(remote_id)):
            copy = self.items[home].pop(one)
            self._note(home, one)
            self._put(to, one, copy.event)
        self.homes[remote_id] = to

    def set_copy(self, calendar: str, remote_id: str, **marks: Any) -> None:
        """Hide or privatise one copy."""
        copy = self.items[calendar].get(remote_id)
        if copy and copy.event:
            self.items[calendar][remote_id] = replace(
                copy, **marks, key=self._note(calendar, remote_id)
            )

    def spoil(self, remote_id: str, how: str) -> None:
        """Make an event unreadable, or readable but impossible to keep; "" heals it."""
        self.spoilt[remote_id] = how
        for calendar in self.accounts:
            for one in [i for i in self.items[calendar] if remote_id in (i, parts(i)[0])]:
                self._touch(calendar, one)

    def redeliver(self, calendar: str) -> None:
        """Deliver again what has not changed."""
        for remote_id in self.items[calendar]:
            self._note(calendar, remote_id)

    def expire(self) -> None:
        """Forget every sync token."""
        self.oldest = self.clock + 1
        self.clock += 1

    # What is

    def home(self, remote_id: str) -> str:
        return self.homes[parts(remote_id)[0] or remote_id]

    def truth(self, remote_id: str) -> Event | None:
        """Return an event as its organiser has it; an occurrence as its series says."""
        series, rid = parts(remote_id)
        return self.seen(self.home(remote_id), remote_id, series, rid)

    def seen(self, calendar: str, remote_id: str, series: str, rid: str) -> Event | None:
        """Return what a calendar shows under an id."""
        copy, master = (self.items[calendar].get(one) for one in (remote_id, series))
        if copy or not (master and master.event):
            return copy.event if copy else None
        when = spans(master.event).get(rid)
        return replace(master.event, when=when, rule=()) if when else None

    def _exceptions(self, series: str) -> list[str]:
        return [one for one in self.items[self.home(series)] if parts(one)[0] == series]

    def _holders(self, remote_id: str) -> list[str]:
        """Return the calendars with a copy of an event or of its series, home first."""
        series, home = parts(remote_id)[0], self.home(remote_id)
        names = [name for name in self.accounts if {remote_id, series} & self.items[name].keys()]
        return sorted(names, key=lambda name: name != home)

    # How it arrives

    def _put_everywhere(self, remote_id: str, event: Event) -> None:
        for calendar in self._holders(remote_id):
            copy = self.items[calendar].get(remote_id)
            if copy is None or copy.event:  # who took it out of the calendar is left alone
                self._put(calendar, remote_id, event)

    def _put(self, calendar: str, remote_id: str, event: Event | None) -> None:
        copy = self.items[calendar].get(remote_id, Copy(None, ""))
        key = self._note(calendar, remote_id)
        self.items[calendar][remote_id] = replace(copy, event=event, key=key)

    def _touch(self, calendar: str, remote_id: str) -> None:
        if copy := self.items[calendar].get(remote_id):
            self._put(calendar, remote_id, copy.event)

    def _note(self, calendar: str, remote_id: str) -> str:
        self.clock += 1
        self.log[calendar].append((self.clock, remote_id))
        return f"k{self.clock}"

    def _drop(self, calendar: str, remote_id: str, loud: bool) -> None:
        alone = remote_id not in self.items[calendar]
        for one in [i for i in self.items[calendar] if remote_id in (i, parts(i)[0])]:
            del self.items[calendar][one]
            if loud or alone or one == remote_id:
                self._note(calendar, one)

    def _rekey(self, calendar: str, series: str, before: Event, after: Event, loud: bool) -> None:
        old, new = spans(before), spans(after)
        shift = after.when.start - before.when.start
        for one in [i for i in self.items[calendar] if parts(i)[0] == series]:
            rid = parts(one)[1]
            if rid in new or rid not in old:
                continue
            copy = self.items[calendar].pop(one)
            if loud or series not in self.items[calendar]:
                self._note(calendar, one)
            starts = {when.start: other for other, when in new.items()}
            if target := starts.get(old[rid].start + shift):
                self._put(calendar, f"{series}_{target}", copy.event)


class MemoryProvider:
    """One calendar of a `MemoryServer`, listed in small shuffled pages with repetitions."""

    name = "memory"

    def __init__(self, server: MemoryServer, calendar: str, size: int = 2) -> None:
        self.server, self.calendar, self.size = server, calendar, size
        self.fail_after: int | None = None  # pages until the service is out of order
        self.between: Callable[[], object] = lambda: None  # what happens between two pages
        self.fetched: list[str] = []

    def changes(self, token: str | None, window: Window) -> Iterator[Page]:
        """Yield what changed since ``token``; the next token is as of the beginning."""
        server = self.server
        if token is not None and int(token) < server.oldest:
            raise SyncTokenExpired
        following, ids = str(server.clock), self._ids(token, window)
        Random(server.clock).shuffle(ids)
        pages = [ids[n : n + self.size] for n in range(0, len(ids), self.size)] or [[]]
        for number, part in enumerate(pages, start=1):
            if self.fail_after is not None and number > self.fail_after:
                raise Retryable
            last = following if number == len(pages) else None
            yield self._page([*part[:1], *part], last, complete=token is None)
            self.between()

    def _ids(self, token: str | None, window: Window) -> list[str]:
        server = self.server
        if token is not None:
            return sorted({i for at, i in server.log[self.calendar] if at > int(token)})
        return [i for i in server.items[self.calendar] if self._is_listed(i, window)]

    def _is_listed(self, remote_id: str, window: Window) -> bool:
        """Whether a listing holds it: all that ends after the window begins."""
        items = self.server.items[self.calendar]
        event = items.get(parts(remote_id)[0], items[remote_id]).event
        ends = [when.end for when in spans(event).values()] if event and event.rule else []
        return not event or max([event.when.end, *ends]) > window.start

    def fetch(self, remote_ids: Sequence[str]) -> Page:
        """Return these events as they are now."""
        self.fetched += remote_ids
        return self._page(remote_ids, None, complete=False)

    def _page(self, ids: Sequence[str], token: str | None, complete: bool) -> Page:
        fetched = not token and not complete
        read = [self._read(one, fetched) for one in ids]
        return Page(
            tuple(one for one in read if isinstance(one, Remote)),
            token,
            tuple({one.id: one for one in read if isinstance(one, Bad)}.values()),
            complete,
        )

    def _read(self, remote_id: str, fetched: bool) -> Remote | Bad:
        series, rid = parts(remote_id)
        copy = self.server.items[self.calendar].get(remote_id)
        if copy is None and fetched:
            return self._unedited(remote_id, series, rid)
        if copy is None or copy.event is None:
            return Remote(remote_id, None, copy.key if copy else "", series, rid)
        spoilt = self.server.spoilt.get(series or remote_id, "")
        if spoilt == "unreadable":
            return Bad(remote_id, "bad_time", "soon", "{}")
        return self._remote(remote_id, copy, spoilt)

    def _unedited(self, remote_id: str, series: str, rid: str) -> Remote:
        """Return an occurrence that is as its series says, or that there is none."""
        event = self.server.seen(self.calendar, remote_id, series, rid)
        if event is None:
            return Remote(remote_id, None)
        master = self.server.items[self.calendar][series]
        return self._remote(remote_id, replace(master, event=event, key=f"{master.key}/"), "")

    def _remote(self, remote_id: str, copy: Copy, spoilt: str) -> Remote:
        series, rid = parts(remote_id)
        owner = self.server.owner(self.calendar)
        return Remote(
            remote_id,
            shown(copy, owner, spoilt),
            copy.key,
            series,
            rid,
            organises=self.calendar == self.server.home(remote_id),
            redacted=bool(copy.hides),
            self_email=owner.upper(),
        )


def shown(copy: Copy, owner: str, spoilt: str = "") -> Event:
    """Return a copy as the service writes it: trimmed, people in its own order, cut."""
    event = copy.event
    assert event
    event = replace(
        event, name=f"{event.name.strip()} ", attendees=tuple(reversed(event.attendees))
    )
    if spoilt == "bad_rule":
        event = replace(event, rule=("RRULE:FREQ=SECONDLY",))
    elif spoilt:
        event = replace(event, name=spoilt)
    if copy.private:
        event = replace(event, privacy="private")
    if copy.hides == "guests":
        return replace(event, attendees=tuple(a for a in event.attendees if a.email == owner))
    if copy.hides:
        return Event(event.uid, event.when, organiser=event.organiser, rule=event.rule)
    return event
