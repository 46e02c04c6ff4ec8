"""A simulated Google: OAuth 2 and Calendar API v3 as a real HTTP server.

In a test, in this process:

    from simulators.google import GoogleSimulator

    with GoogleSimulator() as google:                   # a free port, threads in the background
        ann = google.add_user("ann@corp.example", name="Ann", time_zone="Europe/Berlin")
        calendar = ann.calendar("primary")
        nine, ten = ({"dateTime": f"2026-11-23T{hour}:00:00+01:00"} for hour in ("09", "10"))
        event = calendar.insert({"summary": "Kick-off", "start": nine, "end": ten})
        tokens = google.consent("ann@corp.example")     # as if Ann had clicked Allow
        ...                                             # let a client work on google.api_url
        assert google.mails == [] and len(google.requests) == 2
        google.faults.add(status=429, reason="rateLimitExceeded", retry_after=3)

``google.channels`` calls whoever watches a calendar, ``google.faults`` lets it misbehave,
``google.steps`` stops it at a write; with
``google.add_service_account()`` and ``google.delegate()`` a client acts for a whole domain.

On its own: ``PYTHONPATH=tests python -m simulators.google --port 8200 [--calendar FILE.ics]``;
``/`` lists users, events, mails and faults, ``/_simulator/`` is the same as JSON.

Where Google's documentation is silent, this was chosen:
- An event that leaves the window of a sync token comes once more as it is; ``api.leaving`` =
  "cancelled" or "silent" tries the other readings.
- Deleted events show their id only; ``api.minimal_tombstones = False`` shows what may be shown.
- Parameters that differ from those of the first request of a sync are refused.
- An exception follows its series in all fields but those that were edited. When the series moves,
  exceptions move by position and get new ids; the old ids are cancelled.
- The start of a series is always its first occurrence, and the first of COUNT.
- Endless series are expanded two years ahead where no timeMax is given.
- An attendee's patch may change the own answer, either in the full guest list or alone with
  ``attendeesOmitted``; everything that all share is refused with 403.
- A second event with the same iCalUID is refused with 409, as a second one with the same id is.
- Meetings of the past are mailed about as others are.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from . import program
from .google_accounts import ServiceAccount, key_file, new_key
from .google_batch import Batch
from .google_calendar import CalendarApi
from .google_faults import Faults
from .google_inspection import Inspection
from .google_oauth import DEMO_CLIENT, DEMO_SECRET, OAuth
from .google_owner import Owner, OwnersCalendar
from .google_pages import Consent
from .google_scopes import PREFIX, written
from .google_state import load_state, save_state
from .google_tokens import TokenEndpoint
from .google_world import Event, Mail, World
from .server import Request, Response, Server
from .steps import Steps
from .traffic import Traffic

SCOPES = (
    "openid",
    "email",
    *(
        PREFIX + one
        for one in ("calendar.events", "calendar.calendarlist.readonly", "calendar.freebusy")
    ),
)
BATCH = "/batch/calendar/v3"


class GoogleSimulator:
    """The whole service behind one address."""

    def __init__(
        self, now: Callable[[], datetime] | None = None, port: int = 0, seed: int = 0
    ) -> None:
        self.world = World(now, seed)
        self.oauth = OAuth(self.world)
        self.oauth.add_client(DEMO_CLIENT, DEMO_SECRET)
        self.api = CalendarApi(self.world, self.oauth)
        self.channels = self.api.channels
        self.batch = Batch(self._inner, seed)
        self.traffic = traffic = Traffic(Faults(self), Steps(written))
        self.faults, self.steps = traffic.faults, traffic.steps
        self.requests, self.inner = traffic.requests, traffic.inner
        self.observers = traffic.observers
        self.server = Server(self._serve, port)
        self.url = self.server.url
        self.tokens = TokenEndpoint(self.oauth, self.token_url)
        self._inspection = Inspection(self)
        self._routes = {
            BATCH: self.batch.handle,
            "/o/oauth2/v2/auth": Consent(self.oauth).handle,
            "/token": self.tokens.token,
            "/revoke": self.tokens.revoke,
            "/oauth2/v3/userinfo": self.tokens.userinfo,
        }

    @property
    def auth_url(self) -> str:
        """Return the address of the consent page."""
        return f"{self.url}/o/oauth2/v2/auth"

    @property
    def token_url(self) -> str:
        """Return the address that gives tokens."""
        return f"{self.url}/token"

    @property
    def revoke_url(self) -> str:
        """Return the address that ends grants."""
        return f"{self.url}/revoke"

    @property
    def userinfo_url(self) -> str:
        """Return the address that tells who signed in."""
        return f"{self.url}/oauth2/v3/userinfo"

    @property
    def api_url(self) -> str:
        """Return the root of the Calendar API, for ``client_options={"api_endpoint": …}``."""
        return f"{self.url}/calendar/v3/"

    @property
    def batch_url(self) -> str:
        """Return where batches go, for ``BatchHttpRequest(batch_uri=…)``."""
        return f"{self.url}{BATCH}"

    @property
    def mails(self) -> list[Mail]:
        """Return the mails that would have gone out."""
        return self.world.mails

    def __enter__(self) -> GoogleSimulator:
        self.server.start()
        self.channels.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.channels.stop()
        self.traffic.stop()
        self.server.stop()

    def add_user(self, email: str, name: str = "", time_zone: str = "UTC") -> Owner:
        """Create a person with an account and a primary calendar."""
        with self.world.lock:
            return Owner(self.world, self.world.add_user(email, name, time_zone))

    def add_service_account(self, name: str = "sync") -> dict[str, str]:
        """Create a service account with a calendar of its own; return its JSON key."""
        private, public = new_key()
        email = f"{name}@simulated.iam.gserviceaccount.com"
        owner = self.add_user(email, name)
        owner.user.service = True
        key_id = hashlib.sha1(public.encode()).hexdigest()
        account = ServiceAccount(email, owner.user.sub, key_id, public)
        self.oauth.accounts[email] = account
        return key_file(account, private, self.token_url)

    def delegate(self, domain: str, client_id: str, scopes: Iterable[str] = SCOPES) -> None:
        """Let a service account act for everybody of a domain, as its administrator does."""
        self.oauth.delegate(domain, client_id, scopes)

    def user(self, email: str) -> Owner:
        """Return a person, to edit as that person does in Google's own pages."""
        return Owner(self.world, self.world.users[email.lower()])

    def calendar(self, email: str, identity: str = "primary") -> OwnersCalendar:
        """Return a person's calendar."""
        return self.user(email).calendar(identity)

    def seed(self, events: Iterable[Event], email: str = "", calendar: str = "primary") -> int:
        """Put many event resources into a calendar at once, without mails or guests' copies."""
        owner = email or next(iter(self.world.users))
        return self.calendar(owner, calendar).seed(events)

    def consent(
        self,
        email: str,
        redirect_uri: str = "http://127.0.0.1/callback",
        scope: str | Iterable[str] = SCOPES,
        client_id: str = DEMO_CLIENT,
        **query: str,
    ) -> dict[str, Any]:
        """Return the tokens that a client gets when the person allows everything."""
        code = self.code(email, redirect_uri, scope, client_id, **query)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": client_id,
        }
        form["client_secret"] = self.oauth.clients[client_id].secret
        request = Request("POST", "/token", {}, {}, urlencode(form).encode(), "/token")
        return json.loads(self.tokens.token(request).payload())

    def code(
        self,
        email: str,
        redirect_uri: str = "http://127.0.0.1/callback",
        scope: str | Iterable[str] = SCOPES,
        client_id: str = DEMO_CLIENT,
        **query: str,
    ) -> str:
        """Return an authorisation code without a browser."""
        scopes = scope.split() if isinstance(scope, str) else list(scope)
        asked = {"client_id": client_id, "redirect_uri": redirect_uri, "response_type": "code"}
        asked |= {"scope": " ".join(scopes), "access_type": "offline", "prompt": "consent"}
        return self.oauth.allow({**asked, **query}, email.lower(), scopes)

    def save(self) -> dict[str, Any]:
        """Return everything that the service remembers, as JSON values."""
        return save_state(self)

    def load(self, state: dict[str, Any]) -> None:
        """Become what save() returned."""
        load_state(self, state)

    def _serve(self, request: Request) -> Response:
        if request.path.startswith("/_simulator") or request.path in ("/", "/favicon.ico"):
            return self._inspection.handle(request)
        kind = "batch" if request.path == BATCH else "single"
        return self.traffic.exchange(request, self._route, kind)

    def _inner(self, request: Request) -> Response:
        return self.traffic.exchange(request, self.api.handle, "inner")

    def _route(self, request: Request) -> Response:
        if request.path.startswith("/calendar/v3/"):
            return self.api.handle(request)
        answer = self._routes.get(request.path)
        if answer:
            return answer(request)
        return Response.of({"error": {"code": 404, "message": "Not Found"}}, 404)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    chosen = program.options("google", "Google").parse_args()
    google = GoogleSimulator(port=chosen.port)
    google.channels.automatic = True
    return program.serve(google, chosen, _furnish, f"listening on {google.url}")


def _furnish(google: GoogleSimulator, chosen: program.Options) -> list[str]:
    """Create the people, and fill the first one's calendar."""
    for name, email in chosen.people:
        google.add_user(email, name, program.ZONE)
    if not chosen.calendar:
        return []
    from .ics import load

    report = load(chosen.calendar)
    google.seed(report.events, chosen.people[0][1])
    return report.notes


if __name__ == "__main__":
    sys.exit(main())
