"""How this server is known to Google."""

from odoo import fields, models

from .synced_secret import CLIENT_SECRET


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    synced_google_client_id = fields.Char(
        string="Google client id", config_parameter="synced_meetings_google.client_id"
    )
    # Neither stored nor read: what is typed goes straight to where it is sealed.
    synced_google_client_secret = fields.Char(
        string="Google client secret",
        compute="_compute_synced_google_client_secret",
        inverse="_inverse_synced_google_client_secret",
    )
    synced_google_client_secret_set = fields.Boolean(compute="_compute_synced_google_client_secret")
    synced_google_redirect_uri = fields.Char(
        string="Google return address", compute="_compute_synced_google_redirect_uri"
    )

    def _compute_synced_google_client_secret(self):
        for settings in self:
            settings.synced_google_client_secret = False
            settings.synced_google_client_secret_set = self._is_sealed(CLIENT_SECRET)

    def _inverse_synced_google_client_secret(self):
        """Keep a secret that was typed; an empty field changes nothing."""
        for settings in self.filtered("synced_google_client_secret"):
            self._seal_setting(CLIENT_SECRET, settings.synced_google_client_secret.strip())
            settings.synced_google_client_secret = False

    def _compute_synced_google_redirect_uri(self):
        account = self.env["synced.account"].new({"provider": "google"})
        self.synced_google_redirect_uri = account._redirect_uri()

    def action_forget_google_client_secret(self):
        """Erase the client secret."""
        self._seal_setting(CLIENT_SECRET, "")
        return {"type": "ir.actions.client", "tag": "reload"}
