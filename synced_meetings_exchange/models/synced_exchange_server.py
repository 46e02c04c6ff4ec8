"""An own Exchange server that an administrator enters once for all."""

import ssl

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.synced_meetings.models.keyring import KeyMissing

from .synced_account import VERSIONS
from .synced_secret import SERVER_PASSWORD

SYSTEM = "base.group_system"
# Where the service account's password goes; a new place asks for it again.
PLACE = {"url", "service_login"}


class SyncedExchangeServer(models.Model):
    _name = "synced.exchange.server"
    _description = "Exchange Server"
    _order = "name, id"

    name = fields.Char(required=True)
    url = fields.Char(string="Address", required=True, help="It ends in EWS/Exchange.asmx.")
    version = fields.Selection(
        VERSIONS, string="Exchange version", help="Left empty, the server is asked."
    )
    private_network = fields.Boolean(
        string="Stands in a private network",
        groups=SYSTEM,
        help="Odoo calls this host although its address is a private one.",
    )
    verify_tls = fields.Boolean(
        string="Check the certificate",
        default=True,
        groups=SYSTEM,
        help="Off, anybody between Odoo and the server can read the passwords.",
    )
    ca_certificates = fields.Text(
        string="Certificate authority",
        groups=SYSTEM,
        help="Of an authority of your own, as PEM text; nothing where a public one signed.",
    )
    service_login = fields.Char(
        string="Service account",
        groups=SYSTEM,
        help="It reads and writes the mailboxes of those who choose impersonation.",
    )
    # Neither stored nor read: what is typed goes straight to where it is sealed.
    service_password = fields.Char(
        string="Password of the service account",
        compute="_compute_service_password",
        inverse="_inverse_service_password",
        groups=SYSTEM,
    )
    service_password_set = fields.Boolean(compute="_compute_service_password", groups=SYSTEM)
    has_service = fields.Boolean(
        compute="_compute_has_service", help="Whether impersonation needs nothing more."
    )
    active = fields.Boolean(default=True)

    _url_once = models.Constraint("UNIQUE (url)", "This server is entered already.")

    def _compute_service_password(self):
        parameters = self.env["ir.config_parameter"].sudo()
        for server in self:
            server.service_password = False
            kept = server.ids and parameters.get_param(SERVER_PASSWORD % server.ids[0])
            server.service_password_set = bool(kept)

    def _compute_has_service(self):
        for server in self.sudo():
            server.has_service = bool(server.service_login and server.service_password_set)

    def _inverse_service_password(self):
        """Seal a password that was typed; an empty field changes nothing."""
        for server in self.filtered("service_password"):
            server._keep_password(server.service_password)
            server.service_password = False

    def _keep_password(self, text):
        try:
            self.env["synced.secret"]._set_parameter(SERVER_PASSWORD % self.id, text)
        except KeyMissing:
            raise UserError(self.env["synced.account"]._sentence("key_missing")) from None
        self.invalidate_recordset(["service_password_set"])

    def _service_password(self):
        """Return the password of the service account, "" where there is none."""
        if not self:
            return ""
        return self.env["synced.secret"]._get_parameter(SERVER_PASSWORD % self.id)

    @api.model_create_multi
    def create(self, vals_list):
        """Create servers with their addresses in one form."""
        return super().create([self._cleaned(values) for values in vals_list])

    def write(self, vals):
        """Write; a password that was typed for another place or account is forgotten."""
        vals = self._cleaned(vals)
        before = {server: [server[name] for name in sorted(PLACE & vals.keys())] for server in self}
        done = super().write(vals)
        for server in self:
            after = [server[name] for name in sorted(PLACE & vals.keys())]
            if after != before[server] and not vals.get("service_password"):
                server._keep_password("")
        return done

    def unlink(self):
        """Forget the passwords, too."""
        for server in self:
            server._keep_password("")
        return super().unlink()

    @api.model
    def _cleaned(self, vals):
        vals = dict(vals)
        if "url" in vals:
            vals["url"] = self.env["synced.account"]._exchange_url(vals["url"])
        return vals

    @api.constrains("ca_certificates")
    def _check_ca_certificates(self):
        for server in self.filtered("ca_certificates"):
            try:
                ssl.create_default_context(cadata=server.ca_certificates)
            except (ssl.SSLError, ValueError):
                raise ValidationError(
                    self.env._(
                        "This is no certificate. Paste the text of a PEM file, which begins with "
                        "-----BEGIN CERTIFICATE-----."
                    )
                ) from None
