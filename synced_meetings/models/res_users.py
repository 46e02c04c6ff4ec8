"""A user's connections: in the preferences, and at rest while the user is archived."""

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    synced_account_ids = fields.One2many(
        "synced.account", "user_id", string="Calendar connections", readonly=True
    )

    @property
    def SELF_READABLE_FIELDS(self):
        """Let users see their own connections in their preferences."""
        return [*super().SELF_READABLE_FIELDS, "synced_account_ids"]

    def write(self, vals):
        """Let the connections of an archived user rest, and go on when the user is back."""
        done = super().write(vals)
        if "active" in vals:
            accounts = self.with_context(active_test=False).sudo().synced_account_ids
            if vals["active"]:
                accounts._resume("archived")
            else:
                accounts._usable()
        return done
