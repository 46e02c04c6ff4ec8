"""A simulated Exchange Server 2016/2019/SE: Exchange Web Services as a real HTTP(S) server.

In a test, in this process:

    from simulators.ews import SimulatedExchange

    with SimulatedExchange() as exchange:               # a free port, threads in the background
        ann = exchange.add_user("ann@corp.example", "Ann", "Europe/Berlin", password="secret")
        svc = exchange.add_service("svc", password="secret")        # may act for everybody
        ...                                             # let a client work on exchange.url
        assert exchange.mails == [] and exchange.count("SyncFolderItems") == 1
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from .ews_errors import HttpRefusal
from .ews_faults import Faults, marked, written
from .ews_owner import Owner
from .ews_service import Asked, Service
from .ews_time import windows_name
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
        self.requests, self.observers = self.traffic.requests, self.traffic.observers
        self.authority = authority() if tls else None
        self.server = Server(self._serve, port, self.authority and self.authority.context())
        self.url = f"{self.server.url}/EWS/Exchange.asmx"

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
        found = next(one for one in self.world.accounts if one.email == email.lower())
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
        try:
            account = self.service.enter(request)
        except HttpRefusal as refused:
            return refused.response
        return self.traffic.exchange(marked(request), lambda one: self.service.handle(one, account))
