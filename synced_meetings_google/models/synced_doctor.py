"""Where the doctor reads Google's clock."""

from odoo import api, models


class SyncedDoctor(models.TransientModel):
    _inherit = "synced.doctor"

    @api.model
    def _clocks(self):
        """Add Google's token endpoint."""
        from ..provider.oauth import TOKEN_URL

        return [
            *super()._clocks(),
            self.env["synced.account"]._google_parameter("token_url", TOKEN_URL),
        ]
