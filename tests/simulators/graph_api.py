"""The calendar's part of Graph: which address does what.

https://learn.microsoft.com/en-us/graph/api/resources/calendar
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from .graph_answers import RESPONSES, respond
from .graph_call import READ, WRITE, Call, authorised, check_reach, mailbox_of
from .graph_delta import Delta
from .graph_errors import GraphError, bad, denied
from .graph_login import Login
from .graph_places import Place, within
from .graph_query import check_expand, expanded, matching, number, ordered, select
from .graph_schedule import schedules
from .graph_views import calendar_view, profile
from .graph_world import Event, World
from .server import Request, Response
from .steps import Called

VERSION = "/v1.0"
_MANY = r"(?:calendar/|calendars/([^/]+)/)?"
_EVENT = rf"{_MANY}events/([^/]+)"
WHO = ("User.Read", "User.ReadBasic.All", "User.Read.All")


class CalendarApi:
    """Everything below /v1.0/me and /v1.0/users/{id}."""

    def __init__(self, world: World, login: Login, base: Callable[[Request], str]) -> None:
        self.world, self.login, self.base = world, login, base
        self.delta = Delta()
        self.calendar_delta = False  # True: delta of other calendars, as in Graph's beta
        self.routes: list[tuple[str, re.Pattern[str], tuple[str, ...], Any]] = [
            (verb, re.compile(f"{pattern}$"), scopes, work)
            for verb, pattern, scopes, work in self._routes()
        ]

    def _routes(self) -> list[tuple[str, str, tuple[str, ...], Any]]:
        return [
            ("GET", "", WHO, self.get_profile),
            ("GET", "mailboxSettings", ("MailboxSettings.Read",), self.get_settings),
            ("GET", "calendars", READ, self.list_calendars),
            ("GET", "calendar", READ, self.get_calendar),
            ("GET", "calendars/([^/]+)", READ, self.get_calendar),
            ("POST", "calendar/getSchedule", READ, self.get_schedule),
            ("GET", "(?:calendar/)?calendarView/delta(?:\\(\\))?", READ, self.get_delta),
            ("GET", "calendars/([^/]+)/calendarView/delta", READ, self.get_delta),
            ("GET", f"{_MANY}calendarView", READ, self.view_calendar),
            ("GET", f"{_MANY}events", READ, self.list_events),
            ("POST", f"{_MANY}events", WRITE, self.create),
            ("GET", _EVENT, READ, self.get_event),
            ("PATCH", _EVENT, WRITE, self.patch),
            ("DELETE", _EVENT, WRITE, self.delete),
            ("GET", f"{_EVENT}/instances", READ, self.instances),
            ("POST", f"{_EVENT}/cancel", WRITE, self.cancel),
            *(("POST", f"{_EVENT}/{verb}", WRITE, self._responding(verb)) for verb in RESPONSES),
        ]

    def handle(self, request: Request) -> Response:
        """Answer a request, or refuse it as Graph does."""
        try:
            with self.world.lock:
                return self._work(request)
        except GraphError as error:
            return error.answer(request, self.world.now())

    def _work(self, request: Request) -> Response:
        access = authorised(self.login, request)
        parts = request.parts()[1:]
        if not parts or parts[0] not in ("me", "users"):
            raise bad("Resource not found for the segment.", "BadRequest")
        mailbox, used = mailbox_of(self.world, access, parts)
        root, path = "/".join(parts[:used]), "/".join(parts[used:])
        scopes, work, ids = self._found(request.method, path)
        if path:
            check_reach(self.world, access, mailbox)
        if not access.may(*scopes):
            raise denied()
        call = Call(self.world, request, access, mailbox, root, self.base(request) + VERSION, ids)
        return work(call)

    def _found(self, verb: str, path: str) -> tuple[tuple[str, ...], Any, tuple[str, ...]]:
        for known, pattern, scopes, work in self.routes:
            match = pattern.match(path)
            if match and known == verb:
                return scopes, work, tuple(one for one in match.groups() if one)
        if any(pattern.match(path) for _, pattern, _, _ in self.routes):
            raise GraphError(405, "Request_BadRequest", "Specified HTTP method is not allowed.")
        message = f"Resource not found for the segment '{path.rpartition('/')[2]}'."
        raise bad(message, "BadRequest")

    def get_profile(self, call: Call) -> Response:
        """GET /me: who signed in."""
        return Response.of(profile(call.mailbox))

    def get_settings(self, call: Call) -> Response:
        """GET /me/mailboxSettings, which needs a permission of its own."""
        return call.answer({"timeZone": call.mailbox.time_zone}, "mailboxSettings")

    def list_calendars(self, call: Call) -> Response:
        """GET /me/calendars."""
        found = [calendar_view(call.mailbox, key) for key in call.mailbox.folders]
        return call.answer({"value": found}, "calendars")

    def get_calendar(self, call: Call) -> Response:
        """GET /me/calendar."""
        return call.answer(calendar_view(call.mailbox, call.calendar()), "calendars/$entity")

    def get_schedule(self, call: Call) -> Response:
        """POST /me/calendar/getSchedule: when people are busy."""
        return call.answer({"value": schedules(call, call.body())}, "getSchedule")

    def get_delta(self, call: Call) -> Response:
        """GET /me/calendarView/delta."""
        if call.ids and not self.calendar_delta:
            message = "Change tracking is supported over the default calendar's view only."
            raise bad(message, "ErrorInvalidRequest")
        return self.delta.handle(call)

    def view_calendar(self, call: Call) -> Response:
        """GET /me/calendarView: singles, occurrences and exceptions of a window."""
        low, high = call.window()
        items = call.mailbox.alive(call.calendar())
        found = (one for item in items for one in within(call.mailbox, item, item.now, low, high))
        places = [one for one in found if one.kind != "seriesMaster"]
        return self._listed(call, sorted(places, key=lambda one: one.begins), "calendarView")

    def list_events(self, call: Call) -> Response:
        """GET /me/events: singles and masters, not their occurrences."""
        calendar = call.calendar() if call.ids or "calendar/" in call.request.path else ""
        items = call.mailbox.alive(calendar)
        places = [Place(call.mailbox, item, item.now) for item in items]
        return self._listed(call, places, "events")

    def instances(self, call: Call) -> Response:
        """GET /me/events/{id}/instances."""
        place = call.place()
        if place.kind != "seriesMaster":
            raise bad("Your request can't be completed. The event is not a recurring master.")
        low, high = call.window()
        found = within(call.mailbox, place.item, place.state, low, high)[1:]
        return self._listed(call, found, "events/instances")

    def _listed(self, call: Call, places: list[Place], kind: str) -> Response:
        """Return one page of a list, with a link to the next."""
        request = call.request
        test, names = matching(request), check_expand(request)
        found = ordered([one for one in places if test(one)], request)
        skip, top = number(request, "$skip", 0, 10**9), number(request, "$top", 10)
        shown = found[skip : skip + top]
        value = {"value": [self._shown(call, one, names) for one in shown]}
        if request.param("$count") == "true":
            value["@odata.count"] = len(found)
        if skip + top < len(found):
            value["@odata.nextLink"] = _next(call, skip + top)
        return call.answer(value, kind)

    def _shown(self, call: Call, place: Place, names: set[str]) -> Event:
        event = call.view.event(place, expanded(call.request))
        if place.kind == "seriesMaster":
            event["cancelledOccurrences"] = call.view.cancelled(place)
            if "exceptionOccurrences" in names:
                event["exceptionOccurrences"] = call.view.exceptions(place)
        return select(event, call.request)

    def _entity(self, call: Call, place: Place, status: int = 200) -> Response:
        names = check_expand(call.request)
        shown = self._shown(call, place, names)
        return call.answer(shown, "events/$entity", status)

    def get_event(self, call: Call) -> Response:
        """GET /me/events/{id}."""
        return self._entity(call, call.place())

    def create(self, call: Call) -> Response:
        """POST /me/events."""
        return self._entity(call, call.edit.create(call.body(), call.calendar()), 201)

    def patch(self, call: Call) -> Response:
        """PATCH /me/events/{id}."""
        match = call.request.headers.get("If-Match") or ""
        return self._entity(call, call.edit.patch(call.place(), call.body(), match))

    def delete(self, call: Call) -> Response:
        """DELETE /me/events/{id}."""
        call.edit.delete(call.place(), call.request.headers.get("If-Match") or "")
        return Response(204)

    def cancel(self, call: Call) -> Response:
        """POST /me/events/{id}/cancel."""
        body = {name.lower(): value for name, value in call.body().items()}
        call.edit.cancel(call.place(), body.get("comment") or "")
        return Response(202)

    def _responding(self, verb: str) -> Callable[[Call], Response]:
        def work(call: Call) -> Response:
            respond(call.edit, call.place(), verb, call.body())
            return Response(202)

        return work

    def written(self, request: Request) -> Called | None:
        """Return what a request writes, for the numbered steps."""
        parts = request.parts()[1:]
        used = 1 if parts[:1] == ["me"] else 2
        path = "/".join(parts[used:])
        if request.method == "GET" or not re.match(rf"{_MANY}events(/|$)", path):
            return None
        found = re.match(_EVENT, path)
        verb = path.rpartition("/")[2] if request.method == "POST" and found else ""
        names = {"POST": "create", "PATCH": "update", "DELETE": "delete"}
        name = verb or names.get(request.method, request.method)
        return Called(f"events.{name}", found[2] if found else "")


def _next(call: Call, skip: int) -> str:

    query = {name: values[-1] for name, values in call.request.query.items()}
    path = call.request.target.partition("?")[0].removeprefix(VERSION)
    return f"{call.base}{path}?{urlencode({**query, '$skip': skip})}"
