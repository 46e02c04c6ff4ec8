"""Looking in from outside: JSON under /_simulator/. It is no part of Microsoft 365."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .graph_errors import GraphError
from .graph_pages import front
from .graph_time import stamp
from .inspection import BaseInspection
from .server import Request, Response

if TYPE_CHECKING:
    from .graph import SimulatedGraph

KINDS = ("expire_sync_tokens", "expire_access_tokens", "expire_refresh_tokens", "revoke_grants")
KINDS += ("withdraw_consent", "need_admin", "limit_app", "without_rest", "malformed", "heal")


class Inspection(BaseInspection):
    """What stories in other processes use."""

    refusals = (GraphError,)

    def __init__(self, graph: SimulatedGraph) -> None:
        super().__init__(graph)
        self.graph = graph

    def handle(self, request: Request) -> Response:
        """Answer a request under /_simulator, or the index page."""
        if request.parts()[0] == "_simulator":
            return super().handle(request)
        return Response(204) if request.path == "/favicon.ico" else front(self.graph, request)

    def refused(self, request: Request, error: GraphError) -> Response:
        """Return Graph's error document."""
        return error.answer(request, self.graph.world.now())

    def get_index(self, _: Request) -> dict[str, Any]:
        """Return addresses and counts."""
        graph = self.graph
        return {
            "authority_url": graph.authority_url,
            "api_url": graph.api_url,
            "secure_api_url": graph.secure_api_url,
            "ca_file": graph.ca_file,
            "now": stamp(graph.world.now()),
            "users": list(graph.world.mailboxes),
            "requests": len(graph.requests),
            "inner": len(graph.inner),
            "writes": graph.steps.count,
            "mails": len(graph.mails),
        }

    def get_users(self, _: Request) -> list[dict[str, Any]]:
        """Return all people and how many events their mailboxes have."""
        return [
            {"email": one.email, "name": one.name, "oid": one.oid, "tenant": one.tenant}
            | {"time_zone": one.time_zone, "rest": one.rest, "events": len(one.alive())}
            for one in self.graph.world.mailboxes.values()
        ]

    def post_users(self, request: Request) -> dict[str, Any]:
        """Create a person: {"email", "name", "time_zone"}."""
        owner = self.graph.add_user(**request.json())
        return {"email": owner.email, "oid": owner.mailbox.oid, "tenant": owner.mailbox.tenant}

    def get_events(self, _: Request, email: str, identity: str = "") -> Any:
        """Return the events of a mailbox, or one of them (an occurrence, too)."""
        owner = self.graph.user(email)
        return owner.get(identity) if identity else owner.events()

    def post_events(self, request: Request, email: str, *more: str) -> Any:
        """Create an event as its owner does; with id and verb: answer, cancel."""
        owner, body = self.graph.user(email), request.json()
        if not more:
            return owner.create(body)
        identity, verb = more
        if verb == "cancel":
            return owner.cancel(identity, **body)
        if verb == "answered":
            return owner.answered(identity, **body)
        return owner.respond(identity, verb, **body)

    def patch_events(self, request: Request, email: str, identity: str) -> dict[str, Any]:
        """Change an event, a series or an occurrence as its owner does."""
        return self.graph.user(email).patch(identity, request.json())

    def delete_events(self, _: Request, email: str, identity: str) -> dict[str, Any]:
        """Delete an event, a series or an occurrence as its owner does."""
        self.graph.user(email).delete(identity)
        return {}

    def post_seed(self, request: Request, email: str) -> dict[str, int]:
        """Put many events in at once."""
        return {"events": self.graph.seed(request.json(), email)}

    def post_consent(self, request: Request, email: str) -> dict[str, Any]:
        """Return tokens as if the person had clicked Accept."""
        return self.graph.consent(email, **request.json())

    def post_admin_consent(self, _: Request, domain: str) -> dict[str, Any]:
        """Approve the demo's application for a tenant."""
        self.graph.admin_consent(domain)
        return {}

    def post_faults(self, request: Request, kind: str = "") -> dict[str, Any]:
        """Switch a fault on; or a kind: expire_sync_tokens, need_admin, malformed, …"""
        faults = self.graph.faults
        if not kind:
            return faults.add(**request.json()).shown()
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}")
        return {"result": getattr(faults, kind)(**request.json())}
