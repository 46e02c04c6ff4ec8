"""What a calendar's service is called, of the two that are Exchange."""

from odoo import models

from .synced_account import SERVICES


class SyncedCalendar(models.Model):
    _inherit = "synced.calendar"

    def _provider_label(self):
        if self.account_id.exchange_service == "microsoft365":
            return dict(SERVICES)["microsoft365"]
        return super()._provider_label()
