"""Calendar API v3: from an authorised request to an answer.

https://developers.google.com/workspace/calendar/api/v3/reference
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from . import google_editing as editing
from . import google_listing as listing
from .google_errors import ApiError, invalid, not_authenticated, not_found, required, scope_missing
from .google_freebusy import free_busy
from .google_guests import Edit
from .google_oauth import Access, OAuth
from .google_scopes import PREFIX, Method, check_parameters, covers, route
from .google_time import show_utc
from .google_views import View, parse_fields, select, zone_of
from .google_world import Calendar, Copy, User, World, at_least
from .server import Request, Response

ROOT = ["calendar", "v3"]
FREE_BUSY_ONLY = "calendar.events.freebusy"


class CalendarApi:
    """The methods under /calendar/v3/."""

    def __init__(self, world: World, oauth: OAuth) -> None:
        self.world, self.oauth = world, oauth
        self.page_size = 2_500  # what maxResults may not exceed; tests set less
        self.minimal_tombstones = True

    def handle(self, request: Request) -> Response:
        """Answer a request, or refuse it the way Google does."""
        try:
            return self._handle(request)
        except ApiError as error:
            return Response.of(error.body(), error.status, **error.headers)

    def _handle(self, request: Request) -> Response:
        found = route(request.method, request.parts()[2:])
        if not found:
            raise not_found()
        method, ids = found
        access = self._authorise(request, method)
        check_parameters(method, request.query)
        call = Call(self, request, method, ids, access)
        with self.world.lock:
            return HANDLERS[method.name](call)

    def _authorise(self, request: Request, method: Method) -> Access:
        header = request.headers.get("Authorization") or ""
        if not header.startswith("Bearer "):
            raise not_authenticated("Login Required.", "required")
        access = self.oauth.access(header.removeprefix("Bearer "))
        if not access:
            raise not_authenticated()
        if not covers(access.scopes, method):
            raise scope_missing(f"calendar.v3.{method.name}", [PREFIX + one for one in method.scopes])
        return access


class Call:
    """One authorised call."""

    def __init__(self, api: CalendarApi, request: Request, method: Method, ids: dict[str, str], access: Access) -> None:
        self.api, self.world, self.request, self.method = api, api.world, request, method
        self.ids, self.access = ids, access
        self.user: User = api.world.users[access.email]

    @property
    def calendar(self) -> Calendar:
        """Return the calendar in the path; it does not exist for who may not see it."""
        calendar = self.world.calendar(self.user, self.ids["calendarId"])
        if calendar is None or self.world.role(self.user, calendar) == "none":
            raise not_found()
        return calendar

    def role(self, calendar: Calendar) -> str:
        """Return the access to a calendar, as far as the token's scopes reach."""
        role = self.world.role(self.user, calendar)
        scopes = {one for one in self.method.scopes if PREFIX + one in self.access.scopes}
        if scopes == {FREE_BUSY_ONLY} and at_least(role, "freeBusyReader"):
            return "freeBusyReader"
        if all(".owned" in one for one in scopes) and calendar.owner != self.user.email:
            raise not_found()
        return role

    def view(self, calendar: Calendar, fields: dict[str, Any] | None = None, minimal: bool = False) -> View:
        """Return how this caller sees events."""
        limit = self.request.param("maxAttendees")
        try:
            shown_in = zone_of(self.request.param("timeZone"))
        except ValueError:
            raise invalid("Invalid time zone.", "timeZone") from None
        return View(self.role(calendar), int(limit) if limit else None, shown_in, minimal, fields)

    def fields(self) -> dict[str, Any] | None:
        """Return the partial-response selector."""
        try:
            return parse_fields(self.request.param("fields"))
        except ValueError as error:
            raise ApiError(400, "invalidParameter", str(error), location=("parameter", "fields")) from None

    def body(self) -> dict[str, Any]:
        """Return the JSON body."""
        try:
            body = self.request.json()
        except ValueError:
            raise ApiError(400, "parseError", "Parse Error") from None
        if not isinstance(body, dict):
            raise ApiError(400, "parseError", "Parse Error")
        return body

    def edit(self) -> Edit:
        """Return the terms of a write."""
        calendar = self.calendar
        self.role(calendar)
        default = "all" if self.request.param("sendNotifications") == "true" else "none"
        send = self.request.param("sendUpdates", default)
        version = int(self.request.param("conferenceDataVersion", "0"))
        return Edit(self.world, self.user, calendar, send, version)

    def answer(self, value: Any) -> Response:
        """Return a JSON answer with the selected fields."""
        return Response.of(select(value, self.fields()))

    def event(self, copy: Copy, calendar: Calendar) -> Response:
        """Return one event; an unchanged one is not sent again (If-None-Match)."""
        etag = copy.data["etag"]
        if self.request.headers.get("If-None-Match") == etag:
            return Response(304, headers={"ETag": etag})
        view = self.view(calendar, self.fields())
        return Response(200, view.text(copy), headers={"ETag": etag})


def list_events(call: Call) -> Response:
    """events.list"""
    calendar, given = call.calendar, call.request.query
    since, asked = None, given
    if "syncToken" in given:
        token = listing.open_token(call.world, calendar, given)
        since, asked = token["position"], {**given, **token["bound"]}
    query = listing.Query.of(asked, call.world.now())
    return _page(call, listing.Listing(call.world, calendar, query, since), asked)


