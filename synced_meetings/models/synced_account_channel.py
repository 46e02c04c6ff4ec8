"""Where a provider may call this server, and how often calendars are read where it does not."""

from datetime import timedelta

from odoo import api, fields, models

from .callback import fault_of
from .sentences import CHANNELS
from .synced_account import RUNNING

WEBHOOK_PATH = "/synced_meetings/webhook/%s"
INTERVALS = {"poll_minutes": 5, "poll_minutes_pushed": 30}


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    push_until = fields.Datetime(
        compute="_compute_push_until",
        help="Until when the service tells of changes; it is renewed before by itself.",
    )

    push_fault = fields.Char(
        compute="_compute_push_fault", help="Why the service does not tell of changes."
    )

    @api.depends("calendar_ids.channel_error", "calendar_ids.selected", "state")
    @api.depends_context("lang")
    def _compute_push_fault(self):
        general = self._push_fault()
        for account in self:
            chosen = account.calendar_ids.filtered("selected")
            refused = next(filter(None, chosen.mapped("channel_error")), "")
            code = general or f"push_{refused}"
            shown = account.state in RUNNING and chosen and code in CHANNELS
            account.push_fault = shown and account._sentence(code)

    @api.depends("calendar_ids.channel_expires", "calendar_ids.selected", "state")
    def _compute_push_until(self):
        now = fields.Datetime.now()
        for account in self:
            ends = account.calendar_ids.filtered("selected").mapped("channel_expires")
            alive = [end for end in ends if end and end > now]
            account.push_until = account.state != "draft" and min(alive, default=False)

    def _webhook_url(self):
        """Return where this account's service may call, "" where it is not to, or cannot."""
        if self._push_fault():
            return ""
        return self._webhook_root() + WEBHOOK_PATH % self.provider

    @api.model
    def _push_fault(self):
        """Return a code: why no service tells of changes, "" where they may."""
        if not self._is_true("push", True):
            return "push_off"
        # An address that an administrator entered for this is taken as it is.
        return "" if self._synced_parameter("webhook_url") else fault_of(self._webhook_root())

    @api.model
    def _webhook_root(self):
        root = self._synced_parameter("webhook_url") or self.sudo().get_base_url()
        return root.rstrip("/")

    @api.model
    def _poll_interval(self, told):
        """Return how often a calendar is read of which the provider tells, or does not."""
        name = "poll_minutes_pushed" if told else "poll_minutes"
        return timedelta(minutes=self._poll_minutes(name))

    @api.model
    def _poll_minutes(self, name):
        said = str(self._synced_parameter(name) or "")
        return int(said) if said.isdecimal() and 0 < int(said) <= 1_440 else INTERVALS[name]

    @api.model
    def _synced_parameter(self, name):
        return self.env["ir.config_parameter"].sudo().get_param(f"synced_meetings.{name}")

    @api.model
    def _is_true(self, name, default):
        said = self._synced_parameter(name)
        if said in (False, None):
            return default
        return str(said).lower() not in ("false", "none", "0", "")

    def _end_channels(self):
        """Have nothing told of these accounts any more."""
        self.sudo().with_context(active_test=False).calendar_ids._end_channel()
