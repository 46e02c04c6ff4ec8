"""What Google says by calling."""

from odoo import api, models


class SyncedCalendar(models.Model):
    _inherit = "synced.calendar"

    @api.model
    def _answer_call(self, provider, headers, query, body):
        """Take Google's calls; they are all in their headers."""
        if provider != "google":
            return super()._answer_call(provider, headers, query, body)
        from ..provider.channels import notices_of

        self.env["synced.calendar.call"]._hear(notices_of(headers))
        return 204, "text/plain", ""
