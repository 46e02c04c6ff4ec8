"""Logins at Microsoft's identity platform: of a person who consented, and of the application.

MSAL speaks the protocol; what is kept is its token cache, as text.
https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import msal
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from odoo.addons.synced_meetings.sync.canonical import address
from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable, SyncError
from odoo.addons.synced_meetings.sync.reading import storable

from .graph_codes import ADMIN, APPLICATION, BUSY, CANCELLED, CONSENT, numbers_of, said
from .graph_wire import Wire, challenge, hashed, nonce

AUTHORITY = "https://login.microsoftonline.com"
GRAPH_URL = "https://graph.microsoft.com/v1.0"
SCOPES = ["Calendars.ReadWrite", "User.Read"]
IDENTITY = ["openid", "profile", "offline_access"]  # MSAL adds them by itself
ANYBODY = ("organizations", "common", "consumers")
HOUR = 3_600.0
PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL
)


class ConsentRefused(SyncError):
    """No consent came of it: ``reason`` says why, in the words of the core's consents."""

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__(reason)
        self.reason = reason


class LoginRefused(AuthRequired):
    """The application itself is not let in: ``reason`` is one of `trouble.CONNECTION`."""

    def __init__(self, reason: str, code: str = "") -> None:
        """Keep why, and Microsoft's number."""
        super().__init__(reason, code)
        self.reason, self.code = reason, code


@dataclass(frozen=True)
class Client:
    """How this server is known to Microsoft, and where Microsoft is; repr() shows no secret."""

    client_id: str
    client_secret: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)  # PEM, with its private key
    tenant: str = "organizations"
    redirect_uri: str = ""
    authority_url: str = AUTHORITY
    sign_in_url: str = ""  # where people's browsers are sent, if not to the authority
    graph_url: str = GRAPH_URL
    ca_file: str = ""

    @property
    def authority(self) -> str:
        """Return where people of the tenant log in."""
        return self._of_tenant(self.authority_url)

    @property
    def sign_in(self) -> str:
        """Return where people of the tenant are asked."""
        return self._of_tenant(self.sign_in_url or self.authority_url)

    def _of_tenant(self, url: str) -> str:
        return f"{url.rstrip('/')}/{self.tenant or 'organizations'}"


@dataclass(frozen=True)
class Grant:
    """What a consent gave: the token cache to be kept, and whose mailbox it is."""

    cache: str = field(repr=False)
    email: str = ""
    account_id: str = ""
    tenant_id: str = ""


def consent_url(client: Client, state: str, verifier: str, login_hint: str = "") -> str:
    """Return the address of Microsoft's consent page; ``verifier`` is the caller's (PKCE)."""
    asked = {
        "client_id": client.client_id,
        "response_type": "code",
        "redirect_uri": client.redirect_uri,
        "response_mode": "query",  # a form would come without the cookie of the session
        "scope": " ".join([*SCOPES, *IDENTITY]),
        "state": state,
        "prompt": "select_account",
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        "nonce": hashed(nonce(verifier)),
        "client_info": "1",
    }
    if login_hint:
        asked["login_hint"] = login_hint
    return f"{client.sign_in}/oauth2/v2.0/authorize?{urlencode(asked)}"


def admin_consent_url(client: Client, state: str) -> str:
    """Return where an administrator allows the application for the whole organisation."""
    asked = {
        "client_id": client.client_id,
        "scope": f"{_resource(client)}/{SCOPES[0]}",
        "redirect_uri": client.redirect_uri,
        "state": state,
    }
    return f"{client.sign_in}/v2.0/adminconsent?{urlencode(asked)}"


def exchange(client: Client, answer: Mapping[str, str], verifier: str) -> Grant:
    """Return what the query of the return address gives; the caller has checked its ``state``.

    Raises `ConsentRefused`, `Retryable`.
    """
    if answer.get("error"):
        raise ConsentRefused(_consent_reason(answer, CANCELLED))
    if not answer.get("code"):
        raise ConsentRefused("code_refused")
    cache = msal.SerializableTokenCache()
    flow = {
        "state": answer.get("state"),
        "redirect_uri": client.redirect_uri,
        "scope": [*SCOPES, *IDENTITY],
        "code_verifier": verifier,
        "nonce": nonce(verifier),
    }
    result = _asked(
        lambda: _application(client, cache).acquire_token_by_auth_code_flow(flow, dict(answer))
    )
    if "error" in result:
        _raise_where_busy(result)
        raise ConsentRefused(_consent_reason(result, "code_refused"))
    return _grant(result, cache)


