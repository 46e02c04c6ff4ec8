"""The feature's switch, window and template in the settings."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .keyring import KeyMissing


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    synced_meetings_enabled = fields.Boolean(
        string="Synced Meetings",
        help="Off: no menu, no scheduled work, no request to any calendar. All data are kept.",
    )
    synced_window_past_days = fields.Integer(
        related="company_id.synced_window_past_days", readonly=False
    )
    synced_window_future_days = fields.Integer(
        related="company_id.synced_window_future_days", readonly=False
    )
    synced_template_id = fields.Many2one(related="company_id.synced_template_id", readonly=False)

    synced_push = fields.Boolean(
        string="Told at once",
        help="Google and Microsoft call this server when a calendar changes.",
    )
    synced_poll_minutes = fields.Integer(
        string="Minutes between looks", help="Where a service does not tell of changes."
    )
    synced_poll_minutes_pushed = fields.Integer(
        string="Minutes between looks where Odoo is told",
        help="Services do not promise that every call arrives.",
    )

    synced_alarm_percent = fields.Integer(
        string="Failing connections", help="In percent; from there on managers are told."
    )

    @api.model
    def get_values(self):
        """Read the switch as the jobs read it."""
        enabled = self.env["synced.account"]._synced_meetings_enabled()
        accounts = self.env["synced.account"]
        return super().get_values() | {
            "synced_meetings_enabled": enabled,
            "synced_push": accounts._is_true("push", True),
            "synced_poll_minutes": accounts._poll_minutes("poll_minutes"),
            "synced_poll_minutes_pushed": accounts._poll_minutes("poll_minutes_pushed"),
            "synced_alarm_percent": accounts._alarm_percent(),
        }

    def set_values(self):
        """Write the switch; what is due goes on when it is switched on again."""
        super().set_values()
        self._set_synced_parameters()
        before = self.env["synced.account"]._synced_meetings_enabled()
        if self.synced_meetings_enabled != before:
            self.env["ir.config_parameter"].set_param(
                "synced_meetings.enabled", str(self.synced_meetings_enabled)
            )
            self.env["synced.calendar"]._review_channels()

    def _set_synced_parameters(self):
        before, parameters = self.get_values(), self.env["ir.config_parameter"]
        for name in ("push", "poll_minutes", "poll_minutes_pushed", "alarm_percent"):
            value = self[f"synced_{name}"]
            if value != before[f"synced_{name}"]:
                parameters.set_param(f"synced_meetings.{name}", str(value))
                self.env["synced.calendar"]._review_channels()

    @api.model
    def _is_sealed(self, parameter):
        """Whether a sealed system parameter is set; its text is never shown."""
        return bool(self.env["ir.config_parameter"].sudo().get_param(parameter))

    @api.model
    def _seal_setting(self, parameter, text):
        """Seal what was typed into a sealed system parameter; "" erases it."""
        if not self.env.user._is_system():
            raise AccessError(self.env._("Only an administrator changes settings."))
        try:
            self.env["synced.secret"]._set_parameter(parameter, text)
        except KeyMissing:
            raise UserError(self.env["synced.account"]._sentence("key_missing")) from None
