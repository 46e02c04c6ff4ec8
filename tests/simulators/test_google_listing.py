"""events.list: filters, pages, sync tokens, partial answers."""

from typing import Any

import pytest

from simulators.conftest import Clock, Service, at, meeting, refusal, weekly
from simulators.google import GoogleSimulator
from simulators.google_owner import Owner

FULL = {"showDeleted": True, "singleEvents": False, "maxResults": 2_500}


def listing(calendar: Service, **query: Any) -> dict[str, Any]:
    return calendar.events().list(calendarId="primary", **query).execute()


def everything(calendar: Service, **query: Any) -> tuple[list[dict[str, Any]], str]:
    """Return all items and the sync token, as list_next pages through them."""
    items: list[dict[str, Any]] = []
    request = calendar.events().list(calendarId="primary", **query)
    while request is not None:
        page = request.execute()
        assert ("nextPageToken" in page) != ("nextSyncToken" in page)
        items += page["items"]
        request = calendar.events().list_next(request, page)
    return items, page["nextSyncToken"]


def titles(items: list[dict[str, Any]]) -> list[str]:
    return sorted(one.get("summary", one["status"]) for one in items)


def test_the_page_says_whose_calendar_it_is(calendar: Service) -> None:
    page = listing(calendar)
    assert page["kind"] == "calendar#events"
    assert (page["summary"], page["timeZone"]) == ("ann@corp.example", "Europe/Berlin")
    assert page["accessRole"] == "owner"
    assert page["defaultReminders"] == [{"method": "popup", "minutes": 10}]


def test_pages_hold_everything_once(calendar: Service, ann: Owner) -> None:
    made = {ann.calendar().insert(meeting(summary=f"{n}"))["id"] for n in range(23)}
    items, _ = everything(calendar, maxResults=5)
    assert len(items) == 23
    assert {one["id"] for one in items} == made
    assert len(listing(calendar, maxResults=5)["items"]) == 5


def test_the_default_page_has_250_and_no_page_more_than_2500(
    google: GoogleSimulator, calendar: Service
) -> None:
    google.seed([meeting(summary=f"{n}") for n in range(2_600)])
    assert len(listing(calendar)["items"]) == 250
    assert len(listing(calendar, maxResults=9_999)["items"]) == 2_500


def test_order_is_stable_and_means_nothing(google: GoogleSimulator, calendar: Service) -> None:
    google.seed([meeting(id=f"event{n:05d}") for n in range(50)])
    first, second = (
        [one["id"] for one in listing(calendar, maxResults=size)["items"]] for size in (50, 25)
    )
    assert first != sorted(first)
    assert first[:25] == second


def test_a_foreign_page_token_is_refused(calendar: Service) -> None:
    request = calendar.events().list(calendarId="primary", pageToken="nonsense")
    assert refusal(request) == (400, "invalid")


def test_order_by_start_and_by_update(calendar: Service, ann: Owner, clock: Clock) -> None:
    for day in ("25", "24", "26"):
        clock.forward(minutes=1)
        ann.calendar().insert(meeting(f"{day}T09:00", f"{day}T10:00", summary=day))
    query = {"singleEvents": True, "orderBy": "startTime", "maxResults": 2}
    page = listing(calendar, **query)
    assert [one["summary"] for one in page["items"]] == ["24", "25"]
    page = listing(calendar, pageToken=page["nextPageToken"], **query)
    assert [one["summary"] for one in page["items"]] == ["26"]
    assert "nextSyncToken" not in page  # ordered listings are not for synchronising
    updated = listing(calendar, orderBy="updated")["items"]
    assert [one["summary"] for one in updated] == ["25", "24", "26"]
    unordered = calendar.events().list(calendarId="primary", orderBy="startTime")
    assert refusal(unordered) == (400, "badRequest")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"timeMin": "2026-11-23T09:00:00Z"}, ["all day", "series"]),  # an end is exclusive
        ({"timeMin": "2026-11-23T08:59:59Z"}, ["all day", "morning", "series"]),
        ({"timeMax": "2026-11-23T08:00:00Z"}, ["all day"]),
        ({"timeMax": "2026-11-23T08:00:01Z"}, ["all day", "morning", "series"]),
        ({"timeMin": "2026-12-01T00:00:00+01:00"}, ["series"]),
        ({"timeMin": "2026-12-15T00:00:00Z"}, []),
        ({"timeMin": "2026-12-01T00:00:00Z", "timeMax": "2026-12-07T00:00:00Z"}, []),
        ({"timeMin": "2026-12-01T00:00:00Z", "timeMax": "2026-12-07T09:00:00Z"}, ["series"]),
        ({"q": "ALL"}, ["all day"]),
        ({"q": "eve@"}, ["morning"]),
        ({"privateExtendedProperty": "odoo=1"}, ["morning"]),
        ({"privateExtendedProperty": ["odoo=1", "other=2"]}, []),
        ({"sharedExtendedProperty": "team=a"}, ["morning"]),
        ({"iCalUID": "series@google.com"}, ["series"]),
        ({"eventTypes": ["outOfOffice"]}, []),
        ({"eventTypes": ["outOfOffice", "default"]}, ["all day", "morning", "series"]),
    ],
)
def test_filters(calendar: Service, ann: Owner, query: dict[str, Any], found: list[str]) -> None:
    properties = {"private": {"odoo": "1"}, "shared": {"team": "a"}}
    guests = [{"email": "eve@y.example"}]
    own = ann.calendar()
    own.insert(meeting(summary="morning", extendedProperties=properties, attendees=guests))
    own.insert({"summary": "all day", "start": at("11-22"), "end": at("11-24")})
    own.seed([weekly(summary="series", id="series")])  # until 14 December
    assert titles(listing(calendar, **query)["items"]) == found


