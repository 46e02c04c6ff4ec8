"""The rules of runs, each as what holds whatever was done before (R10 to R13, R15 to R18)."""

import memory
from hypothesis import given, settings
from hypothesis import strategies as st
from two_ways import TwoWays
from worlds import CONNECTED, DAY, SUMMER, at

from odoo.addons.synced_meetings.sync.errors import MassDeletion
from odoo.addons.synced_meetings.sync.event import Event, Window, answer_of

GUESTS = ["bob", "cy"]
DAILY = ("RRULE:FREQ=DAILY;COUNT=4",)
homes = st.sampled_from(["ann", "ext"])
orders = st.permutations(CONNECTED)
flags = st.fixed_dictionaries({name: st.booleans() for name in ("ann", *GUESTS)})


def run(world, order=CONNECTED):
    """Run these calendars and return what was written."""
    written = []
    for calendar in order:
        world.pull(calendar)
        written += [(calendar, change) for change in world.pushed]
    return written


def only(world):
    """Return the one meeting there is, None where it was cancelled."""
    [event] = world.db.state.meetings.values()
    return event


@given(homes, st.lists(st.sampled_from(["ann", "ext", *GUESTS]), max_size=4), orders)
def test_a_tombstone_speaks_for_its_copy(home, removed, order):
    """R11: the organiser's for all, a guest's for the guest; and no other copy is written."""
    world = TwoWays()
    world.server.create(home, Event("", at(3), name="Lunch"), GUESTS)
    run(world)
    for calendar in removed:
        if "e1" in world.server.items[calendar]:
            world.server.remove(calendar, "e1")
        assert not run(world, order) + run(world, order)
        standing = [name for name in CONNECTED if "e1" in world.server.items[name]]
        event = only(world)
        assert bool(event) == bool(standing), "a meeting is cancelled, not erased, with its last"
        for guest in GUESTS if event else ():
            gone = guest not in standing
            assert (answer_of(event, world.server.owner(guest)) == "declined") == gone
    assert not world.db.state.inbox


@given(
    st.lists(st.integers(-30, 100), min_size=1, max_size=6),
    st.integers(-20, 20),
    st.integers(-20, 20),
    st.integers(0, 5),
)
def test_what_a_listing_lacks_is_not_deleted_unasked(days, before, after, vanished):
    """R12: it is asked for by id; what has left the window stays as history."""
    world = TwoWays()
    for day in days:
        world.server.create("ann", Event("", at(day), name="Lunch"))
    run(world)
    held = dict(world.db.state.meetings)
    lost = f"e{vanished % len(days) + 1}"
    event = world.server.items["ann"].pop(lost).event  # and no tombstone says so
    world.window = Window(SUMMER.start + before * DAY, SUMMER.stop + after * DAY)
    world.server.expire()
    world.pull("ann")
    asked = world.fetched
    run(world)
    unit = (event.uid, event.organiser, "")
    in_window = unit in held and world.window.meets(event.when)
    assert set(asked) == ({lost} if in_window else set())
    now = world.db.state.meetings
    assert {one for one in held if now[one] is None} == ({unit} if in_window else set())


@settings(max_examples=20)
@given(st.integers(1, 70), st.integers(0, 70), st.booleans())
def test_more_deletions_than_happen_by_hand_wait(total, share, here):
    """R13: more than ten and more than a fifth, made outside or here."""
    world, gone = TwoWays(), min(total, share)
    for number in range(total):
        world.server.create("ann", Event("", at(number % 30), name=str(number)))
    run(world)
    for number, unit in zip(range(gone), list(world.doors.units()), strict=False):
        if here:
            world.doors.delete(unit, tell=False)
        else:
            world.server.remove("ann", f"e{number + 1}")
    braked = 10 * gone > 2 * total and gone > 10
    raised = False
    for _ in range(3):
        try:
            run(world, ["team", "ann"])
        except MassDeletion:
            raised = True
    assert raised == braked
    # Until a person confirms it, both sides stay as they are.
    assert len(world.server.items["ann"]) == (total - gone if not (here and braked) else total)
    if not here:
        shown = sum(1 for event in world.db.state.meetings.values() if event)
        assert shown == (total if braked else total - gone)


@given(homes, orders, orders, st.sampled_from(["ann", "bob"]))
def test_the_uid_of_another_gets_hold_of_nothing(home, order, again, other):
    """R15: copies join on the UID and the organiser, and a calendar has no two of one."""
    world = TwoWays()
    world.server.create(home, Event("same", at(3), name="Lunch"), GUESTS)
    if home != other:
        world.server.create(other, Event("same", at(5), name="Other"))
    run(world, order)
    run(world, again)
    more, less = world.difference()
    assert more == less
    live = [(key[0], copy.unit) for key, copy in world.db.state.copies.items()]
    assert len(set(live)) == len(live)


@given(homes, orders, orders, st.sets(st.sampled_from(GUESTS)))
def test_content_is_the_organisers_whoever_is_read_first(home, order, again, hidden):
    """R16: the oldest full copy speaks where the organiser's is not connected."""
    world = TwoWays()
    world.server.create(home, Event("", at(3), name="Lunch"), GUESTS)
    run(world, order)
    for guest in hidden if len(hidden) < len(GUESTS) or home == "ann" else ():
        world.server.set_copy(guest, "e1", hides="all")
    run(world, order)
    world.server.edit("e1", name="Dinner", location="Roof")
    assert not run(world, again) + run(world, again)
    event = only(world)
    assert (event.name, event.location) == ("Dinner", "Roof")
    assert not world.db.state.inbox


@given(homes, flags, orders)
def test_a_private_copy_hides_a_copy(home, private, order):
    """R17: the organiser's decides; without it the meeting is private where all copies are."""
    world = TwoWays()
    world.server.create(home, Event("", at(3), name="Lunch"), GUESTS)
    run(world, order)
    for calendar, mark in private.items():
        if "e1" in world.server.items[calendar]:
            world.server.set_copy(calendar, "e1", private=mark)
    assert not run(world, order), "a guest's mark was written to another copy"
    [(_, event)] = world.shows()
    expected = private["ann"] if home == "ann" else all(private[guest] for guest in GUESTS)
    assert event.privacy == ("private" if expected else "public")


ACTS = ["rename", "expire", "roll", "edit one"]


@given(st.lists(st.sampled_from(ACTS), max_size=6), st.integers(0, 3), orders)
def test_an_occurrence_that_was_deleted_here_stays_deleted(acts, nth, order):
    """R18: expansion respects its tombstone; the others have no copies until they are edited."""
    world = TwoWays()
    world.server.create("ann", Event("", at(3), name="Daily", rule=DAILY), ["bob"])
    run(world)
    assert {i for _, i in world.db.state.copies} == {"e1"}
    rids = sorted(memory.spans(world.server.truth("e1")))
    series = next(iter(world.db.state.meetings))
    world.doors.delete((*series[:2], rids[nth]), tell=False)
    left = [rid for rid in rids if rid != rids[nth]]
    for number, act in enumerate(acts):
        if act == "rename":
            world.server.edit("e1", name=f"Daily {number}")
        elif act == "expire":
            world.server.expire()
        elif act == "roll":
            world.window = Window(world.window.start, world.window.stop + DAY)
        elif act == "edit one":
            world.server.edit(f"e1_{left[0]}", location=f"Room {number}")
        run(world, order)
        assert sorted(rid for rid, _ in world.shows()) == left
    run(world)
    edited = {f"e1_{left[0]}"} if "edit one" in acts else set()
    assert {i for _, i in world.db.state.copies} <= {"e1", f"e1_{rids[nth]}"} | edited
