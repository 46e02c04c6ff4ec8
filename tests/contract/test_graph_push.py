"""What Microsoft 365's writing half promises beside the contract, over real HTTP."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from odoo.addons.synced_meetings.sync.errors import Rejected, Retryable, StaleChangeKey
from odoo.addons.synced_meetings.sync.event import Attendee, Change, Event, Remote, answer_of
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id

from simulators.graph import SimulatedGraph

from .graph_server import GraphServer
from .provider_contract import HOUR, LUNCH, MONDAY, WEEK, WEEKLY, listing, span
from .push_changes import BOB, EVE, answer, create, delete, done, made, read, update

LINE = "_" * 60
BLOB = f'<div><span>{LINE}</span><a href="https://teams.x/l/meetup-join/19%3a">Join</a></div>'


@pytest.fixture
def server():
    with SimulatedGraph() as graph:
        yield GraphServer(graph)


def calls(server):
    """Return method and path of all that was asked for by itself."""
    return Counter(f"{one.method} {one.path}" for one in server.graph.requests)


def writes(server):
    """Return the writes over the wire, alone or in batches."""
    every = [*server.graph.requests, *server.graph.inner]
    ours = [one for one in every if "/events" in one.path]
    return [one for one in ours if one.method in ("POST", "PATCH", "DELETE")]


def verbs(server):
    return [f"{one.method} {one.path.rpartition('/')[2]}" for one in writes(server)]


def test_a_hundred_events_are_made_in_ten_requests(server):
    provider = server.provider()
    changes = [create(provider, replace(LUNCH, name=str(number))) for number in range(100)]
    copies = [copy for first in range(0, 100, 20) for copy in done(provider, *changes[first:][:20])]
    assert calls(server)["POST /v1.0/$batch"] == 10  # each looked up before it is made
    assert read(server) == {copy.id: copy for copy in copies}


def test_many_changes_go_out_in_one_request(server):
    provider = server.provider()
    copies = made(provider, *(replace(LUNCH, name=str(number)) for number in range(20)))
    before = server.requests()
    copies = done(provider, *(update(copy, location="Roof") for copy in copies))
    assert server.requests() == before + 1
    done(provider, *(delete(copy) for copy in copies))
    assert server.requests() == before + 2


def test_an_event_is_found_by_its_key_when_the_service_forgot_the_request(server):
    provider = server.provider()
    change = create(provider, LUNCH)
    [first] = done(provider, change)
    for item in server.ann.mailbox.items.values():
        item.now.data["transactionId"] = None
    [again] = done(server.provider(), change)
    assert again.id == first.id
    assert len(read(server)) == 1


def test_a_key_with_a_quote_finds_nothing_else(server):
    made(server.provider(), LUNCH)
    key = "x' or ep/value eq 'y"
    [copy] = done(server.provider(), Change("create", Remote("", None, client_key=key), LUNCH))
    assert copy.client_key == key
    assert len(read(server)) == 2


def test_every_write_says_on_what_it_was_based(server):
    provider = server.provider()
    first, second = made(provider, LUNCH, LUNCH)
    keys = []
    server.graph.observers.append(lambda asked, _: keys.append(asked.headers["If-Match"]))
    done(provider, update(first, name="Tea"))
    assert json.loads(server.graph.requests[-1].body) == {"subject": "Tea"}
    done(provider, delete(second))
    assert keys == [first.change_key, second.change_key]


def test_one_of_a_batch_may_have_to_wait(server):
    provider = server.provider()
    copies = made(provider, *[LUNCH] * 3)
    server.graph.faults.add(status=429, match=f"PATCH.*{copies[1].id}", retry_after=9)
    outcomes = provider.push([update(copy, name="Tea") for copy in copies])
    assert [bool(outcome.remote) for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1].error, Retryable)
    assert outcomes[1].error.after == 9


def test_a_lookup_that_fails_makes_nothing(server):
    provider = server.provider()
    changes = [create(provider, replace(LUNCH, name=str(number))) for number in range(3)]
    server.graph.faults.add(status=503, match=f"filter.*{changes[1].copy.client_key}")
    outcomes = provider.push(changes)
    assert [bool(outcome.remote) for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1].error, Retryable)
    assert len(read(server)) == 2


# Telling


def test_with_guests_a_meeting_is_cancelled_and_without_it_is_deleted(server):
    provider = server.provider()
    [told] = done(provider, create(provider, replace(LUNCH, attendees=(BOB,)), tell=True))
    [alone] = made(provider, LUNCH)
    done(provider, delete(told, tell=True), delete(alone))
    assert sorted(verbs(server)[-2:]) == [f"DELETE {alone.id}", "POST cancel"]
    assert [mail.reason for mail in server.graph.mails] == ["invitation", "cancellation"]


def test_a_meeting_that_changed_meanwhile_is_not_cancelled(server):
    provider = server.provider()
    [copy] = done(provider, create(provider, replace(LUNCH, attendees=(BOB,)), tell=True))
    server.edit(copy.id, location="Roof")
    [outcome] = provider.push([delete(copy, tell=True)])
    assert isinstance(outcome.error, StaleChangeKey)
    assert len(read(server)) == 1


def test_what_is_the_owners_alone_is_written_quietly(server):
    provider = server.provider()
    [copy] = done(provider, create(provider, replace(LUNCH, attendees=(BOB,)), tell=True))
    [copy] = done(provider, replace(update(copy, show_as="free"), tell=False))
    assert copy.event.show_as == "free"
    [outcome] = provider.push([update(copy, show_as="busy", name="Tea")])
    assert outcome.error.reason == "cannot_be_quiet"
    assert server.mailed() == [BOB.email]


def test_only_who_is_new_is_mailed_about_a_new_guest(server):
    provider = server.provider()
    [copy] = done(provider, create(provider, replace(LUNCH, attendees=(BOB,)), tell=True))
    done(provider, update(copy, tell=True, attendees=(*copy.event.attendees, EVE)))
    assert server.mailed() == sorted([BOB.email, EVE.email])


def test_an_owner_may_be_alone_on_the_list(server):
    provider = server.provider()
    alone = replace(LUNCH, attendees=(Attendee(server.owner),))
    [outcome] = provider.push([create(provider, replace(alone, organiser=server.owner))])
    assert outcome.error is None
    assert server.mailed() == []


# What Graph knows better stays


def test_how_to_join_a_teams_meeting_stays(server):
    key = server.create(replace(LUNCH, description=f"<p>Agenda</p>{BLOB}"))
    server.ann.patch(key, {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"})
    copy = read(server)[key]
    assert copy.event.conference_url
    [after] = done(server.provider(), update(copy, description="<p>Changed</p>"))
    assert after.event.description == f"<p>Changed</p><br>{BLOB}"
    assert after.event.conference_url == copy.event.conference_url


def test_what_is_not_ours_stays(server):
    key = server.create(LUNCH)
    kept = {"categories": ["Red"], "reminderMinutesBeforeStart": 5, "sensitivity": "confidential"}
    server.ann.patch(key, {**kept, "start": _point("UTC"), "end": _point("UTC")})
    copy = read(server)[key]
    done(server.provider(), update(copy, name="Tea"))
    now = server.ann.get(key)
    assert {name: now[name] for name in kept} == kept
    assert now["originalStartTimeZone"] == "UTC"


def _point(zone):
    return {"dateTime": "2026-11-24T11:00:00", "timeZone": zone}


def test_more_guests_than_graph_takes_are_refused_here(server):
    provider = server.provider()
    crowd = tuple(Attendee(f"p{number}@x.example") for number in range(501))
    [copy] = made(provider, LUNCH)
    before = len(writes(server))
    changes = [
        create(provider, replace(LUNCH, attendees=crowd), tell=True),
        update(copy, tell=True, attendees=crowd),
    ]
    for outcome in provider.push(changes):
        assert outcome.error.args == ("too_many_guests", 501)
    assert len(writes(server)) == before


# Series


def test_an_occurrence_is_written_by_the_id_that_graph_has_for_it(server):
    provider = server.provider()
    [series] = done(provider, create(provider, replace(WEEKLY, attendees=(BOB,)), tell=True))
    rid = recurrence_id(MONDAY + WEEK)
    unseen = Remote("", replace(series.event, rule=()), series=series.id, recurrence_id=rid)
    [outcome] = provider.push([update(unseen, tell=True, name="Blind")])
    assert isinstance(outcome.error, StaleChangeKey)
    [seen] = provider.fetch([provider.occurrence_id(series.id, rid)]).changes
    [after] = done(provider, update(seen, tell=True, name="Other"))
    assert (after.id, after.event.name) == (f"{series.id}#{rid}", "Other")
    [gone] = done(provider, delete(after, tell=True))
    assert (gone.id, gone.series, gone.recurrence_id) == (after.id, series.id, rid)
    assert [(mail.reason, mail.occurrence) for mail in server.graph.mails] == [
        ("invitation", ""),
        ("update", "2026-12-07"),
        ("cancellation", "2026-12-07"),
    ]


def test_an_occurrence_does_not_pass_its_neighbour(server):
    provider = server.provider()
    [series] = made(provider, WEEKLY)
    [seen] = provider.fetch([server.occurrence(series.id, MONDAY)]).changes
    [outcome] = provider.push([update(seen, when=span(MONDAY + WEEK))])
    assert isinstance(outcome.error, Rejected)
    assert outcome.error.args[1] == "400 ErrorOccurrenceCrossingBoundary"


def test_an_occurrence_is_answered_alone(server):
    guests = (Attendee(server.owner), BOB)
    invited = server.invite(replace(WEEKLY, attendees=guests))
    one = server.occurrence(invited, MONDAY + WEEK)
    [seen] = server.provider().fetch([one]).changes
    [after] = done(server.provider(), answer(seen, "accepted"))
    assert (after.id, answer_of(after.event, server.owner)) == (one, "accepted")
    found = read(server)
    assert answer_of(found[invited].event, server.owner) == "needs_action"
    assert found[one].event == after.event
    assert [(mail.to, mail.occurrence) for mail in server.graph.mails] == [
        (server.host, "2026-12-07")
    ]


def test_a_cancelled_occurrence_is_not_written(server):
    provider = server.provider()
    [series] = made(provider, WEEKLY)
    [seen] = provider.fetch([server.occurrence(series.id, MONDAY)]).changes
    server.cancel_occurrence(series.id, MONDAY)
    [gone] = done(provider, update(seen, name="Late"))
    assert (gone.id, gone.event) == (seen.id, None)


def test_an_exception_that_was_moved_is_found_where_it_is(server):
    provider = server.provider()
    [series] = made(provider, WEEKLY)
    server.move_occurrence(series.id, MONDAY, span(MONDAY + 4 * WEEK / 7 + HOUR))
    [seen] = provider.fetch([server.occurrence(series.id, MONDAY)]).changes
    [after] = done(provider, update(seen, name="Moved and renamed"))
    assert after.event.when == span(MONDAY + 4 * WEEK / 7 + HOUR)


# What may have been made


def test_what_may_have_been_made_is_deleted_by_its_key(server):
    provider = server.provider()
    first, second = create(provider, LUNCH), create(provider, LUNCH)
    done(provider, first)
    copies = done(provider, *(Change("delete", one.copy, None) for one in (first, second)))
    assert [one.client_key for one in copies] == [one.copy.client_key for one in (first, second)]
    assert not any(one.event for one in read(server).values())


def test_a_change_without_an_event_is_refused(server):
    event = Event("", LUNCH.when)
    for change in (
        Change("create", Remote("", None, client_key="abcde"), None),
        Change("update", Remote("a", event, change_key='"1"'), None),
    ):
        [outcome] = server.provider().push([change])
        assert isinstance(outcome.error, Rejected)


def test_what_is_gone_is_in_doubt_while_the_calendar_cannot_be_asked(server):
    provider = server.provider()
    kept, gone = made(provider, LUNCH, LUNCH)
    server.delete(gone.id)
    server.graph.faults.add(status=503, match=r"GET /v1.0/me/calendar\?", times=None)
    first, second = provider.push([update(kept, name="Tea"), update(gone, name="Tea")])
    assert first.remote.event.name == "Tea"
    assert isinstance(second.error, Retryable)
    server.recover()
    assert listing(provider)[0].keys() == {kept.id}
