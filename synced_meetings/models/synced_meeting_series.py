"""A recurrence, with its master's whole event."""

from odoo import api, fields, models

from .defaults import own_defaults
from .event_fields import PRIVACY, SHOW_AS, STATES, CleanHtml


class SyncedMeetingSeries(models.Model):
    _name = "synced.meeting.series"
    _description = "Series of Meetings"

    name = fields.Char()
    rrule = fields.Text(help="RRULE, RDATE and EXDATE lines (RFC 5545 3.8.5), one a line.")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    duration = fields.Float(help="Hours")
    allday = fields.Boolean(string="All day")
    start_date = fields.Date()
    stop_date = fields.Date()
    timezone = fields.Char()
    location = fields.Char()
    description = CleanHtml()
    privacy = fields.Selection(PRIVACY, default="public", required=True)
    show_as = fields.Selection(SHOW_AS, default="busy", required=True)
    state = fields.Selection(STATES, default="confirmed", required=True)
    conference_url = fields.Char()
    conference_wanted = fields.Boolean(
        string="Video meeting", help="The calendar's service is to make a way to join."
    )
    attachments = fields.Json(help="Title and address of what is attached in the calendar.")
    ical_uid = fields.Char(index=True)
    organiser_email = fields.Char()
    user_id = fields.Many2one("res.users", string="Organiser", ondelete="set null")
    company_id = fields.Many2one("res.company")
    attendee_ids = fields.One2many("synced.meeting.attendee", "series_id")
    meeting_ids = fields.One2many("synced.meeting", "series_id")
    link_ids = fields.One2many("synced.meeting.link", "series_id")
    expanded_from = fields.Datetime(help="Start of the window in which the occurrences exist.")
    expanded_until = fields.Datetime()
    unit_key = fields.Char(help="Common to all copies; empty where a copy stands for itself.")
    active = fields.Boolean(default=True)

    _unit_once = models.UniqueIndex("(unit_key) WHERE unit_key IS NOT NULL")

    @api.model
    def default_get(self, fields):
        """Let nobody choose by a default what only the add-ons write."""
        return own_defaults(self, super().default_get(fields))

    def _bring_in(self, vals):
        """Write what a calendar says; see `synced.meeting`."""
        return self.write(vals)
