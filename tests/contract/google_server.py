"""The simulated Google, told what to do in the contract's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.synced_meetings.sync.event import Attendee, Event, When
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings_google.provider.client import GoogleProvider
from odoo.addons.synced_meetings_google.provider.oauth import Client, Tokens
from odoo.addons.synced_meetings_google.provider.translate import remote_of

from simulators.google import GoogleSimulator
from simulators.google_oauth import DEMO_CLIENT, DEMO_SECRET

from .neutral_server import Fault

EVENTS = "/calendars/"  # what to disturb: not the login
FAULTS: dict[Fault, dict[str, Any]] = {
    "throttled": {"status": 429, "reason": "rateLimitExceeded"},
    "unavailable": {"status": 503},
    "dropped": {"drop": "before"},
    "lost": {"drop": "after"},
}
RESPONSES = {"needs_action": "needsAction"}


class GoogleServer:
    """One account of the simulated Google and its primary calendar."""

    owner, host, zone = "ann@corp.example", "host@corp.example", "Europe/Berlin"

    def __init__(self, google: GoogleSimulator) -> None:
        self.google = google
        self.calendar = google.add_user(self.owner, "Ann", self.zone).calendar()
        self.hosts = google.add_user(self.host, "Host", self.zone).calendar()
        self.client = Client(
            DEMO_CLIENT,
            DEMO_SECRET,
            "http://127.0.0.1/callback",
            google.auth_url,
            google.token_url,
            google.revoke_url,
        )
        self.granted = google.consent(self.owner)

    def provider(self, timeout: float = 10.0, calendar_id: str = "primary") -> GoogleProvider:
        tokens = Tokens(self.granted["access_token"], self.granted["refresh_token"])
        return GoogleProvider(
            tokens.credentials(self.client),
            calendar_id,
            api_url=self.google.api_url,
            timeout=timeout,
        )

    def create(self, event: Event) -> str:
        return self.calendar.insert(body_of(event))["id"]

    def invite(self, event: Event) -> str:
        uid = self.hosts.insert(body_of(event))["iCalUID"]
        [copy] = [one for one in self.calendar.events() if one["iCalUID"] == uid]
        return copy["id"]

    def edit(self, remote_id: str, **changes: Any) -> None:
        event = remote_of(self.calendar.get(remote_id), self.zone).event
        self.calendar.patch(remote_id, body_of(replace(event, **changes)))

    def delete(self, remote_id: str) -> None:
        self.calendar.delete(remote_id)

    def cancel_occurrence(self, series: str, start: datetime | date) -> None:
        self.calendar.delete(f"{series}_{recurrence_id(start)}")

    def move_occurrence(self, series: str, start: datetime | date, when: When) -> None:
        self.calendar.patch(f"{series}_{recurrence_id(start)}", times_of(when))

    def occurrence(self, series: str, start: datetime | date) -> str:
        return f"{series}_{recurrence_id(start)}"

    def seen_by_host(self, uid: str) -> Event:
        [copy] = [one for one in self.hosts.events() if one["iCalUID"] == uid]
        event = remote_of(copy, self.zone).event
        assert event
        return event

    def mailed(self) -> list[str]:
        return sorted(mail.to for mail in self.google.mails)

    def spoil(self) -> str:
        return self.google.faults.malformed(self.owner, {"id": "spoilt", "summary": "No start"})

    def limit_pages(self, size: int) -> None:
        self.google.api.page_size = size

    def expire_sync_tokens(self) -> None:
        self.google.faults.expire_sync_tokens()

    def expire_login(self) -> None:
        self.google.faults.expire_access_tokens()

    def revoke_login(self) -> None:
        self.google.faults.revoke_grants(self.owner)

    def remove_calendar(self) -> None:
        del self.google.world.calendars[self.owner]

    def fail(self, fault: Fault, after: int | None = None) -> None:
        if fault == "slow":
            self.google.faults.hold(EVENTS, times=None)
        else:
            self.google.faults.add(times=None, match=EVENTS, retry_after=after, **FAULTS[fault])

    def recover(self) -> None:
        self.google.faults.clear()

    def requests(self) -> int:
        return sum("/calendar/v3" in one.path for one in self.google.requests)


def body_of(event: Event) -> dict[str, Any]:
    """Return an event as its owner would save it in Google's own page."""
    body: dict[str, Any] = {
        "summary": event.name,
        "location": event.location,
        "description": event.description,
        "visibility": "default" if event.privacy == "public" else "private",
        "transparency": "transparent" if event.show_as == "free" else "opaque",
        **times_of(event.when),
    }
    if event.attendees:
        body["attendees"] = [_guest(attendee) for attendee in event.attendees]
    if event.rule:
        body["recurrence"] = list(event.rule)
    return body


def times_of(when: When) -> dict[str, Any]:
    """Return start and end; the other form is cleared, as a patch merges."""
    if when.allday:
        return {
            "start": {"date": when.start.isoformat(), "dateTime": None},
            "end": {"date": when.end.isoformat(), "dateTime": None},
        }
    return {"start": _time(when.start, when.zone), "end": _time(when.end, when.zone)}


def _time(moment: datetime, zone: str) -> dict[str, Any]:
    wall = moment.astimezone(ZoneInfo(zone))
    return {"dateTime": wall.isoformat(), "timeZone": zone, "date": None}


def _guest(attendee: Attendee) -> dict[str, Any]:
    return {
        "email": attendee.email,
        "displayName": attendee.name,
        "optional": attendee.kind == "optional",
        "responseStatus": RESPONSES.get(attendee.response, attendee.response),
    }
