"""The index page: people, their events, mails and fault switches, for somebody who looks in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .graph_time import stamp
from .pages import button, page, table
from .server import Request, Response

if TYPE_CHECKING:
    from .graph import SimulatedGraph

SWITCHES = {
    "Answer 429 once": {"status": 429, "retry_after": 5},
    "Answer 503 once": {"status": 503},
    "Lose the next answer": {"drop": "after"},
    "Be slow once (5 s)": {"delay": 5.0},
}
ACTIONS = ("Expire delta links", "Expire access tokens", "Expire refresh tokens", "Clear faults")


def front(graph: SimulatedGraph, request: Request) -> Response:
    """Return the page; a POST first does what was clicked."""
    if request.method == "POST":
        _click(graph, request.form().get("do", [""])[-1])
        return Response(303, b"", "text/html; charset=utf-8", {"Location": "/"})
    shown = request.param("user")
    parts = [
        f"<h1>Simulated Microsoft 365</h1><p>It is {stamp(graph.world.now())}. "
        f"{len(graph.requests)} requests were served. Machine-readable: "
        '<a href="/_simulator/">/_simulator/</a></p>',
        _people(graph),
        _events(graph, shown) if shown in graph.world.mailboxes else "",
        _mails(graph),
        _faults(graph),
    ]
    return page("Simulated Microsoft 365", "".join(parts), wide=True)


def _click(graph: SimulatedGraph, name: str) -> None:
    faults = graph.faults
    if name in SWITCHES:
        faults.add(**SWITCHES[name])
    elif name in ACTIONS:
        {
            "Expire delta links": faults.expire_sync_tokens,
            "Expire access tokens": faults.expire_access_tokens,
            "Expire refresh tokens": faults.expire_refresh_tokens,
        }.get(name, faults.clear)()
    elif name.startswith("Withdraw "):
        faults.withdraw_consent(name.removeprefix("Withdraw "))
    elif name.startswith("Approval: "):
        tenant = graph.world.tenant(name.removeprefix("Approval: "))
        tenant.users_consent = not tenant.users_consent


def _people(graph: SimulatedGraph) -> str:
    rows = []
    for one in graph.world.mailboxes.values():
        link = f'<a href="/?user={escape(one.email)}">{escape(one.email)}</a>'
        allowed = any(email == one.email for _, email in graph.login.consents)
        state = button(f"Withdraw {one.email}") if allowed else "no"
        own = graph.world.tenants[one.tenant]
        who = "everybody" if own.users_consent else "an administrator"
        consent = f"{who} {button(f'Approval: {own.domain}')}"
        cells = [escape(one.name), link, escape(one.time_zone), str(len(one.alive())), state]
        rows.append([*cells, consent])
    head = ["Name", "Address", "Zone", "Events", "Granted access", "Who may allow calendars"]
    return table("People", head, rows)


def _events(graph: SimulatedGraph, email: str) -> str:
    rows = []
    for event in graph.user(email).events()[:500]:
        start = event["start"]["dateTime"][:16].replace("T", " ")
        guests = ", ".join(one["emailAddress"]["address"] for one in event["attendees"])
        rule = event["recurrence"]["pattern"]["type"] if event["recurrence"] else ""
        cells = (start, event["subject"], rule, guests)
        rows.append([escape(cell) for cell in cells])
    return table(
        f"Events of {escape(email)}", ["Start", "Title", "Repeats", "Guests"], sorted(rows)
    )


def _mails(graph: SimulatedGraph) -> str:
    rows = [
        [escape(mail.to), mail.reason, escape(mail.summary), mail.sent]
        for mail in graph.mails[-50:]
    ]
    return table("Mails that would have gone out", ["To", "Why", "Event", "When"], rows)


def _faults(graph: SimulatedGraph) -> str:
    rows = [[escape(str(fault.shown()))] for fault in graph.faults.active]
    buttons = " ".join(button(name) for name in (*SWITCHES, *ACTIONS))
    return table("Faults that are on", ["Switch"], rows) + f"<p>{buttons}</p>"
