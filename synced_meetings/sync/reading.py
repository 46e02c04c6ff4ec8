"""What a service wrote, read with suspicion: texts, choices, addresses, links, zones, waits.

What cannot be read raises `Rejected` with one of the codes of `errors.REASONS`, nothing else.
"""

from __future__ import annotations

import json
import reprlib
from collections.abc import Mapping
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from .canonical import address, text
from .errors import Rejected
from .rules import UTC

T = TypeVar("T")

# A day from either end of the calendar, so that no later change of zone can leave it.
FIRST_DAY, LAST_DAY = date(1, 1, 2), date(9999, 12, 30)
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
# Not places: the machine's own zone, and the copies that other systems keep (tzdata's files).
NO_ZONES = ("localtime", "posixrules", "Factory", "posix/", "right/")
ADDRESS, LINK, LINE, BODY = 320, 2_000, 2_000, 100_000
PAYLOAD = 4_000  # characters of a malformed event that are kept
LONGEST = 86_400.0  # seconds that a service may let us wait


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
    """Return what one of the service's words means; the usual one may be left out."""
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


def source(item: object) -> str:
    """Return the JSON of a malformed event as the quarantine keeps it, cut where long."""
    try:
        found = storable(json.dumps(item, ensure_ascii=False))
    except (RecursionError, ValueError):
        found = reprlib.repr(item)
    return found if len(found) <= PAYLOAD else f"{found[:PAYLOAD]}…"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds to wait, at most a day (RFC 9110 10.2.3); names are lower case."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), LONGEST)
    try:  # a date, compared with the server's own clock
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError):
        return None
    return min(max(wait.total_seconds(), 0.0), LONGEST)
