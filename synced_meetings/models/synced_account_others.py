"""Odoo's own calendar synchronisation beside this one: say so, and offer the way out."""

from odoo import api, fields, models

# By module: its name, the field that says whether a user's is stopped, its token, how to stop it.
OTHERS = {
    "google": (
        "Google Calendar",
        "google_synchronization_stopped",
        "google_calendar_rtoken",
        "stop_google_synchronization",
    ),
    "exchange": (
        "Outlook Calendar",
        "microsoft_synchronization_stopped",
        "microsoft_calendar_rtoken",
        "stop_microsoft_synchronization",
    ),
}


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    other_sync = fields.Char(
        compute="_compute_other_sync", help="Odoo's own synchronisation of the same user, if on."
    )

    @api.depends("user_id", "provider", "state")
    def _compute_other_sync(self):
        for account in self:
            on = account.state != "draft" and account._other_is_on()
            name = OTHERS[account.provider][0] if on else ""
            account.other_sync = on and self.env._(
                "Odoo's own %(name)s synchronisation is on for %(user)s, too. With both, meetings "
                "can appear twice and guests can get mails from the other one.",
                name=name,
                user=account.user_id.name,
            )

    def _other_is_on(self):
        _name, stopped, token, _stop = OTHERS.get(self.provider, ("", "", "", ""))
        user = self.user_id.sudo()
        if not token or token not in user._fields or stopped not in user._fields:
            return False
        return bool(user[token]) and not user[stopped]

    def action_stop_other_sync(self):
        """Stop Odoo's own synchronisation of these users; what it brought stays."""
        self.check_access("write")
        for account in self.filtered(lambda account: account._other_is_on()):
            getattr(account.user_id.sudo(), OTHERS[account.provider][3])()
        return True
