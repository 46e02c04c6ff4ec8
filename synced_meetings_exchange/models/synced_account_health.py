"""What managers of Microsoft 365 must know beforehand: what expires, and what nobody else ends."""

from datetime import datetime, time

from cryptography import x509

from odoo import api, fields, models

from odoo.addons.synced_meetings.models.keyring import KeyMissing

from .synced_secret import CERTIFICATE, CLIENT_SECRET

EXPIRES = "synced_meetings_exchange.client_secret_expires"


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    @api.model
    def _expiring(self):
        """Add the client secret, whose end an administrator entered, and the certificate."""
        return [
            *super()._expiring(),
            *self._exchange_secret_end(),
            *self._exchange_certificate_end(),
        ]

    def _exchange_secret_end(self):
        parameters = self.env["ir.config_parameter"].sudo()
        said = parameters.get_param(EXPIRES) and parameters.get_param(CLIENT_SECRET)
        if not said:
            return
        day = fields.Date.to_date(parameters.get_param(EXPIRES))
        yield (
            datetime.combine(day, time()),
            self.env._(
                "The client secret for Microsoft 365 ends on %(day)s, and every connection with "
                "it. Make a new one in Entra and enter it under Settings > Synced Meetings.",
                day=day,
            ),
        )

    def _exchange_certificate_end(self):
        try:
            text = self.env["synced.secret"]._get_parameter(CERTIFICATE)
        except KeyMissing:
            return  # said elsewhere
        if not text:
            return
        ends = x509.load_pem_x509_certificate(text.encode()).not_valid_after_utc
        yield (
            ends.replace(tzinfo=None),
            self.env._(
                "The certificate for Microsoft 365 ends on %(day)s, and every connection with it. "
                "Upload a new one in Entra and enter it under Settings > Synced Meetings.",
                day=ends.date(),
            ),
        )

    def _leaving_sentence(self):
        """Say that Microsoft offers no way to take a permission back from here."""
        if self.provider != "exchange" or self.auth_method not in ("oauth", "client_credentials"):
            return super()._leaving_sentence()
        return self.env._(
            "Odoo forgets how to sign in. Microsoft lets no application take its own permission "
            "back: you can remove it under https://myapps.microsoft.com."
        )
