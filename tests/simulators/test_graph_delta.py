"""calendarView/delta in the simulated Graph: rounds, pages, what leaves, what expires."""

from __future__ import annotations

import pytest
import requests

from simulators.graph import SimulatedGraph
from simulators.graph_kit import IMMUTABLE, WINDOW, Client, at, client, meeting, weekly
from simulators.graph_owner import Owner

DELTA = f"/me/calendarView/delta?{WINDOW}"


@pytest.fixture
def ann(graph: SimulatedGraph) -> Owner:
    return graph.add_user("ann@corp.example", "Ann Archer", "Europe/Berlin")


@pytest.fixture
def http(graph: SimulatedGraph, ann: Owner) -> Client:
    return client(graph, ann)


def test_a_window_must_be_named_and_nothing_may_be_selected(http: Client):
    assert http.refusal("GET", "/me/calendarView/delta")[0] == 400
    for name in ("$select=subject", "$expand=x", "$filter=a eq 1", "$orderby=start", "$top=5"):
        assert http.refusal("GET", f"{DELTA}&{name}") == (400, "ErrorInvalidUrlQuery")


def test_only_the_default_calendar_has_a_delta(http: Client, ann: Owner):
    other = http.get("/me/calendars")["value"][0]["id"]
    ann.create(meeting(), ann.add_calendar("Other"))

    assert http.refusal("GET", f"/me/calendars/{other}/calendarView/delta?{WINDOW}")[0] == 400
    assert http.round()[0] == []


def test_links_are_absolute_and_lead_back_here(graph: SimulatedGraph, http: Client, ann: Owner):
    ann.create(meeting())
    _, link = http.round()
    assert link.startswith(f"{graph.api_url}/me/calendarView/delta?$deltatoken=")

    secure = http.get(f"{graph.secure_api_url}{DELTA}")["@odata.deltaLink"]
    assert secure.startswith(graph.secure_api_url)


def test_pages_have_the_preferred_size_and_one_delta_link(http: Client, ann: Owner):
    for hour in range(10, 17):
        ann.create(meeting(f"23T{hour}:00", f"23T{hour}:30"))
    sizes, link = [], DELTA
    while link:
        page = http.get(link, Prefer=f"{IMMUTABLE}, odata.maxpagesize=3")
        assert ("@odata.nextLink" in page) != ("@odata.deltaLink" in page)
        sizes.append(len(page["value"]))
        link = page.get("@odata.nextLink")

    assert sizes == [3, 3, 1]


def test_a_round_sees_the_calendar_as_it_was_when_it_began(http: Client, ann: Owner):
    for hour in range(10, 22):
        ann.create(meeting(f"23T{hour}:00", f"23T{hour}:30"))
    page = http.get(DELTA)
    late = ann.create(meeting(subject="Late"))

    rest, link = http.round(page["@odata.nextLink"])

    assert late["id"] not in {one["id"] for one in page["value"] + rest}
    assert [one["id"] for one in http.round(link)[0]] == [late["id"]]


def test_masters_and_exceptions_come_whole_and_occurrences_bare(http: Client, ann: Owner):
    master = ann.create(weekly(3, subject="Weekly"))
    second = http.instances(master["id"])[1]
    ann.patch(second["id"], {"subject": "Moved"})

    found = {one["type"]: one for one in http.round()[0]}

    assert set(found) == {"seriesMaster", "occurrence", "exception"}
    assert set(found["occurrence"]) == {
        "@odata.type",
        "id",
        "type",
        "seriesMasterId",
        "start",
        "end",
    }
    assert found["seriesMaster"]["recurrence"]["pattern"]["type"] == "weekly"
    assert found["exception"]["originalStart"] == "2026-11-30T08:00:00Z"
    assert found["exception"]["subject"] == "Moved"


def test_a_quiet_round_is_empty_and_a_change_comes_once(http: Client, ann: Owner):
    event = ann.create(meeting())
    _, link = http.round()
    quiet, link = http.round(link)
    ann.patch(event["id"], {"subject": "New"})
    changed, link = http.round(link)

    assert quiet == []
    assert [one["subject"] for one in changed] == ["New"]
    assert http.round(link)[0] == []


def test_a_link_may_be_used_again(http: Client, ann: Owner):
    event = ann.create(meeting())
    _, link = http.round()
    ann.patch(event["id"], {"subject": "New"})

    assert [http.round(link)[0][0]["subject"] for _ in range(2)] == ["New", "New"]


