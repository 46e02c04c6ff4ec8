"""What the engine asks of a calendar service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from .event import Busy, Calendar, Page, Window


class Provider(Protocol):
    """One calendar of one account. Every method may raise `AuthRequired` and `Retryable`."""

    name: str

    def calendars(self) -> Iterable[Calendar]:
        """Yield the calendars that the account can see."""

    def changes(self, token: str | None, window: Window) -> Iterator[Page]:
        """Yield what changed since ``token``, or with None the whole calendar inside ``window``.

        The last page, and only it, carries the next token. Events that cannot be read stand
        in `Page.bad`. Raises `SyncTokenExpired` before the first page.
        """

    def fetch(self, remote_ids: Sequence[str]) -> Page:
        """Return these events as they are now; a tombstone for each that does not exist."""

    def free_busy(self, emails: Sequence[str], window: Window) -> dict[str, list[Busy]]:
        """Return the busy times of those whose calendar may be asked; the others are left out."""
