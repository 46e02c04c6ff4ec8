"""Where the doctor reads Microsoft's clock."""

from odoo import api, models


class SyncedDoctor(models.TransientModel):
    _inherit = "synced.doctor"

    @api.model
    def _clocks(self):
        """Add Microsoft's login."""
        from ..provider.graph_login import AUTHORITY

        url = self.env["synced.account"]._exchange_parameter("authority_url", AUTHORITY)
        return [*super()._clocks(), url]
