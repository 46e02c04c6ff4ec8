"""What every provider promises to the engine, in words of no provider.

A test module inherits `ProviderContract` and gives it a fixture ``server``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.errors import (
    REASONS,
    AuthRequired,
    Gone,
    Retryable,
    SyncTokenExpired,
)
from odoo.addons.synced_meetings.sync.event import Attendee, Busy, Event, Remote, When, Window
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id

BERLIN = "Europe/Berlin"
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
WINDOW = Window(
    datetime(2026, 5, 1, tzinfo=timezone.utc), datetime(2027, 12, 1, tzinfo=timezone.utc)
)


def at(year, month, day, hour=9, zone=BERLIN):
    """Return a wall time as the instant that it is."""
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)


def span(start, zone=BERLIN, length=HOUR):
    return When(start, start + length, zone)


MONDAY = at(2026, 11, 30)
LUNCH = Event("", span(at(2026, 11, 24, 12)), name="Lunch", location="Canteen")
WEEKLY = Event("", span(MONDAY), name="Weekly", rule=("RRULE:FREQ=WEEKLY;COUNT=8",))


def listing(provider, token=None):
    """Return (remotes by id, bad ones, token) of a whole listing, checking its pages."""
    pages = list(provider.changes(token, WINDOW))
    assert all(page.token is None for page in pages[:-1])
    assert pages[-1].token
    assert {page.complete for page in pages} == {token is None}
    remotes = [remote for page in pages for remote in page.changes]
    assert len({remote.id for remote in remotes}) == len(remotes)
    bad = [one for page in pages for one in page.bad]
    return {remote.id: remote for remote in remotes}, bad, pages[-1].token


def said(event):
    """Return what an event tells people, without what only its provider decides."""
    plain = canonical(event, str)
    return replace(plain, uid="", organiser="", conference_url="", attendees=())


class ProviderContract:
    """The promises; each is one test."""

    far = 3 * WEEK  # as far as an occurrence can be moved
    page_requests = 1  # for one page: its list, and where that names ids only what they stand for

    # Listing

    def test_an_empty_calendar_has_a_token(self, server):
        remotes, bad, token = listing(server.provider())
        assert (remotes, bad) == ({}, [])
        assert listing(server.provider(), token)[0] == {}

    def test_the_first_listing_holds_every_event_as_it_is(self, server):
        wanted = {server.create(event): event for event in (LUNCH, WEEKLY)}
        remotes, bad, _ = listing(server.provider())
        assert bad == []
        assert {key: said(remote.event) for key, remote in remotes.items()} == {
            key: said(event) for key, event in wanted.items()
        }
        assert all(remote.change_key for remote in remotes.values())
        assert all(remote.event.uid for remote in remotes.values())
        assert len({remote.event.uid for remote in remotes.values()}) == 2

    def test_what_ended_before_the_window_is_left_out_until_it_comes_in(self, server):
        old = server.create(replace(LUNCH, when=span(at(2026, 4, 1))))
        remotes, _, token = listing(server.provider())
        assert remotes == {}
        server.edit(old, when=LUNCH.when)
        assert listing(server.provider(), token)[0][old].event.when == LUNCH.when

    def test_no_change_costs_one_request(self, server):
        server.create(LUNCH)
        provider = server.provider()
        _, _, token = listing(provider)
        before = server.requests()
        assert listing(provider, token)[0] == {}
        assert server.requests() == before + 1

    def test_an_increment_holds_what_changed_and_only_that(self, server):
        kept, edited = server.create(LUNCH), server.create(replace(LUNCH, name="Tea"))
        before, _, token = listing(server.provider())
        server.edit(edited, name="Coffee")
        added = server.create(WEEKLY)
        after, _, _ = listing(server.provider(), token)
        assert set(after) == {edited, added}
        assert after[edited].event.name == "Coffee"
        assert after[edited].change_key != before[edited].change_key
        assert after[edited].event.uid == before[edited].event.uid
        assert kept not in after

    def test_a_token_that_was_not_used_up_delivers_again(self, server):
        _, _, token = listing(server.provider())
        server.create(LUNCH)
        first = listing(server.provider(), token)[0]
        assert first
        assert listing(server.provider(), token)[0] == first

    def test_listings_of_many_pages_are_whole(self, server):
        server.limit_pages(2)
        ids = {server.create(replace(LUNCH, name=str(n))) for n in range(5)}
        remotes, _, token = listing(server.provider())
        assert set(remotes) == ids
        for remote_id in ids:
            server.edit(remote_id, location="Roof")
        remotes, _, token = listing(server.provider(), token)
        assert {key: remote.event.location for key, remote in remotes.items()} == dict.fromkeys(
            ids, "Roof"
        )
        assert listing(server.provider(), token)[0] == {}

    def test_a_page_is_asked_for_when_it_is_wanted(self, server):
        server.limit_pages(1)
        for number in range(3):
            server.create(replace(LUNCH, name=str(number)))
        provider, before = server.provider(), server.requests()
        next(provider.changes(None, WINDOW))
        assert server.requests() == before + self.page_requests

    def test_an_expired_token_says_so_before_the_first_page(self, server):
        created = server.create(LUNCH)
        provider = server.provider()
        _, _, token = listing(provider)
        server.expire_sync_tokens()
        with pytest.raises(SyncTokenExpired):
            next(provider.changes(token, WINDOW))
        assert set(listing(provider)[0]) == {created}

    # Deletions and series

    def test_a_deleted_event_is_a_tombstone(self, server):
        deleted = server.create(LUNCH)
        _, _, token = listing(server.provider())
        server.delete(deleted)
        remotes = listing(server.provider(), token)[0]
        assert remotes[deleted].event is None
        assert remotes[deleted].recurrence_id == ""

    def test_a_deleted_series_is_a_tombstone(self, server):
        series = server.create(WEEKLY)
        server.move_occurrence(series, MONDAY, span(MONDAY + HOUR))
        _, _, token = listing(server.provider())
        server.delete(series)
        remotes = listing(server.provider(), token)[0]
        assert remotes[series].event is None
        assert all(remote.event is None for remote in remotes.values())

    @pytest.mark.parametrize("page", [1, 2, 100])
    def test_a_series_comes_as_a_master_and_its_exceptions(self, server, page):
        server.limit_pages(page)
        series = server.create(WEEKLY)
        server.move_occurrence(series, MONDAY + WEEK, span(MONDAY + WEEK + 2 * HOUR))
        server.cancel_occurrence(series, MONDAY + 2 * WEEK)
        remotes, bad, _ = listing(server.provider())
        assert bad == []
        self.check_series(remotes, series)

    @pytest.mark.parametrize("moved_first", [True, False])
    def test_exceptions_come_as_changes(self, server, moved_first):
        series = server.create(WEEKLY)
        _, _, token = listing(server.provider())
        if moved_first:
            server.move_occurrence(series, MONDAY + WEEK, span(MONDAY + WEEK + 2 * HOUR))
        server.cancel_occurrence(series, MONDAY + 2 * WEEK)
        if not moved_first:
            server.move_occurrence(series, MONDAY + WEEK, span(MONDAY + WEEK + 2 * HOUR))
        remotes = listing(server.provider(), token)[0]
        master = listing(server.provider())[0][series]
        self.check_series(remotes | {series: master}, series)

    def check_series(self, remotes, series):
        master = remotes.pop(series)
        assert master.event.rule
        assert (master.series, master.recurrence_id) == ("", "")
        # The tombstone of something that was never told of says nothing.
        telling = [remote for remote in remotes.values() if remote.event or remote.series]
        found = {remote.recurrence_id: remote for remote in telling}
        assert len(found) == len(telling)
        moved, cancelled = (recurrence_id(MONDAY + n * WEEK) for n in (1, 2))
        assert set(found) == {moved, cancelled}
        assert {remote.series for remote in found.values()} == {series}
        assert found[cancelled].event is None
        assert found[moved].event.when == span(MONDAY + WEEK + 2 * HOUR)
        assert found[moved].event.uid == master.event.uid
        assert found[moved].event.rule == ()

    def test_an_occurrence_that_moves_twice_stays_the_same(self, server):
        series = server.create(WEEKLY)
        server.move_occurrence(series, MONDAY, span(MONDAY + HOUR))
        first, _, token = listing(server.provider())
        server.move_occurrence(series, MONDAY, span(MONDAY + self.far + HOUR))
        found = listing(server.provider(), token)[0]
        found.pop(series, None)  # its master may come along
        [again] = found.values()
        assert again.recurrence_id == recurrence_id(MONDAY)
        assert again.id in first
        assert again.event.when == span(MONDAY + self.far + HOUR)

    def test_occurrences_of_whole_days_are_known_by_date(self, server):
        day = date(2026, 11, 30)
        event = Event("", When(day, day + timedelta(days=2)), name="Fair", rule=WEEKLY.rule)
        series = server.create(event)
        server.cancel_occurrence(series, day + WEEK)
        remotes = listing(server.provider())[0]
        assert said(remotes.pop(series).event) == said(event)
        assert [remote.recurrence_id for remote in remotes.values()] == ["20261207"]

    # What an event says

    @pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "Asia/Kolkata", "UTC"])
    @pytest.mark.parametrize("month", [1, 3, 7, 10])
    def test_times_keep_their_instant_and_their_zone(self, server, zone, month):
        when = span(at(2027, month, 28, 2, zone), zone)
        created = server.create(replace(LUNCH, when=when))
        assert listing(server.provider())[0][created].event.when == when

    @pytest.mark.parametrize("days", [1, 3])
    def test_whole_days_are_dates_and_end_exclusively(self, server, days):
        when = When(date(2026, 12, 24), date(2026, 12, 24) + timedelta(days=days))
        created = server.create(replace(LUNCH, when=when))
        found = listing(server.provider())[0][created].event.when
        assert replace(found, zone="") == when

    @pytest.mark.parametrize(
        "changes",
        [
            {"privacy": "private"},
            {"show_as": "free"},
            {"when": span(MONDAY, length=timedelta())},
            {"when": span(MONDAY, length=timedelta(days=3))},
            {"name": ""},
            {"name": "Grüße & <Söhne> 🎄"},
        ],
    )
    def test_what_is_said_is_read(self, server, changes):
        event = replace(LUNCH, **changes)
        created = server.create(event)
        assert said(listing(server.provider())[0][created].event) == said(event)

    def test_an_event_of_ones_own_is_organised_by_oneself(self, server):
        created = server.create(LUNCH)
        remote = listing(server.provider())[0][created]
        assert remote.organises
        assert not remote.redacted
        assert remote.event.organiser == server.owner

    def test_guests_are_read_with_their_answers(self, server):
        guests = (
            Attendee("bob@client.example", "Bob", "needs_action", "optional"),
            Attendee("eve@client.example", "Eve"),
        )
        created = server.create(replace(LUNCH, attendees=guests))
        found = {a.email: a for a in listing(server.provider())[0][created].event.attendees}
        assert [found[guest.email] for guest in guests] == list(guests)

    def test_an_invitation_is_organised_by_its_host(self, server):
        invited = server.invite(replace(LUNCH, attendees=(Attendee(server.owner),)))
        remote = listing(server.provider())[0][invited]
        assert not remote.organises
        assert remote.self_email == server.owner
        assert remote.event.organiser == server.host
        # What a guest's own time counts as is the guest's.
        assert said(replace(remote.event, show_as="busy")) == said(LUNCH)

    # What goes wrong

    def test_an_unreadable_event_stands_alone(self, server):
        first = server.create(LUNCH)
        spoilt = server.spoil()
        last = server.create(replace(LUNCH, name="Tea"))
        remotes, bad, token = listing(server.provider())
        assert set(remotes) == {first, last}
        assert [one.id for one in bad] == [spoilt]
        assert bad[0].reason in REASONS
        assert bad[0].payload
        assert listing(server.provider(), token)[:2] == ({}, [])

    @pytest.mark.parametrize("fault", ["throttled", "unavailable", "dropped", "slow"])
    def test_a_fault_that_passes_is_retryable(self, server, fault):
        created = server.create(LUNCH)
        provider = server.provider(timeout=0.3)
        server.fail(fault)
        with pytest.raises(Retryable) as raised:
            listing(provider)
        assert raised.value.after is None
        server.recover()
        assert set(listing(provider)[0]) == {created}

    @pytest.mark.parametrize("fault", ["throttled", "unavailable"])
    def test_the_service_says_how_long_to_wait(self, server, fault):
        server.fail(fault, after=7)
        with pytest.raises(Retryable) as raised:
            listing(server.provider())
        assert raised.value.after == 7

    def test_a_fault_between_two_pages_loses_nothing(self, server):
        server.limit_pages(1)
        ids = {server.create(replace(LUNCH, name=str(number))) for number in range(3)}
        pages = server.provider().changes(None, WINDOW)
        assert next(pages).token is None
        server.fail("unavailable")
        with pytest.raises(Retryable):
            next(pages)
        server.recover()
        assert set(listing(server.provider())[0]) == ids

    def test_a_login_that_ran_out_is_renewed(self, server):
        created = server.create(LUNCH)
        provider = server.provider()
        listing(provider)
        server.expire_login()
        assert set(listing(provider)[0]) == {created}

    def test_a_revoked_login_needs_its_owner(self, server):
        provider = server.provider()
        listing(provider)
        server.revoke_login()
        with pytest.raises(AuthRequired):
            listing(provider)

    def test_a_calendar_may_be_gone(self, server):
        created = server.create(LUNCH)
        server.remove_calendar()
        with pytest.raises(Gone):
            listing(server.provider())
        with pytest.raises(Gone):  # its events are not known to be deleted
            server.provider().fetch([created])

    # Other questions

    def test_events_are_read_by_id(self, server):
        kept, deleted = server.create(LUNCH), server.create(LUNCH)
        series = server.create(WEEKLY)
        server.move_occurrence(series, MONDAY, span(MONDAY + HOUR))
        listed = listing(server.provider())[0]
        [moved] = [remote.id for remote in listed.values() if remote.series]
        server.edit(kept, name="Supper")
        server.delete(deleted)
        found = server.provider().fetch([kept, deleted, series, moved]).changes
        assert [remote.id for remote in found] == [kept, deleted, series, moved]
        assert found[0].event.name == "Supper"
        assert found[1].event is None
        assert found[2:] == (listed[series], listed[moved])

    def test_an_id_that_never_was_is_a_tombstone(self, server):
        created = server.create(LUNCH)
        unknown = created[:-3] + created[-3:][::-1] + "0"
        [remote] = server.provider().fetch([unknown]).changes
        assert (remote.id, remote.event) == (unknown, None)
        assert server.provider().fetch([]).changes == ()

    def test_the_owners_calendar_is_listed(self, server):
        [primary] = [one for one in server.provider().calendars() if one.primary]
        assert (primary.access, primary.owner) == ("owner", server.owner)
        assert primary.zone == server.zone
        assert primary.name

    def test_busy_times_are_told_without_reasons(self, server):
        server.create(LUNCH)
        server.create(replace(LUNCH, when=span(MONDAY), show_as="free"))
        asked = [server.owner, "nobody@nowhere.example"]
        found = server.provider().free_busy(asked, WINDOW)
        assert found == {server.owner: [Busy(LUNCH.when.start, LUNCH.when.end)]}


__all__ = ["ProviderContract", "Remote"]
