"""Accounts of Microsoft 365 and of own Exchange servers: what is known of them."""

from odoo import api, fields, models

SERVICES = [("microsoft365", "Microsoft 365"), ("own_server", "Own server")]
METHODS = {
    "microsoft365": ("oauth", "client_credentials"),
    "own_server": ("basic", "ntlm"),
}
VERSIONS = [
    ("Exchange2013", "Exchange 2013"),
    ("Exchange2016", "Exchange 2016"),
    ("Exchange2019", "Exchange 2019 or Subscription Edition"),
]
PASSWORD, SERVICE_PASSWORD = "exchange_password", "exchange_impersonation_password"
TOKENS, KNOWN = "exchange_tokens", "exchange_known"


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    provider = fields.Selection(
        selection_add=[("exchange", "Exchange")], ondelete={"exchange": "cascade"}
    )
    auth_method = fields.Selection(
        selection_add=[
            ("client_credentials", "Client credentials"),
            ("basic", "Basic"),
            ("ntlm", "NTLM"),
        ],
        ondelete=dict.fromkeys(("client_credentials", "basic", "ntlm"), "set default"),
    )
    exchange_service = fields.Selection(SERVICES, string="Exchange service")
    server_id = fields.Many2one(
        "synced.exchange.server",
        string="Server",
        ondelete="restrict",
        copy=False,
        help="One that an administrator set up once for all.",
    )
    server_url = fields.Char(
        string="Server address", copy=False, help="It ends in EWS/Exchange.asmx."
    )
    version = fields.Selection(
        VERSIONS, string="Exchange version", copy=False, help="Left empty, the server is asked."
    )
    version_found = fields.Char(
        string="Detected version", readonly=True, copy=False, help="What the server said."
    )
    username = fields.Char(
        string="User name", copy=False, help="Left empty, the address is the user name."
    )
    impersonation = fields.Boolean(
        copy=False, help="A service account reads and writes the mailbox for the user."
    )
    impersonation_email = fields.Char(
        string="Service account",
        copy=False,
        help="Left empty, it is the service account of the chosen server.",
    )
    # Neither stored nor read: what is typed goes straight to where it is sealed.
    password = fields.Char(compute="_compute_passwords", inverse="_inverse_password")
    impersonation_password = fields.Char(
        string="Password of the service account",
        compute="_compute_passwords",
        inverse="_inverse_impersonation_password",
    )
    password_set = fields.Boolean(compute="_compute_passwords")
    impersonation_password_set = fields.Boolean(compute="_compute_passwords")
    admin_consent_url = fields.Char(
        compute="_compute_admin_consent_url",
        help="Where an administrator of the organisation allows the application for everybody.",
    )

    def _compute_passwords(self):
        kept = {
            (secret.account_id.id, secret.name)
            for secret in self.env["synced.secret"].sudo().search([("account_id", "in", self.ids)])
        }
        for account in self:
            account.password = account.impersonation_password = False
            account.password_set = (account.id, PASSWORD) in kept
            account.impersonation_password_set = (account.id, SERVICE_PASSWORD) in kept

    def _inverse_password(self):
        self._exchange_seal("password", PASSWORD)

    def _inverse_impersonation_password(self):
        self._exchange_seal("impersonation_password", SERVICE_PASSWORD)

    @api.depends("trouble", "refusal", "exchange_service")
    def _compute_admin_consent_url(self):
        for account in self:
            wanted = "admin_needed" in (account.refusal, account.trouble)
            account.admin_consent_url = wanted and account._exchange_admin_consent_url()

    # ---- what the core asks of an adapter ----

    def _provider(self, remote_id=None):
        """Return the mailbox at Microsoft 365, or on an own server, with this account's login."""
        if self.provider != "exchange":
            return super()._provider(remote_id)
        if self.exchange_service == "own_server":
            return self._exchange_own_server(remote_id)
        return self._exchange_microsoft(remote_id)

    def _conference_name(self):
        """Microsoft 365 makes Teams meetings; an own server has none."""
        teams = self.provider == "exchange" and self.exchange_service == "microsoft365"
        return "Microsoft Teams" if teams else super()._conference_name()

    def _tells_messages(self):
        """Exchange sends a message with a cancellation, wherever it runs."""
        return self.provider == "exchange" or super()._tells_messages()

    def _saves_quietly(self):
        """Microsoft 365 mails whenever a meeting with guests is written; an own server does not."""
        loud = self.provider == "exchange" and self.exchange_service == "microsoft365"
        return not loud and super()._saves_quietly()

    def _new_event_key(self):
        """Return a client key, and the UID: a server takes ours, Microsoft 365 gives its own."""
        if self.provider != "exchange":
            return super()._new_event_key()
        from ..provider import ews_items, graph_bodies

        key = graph_bodies.new_key()
        of = ews_items if self.exchange_service == "own_server" else graph_bodies
        return key, of.uid_of(key)

    def _occurrence_id(self, series_remote_id, recurrence_id):
        """Return our name of an instance: Microsoft has none that could be known before."""
        if self.provider == "exchange":
            from ..provider.graph_translate import occurrence_id

            return occurrence_id(series_remote_id, recurrence_id)
        return super()._occurrence_id(series_remote_id, recurrence_id)
