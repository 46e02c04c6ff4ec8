"""The answers of events.list and events.instances: pages and the tokens between them.

https://developers.google.com/workspace/calendar/api/guides/pagination
"""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from . import google_listing as listing
from .google_call import Call
from .google_edit import find
from .google_errors import invalid
from .google_query import WITHOUT_TOKEN, Query, Token, bound, open_token
from .google_views import select
from .google_world import Calendar, Copy
from .server import Response


def list_events(call: Call) -> Response:
    """events.list"""
    calendar, given = call.calendar, call.request.query
    since, asked = None, given
    if "syncToken" in given:
        token = open_token(call.world, calendar, given)
        since, asked = token["position"], {**given, **token["bound"]}
    query = Query.of(asked, call.world.now())
    return _page(call, listing.Listing(call.world, calendar, query, since, call.api.leaving), asked)


def _page(call: Call, found: listing.Listing, asked: dict[str, list[str]]) -> Response:
    calendar = found.calendar
    size = min(int(call.request.param("maxResults", "250")) or 250, call.api.page_size)
    start = _page_start(call, calendar)
    items, more = _slice(found, start, size)
    head = _head(call, calendar)
    if more:
        head["nextPageToken"] = Token.make(calendar=calendar.id, position=start["position"], **more)
    elif not any(name in asked for name in WITHOUT_TOKEN):
        head["nextSyncToken"] = Token.make(
            calendar=calendar.id,
            position=start["position"],
            epoch=call.world.epoch,
            bound=bound(asked),
        )
    return Response(200, _document(call, calendar, head, items, bool(found.query.deleted)))


def _page_start(call: Call, calendar: Calendar) -> dict[str, Any]:
    if "pageToken" not in call.request.query:
        return {"position": calendar.position}
    token = Token.read(call.request.param("pageToken"))
    if token.get("calendar") != calendar.id or "position" not in token:
        raise invalid("Invalid page token value.", "pageToken")
    return token


def _slice(
    found: listing.Listing, start: dict[str, Any], size: int
) -> tuple[list[Copy], dict[str, Any]]:
    """Return the items of a page, and where the next one begins."""
    if found.query.order:
        everything = [item for _, item in found.items()]
        ordered = listing.sort_items(everything, found.query.order, found.calendar)
        first = start.get("offset", 0)
        more = {"offset": first + size} if len(ordered) > first + size else {}
        return ordered[first : first + size], more
    place = (start["key"], start["id"]) if "key" in start else None
    page = list(islice(found.items(place, start.get("skip", 0)), size + 1))
    more = dict(zip(("key", "id", "skip"), page[size][0], strict=True)) if len(page) > size else {}
    return [item for _, item in page[:size]], more


def _head(call: Call, calendar: Calendar) -> dict[str, Any]:
    newest = max(
        (calendar.copies[one].data.get("updated", "") for _, one in calendar.log[-1:]), default=""
    )
    return {
        "kind": "calendar#events",
        "etag": f'"p{calendar.position:014d}"',
        "summary": calendar.summary,
        "description": "",
        "updated": newest or calendar.created,
        "timeZone": calendar.time_zone,
        "accessRole": call.world.role(call.user, calendar),
        "defaultReminders": calendar.reminders,
    }


def _document(
    call: Call, calendar: Calendar, head: dict[str, Any], items: list[Copy], full: bool
) -> str:
    """Return the answer; events stand in it as they were serialised when they changed."""
    fields = call.fields()
    view = call.view(
        calendar,
        fields.get("items") if fields else None,
        minimal=call.api.minimal_tombstones or not full,
    )
    head = select(head, fields)
    if fields is not None and "items" not in fields and "*" not in fields:
        return json.dumps(head)
    events = ",\n".join([view.text(copy) for copy in items])
    return f"{json.dumps({**head, 'items': 0}, ensure_ascii=False)[:-2]}[{events}]}}"


def list_instances(call: Call) -> Response:
    """events.instances"""
    calendar = call.calendar
    master = find(calendar, call.ids["eventId"])
    if not master.is_master:
        raise invalid("Not a recurring event.")
    query = Query.of(call.request.query, call.world.now())
    found = listing.instances(
        call.world, calendar, master, query, call.request.param("originalStart")
    )
    size = min(int(call.request.param("maxResults", "250")) or 250, call.api.page_size)
    first = Token.read(call.request.param("pageToken")).get("offset", 0)
    head = _head(call, calendar)
    if len(found) > first + size:
        head["nextPageToken"] = Token.make(offset=first + size)
    else:
        head["nextSyncToken"] = Token.make(instances=master.id, position=calendar.position)
    return Response(200, _document(call, calendar, head, found[first : first + size], True))
