"""What every provider promises about writing, in words of no provider.

A test module inherits `PushContract` and gives it a fixture ``server``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from odoo.addons.synced_meetings.sync.errors import REASONS, Rejected
from odoo.addons.synced_meetings.sync.event import (
    Attendee,
    Event,
    When,
    Window,
    answer_of,
    with_answer,
)
from odoo.addons.synced_meetings.sync.recurrence import occurrences, recurrence_id

from .provider_contract import HOUR, LUNCH, MONDAY, WEEK, WEEKLY, WINDOW, listing, said, span
from .push_changes import BOB, EVE, answer, create, delete, done, live, made, read, stale, update
from .push_trouble_contract import PushTroubleContract

DAY = date(2026, 11, 30)
FAIR = Event("", When(DAY, DAY + timedelta(days=2)), name="Fair")

LAST_MONDAY = ("RRULE:FREQ=MONTHLY;BYDAY=-1MO",)


class PushContract(PushTroubleContract):
    """The promises; each is one test. What a service cannot do stands here in its own words."""

    remembers = True  # the client keys of events that were deleted since
    keeps_ids = True  # of what was deleted; else such a key answers without one
    excludes = True  # dates in the rule of a series
    cancels_excluded = False  # deletes such an occurrence by itself; else the rule is refused
    keeps_declined = True  # the copy of a guest who declined

    # Creating

    @pytest.mark.parametrize(
        "event",
        [
            LUNCH,
            WEEKLY,
            FAIR,
            replace(FAIR, rule=WEEKLY.rule),
            replace(LUNCH, attendees=(BOB, EVE)),
            replace(LUNCH, privacy="private", show_as="free"),
            replace(LUNCH, name="", location=""),
            replace(LUNCH, name="Grüße & <Söhne> 🎄", description="<p>Hello<br>you</p>"),
            replace(LUNCH, when=span(MONDAY, "Asia/Kolkata")),
        ],
    )
    def test_what_is_made_is_what_was_sent(self, server, event):
        provider = server.provider()
        [remote] = made(provider, event)
        assert said(remote.event) == said(event)
        assert {(a.email, a.name, a.kind) for a in remote.event.attendees} == {
            (a.email, a.name, a.kind) for a in event.attendees
        }
        assert remote.organises
        assert not remote.redacted
        assert read(server) == {remote.id: remote}

    def test_dates_that_a_rule_excludes_are_kept_or_refused(self, server):
        excluded = ("EXDATE;TZID=Europe/Berlin:20261207T090000", *WEEKLY.rule)
        provider = server.provider()
        [outcome] = provider.push([create(provider, replace(WEEKLY, rule=excluded))])
        if self.excludes:
            assert outcome.remote.event.rule == excluded
            assert read(server) == {outcome.remote.id: outcome.remote}
        elif self.cancels_excluded:
            assert said(outcome.remote.event) == said(WEEKLY)
            found = read(server)
            assert found.pop(outcome.remote.id).event == outcome.remote.event
            [gone] = found.values()
            expected = (outcome.remote.id, recurrence_id(MONDAY + WEEK), None)
            assert (gone.series, gone.recurrence_id, gone.event) == expected
        else:
            assert outcome.error.reason == "bad_rule"
            assert read(server) == {}

    def test_a_create_that_is_repeated_makes_one_event(self, server):
        """Rule R7: its client key is known."""
        provider = server.provider()
        changes = [create(provider, replace(LUNCH, name=name)) for name in ("Lunch", "Tea")]
        first = done(provider, *changes)
        server.edit(first[0].id, location="Roof")
        again = done(server.provider(), *changes)
        assert [one.id for one in again] == [one.id for one in first]
        assert [one.event.location for one in again] == ["Roof", "Canteen"]
        assert set(read(server)) == {one.id for one in first}

    def test_what_was_made_and_deleted_is_not_made_again(self, server):
        provider = server.provider()
        change = create(provider, LUNCH)
        [remote] = done(provider, change)
        server.delete(remote.id)
        [again] = done(provider, change)
        if self.remembers:
            expected = remote.id if self.keeps_ids else ""
            assert (again.id, again.event) == (expected, None)
            assert again.client_key == change.copy.client_key
            assert live(server) == []
        else:
            assert again.id != remote.id
            assert read(server)[again.id] == again

    def test_keys_are_new(self, server):
        provider = server.provider()
        assert len({provider.new_key() for _ in range(100)}) == 100

    # Changing

    @pytest.mark.parametrize(
        "changes",
        [
            {"name": "Supper"},
            {"name": ""},
            {"location": ""},
            {"description": ""},
            {"description": "<p>Bring a friend</p>"},
            {"privacy": "private"},
            {"show_as": "free"},
            {"when": span(MONDAY)},
            {"when": span(LUNCH.when.start, "America/New_York")},
            {"when": FAIR.when},
            {"when": span(MONDAY), "rule": WEEKLY.rule},
            {"attendees": (BOB, EVE)},
            {"attendees": ()},
        ],
    )
    def test_what_changed_is_written_and_nothing_else(self, server, changes):
        whole = replace(LUNCH, description="<p>Soup</p>", attendees=(BOB,))
        provider = server.provider()
        [before] = made(provider, whole)
        [after] = done(provider, update(before, **changes))
        assert said(after.event) == said(replace(whole, **changes))
        expected = {a.email for a in changes.get("attendees", (BOB,))}
        assert {a.email for a in after.event.attendees} - {server.owner} == expected
        assert after.event.uid == before.event.uid
        assert after.change_key != before.change_key
        assert read(server) == {after.id: after}

    @pytest.mark.parametrize("changes", [{"privacy": "public", "show_as": "busy"}, {"when": None}])
    def test_a_change_can_be_taken_back(self, server, changes):
        provider = server.provider()
        other = replace(LUNCH, privacy="private", show_as="free", when=FAIR.when)
        [before] = made(provider, other)
        changes = {name: value or LUNCH.when for name, value in changes.items()}
        [after] = done(provider, update(before, **changes))
        assert said(after.event) == said(replace(other, **changes))

    def test_an_answered_key_serves_the_next_change(self, server):
        provider = server.provider()
        [remote] = made(provider, LUNCH)
        for name in ("Tea", "Coffee", "Cake"):
            [remote] = done(provider, update(remote, name=name))
        assert live(server) == ["Cake"]

    def test_where_nothing_differs_nothing_is_asked(self, server):
        provider = server.provider()
        [remote] = made(provider, replace(LUNCH, attendees=(BOB,)))
        before = server.requests()
        assert done(provider, update(remote)) == [remote]
        assert server.requests() == before

    @pytest.mark.parametrize("changes", [{"name": "Ours"}, {"attendees": (BOB, EVE)}])
    def test_what_changed_outside_meanwhile_is_not_overwritten(self, server, changes):
        """Rule R8: every update carries the change key on which it was based."""
        provider = server.provider()
        [remote] = made(provider, LUNCH)
        server.edit(remote.id, location="Roof")
        now = stale(provider, update(remote, **changes))
        assert said(now.event) == said(replace(LUNCH, location="Roof"))
        assert now.event.attendees == ()
        [after] = done(provider, update(now, **changes))
        assert after.event.location == "Roof"

    def test_answers_of_guests_stay(self, server):
        provider = server.provider()
        [remote] = made(provider, replace(LUNCH, attendees=(BOB, EVE)))
        answered = with_answer(remote.event, BOB.email, "accepted").attendees
        server.edit(remote.id, attendees=answered)
        [remote] = provider.fetch([remote.id]).changes
        more = (*remote.event.attendees, Attendee("cy@client.example"))
        [after] = done(provider, update(remote, attendees=more))
        assert answer_of(after.event, BOB.email) == "accepted"
        assert len(after.event.attendees) == len(more)

    # Deleting

    def test_what_is_deleted_is_gone(self, server):
        provider = server.provider()
        kept, gone = made(provider, LUNCH, replace(LUNCH, name="Tea"))
        token = listing(provider)[2]
        [tombstone] = done(provider, delete(gone))
        assert (tombstone.id, tombstone.event) == (gone.id, None)
        assert listing(provider, token)[0][gone.id].event is None
        assert live(server) == [kept.event.name]

    def test_what_is_gone_is_not_deleted_again(self, server):
        provider = server.provider()
        remotes = made(provider, *[replace(LUNCH, attendees=(BOB,))] * 2)
        first = done(provider, *(delete(one) for one in remotes))
        mailed = server.mailed()
        assert done(provider, *(delete(one, tell=True) for one in remotes)) == first
        assert server.mailed() == mailed

    def test_what_changed_outside_meanwhile_is_not_deleted(self, server):
        provider = server.provider()
        [remote] = made(provider, LUNCH)
        server.edit(remote.id, location="Roof")
        now = stale(provider, delete(remote))
        assert now.event.location == "Roof"
        [tombstone] = done(provider, delete(now))
        assert tombstone.event is None

    @pytest.mark.parametrize("event", [LUNCH, WEEKLY])
    def test_what_is_gone_is_not_changed(self, server, event):
        provider = server.provider()
        [remote] = made(provider, event)
        server.delete(remote.id)
        change = update(remote, name="Late")
        [outcome] = provider.push([change])
        found = outcome.remote or stale(provider, change)
        assert (found.id, found.event) == (remote.id, None)
        assert live(server) == []

    # Answering

    @pytest.mark.parametrize("response", ["accepted", "tentative", "declined"])
    def test_an_answer_reaches_the_organiser(self, server, response):
        guests = (Attendee(server.owner), BOB)
        invited = server.invite(replace(LUNCH, attendees=guests))
        remote = read(server)[invited]
        [after] = done(server.provider(), answer(remote, response))
        if response == "declined" and not self.keeps_declined:
            assert (after.id, after.event) == (invited, None)
        else:
            assert answer_of(after.event, server.owner) == response
            # What a guest's own time counts as is the guest's.
            assert said(replace(after.event, show_as="busy")) == said(LUNCH)
        event = server.seen_by_host(remote.event.uid)
        assert answer_of(event, server.owner) == response
        assert answer_of(event, BOB.email) == "needs_action"
        assert server.mailed() == [server.host]

    def test_the_same_answer_is_not_given_twice(self, server):
        invited = server.invite(replace(LUNCH, attendees=(Attendee(server.owner),)))
        provider = server.provider()
        [after] = done(provider, answer(read(server)[invited], "accepted"))
        before = server.requests()
        assert done(provider, answer(after, "accepted")) == [after]
        assert (server.requests(), server.mailed()) == (before, [server.host])

    def test_a_guest_changes_no_more_than_the_answer(self, server):
        invited = server.invite(replace(LUNCH, attendees=(Attendee(server.owner), BOB)))
        [outcome] = server.provider().push([update(read(server)[invited], name="Mine")])
        assert isinstance(outcome.error, Rejected)
        assert outcome.error.reason in REASONS
        assert live(server) == ["Lunch"]

    # Series

    @pytest.mark.parametrize("action", [update, delete])
    def test_one_occurrence_is_written_alone(self, server, action):
        provider = server.provider()
        [series] = made(provider, WEEKLY)
        one = server.occurrence(series.id, MONDAY + WEEK)
        [seen] = provider.fetch([one]).changes
        changes = {"name": "Moved", "when": span(MONDAY + WEEK + HOUR)} if action is update else {}
        [after] = done(provider, action(seen, **changes))
        assert (after.series, after.recurrence_id) == (series.id, seen.recurrence_id)
        found = read(server)
        assert found.pop(series.id).event == series.event
        assert [(r.recurrence_id, r.event) for r in found.values()] == [
            (seen.recurrence_id, after.event)
        ]
        assert (after.event and after.event.when) == changes.get("when")

    def test_a_series_is_changed_and_deleted_as_a_whole(self, server):
        provider = server.provider()
        [series] = made(provider, WEEKLY)
        server.move_occurrence(series.id, MONDAY, span(MONDAY + HOUR))
        [series] = provider.fetch([series.id]).changes
        [series] = done(provider, update(series, name="Monthly", rule=LAST_MONDAY))
        assert said(read(server)[series.id].event) == said(series.event)
        assert (series.event.name, series.event.rule) == ("Monthly", LAST_MONDAY)
        done(provider, delete(series))
        assert live(server) == []

    def test_a_series_that_moves_has_no_exception_that_is_no_occurrence(self, server):
        provider = server.provider()
        [series] = made(provider, WEEKLY)
        server.move_occurrence(series.id, MONDAY + WEEK, span(MONDAY + WEEK + 2 * HOUR))
        server.cancel_occurrence(series.id, MONDAY + 2 * WEEK)
        [series] = provider.fetch([series.id]).changes
        when = span(MONDAY + HOUR)
        [series] = done(provider, update(series, when=when))
        assert series.event.when == when
        found = read(server)
        assert found.pop(series.id) == series
        ever = Window(WINDOW.start, WINDOW.stop + 52 * WEEK)
        ids = {rid for rid, _ in occurrences(when, WEEKLY.rule, ever)}
        assert {r.recurrence_id for r in found.values() if r.event} <= ids
        assert all(r.series == series.id for r in found.values())

    def test_a_series_can_become_a_single_event(self, server):
        provider = server.provider()
        [series] = made(provider, WEEKLY)
        [single] = done(provider, update(series, rule=()))
        assert (single.event.rule, single.event.when) == ((), WEEKLY.when)
        assert read(server) == {single.id: single}
