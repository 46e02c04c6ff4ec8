"""The simulated Microsoft 365 as a program of its own, for demos and for browsers."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .graph import SimulatedGraph
from .graph_import import load
from .graph_time import parse
from .tls import Authority

ANN, BEN = "ann@corp.example", "ben@corp.example"
ZONE = "Europe/Berlin"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulators.graph_main", description="A simulated Microsoft 365 for tests and demos."
    )
    parser.add_argument(
        "--port", type=int, default=0, help="where Graph listens on 127.0.0.1 (default: any free)"
    )
    parser.add_argument(
        "--login-port", type=int, default=0, help="where people sign in, over TLS (default: any)"
    )
    parser.add_argument("--calendar", type=Path, help="an .ics file for the first user's calendar")
    parser.add_argument(
        "--now", help="a fixed time instead of the clock, e.g. 2026-11-23T08:00:00Z"
    )
    parser.add_argument(
        "--authority", type=Path, help="a folder for the certificates (default: a temporary one)"
    )
    parser.add_argument("--state", type=Path, help="where to keep everything between two runs")
    return parser.parse_args()


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    options = _arguments()
    authority = Authority(options.authority) if options.authority else None
    graph = SimulatedGraph(port=options.port, login_port=options.login_port, ca=authority)
    if options.now:
        fixed = parse(options.now)
        graph.world.clock = lambda: fixed
    if options.state and options.state.exists():
        graph.load(json.loads(options.state.read_text()))
    else:
        _furnish(graph, options.calendar)
    graph.notices.automatic = True
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with graph:
        sys.stdout.write(f"listening on {graph.url}\n")
        sys.stdout.write(f"people sign in at {graph.authority_url}, trust {graph.ca_file}\n")
        sys.stdout.flush()
        ended.wait()
    if options.state:
        partial = options.state.with_suffix(".partial")
        partial.write_text(json.dumps(graph.save()))
        partial.replace(options.state)
    return 0


def _furnish(graph: SimulatedGraph, calendar: Path | None) -> None:
    """Create the demo's two people, and fill the first one's calendar."""
    ann = graph.add_user(ANN, "Ann Archer", ZONE)
    graph.add_user(BEN, "Ben Baker", ZONE)
    graph.admin_consent("corp.example")
    if calendar:
        report = load(calendar, ZONE, ANN)
        ann.seed(report.events)
        for note in report.notes:
            sys.stderr.write(note + "\n")


if __name__ == "__main__":
    sys.exit(main())
