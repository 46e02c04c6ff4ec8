"""Whether a user's own calendars are up to date, for the chip on the calendar page."""

from odoo import api, fields, models


class SyncedCalendar(models.Model):
    _inherit = "synced.calendar"

    @api.model
    def my_status(self):
        """Return the state of the user's chosen calendars as plain data."""
        mine = self.search([("user_id", "=", self.env.uid), ("selected", "=", True)])
        read = [calendar.last_sync for calendar in mine]
        return {
            "calendars": len(mine),
            "syncing": any(mine.mapped("syncing")),
            # the chip shows the worst: the calendar that was read the longest ago, if ever
            "last_sync": fields.Datetime.to_string(min(read)) if read and all(read) else False,
            "error": next(filter(None, mine.mapped("last_error")), False),
            "reauth": bool(self.env["synced.account"].search_count(self._my_dead(), limit=1)),
            "list": [calendar._status_line() for calendar in mine],
        }

    def _status_line(self):
        """Return what the list behind the chip says of one calendar."""
        moment = fields.Datetime.to_string
        return {
            "id": self.id,
            "name": self.name,
            "email": self.account_id.email or "",
            "provider": self.provider or "",
            "provider_label": self._provider_label(),
            "syncing": self.syncing,
            "last_sync": moment(self.last_sync) if self.last_sync else False,
            "next_try": moment(self.due) if self.last_error and self.due else False,
            "error": self.last_error or False,
            "reauth": self.account_id.state == "reauth",
        }

    def _my_dead(self):
        return [("user_id", "=", self.env.uid), ("state", "=", "reauth")]
