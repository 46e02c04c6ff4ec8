"""Whatever people do on both sides, and whatever goes wrong: both end equal, nothing is lost."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from itertools import pairwise

import memory_database
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from memory import parts
from memory_database import ALWAYS
from memory_rows import NEW
from people_machine import PeopleMachine, sends, typed
from test_engine_machine import mine, names, pick
from worlds import CONNECTED

from odoo.addons.synced_meetings.sync.errors import MassDeletion, Retryable
from odoo.addons.synced_meetings.sync.recurrence import expand

fails = st.sampled_from(["before", "after", "one"])
has_meetings = precondition(PeopleMachine.may_edit)


class TwoWayMachine(PeopleMachine):
    """Runs go both ways, and break off anywhere."""

    # What runs do

    @rule(calendar=mine)
    def push_only(self, calendar):
        self._braked(self.world.push, calendar)

    def edited(self, number, nth, field, send):
        """Edit something here; return it with a provider of its calendar."""
        unit = self.unit(number, nth)
        self.edit_one(unit, field, send)
        calendar, remote_id = self.doors.home(unit)
        if unit[2] and NEW not in remote_id and not parts(remote_id)[0]:
            remote_id += f"_{unit[2]}"
        return unit, remote_id, self.world.provider(calendar)

    def run_with(self, provider):
        self._pull(provider.calendar, provider)

    @has_meetings
    @rule(number=pick, nth=st.none() | pick, field=typed, send=sends, how=fails)
    def answers_are_lost(self, number, nth, field, send, how):
        _, _, provider = self.edited(number, nth, field, send)
        provider.fails = how
        self.murky = True
        with contextlib.suppress(Retryable):
            self.run_with(provider)

    @has_meetings
    @rule(number=pick, nth=st.none() | pick, field=typed, then=typed, send=sends, again=sends)
    def people_edit_here_during_the_call(self, number, nth, field, then, send, again):
        unit, _, provider = self.edited(number, nth, field, send)

        def edit():
            provider.during = lambda: None
            if self.doors.meeting(unit) and self.doors.home(unit):
                self.edit_one(unit, then, again)

        provider.during = edit
        self.run_with(provider)

    @has_meetings
    @rule(number=pick, nth=st.none() | pick, field=typed, send=sends, tell=st.booleans())
    def people_delete_here_during_the_call(self, number, nth, field, send, tell):
        unit, _, provider = self.edited(number, nth, field, send)

        def delete():
            provider.during = lambda: None
            if self.doors.meeting(unit) and self.doors.home(unit):
                self.delete_one(unit, tell)

        provider.during = delete
        self.run_with(provider)

    @has_meetings
    @rule(
        number=pick,
        nth=st.none() | pick,
        field=typed,
        send=sends,
        name=names,
        gone=st.sampled_from([False, False, True]),
    )
    def people_edit_outside_before_the_call(self, number, nth, field, send, name, gone):
        _, remote_id, provider = self.edited(number, nth, field, send)

        def edit():
            provider.before = lambda: None
            if NEW in remote_id or not self.server.truth(remote_id):
                return
            self.touched.add(self.world.named(parts(remote_id)[0] or remote_id))
            if gone:
                self.server.erase(self.server.home(remote_id), remote_id, tell=False)
            else:
                self.server.edit(remote_id, name=name)

        provider.before = edit
        self.run_with(provider)

    @rule(calendar=mine, commits=st.integers(0, 14), made=st.booleans())
    def pull_until_the_process_ends(self, calendar, commits, made):
        self.murky = True
        db = self.db
        db.crash = (db.commits + commits, made)
        with contextlib.suppress(memory_database.Crash):
            self._pull(calendar)
        db.crash = None
        db.rollback()

    @has_meetings
    @rule(number=pick, nth=st.none() | pick, field=typed, send=sends, commits=st.integers(0, 4))
    def the_process_ends_after_an_edit(self, number, nth, field, send, commits):
        _, _, provider = self.edited(number, nth, field, send)
        self.pull_until_the_process_ends(calendar=provider.calendar, commits=commits, made=True)

    def _pull(self, calendar, provider=None):
        self._braked(self.world.pull, calendar, provider)

    def _braked(self, run, calendar, provider=None):
        try:
            run(calendar, provider)
        except MassDeletion:
            self.db.confirmed = True
            run(calendar)
            self.db.confirmed = False

    # What must be so

    def all_runs_are_done(self):
        super().all_runs_are_done()
        # What vanished because of what was written waits for its owner's other calendar (R11).
        if any(copy.state == "leaving" for copy in self.db.state.copies.values()):
            for calendar in CONNECTED:
                self._pull(calendar)

    def a_second_run_changes_nothing(self):
        pushed = len(self.server.mails)
        super().a_second_run_changes_nothing()
        for calendar in CONNECTED:
            self._pull(calendar)
            assert self.world.pushed == [], "something is still on its way"
        assert len(self.server.mails) == pushed
        assert not self.world.unsent()
        self.nothing_typed_is_lost()
        self.only_conflicts_are_in_the_inbox()
        self.mails_were_asked_for()
        self.touched.clear()
        self.murky = False

    def nothing_typed_is_lost(self):
        inbox = repr(self.db.state.inbox)
        shown = [e for e in self.db.state.meetings.values() if e]
        here = {e.name for e in shown} | {e.location for e in shown}
        apart = {text for text in here if self.world.held()}
        for text in self.typed - self.server.held - apart - self.history():
            assert text in inbox, f"{text} was lost"
        self.typed.clear()

    def history(self):
        """Return texts of occurrences that their series left behind out of the window (R12)."""
        found = set()
        for unit, event in self.db.state.meetings.items():
            master = self.db.state.meetings.get((*unit[:2], ""))
            if event and unit[2] and master and not self.world.window.meets(event.when):
                left = unit[2] not in expand(master, {}, ALWAYS)
                found |= {event.name, event.location} if left else set()
        return found

    def only_conflicts_are_in_the_inbox(self):
        entries = list(self.db.state.inbox.values())[self.lost :]
        self.lost += len(entries)
        for unit, lost in entries if not self.murky else ():
            assert self.world.ident(unit) in self.touched, f"nobody else changed {lost}"

    def mails_were_asked_for(self):
        new = self.server.mails[self.read :]
        self.read += len(new)
        told = defaultdict(list)
        for mail in new:
            called = self.world.named(mail.event)
            told[called, mail.email].append(mail.version)
        every = Counter((self.world.named(m.event), m.email) for m in self.server.mails)
        for key, versions in told.items():
            touched = key[0].split("_")[0] in self.touched
            # Who was invited outside meanwhile is told with the others.
            self.ever |= {key[0]} if touched else set()
            asked = self.asked[key[0], ""] if key[0] in self.ever else self.asked[key]
            assert every[key] <= asked, f"{key}: a mail that nobody asked for"
            if touched:
                versions = versions[:1]
            elif key in self.last:
                versions = [self.last[key], *versions]
            same = any(a == b for a, b in pairwise(versions))
            assert not same, f"{key} was told the same twice"
            self.last[key] = versions[-1]


TestTwoWays = TwoWayMachine.TestCase
TestTwoWays.settings = settings(
    max_examples=2 * settings.default.max_examples, stateful_step_count=25
)
