"""Telling managers before, and when, many connections fail."""

from datetime import timedelta

from odoo import api, fields, models

FAILING = ("error", "reauth")
PERCENT = 20
AHEAD = timedelta(days=14)  # how early what expires is named
LATE = timedelta(hours=6)  # a channel that ends so soon should have been renewed before


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    @api.model
    def _alarm_percent(self):
        said = str(self._synced_parameter("alarm_percent") or "")
        return int(said) if said.isdecimal() and int(said) <= 100 else PERCENT

    @api.model
    def _expiring(self):
        """Return [(moment, sentence)] of what ends without a person; adapters add their own."""
        return []

    @api.model
    def _warnings(self):
        """Return sentences about what fails, or soon will."""
        now = fields.Datetime.now()
        soon = [sentence for moment, sentence in self._expiring() if moment <= now + AHEAD]
        return [*filter(None, (self._failing_warning(), self._channel_warning(now))), *soon]

    def _failing_warning(self):
        used = self.sudo().search([("state", "not in", ("draft", "paused"))])
        failing = used.filtered(lambda account: account.state in FAILING)
        percent = self._alarm_percent()
        if not failing or not percent or 100 * len(failing) < percent * len(used):
            return None
        return self.env._(
            "%(failing)s of %(used)s connections fail. The list says why and what to do.",
            failing=len(failing),
            used=len(used),
        )

    def _channel_warning(self, now):
        domain = [("channel_expires", ">", now), ("channel_expires", "<", now + LATE)]
        running = ("account_id.state", "in", ("connected", "error"))
        # Channels whose whole life is short are renewed later.
        late = (
            self.env["synced.calendar"].sudo().search([*domain, running, ("selected", "=", True)])
        )
        late = late.filtered(
            lambda one: not one.channel_begun or one.channel_begun < now - 3 * LATE
        )
        return late and self.env._(
            "%(count)s subscriptions end within six hours and were not renewed. The calendars are "
            "read at intervals then; look whether the scheduled jobs run.",
            count=len(late),
        )

    @api.model
    def _cron_alarm(self):
        """Tell the managers of what fails or ends, at most once a day."""
        today = str(fields.Date.today())
        if not self._synced_meetings_enabled() or self._synced_parameter("alarmed_on") == today:
            return
        managers = self.env.ref("synced_meetings.group_manager").all_user_ids
        people = managers.filtered(lambda user: user.active and not user.share)
        if (warnings := self._warnings()) and people:
            self.env["ir.config_parameter"].sudo().set_param("synced_meetings.alarmed_on", today)
            self.env["mail.thread"].message_notify(
                partner_ids=people.partner_id.ids,
                subject=self.env._("Calendar connections need attention"),
                body=" ".join(map(str, warnings)),
            )
