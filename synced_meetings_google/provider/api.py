"""Google's own client, built once: the discovery document is parsed once per process.

https://googleapis.github.io/google-api-python-client/docs/
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import google_auth_httplib2
import httplib2
from google.auth.credentials import Credentials
from googleapiclient.discovery import build

from odoo.addons.synced_meetings.sync.reading import retry_after

from .errors import meaning_of

PATH = "calendar/v3/"
UNWELL = (408, 429, *range(500, 600))


class Api(NamedTuple):
    """The collections of the Calendar API; making their methods takes longer than a request."""

    events: Any
    calendar_list: Any
    free_busy: Any
    channels: Any


@lru_cache(maxsize=8)
def api(url: str) -> Api:
    """Return the API at ``url``; its requests are executed with a connection of one's own."""
    service = build(
        "calendar",
        "v3",
        http=httplib2.Http(),  # never used; without it, build() looks for a login of the machine
        static_discovery=True,
        cache_discovery=False,
        client_options={"api_endpoint": url},
    )
    return Api(service.events(), service.calendarList(), service.freebusy(), service.channels())


def batch_url(url: str) -> str:
    """Return where the API at ``url`` takes batches: ``batchPath`` beside its ``servicePath``."""
    return f"{url.removesuffix(PATH)}batch/{PATH.rstrip('/')}"


class Connection(google_auth_httplib2.AuthorizedHttp):  # type: ignore[misc]
    """A kept connection that logs in with ``credentials``; for one thread at a time."""

    def __init__(self, credentials: Credentials, timeout: float) -> None:
        wire = httplib2.Http(timeout=timeout)
        wire.follow_redirects = False  # an API has none, and a login must not travel
        super().__init__(credentials, http=wire)
        self._request = _TokenRequest(wire)

    def log_in(self) -> None:
        """Renew an access token that has run out."""
        if not self.credentials.valid:
            self.renew()

    def renew(self) -> None:
        """Get a new access token."""
        self.credentials.refresh(self._request)


class _TokenRequest(google_auth_httplib2.Request):  # type: ignore[misc]
    """Asks for an access token once: google-auth would sleep and repeat, the engine decides."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        response = super().__call__(*args, **kwargs)
        if response.status in UNWELL:
            raise meaning_of(response.status, frozenset(), retry_after(response.headers))
        return response
