"""The token endpoint: codes, refresh tokens, applications in their own name.

https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from .graph_assertions import check_assertion
from .graph_login import (
    ACCESS_LIFE,
    CODE_LIFE,
    IDENTITY,
    REFRESH_LIFE,
    App,
    Grant,
    Login,
    LoginError,
    plain,
)
from .graph_world import Mailbox, Tenant
from .server import Request, Response

Form = dict[str, str]


class TokenEndpoint:
    """POST /{tenant}/oauth2/v2.0/token."""

    def __init__(self, login: Login, issuer: str) -> None:
        self.login, self.world, self.issuer = login, login.world, issuer

    def handle(self, request: Request, name: str) -> Response:
        """Answer a request for a token."""
        form = {key: values[-1] for key, values in request.form().items()}
        with self.world.lock:
            try:
                tenant = self.login.tenant(name)
                app = self.login.app(form.get("client_id", ""), tenant)
                self._authenticate(app, form, name)
                grant = GRANTS.get(form.get("grant_type", ""))
                if grant is None:
                    message = f"The provided value '{form.get('grant_type')}' is not supported."
                    raise LoginError("unsupported_grant_type", 70003, message)
                return Response.of(grant(self, app, tenant, form))
            except LoginError as error:
                return error.answer(self.world.now())

    def _authenticate(self, app: App, form: Form, name: str) -> None:
        if "client_assertion" in form:
            audience = f"{self.issuer}/{name}"
            check_assertion(app, form["client_assertion"], audience, self.world.now())
            return
        secret = form.get("client_secret")
        if secret is None:
            message = "The request body must contain the following parameter: "
            message += "'client_assertion' or 'client_secret'."
            raise LoginError("invalid_client", 7000218, message, status=401)
        if secret not in app.secrets:
            message = "Invalid client secret provided. Ensure the secret being sent in the request "
            message += "is the client secret value, not the client secret ID, for a secret added "
            raise LoginError("invalid_client", 7000215, f"{message}to app '{app.id}'.", status=401)
        ends = app.secrets[secret]
        if ends and ends <= self.world.now():
            message = f"The provided client secret keys for app '{app.id}' are expired."
            raise LoginError("invalid_client", 7000222, message, status=401)

    def _code(self, app: App, tenant: Tenant | None, form: Form) -> dict[str, Any]:
        grant = self.login.codes.get(form.get("code", ""))
        if grant is None or grant.app != app.id:
            raise LoginError("invalid_grant", 9002313, "Invalid request. The code is malformed.")
        if grant.ended:
            message = "OAuth2 Authorization code was already redeemed, please retry with a new "
            raise LoginError("invalid_grant", 54005, f"{message}valid code.")
        if self._age(grant) > CODE_LIFE.total_seconds():
            message = "The provided authorization code or refresh token has expired due to "
            raise LoginError("invalid_grant", 70008, f"{message}inactivity.")
        if grant.redirect_uri != form.get("redirect_uri"):
            message = "The redirect URI in the request does not match the one of the code."
            raise LoginError("invalid_grant", 50011, message)
        if grant.challenge and grant.challenge != _challenge(form.get("code_verifier", "")):
            message = "The Code_Verifier does not match the code_challenge supplied in the "
            raise LoginError("invalid_grant", 501481, f"{message}authorization request.")
        grant.ended = True
        return self._tokens(app, tenant, grant, grant.scopes)

    def _age(self, grant: Grant) -> float:
        return self.world.now().timestamp() - grant.made

    def _refresh(self, app: App, tenant: Tenant | None, form: Form) -> dict[str, Any]:
        grant = self.login.refreshes.get(form.get("refresh_token", ""))
        if grant is None or grant.app != app.id:
            message = "Error(s): Refresh token is malformed or invalid."
            raise LoginError("invalid_grant", 9002313, message)
        if grant.ended:
            message = "The provided grant has expired due to it being revoked, a fresh auth token "
            raise LoginError("invalid_grant", 50173, f"{message}is needed.")
        if self._age(grant) > REFRESH_LIFE.total_seconds():
            message = "The refresh token has expired due to inactivity."
            raise LoginError("invalid_grant", 700082, message)
        asked = tuple(plain(one) for one in form.get("scope", "").split()) or grant.scopes
        answer = self._tokens(app, tenant, grant, asked)
        grant.ended = self.login.strict_rotation
        return answer

    def _tokens(
        self, app: App, tenant: Tenant | None, grant: Grant, scopes: tuple[str, ...]
    ) -> dict[str, Any]:
        mailbox = self.world.mailboxes[grant.email]
        home = self.login.home(mailbox)
        if tenant and tenant is not home:
            message = f"User account '{mailbox.email}' does not exist in tenant '{tenant.domain}'."
            raise LoginError("invalid_grant", 50020, message)
        asked = [one for one in scopes if one not in IDENTITY and one != ".default"]
        allowed = self.login.allowed(mailbox, app.id)
        if not allowed or any(one.lower() not in allowed for one in asked):
            message = "The user or administrator has not consented to use the application with ID "
            message += f"'{app.id}' named '{app.name}'. Send an interactive authorization request "
            raise LoginError("invalid_grant", 65001, f"{message}for this user.", "consent_required")
        return self._granted(app, home, mailbox, grant, scopes, asked or sorted(allowed))

    def _granted(
        self,
        app: App,
        home: Tenant,
        mailbox: Mailbox,
        grant: Grant,
        scopes: tuple[str, ...],
        held: list[str],
    ) -> dict[str, Any]:
        said = [one for one in scopes if one in ("openid", "profile", "email")]
        # Short, as permissions of Graph are asked for; clients look tokens up by them.
        shown = [one for one in held if one not in IDENTITY] + said
        answer = {"token_type": "Bearer", "scope": " ".join(shown), "expires_in": ACCESS_LIFE}
        answer["ext_expires_in"] = ACCESS_LIFE
        answer["access_token"] = self.login.access(app.id, home.id, mailbox.email, held)
        if "offline_access" in scopes:
            answer["refresh_token"] = self.login.refresh(app.id, mailbox.email, grant.scopes)
        if "openid" in scopes:
            answer["id_token"] = self._id_token(app, home, mailbox, grant.nonce)
        answer["client_info"] = _packed({"uid": mailbox.oid, "utid": home.id})
        return answer

    def _id_token(self, app: App, home: Tenant, mailbox: Mailbox, nonce: str) -> str:
        now = int(self.world.now().timestamp())
        claims: dict[str, Any] = {"aud": app.id, "iss": f"{self.issuer}/{home.id}/v2.0"}
        claims |= {"iat": now, "nbf": now, "exp": now + 3_600, "ver": "2.0", "tid": home.id}
        claims |= {"oid": mailbox.oid, "name": mailbox.name, "preferred_username": mailbox.email}
        claims["sub"] = self.world.guid("subject", app.id, mailbox.email)
        if nonce:
            claims["nonce"] = nonce
        return f"{_packed({'typ': 'JWT', 'alg': 'RS256'})}.{_packed(claims)}.c2lnbmVk"

    def _application(self, app: App, tenant: Tenant | None, form: Form) -> dict[str, Any]:
        if tenant is None:
            message = "The grant type is not supported over the /common or /organizations endpoint."
            raise LoginError(
                "invalid_request", 90023, f"{message} Please use /consumers or tenant."
            )
        scope = form.get("scope", "")
        if plain(scope) != ".default" or plain(scope) == scope:
            message = f"The provided value for the input parameter 'scope' '{scope}' "
            raise LoginError("invalid_scope", 1002012, f"{message}is not valid.")
        if app.id not in tenant.consented and app.home != tenant.id:
            message = f"Application with identifier '{app.id}' was not found in the directory "
            message += f"'{tenant.domain}'. This can happen if the application has not been "
            message += "installed by the administrator of the tenant or consented to by any user."
            raise LoginError("unauthorized_client", 700016, message)
        given = tenant.consented.get(app.id, set())
        roles = [one for one in app.application if one.lower() in given]
        token = self.login.access(app.id, tenant.id, "", roles)
        life = {"expires_in": ACCESS_LIFE, "ext_expires_in": ACCESS_LIFE}
        return {"token_type": "Bearer", **life, "access_token": token}


GRANTS = {
    "authorization_code": TokenEndpoint._code,
    "refresh_token": TokenEndpoint._refresh,
    "client_credentials": TokenEndpoint._application,
}


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
