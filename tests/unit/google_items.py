"""Events as Google writes them, for tests to change."""

from copy import deepcopy

BERLIN = "Europe/Berlin"
KICK_OFF = {
    "kind": "calendar#event",
    "etag": '"3519204312034000"',
    "id": "6f1ed002ab5595859014ebf0951522d9",
    "status": "confirmed",
    "htmlLink": "https://www.google.com/calendar/event?eid=abc",
    "summary": "Kick-off",
    "description": "<b>html allowed</b>",
    "location": "HQ",
    "creator": {"email": "ann@corp.example", "self": True},
    "organizer": {"email": "Ann@corp.example", "self": True},
    "start": {"dateTime": "2026-11-23T09:00:00+01:00", "timeZone": BERLIN},
    "end": {"dateTime": "2026-11-23T10:00:00+01:00", "timeZone": BERLIN},
    "iCalUID": "6f1ed002ab5595859014ebf0951522d9@google.com",
    "visibility": "default",
    "transparency": "opaque",
    "eventType": "default",
    "attendees": [
        {"email": "ann@corp.example", "self": True, "responseStatus": "accepted"},
        {"email": "Bob@Client.example", "displayName": "Bob", "optional": True},
        {"email": "c_188@resource.calendar.google.com", "responseStatus": "declined"},
    ],
    "hangoutLink": "https://meet.google.com/abc-defg-hij",
    "conferenceData": {
        "entryPoints": [
            {"entryPointType": "phone", "uri": "tel:+1-234"},
            {"entryPointType": "video", "uri": "https://meet.google.com/abc-defg-hij"},
        ]
    },
}
MASTER = {
    "id": "0ab1",
    "start": {"dateTime": "2026-11-30T09:00:00+01:00", "timeZone": BERLIN},
    "end": {"dateTime": "2026-11-30T09:30:00+01:00", "timeZone": BERLIN},
    "iCalUID": "0ab1@google.com",
    "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=MO", "EXDATE;TZID=Europe/Berlin:20261207T090000"],
}
MOVED = {
    "id": "0ab1_20261130T080000Z",
    "recurringEventId": "0ab1",
    "originalStartTime": {"dateTime": "2026-11-30T09:00:00+01:00", "timeZone": BERLIN},
    "start": {"dateTime": "2026-12-01T09:00:00+01:00", "timeZone": BERLIN},
    "end": {"dateTime": "2026-12-01T09:30:00+01:00", "timeZone": BERLIN},
    "iCalUID": "0ab1@google.com",
    "summary": "Weekly",
}


def item(**changes):
    """Return the kick-off with fields replaced, or with None left out."""
    changed = deepcopy(KICK_OFF) | changes
    return {key: value for key, value in changed.items() if value is not None}


def timed(start, end=None, **more):
    end = end or start
    return {"start": {"dateTime": start, **more}, "end": {"dateTime": end, **more}}
