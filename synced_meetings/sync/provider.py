"""What the engine asks of a calendar service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from .event import Busy, Calendar, Change, Channel, Outcome, Page, Window


class Provider(Protocol):
    """One calendar of one account. Every method may raise `AuthRequired` and `Retryable`."""

    name: str
    fields: frozenset[str]  # of `Event`: what the service lets be written
    batch_size: int  # changes of one `push`
    quiet: bool  # whether it can change an event without mailing those who are invited

    def calendars(self) -> Iterable[Calendar]:
        """Yield the calendars that the account can see."""

    def changes(self, token: str | None, window: Window) -> Iterator[Page]:
        """Yield what changed since ``token``, or with None the whole calendar inside ``window``.

        The last page, and only it, carries the next token. Events that cannot be read stand
        in `Page.bad`. Raises `SyncTokenExpired` before the first page.
        """

    def fetch(self, remote_ids: Sequence[str]) -> Page:
        """Return these events as they are now; a tombstone for each that does not exist."""

    def push(self, changes: Sequence[Change]) -> list[Outcome]:
        """Do these in the service's batch form; one outcome each, in order: one fails alone.

        A create whose client key exists already answers with that event as it is, the update or
        deletion of what is gone with its tombstone. An outcome's error is `StaleChangeKey`,
        `Retryable` or `Rejected`. Raises `Retryable` where it is not known what was done.
        """

    def free_busy(self, emails: Sequence[str], window: Window) -> dict[str, list[Busy]]:
        """Return the busy times of those whose calendar may be asked; the others are left out."""

    def subscribe(self, callback_url: str, secret: str, old: Channel | None = None) -> Channel:
        """Have ``callback_url`` called when the calendar changes; each call brings ``secret``.

        ``old`` is prolonged where the service can do that: the answer then has its id, and its
        secret stays. Otherwise it is ended. Raises `NoChannel`.
        """

    def unsubscribe(self, channel: Channel) -> None:
        """End a channel; one that has ended already is no error."""
