"""Recurrence lines (RFC 5545 3.8.5) as rules over wall time, read with suspicion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from .errors import Rejected

UTC = timezone.utc
DAY = timedelta(days=1)
EVEN = {"HOURLY": DAY / 24, "DAILY": DAY, "WEEKLY": 7 * DAY}
PERIODS = EVEN | {"MONTHLY": 28 * DAY, "YEARLY": 365 * DAY}  # at least
MOST_RULES, MOST_TEXT, MOST_STARTS = 10, 2_000, 100_000  # of an event; characters of a rule; dates
PARTS = frozenset(
    "FREQ INTERVAL COUNT UNTIL WKST BYSETPOS BYMONTH BYMONTHDAY BYYEARDAY BYWEEKNO BYDAY BYHOUR"
    " BYMINUTE BYSECOND".split()
)
# White space ends a line for dateutil, and another line may hold anything.
VALUES = re.compile(r"[-+0-9A-Z,]*")
# What dateutil raises for a rule that makes no sense, and dates for what no calendar holds.
UNREADABLE = (ValueError, TypeError, OverflowError, LookupError)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule without its UNTIL, which stands beside it as wall time."""

    text: str
    frequency: str
    interval: int
    until: datetime | None

    @property
    def step(self) -> timedelta:
        """The shortest time from one of its periods to the next."""
        return PERIODS[self.frequency] * self.interval

    @property
    def even(self) -> bool:
        """Whether it goes on in the same way from any later period."""
        return self.frequency in EVEN and "COUNT=" not in self.text

    def starts(self, first: datetime, early: datetime, late: datetime) -> Iterator[datetime]:
        """Yield what the rule makes of a series that starts at ``first``, from early to late."""
        late = min(self.until or late, late)
        if self.even and early > first:  # twenty years cost no more than one
            first += (early - first) // self.step * self.step
        try:
            for number, start in enumerate(self._endless(first, late)):
                if number > MOST_STARTS:
                    raise Rejected("too_many_occurrences", self.text)
                if start > late:
                    return
                if start >= early:
                    yield start
        except _StepsUsedUp:
            return

    def _endless(self, first: datetime, late: datetime) -> rrule:
        steps = _Interval(self.interval)
        steps.left = max(late - first, timedelta()) // self.step + 2
        return self.parsed(first).replace(interval=steps)

    def parsed(self, first: datetime) -> rrule:
        """Return the rule as dateutil understands it; raises one of `UNREADABLE`."""
        found = rrulestr(self.text, dtstart=first)
        if not isinstance(found, rrule):
            raise ValueError(self.text)
        return found


class _StepsUsedUp(Exception):
    """A rule was followed to the end of the time that was asked for."""


class _Interval(int):
    """The INTERVAL of a rule, good for so many steps from period to period.

    dateutil looks for the next occurrence of a rule that nothing matches up to the year 9999;
    adding the interval is the one thing that it does at each step.
    """

    left: int

    def __radd__(self, period: int) -> int:
        self._step()
        return period + int(self)

    def __mul__(self, days: int) -> int:  # weeks
        self._step()
        return int(self) * days

    def _step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _StepsUsedUp


@dataclass(frozen=True, slots=True)
class Lines:
    """Recurrence lines as wall times (midnight for dates) of the event's zone."""

    rules: tuple[Rule, ...]
    exrules: tuple[Rule, ...]
    rdates: tuple[datetime, ...]
    excluded: frozenset[datetime]
    excluded_days: frozenset[date]

    def starts(self, first: datetime, early: datetime, late: datetime) -> list[datetime]:
        """Return the wall times at which a series starts from early to late, ordered.

        ``first`` is one of them, whether or not a rule yields it, unless all had ended by then.
        """
        found = {start for start in self.rdates if early <= start <= late}
        if not self.rules or any(rule.until is None or rule.until >= first for rule in self.rules):
            found.add(first)
        for rule in self.rules:
            found.update(rule.starts(first, early, late))
        for rule in self.exrules:
            found.difference_update(rule.starts(first, early, late))
        found -= self.excluded
        return sorted(start for start in found if start.date() not in self.excluded_days)


