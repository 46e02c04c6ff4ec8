"""What its owner chooses about a calendar."""

from odoo import models
from odoo.exceptions import AccessError


class SyncedCalendar(models.Model):
    _inherit = "synced.calendar"

    def write(self, vals):
        """Let a person choose which calendars are read; all else the add-ons themselves do."""
        if self.env.su:
            return super().write(vals)
        if vals.keys() - {"selected"}:
            raise AccessError(self.env._("Of a calendar you can choose only whether it is read."))
        self.account_id._check_own()
        chosen = self.filtered(lambda calendar: not calendar.selected)
        done = super().write(vals)
        chosen._mark_due()
        self._review_channels()
        return done
