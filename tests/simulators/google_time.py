"""Instants, dates and zones as the Calendar API writes them (RFC 3339, IANA names).

https://developers.google.com/workspace/calendar/api/v3/reference/events#start
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

UTC = timezone.utc
EventTime = dict[str, str]

_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)?$", re.ASCII
)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name; raise ValueError for any other name."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # unknown, malformed, or a folder such as "Europe"
        raise ValueError(f"no such time zone: {name}") from None


def parse(text: str, default: tzinfo | None = None) -> datetime:
    """Return an instant in UTC; a text without offset is a wall time in ``default``."""
    match = _RFC3339.match(text)
    if not match:
        raise ValueError(f"not an RFC 3339 time: {text}")
    day, clock, offset = match.groups()
    if offset and offset not in "Zz":
        return datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(UTC)
    wall = datetime.fromisoformat(f"{day}T{clock}")
    if offset:
        return wall.replace(tzinfo=UTC)
    if default is None:
        raise ValueError(f"no time zone: {text}")
    return wall.replace(tzinfo=default).astimezone(UTC)


def show(instant: datetime, shown_in: tzinfo) -> str:
    """Return an instant with the offset of the zone it is shown in."""
    text = instant.astimezone(shown_in).isoformat(timespec="seconds")
    return text[:-6] + "Z" if text.endswith("+00:00") else text


def show_utc(instant: datetime) -> str:
    """Return an instant in UTC with milliseconds, as ``created`` and ``updated`` have it."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def shown_in(event: dict[str, Any], place: tzinfo) -> dict[str, Any]:
    """Return an event with its times shown in a zone; what zones they are of stays."""
    result = dict(event)
    for name in ("start", "end", "originalStartTime"):
        value = event.get(name, {})
        if "dateTime" in value:
            result[name] = {**value, "dateTime": show(parse(value["dateTime"]), place)}
    return result


def is_all_day(event: dict[str, Any]) -> bool:
    """Tell whether the event has dates instead of times."""
    return "date" in event["start"]


def instant(value: EventTime, calendar_zone: tzinfo) -> datetime:
    """Return the instant of a start or end; a date begins at midnight in the calendar's zone."""
    if "date" in value:
        return datetime.combine(
            date.fromisoformat(value["date"]), time(), calendar_zone
        ).astimezone(UTC)
    return parse(
        value["dateTime"], zone(value["timeZone"]) if "timeZone" in value else calendar_zone
    )


def stored(value: EventTime, calendar_zone: tzinfo) -> datetime:
    """Return the instant of a start or end that is in canonical form already; this is fast."""
    if "date" in value:
        return instant(value, calendar_zone)
    text = value["dateTime"]
    return datetime.fromisoformat(text[:-1] + "+00:00" if text[-1] == "Z" else text)


def wall(value: EventTime) -> datetime:
    """Return the naive wall time of a start or end in its own zone (a date at midnight)."""
    if "date" in value:
        return datetime.fromisoformat(value["date"])
    own = zone(value["timeZone"])
    return parse(value["dateTime"], own).astimezone(own).replace(tzinfo=None)


def duration(event: dict[str, Any]) -> timedelta:
    """Return how long the event lasts on the wall clock of its start's zone."""
    if is_all_day(event):
        return wall(event["end"]) - wall(event["start"])
    end = dict(event["end"], timeZone=event["start"]["timeZone"])
    return wall(end) - wall(event["start"])
