"""A calendar service in dicts: what one person does arrives in the calendars of all invited.

It behaves as Google does: change keys, a log of changes behind the sync tokens, exceptions as
items of their own in any order, tombstones that may hold nothing but an id. The organiser's copy
in an event's home calendar is the truth that a test compares with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from memory_trouble import Trouble

from odoo.addons.synced_meetings.sync.event import (
    Attendee,
    Event,
    Response,
    When,
    Window,
    answer_of,
    with_answer,
)
from odoo.addons.synced_meetings.sync.recurrence import occurrences

EVER = Window(datetime(2026, 4, 1, tzinfo=timezone.utc), datetime(2027, 12, 1, tzinfo=timezone.utc))


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
        self.calendars = {self.owner(name): name for name, of in accounts.items() if name == of}
        self.trouble = Trouble()
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
        people = {self.owner(name) for name in (home, *guests)} if guests else set()
        people -= {attendee.email for attendee in event.attendees}
        attendees = (*event.attendees, *map(Attendee, people))
        attendees = tuple(sorted(attendees, key=lambda attendee: attendee.email))
        remote_id = f"e{len(self.homes) + 1}"
        event = replace(
            event,
            uid=event.uid or f"{remote_id}@x.example",
            organiser=self.owner(home),
            attendees=attendees,
        )
        self.homes[remote_id], self.uids[remote_id] = home, event.uid
        invited = {self.owner(name): name for name in (*guests, home)}
        for attendee in attendees:
            if attendee.email in self.calendars:  # who has none here is mailed only
                invited.setdefault(attendee.email, self.calendars[attendee.email])
        for calendar in invited.values():
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
        if self.accounts[calendar] != self.accounts[self.home(remote_id)]:
            self.put_on(remote_id, Attendee(self.owner(calendar)), calendar)

    def put_on(self, remote_id: str, attendee: Attendee, calendar: str | None = None) -> None:
        """Put somebody on the list, who may have no calendar here."""
        for one in (remote_id, *self._exceptions(remote_id)) if self.truth(remote_id) else ():
            event = self.truth(one)
            if event:
                others = tuple(a for a in event.attendees if a.email != attendee.email)
                event = replace(event, attendees=(*others, attendee))
            if calendar:
                self._put(calendar, one, event)
            if event:
                self._put_everywhere(one, event)

    def uninvite(self, remote_id: str, calendar: str) -> None:
        """Take a guest off an event, a series or one occurrence."""
        if self.truth(remote_id) and calendar != self.home(remote_id):
            if not parts(remote_id)[0]:
                self._drop(calendar, remote_id, loud=True)
            elif calendar in self._holders(remote_id):
                self._put(calendar, remote_id, None)
            self.take_off(remote_id, self.owner(calendar))

    def take_off(self, remote_id: str, email: str) -> None:
        """Take somebody off the list."""
        for one in (remote_id, *self._exceptions(remote_id)):
            if event := self.truth(one):
                kept = tuple(a for a in event.attendees if a.email != email)
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
        old, new = spans(before), spans(after) if after.rule else {}
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
