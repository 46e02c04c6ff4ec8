"""The Microsoft identity platform: applications, consents, codes, tokens.

https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography import x509

from .graph_world import Mailbox, Tenant, World
from .server import Response

DEMO_APP = "5a1c7d9e-0000-4000-8000-00000000c0de"
DEMO_SECRET = "demo~secret"
GRAPH = "https://graph.microsoft.com/"
# Each cloud has its own Graph, whose address is what permissions are asked for by.
ADDRESS = re.compile(rf"^(?:{re.escape(GRAPH)}|https?://127\.0\.0\.1:\d+/)")
IDENTITY = ("openid", "profile", "email", "offline_access")
CODE_LIFE = timedelta(minutes=10)
ACCESS_LIFE = 3_599  # seconds
REFRESH_LIFE = timedelta(days=90)
ADMIN_ONLY = ("calendars.",)  # what Microsoft's own consent policy leaves to administrators


class LoginError(Exception):
    """A refusal, with the number that Microsoft's documentation lists it under."""

    def __init__(
        self, error: str, number: int, message: str, suberror: str = "", status: int = 400
    ) -> None:
        super().__init__(error, number, message)
        self.error, self.number, self.suberror, self.status = error, number, suberror, status
        self.message = f"AADSTS{number}: {message}"

    def answer(self, now: datetime) -> Response:
        """Return the JSON document."""
        trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
        moment = f"{now:%Y-%m-%d %H:%M:%SZ}"
        text = f"{self.message} Trace ID: {trace} Correlation ID: {correlation} "
        body = {"error": self.error, "error_description": f"{text}Timestamp: {moment}"}
        body |= {"error_codes": [self.number], "timestamp": moment, "trace_id": trace}
        body |= {"correlation_id": correlation}
        body |= {"error_uri": f"https://login.microsoftonline.com/error?code={self.number}"}
        if self.suberror:
            body["suberror"] = self.suberror
        return Response.of(body, self.status)


@dataclass
class App:
    """An application as registered in Entra."""

    id: str
    name: str = "Synced Meetings"
    secrets: dict[str, datetime | None] = field(default_factory=dict)  # secret -> end
    certificates: list[x509.Certificate] = field(default_factory=list)
    redirect_uris: list[str] | None = None  # None: any https, and http on this machine
    delegated: set[str] = field(default_factory=lambda: {"Calendars.ReadWrite", "User.Read"})
    application: set[str] = field(default_factory=lambda: {"Calendars.ReadWrite"})
    home: str = ""  # a single-tenant application is unknown elsewhere

    def takes(self, uri: str) -> bool:
        """Tell whether the redirect address is registered."""
        if self.redirect_uris is not None:
            return uri in self.redirect_uris
        url = urlsplit(uri)
        return url.scheme == "https" or url.hostname in ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Access:
    """What an access token allows."""

    app: str
    tenant: str
    email: str  # "": the application itself
    permissions: frozenset[str]
    expires: float

    def may(self, *wanted: str) -> bool:
        """Tell whether one of the permissions was given."""
        return any(one.lower() in self.permissions for one in wanted)


@dataclass
class Grant:
    """A code or a refresh token: for whom and for what."""

    app: str
    email: str
    scopes: tuple[str, ...]
    made: float
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""
    ended: bool = False


