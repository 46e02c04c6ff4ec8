"""OAuth 2 for web servers: consent, codes with PKCE, tokens, revocation.

https://developers.google.com/identity/protocols/oauth2/web-server
Id tokens are JWTs with ``alg: none`` (no signature): they come straight from the token endpoint.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from .google_world import World
from .server import Request, Response

DEMO_CLIENT = "synced-meetings-demo.apps.googleusercontent.com"
DEMO_SECRET = "demo-secret"
CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = 3_599  # seconds
UNUSED_LIFE = timedelta(days=180)
TESTING_LIFE = timedelta(days=7)
MOST_REFRESH_TOKENS = 100
IDENTITY = {"email": "https://www.googleapis.com/auth/userinfo.email", "profile": "https://www.googleapis.com/auth/userinfo.profile"}


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
        return url.scheme == "https" or (url.scheme == "http" and url.hostname in ("127.0.0.1", "localhost"))


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

    def add_client(self, identity: str, secret: str, **more: Any) -> Client:
        """Register a client."""
        self.clients[identity] = Client(identity, secret, **more)
        return self.clients[identity]

    def _now(self) -> float:
        return self.world.now().timestamp()

    def check_request(self, query: dict[str, str]) -> Client:
        """Return the client of an authorisation request; raise for what Google shows as an error page."""
        client = self.clients.get(query.get("client_id", ""))
        if "client_id" not in query:
            raise AuthorisationError("invalid_request", "Missing required parameter: client_id")
        if client is None:
            raise AuthorisationError("invalid_client", "The OAuth client was not found.", 401)
        for name in ("redirect_uri", "response_type", "scope"):
            if not query.get(name):
                raise AuthorisationError("invalid_request", f"Missing required parameter: {name}")
        if not client.takes(query["redirect_uri"]):
            text = "You can't sign in because this app sent an invalid request. The redirect URI is not registered."
            raise AuthorisationError("redirect_uri_mismatch", text)
        if query["response_type"] != "code":
            raise AuthorisationError("unsupported_response_type", "Invalid response_type: " + query["response_type"])
        self._check_details(query)
        return client

    def _check_details(self, query: dict[str, str]) -> None:
        method = query.get("code_challenge_method")
        if "code_challenge" in query and method != "S256":
            raise AuthorisationError("invalid_request", "Invalid parameter value for code_challenge_method")
        if method and not re.fullmatch(r"[\w.~-]{43,128}", query.get("code_challenge", "")):
            raise AuthorisationError("invalid_request", "Invalid parameter value for code_challenge")
        if query.get("access_type", "online") not in ("online", "offline"):
            raise AuthorisationError("invalid_request", "Invalid parameter value for access_type")
        unknown = [one for one in query["scope"].split() if not known_scope(one)]
        if unknown:
            raise AuthorisationError("invalid_scope", "Some requested scopes were invalid: " + ", ".join(unknown))

    def allow(self, query: dict[str, str], email: str, scopes: Iterable[str]) -> str:
        """Return a code for what a person allowed."""
        client = self.check_request(query)
        allowed, key = list(scopes), f"{client.id} {email}"
        earlier = self.granted.get(key, [])
        first = not earlier
        if query.get("include_granted_scopes") == "true":
            allowed += [one for one in earlier if one not in allowed]
        self.granted[key] = sorted({*earlier, *allowed})
        offline = query.get("access_type") == "offline" and ("consent" in query.get("prompt", "").split() or first)
        code = "4/0A" + secrets.token_urlsafe(40)
        challenge, uri = query.get("code_challenge", ""), query["redirect_uri"]
        self.codes[code] = Code(email, client.id, uri, allowed, challenge, offline, self._now())
        return code

    def token(self, request: Request) -> Response:
        """POST /token"""
        form = {name: values[-1] for name, values in request.form().items()}
        grants = {"authorization_code": self._exchange, "refresh_token": self._renew}
        try:
            grant = grants.get(form.get("grant_type", ""))
            if grant is None:
                raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
            self._check_client(form, request.headers.get("Authorization") or "")
            with self.world.lock:
                return Response.of(grant(form), **{"Cache-Control": "no-store"})
        except OAuthError as error:
            return Response.of(error.body, error.status)

    def _check_client(self, form: dict[str, str], header: str) -> None:
        if header.startswith("Basic "):
            pair = base64.b64decode(header.removeprefix("Basic ")).decode()
            form["client_id"], _, form["client_secret"] = pair.partition(":")
        client = self.clients.get(form.get("client_id", ""))
        if client is None:
            raise OAuthError("invalid_client", "The OAuth client was not found.", 401)
        if not hmac.compare_digest(client.secret, form.get("client_secret", "")):
            raise OAuthError("invalid_client", "Unauthorized", 401)

    def _exchange(self, form: dict[str, str]) -> dict[str, Any]:
        code = self.codes.pop(form.get("code", ""), None)  # single use, whatever comes of it
        if code is None or code.client != form["client_id"]:
            raise OAuthError("invalid_grant", "Malformed auth code.")
        if self._now() > code.made + CODE_LIFE.total_seconds():
            raise OAuthError("invalid_grant", "Bad Request")
        if code.redirect_uri != form.get("redirect_uri"):
            raise OAuthError("redirect_uri_mismatch", "Bad Request")
        _check_verifier(code.challenge, form.get("code_verifier", ""))
        answer = self._access(code.email, code.client, code.scopes)
        if code.offline:
            answer["refresh_token"] = self._remember(code)
        return answer

    def _remember(self, code: Code) -> str:
        own = [key for key, one in self.refreshes.items() if (one.email, one.client) == (code.email, code.client)]
        for oldest in own[: max(0, len(own) + 1 - MOST_REFRESH_TOKENS)]:
            del self.refreshes[oldest]
        token = "1//" + secrets.token_urlsafe(40)
        self.refreshes[token] = Refresh(code.email, code.client, code.scopes, self._now(), self._now())
        return token

    def _renew(self, form: dict[str, str]) -> dict[str, Any]:
        grant = self.refreshes.get(form.get("refresh_token", ""))
        if grant is None or grant.client != form["client_id"] or self._expired(grant):
            raise OAuthError("invalid_grant", "Token has been expired or revoked.")
        wanted = form.get("scope", "").split() or grant.scopes
        if not {canonical(one) for one in wanted} <= {canonical(one) for one in grant.scopes}:
            raise OAuthError("invalid_scope", "Bad Request")
        grant.used = self._now()
        return self._access(grant.email, grant.client, wanted)

    def _expired(self, grant: Refresh) -> bool:
        testing = self.clients[grant.client].testing
        too_old = testing and self._now() > grant.made + TESTING_LIFE.total_seconds()
        return too_old or self._now() > grant.used + UNUSED_LIFE.total_seconds()

    def _access(self, email: str, client: str, scopes: list[str]) -> dict[str, Any]:
        token = "ya29." + secrets.token_urlsafe(60)
        held = frozenset(canonical(one) for one in scopes)
        self.accesses[token] = Access(email, client, held, self._now() + ACCESS_LIFE)
        answer = {"access_token": token, "expires_in": ACCESS_LIFE, "scope": " ".join(sorted(held)), "token_type": "Bearer"}
        return {**answer, "id_token": self._id_token(email, client)} if "openid" in held else answer

    def _id_token(self, email: str, client: str) -> str:
        now = int(self._now())
        claims = {"iss": "https://accounts.google.com", "aud": client, "azp": client, "iat": now, "exp": now + 3_600}
        claims |= self._person(email)
        parts = ({"alg": "none", "typ": "JWT"}, claims)
        return ".".join(_base64(json.dumps(part).encode()) for part in parts) + "."

    def _person(self, email: str) -> dict[str, Any]:
        user = self.world.users[email]
        return {"sub": user.sub, "email": email, "email_verified": True, "name": user.name}

    def access(self, token: str) -> Access | None:
        """Return what a token allows, unless it is unknown or has expired."""
        found = self.accesses.get(token)
        return found if found and found.expires > self._now() else None

    def userinfo(self, request: Request) -> Response:
        """GET /oauth2/v3/userinfo"""
        access = self.access((request.headers.get("Authorization") or "").removeprefix("Bearer "))
        if access is None:
            return Response.of({"error": "invalid_request", "error_description": "Invalid Credentials"}, 401)
        person = self._person(access.email)
        visible = ["sub", *(["email", "email_verified"] if IDENTITY["email"] in access.scopes else [])]
        visible += ["name"] if IDENTITY["profile"] in access.scopes else []
        return Response.of({name: person[name] for name in visible})

    def revoke(self, request: Request) -> Response:
        """POST /revoke: any token of a grant ends the whole grant."""
        token = (request.form().get("token") or [request.param("token")])[-1]
        found = self.refreshes.get(token) or self.access(token)
        if not found:
            return Response.of({"error": "invalid_token", "error_description": "Token expired or revoked"}, 400)
        self.end(found.email, found.client)
        return Response.of({})

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
        accesses = {key: {**asdict(one), "scopes": sorted(one.scopes)} for key, one in self.accesses.items()}
        refreshes = {key: asdict(one) for key, one in self.refreshes.items()}
        clients = {key: asdict(one) for key, one in self.clients.items()}
        return {"clients": clients, "refreshes": refreshes, "accesses": accesses, "granted": self.granted}


def canonical(scope: str) -> str:
    """Return the long name of a scope."""
    return IDENTITY.get(scope, scope)


def known_scope(scope: str) -> bool:
    """Tell whether Google would know a scope."""
    return scope == "openid" or canonical(scope).startswith("https://www.googleapis.com/auth/")


def _check_verifier(challenge: str, verifier: str) -> None:
    if not challenge:
        return
    if not verifier:
        raise OAuthError("invalid_grant", "Missing code verifier.")
    if _base64(hashlib.sha256(verifier.encode()).digest()) != challenge:
        raise OAuthError("invalid_grant", "Invalid code verifier.")


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


