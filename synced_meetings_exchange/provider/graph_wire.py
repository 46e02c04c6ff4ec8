"""How MSAL reaches the login service: bounded in time, without redirects, asked once."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any

import requests

from odoo.addons.synced_meetings.sync.errors import Retryable
from odoo.addons.synced_meetings.sync.reading import retry_after

TIMEOUT = 20.0


class Wire:
    """MSAL's ``http_client``; ``status`` is the last answer's."""

    def __init__(self, ca_file: str = "") -> None:
        self._http = requests.Session()
        self._verify: str | bool = ca_file or True
        self.status = 0

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> Said:
        """Return an answer; the addresses of a tenant are asked for once in a process."""
        if params is None and url.endswith("/openid-configuration"):
            known = _known(url, self._verify)
            if known.status_code != requests.codes.ok:
                _known.cache_clear()
            self.status = known.status_code
            return known
        return self._send("GET", url, params=params, headers=headers)

    def post(self, url: str, params: Any = None, data: Any = None, **more: Any) -> Said:
        """Return an answer."""
        return self._send("POST", url, params=params, data=data, headers=more.get("headers"))

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _send(self, method: str, url: str, **more: Any) -> Said:
        answer = self._http.request(
            method, url, timeout=TIMEOUT, allow_redirects=False, verify=self._verify, **more
        )
        self.status = answer.status_code
        return Said(answer)


class Said:
    """An answer as MSAL reads it, without the request that led to it."""

    def __init__(self, answer: requests.Response) -> None:
        if answer.status_code in (408, 429) or answer.status_code >= 500:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            raise Retryable(str(answer.status_code), retry_after(headers))
        self.status_code, self.text = answer.status_code, answer.text
        self.headers = dict(answer.headers)

    def raise_for_status(self) -> None:
        """Raise as `requests` does."""
        if self.status_code >= 400:
            raise requests.HTTPError(str(self.status_code))


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def nonce(verifier: str) -> str:
    """Return what MSAL looks for in the id token: it follows from the verifier, and hides it."""
    return challenge(f"nonce {verifier}")


def hashed(text: str) -> str:
    """Return a nonce as MSAL lets it travel."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@lru_cache(maxsize=64)
def _known(url: str, verify: str | bool) -> Said:
    answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False, verify=verify)
    return Said(answer)
