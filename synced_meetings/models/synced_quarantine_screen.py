"""What people see of events put aside: what an event says is its owner's alone."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class SyncedSyncQuarantine(models.Model):
    _inherit = "synced.sync.quarantine"

    payload = fields.Text(groups=fields.NO_ACCESS)
    source = fields.Text(
        compute="_compute_source", help="The event as the provider sent it, for its owner only."
    )
    is_owner = fields.Boolean(compute="_compute_source")

    @api.depends("calendar_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for event in self:
            calendar = event.calendar_id.sudo().name or ""
            event.display_name = self.env._("Put aside from %(calendar)s", calendar=calendar)

    @api.depends("user_id", "payload")
    @api.depends_context("uid")
    def _compute_source(self):
        for event in self:
            event.is_owner = event.user_id == self.env.user
            event.source = event.is_owner and event.sudo().payload

    def action_retry(self):
        """Let the next runs, which begin at once, ask for these events by id."""
        self.check_access("write")
        events = self.sudo().filtered(lambda event: event.state == "open" and event.remote_id)
        if not events:
            raise UserError(
                self.env._("These cannot be asked for: they are solved, or have no id.")
            )
        for calendar, asked in events.grouped("calendar_id").items():
            calendar._check_runs()
            calendar._retry(asked.mapped("remote_id"))
        return self._asked_notice(len(events))

    def _asked_notice(self, count):
        message = self.env._(
            "%(count)s asked for again. What comes in is marked as solved; "
            "what cannot be read shows why.",
            count=count,
        )
        close = {"type": "ir.actions.act_window_close"}
        params = {"type": "info", "message": message, "next": close}
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def action_solve(self):
        """Close it: the person has dealt with the event in the calendar."""
        self.write({"state": "solved"})


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    def action_view_quarantine(self):
        """Open the events of this account that wait to be dealt with."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("synced_meetings.action_quarantine")
        return action | {"domain": [("calendar_id.account_id", "=", self.id)]}
