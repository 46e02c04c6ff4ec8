"""The demonstration's calendar: meetings around today with the contacts of Odoo's demo data."""

from datetime import date, datetime, time, timedelta

ZONE = "Europe/Berlin"
ACME = ("douglas.fletcher51@example.com", "floyd.steward34@example.com")
AZURE = ("brandon.freeman55@example.com", "colleen.diaz83@example.com", "nicole.ford75@example.com")
GEMINI = ("edwin.hansen58@example.com", "jesse.brown74@example.com")
READY = ("billy.fox45@example.com", "kim.snyder96@example.com")
LUMBER = ("lorraine.douglas35@example.com",)
TEAM = ("ben@corp.example",)
ANSWERS = ("accepted", "tentative", "needsAction", "declined")
# subject, days from this Monday, hour, minutes, guests, place
SINGLE = (
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


def around_today(today: date | None = None) -> list[dict]:
    """Return the events of a working month around a day, as Google's resources."""
    today = today or date.today()  # noqa: DTZ011 the day that the person at this machine lives in
    monday = today - timedelta(days=today.weekday())
    return [
        *(_single(number, monday, *row) for number, row in enumerate(SINGLE)),
        _series(monday),
        _whole_days("Trade fair", monday + timedelta(days=15), 3, location="Hall 7, Hanover"),
        _whole_days("Company holiday", monday + timedelta(days=4), 1, transparency="transparent"),
        {**_timed(monday + timedelta(days=3), 8, 45), **_named("private", "Dentist"), **PRIVATE},
    ]


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


def _single(number, monday, subject, days, hour, minutes, guests, place) -> dict:
    event = {
        **_named(f"single{number}", subject),
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
