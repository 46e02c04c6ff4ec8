"""IANA names for the zones of iCalendar files, whatever these call them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone, tzinfo
from functools import lru_cache
from zoneinfo import available_timezones

from .google_time import zone

UTC = timezone.utc
PREFERRED = ("Europe/", "America/", "Asia/", "Australia/", "Africa/", "Pacific/", "Atlantic/")


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    """Return all zone names, well-known regions first."""

    def rank(name: str) -> tuple[int, str]:
        found = (place for place, region in enumerate(PREFERRED) if name.startswith(region))
        return next(found, len(PREFERRED)), name

    return tuple(sorted(available_timezones(), key=rank))


def iana(own: tzinfo, moments: Iterable[datetime], hints: Iterable[str] = ()) -> str | None:
    """Return a zone that has the same offset at all given moments; None where none has."""
    name = getattr(own, "key", None)
    if name:
        return name
    walls = [moment.astimezone(own) for moment in moments]
    offsets = [(moment.astimezone(UTC), moment.utcoffset()) for moment in walls]
    if all(offset is not None and not offset for _, offset in offsets) and _fixed(own):
        return "UTC"
    for candidate in (*_guesses(hints), *_names()):
        if _agrees(candidate, offsets):
            return candidate
    return None


def _fixed(own: tzinfo) -> bool:
    return isinstance(own, timezone)


def _guesses(hints: Iterable[str]) -> list[str]:
    """Return zone names that end a longer name, such as /vendor/Europe/Berlin."""
    known = set(_names())
    found = []
    for hint in hints:
        pieces = hint.strip("/").split("/")
        endings = ("/".join(pieces[number:]) for number in range(len(pieces)))
        found += [one for one in endings if one in known]
    return found


def _agrees(name: str, offsets: list[tuple[datetime, object]]) -> bool:
    own = zone(name)
    return all(moment.astimezone(own).utcoffset() == offset for moment, offset in offsets)
