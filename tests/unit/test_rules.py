"""The rules of the merge, each as what holds whatever the events are (R1, R2, R5, R6, R14 …)."""

import re
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from events import EMAILS, RESPONSES
from hypothesis import given
from hypothesis import strategies as st
from test_merge import SINGLE, sides, some_events

from odoo.addons.synced_meetings.sync import engine
from odoo.addons.synced_meetings.sync.event import Event, Remote, answer_of
from odoo.addons.synced_meetings.sync.merge import agreed, merge
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings.sync.store import Link
from odoo.addons.synced_meetings.sync.telling import version
from odoo.addons.synced_meetings.sync.view import NAMES, WRITABLE, lags, view

owners = st.sampled_from(EMAILS[:3])
writables = st.sets(st.sampled_from(sorted(WRITABLE)))
seconds = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=timezone.utc)
)
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "UTC"])
TOLD = ["when", "rule", "location", "name", "description"]


def settle(base, local, remote, role="content", **marks):
    """Return what a sight of a copy leads to."""
    return engine.settle(Link(base, local, role), Remote("a", remote, **marks))


@given(some_events, some_events, owners, writables)
def test_only_the_view_is_compared_and_written(local, base, own, writable):
    """R1: what a copy cannot hold, and what others answered, stays as the copy has it."""
    seen = view(local, base, own, writable)
    assert view(seen, base, own, writable) == seen
    for name in NAMES - {"attendees"}:
        assert getattr(seen, name) == getattr(local if name in writable else base, name)
    for attendee in seen.attendees if "attendees" in writable else ():
        held = answer_of(base, attendee.email) or "needs_action"
        given_here = answer_of(local, attendee.email)
        assert attendee.response == (given_here if attendee.email == own else held)
    assert not lags(view(local, base, own), view(local, base, own), True, own)


@given(some_events, some_events, some_events, owners)
def test_what_a_copy_hides_is_not_cleared(base, local, remote, own):
    """R1: neither a copy that shows only times nor one that cuts its guests takes them away."""
    outline = Event(remote.uid, remote.when, organiser=remote.organiser, rule=remote.rule)
    found = settle(base, local, outline, redacted=True, self_email=own)
    for name in ("name", "location", "description", "privacy", "attendees"):
        assert getattr(found.local, name) == getattr(local, name)
    cut = replace(remote, attendees=())
    found = settle(base, local, cut, redacted=True, self_email=own)
    assert found.local.attendees == local.attendees
    assert not [one for one in found.lost if one.name.startswith("attendees")]


@given(some_events, some_events)
def test_a_version_is_what_people_are_told(one, other):
    """R2: when, where, subject, text, cancelled; and nothing else."""
    told = [
        [*(getattr(event, name) for name in TOLD), event.state == "cancelled"]
        for event in (one, other)
    ]
    assert (version(one) == version(other)) == (told[0] == told[1])


@given(sides, some_events)
def test_what_both_agree_on_is_not_dirty(base, remote):
    """R2: whether a copy lags is derived, and what has just come in does not."""
    found = settle(base, base, remote, organises=True)
    assert not lags(found.local, found.remote.event, True, "")


@given(some_events, some_events)
def test_without_a_base_all_that_is_overridden_goes_to_the_inbox(local, remote):
    """R5: the calendar wins, and nothing that a person typed here is lost."""
    found = settle(None, local, remote)
    assert found.local == remote
    lost = {one.name for one in found.lost}
    assert {name for name in SINGLE if getattr(local, name) != getattr(remote, name)} <= lost
    assert ("when" in lost) == ((local.when, local.rule) != (remote.when, remote.rule))
    gone = {f"attendees:{a.email}" for a in local.attendees if a not in remote.attendees}
    assert {name for name in lost if name.startswith("attendees")} == gone


@given(some_events, some_events, some_events)
def test_where_one_side_changed_the_inbox_stays_empty(base, edited, other):
    """R5: and a further copy of a known meeting brings no more than its owner's answer."""
    assert not settle(base, edited, base).lost
    assert not settle(base, base, edited).lost
    further = settle(None, edited, other, role="answer", self_email=EMAILS[0])
    assert {one.name for one in further.lost} <= {f"attendees:{EMAILS[0]}"}
    assert replace(further.local, attendees=()) == replace(edited, attendees=())


@given(some_events, some_events, st.sampled_from(RESPONSES))
def test_a_cancellation_overrides_edits_and_no_answers(base, edited, response):
    """R5: an answer goes with its meeting."""
    for local in (all_answer(base, response), edited):
        lost = engine.settle(Link(base, local), Remote("a", None)).lost
        assert bool(lost) == (all_answer(local, "accepted") != all_answer(base, "accepted"))


def all_answer(event, response):
    people = tuple(replace(attendee, response=response) for attendee in event.attendees)
    return replace(event, attendees=people)


@given(some_events, some_events, some_events)
def test_a_field_arrived_where_it_is_seen_as_it_was_sent(base, sent, remote):
    """R6: elsewhere the old base stands, so that neither side's edit is taken for agreed."""
    known = agreed(base, sent, remote)
    for name in SINGLE:
        arrived = getattr(sent, name) == getattr(remote, name)
        assert getattr(known, name) == getattr(sent if arrived else base, name)
    assert agreed(base, sent, sent) == replace(sent, uid=base.uid)
    assert agreed(base, None, remote) == base
    assert agreed(base, sent, None) == base


@given(some_events, some_events, some_events)
def test_an_edit_during_a_call_survives_its_lost_answer(base, sent, later):
    """R6: whether what was sent arrived or not."""
    for remote in (sent, base):
        known = agreed(base, sent, remote)
        assert merge(known, later, remote) == later
    assert merge(agreed(base, sent, base), sent, base) == sent, "it does not go out again"


@given(some_events, some_events)
def test_against_a_deletion_only_what_people_are_told_is_an_edit(base, remote):
    """R14: answers, guests, reminders and privacy bring nothing back."""
    assert (merge(base, None, remote) is None) == (version(base) == version(remote))


@given(seconds, seconds, zones, zones)
def test_recurrence_ids_are_instants_or_dates(one, other, zone, another):
    """R15: the same start is the same occurrence in whatever zone it is written."""
    ids = [recurrence_id(one.astimezone(ZoneInfo(name))) for name in (zone, another)]
    assert ids[0] == ids[1]
    assert (recurrence_id(other) == ids[0]) == (one == other)
    assert recurrence_id(one.date()) not in (ids[0], recurrence_id(other))
    same_day = one.date() == other.date()
    assert (recurrence_id(one.date()) == recurrence_id(other.date())) == same_day


@given(sides, some_events)
def test_what_comes_in_from_outside_counts_as_told(base, remote):
    """R19: people were told there, or by nobody; what is the same is told nobody again."""
    found = settle(base, base, remote, organises=True)
    new = base is None or version(base) != version(remote)
    assert found.told == (version(remote) if new else "")
    assert found.asked == ""


@pytest.mark.parametrize("number", range(1, 25))
def test_each_rule_has_a_test_that_names_it(number):
    root = Path(__file__).parents[2]
    contracts = (root / "tests/contract").glob("*contract.py")
    found = [*root.glob("tests/*/test_*.py"), *root.glob("*/tests/test_*.py"), *contracts]
    assert any(re.search(rf"\bR{number}\b", path.read_text()) for path in found)
