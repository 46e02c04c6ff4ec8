"""The people whose meetings a user looks at on the calendar page."""

from odoo import fields, models


class SyncedMeetingFilter(models.Model):
    _name = "synced.meeting.filter"
    _description = "Person Shown on the Calendar Page"

    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        index=True,
        help="Whose calendar page it is.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    checked = fields.Boolean(default=True)

    _once = models.UniqueIndex("(owner_id, user_id)", "This person is on your list already.")
