"""Accounts of Microsoft 365: a person's consent, or the application's own right."""

from odoo import models

from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.sync.errors import AuthRequired, SyncError

from .kept_login import KeptLogin
from .synced_account import TOKENS
from .synced_secret import CERTIFICATE, CLIENT_SECRET

PARAMETER = "synced_meetings_exchange.%s"
ANY_ORGANISATION = "organizations"
ADMIN_STATE = "admin"  # of a consent for everybody, which connects nobody and is bound to nobody


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    # ---- consent ----

    def _check_consentable(self):
        """Refuse where the administrator did not tell Microsoft about this server."""
        if self.provider == "exchange":
            self._exchange_check_client()
        return super()._check_consentable()

    def _exchange_check_client(self):
        client = self._exchange_client()
        if not (client.client_id and (client.client_secret or client.certificate)):
            raise ConsentFailed("no_client")

    def _exchange_check_application(self):
        """Raise `ConsentFailed` where the application cannot log in by itself."""
        self._exchange_check_client()
        if not self._exchange_parameter("tenant"):
            raise ConsentFailed("no_tenant")

    def _consent_url(self, state, verifier):
        """Return the address of Microsoft's consent page."""
        if self.provider == "exchange":
            from ..provider.graph_login import consent_url

            return consent_url(self._exchange_client(), state, verifier, self.email or "")
        return super()._consent_url(state, verifier)

    def _exchange_admin_consent_url(self):
        """Return where an administrator of the organisation allows the application, or False."""
        from ..provider.graph_login import admin_consent_url

        client = self._exchange_client(secrets=False)
        return client.client_id and admin_consent_url(client, ADMIN_STATE)

    def _redeem(self, answer, verifier):
        """Return what Microsoft gave for a consent, once the mailbox answered to it."""
        if self.provider == "exchange":
            return self._exchange_redeem(answer, verifier)
        return super()._redeem(answer, verifier)

    def _exchange_redeem(self, answer, verifier):
        from ..provider import graph_login

        client = self._exchange_client()
        try:
            grant = graph_login.exchange(client, answer, verifier)
        except graph_login.ConsentRefused as refused:
            raise ConsentFailed(refused.reason) from None
        caches = [grant.cache]
        login = graph_login.Delegated(client, grant.cache, caches.append)
        try:
            who = self._exchange_checked(self._exchange_graph(login))
        except SyncError as error:
            raise self._exchange_failure(error) from None
        email = (who.email or grant.email).lower()
        return email, self._exchange_mailbox_id(who), {TOKENS: caches[-1]}

    # ---- login ----

    def _exchange_microsoft(self, remote_id=None):
        """Return the mailbox through Graph. Raises `AuthRequired` and `KeyMissing`."""
        from ..provider.graph_login import Application

        if self.auth_method == "client_credentials":
            login = Application(self._exchange_client())
            return self._exchange_graph(login, remote_id, mailbox=self.email)
        if not self._secret(TOKENS):
            raise AuthRequired("no tokens")
        return self._exchange_graph(KeptLogin(self, self._exchange_client()), remote_id)

    def _exchange_graph(self, login, remote_id=None, mailbox=""):
        from ..provider.graph import GraphProvider
        from ..provider.graph_login import GRAPH_URL

        return GraphProvider(
            login,
            remote_id,
            mailbox=mailbox,
            graph_url=self._exchange_parameter("graph_url", GRAPH_URL).rstrip("/"),
            timeout=self._patience(),
            ca_file=self._exchange_parameter("ca_file"),
        )

    def _exchange_client(self, secrets=True):
        """Return how this server is known to Microsoft. Raises `KeyMissing`."""
        from ..provider import graph_login

        sealed = self.env["synced.secret"]._get_parameter if secrets else lambda _name: ""
        return graph_login.Client(
            client_id=self._exchange_parameter("client_id"),
            client_secret=sealed(CLIENT_SECRET),
            certificate=sealed(CERTIFICATE),
            tenant=self._exchange_parameter("tenant", ANY_ORGANISATION),
            redirect_uri=self._redirect_uri(),
            authority_url=self._exchange_parameter("authority_url", graph_login.AUTHORITY),
            sign_in_url=self._exchange_parameter("sign_in_url"),
            graph_url=self._exchange_parameter("graph_url", graph_login.GRAPH_URL),
            ca_file=self._exchange_parameter("ca_file"),
        )

    def _exchange_parameter(self, name, default=""):
        return self.env["ir.config_parameter"].sudo().get_param(PARAMETER % name) or default
