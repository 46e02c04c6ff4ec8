"""A simulated Exchange Server 2016/2019/SE: Exchange Web Services as a real HTTP(S) server.

In a test, in this process:

    from simulators.ews import SimulatedExchange

    with SimulatedExchange() as exchange:               # a free port, threads in the background
        ann = exchange.add_user("ann@corp.example", "Ann", "Europe/Berlin", password="secret")
        svc = exchange.add_service("svc", password="secret")        # may act for everybody
        nine, ten = (datetime(2026, 11, 23, hour, tzinfo=timezone.utc) for hour in (9, 10))
        item = ann.create(Subject="Kick-off", Start=nine, End=ten)  # as Ann does in Outlook
        ...                                             # let a client work on exchange.url
        assert exchange.mails == [] and exchange.count("SyncFolderItems") == 1
        exchange.faults.busy(milliseconds=5000)

With ``tls=True`` it speaks https (trust ``exchange.ca_file``), ``methods`` are the ways to sign in
that it offers, ``build`` is the version that it tells. ``exchange.faults`` lets it misbehave,
``exchange.steps`` stops it at a write, ``exchange.subscriptions`` posts to subscribers.

On its own: ``PYTHONPATH=tests python -m simulators.ews --port 8400 [--calendar FILE.ics]``;
``/_simulator/`` shows accounts, items, operations, mails and faults as JSON.

Where Microsoft's documentation is silent, this was chosen:
- An X-AnchorMailbox other than the impersonated mailbox is a routing error, a SOAP fault.
- What a foreign mailbox keeps private is not listed for others, and refused when asked for by id.
- A guest may change the own copy; nobody learns of it, and the organiser's next update wins.
- Deleting a guest's copy sends no answer, whatever SendMeetingCancellations says.
- What a guest declines leaves the guest's calendar; the organiser's cancelled item goes to the
  deleted items, a guest's cancelled copy stays.
- A change of start, end, zone or pattern asks all guests anew; other changes keep their answers.
- With AutoResolve a stale change key is a conflict only where the same property was changed.
- An occurrence may not begin on the day of a neighbour, nor end behind the beginning of its day.
- A series begins with the first day of its pattern; its start is moved there.
- A malformed item and a deleted one look the same in a log of changes: an id, no content.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from .ews_errors import HttpRefusal
from .ews_faults import Faults, marked, written
from .ews_inspection import Inspection
from .ews_owner import Owner
from .ews_service import Asked, Service
from .ews_time import parse, windows_name
from .ews_world import Account, Mail, World
from .server import Request, Response, Server
from .steps import Steps
from .tls import authority
from .traffic import Traffic

BUILD = (15, 1, 2507, 39)  # Exchange 2016 CU23; 2019 and SE are 15.2


class SimulatedExchange:
    """The whole server behind one address."""

    def __init__(
        self,
        now: Callable[[], datetime] | None = None,
        port: int = 0,
        seed: int = 0,
        build: tuple[int, int, int, int] = BUILD,
        methods: tuple[str, ...] = ("Basic", "NTLM"),
        tls: bool = False,
    ) -> None:
        self.world = World(now, seed)
        self.service = Service(self.world, build, methods)
        self.subscriptions = self.service.subscriptions
        self.traffic = Traffic(Faults(self), Steps(written))
        self.faults, self.steps = self.traffic.faults, self.traffic.steps
        self.requests, self.inner = self.traffic.requests, self.traffic.inner
        self.observers = self.traffic.observers
        self.authority = authority() if tls else None
        self.server = Server(self._serve, port, self.authority and self.authority.context())
        self.url = f"{self.server.url}/EWS/Exchange.asmx"
        self._inspection = Inspection(self)

    @property
    def ca_file(self) -> str:
        """Return what a client must trust to believe in the server's certificate."""
        return self.authority.ca_file if self.authority else ""

    @property
    def mails(self) -> list[Mail]:
        """Return the mails that would have gone out."""
        return self.world.mails

    @property
    def asked(self) -> list[Asked]:
        """Return the operations that were called."""
        return self.service.asked

    def __enter__(self) -> SimulatedExchange:
        self.server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.traffic.stop()
        self.server.stop()

    def count(self, operation: str = "") -> int:
        """Return how often an operation was called, or how many calls there were."""
        return self.counts()[operation] if operation else len(self.asked)

    def counts(self) -> Counter[str]:
        """Return how often each operation was called."""
        return Counter(one.operation for one in self.asked)

    def add_user(
        self, email: str, name: str = "", time_zone: str = "UTC", password: str = "secret"
    ) -> Owner:
        """Create a person with an account and a mailbox; the zone is an IANA name."""
        email = email.lower()
        login = email.partition("@")[0]
        with self.world.lock:
            box = self.world.add_mailbox(email, name or login.title(), windows_name(time_zone))
            account = Account(login, email, password, box)
            self.world.accounts.append(account)
        return Owner(self.world, account)

    def user(self, email: str) -> Owner:
        """Return a person, to edit as that person does in Outlook."""
        found = {one.email: one for one in self.world.accounts}[email.lower()]
        return Owner(self.world, found)

    def add_service(
        self, login: str, password: str = "secret", may_act_for: Iterable[str] | None = None
    ) -> Account:
        """Create an account without a mailbox that may impersonate some people, or everybody."""
        rights = None if may_act_for is None else {one.lower() for one in may_act_for}
        account = Account(login.lower(), f"{login.lower()}@corp.example", password, None, rights)
        self.world.accounts.append(account)
        return account

    def _serve(self, request: Request) -> Response:
        if request.path.startswith("/_simulator"):
            return self._inspection.handle(request)
        try:
            account = self.service.enter(request)
        except HttpRefusal as refused:
            return refused.response
        return self.traffic.exchange(marked(request), lambda one: self.service.handle(one, account))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulators.ews", description="A simulated Exchange server for tests and demos."
    )
    parser.add_argument(
        "--port", type=int, default=0, help="where to listen on 127.0.0.1 (default: any free port)"
    )
    parser.add_argument(
        "--tls", action="store_true", help="speak https, with an authority made now"
    )
    parser.add_argument("--calendar", type=Path, help="an .ics file for the first user's calendar")
    parser.add_argument(
        "--now", help="a fixed time instead of the clock, e.g. 2026-11-23T08:00:00Z"
    )
    return parser.parse_args()


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    options = _arguments()
    exchange = SimulatedExchange(port=options.port, tls=options.tls)
    if options.now:
        fixed = parse(options.now)
        exchange.world.clock = lambda: fixed
    _furnish(exchange, options.calendar)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with exchange:
        trusted = f", trust {exchange.ca_file}" if options.tls else ""
        sys.stdout.write(f"listening on {exchange.url}{trusted}\n")
        sys.stdout.flush()
        ended.wait()
    return 0


def _furnish(exchange: SimulatedExchange, calendar: Path | None) -> None:
    """Create the demo's two people and its service account, and fill the first one's calendar."""
    ann = exchange.add_user("ann@corp.example", "Ann Archer", "Europe/Berlin")
    exchange.add_user("ben@corp.example", "Ben Baker", "Europe/Berlin")
    exchange.add_service("svc")
    if calendar:
        from .ics import load

        report = load(calendar)
        for note in report.notes + ann.seed(report.events):
            sys.stderr.write(note + "\n")


if __name__ == "__main__":
    sys.exit(main())
