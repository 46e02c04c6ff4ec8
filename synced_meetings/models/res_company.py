"""The window in which a company keeps meetings, and the text by which it invites."""

from datetime import datetime, timedelta, timezone

from odoo import api, fields, models

from odoo.addons.synced_meetings.sync.event import Window


class ResCompany(models.Model):
    _inherit = "res.company"

    synced_window_past_days = fields.Integer(
        string="Meetings back", default=lambda self: self._synced_days("past", 365)
    )
    synced_window_future_days = fields.Integer(
        string="Meetings ahead", default=lambda self: self._synced_days("future", 730)
    )
    synced_template_id = fields.Many2one(
        "mail.template",
        string="Template of invitations",
        domain=[("model", "=", "synced.meeting")],
        ondelete="set null",
        default=lambda self: self._synced_standard_template(),
        help="Proposed for new meetings.",
    )

    _synced_window_not_negative = models.Constraint(
        "CHECK (synced_window_past_days >= 0 AND synced_window_future_days >= 1)",
        "The window of meetings must reach from today or earlier to tomorrow or later.",
    )

    @api.model
    def _synced_days(self, side, fallback):
        key = f"synced_meetings.window_{side}_days"
        return int(self.env["ir.config_parameter"].sudo().get_param(key) or fallback)

    @api.model
    def _synced_standard_template(self):
        return self.env.ref("synced_meetings.meeting_template", raise_if_not_found=False)

    @api.model
    def _synced_give_standard_template(self):
        """Give every company that was there before the add-on the standard template."""
        without = self.with_context(active_test=False).search([("synced_template_id", "=", False)])
        without.synced_template_id = self._synced_standard_template()

    def _synced_window(self, now):
        """Return the span in which meetings are kept, in whole UTC days around ``now``.

        Whole days, so that the same request is asked all day long.
        """
        self.ensure_one()
        today = datetime(now.year, now.month, now.day, tzinfo=timezone.utc)
        return Window(
            today - timedelta(days=self.synced_window_past_days),
            today + timedelta(days=self.synced_window_future_days + 1),
        )
