"""calendarList, calendars and freebusy.

https://developers.google.com/workspace/calendar/api/v3/reference/calendarList
"""

from __future__ import annotations

from typing import Any

from .google_call import Call
from .google_errors import not_found
from .google_freebusy import free_busy
from .google_query import Token
from .google_world import Calendar, at_least
from .server import Response


def _entry(call: Call, calendar: Calendar) -> dict[str, Any]:
    entry = {
        "kind": "calendar#calendarListEntry",
        "etag": f'"{calendar.seed}"',
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.time_zone,
        "colorId": "14",
        "backgroundColor": "#9fe1e7",
        "foregroundColor": "#000000",
        "selected": True,
        "accessRole": call.world.role(call.user, calendar),
        "defaultReminders": calendar.reminders,
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
    }
    own = calendar.id == call.user.email
    return {**entry, "primary": True} if own else entry


def list_calendars(call: Call) -> Response:
    """calendarList.list"""
    least = call.request.param("minAccessRole", "none")
    found = [call.world.calendars[one] for one in call.user.calendars]
    items = [_entry(call, one) for one in found if at_least(call.world.role(call.user, one), least)]
    size = min(int(call.request.param("maxResults", "100")) or 100, 250)
    first = Token.read(call.request.param("pageToken")).get("offset", 0)
    value = {
        "kind": "calendar#calendarList",
        "etag": f'"p{call.world.etag}"',
        "items": items[first : first + size],
    }
    if len(items) > first + size:
        value["nextPageToken"] = Token.make(offset=first + size)
    else:
        value["nextSyncToken"] = Token.make(calendars=len(items))
    return call.answer(value)


def get_listed_calendar(call: Call) -> Response:
    """calendarList.get"""
    calendar = call.calendar
    if calendar.id not in call.user.calendars:
        raise not_found()
    return call.answer(_entry(call, calendar))


def get_calendar(call: Call) -> Response:
    """calendars.get"""
    calendar = call.calendar
    value = {
        "kind": "calendar#calendar",
        "etag": f'"{calendar.seed}"',
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.time_zone,
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
    }
    return call.answer(value)


def query_free_busy(call: Call) -> Response:
    """freebusy.query"""
    return call.answer(free_busy(call.world, call.user, call.body()))
