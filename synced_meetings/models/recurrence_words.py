"""A recurrence rule in plain words: a pure function of the rule and the reader's language."""

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, get_day_names, get_month_names
from babel.lists import format_list

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WEEKDAYS = DAYS[:5]
KNOWN = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"
}  # fmt: skip


def in_words(rule, first, zone, locale, _):
    """Return e.g. "Every Monday until 25 Jan 2027"; None where the rule is too unusual.

    ``rule`` holds RRULE, RDATE and EXDATE lines, ``first`` is the first day, ``_`` translates.
    """
    lines = [line for line in rule.splitlines() if line and not line.startswith("EXDATE")]
    if len(lines) != 1 or not lines[0].startswith("RRULE:"):
        return None
    try:
        return _Words(lines[0][6:], first, zone, locale, _).sentence()
    except (KeyError, ValueError, IndexError):
        return None


class _Words:
    """One rule on its way to a sentence; any KeyError or ValueError means: too unusual."""

    def __init__(self, rule, first, zone, locale, _):
        self.parts = dict(part.split("=", 1) for part in rule.upper().split(";") if part)
        if not self.parts.keys() <= KNOWN:
            raise ValueError(rule)
        self.first, self.zone, self.locale, self._ = first, zone, locale, _
        self.step = int(self.parts.get("INTERVAL", 1))
        self.days = [day for day in self.parts.get("BYDAY", "").split(",") if day]

    def sentence(self):
        """Return rhythm and end as one sentence."""
        rhythms = {
            "DAILY": self._daily,
            "WEEKLY": self._weekly,
            "MONTHLY": self._monthly,
            "YEARLY": self._yearly,
        }
        return self._ended(rhythms[self.parts["FREQ"]]())

    def _ended(self, rhythm):
        if "COUNT" in self.parts:
            return self._("%(rhythm)s, %(n)s times", rhythm=rhythm, n=int(self.parts["COUNT"]))
        if "UNTIL" in self.parts:
            day = format_date(self._until(), format="medium", locale=self.locale)
            return self._("%(rhythm)s until %(day)s", rhythm=rhythm, day=day)
        return rhythm

    def _until(self):
        stamp = self.parts["UNTIL"]
        day = date(int(stamp[:4]), int(stamp[4:6]), int(stamp[6:8]))
        if not stamp.endswith("Z"):
            return day
        moment = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def _daily(self):
        self._only("BYDAY")
        if self.days and self.step == 1:
            return self._weekly()
        if self.days:
            raise ValueError(self.parts)
        if self.step == 1:
            return self._("Every day")
        return self._("Every %(n)s days", n=self.step)

    def _weekly(self):
        self._only("BYDAY")
        days = self.days or [DAYS[self.first.weekday()]]
        if self.step == 1 and sorted(days) == sorted(WEEKDAYS):
            return self._("Every weekday")
        names = self._listed(self._day_name(day) for day in sorted(days, key=DAYS.index))
        if self.step == 1:
            return self._("Every %(days)s", days=names)
        return self._("Every %(n)s weeks on %(days)s", n=self.step, days=names)

    def _monthly(self):
        self._only("BYDAY", "BYMONTHDAY", "BYSETPOS")
        when = self._day_in_month()
        if self.step == 1:
            return self._("Every month on %(day)s", day=when)
        return self._("Every %(n)s months on %(day)s", n=self.step, day=when)

    def _yearly(self):
        self._only("BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH")
        if "BYMONTH" not in self.parts and self.parts.keys() & {"BYDAY", "BYMONTHDAY"}:
            raise ValueError(self.parts)  # counts over the whole year
        month = int(self.parts.get("BYMONTH", self.first.month))
        if self.days:
            name = get_month_names("wide", "stand-alone", self.locale)[month]
            when = self._("%(day)s of %(month)s", day=self._day_in_month(), month=name)
        else:
            day = date(2024, month, int(self.parts.get("BYMONTHDAY", self.first.day)))
            when = format_skeleton("MMMMd", day, locale=self.locale)
        if self.step == 1:
            return self._("Every year on %(day)s", day=when)
        return self._("Every %(n)s years on %(day)s", n=self.step, day=when)

    def _day_in_month(self):
        """Return "day 15", "the last day" or "the first Monday"."""
        if self.days:
            return self._nth_weekday()
        day = int(self.parts.get("BYMONTHDAY", self.first.day))
        if day == -1:
            return self._("the last day")
        if day < 0 or "BYSETPOS" in self.parts:
            raise ValueError(day)
        return self._("day %(n)s", n=day)

    def _nth_weekday(self):
        if "BYMONTHDAY" in self.parts:
            raise ValueError(self.parts)
        if sorted(self.days) == sorted(WEEKDAYS):
            return self._nth(self._("weekday"), int(self.parts["BYSETPOS"]))
        (day,) = self.days
        position = self.parts.get("BYSETPOS") or day[:-2]
        return self._nth(self._day_name(day[-2:]), int(position))

    def _nth(self, name, position):
        _ = self._
        orders = {
            1: _("the first %(weekday)s", weekday=name),
            2: _("the second %(weekday)s", weekday=name),
            3: _("the third %(weekday)s", weekday=name),
            4: _("the fourth %(weekday)s", weekday=name),
            5: _("the fifth %(weekday)s", weekday=name),
            -1: _("the last %(weekday)s", weekday=name),
        }
        return orders[position]

    def _only(self, *names):
        """Refuse rules with parts that the sentence would leave out."""
        if any(key.startswith("BY") and key not in names for key in self.parts):
            raise ValueError(self.parts)

    def _day_name(self, day):
        return get_day_names("wide", "stand-alone", self.locale)[DAYS.index(day)]

    def _listed(self, names):
        return format_list(list(names), locale=self.locale)
