"""What is kept sealed beside the other settings of Google."""

from odoo import api, models

CLIENT_SECRET = "synced_meetings_google.client_secret"
SERVICE_KEY = "synced_meetings_google.service_account_key"


class SyncedSecret(models.Model):
    _inherit = "synced.secret"

    @api.model
    def _sealed_parameters(self):
        """Add the client secret and the key of the service account."""
        return [*super()._sealed_parameters(), CLIENT_SECRET, SERVICE_KEY]
