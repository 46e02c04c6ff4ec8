"""`sync.store.Store` in dicts: the specification of what a store must do.

Meetings are derived from what the copies say, so that this file is the rules and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from memory_database import ALWAYS, FEW, SHARE, Copy, Database, Key, State, Unit

from odoo.addons.synced_meetings.sync.errors import MassDeletion, Rejected
from odoo.addons.synced_meetings.sync.event import (
    Bad,
    Event,
    Remote,
    Window,
    answer_of,
    with_answer,
)
from odoo.addons.synced_meetings.sync.merge import merge
from odoo.addons.synced_meetings.sync.recurrence import expand
from odoo.addons.synced_meetings.sync.store import Link, Settled


class MemoryStore:
    """The store of one calendar for one run."""

    def __init__(self, db: Database, calendar: str, window: Window) -> None:
        self.db, self.calendar, self.window = db, calendar, window
        db.rollback()
        db.run += 1

    @property
    def token(self) -> str | None:
        """The token, None where the window has grown beyond what was listed for it."""
        listed = self.state.listed.get(self.calendar)
        if not listed or listed.start > self.window.start or listed.stop < self.window.stop:
            return None
        return self.state.tokens.get(self.calendar)

    @property
    def state(self) -> State:
        return self.db.state

    def clean(self, html: str) -> str:
        return html.strip()

    # Reading

    def change_keys(self, remote_ids: Collection[str]) -> dict[str, str | None]:
        found = {i: self.state.copies.get((self.calendar, i)) for i in remote_ids}
        return {i: c.change_key if c.state == "live" else None for i, c in found.items() if c}

    def load(self, remotes: Sequence[Remote]) -> list[Link]:
        return [self._link(remote) for remote in remotes]

    def _link(self, remote: Remote) -> Link:
        copy = self.state.copies.get((self.calendar, remote.id))
        unit = copy.unit if copy else self._unit(remote)
        local = self._local(unit)
        if remote.event is None or local is None:
            others = {k: c for k, c in self.db.live(unit).items() if k[0] != self.calendar}
            moved = any(other.organises for other in others.values())
            base = copy.base if copy and copy.state == "live" and not moved else None
            return Link(base, local, self._role(copy or remote, unit), unit)
        role = self._role(remote, unit)
        if copy and copy.state == "live":
            base = copy.base
        else:
            base = self._agreed(unit, local) if role == "content" else _declined(copy, local)
        return Link(base, local, role, unit, heard=self._heard(unit))

    def _heard(self, unit: Unit) -> frozenset[Any]:
        """Return what other copies say, or said by going, that people answered."""
        copies = [(k, c) for k, c in self.state.copies.items() if c.unit == unit and c.base]
        copies += self.db.standing(unit).items()
        others = [copy for key, copy in copies if key[0] != self.calendar and copy.base]
        told = {(a.email, a.response) for copy in others for a in copy.base.attendees}
        return frozenset(told | {(c.self_email, "declined") for c in others if c.state == "gone"})

    def _unit(self, remote: Remote) -> Unit:
        """Return what a copy is a copy of; a calendar never has two of one (rule R15)."""
        master = self.state.copies.get((self.calendar, remote.series))
        if master:
            return (*master.unit[:2], remote.recurrence_id)
        if remote.event is None:  # cancelled before its series came: named by where it stands
            return (f"{self.calendar}/{remote.series}", "", remote.recurrence_id)
        unit = (remote.event.uid, remote.event.organiser, remote.recurrence_id)
        taken = any(calendar == self.calendar for calendar, _ in self.db.live(unit))
        return (f"{self.calendar}/{remote.id}", *unit[1:]) if taken else unit

    def _local(self, unit: Unit) -> Event | None:
        """Return the meeting; an occurrence is what its series says until it has its own."""
        if unit in self.state.meetings:
            return self.state.meetings[unit]
        master = self.state.meetings.get((*unit[:2], ""))
        if not (unit[2] and master and master.rule):
            return None
        return expand(master, {}, self.window).get(unit[2])

    def _role(self, remote: Remote | Copy, unit: Unit) -> str:
        others = {k: c for k, c in self.db.standing(unit).items() if k[0] != self.calendar}
        if remote.organises or not others:
            return "content"
        content = self.db.content(unit)
        if not content:
            return "answer"
        better = self.state.copies[content].redacted and not remote.redacted
        return "content" if better or content[0] == self.calendar else "answer"

    def _agreed(self, unit: Unit, local: Event) -> Event:
        """Return what the copy that carried the content so far had agreed on."""
        if moved := self._moved_away(unit):
            return moved
        content = self.db.content(unit)
        copy = self.state.copies[content] if content else None
        return copy.base if copy and copy.unit == unit and copy.base else local

    def _moved_away(self, unit: Unit) -> Event | None:
        """Return what the organiser's copy says that was found gone, and may stand elsewhere."""
        copies = self.state.copies.values()
        left = (c.base for c in copies if c.unit == unit and c.state == "leaving" and c.organises)
        return next(left, None)

    # Writing

    def save(self, settled: Sequence[Settled]) -> None:
        """Keep them all, or none."""
        ids = [one.remote.id for one in settled]
        assert len(set(ids)) == len(ids), "an event stands twice in one save"
        for one in settled:
            if one.local and one.local.name == "refused":
                raise Rejected("refused", one.local.name)
            if one.local:
                expand(one.local, {}, self.window)
        for one in settled:
            self._save(one)
        self.db.saves += len(settled)

    def _save(self, one: Settled) -> None:
        unit, remote, key = one.link.row, one.remote, (self.calendar, one.remote.id)
        self.state.bad.pop(key, None)
        if not remote.series:
            self._doubt_exceptions(remote.id)
        if remote.event is None:
            self._leave(key, unit, remote)
            return
        self._adopt(unit, remote)
        self.state.copies[key] = self._copy(unit, remote)
        self._follow(unit, one.local)
        self.state.meetings[unit] = one.local
        self.state.expanded[unit] = self.window

    def _copy(self, unit: Unit, remote: Remote) -> Copy:
        return Copy(
            unit,
            "live",
            self.db.run,
            remote.series,
            remote.event,
            remote.change_key,
            remote.organises,
            remote.redacted,
            remote.self_email,
        )

    def _leave(self, key: Key, unit: Unit, remote: Remote) -> None:
        copy = self.state.copies.get(key) or Copy(unit, "", 0, remote.series)
        self.state.copies[key] = replace(copy, state="leaving", run=self.db.run)

    def _doubt_exceptions(self, series: str) -> None:
        """A changed master is read with all its exceptions (rule R18)."""
        for key, copy in self.state.copies.items():
            if key[0] == self.calendar and copy.series == series:
                self.state.doubts[key] = True

    def _adopt(self, unit: Unit, remote: Remote) -> None:
        """Give occurrences that were cancelled before their series came to it."""
        for key, copy in list(self.state.copies.items()):
            if copy.unit[0] == f"{self.calendar}/{remote.id}" and copy.series == remote.id:
                own = (*unit[:2], copy.unit[2])
                self.state.copies[key] = replace(copy, unit=own, state="leaving")

    def _follow(self, unit: Unit, after: Event | None) -> None:
        """Let occurrences that have an answer of their own, but no copy, go with their series."""
        before = self.state.meetings.get(unit)
        had, has = (
            expand(master, {}, self.window) if master and master.rule else {}
            for master in (before, after)
        )
        for own, event in list(self.state.meetings.items()):
            if event and own[:2] == unit[:2] and own[2] in had and not self.db.carries_itself(own):
                self._follow_one(own, had[own[2]], has.get(own[2]))

    def _follow_one(self, own: Unit, before: Event, after: Event | None) -> None:
        if after:  # what it has of its own stays
            self.state.meetings[own] = merge(before, after, self.state.meetings[own])
        else:
            del self.state.meetings[own]

    def quarantine(self, bad: Sequence[Bad]) -> None:
        self.state.bad.update({(self.calendar, one.id): one for one in bad})

    def checkpoint(self, token: str | None, complete: bool = False) -> None:
        """Commit; a token ends the run: what was in doubt has been asked for."""
        if token is not None:
            self.state.tokens[self.calendar] = token
            self.state.pulled[self.calendar] = self.db.run
            for key in [key for key in self.state.doubts if key[0] == self.calendar]:
                del self.state.doubts[key]
        if token is not None and complete:
            self.state.listed[self.calendar] = self.window
        self.db.commit()

    def roll(self) -> None:
        """Expand into a window that has moved on."""
        self.state.expanded.update(dict.fromkeys(self.state.expanded, self.window))
        self.db.commit()

    # Disappearances

    def doubtful(self, seen: Collection[str] | None) -> list[str]:
        doubts = {i for calendar, i in self.state.doubts if calendar == self.calendar}
        if seen is not None:
            own = [(i, c) for (name, i), c in self.state.copies.items() if name == self.calendar]
            doubts |= {i for i, c in own if i not in seen and self._matters(c)}
        return sorted(doubts)

    def _matters(self, copy: Copy) -> bool:
        """What has left the window is history (rule R12), and so is what was cancelled."""
        if copy.state != "live" or not copy.base:
            return False
        return bool(copy.base.rule or copy.series) or self.window.meets(copy.base.when)

    def bury(self) -> None:
        """Apply deletions, once the other calendars of the account were read since (R11, R13)."""
        ready = dict(self._ready())
        if not self.db.confirmed:
            self._brake(ready)
        for key, copy in ready.items():
            self._decide(key, copy)

    def _ready(self) -> Iterator[tuple[Key, Copy]]:
        account = self.db.accounts[self.calendar]
        names = {name for name, of in self.db.accounts.items() if of == account}
        for key, copy in self.state.copies.items():
            since = (self.state.pulled.get(name, 0) > copy.run for name in names - {key[0]})
            if copy.state == "leaving" and key[0] in names and all(since):
                yield key, copy

    def _moved(self, key: Key, copy: Copy) -> bool:
        """Whether it stands in another calendar of the same person."""
        mine = self.db.accounts[key[0]]
        return any(self.db.accounts[name] == mine for name, _ in self.db.live(copy.unit))

    def _brake(self, ready: dict[Key, Copy]) -> None:
        for name in {key[0] for key in ready}:
            copies = [(k, c) for k, c in self.state.copies.items() if k[0] == name]
            total = len({copy.unit[:2] for _, copy in copies if copy.state != "gone"})
            gone = {c.unit[:2] for k, c in copies if k in ready and not self._moved(k, c)}
            if len(gone) > max(FEW, SHARE * total):
                raise MassDeletion(len(gone), total)

    def _decide(self, key: Key, copy: Copy) -> None:
        unit = copy.unit
        before = self.state.copies[key] = replace(copy, state="gone")
        local, others = self._local(unit), self._others(key, unit)
        if self._moved(key, copy) or (self._is_orphaned(unit) and self.db.live(unit)):
            return
        if self._is_orphaned(unit) or not others or self._organised(key, copy):
            self._follow(unit, None)
            self.state.meetings[unit] = None
        elif local:
            local = self._taken_over(unit, key, before, local)
            self.state.meetings[unit] = with_answer(local, self._email(key, copy), "declined")
        self._end_unheld(unit)
        if not self._organised(key, copy):
            self._hand_on(key, before)

    def _hand_on(self, key: Key, gone: Copy) -> None:
        """Let occurrences whose content a copy of their series carried take it from the next."""
        had = expand(gone.base, {}, ALWAYS) if gone.base and gone.base.rule else {}
        own = {copy.unit for (name, _), copy in self.state.copies.items() if name == key[0]}
        for unit, event in list(self.state.meetings.items()):
            if event and unit[:2] == gone.unit[:2] and unit[2] in had and unit not in own:
                copy = replace(gone, base=had[unit[2]])
                self.state.meetings[unit] = self._taken_over(unit, key, copy, event)

    def _end_unheld(self, unit: Unit) -> None:
        """An occurrence ends with its last copy, which may have been one of the series."""
        held = {copy.unit for copy in self.state.copies.values() if copy.state != "gone"}
        for own, event in self.state.meetings.items():
            if event and own[:2] == unit[:2] and own not in held and not self.db.standing(own):
                self.state.meetings[own] = None

    def _is_orphaned(self, unit: Unit) -> bool:
        """Whether its series has no such occurrence any more: nobody declined it."""
        master = self.state.meetings.get((*unit[:2], ""))
        if not (unit[2] and master and master.rule):
            return False
        return unit[2] not in expand(master, {}, ALWAYS)

    def _others(self, key: Key, unit: Unit) -> dict[Key, Copy]:
        return {k: c for k, c in self.db.standing(unit).items() if k[0] != key[0]}

    def _organised(self, key: Key, copy: Copy) -> bool:
        master = self.state.copies.get((key[0], copy.series))
        return copy.organises or bool(master and master.organises)

    def _email(self, key: Key, copy: Copy) -> str:
        master: Any = self.state.copies.get((key[0], copy.series))
        return copy.self_email or (master.self_email if master else "")

    def _taken_over(self, unit: Unit, key: Key, gone: Copy, local: Event) -> Event:
        """Content comes from the next copy when the one that carried it goes (rule R16)."""
        content = self.db.content(unit)
        following = self.state.copies[content] if content else None
        if not content or not following or following.unit != unit:
            return local
        if self.db.rank(unit, content, following) < self.db.rank(unit, key, gone):
            return local  # it did not carry it
        return merge(gone.base or local, local, following.base) or local


def _declined(copy: Copy | None, local: Event) -> Event | None:
    """Return what a guest's copy agreed on that went, by which its owner declined (rule R11)."""
    if not (copy and copy.state == "gone" and copy.base):
        return None
    went = answer_of(local, copy.self_email) == "declined"
    return with_answer(copy.base, copy.self_email, "declined") if went else None
