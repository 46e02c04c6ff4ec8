"""What is wrong with the memory service: faults that last until somebody mends them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Gone, Retryable


class Trouble:
    """What every request to a service passes."""

    def __init__(self) -> None:
        self.requests = 0
        self.fault = ""  # "lost": done, and not answered; any other: not done
        self.after: float | None = None  # how long it asks to wait
        self.revoked = self.expired = False  # of logins: only an expired one is renewed
        self.gone: set[str] = set()  # calendars

    @contextmanager
    def request(self, calendar: str) -> Iterator[None]:
        """Count a request, and let it fail if it is to."""
        self.requests += 1
        if self.fault and self.fault != "lost":
            raise Retryable(self.fault, self.after)
        if self.revoked:
            raise AuthRequired
        self.expired = False  # whoever asks renews it
        if calendar in self.gone:
            raise Gone
        yield
        if self.fault == "lost":
            raise Retryable(self.fault, self.after)
