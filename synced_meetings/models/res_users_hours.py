"""When a user works: as the company's working schedule says, else on weekdays from 9 to 17."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytz

from odoo import models

WEEK = range(5)  # Monday to Friday
DAY = timedelta(days=1)
FIRST, LAST = time(9), time(17)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _synced_zone(self):
        """Return the zone by whose clocks this user lives."""
        try:
            return ZoneInfo(self.sudo().tz or "UTC")
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    def _synced_working_spans(self, start, stop):
        """Return {user: [(start, stop), …]} of aware UTC instants between two others."""
        schedules = {user: user._synced_schedule() for user in self.sudo()}
        spans = {}
        for user, schedule in schedules.items():
            zone = user._synced_zone()
            key = schedule, zone
            if key not in spans:
                found = _scheduled(schedule, zone, start, stop) if schedule else None
                spans[key] = _weekdays(zone, start, stop) if found is None else found
        return {user: spans[schedule, user._synced_zone()] for user, schedule in schedules.items()}

    def _synced_schedule(self):
        """Return the working schedule of a user or of the company, where Odoo keeps any."""
        if "resource_calendar_id" not in self._fields:  # the app `resource` is not installed
            return None
        return self.resource_calendar_id or self.company_id.resource_calendar_id or None


def _scheduled(schedule, zone, start, stop):
    """Return the hours of a working schedule by the clocks of ``zone``; None: it names none."""
    if schedule.flexible_hours:
        return None
    clocks = pytz.timezone(str(zone))  # `resource` knows no other kind of zone
    found = schedule._work_intervals_batch(start, stop, tz=clocks)[False]
    return [(_utc(begin), _utc(end)) for begin, end, _lines in found]


def _weekdays(zone, start, stop):
    day, last = start.astimezone(zone).date(), stop.astimezone(zone).date()
    spans = []
    while day <= last:
        if day.weekday() in WEEK:
            begin, end = (_utc(datetime.combine(day, at, zone)) for at in (FIRST, LAST))
            if end > start and begin < stop:
                spans.append((max(begin, start), min(end, stop)))
        day += DAY
    return spans


def _utc(moment):
    return moment.astimezone(timezone.utc)
