"""What a user wants on the contact card and on the calendar page: choices that follow the user."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

BOXES = [("synced", "Synced meetings"), ("calendar", "Meetings"), ("both", "Both")]


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    synced_meetings_box = fields.Selection(
        BOXES, string="Meetings on the card", help="Empty: what the company prefers."
    )

    synced_weekends = fields.Boolean(string="Weekends on the calendar page", default=True)
    synced_work_days = fields.Char(help="Days of work by ISO number: 12345. Empty: the company's.")
    synced_work_start = fields.Float(help="The hour at which the user's work begins.")
    synced_work_end = fields.Float(help="The hour at which the user's work ends.")

    @api.constrains("synced_work_days", "synced_work_start", "synced_work_end")
    def _check_synced_work(self):
        for settings in self.filtered("synced_work_days"):
            begin, end = settings.synced_work_start, settings.synced_work_end
            if not set(settings.synced_work_days) <= set("1234567") or not 0 <= begin < end <= 24:
                raise ValidationError(
                    self.env._("Work begins before it ends, within a day. Choose other hours.")
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
