"""Several copies of one meeting: whose says what, and which speaks when one goes (R11, R16)."""

import memory
import pytest
from two_ways import TwoWays
from worlds import CONNECTED, at

from odoo.addons.synced_meetings.sync.event import Event

WEEKLY = ("RRULE:FREQ=WEEKLY;COUNT=5",)


@pytest.fixture
def world():
    return TwoWays()


def run(world, *calendars):
    for calendar in calendars or CONNECTED:
        world.pull(calendar)


def check_equal(world):
    more, less = world.difference()
    assert more == less
    assert not world.db.state.inbox


@pytest.mark.parametrize("order", [["bob", "cy"], ["cy", "bob"]])
def test_an_occurrence_goes_on_in_another_copy_when_its_series_goes(world, order):
    world.server.create("ext", Event("", at(3), name="Lunch", rule=WEEKLY), ["cy"])
    run(world)
    second = sorted(memory.spans(world.server.truth("e1")))[1]
    world.server.uninvite("e1", "cy")
    world.server.invite(f"e1_{second}", "bob")
    run(world, *order)
    check_equal(world)
    assert [rid for rid, _ in world.shows()] == [second]


@pytest.mark.parametrize("order", [["bob", "ann", "team"], ["bob", "team", "ann"], ["ann", "bob"]])
def test_what_is_moved_and_edited_is_as_it_was_edited(world, order):
    """Another guest's copy, seen in between, is not what the organiser's agreed on."""
    world.server.create("ann", Event("", at(3), name="Lunch"), ["bob"])
    run(world)
    world.server.move("e1", "team")
    world.server.edit("e1", name="Dinner")
    world.server.answer("team", "e1", "accepted")
    run(world, *order)
    run(world)
    assert not world.pushed
    assert world.server.truth("e1").name == "Dinner"
    check_equal(world)


@pytest.mark.parametrize("order", [["ann", "bob"], ["bob", "ann"]])
@pytest.mark.parametrize("answer", ["needs_action", "accepted"])
def test_who_declined_and_is_invited_again_has_declined_no_more(world, order, answer):
    """Rule R3: though what the organiser's copy said in between could not be read."""
    world.server.create("ann", Event("", at(3), name="Lunch"), ["bob"])
    run(world)
    world.server.spoil("e1", "unreadable")
    world.server.remove("bob", "e1")
    run(world)
    world.server.uninvite("e1", "bob")
    world.server.invite("e1", "bob")
    world.server.answer("bob", "e1", answer)
    world.server.spoil("e1", "")
    for calendar in order:
        world.pull(calendar)
        assert not world.pushed, "nobody declined it again"
    check_equal(world)


@pytest.mark.parametrize("home", ["cy", "ext"])
def test_a_copy_that_hides_nothing_carries_the_meeting(world, home):
    """Rule R16: though one that hides all but the time came first."""
    world.server.create(home, Event("", at(3), name="Lunch"), ["ann", "bob"])
    world.server.set_copy("ann", "e1", hides="all")
    run(world)
    assert [event.name for _, event in world.shows()] == ["Lunch"]
    check_equal(world)