class Delegated:
    """The login of a person who consented; ``keep`` is given the cache whenever it changed."""

    def __init__(self, client: Client, cache: str, keep: Callable[[str], None]) -> None:
        self._client, self._keep = client, keep
        self._cache = msal.SerializableTokenCache()
        self._cache.deserialize(cache or "{}")
        self._app: msal.ConfidentialClientApplication | None = None

    def token(self, fresh: bool = False) -> str:
        """Return an access token. Raises `AuthRequired`, `Retryable`."""
        result = _asked(lambda: self._silent(fresh))
        if self._cache.has_state_changed:
            self._keep(self._cache.serialize())
        if result and "access_token" in result:
            return str(result["access_token"])
        _raise_where_busy(result or {})
        number = numbers_of(result or {})
        if (result or {}).get("error") in ("invalid_client", "unauthorized_client"):
            # Nothing that a person can renew: the administrator's secret may be right soon.
            raise Retryable(f"invalid_client {said(number)}".strip(), HOUR)
        raise AuthRequired(said(number) or "no_account")

    def _silent(self, fresh: bool) -> dict[str, Any] | None:
        self._app = self._app or _application(self._client, self._cache)
        accounts = self._app.get_accounts()
        if not accounts:
            return None
        found: dict[str, Any] | None = self._app.acquire_token_silent_with_error(
            self._scopes(accounts[0]), accounts[0], force_refresh=fresh
        )
        return found

    def _scopes(self, account: Mapping[str, Any]) -> list[str]:
        """Return our scopes in the form in which the cache has them: MSAL compares their text,
        and Microsoft may answer with whole addresses."""
        kind, owner = self._cache.CredentialType.ACCESS_TOKEN, account.get("home_account_id")
        whole = [f"{_resource(self._client)}/{scope}" for scope in SCOPES]
        known = any(self._cache.search(kind, target=whole, query={"home_account_id": owner}))
        return whole if known else SCOPES


class Application:
    """The login of the application itself, for mailboxes that an administrator gave it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._app: msal.ConfidentialClientApplication | None = None

    def token(self, fresh: bool = False) -> str:
        """Return an access token. Raises `LoginRefused`, `Retryable`."""
        if self._client.tenant in ("", *ANYBODY):
            raise LoginRefused("tenant_unknown")
        result = _asked(lambda: self._own(fresh))
        if "access_token" in result:
            return str(result["access_token"])
        _raise_where_busy(result)
        numbers = numbers_of(result)
        reason = next((APPLICATION[n] for n in numbers if n in APPLICATION), "refused")
        raise LoginRefused(reason, said(numbers))

    def _own(self, fresh: bool) -> dict[str, Any]:
        self._app = self._app or _application(self._client, _memory(self._client))
        if fresh:
            self._app.remove_tokens_for_client()
        scope = f"{_resource(self._client)}/.default"
        found: dict[str, Any] = self._app.acquire_token_for_client([scope])
        return found


@lru_cache(maxsize=16)
def _memory(client: Client) -> msal.TokenCache:
    """Return what this process holds of an application's tokens; they are never kept."""
    return msal.TokenCache()


def _application(client: Client, cache: msal.TokenCache) -> msal.ConfidentialClientApplication:
    """Return MSAL's client; it looks up the tenant's addresses. Raises `LoginRefused`."""
    wire = Wire(client.ca_file)
    try:
        return msal.ConfidentialClientApplication(
            client.client_id,
            client_credential=_credential(client),
            authority=client.authority,
            token_cache=cache,
            http_client=wire,
            instance_discovery=False,
        )
    except ValueError:
        # MSAL names no cause; of what answered, a refusal can only mean the tenant.
        if 400 <= wire.status < 500:
            raise LoginRefused("tenant_unknown") from None
        raise Retryable("authority") from None


def _credential(client: Client) -> str | dict[str, str]:
    if not client.certificate:
        return client.client_secret
    pem = client.certificate
    try:
        found = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise LoginRefused("secret_wrong") from None
    key = PRIVATE_KEY.search(pem)
    if not key:
        raise LoginRefused("secret_wrong")
    thumbprint = found.fingerprint(hashes.SHA1()).hex()
    return {"private_key": key[0], "thumbprint": thumbprint, "public_certificate": pem}


def _resource(client: Client) -> str:
    return "/".join(client.graph_url.split("/")[:3])


def _asked(call: Callable[[], Any]) -> Any:
    """Do what MSAL does, and tell its failures without their causes, which hold secrets."""
    try:
        return call()
    except requests.RequestException as error:
        raise Retryable(type(error).__name__) from None
    except (ValueError, RuntimeError, KeyError, TypeError) as error:
        raise Retryable(f"login {type(error).__name__}") from None


def _grant(result: Mapping[str, Any], cache: msal.SerializableTokenCache) -> Grant:
    held = {one.rpartition("/")[2].lower() for one in str(result.get("scope") or "").split()}
    if "scope" in result and SCOPES[0].lower() not in held:
        raise ConsentRefused("scope_missing")
    claims = result.get("id_token_claims")
    claims = claims if isinstance(claims, dict) else {}
    who = claims.get("preferred_username") or claims.get("email")
    email = address(who) if isinstance(who, str) else ""
    ids = (claims.get("oid"), claims.get("tid"))
    account, tenant = (storable(one) if isinstance(one, str) else "" for one in ids)
    return Grant(cache.serialize(), email, account, tenant)


def _consent_reason(answer: Mapping[str, Any], default: str) -> str:
    found = next((CONSENT[n] for n in numbers_of(answer) if n in CONSENT), "")
    if found:
        return found
    if answer.get("error") in ("invalid_client", "unauthorized_client"):
        return "client_refused"
    return ADMIN if answer.get("error") == "consent_required" else default


def _raise_where_busy(result: Mapping[str, Any]) -> None:
    if result.get("error") in BUSY:
        raise Retryable(str(result["error"]))
