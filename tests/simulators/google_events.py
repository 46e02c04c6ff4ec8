"""Event resources: patching, completing and refusing them as the service does.

https://developers.google.com/workspace/calendar/api/v3/reference/events
"""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date, datetime, tzinfo

from .google_errors import ApiError, invalid, required
from .google_recurrence import check as check_recurrence
from .google_schema import check_attendees, check_choices, check_reminders
from .google_time import instant, parse, show, show_utc, zone
from .google_world import Calendar, Event, User, World

CLIENT_ID = re.compile(r"[0-9a-v]{5,1024}")
READ_ONLY = frozenset(
    [
        "kind",
        "etag",
        "htmlLink",
        "created",
        "updated",
        "creator",
        "organizer",
        "hangoutLink",
        "recurringEventId",
        "originalStartTime",
        "locked",
        "attendeesOmitted",
        "id",
        "iCalUID",
        "privateCopy",
    ]
)
TIMING = ("start", "end", "recurrence")
KEY_LIMIT, VALUE_LIMIT = 44, 1024  # extended properties, guides/extended-properties
CREATABLE = ("default", "birthday", "focusTime", "outOfOffice", "workingLocation")


def patched(target: Event, patch: Event) -> Event:
    """Return the target after a patch: objects merge, arrays are replaced, null removes."""
    result = dict(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, dict):
            old = result.get(name)
            result[name] = patched(old if isinstance(old, dict) else {}, value)
        else:
            result[name] = value
    return result


def writable(body: Event) -> Event:
    """Return what a client may set; read-only fields are ignored, as the service does."""
    return {name: value for name, value in body.items() if name not in READ_ONLY}


def new_id(world: World) -> str:
    """Return an id as the server would choose one."""
    digest = hashlib.sha256(f"{world.seed}/{world.etag}".encode()).digest()
    return base64.b32hexencode(digest)[:26].decode().lower()


def fresh(world: World, calendar: Calendar, user: User, identity: str, uid: str | None) -> Event:
    """Return the fields that the server gives to every new event."""
    eid = base64.urlsafe_b64encode(f"{identity} {calendar.id}".encode()).decode().rstrip("=")
    return {
        "kind": "calendar#event",
        "etag": "",
        "id": identity,
        "status": "confirmed",
        "htmlLink": f"https://www.google.com/calendar/event?eid={eid}",
        "created": show_utc(world.now()),
        "updated": show_utc(world.now()),
        "creator": person(user.email, user.email, calendar),
        "organizer": organiser_of(calendar),
        "iCalUID": uid or f"{identity}@google.com",
        "sequence": 0,
        "reminders": {"useDefault": True},
        "eventType": "default",
    }


def person(email: str, name: str, calendar: Calendar) -> Event:
    """Return a creator or organiser as a copy in the calendar shows it."""
    found: Event = {"email": email}
    if name and name != email:
        found["displayName"] = name
    return {**found, "self": True} if email == calendar.id else found


def organiser_of(calendar: Calendar) -> Event:
    """Return the organiser of events made in this calendar."""
    return person(calendar.id, calendar.summary, calendar)


def completed(event: Event, calendar: Calendar) -> Event:
    """Return the event as the service stores it; raise for what it refuses."""
    event = {name: value for name, value in event.items() if value is not None}
    if not event.get("recurrence"):
        event.pop("recurrence", None)
    check_choices(event)
    _complete_times(event, calendar)
    if "attendees" in event:
        event["attendees"] = attendees_of(event, calendar)
    if "reminders" in event:
        check_reminders(event["reminders"])
    if "extendedProperties" in event:
        event["extendedProperties"] = _limited(event["extendedProperties"])
    if len(event.get("attachments", ())) > 25:
        raise invalid("Too many attachments.")
    for empty in ("attendees", "extendedProperties", "attachments"):
        if not event.get(empty, True):
            del event[empty]
    return event


def _complete_times(event: Event, calendar: Calendar) -> None:
    recurring = "recurrence" in event
    event["start"], start = _time(event.get("start") or {}, "start", calendar, recurring)
    own = event["start"].get("timeZone")
    event["end"], end = _time(event.get("end") or {}, "end", calendar, recurring, own)
    if ("date" in event["start"]) != ("date" in event["end"]):
        raise invalid("Start and end times must either both be date or both be dateTime.")
    if end < start or (end == start and "date" in event["start"]):
        raise ApiError(400, "timeRangeEmpty", "The specified time range is empty.", "calendar")
    if recurring:
        try:
            check_recurrence(event)
        except (ValueError, TypeError, KeyError):
            raise invalid("Invalid recurrence rule.") from None


