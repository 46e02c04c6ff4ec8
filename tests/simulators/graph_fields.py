"""The properties of an event: which there are, who may set them, in which form they are kept.

https://learn.microsoft.com/en-us/graph/api/resources/event
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from . import graph_recurrence
from .graph_errors import bad, invalid_property, unknown_property
from .graph_time import kept, wall
from .graph_world import Event

PERSONAL = {  # on everybody's own copy; changing them tells nobody
    "categories",
    "isReminderOn",
    "reminderMinutesBeforeStart",
    "showAs",
    "singleValueExtendedProperties",
}
GUESTS_OWN = PERSONAL | {"sensitivity"}
TIMES = {"start", "end", "isAllDay", "recurrence"}
CHOICES = {
    "sensitivity": ("normal", "personal", "private", "confidential"),
    "showAs": ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown"),
    "importance": ("low", "normal", "high"),
    "onlineMeetingProvider": (
        "unknown",
        "teamsForBusiness",
        "skypeForBusiness",
        "skypeForConsumer",
    ),
}
FLAGS = ("isAllDay", "isReminderOn", "responseRequested", "allowNewTimeProposals")
FLAGS += ("hideAttendees", "isOnlineMeeting")
READ_ONLY = {"id", "changeKey", "iCalUId", "uid", "createdDateTime", "lastModifiedDateTime"}
READ_ONLY |= {"isOrganizer", "isCancelled", "isDraft", "organizer", "responseStatus", "type"}
READ_ONLY |= {"seriesMasterId", "webLink", "bodyPreview", "hasAttachments", "originalStart"}
READ_ONLY |= {"originalStartTimeZone", "originalEndTimeZone", "onlineMeeting", "onlineMeetingUrl"}
READ_ONLY |= {"occurrenceId", "cancelledOccurrences", "exceptionOccurrences"}
MOST_ATTENDEES = 500
NEVER = "0001-01-01T00:00:00Z"
_EXTENDED = re.compile(
    r"(String|Integer|Boolean|Double|SystemTime|Binary|CLSID|Long|Short) "
    r"(\{[0-9a-fA-F-]{36}\} (Name \S.*|Id 0x[0-9a-fA-F]+)|0x[0-9a-fA-F]+)$"
)
DEFAULTS: Event = {
    "subject": "",
    "body": {"contentType": "html", "content": ""},
    "categories": [],
    "isReminderOn": True,
    "reminderMinutesBeforeStart": 15,
    "importance": "normal",
    "sensitivity": "normal",
    "showAs": "busy",
    "isAllDay": False,
    "isCancelled": False,
    "isOrganizer": True,
    "responseRequested": True,
    "allowNewTimeProposals": True,
    "hideAttendees": False,
    "isOnlineMeeting": False,
    "onlineMeetingProvider": "unknown",
    "onlineMeeting": None,
    "recurrence": None,
    "attendees": [],
    "location": {"displayName": "", "locationType": "default"},
    "locations": [],
    "transactionId": None,
    "extended": {},
    "responseStatus": {"response": "organizer", "time": NEVER},
}


def clean(body: Any) -> Event:
    """Return what a client sent, in the form in which it is kept; refuse what Graph refuses."""
    if not isinstance(body, dict):
        raise bad("Empty Payload. JSON content expected.", "BadRequest")
    result: Event = {}
    for name, value in body.items():
        if name.startswith("@odata."):
            continue
        result |= _one(name, value)
    return result


def _one(name: str, value: Any) -> Event:
    if name in READ_ONLY:
        raise invalid_property(f"The property '{name}' is read-only.")
    if name in CHOICES or name in FLAGS:
        return _chosen(name, value)
    if name in ("start", "end"):
        return {name: kept(value, name)}
    if name not in FORMS:
        raise unknown_property(name)
    try:
        return FORMS[name](value)
    except (KeyError, TypeError, AttributeError):
        raise bad(f"The value of '{name}' is malformed.", "RequestBodyRead") from None


def _chosen(name: str, value: Any) -> Event:
    if name in CHOICES and value not in CHOICES[name]:
        raise bad(f"Requested value '{value}' was not found.", "RequestBodyRead")
    if name in FLAGS and not isinstance(value, bool):
        raise bad(f"Cannot convert '{value}' to a Boolean.", "RequestBodyRead")
    return {name: value}


def _subject(value: Any) -> Event:
    text = "" if value is None else _text(value)
    if len(text) > 255:
        raise invalid_property("The subject is longer than 255 characters.")
    return {"subject": text}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _body(value: Any) -> Event:
    kind = value.get("contentType", "text").lower()
    if kind not in ("text", "html"):
        raise bad(f"Requested value '{kind}' was not found.", "RequestBodyRead")
    return {"body": {"contentType": kind, "content": _text(value.get("content") or "")}}


def _location(value: Any) -> Event:
    """Return a place; ``location`` and ``locations`` overwrite each other."""
    name = _text((value or {}).get("displayName") or "")
    own = {**(value or {}), "displayName": name}
    own.setdefault("locationType", "default")
    return {"location": own, "locations": [own] if name else []}


def _locations(value: Any) -> Event:
    places = [_location(one)["location"] for one in value]
    joined = "; ".join(one["displayName"] for one in places)
    first = places[0] if len(places) == 1 else _location({"displayName": joined})["location"]
    return {"location": first, "locations": places}


def _attendees(value: Any) -> Event:
    found: dict[str, Event] = {}
    for one in value:
        address = _text(one["emailAddress"].get("address") or "").strip()
        if not re.match(r"[^@\s]+@[^@\s]+$", address):
            raise bad("At least one recipient isn't valid.", "ErrorInvalidRecipients")
        kind = one.get("type", "required")
        if kind not in ("required", "optional", "resource"):
            raise bad(f"Requested value '{kind}' was not found.", "RequestBodyRead")
        name = one["emailAddress"].get("name") or address
        status = {"response": "none", "time": NEVER}
        who = {"name": name, "address": address}
        found[address.lower()] = {"type": kind, "status": status, "emailAddress": who}
    if len(found) > MOST_ATTENDEES:
        raise bad(f"More than {MOST_ATTENDEES} attendees.", "ErrorExceededMaxRecipientLimit")
    return {"attendees": list(found.values())}


def _minutes(value: Any) -> Event:
    if not isinstance(value, int) or value < 0:
        raise invalid_property()
    return {"reminderMinutesBeforeStart": value}


def _categories(value: Any) -> Event:
    return {"categories": [_text(one) for one in value]}


def _transaction(value: Any) -> Event:
    return {"transactionId": None if value is None else _text(value)}


def _extended(value: Any) -> Event:
    for one in value:
        if not _EXTENDED.match(one["id"]):
            raise bad(f"The extended property id '{one['id']}' is invalid.", "ErrorInvalidProperty")
    return {"extended": {property_key(one["id"]): _text(one["value"]) for one in value}}


def property_key(text: str) -> str:
    """Return an extended property's id in one form; the GUID in it may be of either case."""
    return re.sub(r"\{[^}]*\}", lambda found: found[0].lower(), text)


