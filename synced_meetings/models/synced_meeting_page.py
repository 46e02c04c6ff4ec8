"""What the calendar page asks for beside the meetings that it shows."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

DAY = timedelta(days=1)
DAYS = 200  # of which one may ask at once


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    @api.model
    def busy_days(self, first, last, user_ids):
        """Return the days, as the reader counts them, on which one of these people meets somebody.

        Only of meetings that the reader may read.
        """
        first, last = fields.Date.to_date(first), fields.Date.to_date(last)
        if not (first and last and first <= last <= first + DAYS * DAY):
            raise UserError(self.env._("Ask for the days of at most half a year."))
        near = Domain([("stop", ">=", first - DAY), ("start", "<", last + 2 * DAY)])
        people = Domain("user_ids", "in", user_ids) | Domain("user_id", "in", user_ids)
        found = set()
        for allday, names in ((False, ("start", "stop")), (True, ("start_date", "stop_date"))):
            domain = near & people & Domain("allday", "=", allday)
            grouped = self._read_group(domain, [f"{name}:day" for name in names])
            for begin, end in grouped:
                found |= _days(begin, end, first, last)
        return sorted(map(fields.Date.to_string, found))


def _days(begin, end, first, last):
    """Return the days from ``begin`` to ``end`` that lie between ``first`` and ``last``."""
    begin, end = max(_day(begin), first), min(_day(end), last)
    return {begin + DAY * number for number in range((end - begin).days + 1)}


def _day(moment):
    return moment.date() if hasattr(moment, "date") else moment
