"""Which occurrences the VEVENTs of one UID make together.

RFC 5545: https://www.rfc-editor.org/rfc/rfc5545#section-3.8.4.4 (recurrence ids, RANGE)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import merge
from typing import Any

from dateutil.rrule import rrulestr

from .google_recurrence import local, until_of
from .ics_reading import Part, aware, identity

FAR = 120  # occurrences to look at behind the last special one of an endless series, and
LONG = timedelta(days=1_830)  # at least so long: both changes of the clocks, and a leap year;
MOST = 3_000  # but no more than this, for rules that repeat every minute


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
    shift: timedelta
    length: timedelta
    occurrences: list[Occurrence] = field(default_factory=list)
    endless: bool = False

    def changes(self) -> list[Part]:
        """Return the changes to single occurrences that are not called off."""
        found = [one.change for one in self.occurrences if one.change]
        return [one for one in found if not one.cancelled]

    def start(self, one: Occurrence) -> datetime:
        """Return where the pattern of the segment puts an occurrence."""
        return one.original + self.shift


class Group:
    """All parts of one UID: the series itself (if it is there) and the changes to it."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.core: Part | None = None
        self.changes: dict[datetime, Part] = {}
        self.ranges: list[datetime] = []
        self.notes: list[tuple[Part, str]] = []
        for part in parts:
            self._add(part)
        if self.core:
            self._repair(self.core)
        if self.core and self.core.cancelled:
            self.notes.append((self.core, "is cancelled, which leaves nothing in Google"))
        self.ranges.sort()
        self.excluded = self._excluded()
        periods = self.core.periods.items() if self.core else ()
        self.lengths = {name: length for one, length in periods for name in identity(one)}

    def _add(self, part: Part) -> None:
        if part.recurrence_id is None:
            if self.core is not None:
                self.notes.append((part, "is there twice; the higher SEQUENCE counts"))
            self.core = _newer(self.core, part)
            return
        for name in identity(part.recurrence_id):
            self.changes[name] = _newer(self.changes.get(name), part)
        if part.following:
            self.ranges.append(identity(part.recurrence_id)[0])

    def _repair(self, core: Part) -> None:
        right = [repaired(rule, core) for rule in core.rules]
        if right != core.rules:
            text = " and ".join(right)
            self.notes.append((core, f"has an UNTIL of the wrong type; it was read as {text}"))
        core.rules = right

    @property
    def repeats(self) -> bool:
        """Tell whether this is a series."""
        return bool(self.core and (self.core.rules or self.core.rdates))

    def _excluded(self) -> tuple[set[datetime], set[object]]:
        """Return excluded times and excluded days."""
        dates = self.core.exdates if self.core else []
        days = {one for one in dates if not isinstance(one, datetime)}
        return {name for one in dates for name in identity(one)}, days

    def change(self, original: datetime) -> Part | None:
        """Return the part that replaces an occurrence."""
        return _named(self.changes, original)

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
        wall = core.start.replace(tzinfo=None)
        rules = [own_rule(rule, core) for rule in core.rules]
        ends = [end for _, end in rules if end]
        first = [] if ends and wall > max(ends) else [wall]
        rdates = sorted(one.replace(tzinfo=None) for one in self._rdates())
        streams = [rrulestr(rule, dtstart=wall) for rule, _ in rules]
        return (one.replace(tzinfo=core.zone) for one in merge(first, rdates, *streams))

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
        for original in self.originals():
            yield Occurrence(original, self.change(original), _named(self.lengths, original))
            beyond += original > special
            known = beyond > FAR and original > special + LONG
            if self.endless and (known or beyond > MOST):
                return

    def segments(self) -> list[Segment]:
        """Return the series in pieces of one pattern each."""
        found = [self._segment(self.core)]
        seen: set[int] = set()
        for one in self.occurrences():
            if one.change and id(one.change) in seen:
                continue  # two occurrences bear the name that the change gives
            seen.add(id(one.change))
            pattern = bool(one.change and one.change.following)
            part = one.change if pattern else self.governing(one.original)
            if part is not found[-1].part:
                found.append(self._segment(part))
            found[-1].occurrences.append(replace(one, change=None) if pattern else one)
        found[-1].endless = self.endless
        return [segment for segment in found if segment.occurrences]

    def _segment(self, part: Part) -> Segment:
        shift, length = part.shift, part.duration
        if self.core.all_day:  # whatever a change says about hours, days stay days
            midnight = self.core.start
            start = midnight + shift
            length = (start + length).date() - start.date()
            shift = timedelta(days=(start.date() - midnight.date()).days)
        return Segment(part, shift, length)

    def strays(self) -> list[Part]:
        """Return the changes to occurrences that the series does not have."""
        parts = list({id(one): one for one in self.changes.values()}.values())
        if not parts or self.core is None or self.core.cancelled:
            return parts
        used = {id(one.change) for one in self.occurrences()}
        return [one for one in parts if id(one) not in used and not self._obsolete(one)]

    def _obsolete(self, part: Part) -> bool:
        """Tell whether a change is excluded, or belongs to an older state of the series."""
        older = part.repeats and part.sequence < self.core.sequence
        return older or bool(self.excluded[0].intersection(identity(part.recurrence_id)))


def _named(known: dict[datetime, Any], original: datetime) -> Any:
    """Return what is known of an occurrence under either of its names."""
    found = None
    for name in identity(original):
        found = known.get(name, found)
    return found


def _newer(old: Part | None, new: Part) -> Part:
    return new if old is None or new.sequence > old.sequence else old


def repaired(rule: str, part: Part) -> str:
    """Return a rule whose UNTIL is of the type that DTSTART demands (RFC 5545 3.3.10).

    A date where a time belongs means midnight in UTC; a time without zone means UTC.
    """
    until = until_of(rule)
    if not until or re.fullmatch(r"\d{8}" if part.all_day else r"\d{8}T\d{6}Z", until):
        return rule
    clock = until[8:].rstrip("Z") or "T000000"
    right = until[:8] if part.all_day else f"{until[:8]}{clock}Z"
    return rule.replace(f"UNTIL={until}", f"UNTIL={right}")


def own_rule(rule: str, part: Part) -> tuple[str, datetime | None]:
    """Return a rule with UNTIL on the wall clock of the series, and that moment."""
    until = until_of(rule)
    if not until:
        return rule, None
    end = local(until, part.zone)
    return rule.replace(f"UNTIL={until}", f"UNTIL={end:%Y%m%dT%H%M%S}"), end
