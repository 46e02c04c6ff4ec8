"""Subscriptions of the simulated Graph, against a subscriber that really listens."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from simulators.conftest import Clock
from simulators.graph import SimulatedGraph
from simulators.graph_kit import Client, at, client, guests, meeting
from simulators.graph_owner import Owner
from simulators.server import Request, Response, Server


class Subscriber:
    """What a webhook does: give tokens back, remember notifications."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.answer: Callable[[str], Response] = lambda token: Response(200, token, "text/plain")
        self.status = 202
        self.called = threading.Event()
        self.server = Server(self._serve)
        self.url = f"{self.server.url}/hook"

    def _serve(self, request: Request) -> Response:
        token = request.param("validationToken")
        if token:
            self.tokens.append(token)
            return self.answer(token)
        self.heard += [{"path": request.path, **one} for one in json.loads(request.body)["value"]]
        self.called.set()
        return Response(self.status)


@pytest.fixture
def hook() -> Iterator[Subscriber]:
    subscriber = Subscriber()
    subscriber.server.start()
    yield subscriber
    subscriber.server.stop()


@pytest.fixture
def ann(graph: SimulatedGraph) -> Owner:
    return graph.add_user("ann@corp.example", "Ann Archer", "Europe/Berlin")


@pytest.fixture
def http(graph: SimulatedGraph, ann: Owner) -> Client:
    return client(graph, ann)


def asked(hook: Subscriber, clock: Clock, **more: Any) -> dict[str, Any]:
    ends = clock() + more.pop("life", timedelta(days=6))
    body = {"changeType": "created,updated,deleted", "notificationUrl": hook.url}
    body |= {"lifecycleNotificationUrl": f"{hook.url}/life", "resource": "/me/events"}
    body |= {"expirationDateTime": ends.isoformat(), "clientState": "secret"}
    return {**body, **more}


def test_both_addresses_are_validated_before_the_answer(
    http: Client, hook: Subscriber, clock: Clock
):
    made = http.post("/subscriptions", asked(hook, clock))

    assert len(hook.tokens) == 2
    assert made["clientState"] == "secret"
    assert http.get(f"/subscriptions/{made['id']}")["clientState"] is None
    assert [one["id"] for one in http.get("/subscriptions")["value"]] == [made["id"]]


@pytest.mark.parametrize(
    "answer",
    [
        lambda token: Response(202, token, "text/plain"),
        lambda token: Response(200, token, "text/html"),
        lambda token: Response(200, "other", "text/plain"),
        lambda token: Response(200, token.replace("<", "&lt;"), "text/plain"),
        lambda token: Response(404),
    ],
)
def test_who_does_not_give_the_token_back_gets_nothing(
    http: Client, hook: Subscriber, clock: Clock, answer: Callable[[str], Response]
):
    hook.answer = answer

    refused = http.refusal("POST", "/subscriptions", asked(hook, clock))

    assert refused == (400, "ValidationError")
    assert http.get("/subscriptions")["value"] == []


def test_nobody_there(http: Client, hook: Subscriber, clock: Clock):
    hook.server.stop()

    assert http.refusal("POST", "/subscriptions", asked(hook, clock))[1] == "ValidationError"


def test_a_subscription_ends_and_is_renewed(http: Client, hook: Subscriber, clock: Clock):
    far = asked(hook, clock, life=timedelta(days=8))
    assert http.refusal("POST", "/subscriptions", far) == (400, "ExtensionError")
    short = http.post("/subscriptions", asked(hook, clock, life=timedelta(minutes=1)))
    path = f"/subscriptions/{short['id']}"
    clock.forward(minutes=44)
    later = {"expirationDateTime": (clock() + timedelta(hours=1)).isoformat()}
    assert http.patch(path, later)["id"] == short["id"]

    clock.forward(minutes=59)
    fresh = client(http.graph, http.graph.user("ann@corp.example"))
    fresh.get(path)
    clock.forward(minutes=2)
    assert fresh.refusal("PATCH", path, later) == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    "wrong",
    [
        {"notificationUrl": "http://hook.example/x"},
        {"resource": "/me/messages"},
        {"changeType": "touched"},
        {"clientState": "x" * 129},
        {"expirationDateTime": "2020-01-01T00:00:00Z"},
    ],
)
def test_what_is_refused(http: Client, hook: Subscriber, clock: Clock, wrong: dict):
    assert http.refusal("POST", "/subscriptions", asked(hook, clock, **wrong))[0] == 400
    assert hook.tokens == []


