"""The way back, case by case: what goes out, what comes back, who is told."""

import memory_database
import pytest
from memory_writing import Mail
from two_ways import TwoWays
from worlds import at

from odoo.addons.synced_meetings.sync.errors import MassDeletion, Retryable
from odoo.addons.synced_meetings.sync.event import Event
from odoo.addons.synced_meetings.sync.push import TRIES

ANN, BOB = "ann@x.example", "bob@x.example"
DAILY = ("RRULE:FREQ=DAILY;COUNT=4",)


@pytest.fixture
def world():
    return TwoWays()


def made(world, guests=(), name="Lunch", send=False, **values):
    """Make a meeting of ann's here, and bring it to her calendar."""
    unit = world.doors.create("ann", ANN, Event("", at(3), name=name, **values), list(guests))
    if send:
        world.doors.send(unit)
    world.pull("ann")
    return world.doors.units()[-1]


def actions(world):
    return [change.action for change in world.pushed]


def told(world):
    return [(mail.event, mail.email) for mail in world.server.mails]


def test_guests_are_not_in_the_calendar_before_they_are_asked(world):
    unit = made(world, [BOB])
    assert world.server.truth("e1").attendees == ()
    world.doors.send(unit)
    world.pull("ann")
    assert {a.email for a in world.server.truth("e1").attendees} == {BOB}
    assert told(world) == [("e1", BOB)]


def test_saving_tells_nobody(world):
    unit = made(world, [BOB], send=True)
    world.server.mails.clear()
    world.doors.edit(unit, name="Dinner")
    world.pull("ann")
    assert world.server.truth("e1").name == "Dinner"
    assert not world.server.mails


@pytest.mark.parametrize("cut", [0, 3])
def test_who_is_asked_is_told_once(world, cut):
    world.server.cut = cut
    unit = made(world, [BOB], send=True)
    for _ in range(2):
        world.pull("ann")
    assert told(world) == [("e1", BOB)]
    assert not world.db.pending(unit)


@pytest.mark.parametrize("cut", [0, 3])
@pytest.mark.parametrize("fails", ["after", "one"])
def test_a_lost_answer_tells_nobody_twice(world, cut, fails):
    unit = made(world, [BOB], send=True)
    world.server.cut = cut
    for again in range(2):  # once with an edit, once only to be told of it
        world.doors.edit(unit, name=f"{again}. Dinner")
        if again:
            world.pull("ann")
        world.doors.send(unit)
        world.server.mails.clear()
        lose(world, fails)
        world.pull("ann")
        world.pull("ann")
        assert told(world) == [("e1", BOB)]
        assert not world.db.pending(unit)


def lose(world, fails, calendar="ann"):
    provider = world.provider(calendar)
    provider.fails = fails
    if fails == "one":
        world.pull(calendar, provider)
        return
    with pytest.raises(Retryable):
        world.pull(calendar, provider)


@pytest.mark.parametrize("only_told", [True, False])
def test_a_push_alone_looks_up_what_was_not_answered(world, only_told):
    unit = made(world, [BOB], send=True)
    world.doors.edit(unit, name="Dinner")
    if only_told:
        world.push("ann")
    world.doors.send(unit)
    world.server.mails.clear()
    lose(world, "after")
    world.push("ann")
    assert told(world) == [("e1", BOB)]
    assert not world.db.pending(unit)


def test_an_edit_after_it_was_asked_for_goes_along(world):
    unit = world.doors.create("ann", ANN, Event("", at(3), name="Lunch"), [BOB])
    world.doors.send(unit)
    world.doors.edit(unit, name="Dinner")
    for _ in range(3):
        world.pull("ann")
    assert told(world) == [("e1", BOB)]
    assert world.server.truth("e1").name == "Dinner"


def test_an_edit_during_the_call_is_not_told_unasked(world):  # rule R6
    unit = made(world, [BOB], send=True)
    world.doors.edit(unit, name="Dinner")
    world.doors.send(unit)
    provider = world.provider("ann")
    provider.during = lambda: (world.doors.edit(unit, name="Supper"), quiet(provider))
    world.server.mails.clear()
    world.pull("ann", provider)
    world.pull("ann")
    assert world.server.truth("e1").name == "Supper"
    assert told(world) == [("e1", BOB)]


def quiet(provider):
    provider.during = provider.before = lambda: None


def test_what_was_asked_for_during_the_call_is_told_too(world):
    unit = made(world, [BOB], send=True)
    world.doors.edit(unit, name="Dinner")
    world.doors.send(unit)

    def again():
        quiet(provider)
        world.doors.edit(unit, name="Supper")
        world.doors.send(unit)

    provider = world.provider("ann")
    provider.during = again
    world.server.mails.clear()
    world.pull("ann", provider)
    assert told(world) == [("e1", BOB), ("e1", BOB)]
    assert world.server.truth("e1").name == "Supper"


def test_a_meeting_that_was_sent_and_not_answered_is_not_made_twice(world):  # rule R7
    unit = world.doors.create("ann", ANN, Event("", at(3), name="Lunch"), [BOB])
    world.doors.send(unit)
    lose(world, "after")
    world.doors.edit(unit, name="Dinner")
    world.push("ann")
    assert [e.name for e in map(world.server.truth, world.server.homes)] == ["Dinner"]
    assert told(world) == [("e1", BOB)]


