"""Many mailboxes by a service account with domain-wide delegation."""

from odoo import fields, models

from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.models.synced_roll_out import AT_ONCE

from .synced_account_service import SERVICE
from .synced_secret import SERVICE_KEY

RECIPE = """1. https://console.cloud.google.com > the project with the Google Calendar API
   IAM & Admin > Service Accounts > Create (no role is needed) > Keys > Add key > JSON

2. https://admin.google.com > Security > Access and data control > API controls
   > Domain-wide delegation > Add new
   Client ID:    {client_id}
   OAuth scopes: {scopes}

3. Paste the JSON key in Odoo under Settings > Synced Meetings
"""
OF_ALL = {"service_key", "no_service_key", "api_off"}


class SyncedRollOut(models.Model):
    _inherit = "synced.roll.out"

    kind = fields.Selection(
        selection_add=[("google", "Google, by domain-wide delegation")],
        ondelete={"google": "cascade"},
    )

    def _login(self):
        """Return how a card of Google logs in by the service account."""
        if self.kind == "google":
            return {"provider": "google", "auth_method": SERVICE}
        return super()._login()

    def _check_ready(self):
        """Ask for the key."""
        if self.kind == "google" and not self.env["synced.secret"]._get_parameter(SERVICE_KEY):
            raise ConsentFailed("no_service_key")
        return super()._check_ready()

    def _patience(self, reason):
        """Know what holds for everybody; another domain may well be delegated."""
        return AT_ONCE if reason in OF_ALL else super()._patience(reason)

    def _recipe(self):
        """Return what is entered where, with the client id of the key that is here."""
        if self.kind != "google":
            return super()._recipe()
        from ..provider.oauth import SCOPES

        account = self.env["res.config.settings"]._google_service_account()
        client_id = account.get("client_id") or "<client id of the service account>"
        return RECIPE.format(client_id=client_id, scopes=",".join(SCOPES))
