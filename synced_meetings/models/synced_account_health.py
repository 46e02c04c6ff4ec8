"""How all connections are, for managers: counted, never by what the meetings say."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .sentences import CHANNELS
from .synced_account import RUNNING

OVERDUE = "1 minute"  # what waits longer than a job needs to begin


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    state_since = fields.Datetime(
        string="Since", compute="_compute_state_since", store=True, readonly=True
    )
    calendar_error = fields.Char(
        string="What is wrong, what to do",
        compute="_compute_calendar_error",
        help="The connection's trouble, else that of a calendar, else why nothing is told.",
    )

    @api.depends("state")
    def _compute_state_since(self):
        self.state_since = fields.Datetime.now()

    @api.depends("last_error", "calendar_ids.last_error", "push_fault", "state")
    @api.depends_context("lang")
    def _compute_calendar_error(self):
        for account in self:
            of_calendars = filter(None, account.calendar_ids.mapped("last_error"))
            found = account.last_error or (account.state in RUNNING and next(of_calendars, False))
            account.calendar_error = found or account._own_push_fault()

    def _own_push_fault(self):
        """Return why nothing is told here, where that is not so everywhere."""
        return not self._push_fault() and self.push_fault

    # ---- the page ----

    @api.model
    def health(self):
        """Return the numbers of the health page as plain data."""
        self._check_manager()
        accounts = self.search([("state", "!=", "draft")])
        counted = dict(accounts._read_group([("id", "in", accounts.ids)], ["state"], ["__count"]))
        code = self._push_fault()
        last = self.env["synced.sync.run"].search([], order="finished desc", limit=1)
        return {
            "states": [
                {"state": state, "label": label, "count": counted.get(state, 0)}
                for state, label in self._fields["state"]._description_selection(self.env)
                if state != "draft"
            ],
            "never": len(self._never_connected()),
            "quarantine": self.env["synced.sync.quarantine"].search_count([("state", "=", "open")]),
            "last_run": fields.Datetime.to_string(last.finished) if last else False,
            "push": code in CHANNELS and self.browse()._sentence(code),
            "warnings": self._warnings(),
            **self._delays(accounts),
        }

    @api.model
    def _never_connected(self):
        """Return the people who work here and never connected a calendar."""
        begun = self.sudo().with_context(active_test=False).search([("mailbox_id", "!=", False)])
        domain = [("share", "=", False), ("company_ids", "in", self.env.companies.ids)]
        return self.env["res.users"].search([*domain, ("id", "not in", begun.user_id.ids)])

    @api.model
    def _delays(self, accounts):
        """Return what waits, and how long runs were waited for: 95 of 100 less than that."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """WITH mine AS (
                    SELECT c.id, c.waited, c.due, c.lease_until FROM synced_calendar c
                    JOIN synced_account a ON a.id = c.account_id
                    WHERE c.selected AND a.state IN %(running)s AND a.id IN %(ids)s),
                late AS (
                    SELECT EXTRACT(EPOCH FROM %(now)s - due) AS waited FROM mine
                    WHERE due < %(now)s - %(overdue)s::interval
                        AND (lease_until IS NULL OR lease_until < %(now)s)),
                unwritten AS (
                    SELECT count(*) AS links FROM synced_meeting_link l
                    JOIN mine ON mine.id = l.calendar_id
                    WHERE l.dirty AND l.held IS NOT TRUE AND l.refused IS NOT TRUE)
                SELECT (SELECT count(*) FROM late) + unwritten.links AS backlog,
                    (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY waited) FROM (
                        SELECT waited FROM mine UNION ALL SELECT waited FROM late) both_) AS lag
                FROM unwritten""",
                running=RUNNING,
                ids=tuple(accounts.ids) or (0,),
                now=fields.Datetime.now(),
                overdue=OVERDUE,
            )
        )
        backlog, lag = self.env.cr.fetchone()
        return {"backlog": backlog, "lag": round(float(lag or 0))}

    def _lacks_permission(self):
        """Whether a permission that is needed was not given, as far as is known; for adapters."""
        self.ensure_one()
        return False

    # ---- what managers do ----

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group("synced_meetings.group_manager"):
            raise AccessError(self.env._("Only managers of Synced Meetings supervise connections."))

    def action_ask_to_reconnect(self):
        """Ask the users of these, by mail and on their list of things to do, to sign in again."""
        asked = self._supervised().filtered(
            lambda account: account.state not in ("draft", "connecting")
        )
        asked = asked.filtered(lambda account: account.state != "connected")
        for account in asked:
            account._remind(True)
            account._ask_by_mail()
        return self._told(
            self.env._("%(count)s people were asked to sign in again.", count=len(asked))
        )

    def _ask_by_mail(self):
        address = self.get_base_url() + self._cards_path()
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=self.env._("Sign in to %(name)s again", name=self.name),
            body=self.env._(
                "%(sentence)s It is done on the page of your calendar connections: %(address)s",
                sentence=self._sentence(self.trouble or "reauth"),
                address=address,
            ),
        )

    def action_retry(self):
        """Have these read now, whatever they were waiting for."""
        paused = self._supervised()
        paused._resume("by_manager")
        running = paused.filtered(lambda account: account.state in RUNNING)
        for account in running:
            account.calendar_ids.filtered("selected").write({"failures": 0})
            account._mark_due()
        return self._told(self.env._("%(count)s connections are being read.", count=len(running)))

    def action_pause(self):
        """Let these rest until a manager has them go on."""
        running = self._supervised().filtered(lambda account: account.state in RUNNING)
        running._pause("by_manager")
        running._notify()
        return self._told(self.env._("%(count)s connections rest.", count=len(running)))

    def _supervised(self):
        self._check_manager()
        self.check_access("write")
        return self.sudo()

    def _told(self, message):
        """Return what says so, and shows the page as it is now."""
        after = {"type": "ir.actions.client", "tag": "soft_reload"}
        params = {"message": message, "type": "success", "next": after}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}
