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
SWITCHES = ("duplicates", "empty_pages", "shuffle", "most", "lost")


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

    def post_import(self, request: Request, email: str) -> dict[str, list[str]]:
        """Put in events as ics.load() gives them."""
        from .graph_import import translated
        from .ics import Report

        owner = self.graph.user(email)
        report = translated(Report(events=request.json()), owner.mailbox.time_zone, email)
        owner.seed(report.events)
        return {"notes": report.notes}

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

    def post_delta(self, request: Request) -> dict[str, Any]:
        """Make delta rounds unpleasant: {"duplicates", "empty_pages", "shuffle", …}."""
        for name, value in request.json().items():
            if name not in SWITCHES:
                raise ValueError(f"no such switch: {name}")
            setattr(self.graph.delta, name, value)
        return {name: getattr(self.graph.delta, name) for name in SWITCHES}

    def post_deliver(self, _: Request) -> dict[str, list[int]]:
        """Say what subscribers have not been told yet; return their answers."""
        return {"statuses": self.graph.notices.deliver()}

    def post_lifecycle(self, request: Request, identity: str) -> dict[str, int]:
        """Tell a subscriber what became of the subscription: {"event"}."""
        return {"status": self.graph.notices.lifecycle(identity, **request.json())}

    def get_subscriptions(self, _: Request) -> list[dict[str, Any]]:
        """Return the subscriptions that count."""
        held = self.graph.subscriptions.alive()
        return [{**one.shown(), "email": one.email, "failed": one.failed} for one in held]

    def get_state(self, _: Request) -> dict[str, Any]:
        """Return everything, for a later POST."""
        return self.graph.save()

    def post_state(self, request: Request) -> dict[str, Any]:
        """Become what was saved."""
        self.graph.load(request.json())
        return {}

    def post_reset(self, _: Request) -> dict[str, Any]:
        """Forget events, mails, requests, faults and logins; people and applications stay."""
        self.graph.reset()
        return {}
