"""A service account that acts for the people of a domain (domain-wide delegation).

https://developers.google.com/identity/protocols/oauth2/service-account
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, MalformedError, RefreshError
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

from odoo.addons.synced_meetings.sync.errors import Gone, Retryable, SyncError

from .client import GoogleProvider
from .oauth import SCOPES, TIMEOUT, TOKEN_URL

NAMED = ("client_email", "client_id")
# What Google says of a person: that nobody is called so, or that the name is no address at all.
NOBODY = ("invalid email or user id", "not a valid email or user id", "invalid impersonation")
API_OFF = ("accessNotConfigured", "SERVICE_DISABLED")


class KeyRefused(ValueError):
    """A text is no key of a service account."""


class ServiceRefused(SyncError):
    """The service account may not act for a person; ``reason`` is a code for the sentence."""

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__(reason)
        self.reason = reason


def named(key: str) -> dict[str, str]:
    """Return whose key it is, without any secret: ``client_email`` and ``client_id``.

    Raises `KeyRefused`.
    """
    info = _info(key)
    return {name: str(info[name]) for name in NAMED}


@lru_cache(maxsize=1024)
def acting(key: str, email: str, token_url: str = TOKEN_URL) -> Credentials:
    """Return the login in a person's name; what it was given is kept in this process only.

    Raises `KeyRefused`.
    """
    # Where tokens are given the settings say: a key that was pasted must not lead elsewhere.
    info = {**_info(key), "token_uri": token_url}
    try:
        made = Credentials.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
    except (ValueError, MalformedError):
        raise KeyRefused from None
    return made.with_subject(email)


def checked(provider: GoogleProvider) -> str:
    """Return the address of the mailbox that opens. Raises `ServiceRefused` and `Retryable`."""
    _logged_in(provider.credentials)
    try:
        return provider.address()
    except Gone as error:  # suspended, or without a licence for it
        raise ServiceRefused("calendar_off") from error
    except Retryable as error:
        if any(words in str(error) for words in API_OFF):
            raise ServiceRefused("api_off") from error
        raise


def _logged_in(credentials: Credentials) -> None:
    session = requests.Session()
    session.max_redirects = 0
    try:
        credentials.refresh(_Once(session))
    except RefreshError as error:
        raise _meaning(error) from None
    except (GoogleAuthError, requests.RequestException) as error:
        raise Retryable(type(error).__name__) from None
    finally:
        session.close()


class _Once(Request):  # type: ignore[misc]
    """Asks with a limit of time that fits a person who waits."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        kwargs["timeout"] = TIMEOUT
        return super().__call__(*args, **kwargs)


def _meaning(error: RefreshError) -> SyncError:
    if error.retryable:
        return Retryable("token")
    answer = error.args[1] if len(error.args) > 1 else {}
    said: Mapping[str, Any] = answer if isinstance(answer, Mapping) else {}
    text = str(said.get("error_description") or "").lower()
    if said.get("error") in ("unauthorized_client", "access_denied"):
        return ServiceRefused("not_delegated")
    if any(words in text for words in NOBODY):
        return ServiceRefused("no_google_user")
    return ServiceRefused("service_key")


def _info(key: str) -> dict[str, Any]:
    try:
        info = json.loads(key)
    except ValueError:
        raise KeyRefused from None
    needed = ("private_key", *NAMED)
    whole = isinstance(info, dict) and all(isinstance(info.get(name), str) for name in needed)
    if not whole or info.get("type") != "service_account":
        raise KeyRefused
    return dict(info)
