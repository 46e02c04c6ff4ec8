"""When a user works, where that user said so on the calendar page."""

from datetime import datetime, time, timedelta, timezone

from odoo import models

DAY = timedelta(days=1)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _synced_working_spans(self, start, stop):
        """Prefer what the user chose to the company's schedule."""
        spans = super()._synced_working_spans(start, stop)
        for user in self.sudo():
            settings = user.res_users_settings_id
            if settings.synced_work_days:
                spans[user] = list(settings._synced_own_hours(user._synced_zone(), start, stop))
        return spans


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    def _synced_own_hours(self, zone, start, stop):
        """Yield the user's hours between two instants by the clocks of ``zone``."""
        day, last = start.astimezone(zone).date(), stop.astimezone(zone).date()
        while day <= last:
            if str(day.isoweekday()) in self.synced_work_days:
                hours = (self.synced_work_start, self.synced_work_end)
                begin, end = (_instant(day, hour, zone) for hour in hours)
                if begin < stop and end > start:
                    yield max(begin, start), min(end, stop)
            day += DAY


def _instant(day, hour, zone):
    """Return what the clocks of a zone show, as an instant; 24 is the next midnight."""
    minutes = round(hour * 60)
    day += DAY * (minutes // 1440)
    clock = time(minutes % 1440 // 60, minutes % 60)
    return datetime.combine(day, clock, zone).astimezone(timezone.utc)
