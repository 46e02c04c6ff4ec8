"""Calendar API v3: from an authorised request to an answer.

https://developers.google.com/workspace/calendar/api/v3/reference
"""

from __future__ import annotations

from collections.abc import Callable

from . import google_collections as collections
from . import google_creating as creating
from . import google_editing as editing
from .google_call import Call
from .google_channels import Channels
from .google_edit import find
from .google_errors import (
    ApiError,
    no_calendar_user,
    not_authenticated,
    not_found,
    required,
    scope_missing,
)
from .google_oauth import Access, OAuth
from .google_pagination import list_events, list_instances
from .google_scopes import PREFIX, Method, check_parameters, covers, route
from .google_world import Copy, World
from .server import Request, Response


class CalendarApi:
    """The methods under /calendar/v3/."""

    def __init__(self, world: World, oauth: OAuth) -> None:
        self.world, self.oauth = world, oauth
        self.channels = Channels(world)
        self.page_size = 2_500  # what maxResults may not exceed; tests set less
        self.minimal_tombstones = True  # False: deleted events show what the reference allows
        self.leaving = "full"  # undocumented, so tests may try all: full, cancelled, silent

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
        if self.world.users[access.email].suspended:
            raise no_calendar_user()
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
            raise scope_missing(
                f"calendar.v3.{method.name}", [PREFIX + one for one in method.scopes]
            )
        return access


def get_event(call: Call) -> Response:
    """events.get"""
    calendar, identity = call.calendar, call.ids["eventId"]
    stored = calendar.copies.get(identity)
    if stored and stored.raw:  # see Faults.malformed
        return Response(200, stored.raw)
    return call.event(find(calendar, identity), calendar)


def insert_event(call: Call) -> Response:
    """events.insert"""
    edit = call.edit()
    return call.event(creating.insert(edit, call.body()), edit.calendar)


def import_event(call: Call) -> Response:
    """events.import"""
    edit = call.edit()
    return call.event(creating.import_(edit, call.body()), edit.calendar)


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


def watch_events(call: Call) -> Response:
    """events.watch"""
    return call.api.channels.watch(call)


def stop_channel(call: Call) -> Response:
    """channels.stop"""
    return call.api.channels.stop_one(call)


HANDLERS: dict[str, Callable[[Call], Response]] = {
    "calendarList.list": collections.list_calendars,
    "calendarList.get": collections.get_listed_calendar,
    "calendars.get": collections.get_calendar,
    "freebusy.query": collections.query_free_busy,
    "events.list": list_events,
    "events.instances": list_instances,
    "events.get": get_event,
    "events.insert": insert_event,
    "events.import": import_event,
    "events.patch": patch_event,
    "events.update": update_event,
    "events.delete": delete_event,
    "events.move": move_event,
    "events.watch": watch_events,
    "channels.stop": stop_channel,
}
