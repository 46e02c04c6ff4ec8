"""The product as setup starts it: Odoo with its jobs, the simulated services, and people."""

import contextlib
import itertools
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import quote

from setup import meetings, paths, services, simulated, suite
from setup.simulated import Simulated

DATABASE = "stories"
FIRST_PORT = 8269
SIMULATED_PORT = 8469
HOME = paths.LOCAL / "stories"


class Refused(Exception):
    """What a server answered instead of what was asked for."""


class Remote:
    """A server that speaks JSON, and remembers who logged in."""

    def __init__(self, url: str):
        self.url = url
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(cookies)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return what the server answers, as values."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with self._opener.open(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(f"{method} {path}: {error.read().decode()}") from None


class Calendars(Remote):
    """A simulated service, as the owners of its calendars use it."""

    def add(self, email: str, name: str) -> None:
        """Give somebody an account."""
        person = {"email": email, "name": name, "time_zone": "Europe/Berlin"}
        self.ask("POST", "/_simulator/users", person)

    def seed(self, email: str, events: list[dict]) -> None:
        """Put many events, in Google's form, into a calendar."""
        self.ask("POST", f"/_simulator/import/{email}", events)


class Google(Calendars):
    """The simulated Google, as its calendars' owners use it in Google's own pages."""

    def insert(self, email: str, **event: Any) -> dict:
        """Create an event, and send the guests' copies."""
        return self.ask("POST", self._events(email), event)

    def patch(self, email: str, identity: str, **values: Any) -> dict:
        """Change an event."""
        return self.ask("PATCH", self._events(email, identity), values)

    def delete(self, email: str, identity: str) -> None:
        """Delete an event."""
        self.ask("DELETE", self._events(email, identity))

    def events(self, email: str) -> list[dict]:
        """Return what is in a calendar."""
        found = self.ask("GET", self._events(email))
        return [event for event in found if event["status"] != "cancelled"]

    def mails(self, *emails: str) -> list[dict]:
        """Return the mails to some people."""
        return [mail for mail in self.ask("GET", "/_simulator/mails") if mail["to"] in emails]

    def first_occurrence(self, email: str, identity: str) -> str:
        """Return the id of a series' first occurrence."""
        master = self.ask("GET", self._events(email, identity))
        start = datetime.fromisoformat(master["start"]["dateTime"]).astimezone(timezone.utc)
        return f"{identity}_{start:%Y%m%dT%H%M%SZ}"

    def malformed(self, email: str, raw: dict) -> None:
        """Let the calendar hold something that is no proper event."""
        self.ask("POST", "/_simulator/faults/malformed", {"email": email, "raw": raw})

    def _events(self, email: str, identity: str = "") -> str:
        tail = f"/{quote(identity)}" if identity else ""
        # Without an id the simulator wants no calendar either.
        return f"/_simulator/events/{email}" + (f"/primary{tail}" if identity else "")


class Odoo(Remote):
    """Odoo, as its administrator uses it from outside."""

    def log_in(self, login: str, password: str) -> None:
        """Begin to act as a user."""
        words = {"db": DATABASE, "login": login, "password": password}
        self.ask("POST", "/web/session/authenticate", _rpc(words))

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a public method of a model."""
        words = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.ask("POST", f"/web/dataset/call_kw/{model}/{method}", _rpc(words))
        if "error" in answer:
            raise Refused(f"{model}.{method}: {answer['error']}")
        return answer["result"]


def _rpc(words: dict) -> dict:
    return {"jsonrpc": "2.0", "method": "call", "params": words}


@dataclass(frozen=True)
class Person:
    """Somebody with a login in Odoo and an account at each simulated service."""

    name: str
    login: str
    password: str
    email: str
    user_id: int


class Product:
    """All servers, and people to use them."""

    def __init__(self, odoo: str, offered: Simulated):
        self.odoo, self.google = Odoo(odoo), Google(offered.google.url)
        self.microsoft, self.exchange = (
            Calendars(one.url) for one in (offered.microsoft, offered.exchange)
        )
        self.odoo.log_in("admin", "admin")
        self._numbers = itertools.count(1)

    def demo(self) -> Person:
        """Return the employee of the demonstration, whose calendar is filled."""
        (user,) = self.odoo.call("res.users", "search", [["login", "=", "demo"]])
        return Person("Marc Demo", "demo", "demo", meetings.ANN, user)

    def administrator(self) -> Person:
        """Return who has set up Odoo."""
        (user,) = self.odoo.call("res.users", "search", [["login", "=", "admin"]])
        return Person("Mitchell Admin", "admin", "admin", "", user)

    def newcomer(self, first: str) -> Person:
        """Return somebody new, in Odoo and at every service."""
        name, password = f"{first} Novak", f"{first.lower()}{next(self._numbers)}"
        email = f"{password}@corp.example"
        values = {"name": name, "login": email, "password": password, "tz": "Europe/Berlin"}
        (user,) = self.odoo.call("res.users", "create", [values])
        for service in (self.google, self.microsoft, self.exchange):
            service.add(email, name)
        return Person(name, email, password, email, user)


@contextlib.contextmanager
def running() -> Iterator[Product]:
    """Run the product as long as the block runs, on a fresh copy of the prepared database."""
    workshop = suite.workshop()
    workshop.copy(workshop.prepared(demo=True), DATABASE)
    with contextlib.ExitStack() as stack:
        offered = simulated.running(workshop.python, "stories", HOME, SIMULATED_PORT)
        offered = stack.enter_context(offered)
        offered.fill(*simulated.NAMES)
        port = services.free_port(FIRST_PORT)
        offered.tell(workshop.cluster, DATABASE, f"http://127.0.0.1:{port}")
        odoo = stack.enter_context(services.odoo(workshop, DATABASE, port))
        yield Product(odoo.url, offered)
