"""Who may do and see what: scopes, roles, redaction, calendar list, free/busy."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.conftest import Service, at, meeting, refusal, weekly
from simulators.google import GoogleSimulator
from simulators.google_owner import Owner
from simulators.google_scopes import PREFIX

ANN, BOB = "ann@corp.example", "bob@corp.example"
Connect = Callable[..., Service]


def call(service: Service, method: str) -> Any:
    """Return a request for a method on somebody's primary calendar."""
    event = {"calendarId": "primary", "eventId": "event"}
    body = {"timeMin": "2026-11-23T00:00:00Z", "timeMax": "2026-11-24T00:00:00Z", "items": []}
    requests = {
        "events.list": lambda: service.events().list(calendarId="primary"),
        "events.get": lambda: service.events().get(**event),
        "events.patch": lambda: service.events().patch(**event, body={"summary": "x"}),
        "events.delete": lambda: service.events().delete(**event),
        "calendarList.list": lambda: service.calendarList().list(),
        "calendars.get": lambda: service.calendars().get(calendarId="primary"),
        "freebusy.query": lambda: service.freebusy().query(body=body),
    }
    return requests[method]()


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("calendar.events", {"events.list", "events.get", "events.patch", "events.delete"}),
        ("calendar.events.readonly", {"events.list", "events.get"}),
        ("calendar.calendarlist.readonly", {"calendarList.list"}),
        ("calendar.freebusy", {"freebusy.query"}),
        ("calendar.events.freebusy", {"events.list", "events.get", "freebusy.query"}),
        (
            "calendar.readonly",
            {"events.list", "events.get", "calendarList.list", "calendars.get", "freebusy.query"},
        ),
    ],
)
def test_each_method_wants_its_scope(
    ann: Owner, connect: Connect, scope: str, allowed: set[str]
) -> None:
    service = connect(ann, scopes=[PREFIX + scope])
    for method in (
        "events.list",
        "events.get",
        "events.patch",
        "calendarList.list",
        "calendars.get",
        "freebusy.query",
        "events.delete",
    ):
        if method.startswith("events") and method != "events.list":
            ann.calendar().seed([meeting(id="event")])
        if method in allowed:
            call(service, method).execute()
        else:
            assert refusal(call(service, method)) == (403, "insufficientPermissions"), method


def test_a_missing_scope_is_named(google: GoogleSimulator, ann: Owner, connect: Connect) -> None:
    service = connect(ann, scopes=[PREFIX + "calendar.freebusy"])
    with pytest.raises(Exception, match="ACCESS_TOKEN_SCOPE_INSUFFICIENT"):
        call(service, "events.list").execute()


def test_bad_and_missing_access_tokens(google: GoogleSimulator, calendar: Service) -> None:
    call(calendar, "events.list").execute()
    google.faults.expire_access_tokens()
    call(calendar, "events.list").execute()  # google-auth renews the token once
    assert [one.status for one in google.requests] == [200, 200, 401, 200, 200]
    request = call(calendar, "events.list")
    request.http = request.http.http  # the same without credentials
    assert refusal(request) == (401, "required")
    request = call(calendar, "events.list")
    request.http, request.headers["Authorization"] = request.http.http, "Bearer made-up"
    assert refusal(request) == (401, "authError")


def test_the_calendar_list(ann: Owner, bob: Owner, calendar: Service) -> None:
    ann.add_calendar("Team")
    bob.calendar().share(ANN, "reader")
    entries = calendar.calendarList().list().execute()["items"]
    assert [(one["summary"], one["accessRole"]) for one in entries] == [
        (ANN, "owner"),
        ("Team", "owner"),
        (BOB, "reader"),
    ]
    assert [one.get("primary", False) for one in entries] == [True, False, False]
    assert entries[2]["timeZone"] == "America/New_York"
    writable = calendar.calendarList().list(minAccessRole="writer").execute()["items"]
    assert len(writable) == 2
    page = calendar.calendarList().list(maxResults=2).execute()
    rest = calendar.calendarList().list(maxResults=2, pageToken=page["nextPageToken"]).execute()
    assert len(page["items"] + rest["items"]) == 3


