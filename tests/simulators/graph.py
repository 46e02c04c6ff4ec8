"""A simulated Microsoft 365: sign-in and Microsoft Graph's calendar as real HTTP servers.

In a test, in this process:

    from simulators.graph import SimulatedGraph

    with SimulatedGraph() as graph:                 # free ports, threads in the background
        ann = graph.add_user("ann@corp.example", name="Ann", time_zone="Europe/Berlin")
        nine, ten = ({"dateTime": f"2026-11-23T{h}:00:00", "timeZone": "UTC"} for h in ("09", "10"))
        event = ann.create({"subject": "Kick-off", "start": nine, "end": ten})
        tokens = graph.consent("ann@corp.example")  # as if Ann had clicked Accept
        ...                                         # let a client work on graph.api_url
        assert graph.mails == [] and len(graph.requests) == 2
        graph.faults.add(status=429, retry_after=3)

Signing in is at ``graph.authority_url`` (https; trust ``graph.ca_file``), Graph at
``graph.api_url`` (http) and ``graph.secure_api_url`` (https). ``graph.faults`` lets it misbehave,
``graph.steps`` stops it at a write, ``graph.delta`` makes delta rounds unpleasant, and
``graph.parallel.limit = 1`` lets nothing overlap. Subscribers are told by
``graph.notices.deliver()``, or at once with ``graph.notices.automatic = True``.

On its own: ``PYTHONPATH=tests python -m simulators.graph_main --port 8300 --login-port 8301``;
``/`` lists users, events, mails and faults, ``/_simulator/`` is the same as JSON.

Where Microsoft's documentation is silent, this was chosen:
- A series and all that was changed in it is one item with one version, as in Exchange's store: a
  changed occurrence gives the master a new etag, and a changed master all of its occurrences.
- A changed series comes in a delta round as a whole: master, exceptions, minimal occurrences.
- Zones are given out under Windows' names, however they were sent. Dates float: an all-day event
  is midnight to midnight in whatever zone is asked for.
- A series begins on the first day that its pattern gives; a range must start on the event's day.
- A PATCH by an organiser mails the guests even where it changes nothing, as soon as it names
  something that is not personal.
- What a guest declines leaves the guest's calendar, as in Outlook.
- Where an occurrence starts is told in UTC; that of an all-day series is midnight in UTC.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from .graph_api import VERSION, CalendarApi
from .graph_batch import Batch
from .graph_call import authorised
from .graph_errors import GraphError, bad
from .graph_faults import Faults
from .graph_front import Front
from .graph_inspection import Inspection
from .graph_login import DEMO_APP, DEMO_SECRET, IDENTITY, Login
from .graph_owner import Owner
from .graph_parallel import Parallel
from .graph_state import load_state, save_state
from .graph_subscriptions import Subscriptions
from .graph_world import Event, Mail, World
from .server import Request, Response, Server
from .steps import Steps
from .tls import Authority, authority
from .traffic import Traffic

SCOPES = ("Calendars.ReadWrite", "User.Read", *IDENTITY)
BATCH = f"{VERSION}/$batch"


class SimulatedGraph:
    """The whole service behind two addresses."""

    def __init__(
        self,
        now: Callable[[], datetime] | None = None,
        port: int = 0,
        login_port: int = 0,
        seed: int = 0,
        ca: Authority | None = None,
    ) -> None:
        self.world = World(now, seed)
        self.login = Login(self.world)
        self.login.add_app(DEMO_APP, DEMO_SECRET)
        self.api = CalendarApi(self.world, self.login, self._base)
        self.delta = self.api.delta
        self.batch = Batch(self._inner, VERSION, seed)
        self.traffic = traffic = Traffic(Faults(self), Steps(self.api.written))
        self.faults, self.steps = traffic.faults, traffic.steps
        self.requests, self.inner = traffic.requests, traffic.inner
        self.observers = traffic.observers
        self.parallel = Parallel(self.login)
        own = ca or authority()
        self.ca_file = own.ca_file
        self.subscriptions = Subscriptions(self.login, self.ca_file)
        self.notices = self.subscriptions.notices
        self.server = Server(self._serve, port)
        self.secure = Server(self._serve, login_port, own.context())
        self.url, self.authority_url = self.server.url, self.secure.url
        self.front = Front(self.login, self.authority_url)
        self._inspection = Inspection(self)

    @property
    def api_url(self) -> str:
        """Return the root of Graph."""
        return f"{self.url}{VERSION}"

    @property
    def secure_api_url(self) -> str:
        """Return the root of Graph over TLS."""
        return f"{self.authority_url}{VERSION}"

    def _base(self, request: Request) -> str:
        """Return the root of links: where the client came in."""
        host = request.headers.get("Host")
        return next(
            (one for one in (self.url, self.authority_url) if one.endswith(f"//{host}")), self.url
        )

    @property
    def mails(self) -> list[Mail]:
        """Return the mails that would have gone out."""
        return self.world.mails

    def __enter__(self) -> SimulatedGraph:
        self.server.start()
        self.secure.start()
        self.notices.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.traffic.stop()
        self.notices.stop()
        self.server.stop()
        self.secure.stop()

    def add_user(self, email: str, name: str = "", time_zone: str = "UTC") -> Owner:
        """Create a person with a mailbox; the part behind the @ is the tenant's domain."""
        with self.world.lock:
            return Owner(self.world, self.world.add_user(email, name, time_zone))

    def user(self, email: str) -> Owner:
        """Return a person, to edit as that person does in Outlook."""
        return Owner(self.world, self.world.mailboxes[email.lower()])

    def seed(self, events: Iterable[Event], email: str = "") -> int:
        """Put many events into a default calendar at once, without mails or guests' copies."""
        return self.user(email or next(iter(self.world.mailboxes))).seed(events)

    def admin_consent(self, domain: str, app: str = DEMO_APP) -> None:
        """Approve the application for a tenant: for its people, and for itself."""
        known = self.login.apps[app]
        self.login.admin_consent(app, domain, known.delegated | known.application)

    def consent(
        self,
        email: str,
        redirect_uri: str = "http://127.0.0.1/callback",
        scope: str | Iterable[str] = SCOPES,
        app: str = DEMO_APP,
        **query: str,
    ) -> dict[str, Any]:
        """Return the tokens that a client gets when the person allows everything."""
        form = {"grant_type": "authorization_code", "redirect_uri": redirect_uri, "client_id": app}
        form["code"] = self.code(email, redirect_uri, scope, app, **query)
        form["client_secret"] = next(iter(self.login.apps[app].secrets))
        request = Request("POST", "", {}, {}, urlencode(form).encode())
        return json.loads(self.front.tokens.handle(request, "organizations").payload())

    def code(
        self,
        email: str,
        redirect_uri: str = "http://127.0.0.1/callback",
        scope: str | Iterable[str] = SCOPES,
        app: str = DEMO_APP,
        **query: str,
    ) -> str:
        """Return an authorisation code without a browser."""
        scopes = scope if isinstance(scope, str) else " ".join(scope)
        asked = {"scope": scopes, "redirect_uri": redirect_uri, **query}
        return self.front.authorize.code(asked, self.world.mailboxes[email.lower()], app)

    def save(self) -> dict[str, Any]:
        """Return everything that the service remembers, as JSON values."""
        return save_state(self)

    def load(self, state: dict[str, Any]) -> None:
        """Become what save() returned."""
        load_state(self, state)

    def reset(self) -> None:
        """Forget events, mails, requests, faults and logins; people and applications stay."""
        self.traffic.forget()
        self.faults.clear()
        self.login.forget()
        self.subscriptions.held.clear()
        self.notices.waiting.clear()
        with self.world.lock:
            self.mails.clear()
            for mailbox in self.world.mailboxes.values():
                mailbox.items.clear()
                mailbox.raw.clear()
                mailbox.epoch += 1

    def _serve(self, request: Request) -> Response:
        if request.path.startswith("/_simulator") or request.path in ("/", "/favicon.ico"):
            return self._inspection.handle(request)
        if not request.path.startswith(f"{VERSION}/"):
            return self.traffic.exchange(request, self._route)
        kind = "batch" if request.path == BATCH else "single"
        try:
            with self.parallel.one(request):
                return self.traffic.exchange(request, self._route, kind)
        except GraphError as error:
            return error.answer(request, self.world.now())

    def _inner(self, request: Request) -> Response:
        return self.traffic.exchange(request, self._graph, "inner")

    def _graph(self, request: Request) -> Response:
        if request.parts()[1:2] == ["subscriptions"]:
            return self.subscriptions.handle(request)
        return self.api.handle(request)

    def _route(self, request: Request) -> Response:
        try:
            if request.path == BATCH and request.method == "POST":
                authorised(self.login, request)
                return self.batch.handle(request)
            if request.path.startswith(f"{VERSION}/"):
                return self._graph(request)
            answer = self.front.handle(request)
            if answer is None:
                raise bad("Resource not found.", "BadRequest")
            return answer
        except GraphError as error:
            return error.answer(request, self.world.now())
