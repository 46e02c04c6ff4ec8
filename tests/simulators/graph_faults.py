"""Misbehaviour to switch on: throttling, outages, lost answers, expired tokens, bad events."""

from __future__ import annotations

from datetime import timedelta
from email.message import Message
from typing import TYPE_CHECKING, Any

from .faults import Fault, Switches
from .graph_errors import GraphError
from .graph_login import DEMO_APP
from .server import Request, Response

if TYPE_CHECKING:
    from .graph import SimulatedGraph

CODES = {
    429: ("ApplicationThrottled", "Application is over its MailboxConcurrency limit."),
    503: ("ServiceUnavailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "The request timed out."),
    500: ("InternalServerError", "An internal server error occurred. The operation failed."),
}


class Faults(Switches):
    """All switches of a simulator."""

    def __init__(self, graph: SimulatedGraph) -> None:
        super().__init__(self._refused)
        self.graph = graph

    def _refused(self, fault: Fault) -> Response:
        code, message = CODES.get(fault.status, ("UnknownError", "An error occurred."))
        error = GraphError(fault.status, fault.reason or code, fault.message or message)
        if fault.retry_after is not None:
            error.headers["Retry-After"] = str(fault.retry_after)
        return error.answer(Request("", "", {}, Message()), self.graph.world.now())

    def expire_sync_tokens(self, email: str = "") -> None:
        """Answer 410 to the delta links that were given out so far."""
        for mailbox in self.graph.world.mailboxes.values():
            mailbox.epoch += not email or mailbox.email == email

    def expire_access_tokens(self) -> None:
        """Answer 401 to every access token that was given out so far; refreshing works."""
        self.graph.login.accesses.clear()

    def expire_refresh_tokens(self) -> None:
        """Let all refresh tokens be too old: AADSTS700082."""
        for grant in self.graph.login.refreshes.values():
            grant.made -= timedelta(days=100).total_seconds()

    def revoke_grants(self, email: str) -> None:
        """End what a person's sign-ins gave, as a new password does: AADSTS50173."""
        self.graph.login.end(email)
        self._forget(email)

    def withdraw_consent(self, email: str, app: str = DEMO_APP) -> None:
        """Take back what was allowed: AADSTS65001."""
        self.graph.login.withdraw(email, app)
        self._forget(email)

    def _forget(self, email: str) -> None:
        held = self.graph.login.accesses
        self.graph.login.accesses = {key: one for key, one in held.items() if one.email != email}

    def need_admin(self, domain: str, needed: bool = True) -> None:
        """Let people of a tenant allow no access to calendars themselves."""
        self.graph.world.add_tenant(domain).users_consent = not needed

    def limit_app(self, domain: str, mailboxes: list[str] | None, app: str = DEMO_APP) -> None:
        """Let an application reach these mailboxes only: 403 ErrorAccessDenied; None: all."""
        scopes = self.graph.world.add_tenant(domain).scopes
        if mailboxes is None:
            scopes.pop(app, None)
        else:
            scopes[app] = {one.lower() for one in mailboxes}

    def without_rest(self, email: str, without: bool = True) -> None:
        """Put a mailbox on premises: 404 MailboxNotEnabledForRESTAPI."""
        self.graph.world.mailboxes[email].rest = not without

    def malformed(self, email: str, raw: dict[str, Any]) -> str:
        """Deliver a dict verbatim in delta queries, as a change; return its id for heal()."""
        world, mailbox = self.graph.world, self.graph.world.mailboxes[email]
        identity = str(raw.get("id") or f"malformed{len(mailbox.raw)}")
        with world.lock:
            world.position += 1
            mailbox.raw[identity] = (world.position, raw)
        return identity

    def heal(self, email: str, identity: str) -> None:
        """Take a malformed event away; an event of that id comes again, as a change."""
        world, mailbox = self.graph.world, self.graph.world.mailboxes[email]
        with world.lock:
            del mailbox.raw[identity]
            for item in mailbox.alive():
                if self.graph.user(email).id(item) == identity:
                    world.put(mailbox, item)
