"""Accounts that a service account opens, for which nobody needs to sign in."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable, SyncError

from .sentences import GOOGLE, OF_SERVICE_ACCOUNT
from .synced_secret import SERVICE_KEY

SERVICE = "service_account"


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    auth_method = fields.Selection(
        selection_add=[(SERVICE, "Service account")], ondelete={SERVICE: "set default"}
    )

    def _google_by_service(self):
        return self.provider == "google" and self.auth_method == SERVICE

    def _check_may_connect(self):
        """Let administrators connect for others where nobody needs to consent; nobody else may."""
        if not self._google_by_service():
            super()._check_may_connect()
        elif not self.env.user._is_system():
            raise UserError(self._sentence("no_service_key"))

    def _tried(self):
        """Return whose calendar opens to the service account."""
        if not self._google_by_service():
            return super()._tried()
        from ..provider.service_account import ServiceRefused, checked

        try:
            provider = self._provider()
            try:
                email = checked(provider)
            finally:
                provider.close()
        except ServiceRefused as refused:
            raise ConsentFailed(refused.reason) from None
        except Retryable:
            raise ConsentFailed("no_network") from None
        except SyncError:
            raise ConsentFailed("service_key") from None
        return email, email, {}

    def _google_service_credentials(self):
        """Return the login in the user's name. Raises `AuthRequired` and `KeyMissing`."""
        from ..provider import oauth
        from ..provider.service_account import KeyRefused, acting

        key = self.env["synced.secret"]._get_parameter(SERVICE_KEY)
        try:
            return acting(key, self.email, self._google_parameter("token_url", oauth.TOKEN_URL))
        except KeyRefused:
            raise AuthRequired("no key") from None

    def _is_same_mailbox(self, email, mailbox_id):
        """Know a mailbox by its address where one way in tells no id of it."""
        if self.provider == "google" and ("@" in mailbox_id or "@" in (self.mailbox_id or "")):
            return (self.email or "").lower() == email.lower()
        return super()._is_same_mailbox(email, mailbox_id)

    def action_disconnect(self):
        """Leave a card with which its user can sign in."""
        done = super().action_disconnect()
        self.sudo().filtered(lambda card: card._google_by_service()).auth_method = "oauth"
        return done

    def action_connect_by_service_account(self):
        """Open the page on which an administrator connects this user."""
        self.ensure_one()
        return self.env["synced.roll.out"]._begin_for(self.user_id, "google")

    # ---- sentences ----

    def _code_of(self, error):
        """Let no user sign in where only an administrator can help."""
        code = super()._code_of(error)
        return "service_refused" if code == "reauth" and self._google_by_service() else code

    def _sentences(self):
        """Add those of service accounts."""
        own = OF_SERVICE_ACCOUNT if self._google_by_service() else {}
        return super()._sentences() | GOOGLE | own
