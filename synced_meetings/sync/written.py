"""A recurrence as a calendar file writes it: whatever the lines said, in the event's own zone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .event import When, Window
from .recurrence import first_wall, recurrence_id
from .rules import Lines, Rule, instant_of, read


@dataclass(frozen=True, slots=True)
class Written:
    """RRULE values, and the wall times (midnight for dates) of RDATE and EXDATE."""

    rules: tuple[str, ...]
    added: tuple[datetime, ...]
    excluded: tuple[datetime, ...]


def written(
    when: When, rule: Sequence[str], window: Window, without: Iterable[datetime] = ()
) -> Written:
    """Return the recurrence of a series, less the starts ``without``, which are wall times.

    What no file can say, or not every calendar reads, is said by starts inside ``window``.
    Raises as `recurrence.occurrences` does.
    """
    lines = read(tuple(rule), when.zone, when.allday)
    first = first_wall(when)
    excluded = {*without, *lines.excluded, *_by_the_way(lines, first, window)}
    return Written(
        tuple(_rule(one, when) for one in lines.rules),
        tuple(sorted(lines.rdates)),
        tuple(sorted(excluded)),
    )


def _by_the_way(lines: Lines, first: datetime, window: Window) -> Iterable[datetime]:
    """Yield what EXRULE lines and whole days exclude."""
    late = window.stop.replace(tzinfo=None)
    for rule in lines.exrules:
        yield from rule.starts(first, first, late)
    if lines.excluded_days:
        starts = {first, *lines.rdates}.union(*(r.starts(first, first, late) for r in lines.rules))
        yield from (start for start in starts if start.date() in lines.excluded_days)


def _rule(rule: Rule, when: When) -> str:
    """Return a rule with its UNTIL of the kind that its start is of (RFC 5545 3.3.10)."""
    if rule.until is None:
        return rule.text
    until = rule.until.date() if when.allday else instant_of(rule.until, when.zone)
    return f"{rule.text};UNTIL={recurrence_id(until)}"