class Login:
    """All applications and all that was granted."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Grant] = {}
        self.refreshes: dict[str, Grant] = {}
        self.accesses: dict[str, Access] = {}
        self.consents: dict[tuple[str, str], set[str]] = {}  # (app, email) -> scopes
        self.strict_rotation = False  # True: a refresh token is good for one use

    def add_app(self, identity: str, secret: str = "", **more: object) -> App:
        """Register an application."""
        self.apps[identity] = App(identity, secrets={secret: None} if secret else {}, **more)
        return self.apps[identity]

    def admin_consent(
        self, app: str, domain: str, permissions: Iterable[str] = ("Calendars.ReadWrite",)
    ) -> None:
        """Let a tenant's administrator approve an application, for all people and for itself."""
        tenant = self.world.add_tenant(domain)
        tenant.consented.setdefault(app, set()).update(one.lower() for one in permissions)

    def app(self, identity: str, tenant: Tenant | None = None) -> App:
        """Return an application; refuse one that the tenant does not know."""
        found = self.apps.get(identity)
        if found is None or (tenant and found.home and found.home != tenant.id):
            where = f" in the directory '{tenant.domain}'" if tenant else ""
            message = f"Application with identifier '{identity}' was not found{where}."
            raise LoginError("unauthorized_client", 700016, message)
        return found

    def tenant(self, name: str) -> Tenant | None:
        """Return the tenant of an authority; None where everybody may come."""
        if name in ("organizations", "common"):
            return None
        found = self.world.tenant(name)
        if found is None:
            message = f"Tenant '{name}' not found. Check to make sure you have the correct tenant "
            message += "ID and are signing into the correct cloud."
            raise LoginError("invalid_tenant", 90002, message)
        return found

    def home(self, mailbox: Mailbox) -> Tenant:
        """Return the tenant that a person belongs to."""
        return self.world.tenants[mailbox.tenant]

    def needs_admin(self, mailbox: Mailbox, app: str, scopes: Iterable[str]) -> bool:
        """Tell whether only an administrator can allow what is asked for."""
        tenant = self.home(mailbox)
        given = tenant.consented.get(app, set())
        asked = (one.lower() for one in scopes)
        guarded = [one for one in asked if one.startswith(ADMIN_ONLY) and one not in given]
        return not tenant.users_consent and bool(guarded)

    def allowed(self, mailbox: Mailbox, app: str) -> set[str]:
        """Return what an application may do in a person's place."""
        by_admin = self.home(mailbox).consented.get(app, set())
        return self.consents.get((app, mailbox.email), set()) | by_admin

    def allow(self, mailbox: Mailbox, app: str, scopes: Iterable[str], **more: str) -> str:
        """Remember a person's consent; return the code for it."""
        asked = tuple(plain(one) for one in scopes)
        found = self.consents.setdefault((app, mailbox.email), set())
        found.update(one.lower() for one in asked)
        code = f"1.A{secrets.token_urlsafe(48)}"
        self.codes[code] = Grant(app, mailbox.email, asked, self._now(), **more)
        return code

    def access(self, app: str, tenant: str, email: str, permissions: Iterable[str]) -> str:
        """Return a new access token."""
        token = f"eyJ0eXAiOiJKV1Qi.{secrets.token_urlsafe(60)}.{secrets.token_urlsafe(20)}"
        held = frozenset(one.lower() for one in permissions)
        self.accesses[token] = Access(app, tenant, email, held, self._now() + ACCESS_LIFE)
        return token

    def refresh(self, app: str, email: str, scopes: tuple[str, ...]) -> str:
        """Return a new refresh token."""
        token = f"1.{secrets.token_urlsafe(64)}"
        self.refreshes[token] = Grant(app, email, scopes, self._now())
        return token

    def check(self, token: str) -> Access | None:
        """Return what a token allows, or None where it does not or no longer count."""
        found = self.accesses.get(token)
        return found if found and found.expires > self._now() else None

    def end(self, email: str) -> None:
        """End all refresh tokens of a person, as a new password or an administrator does."""
        for grant in self.refreshes.values():
            grant.ended = grant.ended or grant.email == email

    def withdraw(self, email: str, app: str = DEMO_APP) -> None:
        """Take back what a person and the person's administrator allowed."""
        self.consents.pop((app, email), None)
        self.home(self.world.mailboxes[email]).consented.pop(app, None)

    def forget(self) -> None:
        """Forget all consents of people and what they gave; administrators' approvals stay."""
        for store in (self.codes, self.refreshes, self.accesses, self.consents):
            store.clear()

    def _now(self) -> float:
        return self.world.now().timestamp()


def plain(scope: str) -> str:
    """Return a permission without the address of Graph, the public one or the simulated."""
    return ADDRESS.sub("", scope)
