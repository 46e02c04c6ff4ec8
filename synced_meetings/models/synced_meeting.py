"""What a person sees: a single meeting, or one occurrence of a series."""

from odoo import api, fields, models

from .event_fields import PRIVACY, SHOW_AS, STATES, CleanHtml


class SyncedMeeting(models.Model):
    _name = "synced.meeting"
    _description = "Synced Meeting"
    _order = "start, id"

    name = fields.Char(string="Subject")
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime(required=True)
    allday = fields.Boolean(string="All day")
    start_date = fields.Date(help="First day of an all-day meeting.")
    stop_date = fields.Date(help="Last day of an all-day meeting, included.")
    timezone = fields.Char(help="The zone in which the meeting was made.")
    duration = fields.Float(help="Hours")
    location = fields.Char()
    description = CleanHtml()
    notes = fields.Html(string="Internal notes", help="Never leaves Odoo.")
    privacy = fields.Selection(PRIVACY, default="public", required=True)
    show_as = fields.Selection(SHOW_AS, default="busy", required=True)
    state = fields.Selection(STATES, default="confirmed", required=True)
    conference_url = fields.Char(string="Join")
    conference_wanted = fields.Boolean(
        string="Video meeting", help="The calendar's service is to make a way to join."
    )
    attachments = fields.Json(help="Title and address of what is attached in the calendar.")
    ical_uid = fields.Char(string="iCalendar UID", index=True)
    user_id = fields.Many2one("res.users", string="Organiser", ondelete="set null", index=True)
    organiser_email = fields.Char(string="Organiser's address")
    user_ids = fields.Many2many("res.users", string="Users")
    partner_ids = fields.Many2many("res.partner", string="Contacts")
    organisation_ids = fields.Many2many(
        "res.partner", string="Organisations", compute="_compute_halves", inverse="_inverse_halves"
    )
    person_ids = fields.Many2many(
        "res.partner", string="Persons", compute="_compute_halves", inverse="_inverse_halves"
    )
    attendee_ids = fields.One2many("synced.meeting.attendee", "meeting_id", string="Attendees")
    series_id = fields.Many2one("synced.meeting.series", ondelete="cascade")
    recurrence_id = fields.Char(
        help="Original start within its series, as a UTC instant or a date."
    )
    link_ids = fields.One2many("synced.meeting.link", "meeting_id")
    provider = fields.Selection(selection="_provider_selection", readonly=True)
    url = fields.Char(compute="_compute_url", help="Opens the meeting at the provider.")
    company_id = fields.Many2one("res.company")
    res_model = fields.Char(string="Linked model")
    res_id = fields.Many2oneReference(string="Linked record", model_field="res_model")
    shared = fields.Boolean(
        compute="_compute_shared",
        store=True,
        readonly=False,  # a run that creates very many gives it
        help="Whether colleagues who are not invited may read it, by what its owner chose.",
    )
    unit_key = fields.Char(help="Common to all copies; empty where a copy stands for itself.")
    active = fields.Boolean(default=True)

    _ends_after_start = models.Constraint(
        "CHECK (stop >= start)", "A meeting cannot end before it starts."
    )
    _occurrence_once = models.UniqueIndex("(series_id, recurrence_id) WHERE series_id IS NOT NULL")
    _unit_once = models.UniqueIndex("(unit_key) WHERE unit_key IS NOT NULL")
    _span_index = models.Index("(stop, start) WHERE active")

    @api.model
    def _provider_selection(self):
        return self.env["synced.account"]._fields["provider"]._description_selection(self.env)

    @api.depends("partner_ids.is_company")
    def _compute_halves(self):
        for meeting in self:
            meeting.organisation_ids = meeting.partner_ids.filtered("is_company")
            meeting.person_ids = meeting.partner_ids - meeting.organisation_ids

    def _inverse_halves(self):
        for meeting in self:
            meeting.partner_ids = meeting.organisation_ids | meeting.person_ids

    @api.depends("link_ids.url", "series_id.link_ids.url")
    @api.depends_context("uid")
    def _compute_url(self):
        """Prefer the reader's own copy: another's cannot be opened."""
        for meeting in self:
            copies = meeting.sudo().link_ids or meeting.sudo().series_id.link_ids
            links = copies.filtered(lambda link: link.url and link.state == "live")
            own = links.filtered(lambda link: link.calendar_id.user_id == self.env.user)
            meeting.url = own[:1].url

    @api.depends("privacy", "partner_ids")
    def _compute_shared(self):
        """Recomputed by whoever changes the copies or the choice, too: `_copies_changed`."""
        # All at once: a union of copies, as below, would be fetched for each meeting.
        self._copies().fetch(["state", "organises", "calendar_id"])
        for meeting in self:
            meeting.shared = meeting.privacy == "public" and meeting._shown_to_colleagues()

    def _copies(self):
        """Return the copies in calendars: an occurrence stands in those of its series, too."""
        return self.link_ids | self.series_id.link_ids

    def _copies_changed(self):
        """Let what depends on the copies of these meetings be computed anew."""
        self.env.add_to_compute(self._fields["shared"], self)

    def _shown_to_colleagues(self):
        """Whether the owners of the copies let colleagues see this; the organiser decides first."""
        copies = self._copies()
        # What the owner chose holds on when the last copy is gone.
        links = copies.filtered(lambda link: link.state == "live") or copies
        links = links.filtered("organises") or links
        choices = set(links.mapped("calendar_id.account_id.colleagues_see"))
        return not choices or "all" in choices or ("contacts" in choices and bool(self.partner_ids))
