"""The calendars of a mailbox.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/findfolder-operation
"""

from __future__ import annotations

from collections.abc import Iterator

from odoo.addons.synced_meetings.sync.errors import Gone
from odoo.addons.synced_meetings.sync.event import Access, Calendar
from odoo.addons.synced_meetings.sync.reading import clean

from . import ews_payloads as payloads
from .ews_calls import Calls
from .ews_payloads import PRIMARY, RIGHTS, Place
from .ews_xml import Element, children, find, local, text


def folder_id(calls: Calls, place: Place) -> str:
    """Return Exchange's own id of a calendar. Raises `Gone`."""
    return id_of(only(calls.one(payloads.folders([place.folder]))))


def calendars_of(calls: Calls, place: Place, zone: str) -> Iterator[Calendar]:
    """Yield the calendars of a mailbox, its own first."""
    main = place._replace(calendar_id=PRIMARY)
    own = only(calls.one(payloads.folders([main.folder], RIGHTS)))
    yield _calendar(own, place, zone, primary=True)
    found = calls.one(payloads.calendars(place))
    for folder in children(found, "m:RootFolder", "t:Folders"):
        if local(folder) == "CalendarFolder" and id_of(folder) != id_of(own):
            yield _calendar(folder, place, zone, primary=False)


def only(answer: Element) -> Element:
    """Return the one folder in an answer."""
    found = next(children(answer, "m:Folders"), None)
    if found is None:
        raise Gone("no folder")
    return found


def id_of(folder: Element) -> str:
    """Return a folder's id."""
    said = find(folder, "t:FolderId")
    return (said.get("Id") or "") if said is not None else ""


def _calendar(folder: Element, place: Place, zone: str, *, primary: bool) -> Calendar:
    return Calendar(
        remote_id=PRIMARY if primary else id_of(folder),
        name=clean(text(folder, "t:DisplayName")) or place.mailbox,
        primary=primary,
        access=_access(find(folder, "t:EffectiveRights")),
        zone=zone,
        owner=place.mailbox,
    )


def _access(rights: Element | None) -> Access:
    """Return what may be done; who sees what is private there stands in for its owner."""
    if text(rights, "t:CreateContents") == "true":
        return "owner" if text(rights, "t:ViewPrivateItems") == "true" else "writer"
    return "reader" if text(rights, "t:Read") == "true" else "busy"