def _page(call: Call, found: listing.Listing, asked: dict[str, list[str]]) -> Response:
    calendar = found.calendar
    size = min(int(call.request.param("maxResults", "250")) or 250, call.api.page_size)
    start = _page_start(call, calendar)
    items, more = _slice(found, start, size)
    head = _head(call, calendar)
    if more:
        head["nextPageToken"] = listing.Token.make(calendar=calendar.id, position=start["position"], **more)
    elif not any(name in asked for name in listing.WITHOUT_TOKEN):
        head["nextSyncToken"] = listing.Token.make(
            calendar=calendar.id, position=start["position"], epoch=call.world.epoch, bound=listing.bound(asked)
        )
    return Response(200, _document(call, calendar, head, items, bool(found.query.deleted)))


def _page_start(call: Call, calendar: Calendar) -> dict[str, Any]:
    if "pageToken" not in call.request.query:
        return {"position": calendar.position}
    token = listing.Token.read(call.request.param("pageToken"))
    if token.get("calendar") != calendar.id or "position" not in token:
        raise invalid("Invalid page token value.", "pageToken")
    return token


def _slice(found: listing.Listing, start: dict[str, Any], size: int) -> tuple[list[Copy], dict[str, Any]]:
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
    newest = max((calendar.copies[one].data.get("updated", "") for _, one in calendar.log[-1:]), default="")
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


def _document(call: Call, calendar: Calendar, head: dict[str, Any], items: list[Copy], full: bool) -> Iterator[str]:
    """Yield the answer in pieces; events come as they were serialised when they changed."""
    fields = call.fields()
    inner = fields.get("items") if fields else None
    view = call.view(calendar, inner, minimal=call.api.minimal_tombstones or not full)
    head = select(head, fields)
    if fields is not None and "items" not in fields and "*" not in fields:
        yield json.dumps(head)
        return
    text = json.dumps(head, ensure_ascii=False)
    yield f"{text[:-1]}{', ' if head else ''}\"items\": ["
    yield ",\n".join([view.text(copy) for copy in items])
    yield "]}"


def list_instances(call: Call) -> Response:
    """events.instances"""
    calendar = call.calendar
    master = editing.find(calendar, call.ids["eventId"])
    if not master.is_master:
        raise invalid("Not a recurring event.")
    query = listing.Query.of(call.request.query, call.world.now())
    found = listing.instances(call.world, calendar, master, query, call.request.param("originalStart"))
    size = min(int(call.request.param("maxResults", "250")) or 250, call.api.page_size)
    first = listing.Token.read(call.request.param("pageToken")).get("offset", 0)
    head = _head(call, calendar)
    if len(found) > first + size:
        head["nextPageToken"] = listing.Token.make(offset=first + size)
    else:
        head["nextSyncToken"] = listing.Token.make(instances=master.id, position=calendar.position)
    return Response(200, _document(call, calendar, head, found[first : first + size], True))


def get_event(call: Call) -> Response:
    """events.get"""
    calendar = call.calendar
    return call.event(editing.find(calendar, call.ids["eventId"]), calendar)


def insert_event(call: Call) -> Response:
    """events.insert"""
    edit = call.edit()
    return call.event(editing.insert(edit, call.body()), edit.calendar)


def import_event(call: Call) -> Response:
    """events.import"""
    edit = call.edit()
    return call.event(editing.import_(edit, call.body()), edit.calendar)


def patch_event(call: Call) -> Response:
    """events.patch"""
    return _write(call, editing.patch)


def update_event(call: Call) -> Response:
    """events.update"""
    return _write(call, editing.update)


def _write(call: Call, write: Callable[..., Copy]) -> Response:
    edit = call.edit()
    copy = write(edit, call.ids["eventId"], call.body(), call.request.headers.get("If-Match"))
    return call.event(copy, edit.calendar)


def delete_event(call: Call) -> Response:
    """events.delete"""
    editing.delete(call.edit(), call.ids["eventId"], call.request.headers.get("If-Match"))
    return Response(204)


def move_event(call: Call) -> Response:
    """events.move"""
    edit = call.edit()
    if not call.request.param("destination"):
        raise required("Required parameter: destination")
    target = call.world.calendar(call.user, call.request.param("destination"))
    if target is None:
        raise not_found()
    return call.event(editing.move(edit, call.ids["eventId"], target), target)


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
    first = listing.Token.read(call.request.param("pageToken")).get("offset", 0)
    value = {"kind": "calendar#calendarList", "etag": f'"p{call.world.etag}"', "items": items[first : first + size]}
    if len(items) > first + size:
        value["nextPageToken"] = listing.Token.make(offset=first + size)
    else:
        value["nextSyncToken"] = listing.Token.make(calendars=len(items))
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


HANDLERS: dict[str, Callable[[Call], Response]] = {
    "calendarList.list": list_calendars,
    "calendarList.get": get_listed_calendar,
    "calendars.get": get_calendar,
    "freebusy.query": query_free_busy,
    "events.list": list_events,
    "events.instances": list_instances,
    "events.get": get_event,
    "events.insert": insert_event,
    "events.import": import_event,
    "events.patch": patch_event,
    "events.update": update_event,
    "events.delete": delete_event,
    "events.move": move_event,
}

__all__ = ["CalendarApi", "show_utc", "timedelta"]
