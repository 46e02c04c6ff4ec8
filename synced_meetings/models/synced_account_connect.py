"""Connecting and disconnecting: a user's consent, the mailbox it is for, its calendars."""

import logging

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.synced_meetings.sync.errors import SyncError

from .keyring import KeyMissing
from .synced_account import RUNNING
from .synced_consent import ConsentFailed

_logger = logging.getLogger(__name__)

RETURN_PATH = "/synced_meetings/oauth/%s"
AT_REST = {"due": False, "lease_until": False, "last_error": False, "failures": 0}


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    # ---- connecting ----

    def action_connect(self):
        """Return the action that leads the user to the provider's consent."""
        self.ensure_one()
        self.check_access("write")
        if not self._synced_meetings_enabled():
            raise UserError(self._sentence("off"))
        self._check_may_connect()
        return self._connect()

    def _check_may_connect(self):
        """Refuse to consent for others; adapters may let administrators do what needs none."""
        if self.user_id != self.env.user:
            raise UserError(self._sentence("not_yours"))

    def _connect(self):
        """Begin to connect, or do it where no consent is needed."""
        self.action_dismiss()
        if self.auth_method != "oauth":
            return self._connect_entered()
        try:
            self._check_consentable()
            state, verifier = self.env["synced.consent"]._begin(
                self, popup=bool(self.env.context.get("synced_popup"))
            )
            url = self._consent_url(state, verifier)
        except ConsentFailed as failure:
            raise UserError(self._sentence(failure.reason, **failure.values)) from None
        except KeyMissing:
            raise UserError(self._sentence("key_missing")) from None
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def _connect_entered(self):
        """Try the login that needs no consent, and begin to read; say what stands against it."""
        account = self.sudo()
        try:
            account._authorised(*account._tried())
        except ConsentFailed as failure:
            raise UserError(self._sentence(failure.reason, **failure.values)) from None
        except KeyMissing:
            raise UserError(self._sentence("key_missing")) from None
        account._list_calendars()
        return True

    def _tried(self):
        """Return what a login without consent opens, as (address, mailbox id, {name: secret}).

        Raises `ConsentFailed` and `KeyMissing`. Writes nothing, so that a card that is not stored
        yet can be tried.
        """
        raise UserError(self._sentence("no_adapter"))

    def _check_consentable(self):
        """Raise `ConsentFailed` where nobody can consent yet; for adapters to extend."""

    def _consent_url(self, state, verifier):
        """Return the address of the provider's consent page, with PKCE."""
        raise UserError(self._sentence("no_adapter"))

    def _redeem(self, answer, verifier):
        """Return what a consent gave, as (address, mailbox id, {name: secret}).

        ``answer`` is the query of the return address. Raises `ConsentFailed` and `SyncError`.
        """
        raise UserError(self._sentence("no_adapter"))

    def _redirect_uri(self):
        """Return the return address, the only one that the provider is told."""
        return self.get_base_url() + RETURN_PATH % self.provider

    def _authorised(self, email, mailbox_id, secrets):
        """Keep what a consent gave. Raises `ConsentFailed` where it is for another mailbox."""
        self.ensure_one()
        account = self.sudo()
        account._check_mailbox(email, mailbox_id)
        for name, text in secrets.items():
            account._set_secret(name, text)
        account.write(
            {
                "email": email,
                "mailbox_id": mailbox_id,
                "state": "connecting",
                "trouble": False,
                "refusal": False,
                "refused_email": False,
                "database_uuid": account._this_database(),
                "active": True,
            }
        )
        account._remind(False)

    def _note_refusal(self, failure):
        """Keep on the card why a consent, a `ConsentFailed`, did not connect it."""
        given = failure.values.get("given", False)
        self.sudo().write({"refusal": failure.reason, "refused_email": given})
        self._notify()

    @api.model
    def _cards_path(self):
        """Return where the cards are."""
        return "/odoo/" + self.env.ref("synced_meetings.action_account").sudo().path

    def _check_mailbox(self, email, mailbox_id):
        if self.mailbox_id and not self._is_same_mailbox(email, mailbox_id):
            raise ConsentFailed("other_mailbox", given=email)
        others = self.with_context(active_test=False).search(
            [
                ("id", "!=", self.id),
                ("provider", "=", self.provider),
                "|",
                ("mailbox_id", "=", mailbox_id),
                ("email", "=", email),
            ]
        )
        if others.filtered(lambda other: other.user_id == self.user_id):
            raise ConsentFailed("own_other_card", given=email)
        if others.filtered(lambda other: other.state != "draft"):
            raise ConsentFailed("taken", given=email)

    def _is_same_mailbox(self, email, mailbox_id):
        """Whether this is the mailbox that the card had; addresses change, ids do not."""
        return self.mailbox_id == mailbox_id

    # ---- calendars ----

    def _refresh_calendars(self):
        """Bring the list of calendars up to date; the primary one is chosen at first."""
        self.ensure_one()
        listed = {one.remote_id: one for one in self._provider().calendars()}
        known = self._known_calendars(listed)
        for remote_id, one in listed.items():
            values = _values_of(one)
            if remote_id in known:
                known[remote_id].write(_changed(known[remote_id], values))
        new = [one for remote_id, one in listed.items() if remote_id not in known]
        self.env["synced.calendar"].sudo().create(
            [_values_of(one) | {"account_id": self.id, "selected": one.primary} for one in new]
        )
        # Not deleted: it may come back, and its meetings are history.
        gone = [row.id for remote_id, row in known.items() if remote_id not in listed]
        self.env["synced.calendar"].sudo().browse(gone).write({"selected": False, "due": False})

    def _known_calendars(self, listed):
        """Return {remote id: row}; a moved calendar has another id, and its name (rule R21)."""
        rows = self.sudo().calendar_ids
        known = {row.remote_id: row for row in rows}
        for row in rows.filtered("moved"):
            named = [i for i, one in listed.items() if i not in known and one.name == row.name]
            if named and row.remote_id not in listed:
                known[named[0]] = known.pop(row.remote_id)
        return known

    def _list_calendars(self):
        """List the calendars, with a first run where none was known; what fails stands on the card.

        One broken account costs the others nothing.
        """
        self.ensure_one()
        first = not self.calendar_ids
        try:
            with self.env.cr.savepoint():
                self._refresh_calendars()
        except Exception as error:
            # Without its text, which may hold what the provider said.
            _logger.warning("calendars of account %s: %s", self.id, type(error).__name__)
            self._note_trouble(error)
        else:
            if first or self.state == "connecting":
                self._mark_due()
        self._notify()

    @api.model
    def _cron_list_calendars(self):
        """Look which calendars the accounts have, one account after the other."""
        if not self._synced_meetings_enabled():
            return
        for account in self.search([("state", "in", RUNNING)])._usable():
            # Nothing is locked while the network is waited for.
            if not self.env["ir.cron"]._commit_progress():
                break
            account._list_calendars()

    # ---- disconnecting ----

    def action_disconnect(self):
        """Stop, withdraw the grant and erase what was logged in with; meetings stay."""
        self.check_access("write")
        for account in self.sudo():
            account._end_channels()  # while there is a login that may do it
            account._revoke_quietly()
            account.secret_ids.unlink()
            account.calendar_ids.write(AT_REST)
            account.write({"state": "draft", "trouble": False})
            account.action_dismiss()
            account._notify()
        return True

    def _revoke_quietly(self):
        """Withdraw the grant where that can be done; nothing depends on it."""
        if self.database_uuid != self._this_database():
            return  # a copy must not end what the original lives on
        try:
            self._revoke()
        except SyncError as error:
            _logger.info("account %s was not revoked: %s", self.id, type(error).__name__)

    def _revoke(self):
        """Withdraw the grant at the provider. Raises `SyncError`."""


def _values_of(calendar):
    return {
        "remote_id": calendar.remote_id,
        "name": calendar.name,
        "primary": calendar.primary,
        "access": calendar.access,
        "timezone": calendar.zone or False,
        "owner_email": calendar.owner or False,
    }


def _changed(row, values):
    return {name: value for name, value in values.items() if row[name] != value}
