"""Zones as EWS wants them: always by one of Windows' names, whatever IANA calls them.

https://learn.microsoft.com/exchange/client-developer/exchange-web-services/time-zones-and-ews-in-exchange
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from exchangelib.winzone import IANA_TO_MS_TIMEZONE_MAP, MS_TIMEZONE_TO_IANA_MAP

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.reading import is_zone

from .zones import iana

DAY = timedelta(days=1)
Clock = tuple[tuple[timedelta, int], ...]


@lru_cache(maxsize=1024)
def windows(zone: str) -> str:
    """Return Windows' name of a zone, or of one with the same clock. Raises `Rejected`."""
    if not is_zone(zone or "UTC"):
        raise Rejected("bad_zone", ascii(zone))
    if found := IANA_TO_MS_TIMEZONE_MAP.get(zone or "UTC"):
        return str(found[0])
    return next(
        (name for name in MS_TIMEZONE_TO_IANA_MAP if _clock(iana(name)) == _clock(zone)), "UTC"
    )


def is_exact(zone: str) -> bool:
    """Whether the name that is written for a zone is read as this very zone."""
    return iana(windows(zone)) == zone


@lru_cache(maxsize=64)
def of_offsets(offsets: tuple[tuple[timedelta, int], ...]) -> str:
    """Return a zone with these offsets from UTC, each with the month in which it begins.

    Exchange tells a mailbox's zone so, without a name. "" where there is none such.
    """
    zones = (iana(name) for name in MS_TIMEZONE_TO_IANA_MAP)
    return next((zone for zone in zones if zone and _clock(zone) == tuple(sorted(offsets))), "")


@lru_cache(maxsize=1024)
def _clock(zone: str) -> Clock:
    """Return the offsets of this year and the months in which they begin (0: it is always so)."""
    own, first = ZoneInfo(zone or "UTC"), datetime(2026, 1, 1, 12)  # noqa: DTZ001 - wall time
    walls = [first + DAY * number for number in range(366)]  # clocks change at night
    offsets = [wall.replace(tzinfo=own).utcoffset() or timedelta() for wall in walls]
    if len(set(offsets)) == 1:
        return ((offsets[0], 0),)
    pairs = zip(offsets, offsets[1:], walls[1:], strict=False)
    return tuple(sorted({(now, wall.month) for was, now, wall in pairs if was != now}))
