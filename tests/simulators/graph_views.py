"""How an event looks from outside.

https://learn.microsoft.com/en-us/graph/api/resources/event
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from .graph_fields import property_key
from .graph_ids import calendar_id, change_key, etag
from .graph_places import Place, original
from .graph_time import shown, stamp
from .graph_world import Event, Mailbox

PLAIN = ("categories", "reminderMinutesBeforeStart", "isReminderOn", "subject", "importance")
PLAIN += ("sensitivity", "isAllDay", "isCancelled", "isOrganizer", "responseRequested", "showAs")
PLAIN += ("isOnlineMeeting", "onlineMeetingProvider", "onlineMeeting", "allowNewTimeProposals")
PLAIN += ("hideAttendees", "recurrence", "responseStatus", "location", "locations", "attendees")
PLAIN += ("organizer", "transactionId")
_HEAD = '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'


@dataclass(frozen=True)
class View:
    """What the caller prefers."""

    zone: str = "UTC"
    immutable: bool = True
    text: bool = False

    def event(self, place: Place, extended: tuple[str, ...] = ()) -> Event:
        """Return the whole resource."""
        data, state = place.data, place.state
        key = change_key(place.item, state)
        own = {"@odata.etag": etag(place.item, state), "id": place.id(self.immutable)}
        own |= {"createdDateTime": data["created"], "lastModifiedDateTime": data["modified"]}
        own |= {"changeKey": key, "iCalUId": place.uid, "isDraft": False, "hasAttachments": False}
        own |= {"originalStartTimeZone": data["start"]["timeZone"]}
        own |= {"originalEndTimeZone": data["end"]["timeZone"]}
        own |= {name: data[name] for name in PLAIN}
        own |= {"webLink": f"https://outlook.office365.com/owa/?itemid={own['id']}"}
        own |= {"type": place.kind, "seriesMasterId": None, **self.times(data), **self._body(data)}
        own |= self._occurrence(place)
        if extended:
            own |= _properties(data, extended)
        return own

    def times(self, data: Event) -> Event:
        """Return start and end in the zone that the caller prefers."""
        floating = data["isAllDay"]
        return {name: shown(data[name], self.zone, floating) for name in ("start", "end")}

    def minimal(self, place: Place) -> Event:
        """Return what a delta query says of an unchanged occurrence."""
        return {
            "@odata.type": "#microsoft.graph.event",
            "id": place.id(self.immutable),
            "seriesMasterId": self._master(place),
            "type": "occurrence",
            **self.times(place.data),
        }

    def removed(self, place: Place) -> Event:
        """Return what a delta query says of what it no longer shows."""
        return {
            "@odata.type": "#microsoft.graph.event",
            "id": place.id(self.immutable),
            "@removed": {"reason": "deleted"},
        }

    def _master(self, place: Place) -> str:
        return Place(place.mailbox, place.item, place.state).id(self.immutable)

    def _occurrence(self, place: Place) -> Event:
        if place.day is None:
            return {}
        moment = stamp(original(place.state, place.day))
        master = self._master(place)
        own = {"seriesMasterId": master, "originalStart": re.sub(r"\.\d+Z$", "Z", moment)}
        return {**own, "occurrenceId": f"OID.{master}.{place.day}", "transactionId": None}

    def _body(self, data: Event) -> Event:
        kind, content = data["body"]["contentType"], data["body"]["content"]
        plain = content if kind == "text" else _plain(content)
        preview = {"bodyPreview": plain[:255]}
        if self.text:
            return {"body": {"contentType": "text", "content": plain}, **preview}
        return {"body": {"contentType": "html", "content": _html(kind, content)}, **preview}

    def cancelled(self, place: Place) -> list[str]:
        """Return the ids of the deleted occurrences of a series."""
        master = self._master(place)
        return [f"OID.{master}.{day}" for day in place.state.cancelled]

    def exceptions(self, place: Place) -> list[Event]:
        """Return the changed occurrences of a series."""
        found = sorted(place.state.exceptions)
        return [
            self.event(Place(place.mailbox, place.item, place.state, day))
            for day in found
            if day not in place.state.cancelled
        ]


def _plain(content: str) -> str:
    text = re.sub(r"(?is)<(style|script|head).*?</\1>|<[^>]+>", "", content)
    return re.sub(r"\s+", " ", text).strip()


def _html(kind: str, content: str) -> str:
    """Return a body as Exchange gives it out: always a document, however it was sent."""
    if not content:
        return ""
    if kind == "text":
        lines = "<br>\r\n".join(escape(content, quote=False).splitlines())
        return f"{_HEAD}</head><body><div>{lines}</div></body></html>"
    if "<html" in content.lower():
        return content
    return f"{_HEAD}</head><body>\r\n{content}\r\n</body></html>"


def _properties(data: Event, wanted: tuple[str, ...]) -> Event:
    found = [
        {"id": name, "value": data["extended"][property_key(name)]}
        for name in wanted
        if property_key(name) in data["extended"]
    ]
    return {"singleValueExtendedProperties": found} if found else {}


def calendar_view(mailbox: Mailbox, key: str) -> dict[str, Any]:
    """Return a calendar."""
    folder = mailbox.folders[key]
    return {
        "id": calendar_id(mailbox, key),
        "name": folder.name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": folder.default,
        "changeKey": f"DwAAABYA{folder.number:08X}",
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": True,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": True,
        "isRemovable": not folder.default,
        "owner": {"name": mailbox.name, "address": mailbox.email},
    }


def profile(mailbox: Mailbox) -> dict[str, Any]:
    """Return what /me says of a person."""
    return {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
        "id": mailbox.oid,
        "displayName": mailbox.name,
        "userPrincipalName": mailbox.email,
        "mail": mailbox.email,
        "businessPhones": [],
        "givenName": mailbox.name.split()[0],
        "surname": mailbox.name.split()[-1],
        "jobTitle": None,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
    }
