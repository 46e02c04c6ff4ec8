"""Whatever people do on both sides, and whatever goes wrong: both end equal, nothing is lost."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from itertools import pairwise

import memory_store
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from test_engine_machine import RULES, SyncMachine, days, hours, mine, names, pick
from two_ways import TwoWays
from worlds import CONNECTED, at

from odoo.addons.synced_meetings.sync.errors import MassDeletion, Retryable
from odoo.addons.synced_meetings.sync.event import Event, answer_of

people = st.sampled_from(["ann@x.example", "bob@x.example", "cy@x.example", "ext@x.example"])
homes = st.sampled_from(["ann", "bob"])
fails = st.sampled_from(["before", "after", "one"])
typed = st.sampled_from(["name", "location"])


class TwoWayMachine(SyncMachine):
    """As before, and people edit here, too."""

    def __init__(self) -> None:
        super().__init__()
        self.world = TwoWays()
        self.server, self.doors, self.db = self.world.server, self.world.doors, self.world.db
        self.count = 0
        self.typed: set[str] = set()  # what somebody typed here and may not be lost
        self.asked: Counter[tuple[str, str]] = Counter()  # how often a guest was to be told
        self.touched: set[str] = set()  # what was edited outside since both were equal
        self.murky = False  # it is not known any more which edit was whose
        self.last: dict[tuple[str, str], str] = {}
        self.read = self.lost = 0  # mails and entries of the inbox that were looked at

    @initialize(cut=st.sampled_from([0, 0, 9]), lossy=st.booleans())
    def the_service_is(self, cut, lossy):
        self.server.cut, self.server.lossy = cut, lossy

    # Which meeting

    def event(self, number):
        found = super().event(number)
        self.touched.add(self.world.named(found))
        return found

    def unit(self, number, nth=None):
        """Return a meeting or series made or organised here; with ``nth`` an occurrence of it."""
        units = [u for u in self.doors.units() if not u[2] or nth is not None]
        unit = units[number % len(units)]
        found = self.doors.occurrences(unit) if nth is not None else []
        return found[nth % len(found)] if found else unit

    has_meetings = precondition(lambda self: any(not u[2] for u in self.doors.units()))

    def text(self, field, unit):
        """Type something that nobody else types."""
        self.count += 1
        self.forget(unit, field)
        text = f"{field[0]}{self.count}. and so on"
        self.typed.add(text)
        return text

    def forget(self, unit, *fields):
        """What somebody typed and then takes back here is not lost."""
        for own in [
            unit,
            *(u for u in self.db.state.meetings if not unit[2] and u[:2] == unit[:2]),
        ]:
            event = self.doors.meeting(own)
            for field in fields if event else ():
                self.typed.discard(getattr(event, field))

    # What people do here

    @rule(
        home=homes,
        guests=st.lists(people, max_size=2, unique=True),
        day=days,
        line=st.sampled_from([(), (), *RULES]),
        refused=st.integers(0, 9),
        show_as=st.sampled_from(["busy", "oof"]),
        send=st.booleans(),
    )
    def create_here(self, home, guests, day, line, refused, show_as, send):
        own = self.server.owner(home)
        name = self.text("name", ("", "", ""))
        if not refused:
            self.typed.discard(name)
            name = f"refused {name}"
        event = Event(
            "",
            at(day),
            name=name,
            rule=line,
            show_as=show_as,
            conference_url="https://meet.example/1",
        )
        unit = self.doors.create(home, own, event, [g for g in guests if g != own])
        if send:
            self.ask(unit)

    @has_meetings
    @rule(number=pick, field=typed, send=st.booleans())
    def edit_here(self, number, field, send):
        self.edit_one(self.unit(number), field, send)

    @has_meetings
    @rule(number=pick, nth=pick, field=typed, send=st.booleans())
    def edit_an_occurrence_here(self, number, nth, field, send):
        self.edit_one(self.unit(number, nth), field, send)

    def edit_one(self, unit, field, send):
        self.doors.edit(unit, **{field: self.text(field, unit)})
        if send:
            self.ask(unit)

    @has_meetings
    @rule(number=pick, nth=pick, day=days, hour=hours)
    def move_here(self, number, nth, day, hour):
        unit = self.unit(number, nth)
        event = self.doors.meeting(unit)
        if event and not event.rule:
            self.doors.edit(unit, when=at(day, hour))

    @has_meetings
    @rule(number=pick, day=days, hour=hours, line=st.sampled_from(RULES))
    def retime_here(self, number, day, hour, line):
        unit = self.unit(number)
        self.forget_occurrences(unit)
        if any(own[:2] == unit[:2] and own[2] for own in self.db.state.meetings):
            self.touched.add(self.world.ident(unit))  # the service takes them to other places
        self.doors.retime(unit, at(day, hour), line)

    def forget_occurrences(self, unit):
        for own in self.db.state.meetings:
            if own[:2] == unit[:2] and own[2]:
                self.forget(own, "name", "location")

    @has_meetings
    @rule(number=pick, email=people, send=st.booleans())
    def invite_here(self, number, email, send):
        unit = self.unit(number)
        self.doors.invite(unit, email)
        if send:
            self.ask(unit)

    @has_meetings
    @rule(number=pick, email=people)
    def uninvite_here(self, number, email):
        unit = self.unit(number)
        self.doors.uninvite(unit, email)
        for one in [key for key in self.last if key[1] == email]:
            del self.last[one]

    @has_meetings
    @rule(number=pick)
    def send(self, number):
        self.ask(self.unit(number))

    def ask(self, unit):
        for email in [*self.doors.send(unit), ""]:
            self.asked[self.called(unit), email] += 1

    def called(self, unit):
        return self.world.ident(unit) + (f"_{unit[2]}" if unit[2] else "")

    @has_meetings
    @rule(number=pick, nth=st.none() | pick, tell=st.booleans())
    def delete_here(self, number, nth, tell):
        unit = self.unit(number, nth)
        event = self.doors.meeting(unit)
        self.forget(unit, "name", "location")
        for email in ["", *(a.email for a in event.attendees)] if tell else ():
            self.asked[self.called(unit), email] += 1
        self.doors.delete(unit, tell)

    @precondition(lambda self: self.db.state.meetings)
    @rule(number=pick, response=st.sampled_from(["accepted", "declined", "tentative"]), who=mine)
    def answer_here(self, number, response, who):
        units = list(self.db.state.meetings)
        unit, email = units[number % len(units)], self.server.owner(who)
        event = self.db.state.meetings[unit]
        held = any(k[0] == who for k in self.db.standing(unit))
        if (
            event
            and held
            and answer_of(event, email)
            and email not in self.db.withheld(unit, event)
        ):
            self.doors.answer(unit, email, response)

    # What runs do

    @rule(calendar=mine)
    def push_only(self, calendar):
        self._braked(self.world.push, calendar)

    @rule(calendar=mine, how=fails)
    def answers_are_lost(self, calendar, how):
        provider = self.world.provider(calendar)
        provider.fails = how
        self.murky = True
        with contextlib.suppress(Retryable):
            self._pull(calendar, provider)

    @has_meetings
    @rule(calendar=mine, number=pick, nth=st.none() | pick, field=typed, send=st.booleans())
    def people_edit_here_during_the_call(self, calendar, number, nth, field, send):
        provider = self.world.provider(calendar)

        def edit():
            provider.during = lambda: None
            if any(not u[2] for u in self.doors.units()):
                self.edit_one(self.unit(number, nth), field, send)

        provider.during = edit
        self._pull(calendar, provider)

    @has_meetings
    @rule(calendar=mine, number=pick, tell=st.booleans())
    def people_delete_here_during_the_call(self, calendar, number, tell):
        provider = self.world.provider(calendar)

        def delete():
            provider.during = lambda: None
            if any(not u[2] for u in self.doors.units()):
                self.delete_here(number=number, nth=None, tell=tell)

        provider.during = delete
        self._pull(calendar, provider)

    has_events = SyncMachine.has_events

    @has_events
    @rule(calendar=mine, number=pick, name=names, gone=st.booleans())
    def people_edit_outside_before_the_call(self, calendar, number, name, gone):
        remote_id, provider = self.event(number), self.world.provider(calendar)

        def edit():
            provider.before = lambda: None
            home = self.server.home(remote_id)
            if gone and remote_id in self.server.items[home]:
                self.server.remove(home, remote_id)
            else:
                self.server.edit(remote_id, name=name)

        provider.before = edit
        self._pull(calendar, provider)

    @rule(calendar=mine, commits=st.integers(0, 14), made=st.booleans())
    def pull_until_the_process_ends(self, calendar, commits, made):
        self.murky = True
        db = self.db
        db.crash = (db.commits + commits, made)
        with contextlib.suppress(memory_store.Crash):
            self._pull(calendar)
        db.crash = None
        db.rollback()

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
        for text in self.typed - self.server.held - apart:
            assert text in inbox, f"{text} was lost"
        self.typed.clear()

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
            asked = self.asked[key[0], ""] if touched else self.asked[key]
            assert every[key] <= asked, f"{key}: a mail that nobody asked for"
            if touched:
                versions = versions[:1]
            elif key in self.last:
                versions = [self.last[key], *versions]
            same = any(a == b for a, b in pairwise(versions))
            assert not same, f"{key} was told the same twice"
            self.last[key] = versions[-1]

    # Not here: a machine of its own has these

    def spoil(self):
        pass

    def redact(self):
        pass

    def create_with_the_uid_of_another(self):
        pass


TestTwoWays = TwoWayMachine.TestCase
TestTwoWays.settings = settings(max_examples=settings.default.max_examples, stateful_step_count=25)
