"""Channels of the simulated Google, against a subscriber that really listens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from simulators.conftest import Clock, Service, refusal
from simulators.google import GoogleSimulator
from simulators.google_owner import Owner
from simulators.server import Request, Response, Server

ONE = {"start": {"date": "2026-11-25"}, "end": {"date": "2026-11-26"}}


class Hook:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.status = 204
        self.server = Server(self._serve)
        self.url = f"{self.server.url}/hook"

    def _serve(self, request: Request) -> Response:
        assert request.body == b""
        self.heard.append(request.headers)
        return Response(self.status)


@pytest.fixture
def hook() -> Iterator[Hook]:
    found = Hook()
    found.server.start()
    yield found
    found.server.stop()


def watched(calendar: Service, hook: Hook, **more: Any) -> dict[str, Any]:
    return asked(calendar, hook, **more).execute()


def asked(calendar: Service, hook: Hook, **more: Any) -> Any:
    body = {"id": "c-1", "type": "web_hook", "address": hook.url, "token": "secret"} | more
    return calendar.events().watch(calendarId="primary", body=body)


def test_what_happens_is_told_once_and_without_a_word_of_it(
    google: GoogleSimulator, ann: Owner, calendar: Service, hook: Hook, clock: Clock
):
    made = watched(calendar, hook)
    assert int(made["expiration"]) / 1_000 == (clock() + timedelta(days=7)).timestamp()
    assert google.channels.deliver() == [204]
    assert hook.heard[0]["X-Goog-Resource-State"] == "sync"

    for _ in range(3):
        ann.calendar().insert(ONE)
    assert google.channels.deliver() == [204]
    assert google.channels.deliver() == []
    said = hook.heard[1]
    assert said["X-Goog-Resource-State"] == "exists"
    assert said["X-Goog-Channel-ID"] == "c-1"
    assert said["X-Goog-Channel-Token"] == "secret"
    assert said["X-Goog-Resource-ID"] == made["resourceId"]


def test_what_was_not_heard_is_said_again(google: GoogleSimulator, calendar: Service, hook: Hook):
    watched(calendar, hook)
    hook.status = 503
    assert google.channels.deliver() == [503]
    hook.status = 404
    assert google.channels.deliver() == [404]
    assert google.channels.deliver() == []


def test_an_end(google: GoogleSimulator, ann: Owner, calendar: Service, hook: Hook, clock: Clock):
    made = watched(calendar, hook)
    watched(calendar, hook, id="c-2", expiration=str(int(clock().timestamp() + 60) * 1_000))
    google.channels.deliver()
    stop = {"id": "c-1", "resourceId": made["resourceId"]}
    other = stop | {"resourceId": "x"}
    assert refusal(calendar.channels().stop(body=other)) == (404, "notFound")
    calendar.channels().stop(body=stop).execute()
    clock.forward(minutes=2)
    ann.calendar().insert(ONE)

    assert google.channels.deliver() == []
    assert refusal(calendar.channels().stop(body=stop)) == (404, "notFound")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"address": "http://odoo.corp.example/hook"}, "push.webhookUrlNotHttps"),
        ({"id": "no blanks"}, "channelIdInvalid"),
        ({"id": "taken"}, "channelIdNotUnique"),
        ({"expiration": "1000"}, "invalid"),
        ({"type": "mail"}, "channelUnknown"),
        ({"token": "x" * 257}, "channelTokenTooLong"),
    ],
)
def test_what_is_refused(calendar: Service, hook: Hook, wrong: dict, why: str):
    watched(calendar, hook, id="taken")
    assert refusal(asked(calendar, hook, **wrong)) == (400, why)
