"""The words in which the contract tells a simulated service what to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, Protocol

from odoo.addons.synced_meetings.sync.event import Event, When
from odoo.addons.synced_meetings.sync.provider import Provider

Fault = Literal["throttled", "unavailable", "dropped", "lost", "slow"]


class NeutralServer(Protocol):
    """One account with one calendar at a simulated service; ids are those of the provider."""

    owner: str  # the address of the account
    host: str  # somebody else with an account there, who invites
    zone: str  # of the calendar

    def provider(self, timeout: float = 10.0) -> Provider:
        """Return a new provider for the owner's calendar."""

    def create(self, event: Event) -> str:
        """Let the owner make an event, or with a rule a series; its ``uid`` does not matter."""

    def invite(self, event: Event) -> str:
        """Let the host make an event with these attendees; return the id of the owner's copy."""

    def edit(self, remote_id: str, **changes: Any) -> None:
        """Let the owner change fields of `Event`."""

    def delete(self, remote_id: str) -> None:
        """Let the owner delete an event or a whole series."""

    def cancel_occurrence(self, series: str, start: datetime | date) -> None:
        """Let the owner delete the occurrence that begins at ``start``."""

    def move_occurrence(self, series: str, start: datetime | date, when: When) -> None:
        """Let the owner move the occurrence that began at ``start``."""

    def occurrence(self, series: str, start: datetime | date) -> str:
        """Return the id of the occurrence that begins at ``start``, seen or not."""

    def seen_by_host(self, uid: str) -> Event:
        """Return the host's own copy of a meeting that the host made."""

    def mailed(self) -> list[str]:
        """Return the addresses to which mails went so far, in order, once for each mail."""

    def spoil(self) -> str:
        """Put an event into the calendar that nobody can read; return its id."""

    def limit_pages(self, size: int) -> None:
        """Let no answer hold more events than this."""

    def expire_sync_tokens(self) -> None:
        """Forget every sync token that was given out."""

    def expire_login(self) -> None:
        """End what is renewed without the owner."""

    def revoke_login(self) -> None:
        """End what only the owner can renew."""

    def remove_calendar(self) -> None:
        """Delete the calendar, or all rights to it."""

    def fail(self, fault: Fault, after: int | None = None) -> None:
        """Misbehave until `recover`; ``after`` is how long the service asks to wait.

        What is "dropped" was not done, of what is "lost" only the answer.
        """

    def recover(self) -> None:
        """Behave again."""

    def requests(self) -> int:
        """Return how many requests for calendar data came so far; a batch is one."""
