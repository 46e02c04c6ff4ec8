"""The consent of a person, and what Google gives for it: OAuth 2 with PKCE, without a database.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

import requests
from google.oauth2.credentials import Credentials

from odoo.addons.synced_meetings.sync.errors import Retryable

AUTH_URL = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URL = "https://oauth2.googleapis.com/token"
REVOKE_URL = "https://oauth2.googleapis.com/revoke"
TIMEOUT = 20.0

PREFIX = "https://www.googleapis.com/auth/"
EVENTS = f"{PREFIX}calendar.events"
SCOPES = (EVENTS, f"{PREFIX}calendar.calendarlist.readonly", f"{PREFIX}calendar.freebusy")
IDENTITY = ("openid", "email")
# Google grants some scopes under another name, and wider ones contain ours.
CALENDAR = f"{PREFIX}calendar"
CONTAINED_IN = {
    "email": {f"{PREFIX}userinfo.email"},
    EVENTS: {CALENDAR},
    SCOPES[1]: {CALENDAR, f"{CALENDAR}.readonly", f"{CALENDAR}.calendarlist"},
    SCOPES[2]: {CALENDAR, f"{CALENDAR}.readonly", f"{CALENDAR}.events.freebusy"},
}


class OAuthError(Exception):
    """Base of what can go wrong between "connect" and "connected"."""


class _Reasoned(OAuthError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConsentRefused(_Reasoned):
    """The person or the organisation's administrator said no; ``reason`` is Google's word."""


class CodeRefused(_Reasoned):
    """The code is not accepted: used before, too old, or of another attempt."""


class ClientRefused(_Reasoned):
    """The administrator's client id, secret or return address is wrong."""


class ScopesMissing(OAuthError):
    """The person unticked what the sync needs: ``missing`` are those scopes."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = frozenset(missing)
        super().__init__(*sorted(self.missing))


@dataclass(frozen=True)
class Client:
    """How this server is known to Google, and where Google is."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str = ""
    auth_url: str = AUTH_URL
    token_url: str = TOKEN_URL
    revoke_url: str = REVOKE_URL


@dataclass(frozen=True)
class Tokens:
    """What Google gave; ``expires`` is an aware UTC time. Nothing secret is shown by repr()."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires: datetime | None = None
    scopes: frozenset[str] = frozenset()
    id_token: str = field(default="", repr=False)

    def credentials(self, client: Client) -> Credentials:
        """Return google-auth's form, which renews itself."""
        return Credentials(  # type: ignore[no-untyped-call]
            self.access_token or None,
            refresh_token=self.refresh_token or None,
            token_uri=client.token_url,
            client_id=client.client_id,
            client_secret=client.client_secret,
            # The scopes are not named again: asking for one that was withdrawn would fail.
            expiry=self.expires and self.expires.replace(tzinfo=None),
        )

    @classmethod
    def of(cls, credentials: Credentials, scopes: frozenset[str] = frozenset()) -> Tokens:
        """Return what is to be stored after ``credentials`` were used; they may have changed."""
        expiry = credentials.expiry
        return cls(
            access_token=credentials.token or "",
            refresh_token=credentials.refresh_token or "",
            expires=expiry and expiry.replace(tzinfo=timezone.utc),
            scopes=scopes,
        )


@dataclass(frozen=True)
class Identity:
    """Who consented: the address, and the id that stays when the address changes."""

    email: str = ""
    account_id: str = ""


def new_state() -> str:
    """Return a state that nobody can guess; the caller binds it to a user and a time."""
    return secrets.token_urlsafe(32)


