"""Requests over one mailbox's connection, one at a time: alone, or up to twenty in one batch.

https://learn.microsoft.com/graph/json-batching
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import requests

from odoo.addons.synced_meetings.sync.errors import (
    AuthRequired,
    Rejected,
    Retryable,
    SyncError,
)
from odoo.addons.synced_meetings.sync.reading import retry_after

from .graph_errors import Absent, NoMailbox, meaning_of, unreached

BATCH = 20  # requests; Graph's limit
PAGE_SIZE = 1_000
# On every request: the times as they are compared, and ids that stay when an event is moved.
PREFER = 'outlook.timezone="UTC", IdType="ImmutableId"'
Json = dict[str, Any]
Answer = Json | SyncError


class Login(Protocol):
    """What gives access tokens: see `graph_login`."""

    def token(self, fresh: bool = False) -> str:
        """Return an access token, ``fresh`` where the one from before was refused."""


class Ask(NamedTuple):
    """One request: ``path`` begins with "/me" or "/users/…", ``match`` is an ETag."""

    method: str
    path: str
    body: Json | None = None
    match: str = ""

    def headers(self) -> dict[str, str]:
        """Return what it says beside its body."""
        return {"Prefer": PREFER} | ({"If-Match": self.match} if self.match else {})


class Calls:
    """One kept connection; not for several threads at once."""

    def __init__(self, login: Login, url: str, timeout: float, ca_file: str = "") -> None:
        self._login, self._url, self._timeout = login, url.rstrip("/"), timeout
        self._verify: str | bool = ca_file or True
        self._http = requests.Session()

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._http.close()

    def page(self, link: str) -> Json:
        """Return a page of a listing: a path, or a link that Graph gave. Raises `SyncError`."""
        prefer = f"{PREFER}, odata.maxpagesize={PAGE_SIZE}"
        url = self._absolute(link)
        return _raised(self._send("GET", url, None, {"Prefer": prefer}))

    def one(self, ask: Ask) -> Json:
        """Return the answer to a request, or raise what it was refused with."""
        return _raised(self._alone(ask))

    def many(self, asks: Sequence[Ask]) -> list[Answer]:
        """Return what each was answered or refused with, in order.

        Raises `AuthRequired`, `NoMailbox`, and `Retryable` where it is not known what was done.
        """
        answers: list[Answer] = []
        for first in range(0, len(asks), BATCH):
            answers += self._part(asks[first : first + BATCH])
        for answer in answers:
            if isinstance(answer, AuthRequired | NoMailbox):
                raise answer
        return answers

    def is_ours(self, link: str) -> bool:
        """Whether a link leads to the service that was configured, and nowhere else."""
        return urlsplit(link)[:2] == urlsplit(self._url)[:2]

    def _absolute(self, link: str) -> str:
        if link.startswith("/"):
            return f"{self._url}{link}"
        if not self.is_ours(link):
            raise Retryable("foreign_link")  # the login must not travel
        return link

    def _part(self, asks: Sequence[Ask]) -> list[Answer]:
        if len(asks) == 1:
            return [self._alone(asks[0])]
        found = self._batch(asks)
        if isinstance(found, Rejected | Absent):  # for its size or form: none of it was done
            middle = len(asks) // 2
            return self._part(asks[:middle]) + self._part(asks[middle:])
        return [_answer_of(answer) for answer in _sorted(_raised(found), len(asks))]

    def _alone(self, ask: Ask) -> Answer:
        return self._send(ask.method, self._absolute(ask.path), ask.body, ask.headers())

    def _batch(self, asks: Sequence[Ask]) -> Answer:
        parts = [_part_of(number, ask) for number, ask in enumerate(asks)]
        return self._send("POST", f"{self._url}/$batch", {"requests": parts}, {})

    def _send(self, method: str, url: str, body: Json | None, headers: dict[str, str]) -> Answer:
        """Send once, and once more where the access token has run out."""
        answer = self._sent(method, url, body, headers, self._login.token())
        if answer.status_code == requests.codes.unauthorized:
            answer = self._sent(method, url, body, headers, self._login.token(fresh=True))
        wait = retry_after({name.lower(): value for name, value in answer.headers.items()})
        return _read(answer.status_code, _json(answer), wait)

    def _sent(
        self, method: str, url: str, body: Json | None, headers: dict[str, str], token: str
    ) -> requests.Response:
        try:
            return self._http.request(
                method,
                url,
                json=body,
                headers={"Authorization": f"Bearer {token}", **headers},
                timeout=self._timeout,
                allow_redirects=False,  # an API has none, and a login must not travel
                verify=self._verify,
            )
        except (requests.RequestException, OSError, ValueError) as error:
            raise unreached(error) from None


def _part_of(number: int, ask: Ask) -> Json:
    part: Json = {"id": str(number), "method": ask.method, "url": ask.path}
    content = {"Content-Type": "application/json"} if ask.body is not None else {}
    part["headers"] = ask.headers() | content
    return part if ask.body is None else {**part, "body": ask.body}


def _sorted(answer: Json, number: int) -> list[Any]:
    """Return the parts of a batch's answer in the order of its requests; they come in any."""
    parts = answer.get("responses")
    found = {
        part.get("id"): part
        for part in (parts if isinstance(parts, list) else ())
        if isinstance(part, dict)
    }
    try:
        return [found[str(one)] for one in range(number)]
    except KeyError:
        raise Retryable("bad_batch") from None


def _answer_of(part: Json) -> Answer:
    status, headers = part.get("status"), part.get("headers")
    if not isinstance(status, int):
        raise Retryable("bad_batch")
    said = headers if isinstance(headers, Mapping) else {}
    wait = retry_after({str(name).lower(): str(value) for name, value in said.items()})
    return _read(status, part.get("body"), wait)


def _read(status: int, body: object, wait: float | None) -> Answer:
    if status in (202, 204):
        return {}  # nothing is said of what was cancelled, answered or deleted
    if 200 <= status < 300:
        if not isinstance(body, dict):
            raise Retryable("not_an_object")
        return body
    if 300 <= status < 400:
        return Retryable("redirected")
    return meaning_of(status, body, wait)


def _json(answer: requests.Response) -> object:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None  # cut short, or the page of a proxy


def _raised(answer: Answer) -> Json:
    if isinstance(answer, SyncError):
        raise answer
    return answer
