"""Times as Graph writes them: seven digits after the second, Windows' and IANA's zone names.

https://learn.microsoft.com/en-us/graph/api/resources/datetimetimezone
"""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from exchangelib.winzone import IANA_TO_MS_TIMEZONE_MAP, MS_TIMEZONE_TO_IANA_MAP

from .graph_errors import GraphError, bad

UTC = timezone.utc
Time = dict[str, str]
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d)?)(?:\.\d{1,7})?)?(Z?)$", re.ASCII)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return a zone by the name that Windows or IANA gave it; refuse any other."""
    known = "UTC" if name.startswith("tzone://") else MS_TIMEZONE_TO_IANA_MAP.get(name, name)
    try:
        return ZoneInfo(known or "?")
    except (ValueError, KeyError, OSError):
        raise unsupported(name) from None


def unsupported(name: str) -> GraphError:
    """Return the refusal of a zone."""
    message = "A valid TimeZone value must be specified. The following TimeZone value is not "
    return bad(f"{message}supported: '{name}'.", "TimeZoneNotSupportedException")


def windows(name: str) -> str:
    """Return the name under which Exchange keeps a zone."""
    zone(name)
    if name in MS_TIMEZONE_TO_IANA_MAP:
        return name
    if zone(name).key in ("UTC", "Etc/UTC"):
        return "UTC"
    if name not in IANA_TO_MS_TIMEZONE_MAP:
        raise unsupported(name)
    return IANA_TO_MS_TIMEZONE_MAP[name][0]


def kept(value: object, name: str) -> Time:
    """Return a start or end as Exchange keeps it: wall time and a Windows zone."""
    if not isinstance(value, dict) or not isinstance(value.get("dateTime"), str):
        raise bad(f"The value of '{name}' is no DateTimeTimeZone.", "RequestBodyRead")
    found = _TIME.match(value["dateTime"])
    own = windows(value.get("timeZone") or "UTC")
    if not found or (found[3] and own != "UTC"):
        raise bad(f"Cannot convert '{value['dateTime']}' to a DateTime.", "RequestBodyRead")
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
    except ValueError:
        raise bad(
            f"Cannot convert '{value['dateTime']}' to a DateTime.", "RequestBodyRead"
        ) from None
    return made(moment, own)


def made(moment: datetime, name: str) -> Time:
    """Return a wall time as Exchange keeps it."""
    return {"dateTime": moment.isoformat(timespec="seconds"), "timeZone": name}


def wall(value: Time) -> datetime:
    """Return the naive wall time in the zone that the value names."""
    return datetime.fromisoformat(value["dateTime"])


def instant(value: Time) -> datetime:
    """Return the moment that a start or end means."""
    return wall(value).replace(tzinfo=zone(value["timeZone"])).astimezone(UTC)


def shown(value: Time, wanted: str, floating: bool) -> Time:
    """Return a start or end in the zone that was asked for; dates float from zone to zone."""
    moment = wall(value) if floating else instant(value).astimezone(zone(wanted))
    return {"dateTime": f"{moment:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": wanted}


def stamp(moment: datetime) -> str:
    """Return a moment as createdDateTime and others have it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0Z"


def parse(text: str) -> datetime:
    """Return the moment in an address or a DateTimeOffset; without offset it is in UTC."""
    clean = re.sub(r"\.(\d{1,6})\d*", "", text.strip().replace(" ", "+"))
    try:
        moment = datetime.fromisoformat(re.sub("[Zz]$", "+00:00", clean))
    except ValueError:
        raise GraphError(400, "ErrorInvalidParameter", f"'{text}' is no DateTime.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def midnight(day: date) -> datetime:
    """Return the beginning of a day on the wall."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall time has no zone