@pytest.mark.parametrize("leave", ["delete", "move in time", "move away"])
def test_removed_says_not_why(http: Client, ann: Owner, leave: str):
    event = ann.create(meeting())
    _, link = http.round()
    if leave == "delete":
        ann.delete(event["id"])
    elif leave == "move in time":
        ann.patch(event["id"], {"start": at("2028-01-03T09:00"), "end": at("2028-01-03T10:00")})
    else:
        ann.move(event["id"], ann.add_calendar("Other"))

    [entry] = http.round(link)[0]

    assert (entry["id"], entry["@removed"]) == (event["id"], {"reason": "deleted"})
    there = http.ask("GET", f"/me/events/{event['id']}").status_code
    assert there == (404 if leave == "delete" else 200)


def test_what_enters_the_window_comes_whole(http: Client, ann: Owner):
    event = ann.create(meeting("2028-01-03T09:00", "2028-01-03T10:00"))
    first, link = http.round()
    ann.patch(event["id"], {"start": at("23T09:00"), "end": at("23T10:00")})

    assert first == []
    assert http.round(link)[0][0]["subject"] == "Kick-off"


def test_what_comes_and_goes_between_two_rounds_is_not_mentioned(http: Client, ann: Owner):
    _, link = http.round()
    ann.delete(ann.create(meeting())["id"])

    assert http.round(link)[0] == []


def test_a_deleted_occurrence_and_a_deleted_series(http: Client, ann: Owner):
    master = ann.create(weekly(3))
    ids = [one["id"] for one in http.instances(master["id"])]
    _, link = http.round()

    ann.delete(ids[1])
    entries, link = http.round(link)
    assert [one["id"] for one in entries if "@removed" in one] == [ids[1]]
    assert {one["id"] for one in entries} == {master["id"], *ids}

    ann.delete(master["id"])
    entries, _ = http.round(link)
    assert all("@removed" in one for one in entries)
    assert {one["id"] for one in entries} == {master["id"], ids[0], ids[2]}


def test_a_lost_state_says_where_to_begin_anew(graph: SimulatedGraph, http: Client, ann: Owner):
    event = ann.create(meeting())
    _, link = http.round()
    graph.faults.expire_sync_tokens(ann.email)

    answer = http.ask("GET", link)

    assert answer.status_code == 410
    assert answer.json()["error"]["code"] == "syncStateNotFound"
    assert [one["id"] for one in http.round(answer.headers["Location"])[0]] == [event["id"]]


def test_a_lost_state_may_be_refused_otherwise(graph: SimulatedGraph, http: Client):
    _, link = http.round()
    graph.faults.expire_sync_tokens()
    graph.delta.lost = 400

    assert http.refusal("GET", link) == (400, "syncStateNotFound")


def test_a_link_of_somebody_else_or_of_nobody_is_refused(graph: SimulatedGraph, http: Client):
    _, link = http.round()
    bob = client(graph, graph.add_user("bob@corp.example"))

    assert bob.ask("GET", link).status_code == 410
    broken = f"{graph.api_url}/me/calendarView/delta?$deltatoken=broken"
    assert http.refusal("GET", broken) == (400, "SyncStateInvalid")


def test_duplicates_and_empty_pages_can_be_had(graph: SimulatedGraph, http: Client, ann: Owner):
    for hour in range(10, 14):
        ann.create(meeting(f"23T{hour}:00", f"23T{hour}:30"))
    graph.delta.duplicates, graph.delta.empty_pages = 2, 1

    first = http.get(DELTA)
    found, _ = http.round()

    assert first["value"] == []
    assert "@odata.nextLink" in first
    assert len(found) == 6
    assert len({one["id"] for one in found}) == 4


def test_a_malformed_event_comes_as_it_is_until_it_is_healed(
    graph: SimulatedGraph, http: Client, ann: Owner
):
    event = ann.create(meeting())
    _, link = http.round()
    graph.faults.malformed(ann.email, {"id": event["id"], "start": 7})
    poisoned, link = http.round(link)
    graph.faults.heal(ann.email, event["id"])
    healed, _ = http.round(link)

    assert poisoned == [{"id": event["id"], "start": 7}]
    assert [one["subject"] for one in healed] == ["Kick-off"]


def test_ids_in_a_round_are_of_the_form_that_is_preferred(http: Client, ann: Owner):
    event = ann.create(meeting())

    page: requests.Response = http.ask("GET", DELTA, Prefer="odata.maxpagesize=50")

    assert page.json()["value"][0]["id"] != event["id"]
    assert http.round()[0][0]["id"] == event["id"]
