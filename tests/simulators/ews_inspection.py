"""Looking in from outside: JSON under /_simulator/. It is no part of Exchange."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from .ews_errors import EwsError
from .ews_pages import front
from .ews_recurrence import Recurrence
from .ews_time import UTC, show
from .ews_views import View
from .inspection import BaseInspection
from .server import Request, Response

if TYPE_CHECKING:
    from .ews import SimulatedExchange

KINDS = ("busy", "forget_sync_states", "refuse", "malformed", "heal", "block", "unblock")
TIMES = ("Start", "End")


class Inspection(BaseInspection):
    """What stories in other processes use."""

    refusals = (EwsError,)

    def __init__(self, exchange: SimulatedExchange) -> None:
        super().__init__(exchange)
        self.exchange = exchange

    def refused(self, request: Request, error: EwsError) -> Response:
        """Return the code that Exchange would answer."""
        return Response.of({"error": error.code, "message": error.message}, 400)

    def handle(self, request: Request) -> Response:
        """Answer a request under /_simulator, or the index page."""
        if request.parts()[0] == "_simulator":
            return super().handle(request)
        return Response(204) if request.path == "/favicon.ico" else front(self.exchange, request)

    def get_index(self, _: Request) -> dict[str, Any]:
        """Return addresses and counts."""
        exchange = self.exchange
        return {
            "ews_url": exchange.url,
            "page_url": exchange.page_url,
            "ca_file": exchange.ca_file,
            "now": show(exchange.world.now()),
            "users": list(exchange.world.mailboxes),
            "methods": exchange.service.gate.methods,
            "requests": len(exchange.requests),
            "writes": exchange.steps.count,
            "mails": len(exchange.mails),
        }

    def get_users(self, _: Request) -> list[dict[str, Any]]:
        """Return all accounts, and how many items their calendars have."""
        return [
            {
                "login": one.login,
                "email": one.email,
                "may_act_for": None if one.may_act_for is None else sorted(one.may_act_for),
                "time_zone": one.mailbox.zone if one.mailbox else "",
                "calendars": _calendars(one.mailbox) if one.mailbox else {},
            }
            for one in self.exchange.world.accounts
        ]

    def post_users(self, request: Request) -> dict[str, str]:
        """Create a person: {"email", "name", "time_zone", "password"}."""
        return {"email": self.exchange.add_user(**request.json()).email}

    def post_services(self, request: Request) -> dict[str, str]:
        """Create an account that impersonates: {"login", "password", "may_act_for"}."""
        return {"email": self.exchange.add_service(**request.json()).email}

    def get_operations(self, request: Request) -> dict[str, Any]:
        """Return which operations were called, and how often each was."""
        rows = self.exchange.asked[-int(request.param("last", "1000")) :]
        return {"counts": self.exchange.counts(), "operations": [one._asdict() for one in rows]}

    def delete_operations(self, _: Request) -> dict[str, Any]:
        """Forget which operations were called."""
        self.exchange.asked.clear()
        return {}

    def get_events(self, _: Request, email: str, identity: str = "", number: str = "") -> Any:
        """Return the items of a calendar, one of them, or one occurrence of a series."""
        owner = self.exchange.user(email)
        if number:
            return shown(owner.occurrence(identity, int(number)))
        if identity:
            return shown(owner.get(identity))
        return [shown(one) for one in owner.items()]

    def post_events(self, request: Request, email: str, *more: str) -> Any:
        """Create an item as its owner does; with id and ``respond``: {"response", "send"}."""
        owner, body = self.exchange.user(email), request.json()
        if not more:
            return shown(owner.create(request.param("send", "SendToNone"), **values(body)))
        identity, action = more
        if action == "answered":
            owner.guest_answers(identity, body["email"], body["response"])
        else:
            owner.respond(identity, **body)
        return {}

    def patch_events(self, request: Request, email: str, identity: str) -> dict[str, Any]:
        """Change an item, a series or an occurrence as its owner does."""
        send = request.param("send", "SendToNone")
        return shown(self.exchange.user(email).update(identity, send, **values(request.json())))

    def delete_events(self, request: Request, email: str, identity: str) -> dict[str, Any]:
        """Delete an item, a series or an occurrence as its owner does."""
        self.exchange.user(email).delete(identity, request.param("send", "SendToNone"))
        return {}

    def post_seed(self, request: Request, email: str) -> dict[str, list[str]]:
        """Put in the text of an .ics file."""
        from .ics import loads

        report = loads(request.body.decode())
        return {"notes": report.notes + self.exchange.user(email).seed(report.events)}

    def post_import(self, request: Request, email: str) -> dict[str, list[str]]:
        """Put in events as ics.load() gives them."""
        return {"notes": self.exchange.user(email).seed(request.json())}

    def post_faults(self, request: Request, kind: str = "") -> dict[str, Any]:
        """Switch a fault on; or a kind: busy, forget_sync_states, refuse, malformed, heal, …"""
        faults = self.exchange.faults
        if not kind:
            return faults.add(**request.json()).shown()
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}")
        getattr(faults, kind)(**request.json())
        return {}

    def post_methods(self, request: Request) -> dict[str, Any]:
        """Offer other ways to sign in: ["Basic"], ["NTLM"] or both."""
        self.exchange.service.gate.methods = request.json()
        return {}

    def get_state(self, _: Request) -> dict[str, Any]:
        """Return everything, for a later POST."""
        return self.exchange.save()

    def post_state(self, request: Request) -> dict[str, Any]:
        """Become what was saved."""
        self.exchange.load(request.json())
        return {}


def _calendars(mailbox: Any) -> dict[str, int]:
    folders = mailbox.folders.values()
    return {one.name: len(one.items) for one in folders if one.folder_class == "IPF.Appointment"}


def shown(view: View) -> dict[str, Any]:
    """Return an item as JSON values, under the names of the schema."""
    data = {name: _json(value) for name, value in view.data.items()}
    item = view.item
    return {
        **data,
        "ItemId": view.id,
        "ChangeKey": view.key,
        "CalendarItemType": view.type,
        "edited": sorted(one.isoformat() for one in item.exceptions),
        "deleted": sorted(one.isoformat() for one in item.deleted),
    }


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return show(value)
    return value.saved() if isinstance(value, Recurrence) else value


def values(body: dict[str, Any]) -> dict[str, Any]:
    """Return what shown() returns, as it is stored."""
    found = dict(body)
    for name in TIMES:
        if found.get(name):
            found[name] = datetime.fromisoformat(found[name].replace("Z", "+00:00")).astimezone(UTC)
    if found.get("Recurrence"):
        found["Recurrence"] = Recurrence(**found["Recurrence"])
    return found
