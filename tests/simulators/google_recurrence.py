"""Recurring events: the rule of a master, its occurrences, the ids of its instances.

https://developers.google.com/workspace/calendar/api/concepts/events-calendars#recurring_events
Expansion runs on the wall clock of the event's own zone, so daylight saving moves no meeting.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cached_property, lru_cache
from heapq import merge
from typing import Any

from dateutil.rrule import rrule, rrulestr

from .google_time import UTC, duration, is_all_day, show, wall, zone

_LINE = re.compile(r"(RRULE|EXRULE|RDATE|EXDATE)((?:;[A-Z-]+=[^;:]+)*):(\S+)$")
_INSTANCE = re.compile(r"(.+)_(\d{8}(?:T\d{6}Z)?)$")
_HALF = re.compile(r"_R\d{8}(?:T\d{6})?$")  # the later half of a series that was split


@lru_cache(maxsize=4096)
def _rule(text: str, start: datetime) -> rrule:
    return rrulestr(text, dtstart=start)


def parse_line(line: str) -> tuple[str, dict[str, str], str]:
    """Return name, parameters and value of a recurrence line."""
    match = _LINE.match(line)
    if not match:
        raise ValueError(f"not a recurrence line: {line}")
    name, parameters, value = match.groups()
    pairs = (part.split("=", 1) for part in parameters.split(";") if part)
    return name, dict(pairs), value


def until_of(rule: str) -> str | None:
    """Return the UNTIL part of a rule's value."""
    found = re.search(r"(?:^|;)UNTIL=([^;]+)", rule)
    return found[1] if found else None