def new_verifier() -> str:
    """Return a PKCE code verifier (RFC 7636 4.1)."""
    return secrets.token_urlsafe(64)


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636 4.2)."""
    return _base64url(hashlib.sha256(verifier.encode("ascii")).digest())


def consent_url(
    client: Client, state: str, verifier: str, login_hint: str = "", scopes: Iterable[str] = SCOPES
) -> str:
    """Return the address of Google's consent page; both ``offline`` and ``consent`` are needed
    to be given a refresh token each time (web-server flow, step 1)."""
    asked = {
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "response_type": "code",
        "scope": " ".join((*IDENTITY, *scopes)),
        "access_type": "offline",
        "prompt": "consent",
        "include_granted_scopes": "true",
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
    }
    if login_hint:
        asked["login_hint"] = login_hint
    return f"{client.auth_url}{'&' if '?' in client.auth_url else '?'}{urlencode(asked)}"


def code_of(answer: Mapping[str, str]) -> str:
    """Return the code from the query of the return address, or raise `ConsentRefused`.

    Whose answer it is, the caller has checked by its ``state`` (web-server flow, step 4).
    """
    if answer.get("error"):
        raise ConsentRefused(str(answer["error"])[:64])
    if not answer.get("code"):
        raise ConsentRefused("no_code")
    return answer["code"]


def exchange(client: Client, code: str, verifier: str, now: datetime | None = None) -> Tokens:
    """Return the tokens for a code (web-server flow, step 5).

    Raises `CodeRefused`, `ClientRefused`, `Retryable`; missing scopes are the caller's to ask for.
    """
    answer = _post(
        client.token_url,
        {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "redirect_uri": client.redirect_uri,
            "code_verifier": verifier,
        },
    )
    body = _json(answer)
    if answer.status_code != requests.codes.ok:
        raise _refusal(answer.status_code, body)
    return _tokens(body, now or datetime.now(timezone.utc))


def missing_scopes(tokens: Tokens, asked: Iterable[str] = SCOPES) -> frozenset[str]:
    """Return which of ``asked`` the person did not grant (granular permissions)."""
    return frozenset(
        scope
        for scope in asked
        if scope not in tokens.scopes and not CONTAINED_IN.get(scope, set()) & tokens.scopes
    )


def require_scopes(tokens: Tokens, asked: Iterable[str] = SCOPES) -> None:
    """Raise `ScopesMissing` unless all of ``asked`` were granted."""
    missing = missing_scopes(tokens, asked)
    if missing:
        raise ScopesMissing(missing)


def identity_of(tokens: Tokens) -> Identity:
    """Return who consented, empty where the token does not say (OpenID Connect Core 2).

    The signature need not be checked: the token came straight from Google (Core 3.1.3.7).
    """
    try:
        claims = json.loads(_from_base64url(tokens.id_token.split(".")[1]))
    except (IndexError, ValueError, binascii.Error):
        return Identity()
    if not isinstance(claims, dict):
        return Identity()
    return Identity(str(claims.get("email") or "").lower(), str(claims.get("sub") or ""))


def revoke(client: Client, token: str) -> bool:
    """Withdraw a grant; False where Google did not know it any more (web-server flow, revoking)."""
    answer = _post(client.revoke_url, {"token": token})
    return bool(answer.status_code == requests.codes.ok)


def _post(url: str, form: Mapping[str, str]) -> requests.Response:
    try:
        answer = requests.post(url, data=form, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as error:
        # Without its cause, whose request holds the secrets.
        raise Retryable(type(error).__name__) from None
    if answer.status_code in (408, 429) or answer.status_code >= 500:
        raise Retryable(str(answer.status_code))
    return answer


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _refusal(status: int, body: Mapping[str, Any]) -> OAuthError:
    reason = str(body.get("error") or status)[:64]
    if reason == "invalid_grant":
        return CodeRefused(reason)
    return ClientRefused(reason)


def _tokens(body: Mapping[str, Any], now: datetime) -> Tokens:
    if not isinstance(body.get("access_token"), str):
        raise CodeRefused("no_access_token")
    try:
        lifetime = timedelta(seconds=int(body.get("expires_in") or 0))
        expires = now + lifetime
    except (ValueError, TypeError, OverflowError):
        expires = now
    return Tokens(
        access_token=body["access_token"],
        refresh_token=str(body.get("refresh_token") or ""),
        expires=expires,
        # Left out where all was granted (RFC 6749 5.1).
        scopes=frozenset(str(body.get("scope") or " ".join((*IDENTITY, *SCOPES))).split()),
        id_token=str(body.get("id_token") or ""),
    )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
