"""How this server is known to Google."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.synced_meetings.models.keyring import KeyMissing

from .synced_secret import CLIENT_SECRET, SERVICE_KEY


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
    synced_google_service_key = fields.Text(
        string="Google service account",
        compute="_compute_synced_google_service_key",
        inverse="_inverse_synced_google_service_key",
    )
    synced_google_service_name = fields.Char(
        string="Who it is", compute="_compute_synced_google_service_key"
    )
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

    def _compute_synced_google_service_key(self):
        account = self._google_service_account()
        shown = f"{account['client_email']} ({account['client_id']})" if account else False
        for settings in self:
            settings.synced_google_service_key = False
            settings.synced_google_service_name = shown

    def _inverse_synced_google_service_key(self):
        """Keep a key that was pasted; an empty field changes nothing."""
        from ..provider.service_account import KeyRefused, acting

        for settings in self.filtered("synced_google_service_key"):
            key = settings.synced_google_service_key.strip()
            try:
                acting(key, "")
            except KeyRefused:
                raise UserError(
                    self.env._(
                        "Paste the whole JSON file that the Google Cloud console gave for the key "
                        "of a service account; it begins with a brace."
                    )
                ) from None
            self._seal_setting(SERVICE_KEY, key)
            settings.synced_google_service_key = False

    @api.model
    def _google_service_account(self):
        """Return whose key is kept, as public names, {} where there is none that opens."""
        from ..provider.service_account import KeyRefused, named

        try:
            return named(self.env["synced.secret"]._get_parameter(SERVICE_KEY))
        except (KeyMissing, KeyRefused):
            return {}

    def _compute_synced_google_redirect_uri(self):
        account = self.env["synced.account"].new({"provider": "google"})
        self.synced_google_redirect_uri = account._redirect_uri()

    def action_forget_google_client_secret(self):
        """Erase the client secret."""
        self._seal_setting(CLIENT_SECRET, "")
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_forget_google_service_key(self):
        """Erase the key of the service account."""
        self._seal_setting(SERVICE_KEY, "")
        return {"type": "ir.actions.client", "tag": "reload"}
