"""Methods, their paths, the query parameters they know and the scopes that open them.

Taken from https://calendar-json.googleapis.com/$discovery/rest?version=v3; a test compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .google_errors import ApiError
from .server import Request
from .steps import Called

PREFIX = "https://www.googleapis.com/auth/"
STRING, BOOLEAN, INTEGER = "string", "boolean", "integer"
SEND = ("all", "externalOnly", "none")
ROLES = ("freeBusyReader", "owner", "reader", "writer", "writerWithoutPrivateAccess")
TYPES = ("birthday", "default", "focusTime", "fromGmail", "outOfOffice", "workingLocation")

COMMON = {
    **dict.fromkeys(
        ["alt", "fields", "key", "oauth_token", "quotaUser", "userIp", "access_token"], STRING
    ),
    "prettyPrint": BOOLEAN,
}
MAIL = {"sendNotifications": BOOLEAN, "sendUpdates": SEND}
VERSIONS = {
    "conferenceDataVersion": INTEGER,
    "eventLabelVersion": INTEGER,
    "supportsAttachments": BOOLEAN,
}
SHOWN = {"maxAttendees": INTEGER, "alwaysIncludeEmail": BOOLEAN, "timeZone": STRING}
PAGED = {"maxResults": INTEGER, "pageToken": STRING, "showDeleted": BOOLEAN}
SPAN = {"timeMin": STRING, "timeMax": STRING}
FILTERS = {
    **dict.fromkeys(
        [
            "iCalUID",
            "privateExtendedProperty",
            "q",
            "sharedExtendedProperty",
            "syncToken",
            "updatedMin",
        ],
        STRING,
    ),
    "eventTypes": TYPES,
    "orderBy": ("startTime", "updated"),
    "showHiddenInvitations": BOOLEAN,
    "singleEvents": BOOLEAN,
}
LISTED = {
    **PAGED,
    "minAccessRole": ROLES,
    "showHidden": BOOLEAN,
    "showOwnOrganizationOnly": BOOLEAN,
    "syncToken": STRING,
}

WRITE = ("calendar", "calendar.events", "calendar.events.owned")
READ = (
    *WRITE,
    "calendar.readonly",
    "calendar.events.readonly",
    "calendar.events.freebusy",
    "calendar.events.owned.readonly",
)
LIST = ("calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly")
CALENDARS = ("calendar", "calendar.readonly", "calendar.calendars", "calendar.calendars.readonly")
STOP = (
    *READ,
    *("calendar.acls", "calendar.acls.readonly", "calendar.calendarlist"),
    *("calendar.calendarlist.readonly", "calendar.settings", "calendar.settings.readonly"),
)
FREE_BUSY = ("calendar", "calendar.readonly", "calendar.freebusy", "calendar.events.freebusy")


@dataclass(frozen=True)
class Method:
    """One method of the API."""

    name: str
    verb: str
    path: tuple[str, ...]
    scopes: tuple[str, ...]
    parameters: dict[str, Any]


_EVENTS = ("calendars", "{calendarId}", "events")
_EVENT = (*_EVENTS, "{eventId}")
METHODS = (
    Method("calendarList.list", "GET", ("users", "me", "calendarList"), LIST, LISTED),
    Method("calendarList.get", "GET", ("users", "me", "calendarList", "{calendarId}"), LIST, {}),
    Method("calendars.get", "GET", ("calendars", "{calendarId}"), CALENDARS, {}),
    Method("freebusy.query", "POST", ("freeBusy",), FREE_BUSY, {}),
    Method("events.import", "POST", (*_EVENTS, "import"), WRITE, VERSIONS),
    Method("events.list", "GET", _EVENTS, READ, {**SHOWN, **PAGED, **SPAN, **FILTERS}),
    Method(
        "events.watch", "POST", (*_EVENTS, "watch"), READ, {**SHOWN, **PAGED, **SPAN, **FILTERS}
    ),
    Method("channels.stop", "POST", ("channels", "stop"), STOP, {}),
    Method("events.insert", "POST", _EVENTS, WRITE, {**MAIL, **VERSIONS, "maxAttendees": INTEGER}),
    Method("events.get", "GET", _EVENT, READ, SHOWN),
    Method(
        "events.patch",
        "PATCH",
        _EVENT,
        WRITE,
        {**MAIL, **VERSIONS, "maxAttendees": INTEGER, "alwaysIncludeEmail": BOOLEAN},
    ),
    Method(
        "events.update",
        "PUT",
        _EVENT,
        WRITE,
        {**MAIL, **VERSIONS, "maxAttendees": INTEGER, "alwaysIncludeEmail": BOOLEAN},
    ),
    Method("events.delete", "DELETE", _EVENT, WRITE, MAIL),
    Method(
        "events.instances",
        "GET",
        (*_EVENT, "instances"),
        READ,
        {**SHOWN, **PAGED, **SPAN, "originalStart": STRING},
    ),
    Method("events.move", "POST", (*_EVENT, "move"), WRITE, {**MAIL, "destination": STRING}),
)


def route(verb: str, parts: list[str]) -> tuple[Method, dict[str, str]] | None:
    """Return the method that a request calls, and the ids in its path."""
    for method in METHODS:
        if method.verb == verb and len(method.path) == len(parts):
            pairs = list(zip(method.path, parts, strict=True))
            if all(want == got or (want[0] == "{" and got) for want, got in pairs):
                return method, {want[1:-1]: got for want, got in pairs if want[0] == "{"}
    return None


def written(request: Request) -> Called | None:
    """Return what a request writes, and whom it wants to be told."""
    called = route(request.method, request.parts()[2:])
    if called is None or request.method == "GET" or not called[0].name.startswith("events."):
        return None
    method, ids = called
    if method.name == "events.watch":
        return None
    send = request.param("sendUpdates", "none")
    return Called(method.name, ids.get("eventId", ""), send)


def check_parameters(method: Method, query: dict[str, list[str]]) -> None:
    """Refuse unknown parameters and values of the wrong type."""
    for name, values in query.items():
        kind = method.parameters.get(name, COMMON.get(name))
        if kind is None:
            text = f'Unknown name "{name}": Cannot bind query parameter.'
            raise ApiError(400, "badRequest", text, location=("parameter", name))
        if not all(_fits(value, kind) for value in values):
            text = f"Invalid value '{values[-1]}' for parameter {name}."
            raise ApiError(400, "invalidParameter", text, location=("parameter", name))


def _fits(value: str, kind: Any) -> bool:
    if kind == INTEGER:
        return value.isdecimal()
    if kind == BOOLEAN:
        return value in ("true", "false")
    return value in kind if isinstance(kind, tuple) else True


def covers(scopes: frozenset[str], method: Method) -> bool:
    """Tell whether an access token may call the method."""
    return any(PREFIX + one in scopes for one in method.scopes)
