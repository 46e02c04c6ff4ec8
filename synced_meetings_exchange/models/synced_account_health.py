"""What managers of Microsoft 365 must know beforehand: what expires, and what nobody else ends."""

from datetime import datetime, time

from cryptography import x509

from odoo import api, fields, models

from odoo.addons.synced_meetings.models.keyring import KeyMissing

from .synced_secret import CERTIFICATE, CLIENT_SECRET

EXPIRES = "synced_meetings_exchange.client_secret_expires"


def end_of(pem):
    """Return when a certificate ends, as a naive UTC time. Raises `ValueError`."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    if hasattr(certificate, "not_valid_after_utc"):  # since cryptography 42
        return certificate.not_valid_after_utc.replace(tzinfo=None)
    return certificate.not_valid_after


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
            ends = text and end_of(text)
        except (KeyMissing, ValueError):
            return  # both are said where it is used
        if ends:
            yield self._exchange_certificate_warning(ends)

    def _exchange_certificate_warning(self, ends):
        return (
            ends,
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
