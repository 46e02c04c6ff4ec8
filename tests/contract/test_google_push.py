"""What Google's writing half promises beside the contract, over real HTTP."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from odoo.addons.synced_meetings.sync.errors import (
    AuthRequired,
    Gone,
    Rejected,
    Retryable,
    StaleChangeKey,
)
from odoo.addons.synced_meetings.sync.event import Attendee, Change, Event, Remote
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id

from simulators.google import GoogleSimulator

from .google_server import GoogleServer
from .provider_contract import LUNCH, MONDAY, WEEK, WEEKLY, listing, span
from .push_changes import BOB, EVE, answer, create, delete, done, made, read, update

ROOM = "c_188@resource.calendar.google.com"
CROWD = tuple(Attendee(f"p{number}@x.example") for number in range(201))
FOR_ALL = "/batch/"  # what to disturb: the batch as a whole


@pytest.fixture
def server():
    with GoogleSimulator() as google:
        yield GoogleServer(google)


def calls(server):
    """Return method and path of all that was asked for by itself."""
    return Counter(f"{one.method} {one.path}" for one in server.google.requests)


def writes(server):
    """Return the writes over the wire, alone or in batches."""
    every = [*server.google.requests, *server.google.inner]
    return [one for one in every if one.method in ("PATCH", "DELETE") or "sendUpdates" in one.query]


def test_five_hundred_events_are_made_in_ten_requests(server):
    provider = server.provider()
    changes = [create(provider, replace(LUNCH, name=str(number))) for number in range(500)]
    size = provider.batch_size
    copies = [
        copy for first in range(0, 500, size) for copy in done(provider, *changes[first:][:size])
    ]
    assert calls(server) == {
        "POST /batch/calendar/v3": 10,
        "GET /calendar/v3/calendars/primary/events": 1,  # the calendar's zone
    }
    assert read(server) == {copy.id: copy for copy in copies}
    assert done(provider, *(delete(copy) for copy in copies)) == [
        Remote(copy.id, None, client_key=copy.id) for copy in copies
    ]
    assert calls(server)["POST /batch/calendar/v3"] == 20


def test_one_change_is_an_ordinary_request(server):
    provider = server.provider()
    [copy] = made(provider, LUNCH)
    [copy] = done(provider, update(copy, name="Tea"))
    done(provider, delete(copy))
    assert not server.google.inner
    assert [one.method for one in server.google.requests][1:] == ["POST", "PATCH", "DELETE"]


def test_many_events_are_read_in_one_request(server):
    provider = server.provider()
    copies = made(provider, *(replace(LUNCH, name=str(number)) for number in range(60)))
    before = server.requests()
    asked = [*(copy.id for copy in copies), "neverwas"]
    found = provider.fetch(asked)
    assert found.changes == (*copies, Remote("neverwas", None))
    assert server.requests() == before + 3  # and whether the calendar is there


def test_a_key_becomes_the_id_and_the_uid(server):
    provider = server.provider()
    change = create(provider, LUNCH)
    [copy] = done(provider, change)
    key = change.copy.client_key
    assert (copy.id, copy.client_key, copy.event.uid) == (key, key, provider.uid_of(key))


def test_every_write_says_whom_to_tell_and_on_what_it_was_based(server):
    provider = server.provider()
    first, second, third = made(provider, LUNCH, LUNCH, LUNCH)
    keys = []
    server.google.observers.append(lambda asked, _: keys.append(asked.headers["If-Match"]))
    done(provider, update(first, name="Tea"), update(second, tell=True, name="Tea"), delete(third))
    sent = {one.query["sendUpdates"][0]: one for one in writes(server)[-3:]}
    assert set(sent) == {"all", "none"}
    assert json.loads(sent["all"].body) == {"summary": "Tea"}
    assert not any("conferenceDataVersion" in one.query for one in writes(server))
    assert {first.change_key, second.change_key, third.change_key} <= set(keys)


def test_a_conference_and_what_is_not_ours_stay(server):
    made_there = server.calendar.insert(
        {
            **{name: {"dateTime": "2026-11-24T09:00:00+01:00"} for name in ("start", "end")},
            "summary": "Call",
            "colorId": "5",
            "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]},
            "extendedProperties": {"private": {"theirs": "1"}},
            "conferenceData": {"createRequest": {"requestId": "a"}},
        }
    )
    copy = read(server)[made_there["id"]]
    assert copy.event.conference_url
    [after] = done(server.provider(), update(copy, name="Talk", when=span(MONDAY)))
    assert after.event.conference_url == copy.event.conference_url
    now = server.calendar.get(copy.id)
    kept = ("colorId", "reminders", "extendedProperties", "conferenceData", "hangoutLink")
    assert {name: now[name] for name in kept} == {name: made_there[name] for name in kept}
    [after] = done(server.provider(), update(after, show_as="elsewhere"))
    [after] = done(server.provider(), update(after, show_as="busy"))
    assert server.calendar.get(copy.id)["extendedProperties"] == made_there["extendedProperties"]


def test_what_google_knows_of_guests_stays(server):
    people = [
        {"email": server.owner, "responseStatus": "accepted"},
        {"email": "bob@client.example", "comment": "Late", "additionalGuests": 2},
        {"email": "eve@client.example", "responseStatus": "declined", "comment": "Sorry"},
        {"email": ROOM, "responseStatus": "accepted"},
    ]
    key = server.create(LUNCH)
    server.calendar.patch(key, {"attendees": people})
    copy = read(server)[key]
    guests = {one.email: one for one in copy.event.attendees}
    wanted = (
        replace(guests["bob@client.example"], kind="optional", name="Robert"),
        guests[ROOM],
        Attendee("cy@client.example"),
    )
    [after] = done(server.provider(), update(copy, attendees=wanted))
    found = {one["email"]: one for one in server.calendar.get(key)["attendees"]}
    assert found.keys() == {server.owner, "bob@client.example", ROOM, "cy@client.example"}
    assert found["bob@client.example"] == {
        **people[1],
        "responseStatus": "needsAction",
        "optional": True,
        "resource": False,
        "displayName": "Robert",
    }
    assert found[server.owner]["organizer"]
    assert after == read(server)[key]


def test_of_a_guest_list_that_is_cut_nothing_is_written(server):
    key = server.create(replace(LUNCH, attendees=(BOB,)))
    copy = read(server)[key]
    server.calendar.store.copies[key].data["attendeesOmitted"] = True
    [outcome] = server.provider().push([update(copy, attendees=(BOB, EVE))])
    assert outcome.error.args == ("refused_there", "attendeesOmitted")
    assert not writes(server)


@pytest.mark.parametrize("number", [1, 2])
def test_more_guests_than_google_serves_are_refused_here(server, number):
    provider = server.provider()
    kept = made(provider, *[LUNCH] * number)
    before = len(writes(server))
    changes = [create(provider, replace(LUNCH, attendees=CROWD))]
    changes += [update(copy, attendees=CROWD) for copy in kept]
    for outcome in provider.push(changes):
        assert outcome.error.args == ("too_many_guests", 201)
    assert len(writes(server)) == before


def test_who_has_too_many_guests_may_be_left_and_renamed(server):
    key = server.create(replace(LUNCH, attendees=CROWD))
    [copy] = done(server.provider(), update(read(server)[key], name="Crowd"))
    assert len(copy.event.attendees) == 201
    fewer = tuple(one for one in copy.event.attendees if one.email != "p7@x.example")
    [copy] = done(server.provider(), update(copy, attendees=fewer))
    assert len(copy.event.attendees) == 200


def test_an_occurrence_is_known_by_its_series(server):
    provider = server.provider()
    [series] = made(provider, WEEKLY)
    stamp = recurrence_id(MONDAY + WEEK)
    unseen = Remote("", replace(series.event, rule=()), series=series.id, recurrence_id=stamp)
    [outcome] = provider.push([update(unseen, name="Blind")])
    assert isinstance(outcome.error, StaleChangeKey)
    [gone] = done(provider, delete(unseen))
    expected = (provider.occurrence_id(series.id, stamp), series.id, stamp)
    assert (gone.id, gone.series, gone.recurrence_id) == expected
    assert read(server)[gone.id].recurrence_id == stamp
    assert provider.occurrence_id("abc_R20261130T080000", stamp) == f"abc_{stamp}"


def test_what_may_have_been_made_is_deleted_by_its_key(server):
    provider = server.provider()
    first, second = create(provider, LUNCH), create(provider, LUNCH)
    done(provider, first)
    copies = done(provider, *(Change("delete", one.copy, None) for one in (first, second)))
    assert [(one.id, one.event) for one in copies] == [
        (one.copy.client_key, None) for one in (first, second)
    ]
    assert not any(one.event for one in read(server).values())


def test_a_batch_that_is_refused_for_its_size_is_halved(server):
    server.google.batch.limit = 7
    provider = server.provider()
    copies = made(provider, *(replace(LUNCH, name=str(number)) for number in range(20)))
    assert [copy.event.name for copy in copies] == [str(number) for number in range(20)]
    assert len(read(server)) == 20


@pytest.mark.parametrize("status", [400, 404, 413])
def test_without_batches_all_goes_one_by_one(server, status):
    server.google.faults.add(status=status, reason="badRequest", match=FOR_ALL, times=None)
    copies = made(server.provider(), *[LUNCH] * 3)
    assert set(read(server)) == {copy.id for copy in copies}


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 200}, {"drop": "after"}])
def test_a_batch_that_fails_as_a_whole_is_in_doubt(server, fault):
    provider = server.provider()
    listing(provider)
    changes = [create(provider, LUNCH) for _ in range(3)]
    server.google.faults.add(match=FOR_ALL, times=None, **fault)
    with pytest.raises(Retryable):
        provider.push(changes)
    with pytest.raises(Retryable):
        provider.fetch(["one", "two"])
    server.recover()
    assert len(done(provider, *changes)) == len(read(server)) == 3


@pytest.mark.parametrize(
    ("fault", "after"),
    [
        ({"status": 429, "reason": "rateLimitExceeded", "retry_after": 9}, 9),
        ({"status": 403, "reason": "quotaExceeded"}, 3_600),
        ({"status": 503}, None),
    ],
)
def test_one_of_a_batch_may_have_to_wait(server, fault, after):
    provider = server.provider()
    copies = made(provider, *[LUNCH] * 3)
    server.google.faults.add(match=f"PATCH.*{copies[1].id}", **fault)
    outcomes = provider.push([update(copy, name="Tea") for copy in copies])
    assert [bool(outcome.remote) for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1].error, Retryable)
    assert outcomes[1].error.after == after


def test_each_refusal_has_its_meaning(server):
    provider = server.provider()
    copies = made(provider, *[LUNCH] * 4)
    for number, reason in enumerate(("forbidden", "requiredAccessLevel", "domainPolicy", "other")):
        status = 403 if number < 3 else 400
        match = f"PATCH.*{copies[number].id}"
        server.google.faults.add(status=status, reason=reason, match=match)
    outcomes = provider.push([update(copy, name="Tea") for copy in copies])
    assert [outcome.error.reason for outcome in outcomes] == [
        *("read_only", "read_only", "refused_there", "refused_there")
    ]


def test_a_login_is_renewed_once_for_a_batch(server):
    provider = server.provider()
    listing(provider)
    server.expire_login()
    before = provider.credentials.token
    made(provider, *[LUNCH] * 5)
    assert calls(server)["POST /token"] == 1
    assert provider.credentials.token != before


def test_a_login_without_the_scope_writes_nothing(server):
    provider = server.provider()
    listing(provider)
    server.google.faults.add(status=403, reason="insufficientPermissions", times=None)
    for changes in ([create(provider, LUNCH)], [create(provider, LUNCH) for _ in range(2)]):
        with pytest.raises(AuthRequired):
            provider.push(changes)


def test_what_is_gone_is_in_doubt_while_the_calendar_cannot_be_asked(server):
    provider = server.provider()
    kept, gone = made(provider, LUNCH, LUNCH)
    del server.calendar.store.copies[gone.id]
    listing_only = r"GET /calendar/v3/calendars/primary/events\?"
    server.google.faults.add(status=503, match=listing_only, times=None)
    first, second = provider.push([update(kept, name="Tea"), update(gone, name="Tea")])
    assert first.remote.event.name == "Tea"
    assert isinstance(second.error, Retryable)
    server.recover()
    [tombstone] = done(provider, update(gone, name="Tea"))
    assert tombstone.event is None


def test_an_event_that_was_made_before_may_have_to_wait(server):
    provider = server.provider()
    before, new = create(provider, LUNCH), create(provider, LUNCH)
    done(provider, before)
    server.google.faults.add(status=503, match="GET", times=None)
    first, second = provider.push([before, new])
    assert isinstance(first.error, Retryable)
    assert second.remote


def test_a_written_event_that_cannot_be_read_is_put_aside(server):
    provider = server.provider()
    [copy] = made(provider, LUNCH)
    server.calendar.store.copies[copy.id].data["hangoutLink"] = 7
    [outcome] = provider.push([update(copy, name="Tea")])
    assert outcome.error.args == ("bad_text", "7")


def test_a_removed_right_is_not_a_deletion(server):
    server.hosts.share(server.owner, "writer")
    key = server.hosts.insert({**body(), "summary": "Shared"})["id"]
    provider = server.provider(calendar_id=server.host)
    copy = listing(provider)[0][key]
    server.hosts.share(server.owner, "reader")
    [outcome] = provider.push([update(copy, name="Mine")])
    assert outcome.error.reason == "read_only"
    server.hosts.share(server.owner, "none")
    with pytest.raises(Gone):
        provider.push([delete(copy)])


def body():
    return {name: {"dateTime": "2026-11-24T09:00:00+01:00"} for name in ("start", "end")}


def test_an_answer_goes_out_alone(server):
    guests = (Attendee(server.owner), BOB)
    invited = server.invite(replace(LUNCH, attendees=guests))
    provider = server.provider()
    copy = read(server)[invited]
    done(provider, answer(copy, "accepted"))
    [sent] = writes(server)
    assert json.loads(sent.body) == {
        "attendees": [{"email": server.owner, "responseStatus": "accepted"}],
        "attendeesOmitted": True,
    }
    [outcome] = provider.push([answer(copy, "declined")])
    assert isinstance(outcome.error, StaleChangeKey)
    stranger = replace(copy, self_email="")
    assert done(provider, Change("answer", stranger, copy.event)) == [stranger]


def test_a_change_without_an_event_is_refused(server):
    provider = server.provider()
    event = Event("", LUNCH.when)
    for change in (
        Change("create", Remote("", None, client_key="abcde"), None),
        Change("update", Remote("a", event, change_key='"1"'), None),
    ):
        [outcome] = provider.push([change])
        assert isinstance(outcome.error, Rejected)
