"""Moving over: an old meeting of an opportunity is about that opportunity."""

from odoo import models


class SyncedSwitch(models.Model):
    _inherit = "synced.switch"

    def _linked_record(self, event):
        """Return the opportunity of an old meeting, which it names in a field of its own."""
        return event.opportunity_id or super()._linked_record(event)
