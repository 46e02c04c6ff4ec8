"""Batches, misbehaviour on demand, numbered writes and what can be seen from outside."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from simulators.graph import SimulatedGraph
from simulators.graph_kit import IMMUTABLE, Client, application, client, meeting, weekly
from simulators.graph_owner import Owner


@pytest.fixture
def ann(graph: SimulatedGraph) -> Owner:
    return graph.add_user("ann@corp.example", "Ann Archer", "Europe/Berlin")


@pytest.fixture
def http(graph: SimulatedGraph, ann: Owner) -> Client:
    return client(graph, ann)


def call(number: int, method: str, url: str, body: dict | None = None, **more) -> dict:
    headers = {"Prefer": IMMUTABLE, **({"Content-Type": "application/json"} if body else {})}
    own = {"id": str(number), "method": method, "url": url, "headers": headers}
    return {**own, **({"body": body} if body else {}), **more}


def batch(http: Client, *calls: dict) -> dict[str, dict]:
    answers = http.post("/$batch", {"requests": list(calls)})["responses"]
    assert len(answers) == len(calls)
    return {one["id"]: one for one in answers}


def test_a_batch_answers_each_call_by_its_id(http: Client):
    event = http.post("/me/events", meeting())
    path, old = f"/me/events/{event['id']}", event["@odata.etag"]

    found = batch(
        http,
        call(1, "POST", "/me/events", meeting(subject="New")),
        call(2, "PATCH", path, {"colour": "red"}),
        call(3, "GET", f"{path}?$select=subject"),
        call(4, "DELETE", "/me/events/nonsense"),
        call(5, "PATCH", path, {"subject": "x"}, headers={"Content-Type": "application/json"}),
    )

    assert [found[str(one)]["status"] for one in range(1, 6)] == [201, 400, 200, 400, 200]
    assert found["3"]["body"]["id"] == event["id"]
    assert found["5"]["body"]["id"] != event["id"]  # each call states its own preferences
    stale = {"Content-Type": "application/json", "If-Match": old}
    assert (
        batch(http, call(1, "PATCH", path, {"subject": "y"}, headers=stale))["1"]["status"] == 412
    )


def test_a_batch_takes_twenty(graph: SimulatedGraph, http: Client):
    calls = [call(n, "POST", "/me/events", meeting()) for n in range(21)]

    assert http.refusal("POST", "/$batch", {"requests": calls})[0] == 400
    assert {one["status"] for one in batch(http, *calls[:20]).values()} == {201}
    assert (len(graph.requests), len(graph.inner), graph.steps.count) == (2, 20, 20)


@pytest.mark.parametrize(
    "calls",
    [
        [],
        [{"id": "1", "method": "GET"}],
        [call(1, "GET", "/me"), call(1, "GET", "/me")],
        [call(1, "GET", "/me", dependsOn=["2"]), call(2, "GET", "/me")],
        [{"id": "1", "method": "POST", "url": "/me/events", "body": meeting()}],
    ],
)
def test_a_batch_that_makes_no_sense(http: Client, calls: list[dict]):
    assert http.refusal("POST", "/$batch", {"requests": calls})[0] == 400
    assert http.get("/me/events")["value"] == []


def test_what_depends_on_a_failure_is_not_done(http: Client):
    found = batch(
        http,
        call(1, "POST", "/me/events", {"subject": "Without times"}),
        call(2, "POST", "/me/events", meeting(), dependsOn=["1"]),
        call(3, "POST", "/me/events", meeting(), dependsOn=["2"]),
    )

    assert [found[one]["status"] for one in "123"] == [400, 424, 424]
    assert http.get("/me/events")["value"] == []


def test_one_call_of_a_batch_may_be_throttled(graph: SimulatedGraph, http: Client):
    graph.faults.add(status=429, retry_after=7, match="POST /v1.0/me/events", skip=1)

    found = batch(http, *(call(n, "POST", "/me/events", meeting()) for n in (1, 2, 3)))

    assert sorted(one["status"] for one in found.values()) == [201, 201, 429]
    [slow] = [one for one in found.values() if one["status"] == 429]
    assert slow["headers"]["Retry-After"] == "7"
    assert slow["body"]["error"]["code"] == "ApplicationThrottled"


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_an_answer_may_be_refused(graph: SimulatedGraph, http: Client, status: int):
    graph.faults.add(status=status, retry_after=3, match="/me/events")

    answer = http.ask("POST", "/me/events", meeting())

    assert (answer.status_code, answer.headers["Retry-After"]) == (status, "3")
    assert set(answer.json()["error"]) == {"code", "message", "innerError"}
    assert http.get("/me/events")["value"] == []


def test_a_lost_answer_was_work_all_the_same(graph: SimulatedGraph, http: Client):
    body = meeting(transactionId="a1")
    graph.faults.add(drop="after", match="POST /v1.0/me/events")
    with pytest.raises(requests.ConnectionError):
        http.ask("POST", "/me/events", body)

    again = http.post("/me/events", body)

    assert [one["id"] for one in http.get("/me/events")["value"]] == [again["id"]]


def test_requests_in_parallel_are_limited_per_application_and_mailbox(
    graph: SimulatedGraph, ann: Owner
):
    graph.parallel.limit = 1
    app, bob = application(graph), graph.add_user("bob@corp.example")
    gate = graph.faults.hold(f"/users/{ann.email}/calendar$")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(app.ask, "GET", f"/users/{ann.email}/calendar")
        assert until(lambda: graph.parallel.most == 1)
        second = application(graph)
        refused = second.ask("GET", f"/users/{ann.mailbox.oid}/events")
        second.get(f"/users/{bob.email}/events")
        gate.set()
        assert first.result(10).status_code == 200

    assert refused.status_code == 429
    assert "MailboxConcurrency" in refused.json()["error"]["message"]
    app.get(f"/users/{ann.email}/events")


def until(test) -> bool:
    """Wait until something is so."""
    tick = threading.Event()
    return any(test() or tick.wait(0.01) for _ in range(1000)) and test()


def test_a_write_can_be_held(graph: SimulatedGraph, ann: Owner, http: Client):
    event = ann.create(meeting())
    graph.steps.hold(1)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(http.patch, f"/me/events/{event['id']}", {"subject": "New"})
        assert graph.steps.wait(1)
        assert ann.get(event["id"])["subject"] == "New"
        assert not waiting.done()
        graph.steps.release(1)
        waiting.result(10)

    [write] = graph.steps.writes
    assert (write.method, write.event, write.status) == ("events.update", event["id"], 200)


def test_writes_are_named(graph: SimulatedGraph, http: Client):
    made = http.post("/me/events", weekly())["id"]
    http.get(f"/me/events/{made}")
    http.refusal("POST", f"/me/events/{made}/accept", {})
    http.post("/me/calendar/events", meeting())
    http.delete(f"/me/events/{made}")
    body = {"schedules": [], "startTime": {}, "endTime": {}}
    http.refusal("POST", "/me/calendar/getSchedule", body)

    assert [(one.method, one.status) for one in graph.steps.writes] == [
        ("events.create", 201),
        ("events.accept", 400),
        ("events.create", 201),
        ("events.delete", 204),
    ]


def look(graph: SimulatedGraph, path: str, body: dict | None = None):
    """Return JSON from the inspection address."""
    verb = "GET" if body is None else "POST"
    answer = requests.request(verb, f"{graph.url}/_simulator/{path}", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_another_process_sees_and_steers(graph: SimulatedGraph, http: Client):
    look(graph, "users", {"email": "ben@corp.example", "time_zone": "Europe/Paris"})
    made = look(graph, "events/ben@corp.example", meeting())
    look(graph, "faults", {"status": 503, "match": "/me/calendars"})
    look(graph, "now", {"now": "2026-11-23T09:00:00Z"})
    look(graph, "steps", {"do": "drop", "next": 1})
    tokens = look(graph, "consent/ben@corp.example", {})

    assert look(graph, f"events/ben@corp.example/{made['id']}")["subject"] == "Kick-off"
    assert http.ask("GET", "/me/calendars").status_code == 503
    assert look(graph, "requests")["counts"] == {"GET /v1.0/me/calendars": 1}
    assert look(graph, "")["now"].startswith("2026-11-23T09:00")
    assert {one["email"] for one in look(graph, "users")} == {
        "ann@corp.example",
        "ben@corp.example",
    }
    with pytest.raises(requests.ConnectionError):
        Client(graph, tokens["access_token"]).ask("POST", "/me/events", meeting())
    assert look(graph, "writes")["count"] == 1
    look(graph, "faults/need_admin", {"domain": "corp.example"})
    unknown = requests.post(f"{graph.url}/_simulator/faults/nonsense", json={}, timeout=30)
    assert unknown.status_code == 400


def test_many_events_are_put_in_without_a_mail(graph: SimulatedGraph, ann: Owner, http: Client):
    graph.add_user("ben@corp.example")
    series = {**weekly(3), "id": "s", "iCalUId": "abc@google.com"}
    own = {"seriesMasterId": "s", "originalStart": "2026-11-30T08:00:00Z"}
    gone = {"seriesMasterId": "s", "originalStart": "2026-12-07T08:00:00Z", "isCancelled": True}
    people = [{"emailAddress": {"address": "ben@corp.example"}}]
    events = [{**own, "subject": "Special"}, gone, series, meeting(attendees=people)]

    assert ann.seed(events) == 4

    found, _ = http.round()
    kinds = [one["type"] for one in found]
    assert sorted(kinds) == ["exception", "occurrence", "seriesMaster", "singleInstance"]
    assert graph.mails == []
    assert graph.user("ben@corp.example").events() == []
    [master] = [one for one in found if one["type"] == "seriesMaster"]
    assert bytes.fromhex(master["iCalUId"])[40:] == b"vCal-Uid\x01\0\0\0abc@google.com\0"
