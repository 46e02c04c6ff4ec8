"""The index page: people, their items, mails and fault switches, for somebody who looks in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .ews_time import show
from .ews_world import Account
from .pages import button, page, table
from .server import Request, Response

if TYPE_CHECKING:
    from .ews import SimulatedExchange

SWITCHES = {
    "Be too busy once": {"status": 500, "reason": "ErrorServerBusy", "retry_after": 5_000},
    "Answer 503 once": {"status": 503},
    "Lose the next answer": {"drop": "after"},
    "Be slow once (5 s)": {"delay": 5.0},
}
ACTIONS = (
    "Forget sync states",
    "Switch Web Services off",
    "Switch Web Services on",
    "Clear faults",
)
GUESTS = ("RequiredAttendees", "OptionalAttendees")


def front(exchange: SimulatedExchange, request: Request) -> Response:
    """Return the page; a POST first does what was clicked."""
    if request.method == "POST":
        name = request.form().get("do", [""])[-1]
        if name not in (*SWITCHES, *ACTIONS):
            return Response(404)  # whoever looks for Web Services here is wrong
        _click(exchange, name)
        return Response(303, b"", "text/html; charset=utf-8", {"Location": "/"})
    shown = request.param("user")
    parts = [
        f"<h1>Simulated Exchange server</h1><p>It is {show(exchange.world.now())}. "
        f"{len(exchange.requests)} requests were served at {escape(exchange.url)}. "
        'Machine-readable: <a href="/_simulator/">/_simulator/</a></p>',
        _people(exchange),
        _items(exchange, shown) if shown in exchange.world.mailboxes else "",
        _mails(exchange),
        _faults(exchange),
    ]
    return page("Simulated Exchange server", "".join(parts), wide=True)


def _click(exchange: SimulatedExchange, name: str) -> None:
    faults = exchange.faults
    if name in SWITCHES:
        faults.add(**SWITCHES[name])
    else:
        {
            "Forget sync states": faults.forget_sync_states,
            "Switch Web Services off": faults.block,
            "Switch Web Services on": faults.unblock,
            "Clear faults": faults.clear,
        }[name]()


def _people(exchange: SimulatedExchange) -> str:
    return table(
        "Accounts",
        ["User name", "Address", "Zone", "Items", "May impersonate"],
        [_person(one) for one in exchange.world.accounts],
    )


def _person(one: Account) -> list[str]:
    rights = "everybody" if one.may_act_for is None else ", ".join(sorted(one.may_act_for))
    if one.mailbox is None:
        return [escape(one.login), "no mailbox", "", "", escape(rights)]
    link = f'<a href="/?user={escape(one.email)}">{escape(one.email)}</a>'
    zone, count = escape(one.mailbox.zone), str(len(one.mailbox.calendar.items))
    return [escape(one.login), link, zone, count, escape(rights)]


def _items(exchange: SimulatedExchange, email: str) -> str:
    rows = []
    for view in exchange.user(email).items()[:500]:
        data = view.data
        guests = ", ".join(one["email"] for name in GUESTS for one in data.get(name, ()))
        rule = data["Recurrence"].pattern if data.get("Recurrence") else ""
        start = show(data["Start"])[:16].replace("T", " ")
        rows.append([escape(cell) for cell in (start, data["Subject"], rule, guests)])
    head = ["Start (UTC)", "Title", "Repeats", "Guests"]
    return table(f"Items of {escape(email)}", head, sorted(rows))


def _mails(exchange: SimulatedExchange) -> str:
    rows = [
        [escape(mail.to), mail.reason, escape(mail.subject), mail.sent]
        for mail in exchange.mails[-50:]
    ]
    return table("Mails that would have gone out", ["To", "Why", "Item", "When"], rows)


def _faults(exchange: SimulatedExchange) -> str:
    rows = [[escape(str(fault.shown()))] for fault in exchange.faults.active]
    buttons = " ".join(button(name) for name in (*SWITCHES, *ACTIONS, "Clear faults"))
    return table("Faults that are on", ["Switch"], rows) + f"<p>{buttons}</p>"