FORMS: dict[str, Callable[[Any], Event]] = {
    "subject": _subject,
    "body": _body,
    "location": _location,
    "locations": _locations,
    "attendees": _attendees,
    "reminderMinutesBeforeStart": _minutes,
    "categories": _categories,
    "transactionId": _transaction,
    "singleValueExtendedProperties": _extended,
    "recurrence": lambda value: {"recurrence": value},
}


def completed(event: Event) -> Event:
    """Return an event whose times and rule fit together; refuse one where they do not."""
    start, end = wall(event["start"]), wall(event["end"])
    if event["isAllDay"]:
        _check_days(event)
    if end < start:
        raise bad(
            "End time must be after start time.", "ErrorCalendarEndDateIsEarlierThanStartDate"
        )
    if not event["recurrence"]:
        return event
    rule = graph_recurrence.kept(event["recurrence"], start, event["start"]["timeZone"])
    first = rule["range"]["startDate"]
    nearest = graph_recurrence.closest(rule)
    if nearest is not None and (end - start).total_seconds() > nearest * 86_400:
        message = "The duration of an occurrence is longer than the pattern repeats."
        raise bad(message, "ErrorOccurrenceTimeSpanTooBig")
    moved = start.fromisoformat(f"{first}T{start.time().isoformat()}")
    times = {
        "start": {**event["start"], "dateTime": moved.isoformat()},
        "end": {**event["end"], "dateTime": (moved + (end - start)).isoformat()},
    }
    return {**event, **times, "recurrence": rule}


def _check_days(event: Event) -> None:
    start, end = event["start"], event["end"]
    if any(not one["dateTime"].endswith("T00:00:00") for one in (start, end)):
        which = "Start" if not start["dateTime"].endswith("T00:00:00") else "End"
        raise invalid_property(
            f"The Event.{which} property for an all-day event needs to be set to midnight."
        )
    if start["timeZone"] != end["timeZone"]:
        raise invalid_property(
            "The Event.Start and Event.End properties for an all-day event need the same zone."
        )
    if start["dateTime"] >= end["dateTime"]:
        raise invalid_property("The duration of an all-day event must be at least 24 hours.")
