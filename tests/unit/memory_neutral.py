"""The memory service, told what to do in the contract's words."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from memory_provider import ZONE
from memory_writing import WritingProvider, WritingServer

from odoo.addons.synced_meetings.sync.event import Event, When
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id

HOME, HOST = "ann", "host"


class NeutralMemory:
    """One account of a memory service that adds nothing of its own to what is written."""

    owner, host, zone = f"{HOME}@x.example", f"{HOST}@x.example", ZONE

    def __init__(self) -> None:
        self.server = WritingServer({HOME: HOME, HOST: HOST})
        self.server.seats_host = False
        self.size = 100

    def provider(self, timeout: float = 10.0) -> WritingProvider:
        provider = WritingProvider(self.server, HOME, self.size)
        provider.untidy, provider.batch_size = False, 50
        return provider

    def create(self, event: Event) -> str:
        return self.server.create(HOME, event)

    def invite(self, event: Event) -> str:
        return self.server.create(HOST, event)

    def edit(self, remote_id: str, **changes: Any) -> None:
        self.server.edit(remote_id, **changes)

    def delete(self, remote_id: str) -> None:
        self.server.remove(HOME, remote_id)

    def cancel_occurrence(self, series: str, start: datetime | date) -> None:
        self.server.cancel_occurrence(HOME, self.occurrence(series, start))

    def move_occurrence(self, series: str, start: datetime | date, when: When) -> None:
        self.server.edit(self.occurrence(series, start), when=when)

    def occurrence(self, series: str, start: datetime | date) -> str:
        return f"{series}_{recurrence_id(start)}"

    def seen_by_host(self, uid: str) -> Event:
        [remote_id] = [known for known, of in self.server.uids.items() if of == uid]
        event = self.server.items[HOST][remote_id].event
        assert event
        return event

    def mailed(self) -> list[str]:
        return [*(mail.email for mail in self.server.mails), *self.server.replies]

    def spoil(self) -> str:
        noon = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
        remote_id = self.server.create(HOME, Event("", When(noon, noon)))
        self.server.spoil(remote_id, "unreadable")
        return remote_id

    def limit_pages(self, size: int) -> None:
        self.size = size

    def expire_sync_tokens(self) -> None:
        self.server.expire()

    def expire_login(self) -> None:
        self.server.trouble.expired = True

    def revoke_login(self) -> None:
        self.server.trouble.revoked = True

    def remove_calendar(self) -> None:
        self.server.trouble.gone.add(HOME)

    def fail(self, fault: str, after: int | None = None) -> None:
        self.server.trouble.fault, self.server.trouble.after = fault, after

    def recover(self) -> None:
        self.server.trouble.fault = ""

    def requests(self) -> int:
        return self.server.trouble.requests
