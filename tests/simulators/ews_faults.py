"""Misbehaviour to switch on: throttling, outages, lost answers, bad states, malformed items.

A switch trips at ``POST /EWS/Exchange.asmx#CreateItem``: at requests that were let in, by the name
of their operation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .ews_errors import SoapFault, page
from .ews_service import opened, operation_of, sending
from .ews_xml import Element, local
from .faults import Fault, Switches
from .server import Request, Response
from .steps import Called

if TYPE_CHECKING:
    from .ews import SimulatedExchange

WRITES = ("CreateItem", "UpdateItem", "DeleteItem")
REFERENCES = ("ItemId", "OccurrenceItemId", "ReferenceItemId")
TITLES = {403: "Forbidden", 500: "Internal Server Error", 503: "Service Unavailable"}


class Faults(Switches):
    """All switches of a simulated Exchange."""

    def __init__(self, exchange: SimulatedExchange) -> None:
        super().__init__(refusal)
        self.exchange = exchange

    def busy(self, milliseconds: int = 5_000, times: int | None = 1, match: str = "") -> Fault:
        """Throttle: ErrorServerBusy, and how long to stay away."""
        return self.add(500, "ErrorServerBusy", times, match, retry_after=milliseconds)

    def forget_sync_states(self) -> None:
        """Answer ErrorInvalidSyncStateData to every state that was given out so far."""
        self.exchange.world.epoch += 1

    def refuse(self, item_id: str, code: str = "ErrorItemCorrupt") -> None:
        """Answer one item with an error whenever it is asked for, until heal()."""
        self.exchange.world.refused[item_id] = code

    def malformed(self, item_id: str, raw: str) -> None:
        """Deliver one item verbatim, as a change: ``<t:CalendarItem …>`` with its namespaces."""
        world = self.exchange.world
        with world.lock:
            item = world.item(item_id)
            item.raw = raw
            world.put(item)

    def heal(self, item_id: str) -> None:
        """Let an item be as it was, as a change."""
        world = self.exchange.world
        with world.lock:
            world.refused.pop(item_id, None)
            item = world.item(item_id)
            item.raw = None
            world.put(item)

    def block(self, email: str = "*") -> None:
        """Answer 403 to one account, or to everybody: Web Services are switched off."""
        self.exchange.service.blocked.add(email)

    def disable(self, email: str, disabled: bool = True) -> None:
        """Disable somebody's account: ErrorAccountDisabled to who would act for that person."""
        self.exchange.world.mailboxes[email.lower()].disabled = disabled

    def unblock(self) -> None:
        """Switch Web Services on again."""
        self.exchange.service.blocked.clear()


def refusal(fault: Fault) -> Response:
    """Return the error answer of a switch: a SOAP fault with a reason, else a page."""
    if not fault.reason:
        wait = {} if fault.retry_after is None else {"Retry_After": str(fault.retry_after)}
        return page(fault.status, TITLES.get(fault.status, str(fault.status)), **wait).response
    values = {} if fault.retry_after is None else {"BackOffMilliseconds": str(fault.retry_after)}
    return SoapFault(fault.reason, fault.message, **values).response()


def marked(request: Request) -> Request:
    """Return a request with the operation in its address, where switches look."""
    return replace(request, target=f"{request.target}#{operation_of(request)}")


def written(request: Request) -> Called | None:
    """Return what a request writes."""
    operation = request.target.partition("#")[2]
    if operation not in WRITES:
        return None
    element = opened(request.body)[1]
    ids = [one.get("Id") or one.get("RecurringMasterId") for one in element.iter() if _names(one)]
    return Called(operation, " ".join(ids) or "new", sending(element))


def _names(element: Element) -> bool:
    return isinstance(element.tag, str) and local(element) in REFERENCES
