"""IANA names for the zones of iCalendar files, whatever these call them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone, tzinfo
from functools import lru_cache
from zoneinfo import available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from .google_time import zone

REGIONS = ("Europe/", "America/", "Asia/", "")


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    """Return all zone names, those of well-known cities first."""
    cities = [name for name in dict.fromkeys(WINDOWS_TO_OLSON.values()) if "/" in name]
    cities.sort(key=lambda name: next(n for n, one in enumerate(REGIONS) if name.startswith(one)))
    return (*cities, *sorted(available_timezones() - set(cities)))


def iana(own: tzinfo, moments: Iterable[datetime], hints: Iterable[str] = ()) -> str | None:
    """Return a zone that has the same offset at all given moments; None where none has.

    One that agrees all through those years is better than one that does so by chance.
    """
    if name := getattr(own, "key", None):
        return name
    if isinstance(own, timezone) and not own.utcoffset(None):
        return "UTC"
    given = sorted(moment.astimezone(own) for moment in moments)
    years = range(given[0].year, given[-1].year + 2)
    months = [
        datetime(year, month, 15, 12, tzinfo=own) for year in years for month in (1, 4, 7, 10)
    ]
    names = (*_guesses(hints), *_names())
    for samples in (given + months, given):
        found = next((name for name in names if _agrees(zone(name), samples)), None)
        if found:
            return found
    return None


def _guesses(hints: Iterable[str]) -> list[str]:
    """Return zone names that end a longer name, such as /vendor/Europe/Berlin."""
    known = set(_names())
    found = []
    for hint in hints:
        pieces = hint.strip("/").split("/")
        endings = ("/".join(pieces[number:]) for number in range(len(pieces)))
        found += [one for one in endings if one in known]
    return found


def _agrees(other: tzinfo, samples: list[datetime]) -> bool:
    """Tell whether the same wall times are the same instants."""
    return all(one.replace(tzinfo=other).utcoffset() == one.utcoffset() for one in samples)
