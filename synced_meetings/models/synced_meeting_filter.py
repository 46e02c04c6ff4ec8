"""The people whose meetings a user looks at on the calendar page."""

from odoo import fields, models


class SyncedMeetingFilter(models.Model):
    _name = "synced.meeting.filter"
    _description = "Person Shown on the Calendar Page"

    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user, ondelete="cascade", index=True
    )
    shown_user_id = fields.Many2one(
        "res.users", string="Person", required=True, ondelete="cascade", domain=[("share", "=", False)]
    )
    checked = fields.Boolean(default=True)

    _once = models.UniqueIndex("(user_id, shown_user_id)", "This person is on your list already.")
