"""Which occurrences the VEVENTs of one UID make together.

RFC 5545: https://www.rfc-editor.org/rfc/rfc5545#section-3.8.4.4 (recurrence ids, RANGE)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import merge

from dateutil.rrule import rrulestr

from .google_recurrence import until_of
from .ics_reading import UTC, Part, aware, identity

FAR = 120  # occurrences to look at behind the last special one of an endless series


@dataclass(frozen=True)
class Occurrence:
    """One occurrence of a series: where the rule puts it, and what became of it."""

    original: datetime
    change: Part | None
    duration: timedelta | None  # of an RDATE that is a period


@dataclass
class Segment:
    """Occurrences that follow one pattern; a change to "this and following" begins a new one."""

    part: Part
    shift: timedelta = timedelta(0)
    occurrences: list[Occurrence] = field(default_factory=list)
    endless: bool = False

    def start(self, one: Occurrence) -> datetime:
        """Return where the pattern of the segment puts an occurrence."""
        return one.original + self.shift


class Group:
    """All parts of one UID: the series itself (if it is there) and the changes to it."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.core: Part | None = None
        self.changes: dict[datetime, Part] = {}
        self.notes: list[tuple[Part, str]] = []
        for part in parts:
            self._add(part)
        if self.core and self.core.cancelled:
            self.notes.append((self.core, "is cancelled, which leaves nothing in Google"))
        ids = {identity(one.recurrence_id)[0] for one in self.changes.values() if one.following}
        self.ranges = sorted(ids) if self.core else []
        self.excluded = self._excluded()

    def _add(self, part: Part) -> None:
        if part.recurrence_id is None:
            if self.core is not None:
                self.notes.append((part, "is there twice; the higher SEQUENCE counts"))
            self.core = _newer(self.core, part)
            return
        for name in identity(part.recurrence_id):
            self.changes[name] = _newer(self.changes.get(name), part)

    def _excluded(self) -> tuple[set[datetime], set[object]]:
        """Return excluded times and excluded days."""
        dates = self.core.exdates if self.core else []
        days = {one for one in dates if not isinstance(one, datetime)}
        return {name for one in dates for name in identity(one)}, days

    def change(self, original: datetime) -> Part | None:
        """Return the part that replaces an occurrence."""
        found = None
        for name in identity(original):
            found = self.changes.get(name, found)
        return found

    def governing(self, original: datetime) -> Part:
        """Return the part whose pattern an unchanged occurrence follows."""
        part, own = self.core, identity(original)[0]
        for name in self.ranges:
            if name < own:
                part = self.changes[name]
        return part

    def originals(self) -> Iterator[datetime]:
        """Yield where the rule puts the occurrences that are not excluded, in order."""
        times, days = self.excluded
        last = None
        for original in self._generated():
            if original == last:
                continue
            last = original
            if original.date() not in days and not times.intersection(identity(original)):
                yield original

    def _generated(self) -> Iterator[datetime]:
        core = self.core
        rules = [own_rule(rule, core) for rule in core.rules]
        ends = [end for rule in rules if (end := _end(rule, core))]
        first = [] if ends and core.start > max(ends) else [core.start]
        wall = core.start.replace(tzinfo=None)
        walls = merge(first and [wall], sorted(one.replace(tzinfo=None) for one in self._rdates()))
        streams = [rrulestr(rule, dtstart=wall) for rule in rules]
        return (one.replace(tzinfo=core.zone) for one in merge(walls, *streams))

    def _rdates(self) -> Iterator[datetime]:
        core = self.core
        return (one.astimezone(core.zone) if core.zone else one for one in core.rdates)

    @property
    def endless(self) -> bool:
        """Tell whether the series has no last occurrence."""
        return any("COUNT=" not in rule and "UNTIL=" not in rule for rule in self.core.rules)

    def _special(self) -> datetime:
        """Return the last moment at which something irregular happens."""
        core = self.core
        times = [*core.exdates, *core.rdates, *(one.recurrence_id for one in self.changes.values())]
        return max((aware(one, core.zone) for one in times), default=core.start)

    def occurrences(self) -> Iterator[Occurrence]:
        """Yield all occurrences, or enough of an endless series to know its pattern."""
        beyond, special = 0, self._special()
        lengths = {
            one.astimezone(UTC) if one.tzinfo else one: n for one, n in self.core.rdates.items()
        }
        for original in self.originals():
            key = original.astimezone(UTC) if original.tzinfo else original
            yield Occurrence(original, self.change(original), lengths.get(key))
            beyond += original > special
            if self.endless and beyond > FAR:
                return

    def segments(self) -> list[Segment]:
        """Return the series in pieces of one pattern each."""
        found = [Segment(self.core)]
        seen: set[int] = set()
        for one in self.occurrences():
            part = (
                one.change if one.change and one.change.following else self.governing(one.original)
            )
            if part is one.change:
                one = Occurrence(one.original, None, None)
            if part is not found[-1].part:
                found.append(Segment(part, part.shift))
            if one.change is None or id(one.change) not in seen:
                found[-1].occurrences.append(one)
            seen.add(id(one.change))
        found[-1].endless = self.endless
        return [segment for segment in found if segment.occurrences]

    def strays(self) -> list[Part]:
        """Return the changes to occurrences that the series does not have."""
        parts = list({id(one): one for one in self.changes.values()}.values())
        if self.core is None or self.core.cancelled:
            return parts
        used = {id(one.change) for one in self.occurrences()}
        return [one for one in parts if id(one) not in used and not self._obsolete(one)]

    def _obsolete(self, part: Part) -> bool:
        """Tell whether a change is excluded, or belongs to an older state of the series."""
        older = part.repeats and part.sequence < self.core.sequence
        return older or bool(self.excluded[0].intersection(identity(part.recurrence_id)))


def _newer(old: Part | None, new: Part) -> Part:
    return new if old is None or new.sequence > old.sequence else old


def own_rule(rule: str, part: Part) -> str:
    """Return a rule with UNTIL on the wall clock of the series, repaired where it is mistyped."""
    until = until_of(rule)
    if not until:
        return rule
    return rule.replace(f"UNTIL={until}", f"UNTIL={_wall_until(until, part):%Y%m%dT%H%M%S}")


def _wall_until(until: str, part: Part) -> datetime:
    if part.all_day:
        return datetime.strptime(until[:8], "%Y%m%d").replace(tzinfo=None)
    clock = until.rstrip("Z") if "T" in until else f"{until}T000000"
    moment = datetime.strptime(f"{clock}+0000", "%Y%m%dT%H%M%S%z")
    return moment.astimezone(part.zone).replace(tzinfo=None)


def _end(rule: str, part: Part) -> datetime | None:
    until = until_of(rule)
    return _wall_until_again(until, part) if until else None


def _wall_until_again(until: str, part: Part) -> datetime:
    """Return the UNTIL of a rule that is on the wall clock already."""
    return datetime.strptime(until, "%Y%m%dT%H%M%S").replace(tzinfo=part.zone)


def mistyped(rule: str, part: Part) -> bool:
    """Tell whether UNTIL is not of the type that DTSTART demands (RFC 5545 3.3.10)."""
    until = until_of(rule)
    return bool(until) and not re.fullmatch(r"\d{8}" if part.all_day else r"\d{8}T\d{6}Z", until)
