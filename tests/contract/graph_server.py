"""The simulated Microsoft 365, told what to do in the contract's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from odoo.addons.synced_meetings.sync.event import Attendee, Event, When
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings_exchange.provider.graph import GraphProvider
from odoo.addons.synced_meetings_exchange.provider.graph_login import (
    Client,
    Delegated,
    consent_url,
    exchange,
)
from odoo.addons.synced_meetings_exchange.provider.graph_translate import remote_of

from simulators.graph import SimulatedGraph
from simulators.graph_login import DEMO_APP, DEMO_SECRET

from .neutral_server import Fault

GRAPH = "/v1.0/"  # what to disturb: not the login
RETURN, VERIFIER = "http://127.0.0.1/callback", "v" * 64
FAULTS: dict[Fault, dict[str, Any]] = {
    "throttled": {"status": 429},
    "unavailable": {"status": 503},
    "dropped": {"drop": "before"},
    "lost": {"drop": "after"},
}
ANSWERS = {"accepted": "accepted", "declined": "declined", "tentative": "tentativelyAccepted"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class GraphServer:
    """One mailbox of the simulated Microsoft 365 and its primary calendar."""

    owner, host, zone = "ann@corp.example", "host@corp.example", "Europe/Berlin"

    def __init__(self, graph: SimulatedGraph) -> None:
        self.graph = graph
        self.ann = graph.add_user(self.owner, "Ann", self.zone)
        self.hosts = graph.add_user(self.host, "Host", self.zone)
        self.client = Client(
            DEMO_APP,
            DEMO_SECRET,
            redirect_uri=RETURN,
            authority_url=graph.authority_url,
            ca_file=graph.ca_file,
        )
        self.cache = self.consent()
        self._by_people = 0  # mails that went out for what people did in Outlook

    def consent(self) -> str:
        asked = dict(parse_qsl(urlsplit(consent_url(self.client, "s", VERIFIER)).query))
        proof = {name: asked[name] for name in ("nonce", "code_challenge", "code_challenge_method")}
        code = self.graph.code(self.owner, asked["redirect_uri"], asked["scope"], **proof)
        return exchange(self.client, {"code": code, "state": "s"}, VERIFIER).cache

    def keep(self, cache: str) -> None:
        self.cache = cache

    def provider(self, timeout: float = 10.0, calendar_id: str | None = None) -> GraphProvider:
        login = Delegated(self.client, self.cache, self.keep)
        return GraphProvider(login, calendar_id, graph_url=self.graph.api_url, timeout=timeout)

    def create(self, event: Event) -> str:
        with self.person():
            made = self.ann.create(body_of(event))["id"]
            self._answers(made, event.attendees)
            return made

    def invite(self, event: Event) -> str:
        with self.person():
            uid = self.hosts.create(body_of(event))["iCalUId"]
        copy = self.ann.by_uid(uid)
        assert copy
        return copy["id"]

    def edit(self, remote_id: str, **changes: Any) -> None:
        event = remote_of(self.ann.get(remote_id)).event
        body = {key: value for name in changes for key, value in PARTS[name](changes[name]).items()}
        same = "attendees" in changes and {a.email for a in changes["attendees"]} == {
            a.email for a in event.attendees
        }
        if same:
            del body["attendees"]
        with self.person():
            if body:
                self.ann.patch(remote_id, body)
            self._answers(remote_id, changes.get("attendees", ()))

    def _answers(self, remote_id: str, attendees: tuple[Attendee, ...]) -> None:
        for guest in attendees:
            if guest.response in ANSWERS:
                self.ann.answered(remote_id, guest.email, ANSWERS[guest.response])

    def delete(self, remote_id: str) -> None:
        with self.person():
            self.ann.delete(remote_id)

    def cancel_occurrence(self, series: str, start: datetime | date) -> None:
        self.delete(self.ann.occurrence(series, day_of(start)))

    def move_occurrence(self, series: str, start: datetime | date, when: When) -> None:
        with self.person():
            self.ann.patch(self.ann.occurrence(series, day_of(start)), times_of(when))

    def occurrence(self, series: str, start: datetime | date) -> str:
        return f"{series}#{recurrence_id(start)}"

    def seen_by_host(self, uid: str) -> Event:
        event = remote_of(self.hosts.by_uid(uid)).event
        assert event
        return event

    @contextmanager
    def person(self) -> Iterator[None]:
        """Leave out the mails of what a person does in Outlook, which always go."""
        before = len(self.graph.mails)
        try:
            yield
        finally:
            del self.graph.mails[before:]

    def mailed(self) -> list[str]:
        return sorted(mail.to for mail in self.graph.mails)

    def spoil(self) -> str:
        raw = {"id": "spoilt", "type": "singleInstance", "subject": "No start"}
        return self.graph.faults.malformed(self.owner, raw)

    def limit_pages(self, size: int) -> None:
        self.graph.delta.most = size

    def expire_sync_tokens(self) -> None:
        self.graph.faults.expire_sync_tokens()

    def expire_login(self) -> None:
        self.graph.faults.expire_access_tokens()

    def revoke_login(self) -> None:
        self.graph.faults.revoke_grants(self.owner)

    def remove_calendar(self) -> None:
        self.graph.faults.without_rest(self.owner)

    def fail(self, fault: Fault, after: int | None = None) -> None:
        if fault == "slow":
            self.graph.faults.hold(GRAPH, times=None)
        else:
            self.graph.faults.add(times=None, match=GRAPH, retry_after=after, **FAULTS[fault])

    def recover(self) -> None:
        self.graph.faults.clear()

    def requests(self) -> int:
        return sum(one.path.startswith(GRAPH) for one in self.graph.requests)


def body_of(event: Event) -> dict[str, Any]:
    """Return an event as its owner would save it in Outlook."""
    body = times_of(event.when)
    for name in ("name", "location", "description", "privacy", "show_as"):
        body |= PARTS[name](getattr(event, name))
    if event.attendees:
        body |= PARTS["attendees"](event.attendees)
    if event.rule:
        body["recurrence"] = recurrence_of(event)
    return body


def times_of(when: When) -> dict[str, Any]:
    """Return start and end."""
    return {
        "isAllDay": when.allday,
        "start": _time(when.start, when.zone),
        "end": _time(when.end, when.zone),
    }


def recurrence_of(event: Event) -> dict[str, Any]:
    """Return the one rule that the contract makes: so many weeks."""
    [rule] = event.rule
    count = int(rule.removeprefix("RRULE:FREQ=WEEKLY;COUNT="))
    day = day_of(event.when.start)
    return {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": [DAYS[day.weekday()]]},
        "range": {"type": "numbered", "startDate": day.isoformat(), "numberOfOccurrences": count},
    }


def day_of(start: datetime | date) -> date:
    return start.astimezone(ZoneInfo("Europe/Berlin")).date() if hasattr(start, "hour") else start


def _time(moment: datetime | date, zone: str) -> dict[str, str]:
    if not isinstance(moment, datetime):
        return {"dateTime": f"{moment}T00:00:00", "timeZone": zone or "UTC"}
    wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return {"dateTime": wall.isoformat(), "timeZone": zone}


def _guest(attendee: Attendee) -> dict[str, Any]:
    person = {"address": attendee.email, "name": attendee.name}
    return {"type": attendee.kind, "emailAddress": person}


PARTS: dict[str, Any] = {
    "name": lambda value: {"subject": value},
    "location": lambda value: {"location": {"displayName": value}},
    "description": lambda value: {"body": {"contentType": "html", "content": value}},
    "privacy": lambda value: {"sensitivity": "normal" if value == "public" else "private"},
    "show_as": lambda value: {"showAs": value},
    "attendees": lambda value: {"attendees": [_guest(one) for one in value]},
    "when": times_of,
}
