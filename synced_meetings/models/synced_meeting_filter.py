"""The people whose meetings a user looks at on the calendar page."""

from odoo import fields, models
from odoo.exceptions import AccessError


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

    def write(self, vals):
        """Keep a person on the list of whose list it is."""
        if vals.get("owner_id", self.env.uid) != self.env.uid and not self.env.su:
            raise AccessError(self.env._("Everybody chooses whom they look at."))
        return super().write(vals)
