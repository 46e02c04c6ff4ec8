"""The parameters of a listing, and the tokens that carry them on.

https://developers.google.com/workspace/calendar/api/guides/sync
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .google_errors import ApiError, full_sync_required
from .google_time import parse
from .google_world import Calendar, World

FORBIDDEN_WITH_TOKEN = (
    "iCalUID",
    "orderBy",
    "privateExtendedProperty",
    "q",
    "sharedExtendedProperty",
    "timeMin",
    "timeMax",
    "updatedMin",
)
WITHOUT_TOKEN = (
    "orderBy",
    "q",
    "iCalUID",
    "privateExtendedProperty",
    "sharedExtendedProperty",
    "updatedMin",
)
BOUND = ("singleEvents", "eventTypes", "maxAttendees", "timeZone", "timeMin", "timeMax")
OLDEST_UPDATED_MIN = timedelta(days=28)


@dataclass(frozen=True)
class Query:
    """The parameters of a listing, read."""

    single: bool = False
    deleted: bool | None = None
    low: datetime | None = None
    high: datetime | None = None
    updated: datetime | None = None
    types: frozenset[str] = frozenset()
    uid: str = ""
    text: str = ""
    private: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    order: str = ""

    @classmethod
    def of(cls, given: dict[str, list[str]], now: datetime) -> Query:
        """Read parameters; refuse those that make no sense."""
        one = {name: values[-1] for name, values in given.items()}
        query = cls(
            single=one.get("singleEvents") == "true",
            deleted=one["showDeleted"] == "true" if "showDeleted" in one else None,
            low=_moment(one, "timeMin"),
            high=_moment(one, "timeMax"),
            updated=_moment(one, "updatedMin"),
            types=frozenset(given.get("eventTypes", ())),
            uid=one.get("iCalUID", ""),
            text=one.get("q", "").lower(),
            private=tuple(given.get("privateExtendedProperty", ())),
            shared=tuple(given.get("sharedExtendedProperty", ())),
            order=one.get("orderBy", ""),
        )
        query.check(now)
        return query

    def check(self, now: datetime) -> None:
        """Refuse an empty span, a minimum too long ago, an order that does not apply."""
        if self.low and self.high and self.high <= self.low:
            raise ApiError(400, "timeRangeEmpty", "The specified time range is empty.", "calendar")
        if self.updated and self.updated < now - OLDEST_UPDATED_MIN:
            text = "The requested minimum modification time lies too far in the past."
            place = ("parameter", "updatedMin")
            raise ApiError(410, "updatedMinTooLongAgo", text, "calendar", place)
        if self.order == "startTime" and not self.single:
            text = "The requested ordering is not available for the particular query."
            raise ApiError(400, "badRequest", text)


def _moment(one: dict[str, str], name: str) -> datetime | None:
    if name not in one:
        return None
    try:
        return parse(one[name])
    except ValueError:
        raise ApiError(400, "badRequest", "Bad Request", location=("parameter", name)) from None


class Token:
    """Sync and page tokens: opaque outside, a position and the question inside."""

    @staticmethod
    def make(**values: Any) -> str:
        """Return a token."""
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()

    @staticmethod
    def read(text: str) -> dict[str, Any]:
        """Return what a token holds, or nothing where it is not one of ours."""
        try:
            found = json.loads(base64.urlsafe_b64decode(text.encode()))
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def bound(given: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the parameters that later requests with the token must repeat."""
    kept = {name: sorted(given[name]) for name in BOUND if name in given}
    return {name: value for name, value in kept.items() if value != ["false"]}


def open_token(world: World, calendar: Calendar, given: dict[str, list[str]]) -> dict[str, Any]:
    """Return what a sync token holds; refuse expired ones and forbidden company."""
    clash = [name for name in FORBIDDEN_WITH_TOKEN if name in given]
    if clash or given.get("showDeleted") == ["false"]:
        raise ApiError(
            400, "badRequest", "Sync token cannot be used with other query restrictions."
        )
    token = Token.read(given["syncToken"][-1])
    if (token.get("calendar"), token.get("epoch")) != (calendar.id, world.epoch):
        raise full_sync_required()
    again = {
        name: value for name, value in bound(given).items() if name not in ("timeMin", "timeMax")
    }
    first = {
        name: value for name, value in token["bound"].items() if name not in ("timeMin", "timeMax")
    }
    if again != first:  # documented as undefined behaviour; refusing shows the mistake
        raise ApiError(
            400, "badRequest", "Parameters differ from those of the initial synchronization."
        )
    return token
