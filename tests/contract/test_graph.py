"""Microsoft 365 keeps the contract, and some promises of its own, over real HTTP."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Gone, SyncTokenExpired
from odoo.addons.synced_meetings.sync.event import Attendee, Window
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id

from simulators.graph import SimulatedGraph

from .graph_server import GraphServer, body_of
from .provider_contract import (
    HOUR,
    LUNCH,
    MONDAY,
    WEEK,
    WEEKLY,
    WINDOW,
    ProviderContract,
    listing,
    said,
    span,
)
from .push_changes import done, update
from .push_contract import PushContract


@pytest.fixture
def server():
    with SimulatedGraph() as graph:
        yield GraphServer(graph)


class TestGraphContract(ProviderContract):
    """The contract, against the simulated Microsoft 365."""

    far = timedelta(days=2)  # an occurrence cannot pass its neighbours


class TestGraphPushContract(PushContract):
    """Its writing half."""

    remembers = False  # what was deleted is no longer found, by whatever key
    excludes = False
    keeps_declined = False


def rolled(days):
    return Window(WINDOW.start + timedelta(days=days), WINDOW.stop + timedelta(days=days))


def test_many_series_are_read_in_twenties(server):
    server.graph.delta.most = 1_000
    ids = {server.create(replace(WEEKLY, name=str(number))) for number in range(25)}
    before = server.requests()
    found = listing(server.provider())[0]
    assert set(found) == ids
    assert server.requests() == before + 3  # one page, two batches


def test_a_round_may_be_unpleasant(server):
    delta = server.graph.delta
    delta.most, delta.duplicates, delta.empty_pages = 2, 3, 2
    series = server.create(WEEKLY)
    server.move_occurrence(series, MONDAY + WEEK, span(MONDAY + WEEK + HOUR))
    lunch = server.create(LUNCH)
    found = listing(server.provider())[0]
    assert set(found) == {series, lunch, server.occurrence(series, MONDAY + WEEK)}


def test_what_leaves_the_window_is_not_deleted(server):
    moved = server.create(LUNCH)
    series = server.create(WEEKLY)
    _, _, token = listing(server.provider())
    server.edit(moved, when=span(WINDOW.stop + WEEK))
    later = span(WINDOW.stop + 2 * WEEK)
    server.ann.patch(series, body_of(replace(WEEKLY, when=later)))
    found = {key: one for key, one in listing(server.provider(), token)[0].items() if one.event}
    assert found[moved].event.when == span(WINDOW.stop + WEEK)
    assert found[series].event.when == later


def test_what_was_moved_to_another_calendar_is_not_deleted(server):
    moved = server.create(LUNCH)
    _, _, token = listing(server.provider())
    server.ann.move(moved, server.ann.add_calendar("Team"))
    assert listing(server.provider(), token)[0][moved].event.name == "Lunch"


def test_exceptions_beyond_the_window_come_with_their_series(server):
    series = server.create(replace(WEEKLY, when=span(WINDOW.stop - WEEK)))
    start = WINDOW.stop + 3 * WEEK
    server.move_occurrence(series, start, span(start + HOUR))
    assert server.occurrence(series, start) in listing(server.provider())[0]


def test_a_deleted_exception_is_a_tombstone_and_a_cancelled_one_stays_one(server):
    series = server.create(WEEKLY)
    server.move_occurrence(series, MONDAY, span(MONDAY + HOUR))
    first, _, token = listing(server.provider())
    server.cancel_occurrence(series, MONDAY)
    one = server.occurrence(series, MONDAY)
    assert first[one].event
    assert listing(server.provider(), token)[0][one].event is None
    assert server.provider().fetch([one]).changes[0].event is None


@pytest.mark.parametrize("days", [6, 8])
def test_as_the_days_go_by_the_whole_is_listed_again(server, days):
    server.create(LUNCH)
    provider = server.provider()
    _, _, token = listing(provider)
    if days > 7:
        with pytest.raises(SyncTokenExpired):
            next(provider.changes(token, rolled(days)))
    else:
        assert not next(provider.changes(token, rolled(days))).complete


@pytest.mark.parametrize("token", ["", "{}", "[1]", '{"start": 1, "stop": 2, "delta": "x"}'])
def test_a_token_of_another_kind_has_expired(server, token):
    before = server.requests()
    with pytest.raises(SyncTokenExpired):
        next(server.provider().changes(token, WINDOW))
    assert server.requests() == before


def test_a_link_to_somewhere_else_is_not_followed(server):
    provider = server.provider()
    token = json.loads(listing(provider)[2])
    token["delta"] = token["delta"].replace("127.0.0.1", "localhost")
    before = server.requests()
    with pytest.raises(SyncTokenExpired):
        next(provider.changes(json.dumps(token), WINDOW))
    assert server.requests() == before


def test_the_window_may_be_longer_than_any_view(server):
    server.create(LUNCH)
    ever = Window(WINDOW.start, WINDOW.start + timedelta(days=4_000))
    [page] = server.provider().changes(None, ever)
    assert page.changes


def test_a_series_that_ceased_to_repeat_has_no_occurrences(server):
    series = server.create(WEEKLY)
    one = server.occurrence(series, MONDAY + WEEK)
    [seen] = server.provider().fetch([one]).changes
    server.ann.patch(series, {"recurrence": None})
    [gone] = server.provider().fetch([one]).changes
    assert (gone.id, gone.event) == (one, None)
    assert done(server.provider(), update(seen, name="Late"))[0].event is None


# Other calendars


def test_another_calendar_is_listed_whole_each_time(server):
    key = server.ann.add_calendar("Team")
    made = server.ann.create(body_of(LUNCH), key)["id"]
    series = server.ann.create(body_of(WEEKLY), key)["id"]
    server.cancel_occurrence(series, MONDAY)
    server.create(replace(LUNCH, name="Elsewhere"))
    [team] = [one for one in server.provider().calendars() if not one.primary]
    assert (team.name, team.access, team.owner) == ("Team", "owner", server.owner)
    token = None
    for _ in range(2):
        pages = list(server.provider(calendar_id=team.remote_id).changes(token, WINDOW))
        assert all(page.complete for page in pages)
        found = {one.id: one for page in pages for one in page.changes}
        assert set(found) == {made, series, server.occurrence(series, MONDAY)}
        assert said(found[series].event) == said(WEEKLY)
        assert found[made].organises
        assert not found[made].redacted
        token = pages[-1].token
        assert token


def test_a_calendar_that_is_gone_is_not_an_empty_one(server):
    server.ann.add_calendar("Team")
    [team] = [one for one in server.provider().calendars() if not one.primary]
    key = next(key for key, one in server.ann.mailbox.folders.items() if not one.default)
    del server.ann.mailbox.folders[key]
    provider = server.provider(calendar_id=team.remote_id)
    with pytest.raises(Gone):
        list(provider.changes(None, WINDOW))
    with pytest.raises(Gone):
        provider.fetch([server.create(LUNCH)[:-1]])


# Colleagues and guests


def test_colleagues_have_one_uid(server):
    guests = (Attendee(server.owner),)
    invited = server.invite(replace(WEEKLY, attendees=guests))
    occurrence = server.hosts.occurrence(server.hosts.events()[0]["id"], MONDAY.date())
    with server.person():
        server.hosts.patch(occurrence, {"subject": "Moved"})
    found = listing(server.provider())[0]
    theirs = server.hosts.events()[0]
    assert found[invited].event.uid == theirs["iCalUId"]
    assert {one.event.uid for one in found.values()} == {theirs["iCalUId"]}


def test_who_is_invited_to_one_occurrence_has_that_one(server):
    series = server.hosts.create(body_of(WEEKLY))
    occurrence = server.hosts.occurrence(series["id"], MONDAY.date())
    person = {"emailAddress": {"address": server.owner}, "type": "required"}
    with server.person():
        server.hosts.patch(occurrence, {"attendees": [person]})
    [copy] = listing(server.provider())[0].values()
    assert (copy.event.uid, copy.recurrence_id) == (series["iCalUId"], recurrence_id(MONDAY))
    assert copy.event.rule == ()


# The login


def test_a_renewed_login_is_kept(server):
    provider, before = server.provider(), server.cache
    server.expire_login()
    listing(provider)
    assert server.cache != before
    listing(server.provider())


def test_a_grant_without_the_scope_needs_its_owner(server):
    server.graph.faults.withdraw_consent(server.owner)
    with pytest.raises(AuthRequired):
        listing(server.provider())


def test_busy_times_of_many_are_asked_in_twenties(server):
    server.create(LUNCH)
    asked = [*(f"p{number}@corp.example" for number in range(41)), server.owner]
    week = Window(LUNCH.when.start, LUNCH.when.start + WEEK)
    before = len(server.graph.inner)
    assert set(server.provider().free_busy(asked, week)) == {server.owner}
    assert len(server.graph.inner) == before + 3
