"""The three simulated services: started at once, filled, and made known to Odoo."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from setup import database, meetings, paths, services
from setup.console import Failure
from setup.postgres import Cluster
from setup.services import Service

FIRST_PORT = 8090
# Far enough apart that a few busy ports never lead from one service to the next.
APART = 10
TENANT = "corp.example"
PASSWORD = "secret"  # of everybody on the Exchange server
NAMES = ("google", "microsoft", "exchange")


@dataclass(frozen=True)
class Simulated:
    """Where each service shows itself to people, where it is called, and what is trusted there."""

    google: Service
    microsoft: Service  # Graph, and the page on which people allow access
    exchange: Service
    authority_url: str  # where Odoo trades codes for tokens, over TLS
    ews_url: str
    kept: Path

    @property
    def all(self) -> tuple[Service, ...]:
        """Return all three, in the order of their people."""
        return self.google, self.microsoft, self.exchange

    def parameters(self) -> dict[str, str]:
        """Return the system parameters by which the add-ons find the services.

        Odoo itself speaks to the simulated Microsoft 365 as to the real one: over TLS, with an
        authority that it is told to trust. A person's browser cannot be told by us, so the page on
        which one allows access is the simulator's other door, plain http on this machine; it saves
        everybody who tries the product a warning to click through.
        """
        exchange = {
            "authority_url": self.authority_url,
            "sign_in_url": self.microsoft.url,
            "graph_url": f"{self.authority_url}/v1.0",
            "ca_file": str(_authority(self.kept, "microsoft")),
            "client_id": database.MICROSOFT_CLIENT_ID,
            "tenant": TENANT,
        }
        named = {f"synced_meetings_exchange.{name}": value for name, value in exchange.items()}
        return {**services.google_parameters(self.google.url), **named}

    def tell(self, cluster: Cluster, name: str, odoo_url: str) -> None:
        """Let a database that no server uses yet know the services, and its own address."""
        address = {"web.base.url": odoo_url, "web.base.url.freeze": "True"}
        database.set_parameters(cluster, name, {**address, **self.parameters()})
        trusted = _authority(self.kept, "exchange").read_text()
        database.place_server(cluster, name, self.ews_url, trusted)

    def fill(self, *names: str) -> None:
        """Put the demonstration's meetings into the calendars at some of the services."""
        for name, service, person in zip(NAMES, self.all, meetings.PEOPLE, strict=True):
            if name in names:
                seed(service, person, meetings.around_today(person))


@contextlib.contextmanager
def running(
    python: Path, name: str, kept: Path, first: int = FIRST_PORT, states: bool = False
) -> Iterator[Simulated]:
    """Run all three as long as the block runs; with ``states`` they remember what was there."""
    ports = [services.free_port(first + APART * number) for number in range(5)]
    google, graph, login, page, ews = ports
    words = {
        "google": ["--port", google],
        "microsoft": ["--port", graph, "--login-port", login],
        "exchange": ["--port", ews, "--page-port", page, "--tls"],
    }
    modules = {"google": "google", "microsoft": "graph_main", "exchange": "ews_main"}
    urls = [f"http://127.0.0.1:{port}" for port in (google, graph, page)]
    with contextlib.ExitStack() as stack:
        begun = []
        for kind, person, url in zip(NAMES, meetings.PEOPLE, urls, strict=True):
            more = ["--people", f"{meetings.NAMES[person]} <{person}>"]
            more += ["--state", state(kept, kind)] if states else []
            more += ["--authority", _authority(kept, kind).parent] if kind != "google" else []
            service = services.simulator(
                python,
                f"simulators.{modules[kind]}",
                [*map(str, words[kind]), *more],
                url,
                paths.log(f"{name}-{kind}"),
            )
            begun.append(stack.enter_context(service))
        for kind, service in zip(NAMES, begun, strict=True):
            services.wait(service, f"The simulated {kind.title()}")
        secure = f"https://127.0.0.1:{login}", f"https://127.0.0.1:{ews}/EWS/Exchange.asmx"
        yield Simulated(*begun, *secure, kept)


def state(kept: Path, name: str) -> Path:
    """Return where a service keeps everything between two runs."""
    return kept / f"{name}.json"


def seed(service: Service, person: str, events: list[dict]) -> list[str]:
    """Put events, in Google's form, into a person's calendar; return what was lost."""
    request = urllib.request.Request(
        f"{service.url}/_simulator/import/{person}",
        json.dumps(events).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.load(answer)["notes"]
    except OSError as error:
        reason = error.read().decode() if hasattr(error, "read") else str(error)
        what = f"The simulated service at {service.url} refused: {reason}"
        raise Failure(what, "read its log", service.log) from None


def _authority(kept: Path, name: str) -> Path:
    return kept / f"{name}-authority" / "ca.pem"
