"""Google keeps the contract, and some promises of its own, over real HTTP."""

from dataclasses import replace

import pytest

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable
from odoo.addons.synced_meetings_google.provider.client import EVENT
from odoo.addons.synced_meetings_google.provider.oauth import EVENTS, Tokens
from odoo.addons.synced_meetings_google.provider.translate import remote_of

from simulators.google import GoogleSimulator
from simulators.google_views import parse_fields, select

from .google_server import GoogleServer
from .provider_contract import (
    LUNCH,
    MONDAY,
    WEEK,
    WEEKLY,
    WINDOW,
    ProviderContract,
    listing,
    span,
)
from .push_contract import PushContract

TIMES = {
    "start": {"dateTime": "2026-11-24T09:00:00+01:00"},
    "end": {"dateTime": "2026-11-24T17:00:00+01:00"},
}


@pytest.fixture
def server():
    with GoogleSimulator() as google:
        yield GoogleServer(google)


class TestGoogleContract(ProviderContract):
    """The contract, against the simulated Google."""


class TestGooglePushContract(PushContract):
    """Its writing half."""


def listings(google):
    return [one for one in google.requests if one.path.endswith("/events")]


def test_a_token_is_used_with_the_parameters_of_its_listing(server):
    server.limit_pages(1)
    ids = [server.create(LUNCH), server.create(LUNCH)]
    _, _, token = listing(server.provider())
    for remote_id in ids:
        server.edit(remote_id, name="Tea")
    listing(server.provider(), token)
    queries = [dict(one.query) for one in listings(server.google)]
    assert [sorted(q.keys() & {"timeMin", "pageToken", "syncToken"}) for q in queries] == [
        ["timeMin"],
        ["pageToken", "timeMin"],
        ["syncToken"],
        ["pageToken", "syncToken"],
    ]
    for query in queries:
        for name in ("timeMin", "pageToken", "syncToken"):
            query.pop(name, None)
    assert queries.count(queries[0]) == len(queries)
    assert queries[0]["maxResults"] == ["2500"]
    assert queries[0]["eventTypes"] == ["default", "fromGmail", "outOfOffice"]
    assert {one.method for one in listings(server.google)} == {"GET"}


def test_answers_come_compressed(server):
    encodings = []
    server.google.observers.append(
        lambda asked, _: encodings.append(asked.headers["Accept-Encoding"])
    )
    listing(server.provider())
    assert "gzip" in encodings[-1]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"iCalUID": "elsewhere@exchange.example", "summary": "x", "description": "y"},
        {
            "location": "HQ",
            "htmlLink": "https://x.example",
            "etag": '"1"',
            "eventType": "outOfOffice",
        },
        {"hangoutLink": "https://x.example", "organizer": {"email": "b@x.example", "self": True}},
        {"conferenceData": {"entryPoints": [{"entryPointType": "video", "uri": "https://x.y"}]}},
        {"attendees": [{"email": "b@x.example", "displayName": "B", "responseStatus": "declined"}]},
        {"attendees": [{"email": "b@x.example", "optional": True}], "attendeesOmitted": True},
        {"attendees": [{"email": "b@x.example", "resource": True}, {"email": "a@b", "self": True}]},
        {"visibility": "private", "transparency": "transparent", "status": "tentative"},
        {"extendedProperties": {"private": {"syncedShowAs": "elsewhere"}}},
        {"recurrence": ["RRULE:FREQ=DAILY"], "end": None, "endTimeUnspecified": True},
        {"recurringEventId": "a", "originalStartTime": TIMES["start"]},
        {"recurringEventId": "a", "originalStartTime": TIMES["start"], "status": "cancelled"},
    ],
)
def test_what_is_read_is_asked_for(more):
    """A field left out of ``fields=`` would be read as cleared."""
    item = {"id": "a", **TIMES, **more}
    whole = remote_of(item, "UTC")
    assert remote_of(select(item, parse_fields(EVENT)), "UTC") == whole
    assert not more or whole != remote_of({"id": "a", **TIMES}, "UTC")


def test_changes_keep_the_order_of_the_service(server):
    for number in range(9):
        server.create(replace(LUNCH, name=str(number)))
    [page] = server.provider().changes(None, WINDOW)
    assert [remote.id for remote in page.changes] == [
        one for _, one in server.calendar.store.order()
    ]


def test_what_is_no_meeting_is_left_out(server):
    for kind in ("focusTime", "workingLocation", "outOfOffice"):
        properties = {"workingLocationProperties": {"type": "homeOffice", "homeOffice": {}}}
        more = properties if kind == "workingLocation" else {}
        more["visibility"] = "public"
        server.calendar.insert({**TIMES, **more, "eventType": kind, "summary": kind})
    [away] = listing(server.provider())[0].values()
    assert (away.event.name, away.event.show_as) == ("outOfOffice", "oof")


