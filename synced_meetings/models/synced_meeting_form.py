"""What the form of a meeting proposes, and what it says before a button is pressed."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.fields import Command

from odoo.addons.synced_meetings.store import rows

from .synced_meeting_attendee import RESPONSES

PROPOSED = 6  # people of the organisations that are offered as guests
MORNING = time(9)  # where a whole day becomes an hour
STEP = timedelta(minutes=30)


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    trouble = fields.Char(
        compute="_compute_trouble", help="Why the calendar does not have what stands here."
    )
    own_response = fields.Selection(
        RESPONSES, compute="_compute_own_response", help="The reader's answer, where one is asked."
    )
    restorable = fields.Boolean(compute="_compute_restorable")
    rejoins = fields.Boolean(
        compute="_compute_restorable", help="A restored meeting comes back into its series."
    )
    hidden = fields.Boolean(
        compute="_compute_restorable", help="It stands in its calendar, and is not shown here."
    )
    conflict_count = fields.Integer(
        compute="_compute_conflict_count", help="The reader's changes that a calendar overrode."
    )
    proposed_people = fields.Json(
        compute="_compute_proposed_people", help="People of the organisations, to pick from."
    )

    # ---- what a new meeting begins with ----

    @api.model
    def default_get(self, fields):
        """Propose the next free half hour, and the contact from whose card one comes."""
        values = super().default_get(fields)
        if self.env.su:
            return values
        if "start" in fields:
            values |= self._proposed_span(values)
        contacts = self._contacts_of_context()
        if contacts and "person_ids" in fields:
            organisations = contacts.filtered("is_company")
            values["organisation_ids"] = [Command.set(organisations.ids)]
            values["person_ids"] = [Command.set((contacts - organisations).ids)]
        return values

    def _contacts_of_context(self):
        given = self.env.context.get("default_partner_ids") or []
        ids = [i for one in given for i in (one[2] if isinstance(one, list | tuple) else [one])]
        return self.env["res.partner"].browse(ids)

    @api.model
    def _proposed_span(self, values):
        """Return a whole span for what a click in the calendar gives, or for nothing."""
        start = fields.Datetime.to_datetime(values.get("start"))
        stop = fields.Datetime.to_datetime(values.get("stop"))
        if values.get("allday"):
            first = fields.Date.to_date(values.get("start_date")) or (start and start.date())
            last = fields.Date.to_date(values.get("stop_date")) or (stop and stop.date())
            first = first or fields.Date.context_today(self)
            span = rows.span_values(rows.When(first, max(last or first, first) + rows.DAY))
            return {name: span[name] for name in ("start", "stop", "start_date", "stop_date")}
        if not start:
            now = fields.Datetime.now()
            start = now + (datetime.combine(now, time()) - now) % STEP
        return {"start": start, "stop": stop or start + rows.HOUR}

    # ---- what follows while one types ----

    @api.onchange("allday")
    def _onchange_allday(self):
        """Keep the day where a meeting becomes all-day, and find an hour where it was one."""
        if not self.start or not self.stop:
            return
        zone = ZoneInfo(self.env.user.tz or "UTC")
        whole = self.start.time() == time() and self.stop.time() == time(23, 59, 59)
        if self.allday and not whole:
            self.start_date = rows.aware(self.start).astimezone(zone).date()
            self.stop_date = rows.aware(self.stop).astimezone(zone).date()
        elif not self.allday and whole:
            start = datetime.combine(self.start_date or self.start.date(), MORNING, zone)
            self.start = start.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
            self.stop = self.start + rows.HOUR

    @api.onchange("repeat")
    def _onchange_repeat(self):
        """Begin with every day, week, month or year."""
        self.repeat_every = self.repeat_every or 1

    @api.onchange("person_ids", "user_ids")
    def _onchange_people(self):
        """Show at once who would be invited, and at which address."""
        users = self.user_ids._origin - self.user_id._origin
        wanted = dict.fromkeys(self.person_ids._origin)
        wanted |= {user.partner_id: user for user in users}
        known = self._origin.partner_ids | self._origin.user_ids.partner_id
        for row in self.attendee_ids:
            partner = row.partner_id._origin or row.user_id._origin.partner_id
            brought = partner and not row.is_organiser and (not row._origin or partner in known)
            if brought and partner not in (*wanted, *self.organisation_ids._origin):
                self.attendee_ids -= row
        held = {row.email for row in self.attendee_ids if row.email}
        present = self.attendee_ids.partner_id._origin
        for partner, user in wanted.items():
            values = self._attendee_of(partner, user)
            if partner not in present and values["email"] not in held:
                self.attendee_ids += self.attendee_ids.new(values)

    @api.onchange("person_ids")
    def _onchange_persons_company(self):
        """Let a person who is added bring the company."""
        added = self.person_ids._origin - self._origin.person_ids
        self.organisation_ids |= added.commercial_partner_id.filtered("is_company")

    @api.depends("organisation_ids", "person_ids")
    def _compute_proposed_people(self):
        for meeting in self:
            organisations = meeting.organisation_ids._origin
            people = self.env["res.partner"]
            if organisations:
                domain = [
                    ("id", "child_of", organisations.ids),
                    ("id", "not in", meeting.person_ids._origin.ids),
                    ("is_company", "=", False),
                    ("type", "=", "contact"),
                ]
                people = people.search(domain, limit=PROPOSED)
            meeting.proposed_people = [{"id": one.id, "name": one.name or ""} for one in people]

    # ---- what is said ----

    @api.depends("link_ids.last_error", "link_ids.dirty", "tell_error")
    def _compute_trouble(self):
        for meeting, known in zip(self, self.sudo(), strict=True):
            copies = known.link_ids.filtered(lambda link: link.organises and link.dirty)
            said = copies.filtered("last_error")[:1].last_error
            if known._unit().tell_error:
                said = said or self.env._(
                    "Odoo could not mail the people. Ask your administrator to look at the "
                    "outgoing mail, then send the invitations again."
                )
            meeting.trouble = meeting.editable and said

    @api.depends("attendee_ids.response", "user_id", "state")
    @api.depends_context("uid")
    def _compute_own_response(self):
        for meeting, known in zip(self, self.sudo(), strict=True):
            own = known.attendee_ids.filtered(
                lambda row: row.user_id == self.env.user and not row.is_organiser
            )
            asked = own and known.user_id != self.env.user and known.state != "cancelled"
            meeting.own_response = asked and own[0].response

    @api.depends("state", "user_id", "link_ids")
    @api.depends_context("uid")
    def _compute_restorable(self):
        for meeting, known in zip(self, self.sudo(), strict=True):
            organiser = known.user_id
            meeting.restorable = (
                (known.state == "cancelled" or known._is_hidden())
                and bool(organiser)
                and organiser._synced_may_book(self.env.user)
                and not known._is_foreign()
            )
            series = known.series_id
            meeting.hidden = known._is_hidden()
            meeting.rejoins = bool(series) and series.active and not series.link_ids

    @api.depends_context("uid")
    def _compute_conflict_count(self):
        meetings = [("meeting_id", "in", self._origin.ids), ("state", "=", "open")]
        found = self.env["synced.meeting.conflict"]._read_group(
            meetings, ["meeting_id"], ["__count"]
        )
        counts = {meeting.id: count for meeting, count in found}
        for meeting in self:
            meeting.conflict_count = counts.get(meeting._origin.id, 0)

    def action_view_conflicts(self):
        """Open what the calendar overrode of this meeting."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("synced_meetings.action_conflict")
        found = self.env["synced.meeting.conflict"].search(
            [("meeting_id", "=", self.id), ("state", "=", "open")]
        )
        if len(found) == 1:
            return found._opened()
        return action | {"domain": [("meeting_id", "=", self.id)]}
