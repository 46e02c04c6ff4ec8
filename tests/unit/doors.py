"""What people do here: every way to edit a meeting, as transactions of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from memory_database import ALWAYS, Copy, Key, Unit
from memory_rows import NEW, OutDatabase

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.event import Attendee, Event, Response, When, with_answer
from odoo.addons.synced_meetings.sync.merge import merge
from odoo.addons.synced_meetings.sync.recurrence import expand
from odoo.addons.synced_meetings.sync.telling import version


def door(act: Callable[..., Any]) -> Callable[..., Any]:
    """Let ``act`` be a transaction of its own, whatever a run has open."""

    @wraps(act)
    def within(self: Doors, *args: Any, **values: Any) -> Any:
        db = self.db
        assert db.state == db.committed, "something is open while the network is waited for"
        found = act(self, *args, **values)
        db.committed = db.state.copy()
        return found

    return within


class Doors:
    """The forms and buttons over an `OutDatabase`."""

    def __init__(self, db: OutDatabase) -> None:
        self.db = db
        self.made = 0

    # What may be done (rule R10)

    def units(self) -> list[Unit]:
        """Return the meetings and series whose organiser's copy is ours, and stands."""
        return [u for u, e in self.db.state.meetings.items() if e and self.home(u)]

    def home(self, unit: Unit) -> Key | None:
        """Return the organiser's copy of a meeting, or of its series."""
        for of in (unit, (*unit[:2], "")):
            for key, copy in self.db.state.copies.items():
                if copy.unit == of and copy.organises and copy.state in ("live", "new"):
                    return key
        return None

    def occurrences(self, unit: Unit) -> list[Unit]:
        """Return the occurrences of a series, [] of anything else."""
        master = self.db.state.meetings.get(unit)
        if not (master and master.rule):
            return []
        own = self.db.state.meetings
        found = [(*unit[:2], rid) for rid in sorted(expand(master, {}, ALWAYS))[:6]]
        return [one for one in found if own.get(one, master)]

    def meeting(self, unit: Unit) -> Event | None:
        """Return a meeting; an occurrence as its series has it, until it has its own."""
        meetings = self.db.state.meetings
        if unit in meetings or not unit[2]:
            return meetings.get(unit)
        master = meetings.get((*unit[:2], ""))
        return expand(master, {}, ALWAYS).get(unit[2]) if master and master.rule else None

    # Doors

    @door
    def create(self, calendar: str, organiser: str, event: Event, guests: list[str]) -> Unit:
        """Make a meeting; nobody is invited before it is sent."""
        self.made += 1
        unit, client_key = (f"new-{self.made}", organiser, ""), f"key{self.made}"
        people = tuple(Attendee(email) for email in sorted(guests))
        event = replace(event, uid=unit[0], organiser=organiser, attendees=people)
        state = self.db.state
        state.meetings[unit] = canonical(event, str.strip)
        state.expanded[unit] = ALWAYS
        state.rows.update({(unit, email): ("", "") for email in guests})
        copy = Copy(unit, "new", self.db.run, organises=True, self_email=organiser)
        state.copies[calendar, NEW + client_key] = copy
        return unit

    @door
    def edit(self, unit: Unit, **values: Any) -> None:
        """Save a form, of a meeting, a series or one occurrence."""
        event = self.meeting(unit)
        if event:
            self._write(unit, canonical(replace(event, **values), str.strip))

    @door
    def retime(self, unit: Unit, when: When, rule: tuple[str, ...]) -> None:
        """Move a whole series."""
        event = self.meeting(unit)
        if event and event.rule:
            self._write(unit, replace(event, when=when, rule=rule))

    @door
    def invite(self, unit: Unit, email: str) -> None:
        """Put a guest on the list, who is not told before it is sent."""
        event = self.meeting(unit)
        if (
            event
            and email != event.organiser
            and not any(a.email == email for a in event.attendees)
        ):
            people = sorted((*event.attendees, Attendee(email)), key=lambda a: a.email)
            self.db.state.rows[unit, email] = ("", "")
            self._write(unit, replace(event, attendees=tuple(people)))

    @door
    def uninvite(self, unit: Unit, email: str) -> None:
        """Take a guest off the list."""
        event = self.meeting(unit)
        if event and email != event.organiser:
            people = tuple(a for a in event.attendees if a.email != email)
            self._write(unit, replace(event, attendees=people))
            self.db.state.rows.pop((unit, email), None)

    @door
    def send(self, unit: Unit) -> list[str]:
        """Ask that the guests be told how it is now; return who is."""
        event = self.meeting(unit)
        guests = [a.email for a in event.attendees if a.email != event.organiser] if event else []
        for email in guests:
            _, told = self.db.row(unit, email) or ("", "")
            assert event
            self.db.state.rows[unit, email] = (version(event), told)
        return guests

    @door
    def delete(self, unit: Unit, tell: bool) -> None:
        """Delete a meeting, a series or one occurrence."""
        state, key = self.db.state, self.home(unit)
        assert key
        if state.copies[key].state == "new" and key not in state.sent and not unit[2]:
            del state.copies[key]  # it never was anywhere
        else:
            state.removed[unit] = tell
        if not unit[2]:
            copied = {copy.unit for copy in state.copies.values()}
            for own in [u for u in state.meetings if u[:2] == unit[:2] and u[2]]:
                state.meetings[own] = None
                if own not in copied and own not in state.removed:
                    del state.meetings[own]
        state.meetings[unit] = None

    @door
    def answer(self, unit: Unit, email: str, response: Response) -> None:
        """Answer an invitation."""
        event = self.meeting(unit)
        if event:
            self._write(unit, with_answer(event, email, response))

    def _write(self, unit: Unit, event: Event) -> None:
        """Keep a meeting; occurrences that have something of their own go with their series."""
        state = self.db.state
        before = state.meetings.get(unit)
        if before and before.rule and not unit[2]:
            had, has = (expand(e, {}, ALWAYS) for e in (before, event))
            for own in [u for u in state.meetings if u[:2] == unit[:2] and u[2] in had]:
                mine = state.meetings[own]
                if mine and not self.db.carries_itself(own):
                    if has.get(own[2]):
                        state.meetings[own] = merge(had[own[2]], has[own[2]], mine)
                    else:
                        del state.meetings[own]
        state.meetings[unit] = event