@pytest.mark.parametrize("role", ["freeBusyReader", "reader", "writer"])
def test_a_colleagues_calendar_shows_what_may_be_seen(server, role):
    server.hosts.share(server.owner, role)
    body = {**TIMES, "summary": "Doctor", "visibility": "private"}
    made = server.hosts.insert(body)["id"]
    provider = server.provider(calendar_id=server.host)
    remote = listing(provider)[0][made]
    assert remote.redacted is (role != "writer")
    assert remote.event.name == ("Doctor" if role == "writer" else "")
    assert remote.organises is (role == "writer")
    assert server.provider(calendar_id=server.host).fetch([made]).changes == (remote,)
    [listed] = [one for one in provider.calendars() if one.remote_id == server.host]
    assert (listed.access, listed.owner) == (role.replace("freeBusyReader", "busy"), server.host)


def test_the_halves_of_a_split_series_stay_apart(server):
    series = server.create(WEEKLY)
    second = server.calendar.split(f"{series}_20261214T080000Z", {"summary": "Later"})["id"]
    found = listing(server.provider())[0]
    assert {series, second} <= set(found)
    assert found[series].event.uid != found[second].event.uid
    assert found[second].event.when == span(MONDAY + 2 * WEEK)


def test_reading_by_id_asks_once_for_the_calendar(server):
    ids = [server.create(LUNCH), server.create(LUNCH)]
    provider = server.provider()
    provider.fetch(ids)
    assert server.requests() == 2
    provider.fetch(ids)
    assert server.requests() == 3


def test_an_unreadable_event_is_not_taken_for_a_deleted_one(server):
    spoilt, kept = server.create(LUNCH), server.create(LUNCH)
    server.calendar.store.copies[spoilt].data["start"] = {"dateTime": "soon"}
    page = server.provider().fetch([spoilt, kept])
    assert [remote.id for remote in page.changes] == [kept]
    assert [(bad.id, bad.reason) for bad in page.bad] == [(spoilt, "bad_time")]


def test_busy_times_of_many_are_asked_in_fifties(server):
    asked = [f"p{number}@nowhere.example" for number in range(51)] + [server.owner]
    server.create(LUNCH)
    assert set(server.provider().free_busy(asked, WINDOW)) == {server.owner}
    assert server.requests() == 2


def test_renewed_credentials_can_be_stored(server):
    provider = server.provider()
    before = Tokens.of(provider.credentials)
    server.expire_login()
    listing(provider)
    after = Tokens.of(provider.credentials)
    assert after.access_token != before.access_token
    assert after.refresh_token == before.refresh_token
    assert after.expires
    assert provider.address() == server.owner


def test_a_login_without_the_scope_needs_its_owner(server):
    server.granted = server.google.consent(server.owner, scope=["openid", "email"])
    with pytest.raises(AuthRequired) as raised:
        listing(server.provider())
    assert "insufficientPermissions" in str(raised.value)


def test_a_wrong_client_secret_is_not_the_owners_fault(server):
    provider = server.provider()
    server.client = replace(server.client, client_secret="changed")
    server.expire_login()
    listing(provider)
    with pytest.raises(Retryable, match="invalid_client"):
        listing(server_without_access(server))


def server_without_access(server):
    server.granted = {**server.granted, "access_token": ""}
    return server.provider()


def test_the_login_service_is_asked_once_and_may_say_how_long_to_wait(server):
    server.google.faults.add(status=503, match="/token", times=None, retry_after=9)
    with pytest.raises(Retryable) as raised:
        listing(server_without_access(server))
    assert raised.value.after == 9
    assert [one.path for one in server.google.requests] == ["/token"]


def test_googles_brake_on_invitations_is_waited_out(server):
    server.google.faults.add(status=403, reason="quotaExceeded")
    with pytest.raises(Retryable) as raised:
        listing(server.provider())
    assert raised.value.after == 3_600


def test_a_calendar_of_the_owners_own_is_another(server):
    team = server.google.user(server.owner).add_calendar("Team")
    made = team.insert({**TIMES, "summary": "Stand-up"})["id"]
    provider = server.provider(calendar_id=team.id)
    remote = listing(provider)[0][made]
    assert remote.organises
    [listed] = [one for one in provider.calendars() if not one.primary]
    assert (listed.name, listed.access) == ("Team", "owner")


def test_events_is_the_scope_that_listing_needs(server):
    server.granted = server.google.consent(server.owner, scope=[EVENTS])
    assert listing(server.provider())[0] == {}