def local(text: str, own: tzinfo | None, parameters: dict[str, str] | None = None) -> datetime:
    """Return a date, UTC time or zoned time of a recurrence line on the wall clock of ``own``."""
    if "T" not in text:
        return datetime.fromisoformat(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    if own is None:
        raise ValueError(f"an all-day series takes dates only: {text}")
    if text.endswith("Z"):
        moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    else:
        name = (parameters or {}).get("TZID")
        moment = datetime.strptime(text, "%Y%m%dT%H%M%S").replace(
            tzinfo=zone(name) if name else own
        )
    return moment.astimezone(own).replace(tzinfo=None)


@dataclass(frozen=True)
class Series:
    """What is needed to expand a master."""

    start: datetime
    zone: tzinfo | None  # None: all-day
    calendar_zone: tzinfo  # where the days of an all-day series begin
    duration: timedelta
    rules: tuple[str, ...]
    exrules: tuple[str, ...]
    rdates: tuple[datetime, ...]
    exdates: frozenset[datetime]

    @classmethod
    def of(cls, master: dict[str, Any], calendar_zone: tzinfo = UTC) -> Series:
        """Read a master resource; raise ValueError where its lines make no sense."""
        own = None if is_all_day(master) else zone(master["start"]["timeZone"])
        found: dict[str, list[Any]] = {"RRULE": [], "EXRULE": [], "RDATE": [], "EXDATE": []}
        for line in master["recurrence"]:
            name, parameters, value = parse_line(line)
            if name.endswith("RULE"):
                found[name].append(_on_wall(value, own))
            else:
                found[name] += [local(text, own, parameters) for text in value.split(",")]
        rules, exrules = tuple(found["RRULE"]), tuple(found["EXRULE"])
        rdates, exdates = tuple(sorted(found["RDATE"])), frozenset(found["EXDATE"])
        start, length = wall(master["start"]), duration(master)
        return cls(start, own, calendar_zone, length, rules, exrules, rdates, exdates)

    def originals(self) -> Iterator[datetime]:
        """Yield the start of every occurrence in order, on the wall clock."""
        excluded = merge(*(_rule(text, self.start) for text in self.exrules))
        skip = next(excluded, None)
        last = None
        for moment in merge([self.start], self.rdates, *map(self._counted, self.rules)):
            while skip is not None and skip < moment:
                skip = next(excluded, None)
            if moment != last and moment != skip and moment not in self.exdates:
                yield moment
            last = moment

    def _counted(self, text: str) -> Iterable[datetime]:
        """Return a rule's occurrences; DTSTART is the first of COUNT (RFC 5545 3.3.10)."""
        rule = _rule(text, self.start)
        if "COUNT=" not in text or next(iter(rule), None) == self.start:
            return rule
        return list(rule)[:-1]

    def between(self, low: datetime | None, high: datetime) -> Iterator[datetime]:
        """Yield wall starts whose end lies after ``low`` and start before ``high`` (both UTC)."""
        for moment in self.originals():
            if self.instant(moment) >= high:
                return
            if low is None or self.end(moment) > low:
                yield moment

    @property
    def endless(self) -> bool:
        """Tell whether some rule has neither COUNT nor UNTIL."""
        return any("COUNT=" not in rule and "UNTIL=" not in rule for rule in self.rules)

    @cached_property
    def over(self) -> datetime:
        """Return when the last occurrence of a series that ends is over."""
        last = deque(self.originals(), maxlen=1)
        return self.end(last[0]) if last else datetime.min.replace(tzinfo=UTC)

    def instant(self, moment: datetime) -> datetime:
        """Return the instant of a wall time."""
        return moment.replace(tzinfo=self.zone or self.calendar_zone).astimezone(UTC)

    def end(self, moment: datetime) -> datetime:
        """Return the instant at which the occurrence of a wall start ends."""
        return self.instant(moment + self.duration)

    def stamp(self, moment: datetime) -> str:
        """Return how instance ids name the occurrence."""
        if self.zone is None:
            return moment.strftime("%Y%m%d")
        return self.instant(moment).strftime("%Y%m%dT%H%M%SZ")

    def from_stamp(self, stamp: str) -> datetime | None:
        """Return the wall start that a stamp names, if it is of the right kind."""
        if ("T" in stamp) != (self.zone is not None):
            return None
        return local(stamp, self.zone)

    def has(self, moment: datetime) -> bool:
        """Tell whether the wall time is the start of an occurrence."""
        for original in self.originals():
            if original >= moment:
                return original == moment
        return False


def _on_wall(rule: str, own: tzinfo | None) -> str:
    """Return the rule with UNTIL on the wall clock, because expansion runs there."""
    until = until_of(rule)
    if not until:
        return rule
    return rule.replace(f"UNTIL={until}", f"UNTIL={local(until, own):%Y%m%dT%H%M%S}")


def check(master: dict[str, Any]) -> None:
    """Raise ValueError for a recurrence that the service does not take."""
    lines = [parse_line(line) for line in master["recurrence"]]
    if not any(name in ("RRULE", "RDATE") for name, _, _ in lines):
        raise ValueError("neither RRULE nor RDATE")
    all_day = is_all_day(master)
    for name, parameters, value in lines:
        if parameters.get("VALUE") == "PERIOD":
            raise ValueError("periods are not supported")
        until = until_of(value) if name.endswith("RULE") else None
        if until and ("COUNT=" in value or bool(re.fullmatch(r"\d{8}", until)) != all_day):
            raise ValueError("UNTIL with COUNT, or of the wrong type")
        if until and not all_day and not until.endswith("Z"):
            raise ValueError("UNTIL must be in UTC")
    series = Series.of(master)
    for rule in series.rules + series.exrules:
        _rule(rule, series.start)


def base_id(master_id: str) -> str:
    """Return the id that instances carry; both halves of a split series share it."""
    return _HALF.sub("", master_id)


def split_id(instance_id: str) -> tuple[str, str] | None:
    """Return base id and stamp of an instance id."""
    match = _INSTANCE.match(instance_id)
    return (match[1], match[2]) if match else None


def times(series: Series, moment: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """Return start and end of the occurrence of a wall start, as a resource has them."""
    if series.zone is None:
        last = moment + series.duration
        return {"date": f"{moment:%Y-%m-%d}"}, {"date": f"{last:%Y-%m-%d}"}
    name = str(series.zone)
    both = (series.instant(moment), series.end(moment))
    start, end = ({"dateTime": show(at, series.calendar_zone), "timeZone": name} for at in both)
    return start, end
