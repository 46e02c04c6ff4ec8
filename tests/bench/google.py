"""The simulated Google of the benchmark, in a process of its own: one account for each size.

``python -m bench.google --port 8300 500 1000`` has the accounts bench500@corp.example and
bench1000@corp.example, and small@corp.example, by which both sides warm up.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
from dataclasses import replace
from datetime import datetime, timezone

from bench.data import Calendar
from bench.names import SMALL, WARM_UP, owner
from simulators.google import GoogleSimulator
from simulators.google_calendar import CalendarApi
from simulators.google_oauth import Access
from simulators.google_scopes import Method
from simulators.server import Request, Response

SMALL_SIZE = 40
ZONE = "Europe/Berlin"


class Lenient(CalendarApi):
    """Takes what google_calendar sends and Google takes, beyond what is documented.

    The access token may stand in the address, as one of the standard query parameters of Google's
    APIs; a number in an extended property becomes a text.
    """

    def handle(self, request: Request) -> Response:
        """Answer a request."""
        if b'"extendedProperties"' in request.body:
            body = json.dumps(_with_texts(request.json())).encode()
            request = replace(request, body=body)
        return super().handle(request)

    def _authorise(self, request: Request, method: Method) -> Access:
        if token := request.param("access_token"):
            request.headers["Authorization"] = f"Bearer {token}"
        return super()._authorise(request, method)


def _with_texts(event: dict) -> dict:
    kinds = event.get("extendedProperties") or {}
    kinds = {kind: {k: str(v) for k, v in given.items()} for kind, given in kinds.items()}
    return event | {"extendedProperties": kinds}


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("sizes", type=int, nargs="+")
    options = parser.parse_args()
    google = GoogleSimulator(port=options.port)
    google.api = Lenient(google.world, google.oauth)
    today = datetime.now(timezone.utc)
    calendars = [Calendar(SMALL, SMALL_SIZE, today, WARM_UP)]
    calendars += [Calendar(owner(size), size, today) for size in options.sizes]
    for calendar in calendars:
        google.add_user(calendar.owner, "Owner", ZONE)
        google.seed(calendar.events(), calendar.owner)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with google:
        ended.wait()


if __name__ == "__main__":
    main()
