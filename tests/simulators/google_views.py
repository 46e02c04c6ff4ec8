"""How an event is shown to whom: redaction, tombstones, shortened guest lists, zones.

https://developers.google.com/workspace/calendar/api/concepts/sharing
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from typing import Any

from .google_time import shown_in, zone
from .google_world import Copy, Event, at_least, to_json

BARE = frozenset(
    [
        "kind",
        "etag",
        "id",
        "status",
        "htmlLink",
        "created",
        "updated",
        "start",
        "end",
        "recurrence",
        "recurringEventId",
        "originalStartTime",
        "transparency",
        "iCalUID",
        "sequence",
        "eventType",
    ]
)
TOMBSTONE = ("kind", "etag", "id", "status")
CANCELLED_INSTANCE = (*TOMBSTONE, "recurringEventId", "originalStartTime")


@dataclass(frozen=True)
class View:
    """What a reader gets to see."""

    role: str
    max_attendees: int | None = None
    time_zone: tzinfo | None = None
    minimal: bool = True  # deleted events show nothing but their id
    fields: dict[str, Any] | None = None

    @cached_property
    def plain(self) -> bool:
        """Tell whether events leave exactly as they are stored."""
        short = self.max_attendees or self.time_zone or self.fields
        return not short and at_least(self.role, "writer")

    def text(self, copy: Copy) -> str:
        """Return the event as JSON."""
        if copy.raw or (self.plain and not (copy.cancelled and self.minimal)):
            return copy.json()
        return to_json(self.event(copy))

    def event(self, copy: Copy) -> Event:
        """Return the event as this reader sees it."""
        event = copy.data
        if copy.cancelled and self.minimal:
            event = tombstone(copy)
        elif self._hidden(event):
            event = {name: event[name] for name in event if name in BARE} | {
                "visibility": "private"
            }
        elif self.max_attendees and len(event.get("attendees", ())) > self.max_attendees:
            own = [one for one in event["attendees"] if one.get("self")]
            event = {**event, "attendees": own, "attendeesOmitted": True}
        if self.time_zone:
            event = shown_in(event, self.time_zone)
        return select(event, self.fields)

    def _hidden(self, event: Event) -> bool:
        if not at_least(self.role, "reader"):
            return True
        secret = event.get("visibility") in ("private", "confidential")
        return secret and not at_least(self.role, "writer")


def tombstone(copy: Copy) -> Event:
    """Return the little that is guaranteed of a deleted event or instance."""
    names = CANCELLED_INSTANCE if copy.master_id else TOMBSTONE
    return {name: copy.data[name] for name in names if name in copy.data}


def zone_of(name: str) -> tzinfo | None:
    """Return the zone that a request wants answers in."""
    return zone(name) if name else None


def parse_fields(text: str) -> dict[str, Any] | None:
    """Read a partial-response selector such as ``items(id,status),nextSyncToken``.

    https://developers.google.com/workspace/calendar/api/guides/performance#partial
    """
    if not text or text == "*":
        return None
    tree, rest = _members(text)
    if rest:
        raise ValueError(f"Invalid field selection {text}")
    return tree


def _members(text: str) -> tuple[dict[str, Any], str]:
    tree: dict[str, Any] = {}
    while True:
        length = next((i for i, char in enumerate(text) if char in ",/()"), len(text))
        name, text = text[:length], text[length:]
        if not name:
            raise ValueError("Invalid field selection")
        inner: dict[str, Any] | None = None
        if text.startswith("("):
            inner, text = _members(text[1:])
            if not text.startswith(")"):
                raise ValueError("Invalid field selection")
            text = text[1:]
        elif text.startswith("/"):
            inner, text = _path(text[1:])
        tree[name] = {**(tree.get(name) or {}), **(inner or {})} or None
        if not text.startswith(","):
            return tree, text
        text = text[1:]


def _path(text: str) -> tuple[dict[str, Any], str]:
    """Read what follows a slash: one member, without its neighbours after a comma."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth < 0 or (char == "," and depth == 0):
            return _members(text[:index])[0], text[index:]
    return _members(text)[0], ""


def select(value: Any, fields: dict[str, Any] | None) -> Any:
    """Return only the selected fields."""
    if fields is None or "*" in fields:
        return value
    if isinstance(value, list):
        return [select(one, fields) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: select(value[name], fields[name]) for name in value if name in fields}