def test_the_same_twice(http: Client, hook: Subscriber, clock: Clock):
    http.post("/subscriptions", asked(hook, clock))

    assert http.refusal("POST", "/subscriptions", asked(hook, clock))[0] == 409
    http.post("/subscriptions", asked(hook, clock, changeType="deleted"))


def test_changes_are_told_whoever_made_them(
    graph: SimulatedGraph, ann: Owner, http: Client, hook: Subscriber, clock: Clock
):
    made = http.post("/subscriptions", asked(hook, clock))
    boss = graph.add_user("boss@corp.example")
    mine = http.post("/me/events", meeting())["id"]
    boss.create(meeting(attendees=guests(ann.email)))
    ann.patch(mine, {"subject": "New"})
    ann.delete(mine)

    assert graph.notices.deliver() == [202] * 4

    assert [one["changeType"] for one in hook.heard] == ["created", "created", "updated", "deleted"]
    first = hook.heard[0]
    assert (first["clientState"], first["subscriptionId"]) == ("secret", made["id"])
    assert (first["resourceData"]["id"], first["tenantId"]) == (mine, ann.mailbox.tenant)
    assert "subject" not in json.dumps(hook.heard)


def test_ids_in_notifications_are_of_the_form_of_the_subscription(
    graph: SimulatedGraph, http: Client, hook: Subscriber, clock: Clock
):
    http.post("/subscriptions", asked(hook, clock), Prefer="x")
    immutable = http.post("/me/events", meeting())["id"]
    graph.notices.deliver()

    told = hook.heard[0]["resourceData"]["id"]
    assert told != immutable
    assert http.get(f"/me/events/{told}")["id"] == immutable


def test_what_was_not_heard_is_said_again(
    graph: SimulatedGraph, http: Client, hook: Subscriber, clock: Clock
):
    http.post("/subscriptions", asked(hook, clock))
    http.post("/me/events", meeting(start=at("23T08:00")))
    hook.status = 503
    assert graph.notices.deliver() == [503]
    hook.status = 202

    assert graph.notices.deliver() == [202]
    assert graph.notices.deliver() == []


def test_notifications_may_come_at_once(
    graph: SimulatedGraph, http: Client, hook: Subscriber, clock: Clock
):
    http.post("/subscriptions", asked(hook, clock))
    graph.notices.automatic = True
    http.post("/me/events", meeting())

    assert hook.called.wait(10)
    assert [one["changeType"] for one in hook.heard] == ["created"]


def test_notifications_may_come_more_than_once(
    graph: SimulatedGraph, http: Client, hook: Subscriber, clock: Clock
):
    http.post("/subscriptions", asked(hook, clock))
    graph.notices.times = 2
    http.post("/me/events", meeting())

    assert graph.notices.deliver() == [202, 202]


def test_a_life_of_its_own(graph: SimulatedGraph, http: Client, hook: Subscriber, clock: Clock):
    made = http.post("/subscriptions", asked(hook, clock))["id"]
    assert graph.notices.lifecycle(made, "reauthorizationRequired") == 202
    assert hook.heard[-1]["path"] == "/hook/life"
    assert hook.heard[-1]["lifecycleEvent"] == "reauthorizationRequired"

    http.post("/me/events", meeting())
    assert graph.notices.deliver() == []
    http.post(f"/subscriptions/{made}/reauthorize")
    http.post("/me/events", meeting())
    assert graph.notices.deliver() == [202]

    graph.notices.lifecycle(made, "subscriptionRemoved")
    assert http.refusal("GET", f"/subscriptions/{made}")[0] == 404


def test_an_end(graph: SimulatedGraph, http: Client, hook: Subscriber, clock: Clock):
    made = http.post("/subscriptions", asked(hook, clock))["id"]
    http.delete(f"/subscriptions/{made}")
    http.post("/me/events", meeting())

    assert graph.notices.deliver() == []