def test_what_is_deleted_before_it_arrived_invites_nobody(world):
    unit = world.doors.create("ann", ANN, Event("", at(3), name="Lunch"), [BOB])
    world.doors.send(unit)
    lose(world, "before")
    world.doors.delete(unit, tell=False)
    world.pull("ann")
    assert not world.server.items["ann"]
    assert not world.server.mails


@pytest.mark.parametrize("tell", [True, False])
def test_a_deletion_tells_if_it_was_asked_to(world, tell):
    unit = made(world, [BOB], send=True)
    world.server.mails.clear()
    world.doors.delete(unit, tell)
    world.pull("ann")
    assert not world.server.items["bob"]
    assert world.server.mails == ([Mail("e1", BOB, "")] if tell else [])


def test_a_deletion_survives_an_answer_but_not_an_edit(world):
    unit = made(world, [BOB], send=True)
    world.doors.delete(unit, tell=False)
    world.server.answer("bob", "e1", "accepted")
    world.pull("ann")
    assert not world.server.items["ann"]
    unit = made(world, name="Tea")
    world.doors.delete(unit, tell=False)
    world.server.edit("e2", name="Dinner")
    world.pull("ann")
    assert world.doors.meeting(unit).name == "Dinner"
    assert [lost.name for _, lost in world.db.state.inbox.values()] == ["event"]


@pytest.mark.parametrize("deleted", [10, 11])
def test_many_deletions_wait_for_a_person(world, deleted):
    units = [made(world, name=f"Lunch {number}") for number in range(deleted)]
    for unit in units:
        world.doors.delete(unit, tell=False)
    if deleted > memory_database.FEW:
        with pytest.raises(MassDeletion):
            world.pull("ann")
        assert len(world.server.items["ann"]) == deleted
        world.db.confirmed = True
    world.pull("ann")
    assert not world.server.items["ann"]


def test_one_refused_stops_neither_the_others_nor_the_token(world):
    unit = made(world)
    world.doors.edit(unit, name="refused")
    made(world, name="Dinner")
    assert [e.name for e in map(world.server.truth, world.server.homes)] == ["Lunch", "Dinner"]
    world.pull("ann")
    assert actions(world) == []
    world.doors.edit(unit, name="Supper")
    world.pull("ann")
    assert world.server.truth("e1").name == "Supper"


def test_a_create_that_was_refused_goes_out_as_it_was_mended(world):
    unit = made(world, name="refused")
    world.doors.edit(unit, name="Lunch")
    world.pull("ann")
    assert [e.name for e in map(world.server.truth, world.server.homes)] == ["Lunch"]


def test_an_answer_that_cannot_be_kept_is_put_aside(world):
    """It was written and perhaps told: it is not written again and again."""
    unit = made(world, [BOB], name="Lunch")
    world.server.normal = {"Dinner": "refused"}
    world.doors.edit(unit, name="Dinner")
    for _ in range(3):
        world.pull("ann")
    assert [bad.reason for bad in world.db.state.bad.values()] == ["refused"]


def test_what_is_stale_is_read_and_merged_at_once(world):  # rule R8
    unit = made(world)
    world.doors.edit(unit, location="Room 1")
    provider = world.provider("ann")
    provider.before = lambda: (quiet(provider), world.server.edit("e1", name="Dinner"))
    world.push("ann", provider)
    event = world.server.truth("e1")
    assert (event.name, event.location) == ("Dinner", "Room 1")


def test_what_changes_as_fast_as_it_is_written_waits_for_the_next_run(world):
    unit = made(world)
    world.doors.edit(unit, location="Room 1")
    provider, names = world.provider("ann"), iter("abcdefgh")
    provider.before = lambda: world.server.edit("e1", name=next(names))
    world.pull("ann", provider)
    assert actions(world) == ["update"] * TRIES
    assert world.server.truth("e1").location == ""
    world.pull("ann")
    assert world.server.truth("e1").location == "Room 1"
    assert world.server.truth("e1").name == "c"


def test_an_occurrence_is_read_before_it_is_written(world):
    unit = made(world, rule=DAILY)
    one = world.doors.occurrences(unit)[1]
    world.server.edit(f"e1_{one[2]}", name="Dinner")
    world.doors.edit(one, location="Room 1", name="Supper")
    world.push("ann")
    event = world.server.truth(f"e1_{one[2]}")
    assert (event.name, event.location) == ("Dinner", "Room 1")
    assert [lost.lost for _, lost in world.db.state.inbox.values()] == [("Supper",)]


def test_an_occurrence_that_is_deleted_stays_deleted(world):
    unit = made(world, rule=DAILY)
    world.doors.delete(world.doors.occurrences(unit)[1], tell=False)
    for _ in range(2):
        world.pull("ann")
    assert len(world.shows()) == 3
    assert actions(world) == []


def test_what_the_service_does_not_let_be_written_stays_here(world):
    world.server.lossy = True
    unit = made(world, conference_url="https://meet.example/1", show_as="oof")
    world.doors.edit(unit, conference_url="https://meet.example/2")
    world.pull("ann")
    assert actions(world) == []
    event = world.doors.meeting(unit)
    assert (event.conference_url, event.show_as) == ("https://meet.example/2", "busy")
    assert not world.db.state.inbox
