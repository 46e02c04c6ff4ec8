"""setup/run: a demonstration with everything that Synced Meetings needs."""

import argparse
import contextlib
import fcntl
import shutil
import time
from pathlib import Path

from setup import (
    account,
    database,
    environment,
    machine,
    odoo_source,
    paths,
    services,
    simulated,
    welcome,
)
from setup.console import Failure, step
from setup.database import Workshop
from setup.postgres import Cluster
from setup.simulated import Simulated

HOME = paths.LOCAL / "run"
DATABASE = "synced_meetings"
DESCRIPTION = """\
Start PostgreSQL, a simulated Google, Microsoft 365 and Exchange server, and Odoo 19 with the
Synced Meetings add-ons and demo data. What is missing on this machine is installed. Ctrl-C ends
everything; the data stay."""
EPILOGUE = """\
ODOO_HOME=/path setup/run uses an existing checkout of Odoo 19.0. Downloads are kept in
~/.cache/synced_meetings, everything else, logs included, in .local of this repository."""


def main(words: list[str]) -> int:
    """Prepare, start, say how to log in, and wait for the end."""
    options = _options(words)
    with _only_one(), contextlib.ExitStack() as stack:
        if options.reset:
            _reset()
        machine.require()
        python = environment.python()
        source = odoo_source.find()
        cluster = Cluster(HOME, "run")
        with step(f"PostgreSQL {cluster.version}") as line:
            stack.enter_context(cluster.running())
            line.result = "started"
        workshop = Workshop(cluster, source, python, HOME)
        _prepare(workshop)
        offered = _start_services(stack, python, own=bool(options.calendar))
        if options.calendar:
            account.load(offered.google, workshop, DATABASE, options.calendar, options.widen)
        odoo = _start_odoo(stack, workshop, offered, options.port)
        print(welcome.words(odoo, offered), flush=True)
        return _wait((odoo, *offered.all))


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="setup/run",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8069, help="the first port to try for Odoo")
    parser.add_argument("--reset", action="store_true", help="forget all data and start over")
    text = "put the meetings of an exported calendar into the simulated Google account"
    parser.add_argument("--calendar", type=_file, metavar="FILE.ics", help=text)
    text = "keep meetings of as many days as the file needs, without asking"
    parser.add_argument("--widen", action="store_true", help=text)
    return parser.parse_args(words)


def _file(word: str) -> Path:
    if not Path(word).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {word}")
    return Path(word).resolve()


@contextlib.contextmanager
def _only_one():
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME.parent / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure("setup/run is running already in this folder.", "end it first") from None
        yield


def _reset() -> None:
    with step("Old data") as line:
        shutil.rmtree(HOME)
        HOME.mkdir()
        line.result = "deleted"


def _prepare(workshop: Workshop) -> None:
    """Make the demonstration's database, or bring it up to the present add-ons."""
    with step("Database") as line:
        line.result = "present"
        digest = database.addons_digest()
        if not workshop.exists(DATABASE):
            workshop.made(DATABASE, workshop.furnish)
            line.result = "made, with demo data"
        elif workshop.note(DATABASE) != digest:
            workshop.update(DATABASE)
            line.result = "updated to the present add-ons"
        workshop.write_note(DATABASE, digest)


def _start_services(stack: contextlib.ExitStack, python: Path, own: bool) -> Simulated:
    """Start the simulated services; in a new one are the demonstration's meetings.

    Google begins empty where a person's own file is put into it.
    """
    with step("Simulated services") as line:
        new = [name for name in simulated.NAMES if not simulated.state(HOME, name).exists()]
        running = simulated.running(python, "run", HOME, states=True)
        offered = stack.enter_context(running)
        offered.fill(*(name for name in new if not (own and name == "google")))
        line.result = "started"
    return offered


def _start_odoo(stack, workshop: Workshop, offered: Simulated, first: int) -> services.Service:
    port = services.free_port(first)
    offered.tell(workshop.cluster, DATABASE, f"http://127.0.0.1:{port}")
    with step("Odoo") as line:
        odoo = stack.enter_context(services.odoo(workshop, DATABASE, port))
        line.result = odoo.url
    return odoo


def _wait(servers: tuple[services.Service, ...]) -> int:
    """Wait for Ctrl-C, or for a server that ends on its own."""
    while all(server.program.poll() is None for server in servers):
        time.sleep(0.5)
    ended = next(server for server in servers if server.program.poll() is not None)
    raise Failure(f"The server at {ended.url} ended.", "read its log, then start again", ended.log)
