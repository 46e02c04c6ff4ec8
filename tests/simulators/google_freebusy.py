"""freebusy.query: when people are busy, without why.

https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from .google_errors import ApiError, invalid, required
from .google_listing import Listing
from .google_query import Query
from .google_schema import FREE_BUSY, check
from .google_time import UTC, parse, show, zone
from .google_world import Calendar, User, World, at_least

MOST_CALENDARS = 50


def free_busy(world: World, user: User, body: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one question."""
    check(body, FREE_BUSY, "freeBusyRequest")
    low, high = _bound(body, "timeMin"), _bound(body, "timeMax")
    if high <= low:
        raise ApiError(400, "timeRangeEmpty", "The specified time range is empty.", "calendar")
    items = body.get("items") or []
    shown_in = _zone(body.get("timeZone") or "UTC")
    most = min(body.get("calendarExpansionMax") or MOST_CALENDARS, MOST_CALENDARS)
    if len(items) > most:
        text = "The number of calendars requested is too large for a single query."
        raise ApiError(400, "tooManyCalendarsRequested", text, "calendar")
    found = {one["id"]: _one(world, user, one["id"], (low, high), shown_in) for one in items}
    span = {"timeMin": show(low, UTC), "timeMax": show(high, UTC)}
    return {"kind": "calendar#freeBusy", **span, "calendars": found}


def _bound(body: dict[str, Any], name: str) -> datetime:
    if not body.get(name):
        raise required(f"Missing {name} parameter.")
    try:
        return parse(body[name])
    except ValueError:
        raise invalid(f"Invalid value for: {name}") from None


def _zone(name: str) -> tzinfo:
    try:
        return zone(name)
    except ValueError:
        raise invalid("Invalid time zone.") from None


def _one(
    world: World, user: User, identity: str, span: tuple[datetime, datetime], shown_in: tzinfo
) -> dict[str, Any]:
    calendar = world.calendar(user, identity.lower() if "@" in identity else identity)
    if calendar is None or not at_least(world.role(user, calendar), "freeBusyReader"):
        return {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
    busy = merged(sorted(_busy(world, calendar, span)))
    return {"busy": [{"start": show(a, shown_in), "end": show(b, shown_in)} for a, b in busy]}


def _busy(
    world: World, calendar: Calendar, span: tuple[datetime, datetime]
) -> list[tuple[datetime, datetime]]:
    low, high = span
    query = Query(single=True, low=low, high=high)
    copies = [copy for _, copy in Listing(world, calendar, query).items()]
    taken = [copy for copy in copies if not copy.raw and world.busy_from(copy)]
    return [(max(one.start(calendar), low), min(one.end(calendar), high)) for one in taken]


def merged(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Join spans that touch or overlap."""
    result: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        elif end > start:
            result.append((start, end))
    return result
