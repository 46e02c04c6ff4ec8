"""Recurrence lines for Google that give exactly the occurrences that a file has.

A rule is proposed, expanded the way Google does, and compared; what it gives too much becomes
EXDATE, what it lacks RDATE. Where no rule fits, the occurrences are listed one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from itertools import takewhile

from dateutil.rrule import rrulestr

from .google_recurrence import Series, check
from .google_time import UTC
from .ics_series import FAR

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


class Pattern:
    """The starts that a series must have, on the wall clock of a named zone."""

    def __init__(
        self, starts: list[datetime], zone: tzinfo | None, endless: bool, length: timedelta
    ) -> None:
        self.zone, self.endless, self.length = zone, endless, length
        self.starts = sorted({self.wall(one) for one in starts})

    def wall(self, moment: datetime) -> datetime:
        """Return a moment on the wall clock of the series."""
        return (moment.astimezone(self.zone) if self.zone else moment).replace(tzinfo=None)

    @property
    def until(self) -> str:
        """Return the last occurrence as UNTIL has it."""
        last = self.starts[-1]
        if self.zone is None:
            return f"{last:%Y%m%d}"
        return f"{last.replace(tzinfo=self.zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"

    def lines(self, first: datetime, rules: list[str]) -> list[str] | None:
        """Return recurrence lines for proposed rules, or None where they are no good."""
        master = {**self._times(first), "recurrence": [f"RRULE:{rule}" for rule in rules]}
        try:
            check(master)
            series = Series.of(master)
        except (ValueError, TypeError, KeyError):
            return None
        last = self.starts[-1]
        given = list(takewhile(lambda one: one <= last, series.originals()))
        extra = sorted(set(given) - set(self.starts))
        lacking = sorted(set(self.starts) - set(given))
        if not self._good(extra, lacking) or (not self.endless and self._runs_on(series)):
            return None
        return master["recurrence"] + self.listed("RDATE", lacking) + self.listed("EXDATE", extra)

    def _runs_on(self, series: Series) -> bool:
        """Tell whether the rule gives more behind the last occurrence."""
        return next((True for one in series.originals() if one > self.starts[-1]), False)

    def _good(self, extra: list[datetime], lacking: list[datetime]) -> bool:
        """Refuse a rule that explains little, or misses the pattern of an endless series."""
        if len(lacking) > len(self.starts) // 2 or len(extra) > 2 * len(self.starts) + 20:
            return False
        settled = self.starts[-min(FAR, len(self.starts))]
        return not self.endless or not any(one >= settled for one in extra + lacking)

    def _times(self, first: datetime) -> dict[str, dict[str, str]]:
        both = {"start": first, "end": first + self.length}
        if self.zone is None:
            return {name: {"date": f"{at:%Y-%m-%d}"} for name, at in both.items()}
        name = str(self.zone)
        return {
            key: {"dateTime": at.replace(tzinfo=self.zone).isoformat(), "timeZone": name}
            for key, at in both.items()
        }

    def listed(self, name: str, moments: list[datetime]) -> list[str]:
        """Return one line that lists moments."""
        if not moments:
            return []
        if self.zone is None:
            return [f"{name};VALUE=DATE:" + ",".join(f"{one:%Y%m%d}" for one in moments)]
        instants = (one.replace(tzinfo=self.zone).astimezone(UTC) for one in moments)
        return [f"{name}:" + ",".join(f"{one:%Y%m%dT%H%M%SZ}" for one in instants)]

    def explicit(self) -> list[str]:
        """Return lines that list every occurrence behind the first."""
        return self.listed("RDATE", self.starts[1:]) or self.listed("RDATE", self.starts)


def proposals(
    rules: list[str], until: str, shift: timedelta, faithful: bool
) -> Iterator[list[str]]:
    """Yield rules that may describe a (moved, ended) series, the most faithful first."""
    if not rules:
        return
    if faithful:
        yield rules
    ended = [_ended(rule, until) for rule in rules] if until else rules
    yield ended
    if shift:
        yield [_turned(rule, shift.days) for rule in ended]
        yield [_turned(rule, shift.days + 1) for rule in ended]  # over midnight
        yield [re.sub(r";BY(DAY|MONTHDAY|MONTH)=[^;]+", "", rule) for rule in ended]


def _ended(rule: str, until: str) -> str:
    kept = [part for part in rule.split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    return ";".join([*kept, f"UNTIL={until}"])


def _turned(rule: str, days: int) -> str:
    """Return a rule with its weekdays moved."""

    def turn(found: re.Match[str]) -> str:
        return DAYS[(DAYS.index(found[0]) + days) % 7]

    by_day = re.search(r"BYDAY=([^;]+)", rule)
    if not by_day:
        return rule
    return rule.replace(by_day[1], re.sub("|".join(DAYS), turn, by_day[1]))


def counts_from(rules: list[str], start: datetime) -> bool:
    """Tell whether a COUNT means the same to everybody: whether the rule gives the start, too."""
    counting = [re.sub(r"UNTIL=[^;]+;?", "", rule) for rule in rules if "COUNT=" in rule]
    return all(next(iter(rrulestr(rule, dtstart=start)), None) == start for rule in counting)
