"""What the form of a meeting says before a button is pressed: who would learn what, by whom."""

from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import format_date, format_time

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.telling import version

from .synced_meeting_edit import available_timezones

COMPARED = ("when", "name", "location")  # of what people were told; a text is too long for a line


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    goes_to = fields.Char(compute="_compute_effects", help="The calendar where changes go.")
    save_effect = fields.Char(compute="_compute_effects", help="Who learns what by saving.")
    send_effect = fields.Char(compute="_compute_effects", help="Who is mailed by whom.")
    changed_text = fields.Text(
        compute="_compute_changed_text", help="What changed since people were told."
    )
    people_problem = fields.Char(compute="_compute_people_problem")
    when_problem = fields.Char(compute="_compute_when_problem")
    guests_clock = fields.Char(
        compute="_compute_guests_clock", help="The start by the clocks of guests elsewhere."
    )

    # ---- under the buttons ----

    @api.depends("calendar_id", "untold_count", "invite_state", "mailed", "attendee_ids.name")
    @api.depends_context("lang", "uid")
    def _compute_effects(self):
        for meeting, known in zip(self, self.sudo(), strict=True):
            words = known._calendar_words() if known.calendar_id else ""
            meeting.goes_to = words[:1].upper() + words[1:]
            shown = meeting.editable and meeting._shows_its_series()
            meeting.save_effect = shown and known._save_effect()
            meeting.send_effect = shown and known._send_effect()

    def _calendar_words(self):
        """Return whose calendar of which service the meeting goes to."""
        calendar = self.calendar_id.sudo()
        provider, owner = calendar._provider_label(), calendar.user_id
        if owner == self.env.user:
            return self.env._("your %(provider)s", provider=provider)
        return self.env._("%(name)s's %(provider)s", name=owner.name, provider=provider)

    def _save_effect(self):
        _ = self.env._
        if copies := self._loud_copies():
            return _(
                "Stays here until you send it: %(provider)s tells people of every change.",
                provider=copies[0].calendar_id._provider_label(),
            )
        place = self.calendar_id and self._calendar_words()
        if self.invite_state in ("none", "draft"):
            if not place:
                return _("Only in Odoo, as no calendar is connected; nobody is told.")
            return _("Only %(calendar)s; nobody is told.", calendar=place)
        if self.untold_count:
            place = place or _("the meeting")
            return _("Changes %(calendar)s; nobody gets a mail.", calendar=place)
        return _("Everybody knows the meeting as it is. A change mails nobody.")

    def _send_effect(self):
        """Say who mails whom; nothing where nobody would be mailed."""
        people = self._awaited().filtered("email")
        if not people:
            return False
        return self.env._(
            "%(who)s will mail %(people)s.",
            who=self._sender(),
            people=self._called_people(people),
        )

    def _sender(self):
        """Return who mails the people: the calendar service, or Odoo where none does."""
        if rows.is_odoos(self) or not self.calendar_id or self._has_nothing_to_write():
            return self.env._("Odoo")
        return self.calendar_id.sudo()._provider_label()

    def _has_nothing_to_write(self):
        """Whether the organiser's copy is as it should be, so that its service mails nobody."""
        copies = self._unit()._own_copies().filtered("organises")
        new = any(map(rows.is_withheld, self._awaited()))
        return bool(copies) and not new and not any(copy.dirty or copy.sent for copy in copies)

    def _awaited(self):
        """Return those whom sending would tell."""
        if self.invite_state == "sending" or not self.untold_count:
            return self.attendee_ids.browse()
        current = self._version() if self._is_timed() else ""
        return self._to_tell().filtered(lambda row: row.told_version != current)

    # ---- what has changed since people were told ----

    @api.depends("telling_text")
    @api.depends_context("lang", "tz", "uid")
    def _compute_changed_text(self):
        history = self.env["synced.meeting.history"]
        for meeting, known in zip(self, self.sudo(), strict=True):
            told = meeting.telling_text and known._is_timed() and known._last_told()
            meeting.changed_text = told and "\n".join(
                history._lines(told, rows.whole_event_of(known), COMPARED)
            )

    def _last_told(self):
        """Return the meeting as those know it who know an older one; None where none is kept."""
        found = {row.told_version for row in self._to_tell()} - {False, self._version()}
        if not found or not self._origin:
            return None
        for change in self._origin.history_ids:  # the latest first
            before = codec.load(change.before)
            if version(before) in found:
                return before
        return None

    # ---- at the fields ----

    @api.depends("attendee_ids.email", "attendee_ids.name", "attendee_ids.is_organiser")
    def _compute_people_problem(self):
        for meeting, known in zip(self, self.sudo(), strict=True):
            rows_of = known.attendee_ids.filtered(lambda row: not row.email)
            lacking = rows_of - rows_of.filtered("is_organiser")
            meeting.people_problem = (meeting.editable and bool(lacking)) and self.env._(
                "No e-mail address is known of %(people)s. Add it before you send.",
                people=known._called_people(lacking),
            )

    @api.depends("start", "stop", "allday", "start_date", "stop_date")
    def _compute_when_problem(self):
        for meeting in self:
            first, last = meeting.start, meeting.stop
            if meeting.allday:
                first, last = meeting.start_date, meeting.stop_date
            wrong = meeting.editable and first and last and last < first
            meeting.when_problem = wrong and self.env._(
                "The meeting would end before it starts. Set its end after its start."
            )

    @api.depends("start", "allday", "timezone", "attendee_ids.partner_id", "person_ids", "user_ids")
    @api.depends_context("lang", "tz")
    def _compute_guests_clock(self):
        for meeting, known in zip(self, self.sudo(), strict=True):
            clock = not known.allday and known.start and known._guests_clock()
            meeting.guests_clock = clock or False

    def _guests_clock(self):
        """Say how late it is for guests in other zones than the reader's and the meeting's."""
        moment = rows.aware(self.start)
        shown = {
            moment.astimezone(ZoneInfo(zone)).utcoffset()
            for zone in (self.timezone, self.env.user.tz or "UTC")
            if zone in available_timezones()
        }
        said = []
        for person in (self.person_ids | self.user_ids.partner_id)._origin:
            local = moment.astimezone(ZoneInfo(person.tz)) if person.tz else None
            if local and local.utcoffset() not in shown:
                said.append(self._clock_of(person, local, moment))
        return " · ".join(dict.fromkeys(said))

    def _clock_of(self, person, local, moment):
        wall = local.replace(tzinfo=None)
        clock = format_time(self.env, wall, tz="UTC", time_format="short")
        here = moment.astimezone(ZoneInfo(self.env.user.tz or "UTC"))
        if here.date() != local.date():
            clock = f"{format_date(self.env, wall.date())}, {clock}"
        return self.env._("%(time)s for %(name)s", time=clock, name=person.name or "?")


