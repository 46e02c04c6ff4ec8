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

On its own: ``PYTHONPATH=tests python -m simulators.ews_main --port 8400 [--calendar FILE.ics]``;
``/`` lists accounts, items, mails and faults, ``/_simulator/`` is the same as JSON. With TLS both
are at ``exchange.page_url``, too, in plain HTTP: a person's browser does not know the authority.

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

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from .ews_errors import HttpRefusal
from .ews_faults import Faults, marked, written
from .ews_inspection import Inspection
from .ews_owner import Owner
from .ews_service import Asked, Service
from .ews_state import load_state, save_state
from .ews_time import windows_name
from .ews_world import Account, Mail, World
from .server import Request, Response, Server
from .steps import Steps
from .tls import Authority, authority
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
        page_port: int = 0,
        ca: Authority | None = None,
    ) -> None:
        self.world = World(now, seed)
        self.service = Service(self.world, build, methods)
        self.subscriptions = self.service.subscriptions
        self.traffic = Traffic(Faults(self), Steps(written))
        self.faults, self.steps = self.traffic.faults, self.traffic.steps
        self.requests, self.inner = self.traffic.requests, self.traffic.inner
        self.observers = self.traffic.observers
        self.authority = (ca or authority()) if tls else None
        self.server = Server(self._serve, port, self.authority and self.authority.context())
        self.url = f"{self.server.url}/EWS/Exchange.asmx"
        self._inspection = Inspection(self)
        self.page = Server(self._inspection.handle, page_port) if tls else None

    @property
    def ca_file(self) -> str:
        """Return what a client must trust to believe in the server's certificate."""
        return self.authority.ca_file if self.authority else ""

    @property
    def page_url(self) -> str:
        """Return where a person looks in."""
        return (self.page or self.server).url

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
        if self.page:
            self.page.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.traffic.stop()
        self.server.stop()
        if self.page:
            self.page.stop()

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

    def save(self) -> dict[str, Any]:
        """Return everything that the server remembers, as JSON values."""
        return save_state(self)

    def load(self, state: dict[str, Any]) -> None:
        """Become what save() returned."""
        load_state(self, state)

    def _serve(self, request: Request) -> Response:
        if request.path.startswith("/_simulator") or request.path in ("/", "/favicon.ico"):
            return self._inspection.handle(request)
        try:
            account = self.service.enter(request)
        except HttpRefusal as refused:
            return refused.response
        return self.traffic.exchange(marked(request), lambda one: self.service.handle(one, account))
