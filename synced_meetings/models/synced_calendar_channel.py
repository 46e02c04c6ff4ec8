"""Being told at once: the channel by which a provider says that a calendar changed.

A run opens and renews the channel of its calendar before it reads: what happens afterwards is told.
Where there is no channel, or until it tells, the calendar is read at set intervals.
"""

import logging
import secrets
from datetime import timedelta, timezone

from odoo import api, fields, models

from odoo.addons.synced_meetings.sync.errors import AuthRequired, NoChannel, SyncError
from odoo.addons.synced_meetings.sync.event import Channel

from .synced_account import RUNNING
from .synced_calendar_call import digest_of

_logger = logging.getLogger(__name__)
MARGIN = timedelta(hours=12)  # renewed so long before the end, or in the last half of its life
NO_CHANNEL = dict.fromkeys(
    ("id", "resource", "digest", "url", "expires", "number", "retry", "error"), False
)
NO_CHANNEL = {f"channel_{name}": value for name, value in NO_CHANNEL.items()}
PATIENCE = {  # until a refused channel is asked for again
    "unsupported": timedelta(days=7),
    "unreachable": timedelta(hours=1),
    "refused": timedelta(hours=6),
    "slow": timedelta(minutes=10),
}


class SyncedCalendar(models.Model):
    _inherit = "synced.calendar"

    channel_id = fields.Char(groups=fields.NO_ACCESS, help="By which the provider names it.")
    channel_resource = fields.Char(groups=fields.NO_ACCESS)
    channel_digest = fields.Char(groups=fields.NO_ACCESS, help="Of its secret.")
    channel_url = fields.Char(groups=fields.NO_ACCESS, help="The address that is called.")
    channel_number = fields.Float(digits=(18, 0), groups=fields.NO_ACCESS)
    channel_begun = fields.Datetime(groups=fields.NO_ACCESS)
    channel_expires = fields.Datetime(
        string="Push until", readonly=True, help="Until when the provider tells of changes."
    )
    channel_retry = fields.Datetime(groups=fields.NO_ACCESS, help="Not asked for again before.")
    channel_error = fields.Char(readonly=True, help="A code: why the provider does not tell.")
    waited = fields.Float(readonly=True, help="Seconds for which the last run was waited for.")

    _channel_unique = models.UniqueIndex("(channel_id) WHERE channel_id IS NOT NULL")

    # ---- opening and renewing, by a run ----

    def _tend_channel(self):
        """Open, renew or end the channel as is wanted now; return at once where nothing is."""
        url = self.account_id._webhook_url()
        if not url or (self.channel_url and self.channel_url != url):
            self._end_channel()
        if url and self._wants_channel(fields.Datetime.now()):
            self.write(self._open_channel(url))
            self.env["ir.cron"]._commit_progress()

    def _wants_channel(self, now):
        if self.channel_retry and self.channel_retry > now:
            return False
        if not self.channel_id or not self.channel_expires:
            return True
        left = self.channel_expires - now
        life = self.channel_expires - (self.channel_begun or now)
        return left <= min(MARGIN, life / 2)

    def _open_channel(self, url):
        """Return the values of the channel that the provider gave, or of its refusal."""
        now = fields.Datetime.now()
        secret = self.env["synced.calendar.call"]._mint(secrets.token_urlsafe(24))
        old = self._channel()
        self.env["ir.cron"]._commit_progress()  # nothing is open while the network is waited for
        try:
            channel = self.account_id._provider(self.remote_id).subscribe(url, secret, old)
        except AuthRequired:
            raise  # for the account, as of any call
        except SyncError as error:
            reason = error.reason if isinstance(error, NoChannel) else "slow"
            _logger.info("no channel for calendar %s: %s", self.id, reason)
            return {"channel_error": reason, "channel_retry": now + PATIENCE[reason]}
        return self._values_of_channel(channel, old, secret, url, now)

    def _values_of_channel(self, channel, old, secret, url, now):
        values = NO_CHANNEL | {
            "channel_id": channel.id,
            "channel_resource": channel.resource,
            "channel_digest": digest_of(secret),
            "channel_url": url,
            "channel_begun": now,
            "channel_expires": channel.expires.astimezone(timezone.utc).replace(tzinfo=None),
        }
        if old and channel.id == old.id:  # prolonged: its calls go on as they were
            values |= {name: self[name] for name in ("channel_digest", "channel_number")}
        return values

    def _channel(self):
        """Return the channel as the provider knows it, None where there is none."""
        if not self.channel_id:
            return None
        expires = (self.channel_expires or fields.Datetime.now()).replace(tzinfo=timezone.utc)
        return Channel(self.channel_id, expires, self.channel_resource or "")

    def _is_told(self):
        """Whether the provider tells of changes."""
        ends = self.channel_id and self.channel_expires
        return bool(ends and ends > fields.Datetime.now())

    def _interval(self):
        """Return after which time the calendar is read although nobody said anything."""
        return self.account_id._poll_interval(self._is_told())

    # ---- ending ----

    def _end_channel(self):
        """Have the provider call no more; whatever it says, what still comes is not believed."""
        for calendar in self.sudo().filtered("channel_id"):
            calendar._unsubscribe_quietly(calendar._channel())
            calendar.write(NO_CHANNEL)

    def _unsubscribe_quietly(self, channel):
        if self.account_id.database_uuid != self.account_id._this_database():
            return  # a copy must not end what the original lives on
        try:
            self.account_id._provider(self.remote_id).unsubscribe(channel)
        except Exception as error:
            # It ends by itself, in a week at most; its account may have no login any more.
            _logger.info("channel of calendar %s: %s", self.id, type(error).__name__)

    @api.model
    def _cron_end_channels(self):
        """End the channels of calendars that are not read any more, or are not to be told of."""
        enabled = self.env["synced.account"]._synced_meetings_enabled()
        for calendar in self.sudo().search([("channel_id", "!=", False)]):
            account = calendar.account_id
            read = enabled and calendar.selected and account.active and account.state in RUNNING
            if not (read and account.user_id.active and account._webhook_url()):
                self.env["ir.cron"]._commit_progress()  # nothing is locked meanwhile
                calendar._end_channel()

    @api.model
    def _review_channels(self):
        """Wake the job that ends channels."""
        job = self.env.ref("synced_meetings.cron_channels", raise_if_not_found=False)
        if job:
            job.sudo()._trigger()
