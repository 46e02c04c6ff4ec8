"""Times of a story: whole hours of today, so that every calendar page of this week shows them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "Europe/Berlin"


def at(hour: int, days: int = 0, minutes: int = 60) -> dict:
    """Return start and end of an event as Google writes them."""
    day = datetime.now(ZoneInfo(ZONE)).date() + timedelta(days=days)
    start = datetime.combine(day, time(hour))
    return {"start": _moment(start), "end": _moment(start + timedelta(minutes=minutes))}


def _moment(moment: datetime) -> dict:
    return {"dateTime": moment.isoformat(), "timeZone": ZONE}


def guests(*emails: str) -> dict:
    """Return the guests of an event, none of whom has answered."""
    return {"attendees": [{"email": one, "responseStatus": "needsAction"} for one in emails]}