class SyncedMeetingAttendee(models.Model):
    _inherit = "synced.meeting.attendee"

    telling = fields.Selection(
        [
            ("organiser", "Organises"),
            ("missing", "No address"),
            ("new", "Not told yet"),
            ("sending", "Being sent"),
            ("old", "Not told of the change"),
            ("told", "Told"),
        ],
        string="Invitation",
        compute="_compute_telling",
    )
    telling_words = fields.Char(
        string="Told", compute="_compute_telling", help="Whether, and since when, they know."
    )

    @api.depends("email", "asked_version", "told_version", "is_organiser", "meeting_id", "told_at")
    @api.depends_context("lang", "tz")
    def _compute_telling(self):
        for meeting, rows_of in self.grouped("meeting_id").items():
            known = meeting.sudo()
            current = known._version() if known and known._is_timed() else ""
            # Of a series, its own rows say who was told; they are the same people.
            asked = {row.email or row.name: row for row in known._to_tell()}
            for row in rows_of:
                one = asked.get(row.email or row.name) if row._origin else row.sudo()
                row.telling = one._telling(current) if one else "organiser"
                row.telling_words = row._in_words(one)

    def _telling(self, current):
        if not self.email:
            return "missing"
        if self.asked_version and self.asked_version != self.told_version:
            return "sending"
        if not self.told_version:
            return "new"
        return "told" if not current or self.told_version == current else "old"

    def _in_words(self, one):
        """Return how it stands with one who is told, with the time where that is known."""
        if self.telling == "told" and one.told_at:
            at = fields.Datetime.context_timestamp(self, one.told_at).replace(tzinfo=None)
            clock = format_time(self.env, at, tz="UTC", time_format="short")
            if at.date() != fields.Date.context_today(self):
                clock = f"{format_date(self.env, at.date())}, {clock}"
            return self.env._("Told %(time)s", time=clock)
        return dict(self._fields["telling"]._description_selection(self.env))[self.telling]
