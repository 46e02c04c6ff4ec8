"""The token endpoint: codes and refresh tokens become access tokens; revocation; userinfo.

https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code
Id tokens are JWTs with ``alg: none`` (no signature): they come straight from the token endpoint.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

from .google_accounts import JWT_BEARER, Assertions
from .google_oauth import (
    ACCESS_LIFE,
    CODE_LIFE,
    IDENTITY,
    MOST_REFRESH_TOKENS,
    TESTING_LIFE,
    UNUSED_LIFE,
    Access,
    Code,
    OAuth,
    OAuthError,
    Refresh,
    canonical,
)
from .server import Request, Response


class TokenEndpoint:
    """POST /token, POST /revoke and GET /oauth2/v3/userinfo."""

    def __init__(self, oauth: OAuth, url: str = "") -> None:
        self.oauth, self.world = oauth, oauth.world
        self.assertions = Assertions(oauth, url)

    def token(self, request: Request) -> Response:
        """POST /token"""
        form = {name: values[-1] for name, values in request.form().items()}
        grants = {
            "authorization_code": self._exchange,
            "refresh_token": self._renew,
            JWT_BEARER: self._assert,
        }
        try:
            grant = grants.get(form.get("grant_type", ""))
            if grant is None:
                raise OAuthError(
                    "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}"
                )
            if grant != self._assert:  # a service account proves itself by its signature
                self._check_client(form, request.headers.get("Authorization") or "")
            with self.world.lock:
                return Response.of(grant(form), **{"Cache-Control": "no-store"})
        except OAuthError as error:
            return Response.of(error.body, error.status)

    def _check_client(self, form: dict[str, str], header: str) -> None:
        if header.startswith("Basic "):
            pair = base64.b64decode(header.removeprefix("Basic ")).decode()
            form["client_id"], _, form["client_secret"] = pair.partition(":")
        client = self.oauth.clients.get(form.get("client_id", ""))
        if client is None:
            raise OAuthError("invalid_client", "The OAuth client was not found.", 401)
        if not hmac.compare_digest(client.secret, form.get("client_secret", "")):
            raise OAuthError("invalid_client", "Unauthorized", 401)

    def _assert(self, form: dict[str, str]) -> dict[str, Any]:
        email, account, scopes = self.assertions.read(form.get("assertion", ""))
        answer = self._access(email, account.client_id, scopes)
        return {name: answer[name] for name in ("access_token", "expires_in", "token_type")}

    def _exchange(self, form: dict[str, str]) -> dict[str, Any]:
        code = self.oauth.codes.pop(form.get("code", ""), None)  # single use, whatever comes of it
        if code is None or code.client != form["client_id"]:
            raise OAuthError("invalid_grant", "Malformed auth code.")
        if self.oauth.now() > code.made + CODE_LIFE.total_seconds():
            raise OAuthError("invalid_grant", "Bad Request")
        if code.redirect_uri != form.get("redirect_uri"):
            raise OAuthError("redirect_uri_mismatch", "Bad Request")
        _check_verifier(code.challenge, form.get("code_verifier", ""))
        answer = self._access(code.email, code.client, code.scopes)
        if code.offline:
            answer["refresh_token"] = self._remember(code)
        return answer

    def _remember(self, code: Code) -> str:
        own = [
            key
            for key, one in self.oauth.refreshes.items()
            if (one.email, one.client) == (code.email, code.client)
        ]
        for oldest in own[: max(0, len(own) + 1 - MOST_REFRESH_TOKENS)]:
            del self.oauth.refreshes[oldest]
        token = "1//" + secrets.token_urlsafe(40)
        self.oauth.refreshes[token] = Refresh(
            code.email, code.client, code.scopes, self.oauth.now(), self.oauth.now()
        )
        return token

    def _renew(self, form: dict[str, str]) -> dict[str, Any]:
        grant = self.oauth.refreshes.get(form.get("refresh_token", ""))
        if grant is None or grant.client != form["client_id"] or self._expired(grant):
            raise OAuthError("invalid_grant", "Token has been expired or revoked.")
        wanted = form.get("scope", "").split() or grant.scopes
        if not {canonical(one) for one in wanted} <= {canonical(one) for one in grant.scopes}:
            raise OAuthError("invalid_scope", "Bad Request")
        grant.used = self.oauth.now()
        return self._access(grant.email, grant.client, wanted)

    def _expired(self, grant: Refresh) -> bool:
        testing = self.oauth.clients[grant.client].testing
        too_old = testing and self.oauth.now() > grant.made + TESTING_LIFE.total_seconds()
        return too_old or self.oauth.now() > grant.used + UNUSED_LIFE.total_seconds()

    def _access(self, email: str, client: str, scopes: list[str]) -> dict[str, Any]:
        token = "ya29." + secrets.token_urlsafe(60)
        held = frozenset(canonical(one) for one in scopes)
        self.oauth.accesses[token] = Access(email, client, held, self.oauth.now() + ACCESS_LIFE)
        answer = {
            "access_token": token,
            "expires_in": ACCESS_LIFE,
            "scope": " ".join(sorted(held)),
            "token_type": "Bearer",
        }
        return {**answer, "id_token": self._id_token(email, client)} if "openid" in held else answer

    def _id_token(self, email: str, client: str) -> str:
        now = int(self.oauth.now())
        claims = {
            "iss": "https://accounts.google.com",
            "aud": client,
            "azp": client,
            "iat": now,
            "exp": now + 3_600,
        }
        claims |= self._person(email)
        parts = ({"alg": "none", "typ": "JWT"}, claims)
        return ".".join(_base64(json.dumps(part).encode()) for part in parts) + "."

    def _person(self, email: str) -> dict[str, Any]:
        user = self.world.users[email]
        return {"sub": user.sub, "email": email, "email_verified": True, "name": user.name}

    def userinfo(self, request: Request) -> Response:
        """GET /oauth2/v3/userinfo"""
        access = self.oauth.access(
            (request.headers.get("Authorization") or "").removeprefix("Bearer ")
        )
        if access is None:
            return Response.of(
                {"error": "invalid_request", "error_description": "Invalid Credentials"}, 401
            )
        person = self._person(access.email)
        visible = [
            "sub",
            *(["email", "email_verified"] if IDENTITY["email"] in access.scopes else []),
        ]
        visible += ["name"] if IDENTITY["profile"] in access.scopes else []
        return Response.of({name: person[name] for name in visible})

    def revoke(self, request: Request) -> Response:
        """POST /revoke: any token of a grant ends the whole grant."""
        token = (request.form().get("token") or [request.param("token")])[-1]
        found = self.oauth.refreshes.get(token) or self.oauth.access(token)
        if not found:
            return Response.of(
                {"error": "invalid_token", "error_description": "Token expired or revoked"}, 400
            )
        self.oauth.end(found.email, found.client)
        return Response.of({})


def _check_verifier(challenge: str, verifier: str) -> None:
    if not challenge:
        return
    if not verifier:
        raise OAuthError("invalid_grant", "Missing code verifier.")
    if _base64(hashlib.sha256(verifier.encode()).digest()) != challenge:
        raise OAuthError("invalid_grant", "Invalid code verifier.")


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
