"""A simulator with two colleagues, a clock in the test's hand, and Google's own client."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from simulators.discovery import Discovery
from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner as Outlook
from simulators.exchange_kit import SignIn
from simulators.google import SCOPES, GoogleSimulator
from simulators.google_oauth import DEMO_CLIENT, DEMO_SECRET
from simulators.google_owner import Owner
from simulators.google_time import UTC
from simulators.graph import SimulatedGraph

Service = Any  # what build() returns has no type of its own


class Clock:
    """Time that goes on only when a test says so."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.time += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """Return the simulator's clock."""
    return Clock()


@pytest.fixture
def google(clock: Clock) -> Iterator[GoogleSimulator]:
    """Run a simulator; at the end nothing may have left Google's own description."""
    with GoogleSimulator(now=clock) as simulator:
        discovery = Discovery.attach(simulator)
        yield simulator
    assert discovery.violations == []


@pytest.fixture
def graph(clock: Clock) -> Iterator[SimulatedGraph]:
    """Run a simulated Microsoft 365."""
    with SimulatedGraph(now=clock) as simulator:
        yield simulator


@pytest.fixture
def ann(google: GoogleSimulator) -> Owner:
    """Return a person in Berlin."""
    return google.add_user("ann@corp.example", name="Ann", time_zone="Europe/Berlin")


@pytest.fixture
def bob(google: GoogleSimulator) -> Owner:
    """Return Ann's colleague in New York."""
    return google.add_user("bob@corp.example", name="Bob", time_zone="America/New_York")


@pytest.fixture
def connect(google: GoogleSimulator) -> Callable[..., Service]:
    """Return a function that builds Google's client for a person who allowed everything."""

    def connect(person: Owner, scopes: Any = SCOPES) -> Service:
        tokens = google.consent(person.email, scope=scopes)
        credentials = Credentials(
            None,
            refresh_token=tokens["refresh_token"],
            token_uri=google.token_url,
            client_id=DEMO_CLIENT,
            client_secret=DEMO_SECRET,
        )
        http = google_auth_httplib2.AuthorizedHttp(credentials, http=httplib2.Http(timeout=30))
        service = build(
            "calendar",
            "v3",
            http=http,
            cache_discovery=False,
            static_discovery=True,
            client_options={"api_endpoint": google.api_url},
        )
        for name in ("events", "calendarList", "calendars", "freebusy"):
            setattr(service, name, cache(getattr(service, name)))  # each call takes 15 ms
        return service

    return connect


@pytest.fixture
def calendar(ann: Owner, connect: Callable[..., Service]) -> Service:
    """Return Google's client at work for Ann."""
    return connect(ann)


def at(text: str, zone: str = "Europe/Berlin") -> dict[str, str]:
    """Return a start or end: ``23T09:00`` is in November 2026, a date alone is all-day."""
    if "T" not in text:
        return {"date": f"2026-{text}" if len(text) == 5 else text}
    day, _, clock = text.partition("T")
    full = f"2026-11-{day}" if len(day) == 2 else day
    return {"dateTime": f"{full}T{clock}:00", "timeZone": zone}


def meeting(start: str = "23T09:00", end: str = "23T10:00", **more: Any) -> dict[str, Any]:
    """Return the body of an event."""
    return {"summary": "Kick-off", "start": at(start), "end": at(end), **more}


def weekly(count: int = 4, **more: Any) -> dict[str, Any]:
    """Return the body of a series on Mondays at nine."""
    return meeting(recurrence=[f"RRULE:FREQ=WEEKLY;COUNT={count}"], **more)


def refusal(request: Any) -> tuple[int, str]:
    """Return status and reason of a request that must be refused."""
    with pytest.raises(HttpError) as caught:
        request.execute()
    entry = json.loads(caught.value.content)["error"]["errors"][0]
    return caught.value.status_code, entry["reason"]


def look(google: GoogleSimulator, path: str, body: Any = None, method: str = "") -> Any:
    """Return JSON from the inspection address."""
    data = json.dumps(body).encode() if body is not None else None
    url = f"{google.url}/_simulator/{path}"
    request = urllib.request.Request(url, data, method=method or None)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture
def exchange(clock: Clock) -> Iterator[SimulatedExchange]:
    """Return a running Exchange server; whoever signed in there signs out in the end."""
    with SimulatedExchange(now=clock) as exchange:
        yield exchange
        SignIn.out()


@pytest.fixture
def anna(exchange: SimulatedExchange) -> Outlook:
    """Return a person in Berlin with a mailbox on an own server."""
    return exchange.add_user("anna@corp.example", "Anna Archer", "Europe/Berlin")


@pytest.fixture
def robert(exchange: SimulatedExchange) -> Outlook:
    """Return Anna's colleague in New York."""
    return exchange.add_user("robert@corp.example", "Robert Baker", "America/New_York")


@pytest.fixture
def sign_in(exchange: SimulatedExchange) -> SignIn:
    """Return what builds exchangelib's accounts."""
    return SignIn(exchange)
