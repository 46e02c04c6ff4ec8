"""The simulated Google of the benchmark, in a process of its own: one account for each size.

``python -m bench.google --port 8300 500 1000`` has the accounts bench500@corp.example and
bench1000@corp.example, and small@corp.example, by which both sides warm up.
"""

from __future__ import annotations

import argparse
import signal
import threading
from datetime import datetime, timezone

from bench.data import Calendar
from bench.names import SMALL, WARM_UP, owner
from simulators.google import GoogleSimulator
from simulators.google_calendar import CalendarApi
from simulators.google_oauth import Access
from simulators.google_scopes import Method
from simulators.server import Request

SMALL_SIZE = 40
ZONE = "Europe/Berlin"


class EitherPlace(CalendarApi):
    """Takes the access token from the address as well, where google_calendar puts it.

    It is one of the standard query parameters of Google's APIs.
    """

    def _authorise(self, request: Request, method: Method) -> Access:
        if token := request.param("access_token"):
            request.headers["Authorization"] = f"Bearer {token}"
        return super()._authorise(request, method)


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("sizes", type=int, nargs="+")
    options = parser.parse_args()
    google = GoogleSimulator(port=options.port)
    google.api = EitherPlace(google.world, google.oauth)
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
