"""What report builders count: one row per meeting, whoever takes part in it."""

from odoo import api, fields, models
from odoo.tools import SQL, sql

from odoo.addons.synced_meetings.models.event_fields import PRIVACY, STATES
from odoo.addons.synced_meetings.models.readers import shown_to_reader

KINDS = [
    ("contacts", "With contacts"),
    ("guests", "With guests who are no contacts"),
    ("colleagues", "Among colleagues"),
    ("alone", "Alone"),
]
USERS = ("res_users_synced_meeting_rel", "synced_meeting_id", "res_users_id")
CONTACTS = ("res_partner_synced_meeting_rel", "synced_meeting_id", "res_partner_id")
ORGANISATIONS = ("synced_meeting_report_organisation", "meeting_id", "partner_id")
PERSONS = ("synced_meeting_report_person", "meeting_id", "partner_id")
# The day is the meeting's own: a late evening in New York is not the next day because
# London says so. A meeting in a zone that the database does not know is counted by UTC.
DAY = """
    CASE WHEN meeting.allday THEN meeting.start_date
         WHEN meeting.timezone IN %s
         THEN (meeting.start AT TIME ZONE 'UTC' AT TIME ZONE meeting.timezone)::date
         ELSE meeting.start::date END
"""
# As IANA names them; "posix/…" are the same once more.
ZONES = "SELECT name FROM pg_timezone_names WHERE name !~ '^(posix|right|Factory)' ORDER BY name"
GUESTS = """
    FROM synced_meeting_attendee guest
    WHERE guest.is_organiser IS NOT TRUE AND guest.kind != 'resource'
          AND guest.email IS DISTINCT FROM meeting.organiser_email
          AND (guest.user_id IS NULL OR guest.user_id IS DISTINCT FROM meeting.user_id)
"""
# Guests of a series are asked and told as such, but for a meeting with a copy of its own.
ASKED_HERE = """
    CASE WHEN meeting.series_id IS NULL OR EXISTS (
             SELECT FROM synced_meeting_link copy
             WHERE copy.meeting_id = meeting.id AND copy.organises)
         THEN guest.meeting_id = meeting.id
         ELSE guest.series_id = meeting.series_id END
"""
# Every count is a subquery of its own, so that one that is not asked for costs nothing.
MEETINGS = """
    SELECT meeting.id, meeting.id AS meeting_id, %(day)s AS date, meeting.start, meeting.duration,
           meeting.user_id, meeting.company_id, meeting.provider, meeting.state, meeting.privacy,
           meeting.allday, meeting.series_id IS NOT NULL AS repeats,
           (SELECT count(*)::int %(guests)s AND guest.meeting_id = meeting.id) AS guest_count,
           (SELECT count(*)::int %(guests)s AND guest.meeting_id = meeting.id
                                            AND guest.response = 'accepted') AS accepted_count,
           NOT EXISTS (SELECT %(guests)s AND %(asked_here)s
                       AND (guest.told_version IS NULL
                            OR guest.asked_version != guest.told_version)) AS told,
           CASE WHEN EXISTS (SELECT FROM res_partner_synced_meeting_rel met
                             WHERE met.synced_meeting_id = meeting.id) THEN 'contacts'
                WHEN EXISTS (SELECT %(guests)s AND guest.meeting_id = meeting.id
                             AND guest.user_id IS NULL) THEN 'guests'
                WHEN EXISTS (SELECT FROM res_users_synced_meeting_rel met
                             WHERE met.synced_meeting_id = meeting.id
                             AND met.res_users_id IS DISTINCT FROM meeting.user_id)
                THEN 'colleagues'
                ELSE 'alone' END AS kind
    FROM synced_meeting meeting
    WHERE meeting.active OR meeting.state = 'cancelled'
"""
# A person's meeting is their company's, as it is on the company's card.
MET_ORGANISATIONS = """
    SELECT DISTINCT met.synced_meeting_id AS meeting_id, company.id AS partner_id
    FROM res_partner_synced_meeting_rel met
    JOIN res_partner contact ON contact.id = met.res_partner_id
    JOIN res_partner company ON company.is_company
         AND company.id IN (contact.id, contact.commercial_partner_id)
"""
MET_PERSONS = """
    SELECT met.synced_meeting_id AS meeting_id, contact.id AS partner_id
    FROM res_partner_synced_meeting_rel met
    JOIN res_partner contact ON contact.id = met.res_partner_id
    WHERE contact.is_company IS NOT TRUE
"""


