"""Connecting the calendars of many users at once, by a login that opens all of them (D17).

An administrator chooses people and sees in a preview what would happen; a job does it one mailbox
after the other, and what came of it stays listed.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .keyring import KeyMissing
from .synced_consent import ConsentFailed

JOB = "synced_meetings.cron_connect_many"
CHANGED = "synced_meetings/roll_out"
STATES = [("draft", "Preview"), ("running", "Connecting"), ("done", "Done")]
# How often in a row a reason may come before it is taken as one that holds for everybody.
AT_ONCE, PATIENCE = 1, 3


class SyncedRollOut(models.Model):
    _name = "synced.roll.out"
    _description = "Calendars of Many Users"
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(
        [], string="By", required=True, default=lambda self: self._default_kind()
    )
    user_id = fields.Many2one(
        "res.users", string="Begun by", default=lambda self: self.env.user, readonly=True
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        domain=[("share", "=", False)],
        context={"active_test": False},
        help="Left empty, all internal users of your companies.",
    )
    line_ids = fields.One2many("synced.roll.out.line", "roll_out_id", string="Mailboxes")
    state = fields.Selection(STATES, compute="_compute_progress")
    planned_count = fields.Integer(compute="_compute_progress")
    failed_count = fields.Integer(compute="_compute_progress", string="Failed")
    connected_count = fields.Integer(compute="_compute_progress", string="Connected")
    progress = fields.Integer(compute="_compute_progress")
    summary = fields.Char(compute="_compute_summary")
    obstacle = fields.Char(compute="_compute_obstacle", help="What must be set up before.")
    recipe = fields.Text(compute="_compute_recipe", help="How to give the least rights for it.")

    @api.depends("kind", "create_date")
    def _compute_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for one in self:
            day = fields.Date.context_today(one, one.create_date)
            one.name = f"{kinds.get(one.kind, '')}, {fields.Date.to_string(day)}"

    @api.depends("line_ids.state", "line_ids.wanted")
    def _compute_progress(self):
        for one in self:
            lines = one.line_ids.grouped("state")
            count = {state: len(found) for state, found in lines.items()}
            waiting, connected = count.get("waiting", 0), count.get("connected", 0)
            failed = count.get("failed", 0)
            one.planned_count = len(one.line_ids.filtered(lambda x: x._is_chosen()))
            one.connected_count, one.failed_count = connected, failed
            over = "done" if connected or failed else "draft"
            one.state = "running" if waiting else over
            all_of_it = waiting + connected + failed
            one.progress = 100 * (connected + failed) // all_of_it if all_of_it else 0

    @api.depends("line_ids.state", "line_ids.wanted")
    @api.depends_context("lang")
    def _compute_summary(self):
        field = self.env["synced.roll.out.line"]._fields["state"]
        states = field._description_selection(self.env)
        for one in self:
            found = one.line_ids.grouped("state")
            parts = [f"{text}: {len(found[state])}" for state, text in states if state in found]
            one.summary = " · ".join(parts)

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_obstacle(self):
        for one in self:
            one.obstacle = False
            if one.kind:
                try:
                    one._check_ready()
                except ConsentFailed as failure:
                    one.obstacle = one._trial()._sentence(failure.reason, **failure.values)
                except KeyMissing:
                    one.obstacle = one._trial()._sentence("key_missing")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_recipe(self):
        for one in self:
            one.recipe = one._recipe() if one.kind else False

    @api.model
    def _default_kind(self):
        kinds = self._fields["kind"].get_values(self.env)
        return kinds[0] if kinds else False

    # ---- what adapters provide ----

    def _login(self):
        """Return the values of a card that is connected by this login, without the mailbox."""
        raise UserError(self.env["synced.account"]._sentence("no_adapter"))

    def _check_ready(self):
        """Raise `ConsentFailed` where the login that opens all mailboxes is not set up."""

    def _recipe(self):
        """Return what an administrator of the service does, to be pasted there."""
        return ""

    def _patience(self, reason):
        """Return after how many in a row a reason counts for all mailboxes, 0 for never."""
        if reason in ("key_missing", "no_client"):
            return AT_ONCE
        return PATIENCE if reason == "no_network" else 0

    def _trial(self, email=False, user=None):
        """Return a card that is not stored, to be tried and to phrase sentences with."""
        user = user or self.env.user
        values = self._login() | {"email": email, "user_id": user.id}
        return self.env["synced.account"].sudo().new(values)

    @api.model
    def _begin_for(self, users, kind):
        """Return the page of a new list for these users, with its preview."""
        self._check_administrator()
        made = self.create({"kind": kind, "user_ids": [Command.set(users.ids)]})
        made.action_preview()
        return {
            "type": "ir.actions.act_window",
            "res_model": made._name,
            "res_id": made.id,
            "views": [(False, "form")],
        }

    # ---- what an administrator does ----

    @api.model_create_multi
    def create(self, vals_list):
        """Begin, as the administrator who does it."""
        self._check_administrator()
        return super().create([values | {"user_id": self.env.uid} for values in vals_list])

    def write(self, vals):
        """Write; another kind or other people make another preview necessary."""
        self._check_administrator()
        if vals.keys() & self._fields_of_the_plan():
            if self.filtered(lambda one: one.state != "draft"):
                raise UserError(
                    self.env._("This was begun. Make a new list for other people or another way.")
                )
            self.line_ids.unlink()
            vals = {name: value for name, value in vals.items() if name != "line_ids"}
        return super().write(vals)

    @api.model
    def _fields_of_the_plan(self):
        """Return what the preview follows from; adapters may add theirs."""
        return {"kind", "user_ids"}

    def _check_administrator(self):
        """Refuse all but administrators: the login opens any mailbox."""
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only an administrator connects calendars of others."))

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_running(self):
        if self.filtered(lambda one: one.state == "running"):
            raise UserError(self.env._("Stop it first; who is connected stays connected."))

    def action_preview(self):
        """List who would be connected, and who not; nothing is done yet."""
        self.ensure_one()
        self._check_administrator()
        if self.state != "draft":
            raise UserError(self.env._("This was begun. Make a new list for a new preview."))
        lines = [Command.create({"user_id": user.id}) for user in self._people()]
        self.line_ids = [Command.clear(), *lines]
        return True

    def _people(self):
        """Return whom it is about: the chosen, or everybody who works in Odoo."""
        users = self.env["res.users"].with_context(active_test=False)
        if self.user_ids:
            return users.browse(self.with_context(active_test=False).user_ids.ids)
        system = [self.env.ref("base.user_root").id]
        template = self.env.ref("base.template_portal_user_id", raise_if_not_found=False)
        system += template.ids if template else []
        return users.search(
            [
                ("share", "=", False),
                ("id", "not in", system),
                ("company_ids", "in", self.env.companies.ids),
            ]
        )

    def action_start(self):
        """Let the job connect who is chosen; never wait for it."""
        self.ensure_one()
        self._check_administrator()
        if not self.env["synced.account"]._synced_meetings_enabled():
            raise UserError(self.env["synced.account"]._sentence("off"))
        if self.obstacle:
            raise UserError(self.obstacle)
        chosen = self.line_ids.filtered(lambda line: line._is_chosen())
        if not chosen:
            raise UserError(
                self.env._("Nobody is chosen. Make a preview, and choose who it is for.")
            )
        chosen._wait()
        return True

    def action_retry(self):
        """Try once more those that failed, and no others."""
        self.ensure_one()
        self._check_administrator()
        self.line_ids.filtered(lambda line: line.state == "failed")._wait()
        return True

    def action_stop(self):
        """Leave those who wait; who is connected stays connected."""
        self.ensure_one()
        self._check_administrator()
        waiting = self.line_ids.filtered(lambda line: line.state == "waiting")
        waiting.write({"state": "planned", "wanted": True})
        return True

    # ---- the job ----

    @api.model
    def _run_waiting(self):
        """Connect who waits, one mailbox after the other; what was done is committed each time.

        The scheduled job's own row keeps a second worker away. A killed job begins with the
        mailbox that it was at.
        """
        lines = self.env["synced.roll.out.line"].sudo()
        if not self.env["synced.account"]._synced_meetings_enabled():
            return
        alike, before = 0, None
        while line := lines.search([("state", "=", "waiting")], order="id", limit=1):
            reason = line._connect()
            alike, before = (alike + 1 if reason == before else 1), reason
            roll_out = line.roll_out_id
            if reason and 0 < roll_out._patience(reason) <= alike:
                roll_out._give_up(reason)
            roll_out._notify()
            left = lines.search_count([("state", "=", "waiting")])
            if self.env["ir.cron"]._commit_progress(1, remaining=left) <= 0:
                return  # the rest is for the next run of the job, which follows at once
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _give_up(self, reason):
        """Spare the mailboxes that wait what holds for all of them, such as a wrong password."""
        self.flush_recordset()
        waiting = self.line_ids.filtered(lambda line: line.state == "waiting")
        waiting.write({"state": "failed", "reason": reason})

    def _notify(self):
        """Tell the page of who began it how it gets on."""
        for one in self:
            one.user_id._bus_send(CHANGED, {"roll_out_id": one.id})
