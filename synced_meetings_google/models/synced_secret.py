"""The client secret is kept sealed beside the other settings of Google."""

from odoo import api, models

CLIENT_SECRET = "synced_meetings_google.client_secret"


class SyncedSecret(models.Model):
    _inherit = "synced.secret"

    @api.model
    def _sealed_parameters(self):
        """Add the client secret."""
        return [*super()._sealed_parameters(), CLIENT_SECRET]