class SyncedMeetingReport(models.Model):
    _name = "synced.meeting.report"
    _description = "Meetings Analysis"
    _auto = False
    _rec_name = "meeting_id"
    _order = "date desc, id desc"

    meeting_id = fields.Many2one("synced.meeting", string="Meeting", readonly=True)
    date = fields.Date(readonly=True, help="The first day, in the meeting's own time zone.")
    start = fields.Datetime(readonly=True)
    duration = fields.Float(
        string="Hours", readonly=True, help="Hours; each day of an all-day meeting counts as 24."
    )
    user_id = fields.Many2one("res.users", string="Organiser", readonly=True)
    user_ids = fields.Many2many("res.users", *USERS, string="Users", readonly=True)
    partner_ids = fields.Many2many("res.partner", *CONTACTS, string="Contacts", readonly=True)
    organisation_ids = fields.Many2many(
        "res.partner",
        *ORGANISATIONS,
        string="Organisations",
        readonly=True,
        help="The companies met, those of the persons met included.",
    )
    person_ids = fields.Many2many("res.partner", *PERSONS, string="Persons", readonly=True)
    provider = fields.Selection(
        selection="_provider_selection", string="Calendar service", readonly=True
    )
    kind = fields.Selection(KINDS, string="Kind of meeting", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    privacy = fields.Selection(PRIVACY, readonly=True)
    told = fields.Boolean(
        readonly=True, help="Nobody is left who was invited here and has not been told."
    )
    allday = fields.Boolean(string="All day", readonly=True)
    repeats = fields.Boolean(string="In a series", readonly=True)
    guest_count = fields.Integer(string="Guests", readonly=True)
    accepted_count = fields.Integer(string="Guests who accepted", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    _depends = {
        "synced.meeting": [
            "active",
            "allday",
            "company_id",
            "duration",
            "organiser_email",
            "partner_ids",
            "privacy",
            "provider",
            "series_id",
            "start",
            "start_date",
            "state",
            "timezone",
            "user_id",
            "user_ids",
        ],
        "synced.meeting.attendee": [
            "asked_version",
            "email",
            "is_organiser",
            "kind",
            "meeting_id",
            "response",
            "series_id",
            "told_version",
            "user_id",
        ],
        "synced.meeting.link": ["meeting_id", "organises"],
        "res.partner": ["commercial_partner_id", "is_company"],
    }

    @api.model
    def _provider_selection(self):
        return self.env["synced.meeting"]._provider_selection()

    @api.depends("meeting_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_display_name(self):
        shown = shown_to_reader(self)
        for row in self:
            row.display_name = row.meeting_id.display_name if row in shown else ""

    def action_open_meeting(self):
        """Open the meeting that a row counts."""
        self.ensure_one()
        return self.meeting_id.get_formview_action()

    def init(self):
        """Make the views: one row per meeting, and the two halves of its contacts."""
        self._make_view(ORGANISATIONS[0], SQL(MET_ORGANISATIONS))
        self._make_view(PERSONS[0], SQL(MET_PERSONS))
        zones = tuple(name for (name,) in self.env.execute_query(SQL(ZONES)))
        parts = {"day": SQL(DAY, zones), "guests": SQL(GUESTS), "asked_here": SQL(ASKED_HERE)}
        self._make_view(self._table, SQL(MEETINGS, **parts))

    def _make_view(self, name, statement):
        sql.drop_view_if_exists(self.env.cr, name)
        self.env.cr.execute(SQL("CREATE VIEW %s AS (%s)", SQL.identifier(name), statement))
