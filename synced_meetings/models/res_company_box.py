"""Which meetings contact cards show where a user did not choose."""

from odoo import fields, models

from .res_users_settings import BOXES


class ResCompany(models.Model):
    _inherit = "res.company"

    synced_meetings_box = fields.Selection(
        BOXES, string="Meetings on contact cards", default="both", required=True
    )
