"""The mails that would go out: who is told what, and why.

Meetings of the past are no exception: nothing documented says so, and a test that asserts silence
about them shall see every mail that a client asked for.
"""

from __future__ import annotations

import hashlib

from .google_edit import Edit
from .google_time import show_utc
from .google_world import Event, Mail, to_json

TOLD = (
    "summary",
    "description",
    "location",
    "start",
    "end",
    "recurrence",
    "status",
    "conferenceData",
)


def emails(event: Event | None) -> set[str]:
    """Return the addresses that an event invites."""
    return {one["email"] for one in (event or {}).get("attendees", ())}


def tell(edit: Edit, before: Event | None, after: Event) -> None:
    """Record the mails to guests that the edit asks for."""
    cancelled = after["status"] == "cancelled"
    was, now = emails(before), set() if cancelled else emails(after)
    news = before is None or any(before.get(name) != after.get(name) for name in TOLD)
    for email in sorted(was | now):
        reason = "invitation" if email not in was else "update" if email in now else "cancellation"
        if reason != "update" or news:
            mail(edit, email, reason, after)


def mail(edit: Edit, email: str, reason: str, event: Event) -> None:
    """Record one mail, unless ``sendUpdates`` forbids it, or it would go to oneself or a room."""
    external = email not in edit.world.users
    silent = edit.send == "none" or (edit.send == "externalOnly" and not external)
    resource = email.endswith("resource.calendar.google.com")
    if (
        silent
        or resource
        or email in (edit.user.email, edit.calendar.id if reason != "response" else "")
    ):
        return
    sent, summary = show_utc(edit.world.now()), event.get("summary", "")
    place = (event["id"], summary, edit.calendar.id, external, sent, event["sequence"])
    edit.world.mails.append(Mail(email, reason, *place, edit.user.email, _digest(event, reason)))


def _digest(event: Event, reason: str) -> str:
    """Return what a mail about the event says: not its id, which a second copy would have anew."""
    said = {name: event.get(name) for name in (*TOLD, "originalStartTime")}
    if reason == "response":
        said["answer"] = [one for one in event.get("attendees", ()) if one.get("self")]
    return hashlib.sha256(to_json(said).encode()).hexdigest()[:16]
