"""Texts, choices, times and zones as Google writes them in JSON, read with suspicion.

What cannot be read raises `Rejected` with one of the codes of `errors.REASONS`, nothing else.
"""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from datetime import date, datetime, timezone
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from odoo.addons.synced_meetings.sync.canonical import address, text
from odoo.addons.synced_meetings.sync.errors import Rejected

T = TypeVar("T")
Json = Mapping[str, Any]

UTC = timezone.utc
# A day from either end of the calendar, so that no later change of zone can leave it.
FIRST_DAY, LAST_DAY = date(1, 1, 2), date(9999, 12, 30)
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
# Not places: the machine's own zone, and the copies that other systems keep (tzdata's files).
NO_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
ADDRESS, LINK, LINE, BODY = 320, 2_000, 2_000, 100_000


def rejected(reason: str, value: object = "") -> Rejected:
    """Return the refusal of ``value``, shown shortly and without what no database can hold."""
    if not isinstance(value, str):
        value = reprlib.repr(value)  # never deep, never long
    return Rejected(reason, storable(value[:200]))


def storable(value: str) -> str:
    """Return ``value`` with lone surrogates written out and controls removed."""
    return text(value.encode("utf-8", "backslashreplace").decode())


def clean(value: object, limit: int = LINE, reason: str = "bad_text") -> str:
    """Return a text without control characters, "" where there is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise rejected(reason, value)
    value = value[:limit]
    if value.isprintable():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        raise rejected(reason, value) from None  # half a character: the text was cut or mangled
    return text(value)


def name(value: object, reason: str) -> str:
    """Return an id, which must be kept and sent back exactly as it is."""
    if not isinstance(value, str) or not 0 < len(value) <= 1024 or not value.isprintable():
        raise rejected(reason, value)
    return value


def choice(value: object, meanings: Mapping[str, T], default: T) -> T:
    """Return what one of Google's words means; it leaves out the usual one."""
    if value is None:
        return default
    if isinstance(value, str) and value in meanings:
        return meanings[value]
    raise rejected("bad_choice", value)


def email(value: object) -> str:
    """Return a mail address as it is compared, "" where there is none."""
    return _email(clean(value, LINE, "bad_attendee")) if value else ""


@lru_cache(maxsize=4096)  # the same people meet again and again
def _email(written: str) -> str:
    found = address(written)
    if found and (len(found) > ADDRESS or "@" not in found or len(found.split()) > 1):
        raise rejected("bad_attendee", written)
    return found


def link(value: object, *schemes: str) -> str:
    """Return a web address of one of ``schemes``, "" where it is another or too long to be one."""
    url = clean(value, LINK + 1)
    # A blank inside would let text follow the address; schemes are written in either case.
    whole = len(url) <= LINK and " " not in url and url.isprintable()
    return url if whole and url[:8].lower().startswith(schemes) else ""


@lru_cache(maxsize=1024)
def is_zone(key: str) -> bool:
    """Whether the IANA time zone database of this machine knows ``key``."""
    if len(key) > 64 or key.startswith(NO_ZONES):
        return False
    try:
        ZoneInfo(key)
    except (KeyError, ValueError, OSError):  # unknown, not a relative path, a folder
        return False
    return True


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
