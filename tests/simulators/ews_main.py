"""The simulated Exchange server as a program of its own, for demos and for browsers."""

from __future__ import annotations

import sys

from . import program
from .ews import SimulatedExchange
from .tls import Authority

SERVICE = "svc"  # acts for everybody; its password is the one of all, secret


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    parser = program.options("ews_main", "Exchange server")
    parser.add_argument("--tls", action="store_true", help="speak https")
    program.authority(parser)
    text = "with --tls: where people look in, over plain http (default: any free port)"
    parser.add_argument("--page-port", type=int, default=0, help=text)
    chosen = parser.parse_args()
    ca = Authority(chosen.authority) if chosen.authority else None
    exchange = SimulatedExchange(
        port=chosen.port, tls=chosen.tls, page_port=chosen.page_port, ca=ca
    )
    trusted = f"people look in at {exchange.page_url}, trust {exchange.ca_file}"
    lines = [f"listening on {exchange.url}", *([trusted] if chosen.tls else [])]
    return program.serve(exchange, chosen, _furnish, *lines)


def _furnish(exchange: SimulatedExchange, chosen: program.Options) -> list[str]:
    """Create the people and the service account, and fill the first one's calendar."""
    owners = [exchange.add_user(email, name, program.ZONE) for name, email in chosen.people]
    exchange.add_service(SERVICE)
    if not chosen.calendar:
        return []
    from .ics import load

    report = load(chosen.calendar)
    return report.notes + owners[0].seed(report.events)


if __name__ == "__main__":
    sys.exit(main())