def test_one_calendar(ann: Owner, bob: Owner, connect: Connect) -> None:
    service = connect(ann, scopes=[PREFIX + "calendar.readonly"])
    assert service.calendars().get(calendarId="primary").execute()["id"] == ANN
    assert service.calendarList().get(calendarId="primary").execute()["primary"] is True
    assert service.calendars().get(calendarId=BOB).execute()["timeZone"] == "America/New_York"
    assert refusal(service.calendarList().get(calendarId=BOB)) == (404, "notFound")
    assert refusal(service.calendars().get(calendarId="x@y.example")) == (404, "notFound")


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("freeBusyReader", {"open": False, "secret": False}),
        ("reader", {"open": True, "secret": False}),
        ("writerWithoutPrivateAccess", {"open": True, "secret": False}),
        ("writer", {"open": True, "secret": True}),
    ],
)
def test_details_by_role(
    ann: Owner, bob: Owner, calendar: Service, role: str, shown: dict[str, bool]
) -> None:
    bob.calendar().insert(meeting(id="open00", description="text"))
    bob.calendar().insert(meeting(id="secret", description="text", visibility="private"))
    bob.calendar().share(ANN, role)
    page = calendar.events().list(calendarId=BOB).execute()
    assert page["accessRole"] == role
    found = {one["id"].rstrip("0"): one for one in page["items"]}
    assert {name: "description" in one for name, one in found.items()} == shown
    for name, visible in shown.items():
        assert found[name]["start"]
        assert visible or found[name]["visibility"] == "private"
        assert visible or "summary" not in found[name]
    request = calendar.events().patch(calendarId=BOB, eventId="open00", body={"summary": "by Ann"})
    if role.startswith("writer"):
        assert request.execute()["summary"] == "by Ann"
    else:
        assert refusal(request) == (403, "forbidden")


def test_colleagues_share_free_and_busy_others_nothing(
    google: GoogleSimulator, bob: Owner, calendar: Service
) -> None:
    google.add_user("eve@client.example")
    bob.calendar().insert(meeting())
    assert "summary" not in calendar.events().list(calendarId=BOB).execute()["items"][0]
    outside = calendar.events().list(calendarId="eve@client.example")
    assert refusal(outside) == (404, "notFound")
    google.world.users[BOB].shares_free_busy = False
    assert refusal(calendar.events().list(calendarId=BOB)) == (404, "notFound")


def busy(calendar: Service, *people: str, **more: Any) -> dict[str, Any]:
    span = {"timeMin": "2026-11-23T00:00:00Z", "timeMax": "2026-12-01T00:00:00Z"}
    body = {**span, "items": [{"id": one} for one in people], **more}
    return calendar.freebusy().query(body=body).execute()["calendars"]


def test_free_busy_merges_and_hides(ann: Owner, bob: Owner, calendar: Service) -> None:
    own = bob.calendar()
    own.insert(meeting("23T09:00", "23T10:00", visibility="private"))
    own.insert(meeting("23T09:30", "23T11:00"))
    own.insert(meeting("23T15:00", "23T16:00", transparency="transparent"))
    own.delete(own.insert(meeting("23T17:00", "23T18:00"))["id"])
    declined = ann.calendar().insert(meeting("24T09:00", "24T10:00", attendees=[{"email": BOB}]))
    own.respond(declined["id"], "declined")
    own.insert({"start": at("11-26"), "end": at("11-27")})
    found = busy(calendar, BOB)[BOB]["busy"]
    assert found == [
        {"start": "2026-11-23T08:00:00Z", "end": "2026-11-23T10:00:00Z"},
        {"start": "2026-11-26T05:00:00Z", "end": "2026-11-27T05:00:00Z"},  # New York's day
    ]


def test_free_busy_of_series_zones_and_strangers(ann: Owner, bob: Owner, calendar: Service) -> None:
    bob.calendar().insert(weekly(id="series"))
    bob.calendar().patch(
        "series_20261130T080000Z", {"start": at("29T12:00"), "end": at("29T13:00")}
    )
    found = busy(calendar, BOB, "x@y.example", timeZone="Europe/Berlin")
    assert [one["start"] for one in found[BOB]["busy"]] == [
        "2026-11-23T09:00:00+01:00",
        "2026-11-29T12:00:00+01:00",
    ]
    assert found["x@y.example"]["errors"] == [{"domain": "global", "reason": "notFound"}]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"items": [{"id": f"{n}@y.example"} for n in range(51)]}, "tooManyCalendarsRequested"),
        ({"timeMax": "2026-11-23T00:00:00Z"}, "timeRangeEmpty"),
        ({"timeMin": None}, "required"),
        ({"timeMin": "today"}, "invalid"),
        ({"timeZone": "Mars/Olympus"}, "invalid"),
        ({"people": []}, "badRequest"),
    ],
)
def test_free_busy_refuses(calendar: Service, body: dict[str, Any], reason: str) -> None:
    span = {"timeMin": "2026-11-23T00:00:00Z", "timeMax": "2026-11-24T00:00:00Z"}
    request = calendar.freebusy().query(body={**span, "items": [], **body})
    assert refusal(request) == (400, reason)


def test_owned_scopes_reach_own_calendars_only(ann: Owner, bob: Owner, connect: Connect) -> None:
    bob.calendar().share(ANN, "writer")
    service = connect(ann, scopes=[PREFIX + "calendar.events.owned"])
    service.events().list(calendarId="primary").execute()
    assert refusal(service.events().list(calendarId=BOB)) == (404, "notFound")


def test_what_is_not_simulated_yet_is_not_found(calendar: Service) -> None:
    body = {"id": "channel", "type": "web_hook", "address": "https://odoo.example/hook"}
    assert refusal(calendar.calendarList().watch(body=body)) == (404, "notFound")
