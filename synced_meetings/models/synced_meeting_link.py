"""One copy of a meeting or series in one calendar."""

from odoo import fields, models


class SyncedMeetingLink(models.Model):
    _name = "synced.meeting.link"
    _description = "Copy of a Meeting in a Calendar"
    _order = "id"
    _log_access = False  # the runs write it; `synced.sync.run` tells when

    calendar_id = fields.Many2one("synced.calendar", required=True, ondelete="cascade")
    meeting_id = fields.Many2one("synced.meeting", ondelete="set null", index="btree_not_null")
    series_id = fields.Many2one(
        "synced.meeting.series", ondelete="set null", index="btree_not_null"
    )
    remote_id = fields.Char(required=True)
    series_remote_id = fields.Char(help="Of an exception: the remote id of its series master.")
    recurrence_id = fields.Char(
        help="Of an exception: the original start, as a UTC instant or a date."
    )
    base = fields.Json(groups=fields.NO_ACCESS, help="The event as both sides last agreed on it.")
    change_key = fields.Char(help="The version of the copy (ETag).")
    organises = fields.Boolean(
        help="The calendar's owner is the organiser, by the provider's own mark."
    )
    redacted = fields.Boolean(help="The copy hides or cuts fields.")
    self_email = fields.Char(help="The address by which the calendar's owner is invited.")
    url = fields.Char(help="Opens the event at the provider.")
    state = fields.Selection(
        [("live", "Live"), ("leaving", "Leaving"), ("gone", "Gone")],
        default="live",
        required=True,
        help="Leaving: the copy was deleted there, and what that means is not decided yet.",
    )
    in_doubt = fields.Boolean(help="Its series changed under it: to be asked for by id.")
    left = fields.Datetime(help="When the copy was found deleted.")

    _remote_id_unique = models.UniqueIndex("(calendar_id, remote_id)")
    _open_index = models.Index("(calendar_id) WHERE state = 'leaving' OR in_doubt")
    _exceptions_index = models.Index(
        "(calendar_id, series_remote_id) WHERE series_remote_id IS NOT NULL"
    )
