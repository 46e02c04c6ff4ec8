"""Times, people and texts as EWS writes them, read with suspicion: see the core's `reading`.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from odoo.addons.synced_meetings.sync.event import Attendee, Kind, Response
from odoo.addons.synced_meetings.sync.reading import (
    BODY,
    FIRST,
    LAST,
    choice,
    clean,
    email,
    rejected,
)
from odoo.addons.synced_meetings.sync.rules import UTC, local

from .ews_xml import Element, children, find, text
from .ews_zones import windows
from .graph_html import inside, paragraph
from .property_names import ZONE
from .zones import iana

HALF_DAY = timedelta(hours=12)
PEOPLE: dict[str, Kind] = {
    "RequiredAttendees": "required",
    "OptionalAttendees": "optional",
    "Resources": "resource",
}
RESPONSES: dict[str, Response] = {
    "Unknown": "needs_action",
    "NoResponseReceived": "needs_action",
    "Organizer": "accepted",
    "Accept": "accepted",
    "Tentative": "tentative",
    "Decline": "declined",
}


class Reader(NamedTuple):
    """Whose calendar is read: the address, and how the mailbox's zone is asked for."""

    mailbox: str
    zone: Callable[[], str]


def instant(written: str | None, missing: str = "bad_time") -> datetime:
    """Return an XML time as a UTC instant of whole seconds; one without offset is UTC."""
    if not written:
        raise rejected(missing)
    stamp = written.strip()
    if stamp[10:11] != "T":
        raise rejected("bad_time", written)
    # Python 3.10 reads no "Z", and no fraction that has not three or six digits.
    stamp, zulu = stamp.removesuffix("Z"), stamp.endswith("Z")
    try:
        moment = datetime.fromisoformat(f"{stamp.partition('.')[0]}+00:00" if zulu else stamp)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise rejected("bad_time", written) from None
    if not FIRST <= moment <= LAST:
        raise rejected("bad_time", written)
    return moment.replace(microsecond=0)


def day(moment: datetime, zone: str) -> date:
    """Return the date whose midnight ``moment`` is in ``zone``, or is nearest to."""
    wall = local(moment, zone)
    return wall.date() if wall.time() == datetime.min.time() else (wall + HALF_DAY).date()


def zone_of(item: Element, reader: Reader) -> str:
    """Return the zone in which an item was made.

    Windows' zones are fewer than IANA's: the finer name stands beside, and holds as long as it
    means what Exchange says. A custom zone has no name: the mailbox's own is nearest.
    """
    said = find(item, "t:StartTimeZone")
    name = clean(said.get("Id")) if said is not None else ""
    finer = extended(item, ZONE)
    if finer and name and iana(finer) and windows(finer) == name:
        return finer
    return iana(name) or reader.zone() or "UTC"


def extended(item: Element, name: str) -> str:
    """Return one of our own properties."""
    for one in item.iterchildren("{*}ExtendedProperty"):
        path = find(one, "t:ExtendedFieldURI")
        if path is not None and path.get("PropertyName") == name:
            return clean(text(one, "t:Value"), 1024)
    return ""


def described(item: Element) -> str:
    """Return the body as HTML, without the document around it."""
    body = find(item, "t:Body")
    if body is None:
        return ""
    content = clean(body.text, BODY)
    return paragraph(content) if body.get("BodyType") == "Text" else inside(content)


def attendees(item: Element) -> tuple[Attendee, ...]:
    """Return the people on all three lists."""
    found: dict[tuple[str, str], Attendee] = {}
    for listed, kind in PEOPLE.items():
        for person in children(item, f"t:{listed}"):
            attendee = _attendee(person, kind)
            found.setdefault(key_of(attendee), attendee)
    found.pop(("", ""), None)  # neither address nor name: nobody
    return tuple(found.values())


def _attendee(person: Element, kind: Kind) -> Attendee:
    address, shown = mailbox(find(person, "t:Mailbox"))
    response = choice(text(person, "t:ResponseType"), RESPONSES, "needs_action")
    return Attendee(address, shown, response, kind)


def mailbox(box: Element | None) -> tuple[str, str]:
    """Return (address, name); what Exchange writes for want of a name is none."""
    written, shown = clean(text(box, "t:EmailAddress")), clean(text(box, "t:Name"))
    address = email(written) if "@" in written else ""  # else a directory entry: /o=…
    return address, "" if address and shown.lower() == address else shown


def key_of(attendee: Attendee) -> tuple[str, str]:
    """Return by what people on a list are told apart."""
    return attendee.email, "" if attendee.email else attendee.name
