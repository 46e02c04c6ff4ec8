"""How an account is: whether it may run, and what is wrong with it."""

from odoo import api, models

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Gone, MassDeletion, Retryable

from .keyring import KeyMissing
from .sentences import CHANNELS, CONSENTS, RUNS
from .synced_account import RUNNING

# What only a person can end; all else passes with the next run that succeeds.
STATE_OF = {"reauth": "reauth"}
TROUBLES = (
    (AuthRequired, "reauth"),
    (KeyMissing, "key_missing"),
    (Gone, "no_access"),
    (MassDeletion, "brake"),
    (Retryable, "slow"),
)


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    @api.model
    def _synced_meetings_enabled(self):
        """Whether the feature is switched on."""
        value = self.env["ir.config_parameter"].sudo().get_param("synced_meetings.enabled")
        return str(value).lower() not in ("false", "none", "0", "")

    def _usable(self):
        """Return the accounts that may run here and now; what stands against it is noted."""
        here = self._this_database()
        for account in self.sudo().filtered(lambda account: account.state in RUNNING):
            if account.database_uuid not in (False, here):
                account._pause("copied")
            elif not account.user_id.active:
                account._pause("archived")
        return self.filtered(lambda account: account.active and account.state in RUNNING)

    @api.model
    def _this_database(self):
        return self.env["ir.config_parameter"].sudo().get_param("database.uuid")

    def _pause(self, code):
        """Let them rest until a person signs in again, or what ``code`` says is over."""
        self.sudo().write({"state": "paused", "trouble": code})
        self.env["synced.calendar"]._review_channels()

    def _resume(self, code):
        """Let those go on that rest because of ``code``."""
        for account in self.sudo().filtered(lambda a: a.state == "paused" and a.trouble == code):
            account.write({"state": "connecting", "trouble": False})
            account._mark_due()

    def _note_success(self):
        """Keep that a calendar was read to the end."""
        self._keep_state("connected", False)

    def _note_trouble(self, error):
        """Keep why a run ended: an error, or a code of the sentences."""
        code = error if isinstance(error, str) else self._code_of(error)
        self._keep_state(STATE_OF.get(code, "error"), code)

    def _keep_state(self, state, trouble):
        # One that was disconnected or paused meanwhile stays so, whatever its last run says.
        for account in self.sudo().filtered(lambda account: account.state in RUNNING):
            # A run without news costs no statement.
            if (account.state, account.trouble or False) != (state, trouble):
                account.with_context(tracking_disable=True).write(
                    {"state": state, "trouble": trouble}
                )
                if state == "reauth":
                    account._remind(True)
                managers = self.env.ref("synced_meetings.group_manager")
                managers.sudo()._bus_send("synced_meetings/health", {})

    def _remind(self, wanted):
        """Put a needed sign-in on the user's own list of things to do; nobody is mailed."""
        kinds = ["mail.mail_activity_data_todo"]
        quiet = self.with_context(mail_activity_quick_update=True)
        if not wanted:
            quiet.activity_unlink(kinds)
        elif not self.activity_search(kinds):
            quiet.activity_schedule(
                kinds[0],
                user_id=self.user_id.id,
                summary=self.env._("Sign in to %(name)s again", name=self.name),
                note=self._sentence("reauth"),
            )

    def _notify(self, calendar=None, **news):
        """Tell the user's open pages that something changed."""
        for account in self:
            values = {"account_id": account.id, "calendar_id": calendar.id if calendar else False}
            account.user_id._bus_send("synced_meetings/status", values | news)

    def _code_of(self, error):
        """Return the code of the sentence for an error; adapters know more of their own."""
        return next((code for kind, code in TROUBLES if isinstance(error, kind)), "unknown")

    def _sentence_for(self, error):
        """Return what an error means and what to do about it, for a person."""
        return self._sentence(self._code_of(error))

    def _sentence(self, code, **values):
        """Return what happened and what to do about it, for a person."""
        sentences = self._sentences()
        named = {
            "provider": dict(self._fields["provider"]._description_selection(self.env)).get(
                self.provider, ""
            ),
            "email": self.email or "",
            "user": self.user_id.name or "",
            "given": self.refused_email or "",
            "url": self._webhook_root(),
            "minutes": self._poll_minutes("poll_minutes"),
        }
        return self.env._(sentences.get(code, sentences["unknown"])) % (named | values)

    def _sentences(self):
        """Return {code: sentence}, not yet translated; adapters may add their own."""
        return CONSENTS | RUNS | CHANNELS
