"""The store's other half in dicts: what goes out, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from memory_database import ALWAYS, FEW, SHARE, Copy, Key, Unit
from memory_rows import NEW, OutDatabase
from memory_store import MemoryStore

from odoo.addons.synced_meetings.sync.errors import MassDeletion
from odoo.addons.synced_meetings.sync.event import Event, Remote, Window, answer_of
from odoo.addons.synced_meetings.sync.merge import Lost, losses
from odoo.addons.synced_meetings.sync.push import view
from odoo.addons.synced_meetings.sync.recurrence import expand
from odoo.addons.synced_meetings.sync.store import Link, Outgoing, Sent, Settled
from odoo.addons.synced_meetings.sync.telling import version


class OutboxStore(MemoryStore):
    """The store of one calendar that is written, too."""

    db: OutDatabase
    joint = "_"  # between a series and a recurrence id in the id of an occurrence

    def __init__(
        self, db: OutDatabase, calendar: str, window: Window, fields: frozenset[str]
    ) -> None:
        super().__init__(db, calendar, window)
        self.fields = fields

    # What goes out

    def outgoing(self, limit: int) -> list[Outgoing]:
        """Return the next copies that are due, one per series."""
        self._brake_own()
        found: dict[str, Outgoing] = {}
        for key, one in self._lagging():
            if self._is_due(key, one):
                found.setdefault(one.copy.series or one.copy.id or one.copy.client_key, one)
        return list(found.values())[:limit]

    def _is_due(self, key: Key, one: Outgoing) -> bool:
        refused = self.state.refused.get(key)
        return self.state.waits.get(key) != self.db.run and refused != (one.link.local, one.asked)

    def _lagging(self) -> Iterator[tuple[Key, Outgoing]]:
        for key, copy in list(self.state.copies.items()):
            if key[0] == self.calendar and copy.state in ("live", "new"):
                yield from self._lag(key, copy, self._copy_of(key, copy))
        for unit in list(self.state.meetings):
            yield from self._lagging_occurrence(unit)

    def _copy_of(self, key: Key, copy: Copy) -> Remote:
        new = key[1].startswith(NEW)
        return Remote(
            "" if new else key[1],
            copy.base,
            copy.change_key,
            copy.series,
            copy.unit[2],
            copy.organises,
            copy.redacted,
            copy.self_email,
            client_key=key[1].removeprefix(NEW) if new else "",
        )

    def _lagging_occurrence(self, unit: Unit) -> Iterator[tuple[Key, Outgoing]]:
        """Yield an occurrence that was edited here before it had a copy (rule R18)."""
        own = {copy.unit for (name, _), copy in self.state.copies.items() if name == self.calendar}
        if not unit[2] or unit in own:
            return
        for (name, series), master in self.state.copies.items():
            if (name, master.unit, master.state) != (self.calendar, (*unit[:2], ""), "live"):
                continue
            base = self._occurrence(master.base, unit[2])
            if base:
                remote_id = f"{series}{self.joint}{unit[2]}"
                copy = replace(master, unit=unit, series=series, base=base, change_key="")
                key = (name, remote_id)
                yield from self._lag(key, copy, self._copy_of(key, copy))

    def _occurrence(self, master: Event | None, rid: str) -> Event | None:
        return expand(master, {}, ALWAYS).get(rid) if master and master.rule else None

    def _lag(self, key: Key, copy: Copy, remote: Remote) -> Iterator[tuple[Key, Outgoing]]:
        """Yield the copy if it differs from its meeting in its view (rules R1, R2, R10)."""
        unit, sent = copy.unit, self.state.sent.get(key)
        event = self.state.meetings.get(unit)
        if event is None:
            if unit in self.state.removed and copy.organises and (copy.base or sent):
                link = Link(copy.base, None, "content", unit, sent)
                yield key, Outgoing(link, remote, self.state.removed[unit])
            return
        if not copy.organises:
            answers = [answer_of(e, copy.self_email) for e in (event, copy.base or event)]
            if None not in answers and answers[0] != answers[1]:
                yield key, Outgoing(Link(copy.base, event, "answer", unit, sent), remote)
            return
        local, asked = self.db.view(unit, event), self.db.pending(unit)
        base = copy.base
        if asked or not base or view(local, base, copy.self_email, self.fields) != base:
            link = Link(base, local, "content", unit, sent)
            yield key, Outgoing(link, remote, bool(asked), asked)

    def _brake_own(self) -> None:
        """Let many deletions made here wait for a person (rule R13)."""
        mine = [
            c for k, c in self.state.copies.items() if k[0] == self.calendar and c.state == "live"
        ]
        total = len({copy.unit[:2] for copy in mine})
        gone = {copy.unit[:2] for copy in mine if copy.unit in self.state.removed}
        if len(gone) > max(FEW, SHARE * total) and not self.db.confirmed:
            raise MassDeletion(len(gone), total)

    # What becomes of it

    def _key(self, one: Outgoing) -> Key:
        return (self.calendar, one.copy.id or NEW + one.copy.client_key)

    def sending(self, sent) -> None:
        for one, change in sent:
            self.state.sent[self._key(one)] = Sent(change.event, change.tell, one.asked)

    def unsent(self, outgoing: Sequence[Outgoing]) -> None:
        for key in map(self._key, outgoing):
            self.state.sent.pop(key, None)
            copy = self.state.copies.get(key)
            if copy and copy.state == "new" and copy.unit in self.state.removed:
                del self.state.copies[key]  # it never was anywhere
                del self.state.removed[copy.unit]

    def postpone(self, outgoing: Sequence[Outgoing], error: Exception | None) -> None:
        self.state.waits.update({self._key(one): self.db.run for one in outgoing})

    def refuse(self, outgoing: Outgoing, error: Exception) -> None:
        self.unsent([outgoing])
        self.state.refused[self._key(outgoing)] = (outgoing.link.local, outgoing.asked)

    def checkpoint(self, token: str | None, complete: bool = False) -> None:
        if token is not None:  # what was asked for and not seen did not arrive
            for key in [k for k in self.state.sent if k[0] == self.calendar and NEW not in k[1]]:
                del self.state.sent[key]
        super().checkpoint(token, complete)

    def doubtful(self, seen) -> list[str]:
        sent = {i for name, i in self.state.sent if name == self.calendar and NEW not in i}
        return sorted(sent.union(super().doubtful(seen)))

    # How it comes back

    def _link(self, remote: Remote) -> Link:
        key = self._known(remote)
        link = super()._link(remote)
        local = link.local and self.db.view(link.row, link.local)
        base = None if NEW in key[1] else link.base
        gone = remote.event is None or link.row in self.state.removed
        if gone and link.row[2] and key not in self.state.copies:  # it never had a copy (R18)
            base = base or self._agreed(link.row, None)
        deleted = {link.row, (*link.row[:2], "")} & self.state.removed.keys()
        if deleted and not remote.organises and remote.event:
            base, local = remote.event, None  # a guest's copy brings nothing back (rule R5)
        return replace(link, base=base, local=local, sent=self.state.sent.get(key))

    def _known(self, remote: Remote) -> Key:
        new = (self.calendar, NEW + remote.client_key)
        return new if new in self.state.copies else (self.calendar, remote.id)

    def _unit(self, remote: Remote) -> Unit:
        copy = self.state.copies.get((self.calendar, NEW + remote.client_key))
        return copy.unit if copy else super()._unit(remote)

    def _agreed(self, unit: Unit, local: Event | None) -> Event | None:
        """Return what was agreed on; of an occurrence what its series had it (rule R18)."""
        if moved := self._moved_away(unit):
            return moved
        content = self.db.content(unit)
        left = [c for c in self.state.copies.values() if c.unit == unit and c.state == "leaving"]
        copy = self.state.copies[content] if content else next(iter(left), None)
        if copy and copy.unit == unit and copy.base:
            return copy.base
        masters = [
            (key[0] != self.calendar, copy.base)
            for key, copy in self.state.copies.items()
            if copy.unit == (*unit[:2], "") and copy.state == "live"
        ]
        base = min(masters, key=lambda found: found[0])[1] if masters else None
        return self._occurrence(base, unit[2]) or local

    def _save(self, one: Settled) -> None:
        unit, key = one.link.row, self._known(one.remote)
        for lost in one.lost:
            self.db.lose(unit, lost)
        self.state.sent.pop(key, None)
        if key[1] != one.remote.id:
            unit = self._named(key, unit, one.remote)
        self._restore(unit, one)
        local = one.local and self._whole(unit, one.local)
        super()._save(replace(one, local=local, link=replace(one.link, row=unit)))
        if one.remote.event and one.local:
            self._told(unit, one)

    def _whole(self, unit: Unit, event: Event) -> Event:
        """Return the meeting with the guests that its copies do not know of yet."""
        here = self.state.meetings.get(unit)
        there = {a.email for a in event.attendees}
        hidden = self.db.withheld(unit, here) - there
        more = [a for a in here.attendees if a.email in hidden] if here else []
        people = sorted((*event.attendees, *more), key=lambda a: (a.email, a.name))
        return replace(event, attendees=tuple(people))

    def _named(self, key: Key, old: Unit, remote: Remote) -> Unit:
        """Give a meeting that was made here the name that its copy has in the calendar."""
        state, event = self.state, remote.event
        del state.copies[key]
        for values in (state.waits, state.refused):
            values.pop(key, None)
        if event is None:
            return old
        uid, organiser = event.uid, event.organiser
        for values in (state.meetings, state.removed, state.expanded):
            for unit in [u for u in values if u[:2] == old[:2]]:
                values[uid, organiser, unit[2]] = values.pop(unit)
        for unit, own in state.meetings.items():
            if own and unit[:2] == (uid, organiser):
                state.meetings[unit] = replace(own, uid=uid)
        for unit, email in [k for k in state.rows if k[0][:2] == old[:2]]:
            state.rows[(uid, organiser, unit[2]), email] = state.rows.pop((unit, email))
        return (uid, organiser, "")

    def _restore(self, unit: Unit, one: Settled) -> None:
        """Take a deletion back that the calendar overrode, and the exceptions with it."""
        if one.local and self.state.removed.pop(unit, None) is not None and not unit[2]:
            for copy in self.state.copies.values():
                if copy.unit[:2] == unit[:2] and copy.unit[2] and copy.state == "live":
                    self.state.meetings[copy.unit] = copy.base

    def _told(self, unit: Unit, one: Settled) -> None:
        """Note who has been told what (rule R19)."""
        assert one.remote.event
        assert one.local
        nothing_else = bool(one.told) and version(one.local) == one.told
        for attendee in one.remote.event.attendees:
            asked, told = self.db.row(unit, attendee.email) or ("", "")
            if not one.told:
                continue
            served = nothing_else or asked in ("", told, one.asked)
            row = (one.told if served else asked, one.told)
            self.state.rows[unit, attendee.email] = row
        hidden = self.db.withheld(unit, self.state.meetings.get(unit))
        for email in {email for of, email in self.state.rows if of == unit}:
            if answer_of(one.local, email) is None and email not in hidden:
                del self.state.rows[unit, email]

    def _leave(self, key: Key, unit: Unit, remote: Remote) -> None:
        super()._leave(key, unit, remote)
        copy = self.state.copies[key]
        if unit in self.state.removed and self._organised(key, copy):
            del self.state.removed[unit]  # it was deleted here: there is nothing to decide
            self.state.copies[key] = replace(copy, state="gone")

    def _decide(self, key: Key, copy: Copy) -> None:
        """Lose what was edited here after its copy was found deleted, too."""
        before = self.state.meetings.get(copy.unit)
        base = copy.base or self._agreed(copy.unit, None)
        super()._decide(key, copy)
        if before and base and self.state.meetings.get(copy.unit) is None:
            for lost in losses(base, self.db.view(copy.unit, before), None):
                if (copy.unit, lost) not in self.state.inbox.values():
                    self.db.lose(copy.unit, lost)

    def _follow_one(self, own: Unit, before: Event, after: Event | None) -> None:
        mine = self.state.meetings[own]
        if after is None and mine != before:
            self.db.lose(own, Lost("event", None, mine))
        super()._follow_one(own, before, after)
