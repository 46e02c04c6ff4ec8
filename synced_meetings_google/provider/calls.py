"""Requests over one login's connection: one by one, or up to fifty in one batch.

https://developers.google.com/workspace/calendar/api/guides/batch
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.auth.credentials import Credentials
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest, HttpRequest

from odoo.addons.synced_meetings.sync.errors import (
    AuthRequired,
    Gone,
    Rejected,
    Retryable,
    SyncError,
)

from .api import Connection, batch_url
from .errors import refusal, translated

BATCH = 50  # calls; Google's limit for calendars
Json = dict[str, Any]
Answer = Json | SyncError

# What Google's client stumbles over where the answer to a batch is cut or mangled.
MANGLED = (LookupError, ValueError, TypeError, AttributeError)


class Calls:
    """One kept connection; not for several threads at once."""

    def __init__(self, credentials: Credentials, api_url: str, timeout: float) -> None:
        self._http = Connection(credentials, timeout)
        self._batch_url = batch_url(api_url)

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._http.close()

    def one(self, request: HttpRequest) -> Json:
        """Return the answer to a request, or raise what it was refused with."""
        answer = self._alone(request)
        if isinstance(answer, SyncError):
            raise answer
        return answer

    def many(self, requests: Sequence[HttpRequest]) -> list[Answer]:
        """Return what each was answered or refused with, in order.

        Raises `AuthRequired`, and `Retryable` where it is not known what was done.
        """
        answers: list[Answer] = []
        for first in range(0, len(requests), BATCH):
            answers += self._part(requests[first : first + BATCH])
        for answer in answers:
            if isinstance(answer, AuthRequired):
                raise answer
        return answers

    def _part(self, requests: Sequence[HttpRequest]) -> list[Answer]:
        if len(requests) == 1:
            return [self._alone(requests[0])]
        try:
            return self._batch(requests)
        except (Rejected, Gone):  # for its size or its form: none of it was done
            middle = len(requests) // 2
            return self._part(requests[:middle]) + self._part(requests[middle:])

    def _alone(self, request: HttpRequest) -> Answer:
        with translated():
            try:
                return _object(request, request.execute(http=self._http, num_retries=0))
            except HttpError as error:
                return refusal(error)

    def _batch(self, requests: Sequence[HttpRequest]) -> list[Answer]:
        found: dict[str, Answer] = {}

        def keep(number: str, answer: object, error: HttpError | None) -> None:
            found[number] = refusal(error) if error else _object(requests[int(number)], answer)

        batch = _Batch(callback=keep, batch_uri=self._batch_url)
        for number, request in enumerate(requests):
            batch.add(request, request_id=str(number))
        try:
            with translated():
                self._http.log_in()
                batch.execute(http=self._http)
            return [found[str(number)] for number in range(len(requests))]
        except MANGLED as error:
            raise Retryable("bad_batch") from error


class _Batch(BatchHttpRequest):  # type: ignore[misc]
    """Renews the login over the connection that its calls take, and once for all of them."""

    renewed = False

    def _refresh_and_apply_credentials(self, request: HttpRequest, http: Connection) -> None:
        # The client would open another connection for it, without a limit of time.
        if not self.renewed:
            self.renewed = True
            http.renew()


def _object(request: HttpRequest, answer: object) -> Json:
    if request.method == "DELETE" or request.methodId == "calendar.channels.stop":
        return {}  # nothing is said of what is gone
    if not isinstance(answer, dict):
        raise Retryable("not_an_object")
    return answer
