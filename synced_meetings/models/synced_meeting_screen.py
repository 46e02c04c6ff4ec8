"""How a meeting reads on a screen: who comes, how it repeats, where it stands."""

from collections import defaultdict
from datetime import timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from odoo import api, fields, models
from odoo.tools import format_list
from odoo.tools.misc import babel_locale_parse, get_lang

from odoo.addons.synced_meetings.store import rows

from .readers import shown_to_reader
from .recurrence_words import in_words

NAMED = 3  # people named in a sentence; more are counted
ANSWERS = ("accepted", "tentative", "declined", "needs_action")


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    guests = fields.Json(compute="_compute_people")  # everyone invited, with the answers
    answers = fields.Json(compute="_compute_people")  # how many gave which answer
    who = fields.Char(compute="_compute_people")  # everyone but the reader, by name
    is_past = fields.Boolean(compute="_compute_is_past")
    is_exception = fields.Boolean(
        compute="_compute_is_exception", help="An occurrence that differs from its series."
    )
    recurrence_text = fields.Char(string="Repeats", compute="_compute_recurrence_text")
    standing = fields.Char(compute="_compute_standing", help="Where the meeting stands.")

    @api.depends("name")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_display_name(self):
        shown = shown_to_reader(self)
        for meeting in self:
            name = meeting.name or self.env._("(No subject)")
            meeting.display_name = name if meeting in shown else self.env._("Meeting")

    @api.depends("attendee_ids.response", "attendee_ids.name", "user_id", "organiser_email")
    @api.depends_context("uid")
    def _compute_people(self):
        # Who may read a meeting may read who comes, and by which name that person is known here.
        for meeting, known in zip(self, self.sudo(), strict=True):
            guests = known._guests()
            meeting.guests = guests
            meeting.answers = meeting._answers(guests)
            others = [
                g["name"] for g in guests if g["user"] != self.env.uid and g["kind"] != "resource"
            ]
            meeting.who = ", ".join(others)

    def _guests(self):
        """Return everyone invited, the organiser first, as plain data."""
        guests = [attendee._as_guest() for attendee in self.attendee_ids]
        if not any(guest["organiser"] for guest in guests):
            guests = self._organiser_as_guest() + guests
        return guests

    def _organiser_as_guest(self):
        """Return the organiser, who need not be invited to come, as a list of at most one."""
        name = self.user_id.name or self.organiser_email
        if not name:
            return []
        return [
            {
                "name": name,
                "email": self.organiser_email or "",
                "response": "",
                "kind": "required",
                "organiser": True,
                "invited": True,
                "user": self.user_id.id,
                "partner": self.user_id.partner_id.id,
            }
        ]

    def _answers(self, guests):
        """Return how many people gave each answer, and the reader's own."""
        asked = [
            g for g in guests if g["response"] and g["kind"] != "resource" and not g["organiser"]
        ]
        counts = {answer: sum(g["response"] == answer for g in asked) for answer in ANSWERS}
        own = [guest["response"] for guest in guests if guest["user"] == self.env.uid]
        unsent = sum(not (guest["invited"] or guest["organiser"]) for guest in guests)
        return counts | {"asked": len(asked), "own": own[0] if own else "", "unsent": unsent}

    @api.depends("stop")
    def _compute_is_past(self):
        now = fields.Datetime.now()
        for meeting in self:
            meeting.is_past = bool(meeting.stop) and meeting.stop <= now

    @api.depends("series_id", "link_ids")
    def _compute_is_exception(self):
        for meeting in self:
            # an occurrence that is as its series says has no copy of its own
            known = meeting._origin.sudo()
            series = known.series_id
            alone = series and not series.link_ids
            differs = known.link_ids or (alone and known._differs_from_series())
            meeting.is_exception = bool(series and differs)

    @api.depends("series_id.rrule", "series_id.timezone")
    @api.depends_context("lang")
    def _compute_recurrence_text(self):
        for meeting in self:
            meeting.recurrence_text = meeting.series_id.sudo()._rule_in_words()

    @api.depends("attendee_ids.response", "link_ids", "series_id.link_ids", "state")
    @api.depends_context("uid", "lang")
    def _compute_standing(self):
        for meeting in self:
            clauses = [meeting._copies_clause(), *meeting._answer_clauses()]
            if meeting.state == "cancelled":
                clauses.insert(0, self.env._("Cancelled"))
            meeting.standing = " · ".join(filter(None, clauses))

    def _copies_clause(self):
        """Say in whose calendars the meeting is, the organiser's first."""
        links = self.sudo().link_ids or self.sudo().series_id.link_ids
        links = links.filtered(lambda link: link.state == "live").sorted("organises", reverse=True)
        owners = links.calendar_id.user_id
        if not owners:
            return ""
        words = {"provider": links[0].calendar_id._provider_label(), "name": owners[0].name}
        if owners[0] == self.env.user:
            text = self.env._("In your %(provider)s", **words)
        else:
            text = self.env._("In %(name)s's %(provider)s", **words)
        if len(owners) == 1:
            return text
        return self.env._("%(calendar)s and %(n)s more", calendar=text, n=len(owners) - 1)

    def _answer_clauses(self):
        """Say who answered what, one clause for each answer."""
        names = defaultdict(list)
        for guest in self.guests or []:
            if self.editable and not guest["invited"]:
                continue  # whom to invite stands elsewhere
            if guest["response"] and guest["kind"] != "resource" and not guest["organiser"]:
                names[guest["response"]].append(guest)
        return [self._answer_clause(answer, names[answer]) for answer in ANSWERS if names[answer]]

    def _answer_clause(self, answer, guests):
        _ = self.env._
        if len(guests) > NAMED:
            people = _("%(n)s people", n=len(guests))
        else:
            people = format_list(self.env, [self._called(guest) for guest in guests])
        if answer == "accepted":
            return _("%(people)s accepted", people=people)
        if answer == "tentative":
            return _("%(people)s: maybe", people=people)
        if answer == "declined":
            return _("%(people)s declined", people=people)
        return _("No answer yet: %(people)s", people=people)

    def _called(self, guest):
        return self.env._("you") if guest["user"] == self.env.uid else guest["name"]

    def action_view_series(self):
        """Open the series, or those of its occurrences that the reader may see."""
        self.ensure_one()
        if self.series_id.has_access("read"):
            return self.series_id.get_formview_action()
        action = self.env["ir.actions.act_window"]._for_xml_id("synced_meetings.action_meetings")
        return action | {"domain": [("series_id", "=", self.series_id.id)], "context": {}}

    def _synced_row(self, partner):
        """Return the meeting as a line of the box on ``partner``'s card."""
        family = partner.commercial_partner_id if partner.is_company else partner
        others = [g["name"] for g in self.guests or [] if g["partner"] != family.id]
        return {
            "id": self.id,
            "name": self.display_name,
            "start": fields.Datetime.to_string(self.start),
            "stop": fields.Datetime.to_string(self.stop),
            "allday": self.allday,
            "start_date": fields.Date.to_string(self.start_date),
            "stop_date": fields.Date.to_string(self.stop_date),
            "who": others,
            "answers": self.answers,
            "provider": self.provider or "",
            "provider_label": dict(self._provider_selection()).get(self.provider, ""),
            "state": self.state,
            "private": self.privacy == "private",
            "series": bool(self.series_id),
            "exception": self.is_exception,
            "location": self.location or "",
        }


