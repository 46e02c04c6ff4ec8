"""The fields that a request body may have, and their types.

https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
"""

from __future__ import annotations

import re
from typing import Any

from .google_errors import ApiError, invalid, required, unknown_name

STRING, BOOLEAN, INTEGER = "string", "boolean", "integer"
ANY: dict[str, Any] = {"*": STRING}  # an object whose keys the caller chooses
OPEN = "open"  # event-type properties: kept as they come

TIME = {"date": STRING, "dateTime": STRING, "timeZone": STRING}
PERSON = {"displayName": STRING, "email": STRING, "id": STRING, "self": BOOLEAN}
ATTENDEE = {
    **PERSON,
    "additionalGuests": INTEGER,
    "asyncOperation": STRING,
    "comment": STRING,
    "optional": BOOLEAN,
    "organizer": BOOLEAN,
    "resource": BOOLEAN,
    "responseStatus": STRING,
}
REMINDER = {"method": STRING, "minutes": INTEGER}
ATTACHMENT = dict.fromkeys(("fileId", "fileUrl", "iconLink", "mimeType", "title"), STRING)
SOLUTION_KEY = {"type": STRING}
CONFERENCE = {
    "conferenceId": STRING,
    "conferenceSolution": {"iconUri": STRING, "key": SOLUTION_KEY, "name": STRING},
    "createRequest": {
        "conferenceSolutionKey": SOLUTION_KEY,
        "requestId": STRING,
        "status": {"statusCode": STRING},
    },
    "entryPoints": OPEN,
    "notes": STRING,
    "parameters": OPEN,
    "signature": STRING,
}
EVENT: dict[str, Any] = {
    **dict.fromkeys(
        [
            "colorId",
            "created",
            "description",
            "etag",
            "eventLabelId",
            "eventType",
            "hangoutLink",
            "htmlLink",
            "iCalUID",
            "id",
            "kind",
            "location",
            "recurringEventId",
            "status",
            "summary",
            "transparency",
            "updated",
            "visibility",
        ],
        STRING,
    ),
    **dict.fromkeys(
        [
            "anyoneCanAddSelf",
            "attendeesOmitted",
            "endTimeUnspecified",
            "guestsCanInviteOthers",
            "guestsCanModify",
            "guestsCanSeeOtherGuests",
            "locked",
            "privateCopy",
        ],
        BOOLEAN,
    ),
    **dict.fromkeys(
        [
            "birthdayProperties",
            "focusTimeProperties",
            "gadget",
            "outOfOfficeProperties",
            "workingLocationProperties",
        ],
        OPEN,
    ),
    "attachments": [ATTACHMENT],
    "attendees": [ATTENDEE],
    "conferenceData": CONFERENCE,
    "creator": PERSON,
    "organizer": PERSON,
    "start": TIME,
    "end": TIME,
    "originalStartTime": TIME,
    "extendedProperties": {"private": ANY, "shared": ANY},
    "recurrence": [STRING],
    "reminders": {"useDefault": BOOLEAN, "overrides": [REMINDER]},
    "sequence": INTEGER,
    "source": {"title": STRING, "url": STRING},
}
FREE_BUSY = {
    "calendarExpansionMax": INTEGER,
    "groupExpansionMax": INTEGER,
    "items": [{"id": STRING}],
    "timeMax": STRING,
    "timeMin": STRING,
    "timeZone": STRING,
}
CHOICES = {
    "status": ("confirmed", "tentative", "cancelled"),
    "transparency": ("opaque", "transparent"),
    "visibility": ("default", "public", "private", "confidential"),
    "eventType": (
        "birthday",
        "default",
        "focusTime",
        "fromGmail",
        "outOfOffice",
        "workingLocation",
    ),
}
RESPONSES = ("needsAction", "declined", "tentative", "accepted")
_TYPES = {STRING: str, BOOLEAN: bool, INTEGER: int}
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+$")


def check(value: Any, spec: Any, place: str) -> None:
    """Refuse unknown names and wrong types; null stands for "remove"."""
    if value is None or spec == OPEN:
        return
    if isinstance(spec, str):
        _check_scalar(value, spec, place)
    elif isinstance(spec, list):
        _expect(isinstance(value, list), place)
        for item in value:
            check(item, spec[0], place)
    else:
        _expect(isinstance(value, dict), place)
        _check_object(value, spec, place)


def _check_object(value: dict[str, Any], spec: dict[str, Any], place: str) -> None:
    for name, inner in value.items():
        expected = spec.get(name, spec.get("*"))
        if expected is None:
            raise unknown_name(name, place)
        check(inner, expected, f"{place}.{name}")


def _check_scalar(value: Any, spec: str, place: str) -> None:
    right = isinstance(value, _TYPES[spec]) and not (spec == INTEGER and isinstance(value, bool))
    _expect(right, place)


def _expect(right: bool, place: str) -> None:
    if not right:
        raise invalid(f"Invalid value for: {place}")


def check_choices(event: dict[str, Any]) -> None:
    """Refuse values outside the documented enumerations."""
    for name, choices in CHOICES.items():
        if event.get(name, choices[0]) not in choices:
            raise invalid(f"Invalid value for: {event[name]} is not a valid value for {name}")


def check_attendees(attendees: list[dict[str, Any]]) -> None:
    """Refuse attendees without a well-formed address, or with an unknown response."""
    for attendee in attendees:
        if not attendee.get("email"):
            raise required("Missing attendee email.")
        if not _ADDRESS.match(attendee["email"]):
            raise invalid("Invalid attendee email.")
        if attendee.get("responseStatus", "needsAction") not in RESPONSES:
            raise invalid("Invalid attendee response status.")


def check_reminders(reminders: dict[str, Any]) -> None:
    """Refuse what the reference forbids: both kinds, too many, out of range."""
    overrides = reminders.get("overrides") or []
    if overrides and reminders.get("useDefault"):
        text = "Cannot specify both default reminders and overrides at the same time."
        raise ApiError(400, "cannotUseDefaultRemindersAndSpecifyOverride", text, "calendar")
    if len(overrides) > 5:
        raise invalid("Too many override reminders.")
    for reminder in overrides:
        minutes = reminder.get("minutes")
        if reminder.get("method") not in ("email", "popup") or minutes is None:
            raise invalid("Invalid reminder method or missing minutes.")
        if not 0 <= minutes <= 40_320:
            raise invalid("Invalid reminder minutes.")
