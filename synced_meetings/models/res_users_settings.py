"""Which meetings a user wants on the contact card: a choice that follows the user."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

BOXES = [("synced", "Synced meetings"), ("calendar", "Meetings"), ("both", "Both")]


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    synced_meetings_box = fields.Selection(
        BOXES, string="Meetings on the card", help="Empty: what the company prefers."
    )

    @api.model
    def _synced_box(self):
        """Return what the current user's cards show; False while the feature is off."""
        if not self.env["synced.account"]._synced_meetings_enabled():
            return False
        own = self.env.user.sudo().res_users_settings_id.synced_meetings_box
        return own or self.env.company.sudo().synced_meetings_box

    @api.model
    def _set_synced_box(self, box, for_company):
        if for_company:
            if not self.env.user.has_group("synced_meetings.group_manager"):
                raise AccessError(self.env._("Only administrators choose for the whole company."))
            self.env.company.sudo().synced_meetings_box = box
        settings = self._find_or_create_for_user(self.env.user)
        settings.sudo().synced_meetings_box = False if for_company else box
