"""People who edit here as well as outside, as rules of a machine."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from test_engine_machine import RULES, SyncMachine, days, hours, mine, pick
from two_ways import TwoWays
from worlds import at

from odoo.addons.synced_meetings.sync.event import Event, answer_of

people = st.sampled_from(["ann@x.example", "bob@x.example", "cy@x.example", "ext@x.example"])
homes = st.sampled_from(["ann", "bob"])
typed = st.sampled_from(["name", "location"])
sends = st.booleans()


class PeopleMachine(SyncMachine):
    """As before, and people edit here, too."""

    def __init__(self) -> None:
        super().__init__()
        self.world = TwoWays()
        self.server, self.doors, self.db = self.world.server, self.world.doors, self.world.db
        self.count = 0
        self.typed: set[str] = set()  # what somebody typed here and may not be lost
        self.asked: Counter[tuple[str, str]] = Counter()  # how often a guest was to be told
        self.touched: set[str] = set()  # what was edited outside since both were equal
        self.ever: set[str] = set()  # the same, ever
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

    def may_edit(self):
        return any(not unit[2] for unit in self.doors.units())

    has_meetings = precondition(may_edit)

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
        send=sends,
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
    @rule(number=pick, field=typed, send=sends)
    def edit_here(self, number, field, send):
        self.edit_one(self.unit(number), field, send)

    @has_meetings
    @rule(number=pick, nth=pick, field=typed, send=sends)
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
    @rule(number=pick, email=people, send=sends)
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
        series = (*unit[:2], "")
        parts = [unit] if unit[2] else [own for own in self.db.state.meetings if own[2]]
        for own in parts:
            if own[:2] == unit[:2] and self.db.pending(own):
                for email in self.come_with_the_series(own, series):
                    self.asked[self.called(own), email] += 1

    def come_with_the_series(self, own, series):
        """Return who is invited to a series, and so to what else goes out of an occurrence (R2).

        The service puts them on the occurrence; they have to know how it differs (D19).
        """
        master, rows = self.db.state.meetings.get(series), self.db.state.rows
        people = {a.email for a in master.attendees} - {master.organiser} if master else ()
        both = [(e, rows.get((series, e)), rows.get((own, e))) for e in people]
        return [e for e, whole, alone in both if whole and whole[0] and not (alone and alone[0])]

    def called(self, unit):
        return self.world.ident(unit) + (f"_{unit[2]}" if unit[2] else "")

    @has_meetings
    @rule(number=pick, nth=st.none() | pick, tell=st.booleans())
    def delete_here(self, number, nth, tell):
        self.delete_one(self.unit(number, nth), tell)

    def delete_one(self, unit, tell):
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

    # Not here: the machine that only pulls has these

    def spoil(self):
        pass

    def redact(self):
        pass

    def create_with_the_uid_of_another(self):
        pass
