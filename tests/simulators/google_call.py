"""One authorised call of the Calendar API: who asks, for what, in which form.

https://developers.google.com/workspace/calendar/api/guides/performance#partial
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .google_errors import ApiError, invalid, not_found
from .google_guests import Edit
from .google_oauth import Access
from .google_scopes import PREFIX, Method
from .google_views import View, parse_fields, select, zone_of
from .google_world import Calendar, Copy, User, at_least
from .server import Request, Response

if TYPE_CHECKING:
    from .google_calendar import CalendarApi

FREE_BUSY_ONLY = "calendar.events.freebusy"


class Call:
    """One authorised call."""

    def __init__(
        self,
        api: CalendarApi,
        request: Request,
        method: Method,
        ids: dict[str, str],
        access: Access,
    ) -> None:
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

    def view(
        self, calendar: Calendar, fields: dict[str, Any] | None = None, minimal: bool = False
    ) -> View:
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
            raise ApiError(
                400, "invalidParameter", str(error), location=("parameter", "fields")
            ) from None

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
