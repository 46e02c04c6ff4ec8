"""What a calendar is to be told: the links whose copies lag behind their meetings (rule R2)."""

import random
from datetime import timedelta

from odoo import fields

from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.event import Bad, Remote
from odoo.addons.synced_meetings.sync.store import Link, Outgoing

from . import rows
from .burial import brake
from .reading import Row, record_of, sent_of

FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds between attempts, growing from the one to the other
LONGEST_ASKED = 86_400  # what a service may ask us to wait
BUSY = timedelta(minutes=1)  # for what changes as fast as it is written


def due(calendar, limit):
    """Return the `Outgoing` of the links that are due, oldest first, one of each series.

    Raises `MassDeletion` where more would be deleted than happens by hand (rule R13).
    """
    domain = due_domain(fields.Datetime.now())
    found = calendar.env["synced.meeting.link"].search(
        [("calendar_id", "=", calendar.id), *domain], limit=limit
    )
    (found.meeting_id.attendee_ids | found.series_id.attendee_ids).fetch(["asked_version"])
    outgoing, series = [], set()
    for link in found:
        if link.series_id and link.series_id in series:
            continue  # at most one change per series at a time (rule R8)
        series.add(link.series_id)
        outgoing.append(_outgoing(link))
    if not calendar.deletions_confirmed and any(map(_deletes, outgoing)):
        brake(calendar, max(_deleted(calendar), sum(map(_deletes, outgoing))))
    return outgoing


def _deletes(one):
    return bool(one.link.local is None and one.link.base)


def _deleted(calendar):
    """Return how many units wait to be deleted, in this batch or later; a series counts once."""
    domain = [("calendar_id", "=", calendar.id), ("state", "=", "deleting"), ("dirty", "=", True)]
    links = calendar.env["synced.meeting.link"].search_fetch(domain, ["series_id", "base"])
    return len({link.series_id or link for link in links if link.base})


def due_domain(now):
    """Return the domain of links to be written now; what was sent and not answered is asked for."""
    return [
        ("dirty", "=", True),
        ("refused", "=", False),
        ("held", "=", False),
        ("in_doubt", "=", False),
        "|",
        ("next_try", "=", False),
        ("next_try", "<=", now),
    ]


def _outgoing(link):
    record = record_of(link)
    gone = link.state == "deleting" or not record or not record.active
    local = None if gone else rows.event_of(record)
    base = codec.load(link.base, local) if link.base else None
    copy = Remote(
        link.remote_id or "",
        base,
        link.change_key or "",
        link.series_remote_id or "",
        link.recurrence_id or "",
        organises=link.organises,
        self_email=link.self_email or "",
        client_key=link.client_key or "",
    )
    role = "content" if link.organises else "answer"
    row = Row(link, link.meeting_id, link.series_id)
    waiting = [row.asked_version for row in record.attendee_ids if rows.is_waiting(row)]
    tell = link.telling or bool(waiting and not gone)
    asked = waiting[0] if waiting else ""  # all who wait were asked for at once
    message = link.message or "" if tell else ""
    return Outgoing(Link(base, local, role, row, sent_of(link, local)), copy, tell, asked, message)


def links(outgoing):
    """Return the links behind these."""
    found = [one.link.row.link for one in outgoing]
    return found[0].union(*found) if found else found


def sending(sent):
    """Keep on the links what is about to go out (rule R6)."""
    for one, change in sent:
        event = codec.dump(change.event) if change.event else None
        one.link.row.link.write(
            {
                "sent": {"event": event, "tell": change.tell, "asked": one.asked},
                # A creation is known again by its client key; of all else the state is looked up.
                "in_doubt": bool(one.link.base),
            }
        )


def postpone(calendar, outgoing, error):
    """Let these wait as long as the service says, else longer with each attempt."""
    now = fields.Datetime.now()
    for one in outgoing:
        link = one.link.row.link
        values = {"next_try": now + BUSY}
        if error is not None:
            values = {
                "attempts": link.attempts + 1,
                "next_try": now + wait(error, link.attempts),
                "last_error": calendar.account_id._sentence("slow"),
            }
        link.write(values)


def wait(error, attempts):
    """Return how long to wait after so many failures: what the service says, else ever longer."""
    after = getattr(error, "after", None)
    if after is not None:
        return timedelta(seconds=min(max(after, 1), LONGEST_ASKED))
    longest = min(FIRST_WAIT * 2 ** min(attempts, 10), LONGEST_WAIT)
    return timedelta(seconds=longest * random.uniform(0.5, 1))  # so that many do not come at once


def refuse(calendar, one, error):
    """Put aside what the provider will not take as it is."""
    link = one.link.row.link
    quarantine = calendar.env["synced.sync.quarantine"]
    name = link.remote_id or link.client_key
    quarantine._put(calendar, [Bad(name, error.reason, error.value, "")])
    sentence = quarantine._sentence(error.reason, error.value)
    link.write({"refused": True, "sent": False, "in_doubt": False, "last_error": sentence})
