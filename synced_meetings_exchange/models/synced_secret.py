"""What is sealed beside the other settings: how this server, and service accounts, log in."""

from odoo import api, models

CLIENT_SECRET = "synced_meetings_exchange.client_secret"
CERTIFICATE = "synced_meetings_exchange.certificate"
SERVER_PASSWORD = "synced_meetings_exchange.server_password.%s"


class SyncedSecret(models.Model):
    _inherit = "synced.secret"

    @api.model
    def _sealed_parameters(self):
        """Add the client secret, the certificate and the passwords of service accounts."""
        servers = self.env["synced.exchange.server"].sudo().with_context(active_test=False)
        passwords = [SERVER_PASSWORD % server.id for server in servers.search([])]
        return [*super()._sealed_parameters(), CLIENT_SECRET, CERTIFICATE, *passwords]
