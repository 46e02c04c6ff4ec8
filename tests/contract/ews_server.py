"""The simulated Exchange server, told what to do in the contract's words."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.synced_meetings.sync.event import Attendee, Event, When
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings_exchange.provider.ews import EwsProvider
from odoo.addons.synced_meetings_exchange.provider.ews_session import Server

from simulators.ews import SimulatedExchange
from simulators.ews_owner import weekly
from simulators.ews_recurrence import Recurrence
from simulators.ews_time import windows_name
from simulators.ews_views import View

from .neutral_server import Fault
from .provider_contract import WINDOW

FAULTS: dict[Fault, dict[str, Any]] = {
    "throttled": {"status": 500, "reason": "ErrorServerBusy"},
    "unavailable": {"status": 503},
    "dropped": {"drop": "before"},
    "lost": {"drop": "after"},
}
LISTS = {
    "required": "RequiredAttendees",
    "optional": "OptionalAttendees",
    "resource": "Resources",
}
ANSWERS = {
    "needs_action": "Unknown",
    "accepted": "Accept",
    "declined": "Decline",
    "tentative": "Tentative",
}
SHOWN = {"oof": "OOF", "elsewhere": "WorkingElsewhere"}
PASSWORD = "Ann's secret"


class EwsServer:
    """One mailbox of the simulated Exchange and its calendar."""

    owner, host, zone = "ann@corp.example", "host@corp.example", "Europe/Berlin"

    def __init__(self, exchange: SimulatedExchange) -> None:
        self.exchange, self.world = exchange, exchange.world
        self.ann = exchange.add_user(self.owner, "Ann", self.zone, password=PASSWORD)
        self.hosts = exchange.add_user(self.host, "Host", self.zone)
        exchange.add_service("onlooker")
        self.known = ""
        self._by_people = 0  # mails that went out for what people did in Outlook

    def provider(
        self, timeout: float = 10.0, calendar_id: str | None = None, **server: Any
    ) -> EwsProvider:
        login = {"username": "CORP\\ann", "password": PASSWORD, "auth_method": "basic", **server}
        return EwsProvider(
            Server(self.exchange.url, **login),
            self.owner,
            calendar_id,
            known=self.known,
            keep=self.keep,
            timeout=timeout,
        )

    def keep(self, known: str) -> None:
        self.known = known

    def create(self, event: Event) -> str:
        return self.ann.create(**values_of(event)).id

    def invite(self, event: Event) -> str:
        made = self.hosts.create("SendToAllAndSaveCopy", **values_of(event))
        self._by_people = len(self.exchange.mails)
        uid = made.data["UID"]
        [copy] = [one for one in self.ann.items() if one.data["UID"] == uid]
        return copy.id

    def edit(self, remote_id: str, **changes: Any) -> None:
        values: dict[str, Any] = {}
        if "when" in changes:
            values |= times_of(changes["when"])
        if "attendees" in changes:
            self._answered(remote_id, changes["attendees"])
        for name, shown in (("name", "Subject"), ("location", "Location")):
            if name in changes:
                values[shown] = changes[name]
        if values:
            self.ann.update(remote_id, **values)

    def _answered(self, remote_id: str, attendees: tuple[Attendee, ...]) -> None:
        for attendee in attendees:
            if attendee.response != "needs_action":
                self.ann.guest_answers(remote_id, attendee.email, ANSWERS[attendee.response])

    def delete(self, remote_id: str) -> None:
        self.ann.delete(remote_id)

    def cancel_occurrence(self, series: str, start: datetime | date) -> None:
        self.ann.delete(self._view(series, start).id)

    def move_occurrence(self, series: str, start: datetime | date, when: When) -> None:
        self.ann.update(self._view(series, start).id, Start=when.start, End=when.end)

    def occurrence(self, series: str, start: datetime | date) -> str:
        return f"{series}#{recurrence_id(start)}"

    def _view(self, series: str, start: datetime | date) -> View:
        item = self.ann.get(series).item
        if isinstance(start, datetime):
            return View(item, start.astimezone(item.zone).replace(tzinfo=None))
        return View(item, datetime.combine(start, time()))

    def seen_by_host(self, uid: str) -> Event:
        onlooker = Server(self.exchange.url, "CORP\\onlooker", "secret", "basic", impersonate=True)
        pages = list(EwsProvider(onlooker, self.host).changes(None, WINDOW))
        [event] = [
            remote.event
            for page in pages
            for remote in page.changes
            if remote.event and remote.event.uid == uid
        ]
        return event

    def mailed(self) -> list[str]:
        return sorted(mail.to for mail in self.exchange.mails[self._by_people :])

    def spoil(self) -> str:
        made = self.ann.create(Subject="No start").id
        space = "http://schemas.microsoft.com/exchange/services/2006/types"
        inside = f'<t:ItemId Id="{made}" ChangeKey="DwAA"/><t:Subject>No start</t:Subject>'
        raw = f'<t:CalendarItem xmlns:t="{space}">{inside}</t:CalendarItem>'
        self.exchange.faults.malformed(made, raw)
        return made

    def limit_pages(self, size: int) -> None:
        self.world.page_size = size

    def expire_sync_tokens(self) -> None:
        self.exchange.faults.forget_sync_states()

    def expire_login(self) -> None:
        """A password does not run out; the connection is lost with which it was sent."""

    def revoke_login(self) -> None:
        self.ann.account.password = "changed"

    def remove_calendar(self) -> None:
        del self.world.mailboxes[self.owner]
        self.ann.account.mailbox = None

    def fail(self, fault: Fault, after: int | None = None) -> None:
        if fault == "slow":
            self.exchange.faults.hold(times=None)
            return
        wait = after if after is None or fault == "unavailable" else after * 1_000
        self.exchange.faults.add(times=None, retry_after=wait, **FAULTS[fault])

    def recover(self) -> None:
        self.exchange.faults.clear()

    def requests(self) -> int:
        return sum(one.account == self.owner for one in self.exchange.asked)


def values_of(event: Event) -> dict[str, Any]:
    """Return an event as its owner would save it in Outlook."""
    values: dict[str, Any] = {
        "Subject": event.name,
        "Location": event.location,
        "Body": event.description,
        "Sensitivity": "Normal" if event.privacy == "public" else "Private",
        "LegacyFreeBusyStatus": SHOWN.get(event.show_as, event.show_as.capitalize()),
        **times_of(event.when),
    }
    for kind, listed in LISTS.items():
        if people := [guest(one) for one in event.attendees if one.kind == kind]:
            values[listed] = people
    if event.rule:
        values["Recurrence"] = pattern_of(event)
    return values


def times_of(when: When) -> dict[str, Any]:
    """Return start, end and their zone."""
    zone = windows_name(when.zone or "Europe/Berlin")
    start, end = (moment_of(one, when) for one in (when.start, when.end))
    return {
        "Start": start,
        "End": end,
        "IsAllDayEvent": when.allday,
        "StartTimeZone": zone,
        "EndTimeZone": zone,
    }


def moment_of(moment: datetime | date, when: When) -> datetime:
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), ZoneInfo(when.zone or "Europe/Berlin"))


def pattern_of(event: Event) -> Recurrence:
    """Return the one pattern that the contract's series have: weekly, so many times."""
    [rule] = event.rule
    freq, _, count = rule.removeprefix("RRULE:").partition(";COUNT=")
    assert freq == "FREQ=WEEKLY"
    return weekly(moment_of(event.when.start, event.when), int(count or 0))


def guest(attendee: Attendee) -> dict[str, str]:
    name, answer = attendee.name or attendee.email, ANSWERS[attendee.response]
    return {"email": attendee.email, "name": name, "response": answer}
