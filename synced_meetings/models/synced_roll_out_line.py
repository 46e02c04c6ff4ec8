"""One mailbox of many that are connected at once: what is to happen, and what came of it."""

import logging

from odoo import api, fields, models
from odoo.tools import email_normalize

from .discretion import discreet, outline
from .keyring import KeyMissing
from .synced_account import RUNNING
from .synced_calendar import RACES, REPEATS
from .synced_consent import ConsentFailed
from .synced_roll_out import JOB

_logger = logging.getLogger(__name__)
# In the order in which they are listed: what needs somebody's attention comes first.
STATES = [
    ("failed", "Failed"),
    ("waiting", "Waiting"),
    ("planned", "Will be connected"),
    ("no_email", "No address"),
    ("taken", "Mailbox of another user"),
    ("connected", "Connected"),
    ("already", "Connected before"),
    ("archived", "Archived"),
]
RANKS = {state: rank for rank, (state, _label) in enumerate(STATES)}
# Archived cards count too; nobody follows a card that a job makes.
QUIET = {
    "active_test": False,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_activity_quick_update": True,
}


class SyncedRollOutLine(models.Model):
    _name = "synced.roll.out.line"
    _description = "Mailbox of Many"
    _order = "rank, user_id, id"
    _rec_name = "email"

    roll_out_id = fields.Many2one("synced.roll.out", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", readonly=True)
    email = fields.Char(
        string="Mailbox",
        compute="_compute_email",
        store=True,
        readonly=False,
        help="Proposed is an address that the user cannot choose: the login, or one that an "
        "administrator entered.",
    )
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, readonly=False, index=True
    )
    wanted = fields.Boolean(string="Connect", compute="_compute_state", store=True, readonly=False)
    rank = fields.Integer(compute="_compute_rank", store=True)
    reason = fields.Char(readonly=True, help="A code: why it failed.")
    sentence = fields.Char(compute="_compute_sentence", string="What to do")
    account_id = fields.Many2one("synced.account", readonly=True, ondelete="set null")

    _user_once = models.UniqueIndex("(roll_out_id, user_id)", "Everybody is listed once.")

    @api.depends("user_id")
    def _compute_email(self):
        for line in self:
            line.email = _proposed(line.user_id.sudo())

    @api.depends("user_id", "email")
    def _compute_state(self):
        """Say what would happen; an address that was corrected makes it possible again."""
        live = self._live_accounts()
        owners = {account.email: account.user_id for account in live}
        listed = {}
        for line in self:
            address = line._address()
            owner = owners.get(address) or listed.get(address) or line.user_id
            line.state = line._fate(line.user_id in live.user_id, owner)
            line.wanted = line.state == "planned" and not line._left_by_its_user()
            if line.state == "planned":
                listed[address] = line.user_id

    def _address(self):
        """Return the mailbox's address in its one form, "" where it is none."""
        return email_normalize(self.email or "") or ""

    def _fate(self, connected, owner):
        if not self.user_id.active:
            return "archived"
        if connected:
            return "already"
        if not self._address():
            return "no_email"
        return "planned" if owner == self.user_id else "taken"

    def _live_accounts(self):
        """Return the connections at these services that run, whoever has them."""
        providers = {
            line.roll_out_id._login()["provider"] for line in self if line.roll_out_id.kind
        }
        accounts = self.env["synced.account"].sudo().with_context(active_test=False)
        return accounts.search([("provider", "in", [*providers]), ("state", "in", RUNNING)])

    def _left_by_its_user(self):
        """Whether somebody disconnected this mailbox: that is not undone unasked."""
        return any(card.mailbox_id and card.state == "draft" for card in self._cards())

    @api.depends("state")
    def _compute_rank(self):
        for line in self:
            line.rank = RANKS.get(line.state, len(RANKS))

    @api.depends("state", "reason", "email", "wanted", "account_id.trouble")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for line in self:
            line.sentence = line._sentence()

    def _sentence(self):
        if self.state == "failed":
            return self._phrase(self.reason or "unknown")
        if self.state == "taken":
            return self._phrase("taken")
        if self.state == "connected":
            return self.account_id.sudo().last_error
        if self.state == "no_email":
            given = self.user_id.sudo().email_normalized
            if given:
                return self.env._(
                    "%(email)s was entered by the user. Enter it here if it is right.", email=given
                )
            return self.env._("Enter the address of the mailbox here.")
        if self.state == "planned" and not self.wanted and self._left_by_its_user():
            return self.env._("Was disconnected before. Choose it to connect it again.")
        return False

    def _phrase(self, reason):
        trial = self.roll_out_id._trial(self._address(), self.user_id)
        return trial._sentence(reason, given=self._address())

    def _is_chosen(self):
        return self.state == "planned" and self.wanted

    def _wait(self):
        """Let the job take these."""
        self.write({"state": "waiting", "reason": False})
        self.env.ref(JOB).sudo()._trigger()

    # ---- the job ----

    def _connect(self):
        """Connect it; return the reason where that failed, and let nothing come out."""
        for left in reversed(range(REPEATS)):
            try:
                with discreet():
                    self._connect_now()
                return None
            except RACES:
                self.env.cr.rollback()  # somebody else was at the same card or mailbox
                if not left:
                    return self._failed("unknown")
            except ConsentFailed as failure:
                return self._failed(failure.reason)
            except KeyMissing:
                return self._failed("key_missing")
            except Exception as error:
                _logger.error("Mailbox %s of many failed: %s", self.id, outline(error))
                return self._failed("unknown")
        return None

    def _failed(self, reason):
        self.env.cr.rollback()  # to the mailbox before: each was committed
        self.write({"state": "failed", "reason": reason})
        return reason

    def _connect_now(self):
        if self.account_id.state not in RUNNING:
            if not self._open():
                return
            # Before the calendars are listed: nothing is locked while the network is waited for.
            self.env["ir.cron"]._commit_progress()
        self.account_id._list_calendars()
        self.write({"state": "connected", "reason": False})

    def _open(self):
        """Try the mailbox and keep the card; False where there is nothing to do any more."""
        if not self.user_id.active:
            raise ConsentFailed("archived")
        address = self._address()
        if self._cards().filtered(lambda card: card.state in RUNNING and card.email == address):
            self.state = "already"  # by the user, since the preview
            return False
        found = self.roll_out_id._trial(address, self.user_id)._tried()
        self.account_id = card = self._card(found)
        card._authorised(*found)
        card._tell_connected_by(self.roll_out_id.user_id)
        return True

    def _card(self, found):
        """Return the user's card for a mailbox: the one it had, an empty one, or a new one."""
        values = self.roll_out_id._login() | {"email": found[0]}
        cards = self._cards()
        card = cards.filtered(lambda card: card.mailbox_id == found[1] or card.email == found[0])
        card = card or cards.filtered(lambda card: not card.mailbox_id and not card.email)
        if card:
            card[0].write(values)
            return card[0]
        company = self.user_id.company_id.id
        return cards.create(values | {"user_id": self.user_id.id, "company_id": company})

    def _cards(self):
        """Return the user's cards for this service, used or not."""
        accounts = self.env["synced.account"].sudo().with_context(**QUIET)
        provider = self.roll_out_id._login()["provider"]
        return accounts.search([("user_id", "=", self.user_id.id), ("provider", "=", provider)])


def _proposed(user):
    """Return a user's address, but none that anybody could have chosen for oneself."""
    given = user.email_normalized
    sure = given if given != user.synced_claimed_email else False
    return email_normalize(user.login or "") or sure
