"""What the tests of the simulated Microsoft 365 share: a client over real HTTP, and bodies."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import requests

from simulators.graph import SimulatedGraph
from simulators.graph_login import DEMO_APP, DEMO_SECRET
from simulators.graph_owner import Owner

Event = dict[str, Any]
BERLIN = "Europe/Berlin"
IMMUTABLE = 'IdType="ImmutableId"'
WINDOW = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-02-01T00:00:00Z"


class Client:
    """HTTP in one person's name, or in the application's."""

    def __init__(self, graph: SimulatedGraph, token: str, prefer: str = IMMUTABLE) -> None:
        self.graph, self.prefer = graph, prefer
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.verify = graph.ca_file
        self.http.headers["Authorization"] = f"Bearer {token}"

    def ask(self, verb: str, path: str, body: Any = None, **headers: str) -> requests.Response:
        """Send a request; a path is below Graph's root, a whole address is taken as it is."""
        url = path if path.startswith("http") else f"{self.graph.api_url}{path}"
        own = {"Prefer": self.prefer, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.http.request(verb, url, json=body, headers=own, timeout=30)

    def get(self, path: str, **headers: str) -> Any:
        """Return what must be there."""
        return self._good(self.ask("GET", path, **headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Return the answer to a POST that must work."""
        return self._good(self.ask("POST", path, body or {}, **headers))

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """Return the answer to a PATCH that must work."""
        return self._good(self.ask("PATCH", path, body, **headers))

    def delete(self, path: str) -> None:
        """Delete what must be there."""
        self._good(self.ask("DELETE", path))

    def refusal(self, verb: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """Return status and code of a request that must be refused."""
        answer = self.ask(verb, path, body, **headers)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["error"]["code"]

    def round(self, link: str = f"/me/calendarView/delta?{WINDOW}") -> tuple[list[Event], str]:
        """Return everything that a delta round gives, and the link for the next."""
        found: list[Event] = []
        while True:
            page = self.get(link)
            found += page["value"]
            if "@odata.deltaLink" in page:
                return found, page["@odata.deltaLink"]
            link = page["@odata.nextLink"]

    def instances(self, identity: str) -> list[Event]:
        """Return the occurrences of a series."""
        return self.get(f"/me/events/{quote(identity)}/instances?{WINDOW}&$top=100")["value"]

    @staticmethod
    def _good(answer: requests.Response) -> Any:
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None


def client(graph: SimulatedGraph, person: Owner, prefer: str = IMMUTABLE) -> Client:
    """Return a client for somebody who allowed everything."""
    return Client(graph, graph.consent(person.email)["access_token"], prefer)


def application(graph: SimulatedGraph, domain: str = "corp.example") -> Client:
    """Return a client in the application's own name, approved by the administrator."""
    graph.admin_consent(domain)
    form = {"grant_type": "client_credentials", "client_id": DEMO_APP}
    form |= {"client_secret": DEMO_SECRET, "scope": "https://graph.microsoft.com/.default"}
    answer = token(graph, form, domain)
    return Client(graph, answer.json()["access_token"])


def token(
    graph: SimulatedGraph, form: dict[str, str], tenant: str = "organizations"
) -> requests.Response:
    """Ask the token endpoint."""
    http = requests.Session()
    http.trust_env = False
    url = f"{graph.authority_url}/{tenant}/oauth2/v2.0/token"
    return http.post(url, data=form, verify=graph.ca_file, timeout=30)


def at(text: str, zone: str = BERLIN) -> dict[str, str]:
    """Return a start or end: ``23T09:00`` is in November 2026."""
    day, _, clock = text.partition("T")
    full = {2: f"2026-11-{day}", 5: f"2026-{day}"}.get(len(day), day)
    return {"dateTime": f"{full}T{clock or '00:00'}:00", "timeZone": zone}


def meeting(start: Any = "23T09:00", end: Any = "23T10:00", **more: Any) -> Event:
    """Return the body of an event; its times as ``at`` takes them, or as they are sent."""
    times = {"start": start, "end": end}
    shown = {name: at(one) if isinstance(one, str) else one for name, one in times.items()}
    return {"subject": "Kick-off", **shown, **more}


def weekly(count: int = 4, **more: Any) -> Event:
    """Return the body of a series on Mondays at nine."""
    pattern = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
    span = {"type": "numbered", "startDate": "2026-11-23", "numberOfOccurrences": count}
    return meeting(recurrence={"pattern": pattern, "range": span}, **more)


def guests(*addresses: str) -> list[Event]:
    """Return attendees."""
    return [{"emailAddress": {"address": one}, "type": "required"} for one in addresses]
