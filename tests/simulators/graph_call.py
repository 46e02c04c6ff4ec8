"""One authorised call of Graph: who asks, about whose mailbox, in which form.

https://learn.microsoft.com/en-us/graph/outlook-immutable-id
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from .graph_editing import Edit
from .graph_errors import GraphError, bad, bad_token, denied, no_rest, no_user
from .graph_ids import read_calendar
from .graph_login import Access, Login
from .graph_places import Place, find
from .graph_time import parse, zone
from .graph_views import View
from .graph_world import Event, Mailbox, World
from .server import Request, Response

WRITE = ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared")
READ = (*WRITE, "Calendars.Read", "Calendars.Read.Shared", "Calendars.ReadBasic")


@dataclass(frozen=True)
class Call:
    """One authorised call about a mailbox."""

    world: World
    request: Request
    access: Access
    mailbox: Mailbox
    root: str  # the address of the mailbox, as the client wrote it
    base: str  # the address of Graph, for links
    ids: tuple[str, ...] = ()

    @cached_property
    def prefer(self) -> dict[str, str]:
        """Return the preferences that the client stated."""
        text = self.request.headers.get("Prefer") or ""
        found = re.findall(r'([\w.-]+)\s*=\s*(?:"([^"]*)"|([^,;\s]+))', text)
        return {name.lower(): quoted or bare for name, quoted, bare in found}

    @cached_property
    def view(self) -> View:
        """Return how the caller wants to see events."""
        name = self.prefer.get("outlook.timezone", "UTC")
        zone(name)
        immutable = self.prefer.get("idtype", "").lower() == "immutableid"
        text = self.prefer.get("outlook.body-content-type", "").lower() == "text"
        return View(name, immutable, text)

    @property
    def edit(self) -> Edit:
        """Return the terms of a write."""
        return Edit(self.world, self.mailbox)

    def window(self) -> tuple[datetime, datetime]:
        """Return the span that is asked for; there is none by default."""
        texts = [self.request.param(name) for name in ("startDateTime", "endDateTime")]
        if not all(texts):
            message = "This request requires a time window specified by the query string "
            raise bad(
                f"{message}parameters StartDateTime and EndDateTime.", "ErrorInvalidParameter"
            )
        low, high = (parse(text) for text in texts)
        if high < low:
            raise bad("The end of the window is before its start.", "ErrorInvalidParameter")
        if high.year - low.year > 5:
            message = "The calendar view's range is too long: at most 1825 days."
            raise bad(message, "ErrorCalendarViewRangeTooBig")
        return low, high

    def place(self) -> Place:
        """Return the event in the path."""
        return find(self.mailbox, self.ids[-1])

    def calendar(self) -> str:
        """Return the key of the calendar in the path; without one it is the default."""
        if not self.ids:
            return next(key for key, one in self.mailbox.folders.items() if one.default)
        found = read_calendar(self.mailbox, self.ids[0])
        if found is None:
            raise GraphError(404, "ErrorItemNotFound", "The calendar was not found in the store.")
        return found

    def body(self) -> Any:
        """Return the JSON body."""
        kind = self.request.headers.get("Content-Type") or ""
        if self.request.body and "application/json" not in kind:
            raise GraphError(
                415, "RequestBodyRead", "A media type 'application/json' was expected."
            )
        try:
            return self.request.json()
        except ValueError:
            message = "Unable to read JSON request payload. Please ensure Content-Type header is "
            raise bad(f"{message}set and payload is of valid JSON format.", "BadRequest") from None

    def answer(self, value: Event, kind: str, status: int = 200) -> Response:
        """Return a JSON answer that says which preferences counted."""
        who = f"users('{self.mailbox.oid}')/{kind}"
        context = {"@odata.context": f"{self.base}/$metadata#{who}"}
        applied = (
            [f'outlook.timezone="{self.view.zone}"'] if "outlook.timezone" in self.prefer else []
        )
        applied += ['IdType="ImmutableId"'] if self.view.immutable else []
        headers = {"Preference-Applied": ", ".join(applied)} if applied else {}
        return Response.of({**context, **value}, status, **headers)

    def with_ids(self, ids: tuple[str, ...]) -> Call:
        """Return the call with what its path names."""
        return replace(self, ids=ids)


def authorised(login: Login, request: Request) -> Access:
    """Return what the caller's token allows; refuse a caller without a good one."""
    kind, _, token = (request.headers.get("Authorization") or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise bad_token()
    access = login.check(token.strip())
    if access is None:
        raise bad_token("Lifetime validation failed, the token is expired.")
    return access


def mailbox_of(world: World, access: Access, parts: list[str]) -> tuple[Mailbox, int]:
    """Return whose mailbox a path is about, and how many of its segments say so."""
    if parts[0] == "me":
        if not access.email:
            message = "/me request is only valid with delegated authentication flow."
            raise bad(message, "BadRequest")
        return world.mailboxes[access.email], 1
    mailbox = world.mailbox(parts[1]) if len(parts) > 1 else None
    if mailbox is None or mailbox.tenant != access.tenant:
        raise no_user(parts[1] if len(parts) > 1 else "")
    return mailbox, 2


def check_reach(world: World, access: Access, mailbox: Mailbox) -> None:
    """Refuse a mailbox that is not in the cloud, or not within the caller's reach."""
    limited = world.tenants[mailbox.tenant].scopes.get(access.app)
    outside = limited is not None and mailbox.email not in limited
    if (not access.email and outside) or (access.email and access.email != mailbox.email):
        raise denied()
    if not mailbox.rest:
        raise no_rest()
