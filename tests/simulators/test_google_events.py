"""Single events: what the server adds, patch and update, etags, ids, refusals."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.conftest import Clock, Service, at, meeting, refusal
from simulators.google import GoogleSimulator
from simulators.google_events import patched
from simulators.google_owner import Owner


def add(calendar: Service, **body: object) -> dict:
    return calendar.events().insert(calendarId="primary", body={**meeting(), **body}).execute()


def change(calendar: Service, identity: str, **body: object) -> dict:
    return calendar.events().patch(calendarId="primary", eventId=identity, body=body).execute()


def test_server_fills_in_what_it_owns(calendar: Service) -> None:
    event = add(calendar)
    assert event["iCalUID"] == f"{event['id']}@google.com"
    assert event["organizer"] == event["creator"] == {"email": "ann@corp.example", "self": True}
    assert event["created"] == event["updated"] == "2026-11-23T08:00:00.000Z"
    assert (event["status"], event["eventType"], event["sequence"]) == ("confirmed", "default", 0)
    assert event["reminders"] == {"useDefault": True}
    assert event["etag"].startswith('"')
    assert "attendees" not in event  # the organiser is none by itself
    assert event["htmlLink"].startswith("https://www.google.com/calendar/event?eid=")


def test_times_are_shown_in_the_calendars_zone_and_keep_their_own(calendar: Service) -> None:
    event = add(calendar, start=at("23T09:00", "America/New_York"), end=at("23T16:00"))
    assert event["start"] == {
        "dateTime": "2026-11-23T15:00:00+01:00",
        "timeZone": "America/New_York",
    }
    read = calendar.events().get(calendarId="primary", eventId=event["id"], timeZone="UTC")
    assert read.execute()["end"]["dateTime"] == "2026-11-23T15:00:00Z"


def test_times_without_zone_take_the_calendars(calendar: Service) -> None:
    start, end = ({"dateTime": f"2026-11-23T0{hour}:00:00Z"} for hour in (8, 9))
    event = add(calendar, start=start, end=end)
    assert event["start"] == {"dateTime": "2026-11-23T09:00:00+01:00", "timeZone": "Europe/Berlin"}


def test_an_empty_title_is_fine(calendar: Service) -> None:
    event = calendar.events().insert(
        calendarId="primary", body={"start": at("11-24"), "end": at("11-25")}
    )
    assert "summary" not in event.execute()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"end": at("23T08:00")}, "timeRangeEmpty"),
        ({"start": at("11-23"), "end": at("11-23")}, "timeRangeEmpty"),
        ({"start": at("11-23")}, "invalid"),
        ({"end": {}}, "required"),
        ({"start": {"dateTime": "2026-11-23T09:00:00"}}, "required"),
        ({"start": at("23T09:00", "Mars/Olympus")}, "invalid"),
        ({"start": {"dateTime": "tomorrow"}}, "invalid"),
        ({"start": {"date": "2026-02-30"}, "end": at("11-24")}, "invalid"),
        ({"start": {"date": "2026-11-23", "dateTime": "2026-11-23T09:00:00Z"}}, "invalid"),
        ({"colour": "red"}, "badRequest"),
        ({"sequence": "one"}, "invalid"),
        ({"start": "2026-11-23"}, "invalid"),
        ({"visibility": "secret"}, "invalid"),
        ({"status": "maybe"}, "invalid"),
        ({"eventType": "fromGmail"}, "invalid"),
        ({"attendees": [{"displayName": "Nobody"}]}, "required"),
        ({"attendees": [{"email": "nobody"}]}, "invalid"),
        ({"attendees": [{"email": "a@b.example", "responseStatus": "yes"}]}, "invalid"),
        ({"reminders": {"overrides": [{"method": "popup", "minutes": 40_321}]}}, "invalid"),
        ({"reminders": {"overrides": [{"method": "sms", "minutes": 1}]}}, "invalid"),
        ({"reminders": {"overrides": [{"method": "popup", "minutes": 1}] * 6}}, "invalid"),
        (
            {"reminders": {"useDefault": True, "overrides": [{"method": "popup", "minutes": 1}]}},
            "cannotUseDefaultRemindersAndSpecifyOverride",
        ),
        ({"id": "kick-off"}, "invalid"),
        ({"id": "abc"}, "invalid"),
        ({"id": "abcde", "iCalUID": "other@corp.example"}, "invalid"),
        ({"conferenceData": {"createRequest": {}}}, "required"),
    ],
)
def test_what_google_refuses(calendar: Service, body: dict, reason: str) -> None:
    request = calendar.events().insert(
        calendarId="primary", body={**meeting(), **body}, conferenceDataVersion=1
    )
    assert refusal(request) == (400, reason)


def test_a_body_that_is_no_json(calendar: Service) -> None:
    request = calendar.events().insert(calendarId="primary", body=meeting())
    request.body, request.body_size = "{", 1
    assert refusal(request) == (400, "parseError")


def test_a_client_id_makes_create_idempotent(calendar: Service) -> None:
    identity = uuid.uuid4().hex
    assert add(calendar, id=identity)["id"] == identity
    again = calendar.events().insert(calendarId="primary", body=meeting(id=identity))
    assert refusal(again) == (409, "duplicate")
    calendar.events().delete(calendarId="primary", eventId=identity).execute()
    assert refusal(again) == (409, "duplicate")  # deleted ids stay taken
    assert change(calendar, identity, status="confirmed", summary="Again")["summary"] == "Again"


def test_patch_merges_objects_replaces_arrays_and_removes_nulls(calendar: Service) -> None:
    private = {"private": {"one": "1", "two": "2"}}
    guests = [{"email": "x@y.example"}, {"email": "z@y.example"}]
    event = add(calendar, extendedProperties=private, attendees=guests, location="HQ")
    event = change(
        calendar,
        event["id"],
        extendedProperties={"private": {"one": None, "three": "3"}},
        attendees=guests[1:],
        location=None,
    )
    assert event["extendedProperties"] == {"private": {"two": "2", "three": "3"}}
    assert [one["email"] for one in event["attendees"]] == ["z@y.example"]
    assert "location" not in event
    assert event["summary"] == "Kick-off"


def test_update_forgets_what_is_not_sent(calendar: Service) -> None:
    event = add(calendar, location="HQ", visibility="private")
    request = calendar.events().update(
        calendarId="primary", eventId=event["id"], body=meeting(summary="New")
    )
    new = request.execute()
    assert new["summary"] == "New"
    assert not {"location", "visibility"} & set(new)
    assert (new["id"], new["iCalUID"], new["created"]) == tuple(
        event[name] for name in ("id", "iCalUID", "created")
    )
    body = {"summary": "No time"}
    request = calendar.events().update(calendarId="primary", eventId=event["id"], body=body)
    assert refusal(request) == (400, "required")


def test_all_day_and_back(calendar: Service) -> None:
    event = add(calendar)
    half = calendar.events().patch(
        calendarId="primary", eventId=event["id"], body={"start": at("11-24"), "end": at("11-25")}
    )
    assert refusal(half) == (400, "invalid")  # both kinds of start, because objects merge
    none = {"dateTime": None, "timeZone": None}
    event = change(
        calendar, event["id"], start={**none, **at("11-24")}, end={**none, **at("11-25")}
    )
    assert (event["start"], event["end"]) == ({"date": "2026-11-24"}, {"date": "2026-11-25"})


def test_etags_grow_and_guard_writes(calendar: Service, clock: Clock) -> None:
    event = add(calendar)
    clock.forward(minutes=1)
    newer = change(calendar, event["id"], summary="New")
    assert newer["etag"] > event["etag"]
    assert newer["updated"] > event["updated"]
    request = calendar.events().patch(
        calendarId="primary", eventId=event["id"], body={"summary": "Late"}
    )
    request.headers["If-Match"] = event["etag"]
    assert refusal(request) == (412, "conditionNotMet")
    request.headers["If-Match"] = newer["etag"]
    assert request.execute()["summary"] == "Late"
    delete = calendar.events().delete(calendarId="primary", eventId=event["id"])
    delete.headers["If-Match"] = newer["etag"]
    assert refusal(delete) == (412, "conditionNotMet")


def test_an_unchanged_event_is_not_sent_again(google: GoogleSimulator, calendar: Service) -> None:
    event = add(calendar)
    request = calendar.events().get(calendarId="primary", eventId=event["id"])
    request.headers["If-None-Match"] = event["etag"]
    with pytest.raises(Exception, match="304"):
        request.execute()
    assert google.requests[-1].status == 304


def test_reminders_change_the_etag_but_not_updated(calendar: Service, clock: Clock) -> None:
    event = add(calendar)
    clock.forward(hours=1)
    reminders = {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]}
    newer = change(calendar, event["id"], reminders=reminders)
    assert newer["etag"] != event["etag"]
    assert newer["updated"] == event["updated"]


def test_sequence_counts_changes_of_time(calendar: Service) -> None:
    event = add(calendar)
    assert change(calendar, event["id"], summary="New")["sequence"] == 0
    assert change(calendar, event["id"], end=at("23T11:00"))["sequence"] == 1
    back = calendar.events().patch(
        calendarId="primary", eventId=event["id"], body={"sequence": 0, "summary": "Old"}
    )
    assert refusal(back) == (400, "invalid")


def test_delete_and_what_remains(calendar: Service) -> None:
    event = add(calendar)
    delete = calendar.events().delete(calendarId="primary", eventId=event["id"])
    assert delete.execute() == ""
    assert refusal(delete) == (410, "deleted")
    read = calendar.events().get(calendarId="primary", eventId=event["id"]).execute()
    assert (read["status"], read["summary"]) == ("cancelled", "Kick-off")
    unknown = calendar.events().delete(calendarId="primary", eventId="unknown")
    assert refusal(unknown) == (404, "notFound")


def test_cancelling_by_patch_is_deleting(calendar: Service) -> None:
    event = add(calendar)
    assert change(calendar, event["id"], status="cancelled")["status"] == "cancelled"
    assert calendar.events().list(calendarId="primary").execute()["items"] == []


def test_meet_needs_the_version_parameter(calendar: Service) -> None:
    request = {
        "createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}
    }
    assert "conferenceData" not in add(calendar, conferenceData=request)
    event = calendar.events().insert(
        calendarId="primary", body=meeting(conferenceData=request), conferenceDataVersion=1
    )
    event = event.execute()
    assert event["hangoutLink"] == event["conferenceData"]["entryPoints"][0]["uri"]
    assert event["conferenceData"]["createRequest"]["status"] == {"statusCode": "success"}
    assert change(calendar, event["id"], summary="New")["hangoutLink"] == event["hangoutLink"]
    gone = calendar.events().patch(
        calendarId="primary",
        eventId=event["id"],
        body={"conferenceData": None},
        conferenceDataVersion=1,
    )
    assert not {"hangoutLink", "conferenceData"} & set(gone.execute())


def test_extended_properties_have_limits(calendar: Service) -> None:
    event = add(calendar, extendedProperties={"private": {"k" * 45: "lost", "kept": "v" * 2_000}})
    assert event["extendedProperties"] == {"private": {"kept": "v" * 1_024}}


def test_read_only_fields_are_ignored(calendar: Service) -> None:
    event = add(calendar, organizer={"email": "x@y.example"}, hangoutLink="https://x", etag="1")
    assert event["organizer"]["email"] == "ann@corp.example"
    assert "hangoutLink" not in event


def test_kinds_of_events(calendar: Service, ann: Owner) -> None:
    away = add(calendar, eventType="outOfOffice", outOfOfficeProperties={})
    request = calendar.events().patch(
        calendarId="primary", eventId=away["id"], body={"eventType": "default"}
    )
    assert refusal(request) == (400, "eventTypeRestriction")
    flight = ann.calendar().insert(meeting(eventType="fromGmail"))
    listed = calendar.events().list(calendarId="primary", eventTypes=["fromGmail"]).execute()
    assert [one["id"] for one in listed["items"]] == [flight["id"]]


def test_import_keeps_the_organiser_and_sends_nothing(
    google: GoogleSimulator, calendar: Service
) -> None:
    body = meeting(
        iCalUID="42@elsewhere.example",
        organizer={"email": "Eve@elsewhere.example", "displayName": "Eve"},
        attendees=[{"email": "ann@corp.example"}, {"email": "eve@elsewhere.example"}],
    )
    event = calendar.events().import_(calendarId="primary", body=body).execute()
    assert event["organizer"] == {"email": "eve@elsewhere.example", "displayName": "Eve"}
    assert [one.get("self", False) for one in event["attendees"]] == [True, False]
    body = {**body, "summary": "Changed", "sequence": 2}
    again = calendar.events().import_(calendarId="primary", body=body).execute()
    assert (again["id"], again["summary"]) == (event["id"], "Changed")
    assert refusal(calendar.events().import_(calendarId="primary", body=meeting())) == (
        400,
        "required",
    )
    assert google.mails == []


def test_move_to_another_calendar(calendar: Service, ann: Owner) -> None:
    team = ann.add_calendar("Team")
    event = add(calendar)
    request = calendar.events().move(calendarId="primary", eventId=event["id"], destination=team.id)
    moved = request.execute()
    assert moved["id"] == event["id"]
    assert moved["organizer"] == {"email": team.id, "displayName": "Team", "self": True}
    old = calendar.events().get(calendarId="primary", eventId=event["id"]).execute()
    assert old["status"] == "cancelled"
    away = add(calendar, eventType="focusTime")
    request = calendar.events().move(calendarId="primary", eventId=away["id"], destination=team.id)
    assert refusal(request) == (400, "eventTypeRestriction")


names = st.sampled_from("abc")
values = st.none() | st.integers(0, 3) | st.dictionaries(names, st.none() | st.integers(0, 3))
objects = st.dictionaries(names, values)


@settings(max_examples=50, deadline=None)
@given(objects, objects)
def test_patching_twice_is_patching_once(target: dict, patch: dict) -> None:
    once = patched(target, patch)
    assert patched(once, patch) == once
    assert not [name for name, value in patch.items() if value is None and name in once]
    assert {name: once[name] for name in target if name not in patch} == {
        name: value for name, value in target.items() if name not in patch
    }
