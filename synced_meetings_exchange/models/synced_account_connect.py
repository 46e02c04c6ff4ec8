"""Connecting Exchange: by consent, or by trying what was entered."""

import logging

from odoo import models

from odoo.addons.synced_meetings.models.keyring import KeyMissing
from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable, SyncError

from .sentences import EXCHANGE, OF_CLIENT_CREDENTIALS, OF_OWN_SERVERS

_logger = logging.getLogger(__name__)

OWN_SERVER = "own_server"
# At connecting, where no reason is named.
REASONS = ((AuthRequired, "wrong_password"), (KeyMissing, "key_missing"), (Retryable, "no_network"))
# In a run: the person must enter something again, so nothing is tried until then.
REAUTH = {"wrong_password", "consent_refused"}
# What an adapter may name in a sentence; all else it says is for the log.
NAMED = ("host", "suggestion", "account", "email")


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    def _check_may_connect(self):
        """Let administrators connect for others where nobody needs to consent."""
        entered = self.provider == "exchange" and self.auth_method != "oauth"
        if not (entered and self.env.user._is_system()):
            super()._check_may_connect()

    def _tried(self):
        """Return whose mailbox answers to what was entered."""
        if self.provider != "exchange":
            return super()._tried()
        self._exchange_check_complete()
        try:
            who = self._exchange_checked(self._provider())
        except SyncError as error:
            raise self._exchange_failure(error) from None
        self.version_found = who.version or False
        return who.email or self.email, self._exchange_mailbox_id(who), {}

    def _exchange_checked(self, provider):
        try:
            return provider.check()
        finally:
            provider.close()

    def _exchange_failure(self, error):
        """Return the `ConsentFailed` for what an adapter raised."""
        reason = getattr(error, "reason", "")
        if reason not in EXCHANGE or reason == "refused":
            reason = next((code for kind, code in REASONS if isinstance(error, kind)), "refused")
            _logger.info("account %s is not connected: %r", self.id, error)
        values = getattr(error, "values", {})
        return ConsentFailed(reason, **{name: values[name] for name in NAMED if values.get(name)})

    def _exchange_check_complete(self):
        """Raise `ConsentFailed` where something was not entered yet."""
        if not self.email:
            raise ConsentFailed("email_missing")
        if self.exchange_service == "microsoft365":
            self._exchange_check_application()
        else:
            self._exchange_check_login()

    def _exchange_mailbox_id(self, who):
        """Return the id of a mailbox, and by which way in it was told: each has its own ids."""
        way = OWN_SERVER if self.exchange_service == OWN_SERVER else self.auth_method
        return f"{way}:{who.account_id or who.email or self.email}"

    def _is_same_mailbox(self, email, mailbox_id):
        """Know a mailbox by its address where it is opened in another way than before."""
        if self.provider == "exchange" and self.mailbox_id:
            before, now = self.mailbox_id.partition(":"), mailbox_id.partition(":")
            if before[0] != now[0]:
                return (self.email or "").lower() == email.lower()
        return super()._is_same_mailbox(email, mailbox_id)

    def _authorised(self, email, mailbox_id, secrets):
        """Let a mailbox that was moved find its meetings again: all ids in it are others."""
        before = self.sudo().mailbox_id
        super()._authorised(email, mailbox_id, secrets)
        if self.provider == "exchange" and before and _service(before) != _service(mailbox_id):
            self.sudo().calendar_ids._await_moved()

    # ---- what is known, kept beside the account ----

    def _exchange_kept(self, name):
        """Return a function that keeps a text sealed in a transaction of its own."""

        def keep(text):
            with self.env.registry.cursor() as cr:
                account = self.with_env(self.env(cr=cr))
                if account.ids and account.exists():  # else it is being made, and nothing is lost
                    account._set_secret(name, text)

        return keep

    def action_disconnect(self):
        """Forget what was found out, too; a login that was entered is erased like a grant."""
        done = super().action_disconnect()
        self.invalidate_recordset(["password_set", "impersonation_password_set"])
        return done

    # ---- sentences ----

    def _code_of(self, error):
        """Return the reason that an adapter names."""
        reason = getattr(error, "reason", "")
        if self.provider != "exchange" or reason not in EXCHANGE:
            return super()._code_of(error)
        return "reauth" if reason in REAUTH else reason

    def _sentences(self):
        """Add Exchange's, and say some of the core's otherwise."""
        sentences = super()._sentences() | EXCHANGE
        if self.provider == "exchange" and self.exchange_service == "own_server":
            return sentences | OF_OWN_SERVERS
        if self.provider == "exchange" and self.auth_method == "client_credentials":
            return sentences | OF_CLIENT_CREDENTIALS
        return sentences

    def _sentence(self, code, **values):
        """Name what Exchange's sentences name."""
        named = self._exchange_named() if self.provider == "exchange" else {}
        return super()._sentence(code, **(self._exchange_unnamed() | named | values))

    def _exchange_unnamed(self):
        names = ("host", "suggestion", "account", "login")
        return dict.fromkeys(names, "?")

    def _exchange_named(self):
        server = self.exchange_service == "own_server"
        labels = dict(self._fields["exchange_service"]._description_selection(self.env))
        return {
            "provider": self.env._("Exchange") if server else labels["microsoft365"],
            "host": self._exchange_host() if server else labels["microsoft365"],
            "account": self._exchange_login_name(),
            "login": self.user_id.sudo().login or "",
        }


def _service(mailbox_id):
    """Return where a mailbox stood when this was told of it; both ways into Graph are one."""
    return mailbox_id.startswith(f"{OWN_SERVER}:")
