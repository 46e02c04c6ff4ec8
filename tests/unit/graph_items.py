"""Events as Microsoft Graph writes them, for tests to change."""

from copy import deepcopy

BERLIN, WINDOWS = "Europe/Berlin", "W. Europe Standard Time"
MADE = "0000000000000000000000001000000000112233445566778899AABBCCDDEEFF"
HEAD = "040000008200E00074C5B7101A82E008"
UID = f"{HEAD}00000000{MADE}"
DOCUMENT = '<html><head>\r\n<meta charset="utf-8"><style>p {}</style></head><body lang="DE">\r\n'
KICK_OFF = {
    "@odata.etag": 'W/"DwAAABYAAAA="',
    "id": "AAMkKick",
    "changeKey": "DwAAABYAAAA=",
    "iCalUId": UID,
    "transactionId": "7e163156",
    "originalStartTimeZone": WINDOWS,
    "originalEndTimeZone": WINDOWS,
    "subject": "Kick-off",
    "bodyPreview": "Hello",
    "sensitivity": "normal",
    "isAllDay": False,
    "isCancelled": False,
    "isOrganizer": True,
    "showAs": "busy",
    "type": "singleInstance",
    "seriesMasterId": None,
    "webLink": "https://outlook.office365.com/owa/?itemid=AAMkKick",
    "onlineMeeting": {"joinUrl": "https://teams.microsoft.com/l/meetup-join/19%3a"},
    "recurrence": None,
    "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
    "body": {"contentType": "html", "content": f"{DOCUMENT}<p>Hello</p>\r\n</body></html>\r\n"},
    "start": {"dateTime": "2026-11-23T08:00:00.0000000", "timeZone": "UTC"},
    "end": {"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "UTC"},
    "location": {"displayName": "HQ"},
    "attendees": [
        {
            "type": "optional",
            "status": {"response": "tentativelyAccepted", "time": "2026-11-20T09:00:00Z"},
            "emailAddress": {"name": "Bob", "address": "Bob@Client.example"},
        },
        {
            "type": "resource",
            "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
            "emailAddress": {"name": "room@corp.example", "address": "room@corp.example"},
        },
    ],
    "organizer": {"emailAddress": {"name": "Ann", "address": "Ann@corp.example"}},
}
WEEKLY = {
    "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
    "range": {"type": "endDate", "startDate": "2026-11-23", "endDate": "2027-01-25"},
}
BARE = {name: KICK_OFF[name] for name in ("id", "start", "end")}


def item(**changes):
    """Return the kick-off with properties replaced, or with None left out."""
    changed = deepcopy(KICK_OFF) | changes
    return {key: value for key, value in changed.items() if value is not None}


def master(**changes):
    """Return a weekly series of the kick-off."""
    return item(id="AAMkMaster", type="seriesMaster", recurrence=WEEKLY, **changes)


def exception(day="30", **changes):
    """Return an exception of it, moved to the afternoon."""
    own = {
        "id": f"AAMkException{day}",
        "type": "exception",
        "seriesMasterId": "AAMkMaster",
        "iCalUId": f"{HEAD}07EA0B{int(day):02X}{MADE}",
        "originalStart": f"2026-11-{day}T08:00:00Z",
        "transactionId": None,
    }
    moved = times(f"2026-11-{day}T13:00:00", f"2026-11-{day}T14:00:00")
    return item(**own | moved | changes)


def times(start, end, zone="UTC"):
    return {
        "start": {"dateTime": start, "timeZone": zone},
        "end": {"dateTime": end, "timeZone": zone},
    }
