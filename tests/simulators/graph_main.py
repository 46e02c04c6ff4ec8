"""The simulated Microsoft 365 as a program of its own, for demos and for browsers."""

from __future__ import annotations

import sys

from . import program
from .graph import SimulatedGraph
from .graph_import import load
from .tls import Authority


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    parser = program.options("graph_main", "Microsoft 365", "where Graph listens")
    text = "where clients sign in, over TLS (default: any free port)"
    parser.add_argument("--login-port", type=int, default=0, help=text)
    program.authority(parser)
    chosen = parser.parse_args()
    ca = Authority(chosen.authority) if chosen.authority else None
    graph = SimulatedGraph(port=chosen.port, login_port=chosen.login_port, ca=ca)
    graph.notices.automatic = True
    signing_in = f"people sign in at {graph.authority_url}, trust {graph.ca_file}"
    return program.serve(graph, chosen, _furnish, f"listening on {graph.url}", signing_in)


def _furnish(graph: SimulatedGraph, chosen: program.Options) -> list[str]:
    """Create the people, approve the application, and fill the first one's calendar."""
    owners = [graph.add_user(email, name, program.ZONE) for name, email in chosen.people]
    for domain in {one.email.partition("@")[2] for one in owners}:
        graph.admin_consent(domain)
    if not chosen.calendar:
        return []
    report = load(chosen.calendar, program.ZONE, owners[0].email)
    owners[0].seed(report.events)
    return report.notes


if __name__ == "__main__":
    sys.exit(main())
