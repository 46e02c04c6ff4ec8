"""A user's connection to a calendar service."""

import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .defaults import own_defaults

COLLEAGUES_SEE = [
    ("all", "All meetings"),
    ("contacts", "Meetings with contacts"),
    ("busy", "Only busy times"),
]
STATES = [
    ("draft", "Not connected"),
    ("connecting", "Connecting"),
    ("connected", "Connected"),
    ("error", "Failing"),
    ("reauth", "Sign in again"),
    ("paused", "Paused"),
]
RUNNING = ("connecting", "connected", "error")


class SyncedAccount(models.Model):
    _name = "synced.account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Calendar Connection"
    _order = "user_id, provider, id"
    _rec_names_search = ["email", "user_id"]

    name = fields.Char(compute="_compute_name")
    user_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    provider = fields.Selection([], required=True)
    email = fields.Char(
        string="Address", readonly=True, copy=False, help="Of the mailbox that was authorised."
    )
    auth_method = fields.Selection(
        [("oauth", "OAuth")],
        string="Sign-in",
        default="oauth",
        required=True,
        help="How Odoo is let in; adapters may add ways that need no consent page.",
    )
    mailbox_id = fields.Char(
        groups=fields.NO_ACCESS, copy=False, help="The provider's own id of it; addresses change."
    )
    colleagues_see = fields.Selection(
        COLLEAGUES_SEE,
        string="Colleagues see",
        default="contacts",
        required=True,
        help="What others may read of this calendar. Private meetings are never shown.",
    )
    state = fields.Selection(STATES, default="draft", required=True, readonly=True, copy=False)
    trouble = fields.Char(readonly=True, copy=False, help="A code: why it does not work.")
    refusal = fields.Char(readonly=True, copy=False, help="A code: why the last sign-in failed.")
    refused_email = fields.Char(readonly=True, copy=False, help="Who signed in instead.")
    last_error = fields.Char(compute="_compute_last_error", help="What is wrong, what to do.")
    last_sync = fields.Datetime(compute="_compute_last_sync", help="When it last succeeded.")
    next_sync = fields.Datetime(string="Next check", compute="_compute_progress")
    syncing = fields.Boolean(compute="_compute_progress")
    meeting_count = fields.Integer(string="Meetings", compute="_compute_progress")
    quarantine_count = fields.Integer(compute="_compute_quarantine_count")
    own = fields.Boolean(compute="_compute_own", help="It is the reader's own.")
    calendar_ids = fields.One2many("synced.calendar", "account_id", string="Calendars")
    secret_ids = fields.One2many("synced.secret", "account_id", groups=fields.NO_ACCESS)
    database_uuid = fields.Char(
        groups=fields.NO_ACCESS, copy=False, help="The database it was connected in."
    )
    active = fields.Boolean(default=True)

    _mailbox_once = models.UniqueIndex(
        "(provider, mailbox_id) WHERE mailbox_id IS NOT NULL AND state != 'draft'",
        "This mailbox is connected already.",
    )
    _email_once = models.UniqueIndex(
        "(user_id, provider, email) WHERE email IS NOT NULL",
        "There is a connection to this mailbox already.",
    )

    @api.depends("provider", "email")
    def _compute_name(self):
        names = dict(self._fields["provider"]._description_selection(self.env))
        for account in self:
            account.name = account.email or names.get(account.provider, "")

    @api.depends("trouble", "refusal", "refused_email", "user_id", "email")
    @api.depends_context("lang")
    def _compute_last_error(self):
        for account in self:
            code = account.refusal or account.trouble
            account.last_error = code and account._sentence(code)

    @api.depends("calendar_ids.last_sync", "calendar_ids.selected")
    def _compute_last_sync(self):
        for account in self:
            done = account.calendar_ids.filtered("selected").mapped("last_sync")
            account.last_sync = max(filter(None, done), default=False)

    @api.depends("state", "calendar_ids.due", "calendar_ids.syncing", "calendar_ids.meeting_count")
    def _compute_progress(self):
        for account in self:
            chosen = account.calendar_ids.filtered("selected")
            account.next_sync = min(filter(None, chosen.mapped("due")), default=False)
            account.syncing = account.state in RUNNING and any(chosen.mapped("syncing"))
            account.meeting_count = sum(chosen.mapped("meeting_count"))

    def _compute_quarantine_count(self):
        counts = self.env["synced.sync.quarantine"]._read_group(
            [("calendar_id.account_id", "in", self.ids), ("state", "=", "open")],
            ["calendar_id"],
            ["__count"],
        )
        for account in self:
            mine = [count for calendar, count in counts if calendar.account_id == account]
            account.quarantine_count = sum(mine)

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_own(self):
        for account in self:
            account.own = account.user_id == self.env.user

    # ---- who may write what ----

    @api.model
    def default_get(self, fields):
        """Let nobody choose by a default whose card it is, or how it is."""
        chosen = self._fields_of_a_person() - {"user_id", "calendar_ids"}
        return own_defaults(self, super().default_get(fields), chosen)

    @api.model
    def _fields_of_a_person(self):
        """Return what a person may write; all else only the add-ons themselves do."""
        return {"user_id", "company_id", "provider", "colleagues_see", "calendar_ids"}

    @api.model_create_multi
    def create(self, vals_list):
        """Create cards; each is the creator's own, unless an administrator makes it."""
        for values in vals_list:
            self._check_person_may(values)
        accounts = super().create(vals_list)
        accounts._check_company()
        return accounts

    def write(self, vals):
        """Write what a person may choose."""
        self._check_person_may(vals)
        if not self.env.su and vals.keys() & {"user_id", "provider"}:
            self._check_not_begun()
        if "colleagues_see" in vals:
            self._check_own()
        done = super().write(vals)
        if "company_id" in vals:
            self._check_company()
        if "colleagues_see" in vals:
            self._meetings()._copies_changed()
        return done

    def _meetings(self):
        """Return all meetings that these accounts hold a copy of, occurrences included."""
        links = self.env["synced.meeting.link"].sudo().with_context(active_test=False)
        copies = links.search([("calendar_id.account_id", "in", self.ids)])
        return copies.meeting_id | copies.series_id.meeting_ids

    @api.model
    def _check_person_may(self, values):
        if self.env.su:
            return
        if forbidden := values.keys() - self._fields_of_a_person():
            names = ", ".join(sorted(forbidden))
            raise AccessError(self.env._("These fields cannot be written: %(names)s.", names=names))
        other = values.get("user_id", self.env.uid) != self.env.uid
        if other and not self.env.user.has_group("synced_meetings.group_manager"):
            raise AccessError(self.env._("You can connect only calendars of your own."))

    def _check_own(self):
        """Refuse to decide for others what is read of their calendars, and by whom."""
        others = self.filtered(lambda account: account.user_id != self.env.user)
        if others and not self.env.su:
            names = ", ".join(others.user_id.mapped("name"))
            raise AccessError(self.env._("Only %(names)s can choose this.", names=names))

    def _check_company(self):
        """Refuse a company of which its user is not: contacts are looked up there."""
        for account in self if not self.env.su else ():
            if account.company_id not in account.user_id.sudo().company_ids:
                raise AccessError(
                    self.env._("%(name)s is not of this company.", name=account.user_id.name)
                )

    def _check_not_begun(self):
        if self.sudo().filtered(lambda account: account.mailbox_id or account.state != "draft"):
            raise UserError(
                self.env._("This card has a mailbox already. Add another connection instead.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_disconnected(self):
        if self.filtered(lambda account: account.state != "draft"):
            raise UserError(self.env._("Disconnect the calendar first, then delete its card."))
        if self._meetings():
            raise UserError(
                self.env._(
                    "The meetings of this mailbox are here, and the card knows which they are. "
                    "It does nothing while it is disconnected, so it can stay."
                )
            )

    # ---- what a person does ----

    def action_synchronise(self):
        """Mark the calendars due and wake the scheduled job; never wait for it."""
        for account in self:
            account._check_runs()
            account._mark_due()
        return True

    def _mark_due(self):
        self.ensure_one()
        calendars = self.sudo().calendar_ids
        if not calendars:
            self.env.ref("synced_meetings.cron_list_calendars").sudo()._trigger()
        # A second click while a run is on would start another one after it.
        calendars.filtered(lambda calendar: calendar.selected and not calendar.syncing)._mark_due()

    def _check_runs(self):
        if not self._synced_meetings_enabled():
            raise UserError(self._sentence("off"))
        if self.state == "draft":
            raise UserError(self._sentence("draft"))
        if self.state in ("reauth", "paused"):
            raise UserError(self._sentence(self.trouble or "reauth"))

    def action_dismiss(self):
        """Put away what the last sign-in said."""
        self.check_access("write")
        self.sudo().write({"refusal": False, "refused_email": False})

    # ---- what adapters provide ----

    def _provider(self, remote_id=None):
        """Return the `sync.provider.Provider` of this account, for the calendar ``remote_id``.

        Raises `AuthRequired` where there is nothing to log in with, and `KeyMissing`.
        """
        raise UserError(self._sentence("no_adapter"))

    def _patience(self, usual=30.0):
        """Return how many seconds a service may take to answer: less where a person waits."""
        return min(usual, self.env.context.get("synced_patience", usual))

    def _new_event_key(self):
        """Return (client key, iCalendar UID) for an event that is made here."""
        key = uuid.uuid4().hex
        return key, f"{key}@synced-meetings"

    def _saves_quietly(self):
        """Return whether the service can change a meeting without mailing its people."""
        return True

    def _conference_name(self):
        """Return the name of the video meetings that the service can make, "" where it can none."""
        return ""

    def _tells_messages(self):
        """Return whether the service can send a message along with a cancellation."""
        return False

    def _occurrence_id(self, series_remote_id, recurrence_id):
        """Return the remote id of an occurrence that has no copy of its own, if that is known."""
        return False

    # ---- secrets ----

    def _secret(self, name):
        """Return what is kept under ``name``, "" where nothing is. Raises `KeyMissing`."""
        secrets = self.env["synced.secret"].sudo()
        domain = [("account_id", "in", self.ids), ("name", "=", name)]
        row = secrets.search_fetch(domain, ["value"])
        return secrets._unseal(row.value) if row else ""

    def _set_secret(self, name, text):
        """Keep ``text`` sealed under ``name``. Raises `KeyMissing`."""
        self.ensure_one()
        secrets = self.env["synced.secret"].sudo()
        value = secrets._seal(text)
        row = self.sudo().secret_ids.filtered(lambda secret: secret.name == name)
        if row:
            row.value = value
        else:
            secrets.create({"account_id": self.id, "name": name, "value": value})

    def _renew_secret(self, name, text):
        """Keep ``text`` in a transaction of its own, so that no lock waits for the network."""
        with self.env.registry.cursor() as cr:
            account = self.with_env(self.env(cr=cr))
            if account.sudo().secret_ids.filtered(lambda secret: secret.name == name):
                account._set_secret(name, text)