class SyncedMeetingAttendee(models.Model):
    _inherit = "synced.meeting.attendee"

    @api.depends("name", "email")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_display_name(self):
        shown = shown_to_reader(self)
        for attendee in self:
            name = attendee.name or attendee.email or ""
            attendee.display_name = name if attendee in shown else self.env._("Attendee")

    def _as_guest(self):
        """Return the attendee as plain data for a screen."""
        user, contact = self.user_id, self.partner_id
        return {
            "name": user.name or contact.name or self.name or self.email or "",
            "email": self.email or "",
            "response": self.response,
            "kind": self.kind,
            "organiser": self.is_organiser,
            "invited": not rows.is_withheld(self),
            "user": user.id,
            "partner": contact.id or user.partner_id.id,
        }


class SyncedCalendar(models.Model):
    _inherit = "synced.calendar"

    def _provider_label(self):
        labels = dict(self._fields["provider"]._description_selection(self.env))
        return labels.get(self.provider, "")


class SyncedMeetingSeries(models.Model):
    _inherit = "synced.meeting.series"

    recurrence_text = fields.Char(string="Repeats", compute="_compute_recurrence_text")

    @api.depends("name")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Name a series only to those who may read it: a meeting that is shared points to it."""
        shown = shown_to_reader(self)
        for series in self:
            name = series.name or self.env._("(No subject)")
            series.display_name = name if series in shown else self.env._("Series")

    @api.depends("rrule", "start", "timezone")
    @api.depends_context("lang")
    def _compute_recurrence_text(self):
        for series in self:
            series.recurrence_text = series._rule_in_words()

    def _rule_in_words(self):
        """Return how the series repeats, in the reader's language."""
        if not self or not self.rrule:
            return ""
        locale = babel_locale_parse(get_lang(self.env).code)
        words = in_words(self.rrule, self._first_day(), self.timezone or "UTC", locale, self.env._)
        return words or self.rrule.replace("\n", "; ")

    def _first_day(self):
        """Return the first day as it is in the series' own zone."""
        if self.allday and self.start_date:
            return self.start_date
        start = self.start.replace(tzinfo=timezone.utc)
        try:
            return start.astimezone(ZoneInfo(self.timezone or "UTC")).date()
        except (ZoneInfoNotFoundError, ValueError):
            return start.date()
