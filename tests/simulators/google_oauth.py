"""OAuth 2 for web servers: clients, consent, codes, and what was granted to whom.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .google_world import World

if TYPE_CHECKING:
    from .google_accounts import ServiceAccount

DEMO_CLIENT = "synced-meetings-demo.apps.googleusercontent.com"
DEMO_SECRET = "demo-secret"
CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = 3_599  # seconds
UNUSED_LIFE = timedelta(days=180)
TESTING_LIFE = timedelta(days=7)
MOST_REFRESH_TOKENS = 100
IDENTITY = {
    "email": "https://www.googleapis.com/auth/userinfo.email",
    "profile": "https://www.googleapis.com/auth/userinfo.profile",
}


class OAuthError(Exception):
    """A refusal of the token endpoint."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(error, description)
        self.body, self.status = {"error": error, "error_description": description}, status


class AuthorisationError(Exception):
    """A refusal shown to the person, because the client cannot be trusted with it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(code, message)
        self.code, self.message, self.status = code, message, status


@dataclass
class Client:
    """An OAuth client, as the Cloud console knows it."""

    id: str
    secret: str
    name: str = "Synced Meetings"
    redirect_uris: list[str] | None = None  # None: any https, and http on this machine
    testing: bool = False  # publishing status "Testing": refresh tokens live 7 days

    def takes(self, uri: str) -> bool:
        """Tell whether the redirect URI is registered."""
        if self.redirect_uris is not None:
            return uri in self.redirect_uris
        url = urlsplit(uri)
        return url.scheme == "https" or (
            url.scheme == "http" and url.hostname in ("127.0.0.1", "localhost")
        )


@dataclass(frozen=True)
class Access:
    """What an access token allows."""

    email: str
    client: str
    scopes: frozenset[str]
    expires: float


@dataclass
class Refresh:
    """A refresh token's grant."""

    email: str
    client: str
    scopes: list[str]
    made: float
    used: float


@dataclass
class Code:
    """An authorisation code that waits to be exchanged."""

    email: str
    client: str
    redirect_uri: str
    scopes: list[str]
    challenge: str
    offline: bool
    made: float


@dataclass
class OAuth:
    """All clients, codes and grants."""

    world: World
    clients: dict[str, Client] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    refreshes: dict[str, Refresh] = field(default_factory=dict)
    accesses: dict[str, Access] = field(default_factory=dict)
    granted: dict[str, list[str]] = field(default_factory=dict)  # "client email" -> scopes
    accounts: dict[str, ServiceAccount] = field(default_factory=dict)
    delegations: dict[str, list[str]] = field(default_factory=dict)  # "domain client" -> scopes

    def add_client(self, identity: str, secret: str, **more: Any) -> Client:
        """Register a client."""
        self.clients[identity] = Client(identity, secret, **more)
        return self.clients[identity]

    def delegate(self, domain: str, client_id: str, scopes: Iterable[str]) -> None:
        """Let a client act for everybody of a domain, as its administrator does; [] ends it."""
        self.delegations[f"{domain} {client_id}"] = [canonical(one) for one in scopes]

    def delegated(self, domain: str, client_id: str) -> list[str]:
        """Return the scopes that a domain's administrator granted to a client."""
        return self.delegations.get(f"{domain} {client_id}", [])

    def now(self) -> float:
        """Return the time in seconds."""
        return self.world.now().timestamp()

    def check_request(self, query: dict[str, str]) -> Client:
        """Return the client of an authorisation request; raise what a person gets to see."""
        client = self.clients.get(query.get("client_id", ""))
        if "client_id" not in query:
            raise AuthorisationError("invalid_request", "Missing required parameter: client_id")
        if client is None:
            raise AuthorisationError("invalid_client", "The OAuth client was not found.", 401)
        for name in ("redirect_uri", "response_type", "scope"):
            if not query.get(name):
                raise AuthorisationError("invalid_request", f"Missing required parameter: {name}")
        if not client.takes(query["redirect_uri"]):
            text = "This app sent an invalid request: the redirect URI is not registered."
            raise AuthorisationError("redirect_uri_mismatch", text)
        if query["response_type"] != "code":
            raise AuthorisationError(
                "unsupported_response_type", "Invalid response_type: " + query["response_type"]
            )
        self._check_details(query)
        return client

    def _check_details(self, query: dict[str, str]) -> None:
        method = query.get("code_challenge_method")
        if "code_challenge" in query and method != "S256":
            raise AuthorisationError(
                "invalid_request", "Invalid parameter value for code_challenge_method"
            )
        if method and not re.fullmatch(r"[\w.~-]{43,128}", query.get("code_challenge", "")):
            raise AuthorisationError(
                "invalid_request", "Invalid parameter value for code_challenge"
            )
        if query.get("access_type", "online") not in ("online", "offline"):
            raise AuthorisationError("invalid_request", "Invalid parameter value for access_type")
        unknown = [one for one in query["scope"].split() if not known_scope(one)]
        if unknown:
            raise AuthorisationError(
                "invalid_scope", "Some requested scopes were invalid: " + ", ".join(unknown)
            )

    def allow(self, query: dict[str, str], email: str, scopes: Iterable[str]) -> str:
        """Return a code for what a person allowed."""
        client = self.check_request(query)
        allowed, key = list(scopes), f"{client.id} {email}"
        earlier = self.granted.get(key, [])
        first = not earlier
        if query.get("include_granted_scopes") == "true":
            allowed += [one for one in earlier if one not in allowed]
        self.granted[key] = sorted({*earlier, *allowed})
        offline = query.get("access_type") == "offline" and (
            "consent" in query.get("prompt", "").split() or first
        )
        code = "4/0A" + secrets.token_urlsafe(40)
        challenge, uri = query.get("code_challenge", ""), query["redirect_uri"]
        self.codes[code] = Code(email, client.id, uri, allowed, challenge, offline, self.now())
        return code

    def access(self, token: str) -> Access | None:
        """Return what a token allows, unless it is unknown or has expired."""
        found = self.accesses.get(token)
        return found if found and found.expires > self.now() else None

    def end(self, email: str, client: str | None = None) -> None:
        """Forget what a person granted, to one client or to all."""
        for store in (self.refreshes, self.accesses):
            for token, one in list(store.items()):
                if one.email == email and client in (None, one.client):
                    del store[token]
        for key in [key for key in self.granted if key.endswith(f" {email}")]:
            if client is None or key.startswith(f"{client} "):
                del self.granted[key]

    def saved(self) -> dict[str, Any]:
        """Return what save() writes; codes do not outlive the process."""
        accesses = {
            key: {**asdict(one), "scopes": sorted(one.scopes)} for key, one in self.accesses.items()
        }
        refreshes = {key: asdict(one) for key, one in self.refreshes.items()}
        clients = {key: asdict(one) for key, one in self.clients.items()}
        return {
            "accounts": [asdict(one) for one in self.accounts.values()],
            "delegations": self.delegations,
            "clients": clients,
            "refreshes": refreshes,
            "accesses": accesses,
            "granted": self.granted,
        }


def canonical(scope: str) -> str:
    """Return the long name of a scope."""
    return IDENTITY.get(scope, scope)


def known_scope(scope: str) -> bool:
    """Tell whether Google would know a scope."""
    return scope == "openid" or canonical(scope).startswith("https://www.googleapis.com/auth/")
