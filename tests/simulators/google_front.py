"""The index page: people, their events, mails and fault switches, for somebody who looks in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .google_time import show_utc
from .pages import button, page, table
from .server import Request, Response

if TYPE_CHECKING:
    from .google import GoogleSimulator

SWITCHES = {
    "Answer 429 once": {"status": 429, "reason": "rateLimitExceeded", "retry_after": 5},
    "Answer 503 once": {"status": 503, "reason": "backendError"},
    "Lose the next answer": {"drop": "after"},
    "Be slow once (5 s)": {"delay": 5.0},
}
ACTIONS = ("Expire sync tokens", "Expire access tokens", "Clear faults")


def front(google: GoogleSimulator, request: Request) -> Response:
    """Return the page; a POST first does what was clicked."""
    if request.method == "POST":
        _click(google, request.form().get("do", [""])[-1])
        return Response(303, b"", "text/html; charset=utf-8", {"Location": "/"})
    shown = request.param("user")
    parts = [
        f"<h1>Simulated Google</h1><p>It is {show_utc(google.world.now())}. "
        f"{len(google.requests)} requests were served. Machine-readable: "
        '<a href="/_simulator/">/_simulator/</a></p>',
        _people(google),
        _events(google, shown) if shown in google.world.users else "",
        _mails(google),
        _faults(google),
    ]
    return page("Simulated Google", "".join(parts), wide=True)


def _click(google: GoogleSimulator, name: str) -> None:
    faults = google.faults
    if name in SWITCHES:
        faults.add(**SWITCHES[name])
    elif name in ACTIONS:
        {
            "Expire sync tokens": faults.expire_sync_tokens,
            "Expire access tokens": faults.expire_access_tokens,
        }.get(name, faults.clear)()
    elif name.startswith("Revoke "):
        faults.revoke_grants(name.removeprefix("Revoke "))


def _people(google: GoogleSimulator) -> str:
    rows = []
    for user in google.world.users.values():
        link = f'<a href="/?user={escape(user.email)}">{escape(user.email)}</a>'
        count = sum(
            not copy.cancelled
            for one in user.calendars
            for copy in google.world.calendars[one].copies.values()
        )
        connected = any(key.endswith(f" {user.email}") for key in google.oauth.granted)
        state = button(f"Revoke {user.email}") if connected else "no"
        rows.append([escape(user.name), link, escape(user.time_zone), str(count), state])
    return table("People", ["Name", "Address", "Zone", "Events", "Granted access"], rows)


def _events(google: GoogleSimulator, email: str) -> str:
    rows = []
    for event in google.calendar(email).events()[:500]:
        start = event["start"].get("date") or event["start"]["dateTime"][:16].replace("T", " ")
        guests = ", ".join(one["email"] for one in event.get("attendees", ()))
        cells = (start, event.get("summary", ""), " ".join(event.get("recurrence", ())), guests)
        rows.append([escape(cell) for cell in cells])
    head = ["Start", "Title", "Repeats", "Guests"]
    return table(f"Events of {escape(email)}", head, sorted(rows))


def _mails(google: GoogleSimulator) -> str:
    rows = [
        [escape(mail.to), mail.reason, escape(mail.summary), mail.sent]
        for mail in google.mails[-50:]
    ]
    return table("Mails that would have gone out", ["To", "Why", "Event", "When"], rows)


def _faults(google: GoogleSimulator) -> str:
    rows = [[escape(str(fault.shown()))] for fault in google.faults.active]
    buttons = " ".join(button(name) for name in (*SWITCHES, *ACTIONS))
    return table("Faults that are on", ["Switch"], rows) + f"<p>{buttons}</p>"