def _time(
    value: Event, label: str, calendar: Calendar, recurring: bool, other: str | None = None
) -> tuple[Event, datetime]:
    """Return a start or end in canonical form, and its instant.

    Times are shown in the calendar's zone and keep their own beside; ``other`` is the start's.
    """
    if not value.get("date") and not value.get("dateTime"):
        raise required(f"Missing {label} time.")
    if value.get("date") and value.get("dateTime"):
        raise invalid(f"Invalid {label} time.")
    if value.get("date"):
        day = {"date": _date(value["date"], label)}
        return day, instant(day, calendar.zone)
    given = value.get("timeZone")
    own = _zone(given or other or calendar.time_zone, label)
    if recurring and not given and label == "start":
        raise required("Missing time zone definition for start time.")
    moment = _moment(value["dateTime"], own if given else None, label)
    return {"dateTime": show(moment, calendar.zone), "timeZone": str(own)}, moment


def _moment(text: str, own: tzinfo | None, label: str) -> datetime:
    try:
        return parse(text, own)
    except ValueError as error:
        if "no time zone" in str(error):
            raise required(f"Missing time zone definition for {label} time.") from None
        raise invalid(f"Invalid {label} time.") from None


def _zone(name: str, label: str) -> tzinfo:
    try:
        return zone(name)
    except ValueError:
        raise invalid(f"Invalid time zone definition for {label} time.") from None


def _date(text: str, label: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise invalid(f"Invalid {label} time.")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise invalid(f"Invalid {label} time.") from None


def attendees_of(event: Event, calendar: Calendar) -> list[Event]:
    """Return the attendees, each address once, marked as this copy shows them."""
    check_attendees(event["attendees"])
    organiser = event.get("organizer", {}).get("email")
    found: dict[str, Event] = {}
    for given in event["attendees"]:
        email = given["email"].lower()
        kept = {k: v for k, v in given.items() if k not in ("self", "organizer") and v is not None}
        one = {"responseStatus": "needsAction"} | kept | {"email": email}
        if email == organiser:
            one["organizer"] = True
        if email == calendar.id:
            one["self"] = True
        found.setdefault(email, one)
    return list(found.values())


def _limited(properties: Event) -> Event:
    """Drop keys and cut values that are too long, silently as the service does."""
    result = {}
    for kind, pairs in properties.items():
        kept = {k: v[:VALUE_LIMIT] for k, v in pairs.items() if len(k) <= KEY_LIMIT}
        if kept:
            result[kind] = kept
    return result


def check_type(event_type: str) -> None:
    """Refuse to create what only Google itself creates."""
    if event_type not in CREATABLE:
        raise invalid("Invalid value for: eventType cannot be created")


def with_conference(event: Event, version: int, before: Event | None = None) -> Event:
    """Return the event with a requested conference made; version 0 ignores conference data.

    https://developers.google.com/workspace/calendar/api/guides/create-events#conferencing
    """
    if version < 1:
        old = (before or {}).get("conferenceData")
        kept = {name: value for name, value in event.items() if name != "conferenceData"}
        return {**kept, "conferenceData": old} if old else kept
    data = event.get("conferenceData")
    if not data:
        return {k: v for k, v in event.items() if k not in ("conferenceData", "hangoutLink")}
    request = data.get("createRequest")
    if request is None or request.get("status"):
        return event
    return event | _meeting(request)


def _meeting(request: Event) -> Event:
    if not request.get("requestId"):
        raise required("Missing conference request id.")
    letters = base64.b32encode(hashlib.sha256(request["requestId"].encode()).digest())
    code = letters[:10].decode().lower().translate(str.maketrans("234567", "uvwxyz"))
    name = f"{code[:3]}-{code[3:7]}-{code[7:]}"
    link = f"https://meet.google.com/{name}"
    video = {"entryPointType": "video", "uri": link, "label": link.removeprefix("https://")}
    made = {
        "createRequest": {**request, "status": {"statusCode": "success"}},
        "entryPoints": [video],
        "conferenceSolution": {"key": {"type": "hangoutsMeet"}, "name": "Google Meet"},
        "conferenceId": name,
    }
    return {"conferenceData": made, "hangoutLink": link}
