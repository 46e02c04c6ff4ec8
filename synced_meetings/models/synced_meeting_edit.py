"""The doors by which people change meetings: who may, and what follows for the calendars.

What a run brings in goes by `_bring_in`: a calendar needs no leave, and nothing goes back to it.
"""

import uuid
from functools import cache
from zoneinfo import available_timezones as listed_timezones

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync import codec, view
from odoo.addons.synced_meetings.sync import rules as wall
from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.event import Window
from odoo.addons.synced_meetings.sync.recurrence import expand

from .defaults import own_defaults
from .event_fields import clean_html
from .synced_calendar import WRITERS

available_timezones = cache(listed_timezones)  # read from the disk

# What never leaves Odoo, so that whoever reads a meeting may write it (feature D13).
READERS_FIELDS = {"notes", "res_model", "res_id", "linked_record", "outcome", "tag_ids"}
SPAN = {"start", "stop", "allday", "start_date", "stop_date", "duration", "timezone"}
PEOPLE = {"partner_ids", "organisation_ids", "person_ids", "user_ids"}
CONTENT = (
    SPAN
    | PEOPLE
    | {"name", "location", "description", "privacy", "show_as", "attendee_ids", "active"}
    | {"conference_wanted"}
)
TEXT = {"template_id", "text_from", "text_edited"}  # what a text is made of goes nowhere
ONCE = {"user_id", "company_id"}  # fixed as soon as a calendar holds a copy


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    editable = fields.Boolean(
        compute="_compute_editable", help="The reader may change what the calendar holds."
    )
    calendar_id = fields.Many2one(
        "synced.calendar", compute="_compute_calendar_id", help="Where changes made here go."
    )

    # ---- doors ----

    @api.model
    def default_get(self, fields):
        """Propose a meeting of one's own, in one's own zone."""
        chosen = READERS_FIELDS | CONTENT | ONCE | TEXT
        values = own_defaults(self, super().default_get(fields), chosen)
        if self.env.su:
            return values  # a run proposes nothing
        if "user_id" in fields:
            values.setdefault("user_id", self.env.uid)
        if "timezone" in fields and self.env.user.tz:
            values.setdefault("timezone", self.env.user.tz)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Make meetings; those of a connected organiser go to that calendar, and nobody is told."""
        for vals in vals_list:
            vals.setdefault("user_id", self.env.uid)
            vals.setdefault("company_id", self.env.company.id)
            self._check_may_create(vals)
            vals.update(self.browse()._fitting_span(vals))
        meetings = super().create([self._identified(vals) for vals in vals_list])
        made_here = meetings.filtered(lambda meeting: not meeting.provider)
        made_here.sudo()._place()
        made_here.sudo()._invite_brought({})
        made_here._changed_here()
        return meetings

    def write(self, vals):
        """Change meetings; their calendars follow, and nobody is told."""
        vals = {name: value for name, value in vals.items() if name != "id"}  # an import says it
        self._check_may_write(vals)
        people = (
            {meeting: meeting._brought() for meeting in self.sudo()} if PEOPLE & vals.keys() else {}
        )
        if SPAN & vals.keys():
            for meeting in self:  # what is not said of a span is each meeting's own
                super(SyncedMeeting, meeting).write(vals | meeting._fitting_span(vals))
        else:
            super().write(vals)
        if CONTENT & vals.keys():
            self.sudo()._invite_brought(people)
            self._changed_here()
        return True

    def web_save(self, vals, specification, next_id=None):
        """Save a form, which reads what it saved: who would see it no more is told before."""
        for meeting in self.filtered(lambda one: one.privacy != "private"):
            meeting._check_seen_by_its_maker(vals, meeting.sudo().user_id)
        return super().web_save(vals, specification, next_id)

    def unlink(self):
        """Delete meetings; the calendars that hold them follow, and nobody is told.

        Who deletes a meeting that somebody else organises declines it; it stays for the others.
        """
        self.check_access("unlink")
        declined = self.browse() if self.env.su else self.filtered(lambda m: m._is_only_a_guests())
        for meeting in self - declined:
            meeting._check_may_delete()
        for meeting in declined:
            meeting._check_goes_out()
        (self - declined)._check_can_go_quietly()
        declined.sudo()._decline_and_leave(self.env.user)
        (self - declined).sudo().with_context(active_test=False)._leave_calendars()
        return super(SyncedMeeting, self - declined).unlink()

    def _bring_in(self, vals):
        """Write what a calendar says."""
        return super().write(vals)

    def _changed_here(self):
        """Let the calendars follow what a person changed here."""
        meetings = self.sudo().with_context(active_test=False)
        meetings._canonise()
        meetings._open_occurrences()
        meetings.link_ids._compare()

    def _canonise(self):
        """Keep texts in the form in which both sides are compared (rule R4)."""
        for meeting in self:
            event = rows.whole_event_of(meeting)
            before, after = rows.values_of(event), rows.values_of(canonical(event, clean_html))
            if values := rows.changed(before, after):
                meeting._bring_in(values)

    # ---- who may ----

    @api.model
    def _check_may_create(self, vals):
        if self.env.su:
            return
        self._check_known(vals.keys() - READERS_FIELDS - CONTENT - ONCE - TEXT)
        organiser = self.env["res.users"].browse(vals["user_id"])
        if not organiser or not organiser._synced_may_book(self.env.user):
            raise AccessError(
                self.env._(
                    "%(name)s has not allowed you to book meetings on their behalf. Ask for it: it "
                    "is in their preferences, under Calendar connections.",
                    name=organiser.name or "?",
                )
            )
        self.browse()._check_seen_by_its_maker(vals, organiser)

    def _check_seen_by_its_maker(self, vals, organiser):
        """Refuse what hides it from who makes or changes it, and is not one of its people."""
        said = {"user_ids": vals["user_ids"] or []} if "user_ids" in vals else {}
        people = organiser | self.new(said, origin=self.sudo()).user_ids._origin
        if vals.get("privacy") == "private" and self.env.user not in people:
            raise AccessError(
                self.env._(
                    "A private meeting of %(name)s is seen by its people only. Invite yourself to "
                    "it, or make it public; nothing was saved.",
                    name=organiser.name or "?",
                )
            )

    def _check_may_write(self, vals):
        names = vals.keys() - READERS_FIELDS
        if self.env.su or not names:
            return
        self._check_known(names - CONTENT - ONCE - TEXT)
        for meeting in self:
            meeting._check_editable()
            if vals.get("active") and not meeting.active:
                meeting._check_only_archived()
            if ONCE & names and meeting.sudo()._copies():
                raise UserError(
                    self.env._(
                        "“%(meeting)s” is in a calendar, so its organiser stays. Cancel it and "
                        "make a new one for the other organiser.",
                        meeting=meeting.display_name,
                    )
                )

    def _check_only_archived(self):
        """What its calendar does not hold any more comes back as a new event only (rule R22)."""
        copies = self.sudo()._copies()
        if self._is_hidden():
            raise UserError(
                self.env._("“%(meeting)s” is hidden. Restore it.", meeting=self.display_name)
            )
        if self.state == "cancelled" or (copies and "live" not in copies.mapped("state")):
            raise UserError(
                self.env._(
                    "“%(meeting)s” is cancelled. Restore it; it comes back as a new meeting.",
                    meeting=self.display_name,
                )
            )

    @api.model
    def _check_known(self, names):
        """Refuse what only the product itself writes."""
        if names:
            labels = [self._fields[n].string if n in self._fields else n for n in sorted(names)]
            raise AccessError(
                self.env._("%(fields)s: this cannot be changed by hand.", fields=", ".join(labels))
            )

    def _check_may_delete(self):
        """The last copy of a meeting is its owner's to delete, whoever organises it."""
        if self.env.su:
            return
        if not self._own_copy():
            self._check_editable()
        self._check_goes_out()

    def _check_goes_out(self):
        """Refuse what the reader's own calendar would never hear of."""
        calendar = self._own_copy().calendar_id
        if calendar and calendar.access not in WRITERS:
            raise AccessError(
                self.env._(
                    "“%(calendar)s” can only be read from here. Do this in the calendar itself.",
                    calendar=calendar.name,
                )
            )

    def _is_only_a_guests(self):
        """Whether the reader has a copy of it, and others have theirs."""
        own = self._own_copy()
        return bool(own) and not own.organises and bool(self._live_copies() - own)

    def _live_copies(self):
        return self.sudo()._copies().filtered(lambda copy: copy.state == "live")

    def _check_editable(self):
        self.ensure_one()
        self.check_access("write")  # what one cannot see one cannot change either
        known = self.sudo()
        if known._is_foreign():
            organiser = known.user_id.name or known.organiser_email or self.env._("somebody else")
            raise AccessError(
                self.env._(
                    "“%(meeting)s” is organised by %(name)s in a calendar that is not connected "
                    "for writing here. It can be changed only there.",
                    meeting=self.display_name,
                    name=organiser,
                )
            )
        if not known.user_id._synced_may_book(self.env.user):
            raise AccessError(
                self.env._(
                    "Only %(name)s, whom they allowed, and managers can change “%(meeting)s”. "
                    "Your notes and your own answer are yours to change.",
                    name=known.user_id.name or "?",
                    meeting=self.display_name,
                )
            )

    def _is_foreign(self):
        """Whether the organiser's copy is none that can be written here (rule R10)."""
        known = self._copies()
        copies = known.filtered(lambda copy: copy.state in ("live", "deleting"))
        if not copies:  # history of whose organiser no calendar was ever ours
            return bool(known) and not any(known.mapped("organises"))
        ours = copies.filtered(lambda copy: copy.organises and copy.calendar_id._is_writable())
        return bool(copies) and not ours

    def _own_copy(self):
        """Return the reader's own copy of a meeting that somebody else organises."""
        copies = self.sudo().link_ids or self.sudo().series_id.link_ids
        return copies.filtered(
            lambda copy: copy.calendar_id.user_id == self.env.user and copy.state == "live"
        )[:1]

    @api.depends("user_id", "state", "link_ids", "series_id.link_ids")
    @api.depends_context("uid")
    def _compute_editable(self):
        for meeting in self:
            known = meeting.sudo()
            organiser = known.user_id or self.env.user
            meeting.editable = (
                not known._is_foreign()
                and bool(organiser._synced_may_book(self.env.user))
                and known.state != "cancelled"
            )

    @api.depends("user_id", "link_ids", "series_id.link_ids")
    def _compute_calendar_id(self):
        for meeting in self:
            own = meeting._live_copies().filtered("organises")
            found = own[:1].calendar_id or meeting.user_id._synced_default_calendar()
            meeting.calendar_id = found.with_env(self.env)

    # ---- a new meeting ----

    @api.model
    def _identified(self, vals):
        """Give a meeting that is made here what identifies it everywhere."""
        if vals.get("ical_uid"):
            return vals
        return vals | {"ical_uid": new_uid()}

    def _fitting_span(self, vals):
        """Return all fields of a span of which ``vals`` give some; ``self`` may be one meeting.

        A new start moves the end; a new length moves it too.
        """
        try:
            return self._span_of(vals)
        except (TypeError, ValueError, OverflowError) as error:
            raise ValidationError(self.env._("This date or time cannot be read.")) from error

    def _span_of(self, vals):
        merged = {name: vals.get(name, self[name] if self else False) for name in SPAN}
        start, stop = (fields.Datetime.to_datetime(merged[name]) for name in ("start", "stop"))
        if merged["allday"]:
            start, stop = (
                self._on_the_wall(moment, merged["timezone"]) for moment in (start, stop)
            )
            first = fields.Date.to_date(merged["start_date"]) or (start and start.date())
            last = fields.Date.to_date(merged["stop_date"])
            if "start_date" not in vals and "start" in vals and start:
                first = start.date()
            if "stop_date" not in vals and "stop" in vals and stop:
                last = stop.date()
            if self and "start_date" in vals and "stop_date" not in vals and self.allday:
                last = first + (self.stop_date - self.start_date)
            last = last or first
            self._check_order(first, last)
            return rows.span_values(rows.When(first, last + rows.DAY))  # dates have no zone
        if start and self and "start" in vals and not {"stop", "duration"} & vals.keys():
            stop = start + (self.stop - self.start)
        if start and "stop" not in vals and vals.get("duration"):
            stop = start + rows.HOUR * vals["duration"]
        if start and not stop:
            stop = start + rows.HOUR
        self._check_order(start, stop)
        zone = merged["timezone"] or self.env.user.tz or "UTC"
        self._check_zone(zone)
        return rows.span_values(rows.When(rows.aware(start), rows.aware(stop), zone))

    @api.model
    def _on_the_wall(self, moment, zone):
        return moment and wall.local(rows.aware(moment), zone or self.env.user.tz or "UTC")

    @api.model
    def _check_zone(self, zone):
        if zone not in available_timezones():
            raise ValidationError(
                self.env._("Nobody knows the time zone “%(zone)s”. Choose another.", zone=zone[:80])
            )

    @api.model
    def _check_order(self, first, last):
        if not first:
            raise ValidationError(self.env._("A meeting needs a start."))
        if last < first:
            raise ValidationError(
                self.env._("The meeting would end before it starts. Set its end after its start.")
            )

    # ---- people ----

    def _brought(self):
        """Return the contacts and users of the meeting before a change."""
        return self.partner_ids, self.user_ids

    def _invite_brought(self, before):
        """Put down the persons and users who were added as attendees, and strike out the others.

        They are invited when a person sends the invitation; organisations are not.
        """
        attendees = self.env["synced.meeting.attendee"]
        new, gone = [], attendees
        for meeting in self:
            partners, users = before.get(meeting, (self.env["res.partner"], self.env["res.users"]))
            persons = meeting.partner_ids.filtered(lambda p: not p.is_company)
            wanted = [(p, False) for p in persons - partners]
            wanted += [(u.partner_id, u) for u in meeting.user_ids - users - meeting.user_id]
            held = {row.email: row for row in meeting.attendee_ids if row.email}
            for partner, user in wanted:
                values = self._attendee_of(partner, user)
                if (email := values["email"]) in held:
                    held[email]._name_user(user)
                elif not _stands(meeting, partner):
                    held |= {email: attendees} if email else {}
                    new.append(values | {"meeting_id": meeting.id})
            left = partners - meeting.partner_ids
            left_users = users - meeting.user_ids
            gone |= meeting.attendee_ids.filtered(
                lambda row, left=left, left_users=left_users: (
                    row.partner_id in left or row.user_id in left_users
                )
            )
        gone._take_out()
        attendees._bring(new)

    @api.model
    def _attendee_of(self, partner, user):
        email = (user and user._synced_email()) or partner.email_normalized
        return {
            "partner_id": partner.id,
            "user_id": user.id if user else False,
            "name": partner.name,
            "email": email or False,
        }

    # ---- a deletion ----

    def _leave_calendars(self):
        """Let the copies of meetings that a person deletes go with them (rule R22)."""
        self._open_occurrences(leaving=True)
        for meeting in self:
            # The organiser's copy takes the others along; without one, the last is deleted.
            copies = meeting.link_ids.filtered("organises") or meeting.link_ids
            copies.filtered(lambda copy: copy.state == "live")._delete_there()

    def _decline_and_leave(self, user):
        """Take the meetings out of one guest's calendar."""
        self._open_occurrences(leaving=user)
        for meeting in self:
            own = meeting.link_ids.filtered(
                lambda link: link.calendar_id.user_id == user and link.state == "live"
            )
            own._delete_there()
            guest = meeting.attendee_ids.filtered(lambda row: row.user_id == user)
            guest._bring_in({"response": "declined"})

    # ---- occurrences ----

    def _open_occurrences(self, leaving=False):
        """Give occurrences that differ from their series copies of their own (rule R18).

        What the copy agreed on so far is what the master's copy says there. ``leaving`` says
        that the occurrences are deleted, by their organiser or by one guest.
        """
        new = []
        for meeting in self.filtered("series_id"):
            masters = meeting.series_id.link_ids.filtered(
                lambda link: not link.recurrence_id and link.state == "live" and link.base
            )
            for master in masters - masters.filtered(lambda m, o=meeting: o._has_copy_beside(m)):
                known = codec.load(master.base, rows.event_of(meeting.series_id))
                base = occurrence_of(known, meeting.recurrence_id)
                if base and (
                    master._deletes(leaving)
                    if leaving
                    else view.lags(
                        rows.event_of(meeting), base, master.organises, master.self_email or ""
                    )
                ):
                    new.append(master._occurrence_values(meeting, base))
        self.env["synced.meeting.link"].create(new)

    def _has_copy_beside(self, master):
        return master.calendar_id in self.link_ids.calendar_id


def new_uid():
    """Return what identifies a new meeting everywhere."""
    return f"{uuid.uuid4()}@synced-meetings"


def _stands(meeting, partner):
    return partner in meeting.attendee_ids.partner_id


def occurrence_of(master, rid):
    """Return what a series master says of one occurrence, None where it has no such."""
    return expand(master, {}, window_around(rid)).get(rid)


def window_around(rid):
    """Return a span that holds an occurrence as its series has it."""
    start = wall.instant_of(wall.wall_time(rid, "", "UTC"), "UTC")
    return Window(start - 2 * rows.DAY, start + 2 * rows.DAY)
