"""The three-way merge: what each side changed arrives, the calendar wins a conflict (rule R3)."""

from dataclasses import fields, replace

import pytest
from events import EMAILS, RESPONSES
from hypothesis import assume, given
from hypothesis import strategies as st
from series import span

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.event import Attendee, Event, answer_of
from odoo.addons.synced_meetings.sync.merge import losses, lost_answers, merge, merge_answer

few = st.sampled_from
people = st.dictionaries(few(EMAILS[:3]), st.tuples(few("xy"), few(RESPONSES)), max_size=3).map(
    lambda found: tuple(Attendee(email, *found[email]) for email in sorted(found))
)
# Few values, so that two sides often agree and often collide.
some_events = st.builds(
    Event,
    uid=st.just("a"),
    when=few([span(2026, 6, 1, 9), span(2026, 6, 1, 10), span(2026, 6, 1)]),
    name=few("ab"),
    location=few("ab"),
    attendees=people,
    rule=few([(), ("RRULE:FREQ=DAILY",)]),
    state=few(["confirmed", "cancelled"]),
    privacy=few(["public", "private"]),
)
sides = st.none() | some_events
SINGLE = [f.name for f in fields(Event) if f.name not in ("uid", "when", "rule", "attendees")]


@given(sides, sides)
def test_what_one_side_changed_survives(base, edited):
    assert merge(base, edited, base) == edited
    assert merge(base, base, edited) == edited
    assert merge(base, edited, edited) == edited


@given(sides, sides, sides)
def test_merging_again_changes_nothing(base, local, remote):
    target = merge(base, local, remote)
    assert merge(remote, target, remote) == target
    assert merge(base, target, remote) == target


@given(sides, sides, sides)
def test_a_deletion_and_an_edit_leave_what_the_calendar_says(base, local, remote):
    assume(local not in (base, remote) and remote != base)
    assume(None in (base, local, remote))
    assert merge(base, local, remote) == remote


@pytest.mark.parametrize("name", SINGLE)
@given(some_events, some_events, some_events)
def test_each_field_is_merged_alone(name, base, local, remote):
    target = merge(base, local, remote)
    values = [getattr(event, name) for event in (base, local, remote)]
    if values[1] == values[2]:
        assert getattr(target, name) == values[1]
    elif values[2] == values[0]:
        assert getattr(target, name) == values[1], "the local edit was lost"
    else:
        assert getattr(target, name) == values[2], "the calendar did not win"


@pytest.mark.parametrize("name", SINGLE)
@given(some_events, some_events, some_events)
def test_only_what_both_changed_is_lost(name, base, local, remote):
    before, ours, theirs = (getattr(event, name) for event in (base, local, remote))
    conflict = before != ours != theirs != before
    assert conflict == (name in [lost.name for lost in losses(base, local, remote)])


@given(some_events, some_events, some_events)
def test_when_and_rule_are_one(base, local, remote):
    target = merge(base, local, remote)
    assert (target.when, target.rule) in [(e.when, e.rule) for e in (local, remote)]
    if (remote.when, remote.rule) != (base.when, base.rule):
        assert (target.when, target.rule) == (remote.when, remote.rule)


@given(some_events, some_events, some_events)
def test_two_who_invite_one_each_invite_two(base, local, remote):
    invited = {
        e: {a.email for a in event.attendees} for e, event in enumerate((base, local, remote))
    }
    target = {a.email for a in merge(base, local, remote).attendees}
    assert invited[1] - invited[0] <= target
    assert invited[2] - invited[0] <= target
    assert not (invited[0] - invited[2]) & target, "who was taken away outside is gone"


@given(some_events, some_events, some_events)
def test_answers_are_merged_one_by_one(base, local, remote):
    target = merge(base, local, remote)
    for email in EMAILS[:3]:
        before, here, there = (answer_of(event, email) for event in (base, local, remote))
        if None not in (before, here, there):
            assert answer_of(target, email) == (here if there == before else there)


@given(some_events, some_events, some_events)
def test_a_merged_event_is_canonical(base, local, remote):
    target = merge(*(canonical(event, str) for event in (base, local, remote)))
    assert canonical(target, str) == target


def test_an_edit_of_a_removed_guest_does_not_bring_the_guest_back():
    base = Event("a", span(2026, 6, 1, 9), attendees=(Attendee("ann@x.example"),))
    here = replace(base, attendees=(Attendee("ann@x.example", response="accepted"),))
    there = replace(base, attendees=())
    assert merge(base, here, there) == there


# Another's copy tells only its owner's answer


@given(st.none() | some_events, some_events, some_events, few(EMAILS[:3]))
def test_a_copy_tells_nothing_but_its_owners_answer(base, local, remote, email):
    target = merge_answer(base, local, remote, email)
    assert replace(target, attendees=()) == replace(local, attendees=())
    others = [a for a in local.attendees if a.email != email]
    assert [a for a in target.attendees if a.email != email] == others
    assert {a.email for a in target.attendees} == {a.email for a in local.attendees}


@given(st.none() | some_events, some_events, some_events, few(EMAILS[:3]), st.booleans())
def test_an_answer_is_lost_where_another_takes_its_place(base, local, remote, email, heard):
    """Rule R5: what was given here goes to the inbox, what came from elsewhere does not."""
    mine = answer_of(local, email)
    told = answer_of(merge_answer(base, local, remote, email), email)
    lost = list(lost_answers(base, local, remote, email, [mine] if heard else []))
    before = answer_of(base, email) if base else None
    given_here = mine not in (None, "needs_action", before) and not heard
    assert [one.name for one in lost] == [f"attendees:{email}"] * (given_here and told != mine)
    assert [(one.kept.response, one.lost.response) for one in lost] == [(told, mine)] * len(lost)


@given(st.none() | some_events, some_events, some_events, few(EMAILS[:3]))
def test_the_owners_answer_arrives(base, local, remote, email):
    here, there = answer_of(local, email), answer_of(remote, email)
    before = answer_of(base, email) if base else None
    told = answer_of(merge_answer(base, local, remote, email), email)
    if here is None or there is None:
        assert told == here
    else:
        assert told == (here if there == before else there)
