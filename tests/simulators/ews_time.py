"""Instants and zones as Exchange writes them: XML times, and the names that Windows gives zones.

https://learn.microsoft.com/exchange/client-developer/exchange-web-services/time-zones-and-ews-in-exchange
"""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from .ews_errors import EwsError

UTC = timezone.utc
CUSTOM = "tzone://Microsoft/Custom"  # what Exchange calls a zone that it found in somebody's mail
MIDNIGHT = time()
DAY = timedelta(days=1)


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """Return the zone of a Windows name; refuse any other."""
    try:
        return ZoneInfo(WINDOWS_TO_OLSON[name])
    except KeyError:
        raise EwsError("ErrorTimeZone", f"The time zone {name!r} is unknown.") from None


@lru_cache(maxsize=256)
def windows_name(iana: str) -> str:
    """Return what Windows calls a zone, or the first of its zones that has the same clock."""
    if iana in ("UTC", "Etc/UTC"):
        return "UTC"
    named = next((name for name, one in WINDOWS_TO_OLSON.items() if one == iana), None)
    if named:
        return named
    clock = _offsets(ZoneInfo(iana))
    return next(name for name, one in WINDOWS_TO_OLSON.items() if _offsets(ZoneInfo(one)) == clock)


@lru_cache(maxsize=1024)
def _offsets(own: tzinfo) -> tuple[timedelta | None, ...]:
    first = datetime(2026, 1, 1, tzinfo=own)
    return tuple((first + timedelta(days=one)).utcoffset() for one in range(0, 730, 7))


def display_name(name: str, own: tzinfo) -> str:
    """Return how a zone is shown to people."""
    offset = datetime(2026, 1, 1, tzinfo=own).utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"(UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}) {name}"


def parse(text: str, default: tzinfo = UTC) -> datetime:
    """Return an instant; a time without offset is one in the zone of the request."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise EwsError("ErrorInvalidArgument", f"not a time: {text}") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=default)).astimezone(UTC)


def parse_day(text: str) -> str:
    """Return the date of ``2026-11-23``, ``2026-11-23+01:00`` or ``2026-11-23Z``."""
    try:
        return datetime.fromisoformat(text.strip()[:10]).date().isoformat()
    except ValueError:
        raise EwsError("ErrorInvalidArgument", f"not a date: {text}") from None


def show(moment: datetime) -> str:
    """Return an instant as Exchange answers it, in UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def wall(moment: datetime, own: tzinfo) -> datetime:
    """Return what the clock of a zone shows."""
    return moment.astimezone(own).replace(tzinfo=None)


def instant(moment: datetime, own: tzinfo) -> datetime:
    """Return the instant at which the clock of a zone shows a time."""
    return moment.replace(tzinfo=own).astimezone(UTC)


def whole_days(start: datetime, end: datetime, own: tzinfo) -> tuple[datetime, datetime]:
    """Return the midnights around an all-day item, as Exchange moves them."""
    first = datetime.combine(wall(start, own).date(), MIDNIGHT)
    last = wall(end, own)
    if last.time() != MIDNIGHT or last <= first:
        last = datetime.combine(max(last, first).date(), MIDNIGHT) + DAY
    return instant(first, own), instant(last, own)


def span_text(length: timedelta) -> str:
    """Return a length as XML writes it, such as PT1H30M."""
    minutes = int(length.total_seconds()) // 60
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    clock = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M")) if count)
    shown = f"P{days}D" if days else "P"
    return shown + (f"T{clock}" if clock else "") if days or clock else "PT0S"
