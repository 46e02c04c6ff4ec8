"""What one run of one calendar did."""

from odoo import fields, models


class SyncedSyncRun(models.Model):
    _name = "synced.sync.run"
    _description = "Synchronisation Run"
    _order = "id desc"

    calendar_id = fields.Many2one("synced.calendar", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one(related="calendar_id.user_id")
    started = fields.Datetime(required=True)
    finished = fields.Datetime(help="When the run, or the last of several empty ones, ended.")
    pulled = fields.Integer(help="Events that the calendar reported as changed.")
    pushed = fields.Integer(help="Changes sent to the calendar.")
    failed = fields.Integer(help="Events that went to the quarantine.")
    error = fields.Char()
