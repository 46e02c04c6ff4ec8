"""A user hears that somebody else connected the calendar."""

from odoo import models

KIND = "synced_meetings.activity_connected"


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    def _tell_connected_by(self, administrator):
        """Put it on the user's own list of things to see; nobody is mailed."""
        self.ensure_one()
        account = self.with_context(lang=self.user_id.lang, mail_activity_quick_update=True)
        if self.user_id == administrator:
            return
        account.activity_schedule(
            KIND,
            user_id=self.user_id.id,
            summary=account.env._("Your calendar is connected"),
            note=account.env._(
                "%(name)s connected %(email)s with Odoo. Your meetings are read; nothing goes out "
                "without you. Choose on this card what colleagues see of them.",
                name=administrator.name,
                email=self.email,
            ),
        )
