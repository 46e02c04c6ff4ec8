"""Whatever happens, in whatever order: what is shown is what the calendars say."""

from __future__ import annotations

import contextlib

import memory
import memory_database
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from worlds import CONNECTED, DAY, SUMMER, World, at

from odoo.addons.synced_meetings.sync.errors import MassDeletion, Retryable
from odoo.addons.synced_meetings.sync.event import Event, Window

RULES = [
    ("RRULE:FREQ=DAILY;COUNT=4",),
    ("RRULE:FREQ=WEEKLY;COUNT=5",),
    ("RRULE:FREQ=DAILY;INTERVAL=4",),
]
pick = st.integers(0, 30)
names = st.sampled_from(["Lunch", "Tea ", " Talk"])
days = st.integers(0, 20)
hours = st.integers(0, 3)
calendars = st.sampled_from([*CONNECTED, "ext"])
mine = st.sampled_from(CONNECTED)
answers = st.sampled_from(["accepted", "declined", "tentative"])


class SyncMachine(RuleBasedStateMachine):
    """People edit, runs break off; after enough runs both sides are equal."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.server = self.world.server

    # Which event

    def event(self, number: int) -> str:
        ids = list(self.server.homes)
        return ids[number % len(ids)]

    def occurrence(self, number: int, nth: int) -> str:
        """Return the id of an occurrence, of an event that is no series its own."""
        remote_id = self.event(number)
        master = self.server.truth(remote_id)
        if not (master and master.rule):
            return remote_id
        rids = sorted(memory.spans(master))
        return f"{remote_id}_{rids[nth % min(len(rids), 6)]}"

    has_events = precondition(lambda self: self.server.homes)

    # What people do

    @rule(
        home=calendars,
        guests=st.lists(st.sampled_from(["bob", "cy", "ann"]), max_size=2, unique=True),
        name=names,
        day=days,
        line=st.sampled_from([(), (), *RULES]),
    )
    def create(self, home, guests, name, day, line):
        accounts = self.server.accounts
        guests = [guest for guest in guests if accounts[guest] != accounts[home]]
        self.server.create(home, Event("", at(day), name=name, rule=line), guests)

    @has_events
    @rule(number=pick, home=calendars)
    def create_with_the_uid_of_another(self, number, home):
        """It must not get hold of what is not its own (rule R15)."""
        event = self.server.truth(self.event(number))
        taken = {(e.uid, e.organiser) for e in map(self.server.truth, self.server.homes) if e}
        if event and (event.uid, self.server.owner(home)) not in taken:
            self.server.create(home, Event(event.uid, at(3), name="Other"))

    @has_events
    @rule(number=pick, nth=pick, name=names, day=days)
    def edit(self, number, nth, name, day):
        remote_id = self.occurrence(number, nth)
        if self.server.truth(remote_id):
            self.server.edit(remote_id, name=name, when=at(day, 5))

    @has_events
    @rule(number=pick, name=names)
    def rename_a_whole_series(self, number, name):
        self.server.edit(self.event(number), name=name)

    @has_events
    @rule(number=pick, day=days, hour=hours, line=st.sampled_from(RULES), loud=st.booleans())
    def retime(self, number, day, hour, line, loud):
        master = self.server.truth(self.event(number))
        if master and master.rule:
            self.server.retime(self.event(number), at(day, hour), line, loud)

    @has_events
    @rule(number=pick, hour=hours, loud=st.booleans())
    def shift(self, number, hour, loud):
        master = self.server.truth(self.event(number))
        if master and master.rule:
            day = (master.when.start - at(0).start) // DAY
            self.server.retime(self.event(number), at(day, hour), master.rule, loud)

    @has_events
    @rule(number=pick, calendar=calendars, loud=st.booleans())
    def remove(self, number, calendar, loud):
        if self.event(number) in self.server.items[calendar]:
            self.server.remove(calendar, self.event(number), loud)

    @has_events
    @rule(number=pick, nth=pick, calendar=calendars)
    def cancel_an_occurrence(self, number, nth, calendar):
        remote_id = self.occurrence(number, nth)
        series, rid = memory.parts(remote_id)
        if series and self.server.seen(calendar, remote_id, series, rid):
            self.server.cancel_occurrence(calendar, remote_id)

    @has_events
    @rule(number=pick, nth=pick, calendar=mine, response=answers)
    def answer(self, number, nth, calendar, response):
        remote_id = self.occurrence(number, nth)
        if self.server.seen(calendar, remote_id, *memory.parts(remote_id)):
            self.server.answer(calendar, remote_id, response)

    @has_events
    @rule(number=pick, nth=pick, calendar=st.sampled_from(["bob", "cy"]), whole=st.booleans())
    def invite(self, number, nth, calendar, whole):
        self.server.invite(self.event(number) if whole else self.occurrence(number, nth), calendar)

    @has_events
    @rule(number=pick, calendar=st.sampled_from(["bob", "cy"]))
    def uninvite(self, number, calendar):
        self.server.uninvite(self.event(number), calendar)

    @has_events
    @rule(number=pick, to=st.sampled_from(["ann", "team"]))
    def move(self, number, to):
        self.server.move(self.event(number), to)

    @has_events
    @rule(number=pick, calendar=mine, hides=st.sampled_from(["", "all", "guests"]))
    def redact(self, number, calendar, hides):
        home = self.server.home(self.event(number))
        if home in CONNECTED and home != calendar:
            self.server.set_copy(calendar, self.event(number), hides=hides)

    @has_events
    @rule(number=pick, calendar=mine, private=st.booleans())
    def privatise(self, number, calendar, private):
        event = self.server.truth(self.event(number))
        if event and not event.rule:
            self.server.set_copy(calendar, self.event(number), private=private)

    @has_events
    @rule(number=pick, how=st.sampled_from(["", "unreadable", "bad_rule", "refused"]))
    def spoil(self, number, how):
        self.server.spoil(self.event(number), how)

    # What the service does

    @rule()
    def tokens_expire(self):
        self.server.expire()

    @rule(calendar=mine)
    def redeliver(self, calendar):
        self.server.redeliver(calendar)

    # What runs do

    @rule(calendar=mine)
    def pull(self, calendar):
        self._pull(calendar)

    @rule(calendar=mine, pages=st.integers(0, 3))
    def pull_until_the_service_fails(self, calendar, pages):
        provider = self.world.provider(calendar)
        provider.fail_after = pages
        with contextlib.suppress(Retryable):
            self._pull(calendar, provider)

    @rule(calendar=mine, commits=st.integers(0, 5), made=st.booleans())
    def pull_until_the_process_ends(self, calendar, commits, made):
        db = self.world.db
        db.crash = (db.commits + commits, made)
        with contextlib.suppress(memory_database.Crash):
            self._pull(calendar)
        db.crash = None
        db.rollback()

    @has_events
    @rule(calendar=mine, number=pick, name=names, gone=st.booleans())
    def pull_while_somebody_edits(self, calendar, number, name, gone):
        remote_id, provider = self.event(number), self.world.provider(calendar)

        def edit():
            provider.between = lambda: None
            home = self.server.home(remote_id)
            if gone and remote_id in self.server.items[home]:
                self.server.remove(home, remote_id)
            else:
                self.server.edit(remote_id, name=name)

        provider.between = edit
        self._pull(calendar, provider)

    @rule(before=st.integers(0, 15), after=st.integers(0, 15))
    def the_window_moves(self, before, after):
        self.world.window = Window(SUMMER.start + before * DAY, SUMMER.stop + after * DAY)

    def _pull(self, calendar, provider=None):
        try:
            self.world.pull(calendar, provider)
        except MassDeletion:
            self.world.db.confirmed = True
            self.world.pull(calendar)
            self.world.db.confirmed = False

    # What must be so

    @rule()
    def both_sides_become_equal(self):
        self.all_runs_are_done()
        self.both_sides_are_equal()
        self.a_second_run_changes_nothing()

    def all_runs_are_done(self):
        for _ in range(2):
            for calendar in CONNECTED:
                self._pull(calendar)

    def both_sides_are_equal(self):
        more, less = self.world.difference()
        assert more == less, f"shown: {list(more)}, but it should be {list(less)}"

    def a_second_run_changes_nothing(self):
        saves, state = self.world.db.saves, self.world.db.state.copy()
        for calendar in CONNECTED:
            self._pull(calendar)
            assert self.world.fetched == []
        assert self.world.db.saves == saves, "what has not changed was written"
        state.pulled = self.world.db.state.pulled
        state.tokens = self.world.db.state.tokens
        assert self.world.db.state == state

    @rule()
    def a_whole_listing_changes_nothing_more(self):
        for remote_id in self.server.spoilt:  # what cannot be read may change unseen
            self.server.spoil(remote_id, "")
        self.both_sides_become_equal()
        self.server.expire()
        saves = self.world.db.saves
        for calendar in CONNECTED:
            self._pull(calendar)
        self.both_sides_are_equal()
        assert self.world.db.saves == saves, "what has not changed was written"

    def teardown(self):
        if self.server.homes:
            self.both_sides_become_equal()


TestSync = SyncMachine.TestCase
TestSync.settings = settings(max_examples=2 * settings.default.max_examples, stateful_step_count=25)
