"""The demonstration's calendars: meetings around today with the contacts of Odoo's demo data."""

from datetime import date, datetime, time, timedelta

ZONE = "Europe/Berlin"
ACME = ("douglas.fletcher51@example.com", "floyd.steward34@example.com")
AZURE = ("brandon.freeman55@example.com", "colleen.diaz83@example.com", "nicole.ford75@example.com")
GEMINI = ("edwin.hansen58@example.com", "jesse.brown74@example.com")
READY = ("billy.fox45@example.com", "kim.snyder96@example.com")
LUMBER = ("lorraine.douglas35@example.com",)
# Colleagues whose calendars are at three services: Google, Microsoft 365, an own Exchange server.
ANN, BEN, CLEO = PEOPLE = ("ann@corp.example", "ben@corp.example", "cleo@corp.example")
NAMES = {ANN: "Ann Archer", BEN: "Ben Baker", CLEO: "Cleo Carter"}
TEAM = (BEN,)
ANSWERS = ("accepted", "tentative", "needsAction", "declined")
# subject, days from this Monday, hour, minutes, guests, place
ANNS = (
    ("Kick-off Azure Interior", -13, 10, 90, AZURE + TEAM, "Azure Interior, Fremont"),
    ("Requirements workshop", -6, 9, 180, AZURE, "Meeting room 2"),
    ("Offer for Acme", -5, 14, 45, ACME, "Video call"),
    ("Lunch with Lorraine", 1, 12, 60, LUMBER, "Trattoria da Enzo"),
    ("Demonstration at Gemini", 2, 10, 60, GEMINI + TEAM, "Gemini Furniture, Fairfield"),
    ("Contract review Ready Mat", 3, 15, 60, READY, ""),
    ("Negotiation with Acme", 8, 11, 90, ACME + TEAM, "Acme Corporation"),
    ("Acceptance Azure Interior", 10, 9, 120, AZURE, "Azure Interior, Fremont"),
    ("Annual review Gemini", 24, 13, 60, GEMINI, "Video call"),
)
BENS = (
    ("Measuring at Lumber", -4, 11, 60, LUMBER, "Lumber Inc, Stockton"),
    ("Pilot with Ready Mat", 2, 14, 60, (*READY, CLEO), "Meeting room 1"),
    ("Handover to Acme", 9, 10, 45, ACME, "Video call"),
)
CLEOS = (
    ("Audit at Gemini", -12, 9, 120, GEMINI, "Gemini Furniture, Fairfield"),
    ("Support for Azure Interior", 1, 10, 45, AZURE[:2], "Video call"),
    ("Invoices of Ready Mat", 7, 16, 30, READY[:1], ""),
)


def around_today(person: str, today: date | None = None) -> list[dict]:
    """Return a person's events of a working month around a day, as Google's resources.

    Meetings to which a colleague invites are the same meetings, in this person's copies.
    """
    today = today or date.today()  # noqa: DTZ011 the day that the person at this machine lives in
    monday = today - timedelta(days=today.weekday())
    own = {
        ANN: _anns(monday),
        BEN: _several("ben", monday, BENS),
        CLEO: _several("cleo", monday, CLEOS),
    }
    copies = [
        {**event, "organizer": {"email": email, "displayName": NAMES[email]}}
        for email, events in own.items()
        for event in events
        if any(guest["email"] == person for guest in event.get("attendees", ()))
    ]
    return own[person] + copies


def _anns(monday: date) -> list[dict]:
    return [
        *_several("single", monday, ANNS),
        _series(monday),
        _whole_days("Trade fair", monday + timedelta(days=15), 3, location="Hall 7, Hanover"),
        _whole_days("Company holiday", monday + timedelta(days=4), 1, transparency="transparent"),
        {**_timed(monday + timedelta(days=3), 8, 45), **_named("private", "Dentist"), **PRIVATE},
    ]


def _several(key: str, monday: date, rows: tuple) -> list[dict]:
    return [_single(f"{key}{number}", monday, *row) for number, row in enumerate(rows)]


PRIVATE = {"visibility": "private"}


def _named(key: str, subject: str) -> dict:
    identity = "".join(
        letter for letter in key.lower() if letter in "abcdefghijklmnopqrstuv0123456789"
    )
    return {"id": f"demo0{identity}", "iCalUID": f"demo-{key}@corp.example", "summary": subject}


def _timed(day: date, hour: int, minutes: int) -> dict:
    begin = datetime.combine(day, time(hour))
    end = begin + timedelta(minutes=minutes)
    return {
        name: {"dateTime": moment.isoformat(), "timeZone": ZONE}
        for name, moment in (("start", begin), ("end", end))
    }


def _single(key, monday, subject, days, hour, minutes, guests, place) -> dict:
    event = {
        **_named(key, subject),
        **_timed(monday + timedelta(days), hour, minutes),
    }
    event["attendees"] = [
        {"email": email, "responseStatus": "accepted" if days < 0 else ANSWERS[position % 4]}
        for position, email in enumerate(guests)
    ]
    return {**event, "location": place, "description": f"Prepare: {subject}."}


def _series(monday: date) -> dict:
    """Return a weekly series that began two months ago."""
    first = monday - timedelta(weeks=8) + timedelta(days=1)
    guests = [{"email": email, "responseStatus": "accepted"} for email in GEMINI[:1] + TEAM]
    rule = {"recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=TU"], "attendees": guests}
    return {**_named("weekly", "Weekly with Gemini"), **_timed(first, 16, 30), **rule}


def _whole_days(subject: str, day: date, days: int, **more: str) -> dict:
    span = {"start": {"date": str(day)}, "end": {"date": str(day + timedelta(days))}}
    return {**_named(subject.replace(" ", ""), subject), **span, **more}
