"""Looking in from outside: JSON under /_simulator/. It is no part of any service.

``GET /_simulator/mails`` calls ``get_mails``; further segments of the path are its arguments.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from .google_time import parse, show_utc
from .mails import repeated
from .server import Recorded, Request, Response


class BaseInspection:
    """What stories in other processes use, whatever service they look into."""

    refusals: tuple[type[Exception], ...] = ()  # what the service itself refuses with

    def refused(self, request: Request, error: Any) -> Response:
        """Return the service's own answer to what it refuses."""
        raise NotImplementedError

    def __init__(self, service: Any) -> None:
        self.service = service

    def handle(self, request: Request) -> Response:
        """Answer a request under /_simulator."""
        parts = request.parts()
        name = parts[1] if len(parts) > 1 else ""
        action = getattr(self, f"{request.method.lower()}_{name or 'index'}", None)
        if action is None:
            return Response.of({"error": f"no {request.method} {request.path}"}, 404)
        try:
            return Response.of(action(request, *parts[2:]))
        except self.refusals as error:
            return self.refused(request, error)
        except (KeyError, ValueError, TypeError) as error:
            return Response.of({"error": f"{type(error).__name__}: {error}"}, 400)

    def get_requests(self, request: Request) -> dict[str, Any]:
        """Return what clients asked, and how often; the calls in batches apart, under inner."""
        last = int(request.param("last", "1000"))
        return {**_asked(self.service.requests, last), "inner": _asked(self.service.inner, last)}

    def delete_requests(self, _: Request) -> dict[str, Any]:
        """Forget what was asked."""
        self.service.requests.clear()
        self.service.inner.clear()
        return {}

    def get_writes(self, _: Request) -> dict[str, Any]:
        """Return all writes of clients with their numbers, and which of them are held."""
        writes = [one.shown() for one in self.service.steps.writes]
        held = [one["number"] for one in writes if one["held"]]
        return {"count": len(writes), "held": held, "writes": writes}

    def delete_writes(self, _: Request) -> dict[str, Any]:
        """Begin to count anew, and stop nowhere."""
        self.service.steps.forget()
        return {}

    def get_steps(self, request: Request, number: str = "") -> Any:
        """Return where writes stop; with a number and ``wait`` (seconds) when it was reached."""
        steps = self.service.steps
        if number:
            return {"reached": steps.wait(int(number), float(request.param("wait", "0")))}
        return [one.shown() for one in steps.planned.values()]

    def post_steps(self, request: Request) -> dict[str, Any]:
        """Stop: {"do": "hold" or "drop", "write": 3 or "next": 1, "when": "after", "times": 1}."""
        steps, body = self.service.steps, request.json()
        number = body.pop("write", None) or steps.count + body.pop("next")
        {"hold": steps.hold, "drop": steps.drop}[body.pop("do")](number, **body)
        return {"write": number}

    def delete_steps(self, request: Request, number: str = "") -> dict[str, Any]:
        """Let a held write go on (``cut=true``: without an answer), or all, and stop nowhere."""
        if number:
            self.service.steps.release(int(number), request.param("cut") == "true")
        else:
            self.service.steps.clear()
        return {}

    def get_mails(self, _: Request, which: str = "") -> list[dict[str, Any]]:
        """Return the mails that would have gone out; ``twice``: those that had been said before."""
        mails = repeated(self.service.mails) if which == "twice" else self.service.mails
        return [mail._asdict() for mail in mails]

    def delete_mails(self, _: Request) -> dict[str, Any]:
        """Forget the mails."""
        self.service.mails.clear()
        return {}

    def get_faults(self, _: Request) -> list[dict[str, Any]]:
        """Return the switches that are on."""
        return [fault.shown() for fault in self.service.faults.active]

    def delete_faults(self, _: Request) -> dict[str, Any]:
        """Switch all faults off."""
        self.service.faults.clear()
        return {}

    def get_now(self, _: Request) -> dict[str, str]:
        """Return the time."""
        return {"now": show_utc(self.service.world.now())}

    def post_now(self, request: Request) -> dict[str, str]:
        """Set the time: {"now": "2026-11-23T08:00:00Z"}, or {"advance": seconds}."""
        body, world = request.json(), self.service.world
        target = (
            parse(body["now"])
            if "now" in body
            else world.now() + timedelta(seconds=body["advance"])
        )
        world.clock = _fixed(target)
        return self.get_now(request)


def _asked(rows: list[Recorded], last: int) -> dict[str, Any]:
    counts = Counter(f"{one.method} {one.path}" for one in rows)
    shown = [one._asdict() for one in rows[-last:]]
    return {"count": len(rows), "counts": counts, "requests": shown}


def _fixed(moment: datetime) -> Any:
    return lambda: moment
