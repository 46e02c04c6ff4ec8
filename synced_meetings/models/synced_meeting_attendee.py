"""One invited address of a meeting or of a series."""

from odoo import fields, models

RESPONSES = [
    ("needs_action", "No answer"),
    ("accepted", "Accepted"),
    ("tentative", "Tentative"),
    ("declined", "Declined"),
]
KINDS = [("required", "Required"), ("optional", "Optional"), ("resource", "Room or resource")]


class SyncedMeetingAttendee(models.Model):
    _name = "synced.meeting.attendee"
    _description = "Meeting Attendee"
    _order = "is_organiser desc, name, email"
    _log_access = False  # an attendee is written by runs only, and there are very many
    _rec_names_search = ["name", "email"]

    meeting_id = fields.Many2one("synced.meeting", ondelete="cascade")
    series_id = fields.Many2one("synced.meeting.series", ondelete="cascade", index="btree_not_null")
    email = fields.Char(index=True)
    name = fields.Char()
    partner_id = fields.Many2one(
        "res.partner", string="Contact", ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", ondelete="set null")
    response = fields.Selection(RESPONSES, default="needs_action", required=True)
    kind = fields.Selection(KINDS, default="required", required=True)
    is_organiser = fields.Boolean()

    _one_parent = models.Constraint(
        "CHECK ((meeting_id IS NULL) != (series_id IS NULL))",
        "An attendee belongs to one meeting or one series.",
    )
    _email_once = models.UniqueIndex("(meeting_id, email)")  # who has no address is not counted
