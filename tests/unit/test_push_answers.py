"""Attendees: who invites whom, and whose copy tells whose answer (rule R3)."""

import pytest
from test_push import BOB, made
from two_ways import TwoWays
from worlds import at

from odoo.addons.synced_meetings.sync.event import Event, answer_of


@pytest.fixture
def world():
    return TwoWays()


def test_another_than_the_organiser_only_answers(world):
    world.server.create("ext", Event("", at(3), name="Lunch"), ["bob"])
    world.pull("bob")
    unit = next(iter(world.db.state.meetings))
    world.doors.answer(unit, BOB, "accepted")
    world.pull("bob")
    assert [change.action for change in world.pushed] == ["answer"]
    assert [a.response for a in world.server.truth("e1").attendees] == ["accepted", "needs_action"]


def test_an_answer_waits_for_its_owners_own_calendar(world):
    unit = made(world, [BOB], send=True)
    world.pull("bob")
    world.doors.answer(unit, BOB, "accepted")
    world.pull("ann")
    assert not world.pushed, "the organiser answered for another"
    world.pull("bob")
    assert [change.action for change in world.pushed] == ["answer"]
    assert answer_of(world.server.truth("e1"), BOB) == "accepted"


def test_an_answer_that_another_overrides_is_in_the_inbox(world):
    """Rule R5: it is not lost, whether or not its owner's copy was seen before."""
    for number, seen in enumerate([True, False], start=1):
        unit = made(world, [BOB], name=f"Lunch {number}", send=True)
        if seen:
            world.pull("bob")
        world.doors.answer(unit, BOB, "accepted")
        world.server.answer("bob", f"e{number}", "declined")
        world.pull("bob")
        assert answer_of(world.doors.meeting(unit), BOB) == "declined"
        of, lost = world.db.state.inbox[number - 1]
        assert (of, lost.name) == (unit, f"attendees:{BOB}")
        assert (lost.kept.response, lost.lost.response) == ("declined", "accepted")
        world.pull("ann")
        assert len(world.db.state.inbox) == number


@pytest.mark.parametrize("seen", [True, False])
def test_an_answer_given_twice_outside_is_in_no_inbox(world, seen):
    unit = made(world, [BOB], send=True)
    if seen:
        world.pull("bob")
    for calendar, response in (("ann", "declined"), ("bob", "accepted")):
        world.server.answer("bob", "e1", response)
        world.pull(calendar)
        assert answer_of(world.doors.meeting(unit), BOB) == response
    assert not world.db.state.inbox


def test_a_guests_copy_tells_nothing_of_the_content(world):
    unit = made(world, [BOB], send=True)
    world.doors.edit(unit, name="Dinner")
    world.pull("bob")  # for the first time, and as it was
    assert world.doors.meeting(unit).name == "Dinner"
    assert not world.db.state.inbox


def test_two_who_invite_one_each_invite_two(world):
    unit = made(world, [BOB])
    world.doors.send(unit)
    world.server.invite("e1", "cy")
    world.pull("ann")
    assert {a.email for a in world.server.truth("e1").attendees} == {BOB, "cy@x.example"}


def test_a_guests_copy_does_not_bring_back_what_was_deleted_here(world):
    unit = made(world, [BOB], send=True)
    world.doors.delete(unit, tell=False)
    world.pull("bob")  # for the first time
    assert not world.shows()
    world.pull("ann")
    assert not world.server.items["bob"]


@pytest.mark.parametrize("order", [["bob", "ann"], ["ann", "bob"]])
def test_a_deletion_here_survives_that_a_guest_takes_it_out_too(world, order):
    unit = made(world, [BOB], send=True)
    world.pull("bob")
    world.doors.delete(unit, tell=False)
    world.server.remove("bob", "e1")
    for calendar in order:
        world.pull(calendar)
    assert not world.server.items["ann"]
    assert not world.shows()
