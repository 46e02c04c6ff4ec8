"""The box of meetings on a contact's card."""

from odoo import models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "synced.meetings.box"]

    def _synced_contact(self):
        return self

    def _synced_defaults(self):
        return {"default_partner_ids": self.ids}

    def _synced_total(self):
        return self.synced_meeting_count
