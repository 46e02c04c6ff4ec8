"""Many mailboxes by the application's own right at Microsoft 365, or by an own server's account."""

from odoo import api, fields, models

from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.models.synced_roll_out import AT_ONCE, PATIENCE

from .recipes import IMPERSONATION, RBAC

# What stands against one mailbox as against all; a wrong password is not tried 200 times.
OF_ALL = {
    "wrong_password",
    "wants_ntlm",
    "wants_basic",
    "wrong_path",
    "not_exchange",
    "tls",
    "dns",
    "service_missing",
    "no_tenant",
    "secret_wrong",
    "secret_expired",
    "client_unknown",
    "tenant_unknown",
    "admin_needed",
    "address_private",
}
PASSING = {"timeout", "unreachable", "throttled"}


class SyncedRollOut(models.Model):
    _inherit = "synced.roll.out"

    kind = fields.Selection(
        selection_add=[
            ("microsoft365", "Microsoft 365, by client credentials"),
            ("own_server", "Own Exchange server, by impersonation"),
        ],
        ondelete=dict.fromkeys(("microsoft365", "own_server"), "cascade"),
    )
    server_id = fields.Many2one(
        "synced.exchange.server",
        string="Server",
        ondelete="restrict",
        help="With the service account that opens the mailboxes.",
    )
    server_method = fields.Selection(
        [("basic", "Basic"), ("ntlm", "NTLM")],
        string="Sign-in at the server",
        default="basic",
        required=True,
    )

    @api.model
    def _fields_of_the_plan(self):
        """Add where the mailboxes are."""
        return super()._fields_of_the_plan() | {"server_id", "server_method"}

    @api.depends("server_id")
    def _compute_obstacle(self):
        """Follow the server, too."""
        return super()._compute_obstacle()

    @api.depends("server_id")
    def _compute_recipe(self):
        """Follow the server, too."""
        return super()._compute_recipe()

    def _login(self):
        """Return how a card of Exchange logs in that was not entered by its user."""
        if self.kind == "microsoft365":
            return {
                "provider": "exchange",
                "exchange_service": "microsoft365",
                "auth_method": "client_credentials",
                "server_id": False,
                "impersonation": False,
            }
        if self.kind == "own_server":
            return {
                "provider": "exchange",
                "exchange_service": "own_server",
                "auth_method": self.server_method,
                "server_id": self.server_id.id,
                "server_url": False,
                "version": False,
                "username": False,
                "impersonation": True,
                "impersonation_email": False,
            }
        return super()._login()

    def _check_ready(self):
        """Ask for the application and its tenant, or for a server with a service account."""
        if self.kind == "microsoft365":
            self._trial()._exchange_check_application()
        if self.kind == "own_server" and not self.server_id.has_service:
            raise ConsentFailed("service_missing")
        return super()._check_ready()

    def _patience(self, reason):
        """Know what holds for every mailbox of a server."""
        if reason in OF_ALL:
            return AT_ONCE
        return PATIENCE if reason in PASSING else super()._patience(reason)

    def _recipe(self):
        """Return the commands for a scope of mailboxes, and the right in it."""
        if self.kind == "microsoft365":
            client = self.env["synced.account"]._exchange_client(secrets=False)
            return RBAC.format(client=client.client_id or "<client id>")
        if self.kind == "own_server":
            return IMPERSONATION.format(login=self.server_id.service_login or "svc-odoo")
        return super()._recipe()
