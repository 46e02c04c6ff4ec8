"""Recurring events: instances, exceptions, changes of the whole, splitting."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.conftest import Service, at, meeting, refusal, weekly
from simulators.google_owner import Owner
from simulators.google_recurrence import Series
from simulators.google_time import UTC, parse

Event = dict[str, Any]


def add(calendar: Service, **body: Any) -> str:
    body = {**weekly(), "id": "series", **body}
    return calendar.events().insert(calendarId="primary", body=body).execute()["id"]


def patch(calendar: Service, identity: str, **body: Any) -> Event:
    return calendar.events().patch(calendarId="primary", eventId=identity, body=body).execute()


def instances(calendar: Service, identity: str = "series", **query: Any) -> list[Event]:
    request = calendar.events().instances(calendarId="primary", eventId=identity, **query)
    return request.execute()["items"]


def listed(calendar: Service, **query: Any) -> dict[str, Event]:
    items = calendar.events().list(calendarId="primary", **query).execute()["items"]
    return {one["id"]: one for one in items}


def starts(events: list[Event]) -> list[str]:
    return [one["start"].get("dateTime", one["start"].get("date"))[5:16] for one in events]


def test_instances_carry_their_original_start(calendar: Service) -> None:
    add(calendar)
    found = instances(calendar)
    assert [one["id"] for one in found] == [
        "series_20261123T080000Z",
        "series_20261130T080000Z",
        "series_20261207T080000Z",
        "series_20261214T080000Z",
    ]
    assert found[1]["originalStartTime"] == found[1]["start"]
    assert {one["recurringEventId"] for one in found} == {"series"}
    assert {one["iCalUID"] for one in found} == {"series@google.com"}
    assert not any("recurrence" in one for one in found)


def test_the_wall_clock_counts_not_utc(calendar: Service) -> None:
    body = meeting("2026-10-19T09:00", "2026-10-19T10:00", recurrence=["RRULE:FREQ=WEEKLY;COUNT=2"])
    add(calendar, **body)
    assert starts(instances(calendar)) == ["10-19T09:00", "10-26T09:00"]
    assert instances(calendar)[1]["id"] == "series_20261026T080000Z"


def test_instances_can_be_narrowed(calendar: Service) -> None:
    add(calendar)
    wanted = {"originalStart": "2026-11-30T08:00:00Z"}
    assert starts(instances(calendar, **wanted)) == ["11-30T09:00"]
    assert starts(instances(calendar, timeMin="2026-12-07T09:00:00Z")) == ["12-14T09:00"]
    assert starts(instances(calendar, timeMax="2026-11-30T08:00:00Z")) == ["11-23T09:00"]
    first = calendar.events().instances(calendarId="primary", eventId="series", maxResults=3)
    page = first.execute()
    rest = calendar.events().instances_next(first, page).execute()
    assert starts(page["items"] + rest["items"])[-1] == "12-14T09:00"


def test_an_edited_instance_is_an_item_of_its_own(calendar: Service) -> None:
    add(calendar)
    moved = patch(calendar, "series_20261130T080000Z", start=at("30T14:00"), end=at("30T15:00"))
    assert moved["id"] == "series_20261130T080000Z"
    assert moved["originalStartTime"]["dateTime"] == "2026-11-30T09:00:00+01:00"
    items = listed(calendar)
    assert set(items) == {"series", moved["id"]}
    assert starts(instances(calendar)) == [
        "11-23T09:00",
        "11-30T14:00",
        "12-07T09:00",
        "12-14T09:00",
    ]


def test_a_deleted_instance_stays_in_the_listing_of_its_series(calendar: Service) -> None:
    add(calendar)
    gone = "series_20261207T080000Z"
    calendar.events().delete(calendarId="primary", eventId=gone).execute()
    item = listed(calendar)[gone]
    assert set(item) == {"kind", "etag", "id", "status", "recurringEventId", "originalStartTime"}
    assert (item["status"], item["recurringEventId"]) == ("cancelled", "series")
    assert gone not in listed(calendar, singleEvents=True)
    assert len(instances(calendar)) == 3
    assert len(instances(calendar, showDeleted=True)) == 4
    assert patch(calendar, gone, status="confirmed")["status"] == "confirmed"
    assert len(instances(calendar)) == 4


def test_single_events_expand_within_the_window(calendar: Service) -> None:
    add(calendar, recurrence=["RRULE:FREQ=DAILY"])
    query = {"singleEvents": True, "orderBy": "startTime"}
    span = {"timeMin": "2027-02-01T00:00:00Z", "timeMax": "2027-02-04T00:00:00Z"}
    found = list(listed(calendar, **query, **span).values())
    assert starts(found) == ["02-01T09:00", "02-02T09:00", "02-03T09:00"]
    assert len(listed(calendar, singleEvents=True, maxResults=2_500)) == 730  # two years


def test_pages_of_expanded_series(calendar: Service) -> None:
    add(calendar, recurrence=["RRULE:FREQ=DAILY;COUNT=25"])
    request = calendar.events().list(calendarId="primary", singleEvents=True, maxResults=10)
    found = []
    while request is not None:
        page = request.execute()
        found += [one["id"] for one in page["items"]]
        request = calendar.events().list_next(request, page)
    assert len(found) == len(set(found)) == 25


def test_only_the_changed_instance_comes_with_a_sync(calendar: Service, ann: Owner) -> None:
    add(calendar)
    token = calendar.events().list(calendarId="primary").execute()["nextSyncToken"]
    ann.calendar().patch("series_20261130T080000Z", {"summary": "Special"})
    assert set(listed(calendar, syncToken=token)) == {"series_20261130T080000Z"}


def test_exceptions_follow_the_series_in_what_is_not_their_own(calendar: Service) -> None:
    add(calendar, location="HQ")
    patch(calendar, "series_20261130T080000Z", summary="Special")
    token = calendar.events().list(calendarId="primary").execute()["nextSyncToken"]
    patch(calendar, "series", summary="General", location="Moon")
    changed = listed(calendar, syncToken=token)
    special = changed["series_20261130T080000Z"]
    assert (special["summary"], special["location"]) == ("Special", "Moon")
    assert changed["series"]["summary"] == "General"


def test_a_series_that_moves_takes_its_exceptions_along(calendar: Service) -> None:
    add(calendar)
    patch(calendar, "series_20261130T080000Z", summary="Special")
    calendar.events().delete(calendarId="primary", eventId="series_20261207T080000Z").execute()
    token = calendar.events().list(calendarId="primary").execute()["nextSyncToken"]
    patch(calendar, "series", start=at("24T11:00"), end=at("24T12:00"))
    changed = listed(calendar, syncToken=token)
    assert {one: changed[one]["status"] for one in sorted(changed)} == {
        "series": "confirmed",
        "series_20261130T080000Z": "cancelled",
        "series_20261201T100000Z": "confirmed",
        "series_20261207T080000Z": "cancelled",
        "series_20261208T100000Z": "cancelled",
    }
    assert changed["series_20261201T100000Z"]["summary"] == "Special"
    assert starts(instances(calendar)) == ["11-24T11:00", "12-01T11:00", "12-15T11:00"]


def test_exceptions_end_with_the_rule(calendar: Service) -> None:
    add(calendar)
    patch(calendar, "series_20261207T080000Z", summary="Special")
    patch(calendar, "series", recurrence=["RRULE:FREQ=WEEKLY;UNTIL=20261130T080000Z"])
    assert set(listed(calendar)) == {"series"}
    assert listed(calendar, showDeleted=True)["series_20261207T080000Z"]["status"] == "cancelled"


def test_from_timed_to_all_day_orphans_exceptions(calendar: Service) -> None:
    add(calendar)
    patch(calendar, "series_20261130T080000Z", summary="Special")
    none = {"dateTime": None, "timeZone": None}
    patch(calendar, "series", start={**none, **at("11-23")}, end={**none, **at("11-24")})
    assert [one["id"] for one in instances(calendar)][:2] == ["series_20261123", "series_20261130"]
    assert not any(one["summary"] == "Special" for one in instances(calendar))


def test_deleting_the_series_deletes_everything(calendar: Service) -> None:
    add(calendar)
    patch(calendar, "series_20261130T080000Z", summary="Special")
    token = calendar.events().list(calendarId="primary").execute()["nextSyncToken"]
    calendar.events().delete(calendarId="primary", eventId="series").execute()
    changed = listed(calendar, syncToken=token)
    assert {one["status"] for one in changed.values()} == {"cancelled"}
    assert set(changed) == {"series", "series_20261130T080000Z"}
    assert listed(calendar) == {}


def test_a_series_becomes_a_single_event(calendar: Service) -> None:
    add(calendar)
    assert "recurrence" not in patch(calendar, "series", recurrence=None)
    request = calendar.events().instances(calendarId="primary", eventId="series")
    assert refusal(request) == (400, "invalid")


@pytest.mark.parametrize(
    "identity",
    ["series_20261124T080000Z", "series_20261130", "other_20261130T080000Z", "series_2026"],
)
def test_what_is_no_occurrence_is_not_found(calendar: Service, identity: str) -> None:
    add(calendar)
    request = calendar.events().get(calendarId="primary", eventId=identity)
    assert refusal(request) == (404, "notFound")


@pytest.mark.parametrize(
    "lines",
    [
        ["RRULE:FREQ=NEVER"],
        ["FREQ=DAILY"],
        ["DTSTART:20261123T080000Z", "RRULE:FREQ=DAILY"],
        ["EXDATE:20261123T080000Z"],
        ["RRULE:FREQ=DAILY;UNTIL=20261130"],
        ["RRULE:FREQ=DAILY;UNTIL=20261130T090000"],
        ["RRULE:FREQ=DAILY;COUNT=2;UNTIL=20261130T090000Z"],
        ["RRULE:FREQ=DAILY", "EXDATE;TZID=Mars/Olympus:20261124T090000"],
        ["RDATE;VALUE=PERIOD:20261124T090000Z/PT1H"],
    ],
)
def test_rules_that_are_refused(calendar: Service, lines: list[str]) -> None:
    request = calendar.events().insert(calendarId="primary", body=meeting(recurrence=lines))
    assert refusal(request) == (400, "invalid")


def test_a_series_needs_a_zone(calendar: Service) -> None:
    start, end = ({"dateTime": f"2026-11-23T{hour}:00:00+01:00"} for hour in ("09", "10"))
    body = {"start": start, "end": end, "recurrence": ["RRULE:FREQ=DAILY"]}
    request = calendar.events().insert(calendarId="primary", body=body)
    assert refusal(request) == (400, "required")


def test_dates_are_added_and_excluded(calendar: Service) -> None:
    lines = [
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "EXDATE;TZID=Europe/Berlin:20261130T090000",
        "RDATE:20261201T130000Z,20261123T080000Z",
        "EXRULE:FREQ=MONTHLY;BYMONTHDAY=7",
    ]
    add(calendar, recurrence=lines)
    assert starts(instances(calendar)) == ["11-23T09:00", "12-01T14:00"]


def test_the_first_start_counts_even_where_the_rule_does_not_give_it(calendar: Service) -> None:
    add(calendar, recurrence=["RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3"])
    assert starts(instances(calendar)) == ["11-23T09:00", "11-25T09:00", "12-02T09:00"]


def test_a_stricter_visibility_of_one_instance_holds_for_all(calendar: Service) -> None:
    add(calendar)
    patch(calendar, "series_20261130T080000Z", visibility="private")
    assert listed(calendar)["series"]["visibility"] == "private"
    looser = patch(calendar, "series_20261207T080000Z", visibility="public")
    assert listed(calendar)[looser["id"]]["visibility"] == "private"


def test_this_and_following_makes_two_series(calendar: Service, ann: Owner) -> None:
    add(
        calendar,
        recurrence=["RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20261214T080000Z,20261130T080000Z"],
    )
    new = ann.calendar().split("series_20261207T080000Z", {"summary": "Later"})
    assert new["id"] == "series_R20261207T080000"
    assert new["iCalUID"] == "series_R20261207T080000@google.com"
    assert new["recurrence"] == ["RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:20261214T080000Z"]
    old = ann.calendar().get("series")
    assert old["recurrence"] == [
        "RRULE:FREQ=WEEKLY;UNTIL=20261207T075959Z",
        "EXDATE:20261130T080000Z",
    ]
    assert starts(instances(calendar)) == ["11-23T09:00"]
    later = instances(calendar, new["id"])
    assert [one["id"] for one in later] == ["series_20261207T080000Z"]
    assert later[0]["recurringEventId"] == new["id"]


def test_exceptions_behind_the_split_belong_to_the_new_series(
    calendar: Service, ann: Owner
) -> None:
    add(calendar)
    patch(calendar, "series_20261214T080000Z", summary="Special")
    new = ann.calendar().split("series_20261207T080000Z")
    special = listed(calendar)["series_20261214T080000Z"]
    assert (special["summary"], special["recurringEventId"]) == ("Special", new["id"])
    assert set(listed(calendar)) == {"series", new["id"], special["id"]}


zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Sydney", "UTC"])
rules = st.sampled_from(
    ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;INTERVAL=9"]
)


@settings(max_examples=40, deadline=None)
@given(zones, rules, st.integers(0, 23), st.integers(1, 40), st.sets(st.integers(0, 20)))
def test_every_occurrence_keeps_its_hour(
    zone: str, rule: str, hour: int, count: int, excluded: set[int]
) -> None:
    start = {"dateTime": f"2026-03-05T{hour:02d}:30:00", "timeZone": zone}
    master = {"start": start, "end": start, "recurrence": [f"RRULE:{rule};COUNT={count}"]}
    series = Series.of(master)
    moments = list(series.originals())
    assert moments == sorted(set(moments))
    assert {moment.hour for moment in moments} == {hour}
    assert len(moments) == count
    assert all(series.from_stamp(series.stamp(one)) == one for one in moments if hour > 3)
    out = [
        f"{series.instant(one):%Y%m%dT%H%M%SZ}" for n, one in enumerate(moments) if n in excluded
    ]
    if hour > 3 and out:  # clocks change at night, where a wall time may not exist
        master["recurrence"].append("EXDATE:" + ",".join(out))
        assert len(list(Series.of(master).originals())) == count - len(out)


def test_an_end_before_daylight_saving_stays_on_the_wall() -> None:
    start, end = at("2026-10-24T22:00"), at("2026-10-25T06:00")
    series = Series.of({"start": start, "end": end, "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=2"]})
    second = list(series.originals())[1]
    assert series.end(second) - series.instant(second) == timedelta(hours=8)
    assert series.end(second) == parse("2026-11-01T05:00:00Z").astimezone(UTC)
