"""Servers that run beside a demonstration, a story or a measurement: Odoo, a simulated Google."""

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from setup import environment, paths, process
from setup.console import Failure
from setup.database import CLIENT_ID, Workshop

PATIENCE = 120
PORTS_TRIED = 200


@dataclass(frozen=True)
class Service:
    """A server that runs: its address, its log, its program."""

    url: str
    log: Path
    program: subprocess.Popen


def free_port(first: int) -> int:
    """Return the first port from ``first`` on that nobody listens on."""
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise Failure(f"No port from {first} on is free.", "end some of the servers on this machine")


@contextlib.contextmanager
def google(
    python: Path, name: str, port: int = 8090, arguments: Sequence[str | Path] = ()
) -> Iterator[Service]:
    """Run the simulated Google as long as the block runs."""
    port, log = free_port(port), paths.log(f"{name}-google")
    words = ["--port", str(port), *arguments]
    with simulator(python, "simulators.google", words, f"http://127.0.0.1:{port}", log) as service:
        wait(service, "The simulated Google")
        yield service


@contextlib.contextmanager
def simulator(
    python: Path, module: str, arguments: Sequence[str | Path], url: str, log: Path
) -> Iterator[Service]:
    """Run a simulated service, which may not answer yet, as long as the block runs."""
    command = [python, "-m", module, *arguments]
    with _running(command, log, url, env=environment.variables(), cwd=paths.ROOT) as service:
        yield service


@contextlib.contextmanager
def odoo(
    workshop: Workshop, database: str, port: int = 8069, arguments: Sequence[str] = ()
) -> Iterator[Service]:
    """Run Odoo on one database as long as the block runs."""
    port, log = free_port(port), paths.log(f"{workshop.home.name}-odoo")
    options = ["-d", database, "--http-port", str(port), "--max-cron-threads", "1", *arguments]
    command, url = workshop.command(*options), f"http://127.0.0.1:{port}"
    with _running(command, log, url, env=workshop.variables()) as service:
        wait(service, "Odoo", "/web/login")
        yield service


@contextlib.contextmanager
def _running(command: Sequence, log: Path, url: str, **options) -> Iterator[Service]:
    service = Service(url, log, process.start(command, log, **options))
    try:
        yield service
    finally:
        process.stop(service.program)


def wait(service: Service, name: str, page: str = "") -> None:
    """Wait until a server answers. Raises `Failure`."""
    deadline = time.monotonic() + PATIENCE
    while not _answers(f"{service.url}{page}"):
        if service.program.poll() is not None or time.monotonic() > deadline:
            raise Failure(f"{name} did not start.", "read the log", service.log)
        time.sleep(0.05)


def _answers(page: str) -> bool:
    try:
        with urllib.request.urlopen(page, timeout=60):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500  # it speaks HTTP; that this page is not for us does not matter
    except OSError:
        return False


def google_parameters(url: str) -> dict[str, str]:
    """Return the system parameters by which the add-on finds a simulated Google."""
    return {
        "synced_meetings_google.auth_url": f"{url}/o/oauth2/v2/auth",
        "synced_meetings_google.token_url": f"{url}/token",
        "synced_meetings_google.api_url": f"{url}/calendar/v3/",
        "synced_meetings_google.client_id": CLIENT_ID,
    }
