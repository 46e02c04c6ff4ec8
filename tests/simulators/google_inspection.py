"""Looking in from outside: JSON under /_simulator/ and a page for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .google_errors import ApiError
from .google_time import show_utc
from .inspection import BaseInspection
from .server import Request, Response

if TYPE_CHECKING:
    from .google import GoogleSimulator


class Inspection(BaseInspection):
    """What stories in other processes use; it is no part of Google."""

    refusals = (ApiError,)

    def __init__(self, google: GoogleSimulator) -> None:
        super().__init__(google)
        self.google = google

    def refused(self, request: Request, error: ApiError) -> Response:
        """Return Google's error document."""
        return Response.of(error.body(), error.status)

    def handle(self, request: Request) -> Response:
        """Answer a request under /_simulator, or the index page."""
        if request.parts()[0] == "_simulator":
            return super().handle(request)
        return self._front(request)

    def _front(self, request: Request) -> Response:
        from .google_front import front

        if request.path == "/favicon.ico":
            return Response(204)
        return front(self.google, request)

    def get_index(self, _: Request) -> dict[str, Any]:
        """Return addresses and counts."""
        google = self.google
        return {
            "auth_url": google.auth_url,
            "token_url": google.token_url,
            "api_url": google.api_url,
            "now": show_utc(google.world.now()),
            "users": list(google.world.users),
            "batch_url": google.batch_url,
            "requests": len(google.requests),
            "inner": len(google.inner),
            "writes": google.steps.count,
            "mails": len(google.mails),
        }

    def get_users(self, _: Request) -> list[dict[str, Any]]:
        """Return all people and how many events their calendars have."""
        world = self.google.world
        return [
            {
                **vars(user),
                "events": {one: _alive(world.calendars[one]) for one in user.calendars},
                "granted": sorted(
                    key.split()[0]
                    for key in self.google.oauth.granted
                    if key.endswith(f" {user.email}")
                ),
            }
            for user in world.users.values()
        ]

    def post_users(self, request: Request) -> dict[str, Any]:
        """Create a person: {"email", "name", "time_zone"}."""
        return vars(self.google.add_user(**request.json()).user)

    def get_events(
        self, _: Request, email: str, calendar: str = "primary", identity: str = ""
    ) -> Any:
        """Return the events of a calendar as stored, or one of them (an instance, too)."""
        owned = self.google.calendar(email, calendar)
        return owned.get(identity) if identity else owned.events()

    def post_events(
        self, request: Request, email: str, calendar: str = "primary", *more: str
    ) -> Any:
        """Create an event as its owner does; with id and action: respond, split or move."""
        owned, body = self.google.calendar(email, calendar), request.json()
        send = request.param("sendUpdates", "none")
        if not more:
            return owned.insert(body, send)
        identity, action = more
        if action == "respond":
            return owned.respond(identity, **body)
        if action == "split":
            return owned.split(identity, body, send)
        return owned.move(identity, body["destination"], send)

    def patch_events(
        self, request: Request, email: str, calendar: str, identity: str
    ) -> dict[str, Any]:
        """Change an event, a series or an instance as its owner does."""
        send = request.param("sendUpdates", "none")
        return self.google.calendar(email, calendar).patch(identity, request.json(), send)

    def delete_events(
        self, request: Request, email: str, calendar: str, identity: str
    ) -> dict[str, Any]:
        """Delete an event, a series or an instance as its owner does."""
        self.google.calendar(email, calendar).delete(identity, request.param("sendUpdates", "none"))
        return {}

    def post_seed(self, request: Request, email: str, calendar: str = "primary") -> dict[str, int]:
        """Put many resources in at once."""
        return {"events": self.google.seed(request.json(), email, calendar)}

    def post_import(self, request: Request, email: str) -> dict[str, list[str]]:
        """Put in events as ics.load() gives them; those with a known id are replaced."""
        self.google.seed(request.json(), email)
        return {"notes": []}

    def post_consent(self, request: Request, email: str) -> dict[str, Any]:
        """Return tokens as if the person had clicked Allow."""
        return self.google.consent(email, **request.json())

    def post_accounts(self, request: Request) -> dict[str, str]:
        """Create a service account: {"name"}; return its JSON key."""
        return self.google.add_service_account(**request.json())

    def post_delegations(self, request: Request) -> dict[str, list[str]]:
        """Let it act for a domain: {"domain", "client_id", "scopes"}; no scopes end that."""
        self.google.delegate(**request.json())
        return self.google.oauth.delegations

    def post_faults(self, request: Request, kind: str = "") -> dict[str, Any]:
        """Switch a fault on; or a kind: expire_sync_tokens, revoke_grants, malformed, …"""
        faults = self.google.faults
        if not kind:
            return faults.add(**request.json()).shown()
        kinds = ("expire_sync_tokens", "expire_access_tokens", "revoke_grants", "malformed", "heal")
        kinds += ("limit_invitations",)
        if kind not in kinds:
            raise ValueError(f"no such fault: {kind}")
        return {"result": getattr(faults, kind)(**request.json())}

    def get_state(self, _: Request) -> dict[str, Any]:
        """Return everything, for a later POST."""
        return self.google.save()

    def post_state(self, request: Request) -> dict[str, Any]:
        """Become what was saved."""
        self.google.load(request.json())
        return {}

    def post_reset(self, _: Request) -> dict[str, Any]:
        """Forget events, mails, requests, faults and grants; people and clients stay."""
        google = self.google
        google.faults.clear()
        google.traffic.forget()
        for store in (
            google.mails,
            google.oauth.granted,
            google.oauth.refreshes,
            google.oauth.accesses,
        ):
            store.clear()
        with google.world.lock:
            google.world.epoch += 1
            for calendar in google.world.calendars.values():
                calendar.__post_init__()
        return {}


def _alive(calendar: Any) -> int:
    return sum(1 for copy in calendar.copies.values() if not copy.cancelled)