@lru_cache(maxsize=512)
def read(lines: tuple[str, ...], zone: str, allday: bool) -> Lines:
    """Return what the lines of an event say; raises `Rejected` or one of `UNREADABLE`."""
    rules: dict[str, list[Rule]] = {"RRULE": [], "EXRULE": []}
    stamps: dict[str, list[datetime]] = {"RDATE": [], "EXDATE": [], "EXDATE DAYS": []}
    for line in lines:
        head, _, value = line.partition(":")
        name, *parameters = head.upper().split(";")
        if name in rules:
            rules[name].append(_read_rule(value.strip().upper(), zone, allday))
            continue
        if name == "EXDATE" and "VALUE=DATE" in parameters and not allday:
            name = "EXDATE DAYS"
        tzid = _parameter(head, "TZID")
        stamps[name] += [wall_time(part, tzid, zone) for part in value.split(",")]
    if sum(map(len, rules.values())) > MOST_RULES:
        raise ValueError(lines)
    return Lines(
        tuple(rules["RRULE"]),
        tuple(rules["EXRULE"]),
        tuple(stamps["RDATE"]),
        frozenset(stamps["EXDATE"]),
        frozenset(stamp.date() for stamp in stamps["EXDATE DAYS"]),
    )


def _read_rule(value: str, zone: str, allday: bool) -> Rule:
    parts = dict(part.split("=", 1) for part in value.split(";") if part)
    readable = VALUES.fullmatch("".join(parts.values())) and len(value) <= MOST_TEXT
    interval = int(parts.get("INTERVAL", 1))
    if not readable or parts.keys() - PARTS or not 0 < interval < 10_000:
        raise ValueError(value)
    frequency = parts["FREQ"]
    if frequency not in PERIODS:
        raise ValueError(value)  # by the second or minute is no meeting but an attack
    if frequency == "HOURLY" and any(key.startswith("BY") for key in parts):
        raise ValueError(value)  # the next hour that passes a filter may be years away
    until = _read_until(parts.pop("UNTIL", ""), zone, allday)
    text = ";".join(f"{key}={part}" for key, part in parts.items())
    return Rule(text, frequency, interval, until)


def _read_until(until: str, zone: str, allday: bool) -> datetime | None:
    if not until:
        return None
    end = wall_time(until[:8] if allday else until, "", zone)
    if allday or len(until) > 8:
        return end
    return datetime.combine(end, time.max)  # a date includes its whole day


def _parameter(head: str, name: str) -> str:
    found = (part.partition("=") for part in head.split(";"))
    return next((value.strip('"') for key, _, value in found if key.upper() == name), "")


def wall_time(stamp: str, tzid: str, zone: str) -> datetime:
    """Return an iCalendar date, local, zoned or UTC time as wall time in ``zone``.

    RFC 5545 3.3.5; midnight for a date.
    """
    stamp = stamp.strip().upper()
    if len(stamp) == 8:
        return datetime.strptime(stamp, "%Y%m%d")  # noqa: DTZ007 - wall time has no zone
    if stamp.endswith("Z"):
        return local(datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), zone)
    wall = datetime.strptime(stamp, "%Y%m%dT%H%M%S")  # noqa: DTZ007
    return local(wall.replace(tzinfo=zone_of(tzid)), zone) if tzid else wall


def zone_of(name: str) -> tzinfo:
    """Return the zone of this name, UTC for "". Raises `Rejected` ("bad_zone")."""
    try:
        return ZoneInfo(name) if name else UTC
    except (*UNREADABLE, OSError) as error:  # the name of a folder, or longer than one may be
        raise Rejected("bad_zone", ascii(name)) from error


def local(instant: datetime, zone: str) -> datetime:
    """Return an instant as wall time."""
    return instant.astimezone(zone_of(zone)).replace(tzinfo=None)


def instant_of(wall: datetime, zone: str) -> datetime:
    """Return the instant of a wall time (RFC 5545 3.3.5).

    An hour that does not exist takes the offset from before the change, one that exists twice
    the first of both.
    """
    return wall.replace(tzinfo=zone_of(zone), fold=0).astimezone(UTC)
