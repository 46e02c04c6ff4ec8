"""Series in the simulated Graph: what can be expressed, how Exchange treats what was changed."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.graph import SimulatedGraph
from simulators.graph_kit import Client, at, client, meeting, weekly
from simulators.graph_owner import Owner


@pytest.fixture
def ann(graph: SimulatedGraph) -> Owner:
    return graph.add_user("ann@corp.example", "Ann Archer", "Europe/Berlin")


@pytest.fixture
def http(graph: SimulatedGraph, ann: Owner) -> Client:
    return client(graph, ann)


def series(pattern: dict[str, Any], span: dict[str, Any], **more: Any) -> dict[str, Any]:
    return meeting(recurrence={"pattern": pattern, "range": span}, **more)


def numbered(count: int, start: str = "2026-11-23") -> dict[str, Any]:
    return {"type": "numbered", "startDate": start, "numberOfOccurrences": count}


def days(http: Client, identity: str) -> list[str]:
    return [one["start"]["dateTime"][:10] for one in http.instances(identity)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({"type": "daily", "interval": 2}, ["2026-11-23", "2026-11-25", "2026-11-27"]),
        (
            {"type": "weekly", "interval": 2, "daysOfWeek": ["monday", "wednesday"]},
            ["2026-11-23", "2026-11-25", "2026-12-07"],
        ),
        (
            {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 23},
            ["2026-11-23", "2026-12-23", "2027-01-23"],
        ),
        (
            {"type": "relativeMonthly", "daysOfWeek": ["monday"], "index": "last"},
            ["2026-11-30", "2026-12-28", "2027-01-25"],
        ),
        (
            {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
            ["2026-11-30", "2026-12-31", "2027-01-31"],
        ),
    ],
)
def test_patterns_give_their_days(http: Client, pattern: dict, expected: list[str]):
    event = http.post("/me/events", series(pattern, numbered(3)))

    assert days(http, event["id"]) == expected
    assert event["start"]["dateTime"][:10] == expected[0]
    assert event["recurrence"]["range"]["startDate"] == expected[0]


@pytest.mark.parametrize(
    ("pattern", "span"),
    [
        ({"type": "hourly"}, numbered(3)),
        ({"type": "weekly", "interval": 1}, numbered(3)),
        ({"type": "daily", "interval": 0}, numbered(3)),
        ({"type": "absoluteMonthly", "interval": 1}, numbered(3)),
        ({"type": "absoluteMonthly", "dayOfMonth": [1, 15]}, numbered(3)),
        ({"type": "relativeMonthly", "daysOfWeek": ["monday"], "index": "fifth"}, numbered(3)),
        ({"type": "daily"}, numbered(1000)),
        ({"type": "daily"}, numbered(3, "2026-11-24")),
        ({"type": "daily"}, {"type": "endDate", "startDate": "2026-11-23"}),
        (
            {"type": "daily"},
            {"type": "endDate", "startDate": "2026-11-23", "endDate": "2026-11-22"},
        ),
    ],
)
def test_what_outlook_cannot_express_is_refused(http: Client, pattern: dict, span: dict):
    refused = http.refusal("POST", "/me/events", series(pattern, span))

    assert refused == (400, "ErrorInvalidRecurrence")
    assert http.get("/me/events")["value"] == []


def test_occurrences_may_not_overlap(http: Client):
    body = series({"type": "daily"}, numbered(3), end=at("25T09:00"))

    assert http.refusal("POST", "/me/events", body) == (400, "ErrorOccurrenceTimeSpanTooBig")


def test_every_occurrence_has_its_day_in_its_uid(http: Client):
    master = http.post("/me/events", weekly(3))
    found = http.instances(master["id"])

    assert [one["iCalUId"][32:40] for one in found] == ["07EA0B17", "07EA0B1E", "07EA0C07"]
    zeroed = {f"{one['iCalUId'][:32]}00000000{one['iCalUId'][40:]}" for one in found}
    assert zeroed == {master["iCalUId"]}
    assert {one["seriesMasterId"] for one in found} == {master["id"]}


def test_daylight_saving_moves_no_meeting(http: Client):
    start = {"start": at("2026-10-19T09:00"), "end": at("2026-10-19T10:00")}
    pattern = {"type": "weekly", "daysOfWeek": ["monday"]}
    master = http.post("/me/events", series(pattern, numbered(2, "2026-10-19"), **start))
    window = "startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-11-01T00:00:00Z"

    found = http.get(f"/me/events/{master['id']}/instances?{window}")["value"]

    assert [one["start"]["dateTime"][11:16] for one in found] == ["07:00", "08:00"]


def test_a_changed_and_a_deleted_occurrence(http: Client):
    master = http.post("/me/events", weekly(4))["id"]
    ids = [one["id"] for one in http.instances(master)]
    http.patch(f"/me/events/{ids[1]}", {"start": at("12-01T09:00"), "end": at("12-01T09:30")})
    http.delete(f"/me/events/{ids[2]}")

    found = http.instances(master)
    query = "$select=subject,cancelledOccurrences&$expand=exceptionOccurrences"
    shown = http.get(f"/me/events/{master}?{query}")

    assert [(one["id"], one["type"]) for one in found] == [
        (ids[0], "occurrence"),
        (ids[1], "exception"),
        (ids[3], "occurrence"),
    ]
    assert found[1]["originalStart"] == "2026-11-30T08:00:00Z"
    assert shown["cancelledOccurrences"] == [f"OID.{master}.2026-12-07"]
    assert [one["id"] for one in shown["exceptionOccurrences"]] == [ids[1]]
    assert "cancelledOccurrences" not in http.get(f"/me/events/{master}")
    assert http.refusal("GET", f"/me/events/{ids[2]}") == (404, "ErrorItemNotFound")


def test_a_list_of_events_has_no_occurrences(http: Client):
    master = http.post("/me/events", weekly())["id"]
    http.patch(f"/me/events/{http.instances(master)[0]['id']}", {"subject": "Other"})

    assert [one["id"] for one in http.get("/me/events")["value"]] == [master]


@pytest.mark.parametrize("day", ["11-23", "11-24", "12-07", "12-08"])
def test_an_occurrence_does_not_pass_its_neighbours(http: Client, day: str):
    master = http.post("/me/events", weekly())["id"]
    second = f"/me/events/{http.instances(master)[1]['id']}"
    body = {"start": at(f"{day}T12:00"), "end": at(f"{day}T13:00")}

    if day == "11-24":
        http.patch(second, body)
        return
    assert http.refusal("PATCH", second, body) == (400, "ErrorOccurrenceCrossingBoundary")
    assert http.instances(master)[1]["type"] == "occurrence"


def test_where_a_neighbour_was_deleted_there_is_room(http: Client):
    master = http.post("/me/events", weekly())["id"]
    ids = [one["id"] for one in http.instances(master)]
    http.delete(f"/me/events/{ids[2]}")

    http.patch(f"/me/events/{ids[1]}", {"start": at("12-08T09:00"), "end": at("12-08T10:00")})


def changed(http: Client) -> tuple[str, list[str]]:
    """Return a series with an exception and a deleted occurrence."""
    master = http.post("/me/events", weekly(4))["id"]
    ids = [one["id"] for one in http.instances(master)]
    http.patch(f"/me/events/{ids[1]}", {"subject": "Special"})
    http.delete(f"/me/events/{ids[2]}")
    return master, ids


@pytest.mark.parametrize(
    "body",
    [
        {"start": at("23T11:00"), "end": at("23T12:00")},
        {"end": at("23T10:30")},
        {"recurrence": weekly(5)["recurrence"]},
    ],
)
def test_a_new_time_or_rule_forgets_what_was_changed(http: Client, body: dict):
    master, _ = changed(http)

    http.patch(f"/me/events/{master}", body)

    found = http.instances(master)
    assert len(found) == (5 if "recurrence" in body else 4)
    assert {one["type"] for one in found} == {"occurrence"}


@pytest.mark.parametrize("body", [{"subject": "Everybody"}, weekly(4, subject="Everybody")])
def test_other_changes_leave_it(http: Client, body: dict):
    master, ids = changed(http)

    http.patch(f"/me/events/{master}", body)

    found = {one["id"]: one["subject"] for one in http.instances(master)}
    assert found == {ids[0]: "Everybody", ids[1]: "Special", ids[3]: "Everybody"}


def test_a_changed_occurrence_makes_the_master_a_new_version(http: Client):
    master = http.post("/me/events", weekly())
    second = http.instances(master["id"])[1]
    http.patch(f"/me/events/{second['id']}", {"subject": "Special"})

    path, old = f"/me/events/{master['id']}", master["@odata.etag"]
    assert http.refusal("PATCH", path, {"subject": "x"}, If_Match=old)[0] == 412


def test_an_occurrence_has_no_rule_of_its_own(http: Client):
    master = http.post("/me/events", weekly())["id"]
    first = http.instances(master)[0]["id"]
    body = {"recurrence": weekly()["recurrence"]}

    assert http.refusal("PATCH", f"/me/events/{first}", body)[0] == 400


def test_a_series_may_become_single_and_a_single_a_series(http: Client):
    master = http.post("/me/events", weekly())["id"]

    assert http.patch(f"/me/events/{master}", {"recurrence": None})["type"] == "singleInstance"
    body = {"recurrence": weekly(2)["recurrence"]}
    assert http.patch(f"/me/events/{master}", body)["type"] == "seriesMaster"
    assert len(http.instances(master)) == 2


def test_an_all_day_series_is_known_by_its_dates(http: Client):
    pattern = {"type": "daily", "interval": 7}
    body = series(pattern, numbered(2, "2026-12-24"), start=at("12-24"), end=at("12-25"))
    master = http.post("/me/events", {**body, "isAllDay": True})["id"]

    assert [one["originalStart"] for one in http.instances(master)] == [
        "2026-12-24T00:00:00Z",
        "2026-12-31T00:00:00Z",
    ]


def test_the_last_occurrence_takes_the_series_with_it(http: Client):
    master = http.post("/me/events", weekly(1))["id"]

    http.delete(f"/me/events/{http.instances(master)[0]['id']}")

    assert http.refusal("GET", f"/me/events/{master}") == (404, "ErrorItemNotFound")