def test_an_empty_span_is_refused(calendar: Service) -> None:
    moment = "2026-11-23T08:00:00Z"
    request = calendar.events().list(calendarId="primary", timeMin=moment, timeMax=moment)
    assert refusal(request) == (400, "timeRangeEmpty")


@pytest.mark.parametrize(
    "query", ["timeMin=monday", "maxResults=all", "singleEvents=yes", "orderBy=title", "since=1"]
)
def test_wrong_parameters_are_refused(calendar: Service, query: str) -> None:
    request = calendar.events().list(calendarId="primary")
    request.uri += f"&{query}"
    assert refusal(request)[0] == 400


def test_an_incremental_sync_brings_only_changes(calendar: Service, ann: Owner) -> None:
    own = ann.calendar()
    kept, changed, deleted = (own.insert(meeting(summary=name))["id"] for name in "abc")
    items, token = everything(calendar, **FULL)
    assert titles(items) == ["a", "b", "c"]
    own.patch(changed, {"summary": "b2"})
    own.patch(changed, {"summary": "b3"})
    own.delete(deleted)
    items, token = everything(calendar, **FULL, syncToken=token)
    assert titles(items) == ["b3", "cancelled"]
    gone = next(one for one in items if one["status"] == "cancelled")
    assert set(gone) == {"kind", "etag", "id", "status"}  # all that is guaranteed
    items, again = everything(calendar, **FULL, syncToken=token)
    assert items == []
    assert everything(calendar, **FULL, syncToken=again)[0] == []
    assert kept not in {one["id"] for one in items}


def test_an_incremental_sync_has_pages_too(calendar: Service, ann: Owner) -> None:
    _, token = everything(calendar, maxResults=2)
    for number in range(5):
        ann.calendar().insert(meeting(summary=f"{number}"))
    items, _ = everything(calendar, maxResults=2, syncToken=token)
    assert titles(items) == list("01234")


def test_what_changes_during_paging_comes_with_the_next_sync(calendar: Service, ann: Owner) -> None:
    ids = [ann.calendar().insert(meeting(summary=f"{n}"))["id"] for n in range(4)]
    page = listing(calendar, maxResults=2)
    for identity in ids:
        ann.calendar().patch(identity, {"summary": "new"})
    page = listing(calendar, maxResults=2, pageToken=page["nextPageToken"])
    items, _ = everything(calendar, syncToken=page["nextSyncToken"])
    assert titles(items) == ["new"] * 4


def test_deleted_details_where_the_reference_allows_them(
    google: GoogleSimulator, calendar: Service, ann: Owner
) -> None:
    identity = ann.calendar().insert(meeting())["id"]
    ann.calendar().delete(identity)
    google.api.minimal_tombstones = False
    assert listing(calendar)["items"] == []
    assert listing(calendar, showDeleted=True)["items"][0]["summary"] == "Kick-off"


