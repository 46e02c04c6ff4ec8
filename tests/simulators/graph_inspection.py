"""Looking in from outside: JSON under /_simulator/. It is no part of Microsoft 365."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .graph_errors import GraphError
from .graph_time import parse, stamp
from .server import Recorded, Request, Response

if TYPE_CHECKING:
    from .graph import SimulatedGraph

KINDS = ("expire_sync_tokens", "expire_access_tokens", "expire_refresh_tokens", "revoke_grants")
KINDS += ("withdraw_consent", "need_admin", "limit_app", "without_rest", "malformed", "heal")


class Inspection:
    """What stories in other processes use."""

    def __init__(self, graph: SimulatedGraph) -> None:
        self.graph = graph

    def handle(self, request: Request) -> Response:
        """Answer a request under /_simulator."""
        parts = request.parts()[1:]
        action = getattr(self, f"{request.method.lower()}_{parts[0] if parts else ''}", None)
        if not parts or parts == [""]:
            action, parts = self.get_index, [""]
        if action is None:
            return Response.of({"error": f"no {request.method} {request.path}"}, 404)
        try:
            return Response.of(action(request, *parts[1:]))
        except GraphError as error:
            return error.answer(request, self.graph.world.now())
        except (KeyError, ValueError, TypeError) as error:
            return Response.of({"error": f"{type(error).__name__}: {error}"}, 400)

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

    def get_requests(self, request: Request) -> dict[str, Any]:
        """Return what clients asked, and how often; the calls in batches apart, under inner."""
        last = int(request.param("last", "1000"))
        return {**_asked(self.graph.requests, last), "inner": _asked(self.graph.inner, last)}

    def delete_requests(self, _: Request) -> dict[str, Any]:
        """Forget what was asked."""
        self.graph.requests.clear()
        self.graph.inner.clear()
        return {}

    def get_mails(self, _: Request) -> list[dict[str, Any]]:
        """Return the mails that would have gone out."""
        return [mail._asdict() for mail in self.graph.mails]

    def delete_mails(self, _: Request) -> dict[str, Any]:
        """Forget the mails."""
        self.graph.mails.clear()
        return {}

    def get_faults(self, _: Request) -> list[dict[str, Any]]:
        """Return the switches that are on."""
        return [fault.shown() for fault in self.graph.faults.active]

    def post_faults(self, request: Request, kind: str = "") -> dict[str, Any]:
        """Switch a fault on; or a kind: expire_sync_tokens, need_admin, malformed, …"""
        faults = self.graph.faults
        if not kind:
            return faults.add(**request.json()).shown()
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}")
        return {"result": getattr(faults, kind)(**request.json())}

    def delete_faults(self, _: Request) -> dict[str, Any]:
        """Switch all faults off."""
        self.graph.faults.clear()
        return {}

    def post_now(self, request: Request) -> dict[str, str]:
        """Set the time: {"now": "2026-11-23T08:00:00Z"}, or {"advance": seconds}."""
        body, world = request.json(), self.graph.world
        advanced = world.now() + timedelta(seconds=body.get("advance", 0))
        target = parse(body["now"]) if "now" in body else advanced
        world.clock = lambda: target
        return {"now": stamp(target)}


def _asked(rows: list[Recorded], last: int) -> dict[str, Any]:
    counts = Counter(f"{one.method} {one.path}" for one in rows)
    shown = [one._asdict() for one in rows[-last:]]
    return {"count": len(rows), "counts": counts, "requests": shown}
