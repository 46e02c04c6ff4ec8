"""What every simulator does as a program of its own: options, people, an end by a signal."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from .google_time import parse

PEOPLE = ("Ann Archer <ann@corp.example>", "Ben Baker <ben@corp.example>")
ZONE = "Europe/Berlin"
Options = argparse.Namespace


def options(name: str, service: str, where: str = "where to listen") -> argparse.ArgumentParser:
    """Return the options that every simulator has."""
    parser = argparse.ArgumentParser(
        prog=f"simulators.{name}", description=f"A simulated {service} for tests and demos."
    )
    any_port = "on 127.0.0.1 (default: any free port)"
    parser.add_argument("--port", type=int, default=0, help=f"{where} {any_port}")
    parser.add_argument("--calendar", type=Path, help="an .ics file for the first user's calendar")
    text = "a fixed time instead of the clock, e.g. 2026-11-23T08:00:00Z"
    parser.add_argument("--now", help=text)
    parser.add_argument("--state", type=Path, help="where to keep everything between two runs")
    text = "who has an account: 'Ann Archer <ann@corp.example>' …"
    parser.add_argument("--people", nargs="+", type=parseaddr, metavar="PERSON", help=text)
    parser.set_defaults(people=[parseaddr(one) for one in PEOPLE])
    return parser


def authority(parser: argparse.ArgumentParser) -> None:
    """Add the option of what speaks TLS."""
    text = "a folder for the certificates (default: a temporary one)"
    parser.add_argument("--authority", type=Path, help=text)


def serve(
    service: Any, chosen: Options, furnish: Callable[[Any, Options], list[str]], *lines: str
) -> int:
    """Serve until SIGTERM or Ctrl-C: with what was kept, or what ``furnish`` puts in."""
    if chosen.now:
        fixed = parse(chosen.now)
        service.world.clock = lambda: fixed
    if chosen.state and chosen.state.exists():
        service.load(json.loads(chosen.state.read_text()))
    else:
        for note in furnish(service, chosen):
            sys.stderr.write(note + "\n")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with service:
        sys.stdout.writelines(f"{line}\n" for line in lines)
        sys.stdout.flush()
        ended.wait()
    if chosen.state:
        partial = chosen.state.with_suffix(".partial")
        partial.write_text(json.dumps(service.save()))
        partial.replace(chosen.state)
    return 0
