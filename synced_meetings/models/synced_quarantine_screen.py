"""What people see of events put aside: what an event says is its owner's alone."""

from odoo import api, fields, models


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
