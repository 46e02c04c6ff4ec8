"""How this server is known to Microsoft, and which private hosts it may call."""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from odoo import api, fields, models
from odoo.exceptions import UserError

from .synced_account_health import EXPIRES
from .synced_secret import CERTIFICATE, CLIENT_SECRET

SECRETS = {
    "synced_exchange_client_secret": CLIENT_SECRET,
    "synced_exchange_certificate": CERTIFICATE,
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    synced_exchange_client_id = fields.Char(
        string="Microsoft client id", config_parameter="synced_meetings_exchange.client_id"
    )
    synced_exchange_tenant = fields.Char(
        string="Microsoft tenant", config_parameter="synced_meetings_exchange.tenant"
    )
    synced_exchange_private_hosts = fields.Char(
        string="Private Exchange hosts", config_parameter="synced_meetings_exchange.private_hosts"
    )
    # Neither stored nor read: what is typed goes straight to where it is sealed.
    synced_exchange_client_secret = fields.Char(
        string="Microsoft client secret",
        compute="_compute_synced_exchange_secrets",
        inverse="_inverse_synced_exchange_secrets",
    )
    synced_exchange_certificate = fields.Text(
        string="Microsoft certificate",
        compute="_compute_synced_exchange_secrets",
        inverse="_inverse_synced_exchange_secrets",
    )
    synced_exchange_client_secret_expires = fields.Date(
        string="Ends on",
        help="Entra shows it beside the secret. Managers are reminded two weeks before.",
    )
    synced_exchange_client_secret_set = fields.Boolean(compute="_compute_synced_exchange_secrets")
    synced_exchange_certificate_set = fields.Boolean(compute="_compute_synced_exchange_secrets")
    synced_exchange_redirect_uri = fields.Char(
        string="Microsoft return address", compute="_compute_synced_exchange_addresses"
    )
    synced_exchange_admin_consent_url = fields.Char(
        string="Consent for everybody", compute="_compute_synced_exchange_addresses"
    )

    def _compute_synced_exchange_secrets(self):
        for settings in self:
            for name, parameter in SECRETS.items():
                settings[name] = False
                settings[f"{name}_set"] = self._is_sealed(parameter)

    def _inverse_synced_exchange_secrets(self):
        """Keep what was typed; an empty field changes nothing."""
        for settings in self:
            for name, parameter in SECRETS.items():
                if text := (settings[name] or "").strip():
                    if parameter == CERTIFICATE:
                        settings._check_synced_exchange_certificate(text)
                    settings._seal_setting(parameter, text)
                    settings[name] = False

    def _check_synced_exchange_certificate(self, text):
        """Refuse what could not be signed with, while it can still be corrected."""
        try:
            load_pem_private_key(text.encode(), password=None)
            x509.load_pem_x509_certificate(text.encode())
        except (ValueError, TypeError):
            raise UserError(
                self.env._(
                    "Paste the certificate and its private key, not encrypted, as the text of one "
                    "PEM file: it has a part CERTIFICATE and a part PRIVATE KEY."
                )
            ) from None

    def _compute_synced_exchange_addresses(self):
        account = self.env["synced.account"].new({"provider": "exchange"})
        self.synced_exchange_redirect_uri = account._redirect_uri()
        self.synced_exchange_admin_consent_url = account._exchange_admin_consent_url()

    @api.model
    def get_values(self):
        """Read when the client secret ends."""
        said = self.env["ir.config_parameter"].sudo().get_param(EXPIRES)
        return super().get_values() | {"synced_exchange_client_secret_expires": said or False}

    def set_values(self):
        """Refuse what is no list of hosts."""
        from ..provider.address import AddressRefused, hosts_of

        try:
            hosts_of(self.synced_exchange_private_hosts or "")
        except AddressRefused:
            raise UserError(
                self.env._(
                    "List the names of hosts, parted by commas, without https:// and without a "
                    "path: mail.example.com, 10.0.0.5"
                )
            ) from None
        super().set_values()
        ends = self.synced_exchange_client_secret_expires
        self.env["ir.config_parameter"].set_param(EXPIRES, str(ends) if ends else False)

    def action_forget_synced_exchange_client_secret(self):
        """Erase the client secret."""
        return self._forget_synced_exchange(CLIENT_SECRET)

    def action_forget_synced_exchange_certificate(self):
        """Erase the certificate with its key."""
        return self._forget_synced_exchange(CERTIFICATE)

    def _forget_synced_exchange(self, parameter):
        self._seal_setting(parameter, "")
        return {"type": "ir.actions.client", "tag": "reload"}
