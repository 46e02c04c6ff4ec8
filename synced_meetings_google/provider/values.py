"""Times and zones as Google writes them in JSON, read with suspicion: see the core's `reading`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.synced_meetings.sync.reading import (
    FIRST,
    FIRST_DAY,
    LAST,
    LAST_DAY,
    is_zone,
    rejected,
)
from odoo.addons.synced_meetings.sync.rules import UTC

Json = Mapping[str, Any]


def zone(point: Json, default: str) -> str:
    """Return the zone of an EventDateTime; Google leaves out the calendar's own."""
    key = point.get("timeZone")
    if key is None:
        return default
    if not isinstance(key, str) or not is_zone(key):
        raise rejected("bad_zone", key)
    return key


def instant(value: object, point: Json, default_zone: str) -> datetime:
    """Return an RFC 3339 time as UTC; one without offset is wall time in the zone of ``point``."""
    if not isinstance(value, str) or value[10:11] not in ("T", "t"):
        raise rejected("bad_time", value)
    # Python 3.10 reads no "Z".
    written = f"{value[:-1]}+00:00" if value.endswith(("Z", "z")) else value
    try:
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone(point, default_zone)))
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise rejected("bad_time", value) from None
    if not FIRST <= moment <= LAST:
        raise rejected("bad_time", value)
    return moment.replace(microsecond=0) if moment.microsecond else moment


def day(value: object) -> date:
    """Return a plain date."""
    if not isinstance(value, str) or len(value) != 10 or value[4:8:3] != "--":
        raise rejected("bad_time", value)
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise rejected("bad_time", value) from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise rejected("bad_time", value)
    return found


def point(value: object, default_zone: str, missing: str) -> datetime | date:
    """Return an EventDateTime: a UTC instant, or a date where it is all-day."""
    if value is None:
        raise rejected(missing)
    if not isinstance(value, dict):
        raise rejected("bad_time", value)
    whole, moment = value.get("date"), value.get("dateTime")
    if whole is not None and moment is not None:
        raise rejected("mixed_allday", value)
    if moment is not None:
        return instant(moment, value, default_zone)
    if whole is not None:
        return day(whole)
    raise rejected(missing, value)
