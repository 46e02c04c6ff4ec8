"""A zone that a request describes by its rules.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezone-availability
"""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, timedelta, tzinfo

from .ews_errors import SoapFault
from .ews_recurrence import DAYS
from .ews_xml import Element, find, text


class RuleZone(tzinfo):
    """Standard time and daylight time, and on which Sunday they begin."""

    def __init__(self, standard: timedelta, daylight: timedelta, rules: tuple[Rule, Rule]) -> None:
        self.standard, self.daylight, self.rules = standard, daylight, rules

    @classmethod
    def of(cls, element: Element) -> RuleZone:
        """Read the TimeZone of a request; a bias is what must be added to come to UTC."""
        base = int(text(element, "t:Bias"))
        offsets, rules = [], []
        for name in ("StandardTime", "DaylightTime"):
            part = find(element, f"t:{name}")
            if part is None:
                raise SoapFault("ErrorSchemaValidation", f"The zone has no {name}.")
            offsets.append(timedelta(minutes=-base - int(text(part, "t:Bias"))))
            rules.append(Rule(part))
        return cls(*offsets, tuple(rules))

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return self.standard + self.dst(moment)

    def dst(self, moment: datetime | None) -> timedelta:
        return self.daylight - self.standard if self._summer(moment) else timedelta()

    def tzname(self, moment: datetime | None) -> str:
        return "described"

    def _summer(self, moment: datetime | None) -> bool:
        if moment is None or self.daylight == self.standard:
            return False
        local = moment.replace(tzinfo=None)
        winter, summer = (rule.of(local.year) for rule in self.rules)
        if summer < winter:
            return summer <= local < winter
        return not winter <= local < summer


class Rule:
    """The n-th weekday of a month, at a time of the clock; the fifth is the last."""

    def __init__(self, element: Element) -> None:
        hour, minute, _ = text(element, "t:Time").split(":")
        self.clock = timedelta(hours=int(hour), minutes=int(minute))
        self.order = int(text(element, "t:DayOrder"))
        self.month = int(text(element, "t:Month"))
        self.weekday = DAYS.index(text(element, "t:DayOfWeek"))

    def of(self, year: int) -> datetime:
        """Return when it applies in a year."""
        first, length = monthrange(year, self.month)
        day = 1 + (self.weekday - first) % 7 + 7 * (self.order - 1)
        while day > length:
            day -= 7
        return datetime.fromisoformat(f"{year}-{self.month:02}-{day:02}") + self.clock
