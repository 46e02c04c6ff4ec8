"""One remote calendar of an account."""

from odoo import fields, models


class SyncedCalendar(models.Model):
    _name = "synced.calendar"
    _description = "Synced Calendar"
    _order = "account_id, primary desc, name"

    account_id = fields.Many2one("synced.account", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one(related="account_id.user_id", store=True, index=True)
    provider = fields.Selection(related="account_id.provider", store=True)
    remote_id = fields.Char(required=True, help="The calendar's id at the provider.")
    name = fields.Char(required=True)
    owner_email = fields.Char(help="The address of the person this calendar belongs to.")
    primary = fields.Boolean()
    selected = fields.Boolean(string="Synchronise", help="Only chosen calendars are read.")
    access = fields.Selection(
        [("owner", "Owner"), ("writer", "Read and write"), ("reader", "Read"), ("busy", "Only busy times")],
        default="owner",
        required=True,
    )
    timezone = fields.Char()
    sync_token = fields.Char(groups=fields.NO_ACCESS)
    listed_from = fields.Datetime(help="Start of the window that the sync token was made for.")
    listed_until = fields.Datetime()
    last_sync = fields.Datetime(readonly=True, help="When the calendar was last read to the end.")
    last_error = fields.Char(readonly=True)
    due = fields.Datetime(index=True, help="When the next run is due; empty while it rests.")
    lease_until = fields.Datetime(help="A worker runs this calendar and holds it until then.")
    syncing = fields.Boolean(compute="_compute_syncing", help="A run is on or about to start.")
    failures = fields.Integer(help="Runs in a row that failed; decides how long the next waits.")
    held_deletions = fields.Integer(help="Deletions that wait for a person's confirmation.")
    meeting_count = fields.Integer(compute="_compute_meeting_count")
    run_ids = fields.One2many("synced.sync.run", "calendar_id")
    link_ids = fields.One2many("synced.meeting.link", "calendar_id")
    quarantine_ids = fields.One2many("synced.sync.quarantine", "calendar_id")

    _remote_id_unique = models.UniqueIndex("(account_id, remote_id)")