@pytest.mark.parametrize(
    "query",
    [
        {"timeMin": "2026-01-01T00:00:00Z"},
        {"timeMax": "2026-01-01T00:00:00Z"},
        {"updatedMin": "2026-11-22T00:00:00Z"},
        {"q": "x"},
        {"orderBy": "updated"},
        {"iCalUID": "x"},
        {"privateExtendedProperty": "a=b"},
        {"showDeleted": False},
        {"singleEvents": True},  # not as in the first request
        {"eventTypes": ["default"]},
    ],
)
def test_a_sync_token_bears_no_other_restriction(calendar: Service, query: dict) -> None:
    _, token = everything(calendar)
    request = calendar.events().list(calendarId="primary", syncToken=token, **query)
    assert refusal(request) == (400, "badRequest")


def test_expired_and_foreign_sync_tokens(
    google: GoogleSimulator, calendar: Service, ann: Owner
) -> None:
    _, token = everything(calendar)
    team = ann.add_calendar("Team")
    for identity, text in ((team.id, token), ("primary", "nonsense")):
        request = calendar.events().list(calendarId=identity, syncToken=text)
        assert refusal(request) == (410, "fullSyncRequired")
    google.faults.expire_sync_tokens()
    request = calendar.events().list(calendarId="primary", syncToken=token)
    assert refusal(request) == (410, "fullSyncRequired")
    assert everything(calendar)[1] != token


@pytest.mark.parametrize(
    ("leaving", "found"), [("full", ["moved"]), ("cancelled", ["cancelled"]), ("silent", [])]
)
def test_an_event_that_leaves_the_window_of_the_token(
    google: GoogleSimulator, calendar: Service, ann: Owner, leaving: str, found: list[str]
) -> None:
    google.api.leaving = leaving
    inside = ann.calendar().insert(meeting(summary="inside"))["id"]
    outside = ann.calendar().insert(meeting("02T09:00", "02T10:00", summary="outside"))["id"]
    items, token = everything(calendar, timeMin="2026-11-20T00:00:00Z")
    assert titles(items) == ["inside"]
    past = {"start": at("03T09:00"), "end": at("03T10:00")}
    ann.calendar().patch(inside, {"summary": "moved", **past})
    ann.calendar().patch(outside, {"summary": "still outside"})
    assert titles(everything(calendar, syncToken=token)[0]) == found


def test_updated_min(calendar: Service, ann: Owner, clock: Clock) -> None:
    deleted = ann.calendar().insert(meeting(summary="deleted"))["id"]
    ann.calendar().insert(meeting(summary="old"))
    clock.forward(hours=1)
    ann.calendar().insert(meeting(summary="new"))
    ann.calendar().delete(deleted)
    page = listing(calendar, updatedMin="2026-11-23T08:30:00Z")
    assert titles(page["items"]) == ["cancelled", "new"]
    request = calendar.events().list(calendarId="primary", updatedMin="2026-10-01T00:00:00Z")
    assert refusal(request) == (410, "updatedMinTooLongAgo")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("items(id,status),nextSyncToken", {"items": [{"id": "event00", "status": "confirmed"}]}),
        ("items/id", {"items": [{"id": "event00"}]}),
        ("items(start/dateTime,id)", {"items": [{"start": {}, "id": "event00"}]}),
        (
            "summary,items/organizer/email",
            {"items": [{"organizer": {"email": "ann@corp.example"}}]},
        ),
        ("timeZone", {"timeZone": "Europe/Berlin"}),
    ],
)
def test_partial_answers(
    calendar: Service, ann: Owner, fields: str, expected: dict[str, Any]
) -> None:
    ann.calendar().insert(meeting(id="event00"))
    page = listing(calendar, fields=fields)
    page.pop("nextSyncToken", None)
    page.pop("summary", None)
    for one in page.get("items", ()):
        if "start" in one:
            assert set(one["start"]) == {"dateTime"}
            one["start"] = {}
    assert page == expected


def test_a_wrong_selector_is_refused(calendar: Service) -> None:
    request = calendar.events().list(calendarId="primary", fields="items(id")
    assert refusal(request) == (400, "invalidParameter")


def test_a_very_long_address_goes_as_post(calendar: Service, ann: Owner) -> None:
    ann.calendar().insert(meeting())
    page = listing(calendar, q="x" * 2_100)
    assert page["items"] == []
