"""When the clocks of a zone change, as calendar files say it (RFC 5545 3.6.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from .rules import DAY, UTC, zone_of


@dataclass(frozen=True, slots=True)
class Clock:
    """From ``at``, a wall time by the offset ``before``, clocks go by the offset ``after``."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=64)
def clocks(zone: str, first: int, last: int) -> tuple[Clock, ...]:
    """Return how the clocks of a zone go from one year to another, both included.

    Each change is found, none is concluded from a rule: parliaments decide otherwise.
    """
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    found = [_clock(moment, zone, _offset(moment, zone))]
    while moment < end:
        later = moment + DAY
        before = _offset(moment, zone)
        if _offset(later, zone) != before:
            found.append(_clock(_change(moment, later, zone), zone, before))
        moment = later
    return tuple(found)


def _change(early: datetime, late: datetime, zone: str) -> datetime:
    """Return the first instant after ``early`` at which the offset is another, to the second."""
    before = _offset(early, zone)
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        early, late = (middle, late) if _offset(middle, zone) == before else (early, middle)
    return late


def _clock(instant: datetime, zone: str, before: timedelta) -> Clock:
    there = instant.astimezone(zone_of(zone))
    wall = (instant + before).replace(tzinfo=None)
    name, summer = there.tzname() or zone, bool(there.dst())
    return Clock(wall, before, _offset(instant, zone), name, summer)


def _offset(instant: datetime, zone: str) -> timedelta:
    return instant.astimezone(zone_of(zone)).utcoffset() or timedelta()
