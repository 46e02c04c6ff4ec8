"""Series made and edited here: this meeting, this and following, or all (S31, S32, rule R18)."""

import re
from dataclasses import replace

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.store.people import People
from odoo.addons.synced_meetings.store.series import SeriesWriter, promote
from odoo.addons.synced_meetings.store.writer import Writer
from odoo.addons.synced_meetings.sync import rules as wall
from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.recurrence import check, occurrences
from odoo.addons.synced_meetings.sync.series import moved, split
from odoo.addons.synced_meetings.sync.telling import version

from .event_fields import clean_html
from .synced_meeting_edit import PEOPLE, SPAN, new_uid

CONTACTS = ("partner_ids", "organisation_ids", "person_ids")
SCOPES = [
    ("this", "This meeting"),
    ("following", "This and following meetings"),
    ("all", "All meetings of the series"),
]
FREQUENCIES = [
    ("daily", "Daily"),
    ("weekly", "Weekly"),
    ("monthly", "Monthly"),
    ("yearly", "Yearly"),
]
DAYS = re.compile(r"(?i) *(MO|TU|WE|TH|FR|SA|SU)( *, *(MO|TU|WE|TH|FR|SA|SU))* *")
REPEAT = {"repeat", "repeat_every", "repeat_days", "repeat_until", "repeat_count"}


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    # What a person says when saving; none of it is kept.
    apply_to = fields.Selection(
        SCOPES,
        string="Change",
        compute="_compute_apply_to",
        readonly=False,
        help="What a change of a meeting of a series is for.",
    )
    repeat = fields.Selection(FREQUENCIES, store=False)
    repeat_every = fields.Integer(store=False, help="Every so many days, weeks, months or years.")
    repeat_days = fields.Char(store=False, help="Weekdays as in RFC 5545: MO,WE,FR.")
    repeat_until = fields.Date(store=False, help="The last day on which it may start.")
    repeat_count = fields.Integer(store=False, help="How many meetings in all.")

    def _compute_apply_to(self):
        self.apply_to = "this"

    @api.model_create_multi
    def create(self, vals_list):
        """Make meetings, and series of those that are to repeat."""
        said = [{name: vals.get(name) for name in REPEAT} for vals in vals_list]
        unsaid = REPEAT | {"apply_to"}
        meetings = super().create(
            [{name: v for name, v in vals.items() if name not in unsaid} for vals in vals_list]
        )
        for meeting, repeat in zip(meetings, said, strict=True):
            if repeat.get("repeat"):
                meeting._make_series(repeat)
        return meetings

    def write(self, vals):
        """Change meetings, or the series of which they are."""
        vals = dict(vals)
        scope = vals.pop("apply_to", None) or "this"
        if scope not in dict(SCOPES):
            raise UserError(self.env._("A change is for this meeting, the following, or all."))
        repeat = {name: vals.pop(name) for name in REPEAT & vals.keys()}
        single = self if scope == "this" else self.filtered(lambda m: not m.series_id)
        done = super(SyncedMeeting, single).write(vals) if vals else True
        for meeting in self - single:
            meeting._change_series(vals, scope)
        for meeting in self if repeat.get("repeat") else ():
            meeting._check_editable()
            if not meeting.series_id:
                meeting._make_series(repeat)
        return done

    # ---- making a series ----

    def _make_series(self, repeat):
        """Let a single meeting be the first of a series."""
        self._check_repeat(repeat)
        meeting = self.sudo().with_context(active_test=False)
        link = meeting.link_ids.filtered("organises")
        event = rows.event_of(meeting)
        event = self._from_its_first(replace(event, rule=(_rule(repeat, event.when),)))
        series = meeting._new_series(event, meeting)
        link.write({"series_id": series.id, "meeting_id": False})
        meeting._bring_in(rows.span_values(event.when))
        promote(meeting, series)
        series._expand(None)
        series.link_ids._compare()

    @api.model
    def _check_repeat(self, repeat):
        """Refuse what no form can say: it would be read as another part of the rule."""
        numbers = [repeat.get(name) or 1 for name in ("repeat_every", "repeat_count")]
        days = repeat.get("repeat_days") or "MO"
        try:
            until = fields.Date.to_date(repeat.get("repeat_until"))
        except (TypeError, ValueError):
            until = None
        if (
            repeat["repeat"] not in dict(FREQUENCIES)
            or not all(type(number) is int and 0 < number < 10_000 for number in numbers)
            or not (isinstance(days, str) and DAYS.fullmatch(days))
            or (repeat.get("repeat_until") and not until)
        ):
            raise UserError(
                self.env._("This repetition cannot be read. Choose it anew; nothing was saved.")
            )

    def _from_its_first(self, event):
        """Return a series that starts where its rule says it starts."""
        window = self.env.company._synced_window(fields.Datetime.now())
        try:
            check(event.when, event.rule)
            rule = wall.read(event.rule, event.when.zone, event.when.allday).rules[0]
            first = rows.wall_of(event.when)
            start = next(rule.starts(first, first, first + 400 * rows.DAY), first)
        except Rejected as error:
            raise self._refusal(error) from error
        event = replace(event, when=rows.placed(start, event.when))
        if not any(occurrences(event.when, event.rule, window)):
            raise UserError(
                self.env._("None of these meetings lies in the time that is kept in Odoo.")
            )
        return event

    def _new_series(self, event, like):
        """Return a new series of ``event`` with the people of a meeting or series."""
        names = ("response", "asked_version", "told_version")
        people = [person_of(row) | {name: row[name] for name in names} for row in like.attendee_ids]
        values = {
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "attendee_ids": [Command.create(one) for one in people],
            "unit_key": rows.unit_key(event),
            "mailed": like.mailed,
            "sequence": like.sequence,
        }
        return self.env["synced.meeting.series"].create(rows.series_values(event) | values)

    # ---- editing a series ----

    def _check_whole_series(self):
        """Let a private series be its organiser's alone, though one of its meetings is shared."""
        series = self.series_id.sudo()
        if not self.env.su and series.privacy == "private" and series.user_id != self.env.user:
            raise AccessError(
                self.env._("This meeting belongs to a private series. Change this meeting alone.")
            )

    def _change_series(self, vals, scope):
        """Change this and following meetings, or all of the series."""
        self._check_may_write(vals)
        self._check_whole_series()
        meeting = self.sudo().with_context(active_test=False)
        try:
            series = meeting._split_off() if scope == "following" else meeting.series_id
            meeting._change_people(vals)
            before = rows.event_of(series)
            after = canonical(meeting._edited(before, vals), clean_html)
            check(after.when, after.rule)
        except Rejected as error:
            raise self._refusal(error) from error
        series._become(before, after)
        series._expand(before)
        series.link_ids._compare()

    def _change_people(self, vals):
        """Change who comes to all meetings of the series but those that were changed alone."""
        if not vals.keys() & (PEOPLE | {"attendee_ids"}):
            return
        series = self.series_id
        others = series.meeting_ids.filtered(
            lambda m: m != self and not m.link_ids.filtered("organises")
        )
        before = {self: self._brought()}
        alone = {other: series._not_invited(other) for other in others}
        partners, users = (self._after(vals, names) for names in (CONTACTS, ("user_ids",)))
        for name, wanted in (("partner_ids", partners), ("user_ids", users)):
            commands = [Command.link(one.id) for one in wanted - self[name]]
            commands += [Command.unlink(one.id) for one in self[name] - wanted]
            (self | others)._bring_in({name: commands})
        self._change_attendees(vals.get("attendee_ids") or ())
        self._invite_brought(before)
        follow_people(series, self, "series_id")
        for other in others:
            follow_people(other, self, "meeting_id", alone[other])

    def _change_attendees(self, commands):
        """Do what a form says of the attendees, which goes out with the series."""
        attendees = self.env["synced.meeting.attendee"]
        for command, target, *values in commands:
            row = attendees.browse(target) & self.attendee_ids if target else attendees
            if command == Command.CREATE:
                attendees._check_may_set(values[0])
                attendees._bring([attendees._addressed(values[0]) | {"meeting_id": self.id}])
            elif command == Command.UPDATE:
                attendees._check_may_set(values[0])
                row._bring_in(attendees._addressed(values[0]))
            elif command in (Command.DELETE, Command.UNLINK):
                row._take_out()

    def _after(self, vals, names):
        """Return the contacts or users that a meeting has after ``vals``, which is not written."""
        found = self[names[0]]
        for name in names:
            for command, *rest in vals.get(name) or ():
                given = rest[1] if command == Command.SET else rest and rest[0]
                target = found.browse(given or [])
                if command == Command.LINK:
                    found |= target
                elif command in (Command.UNLINK, Command.DELETE):
                    found -= target
                elif command == Command.CLEAR:
                    found -= self[name]
                elif command == Command.SET:
                    found = (found - self[name]) | target
        return found

    def _edited(self, master, vals):
        """Return a series master after one of its occurrences was changed for all."""
        if SPAN & vals.keys():
            values = self._fitting_span(vals)
            master = moved(master, rows.when_of(self), rows.when_of(self.new(values)))
        if vals.get("conference_wanted"):
            master = replace(master, conference=True)
        return replace(master, **{name: vals[name] or "" for name in rows.TEXTS if name in vals})

    def _split_off(self):
        """Let this occurrence begin a series of its own; return that series."""
        series = self.series_id
        first = min(series.meeting_ids.mapped("recurrence_id"))
        master = series.link_ids.filtered(lambda m: m.organises and not m.recurrence_id)[:1]
        if self.recurrence_id == first or (series.link_ids and not master):
            return series
        event = rows.event_of(series)
        earlier, later = split(event, self.recurrence_id)
        key, uid = master.calendar_id.account_id._new_event_key() if master else (None, new_uid())
        gone = self._following_copies().filtered(lambda copy: not copy.meeting_id)
        later = replace(later, uid=uid, rule=without(later, gone.mapped("recurrence_id")))
        later = self._joined_anew(later)
        new = self._new_series(later, series)
        following = self._following()
        self._end_before(event, earlier)
        following._bring_in({"series_id": new.id, "ical_uid": uid})
        if master:
            master._begin_copy(new, key)
        series.link_ids._compare()
        return new

    def _following(self):
        return self.series_id.meeting_ids.filtered(lambda m: m.recurrence_id >= self.recurrence_id)

    def _end_before(self, event, earlier):
        """Let the series, which was ``event``, end before this meeting, as ``earlier`` does."""
        copies = self._following_copies()
        copies.write({"meeting_id": False})
        copies._end()
        self.series_id._become(event, earlier)

    def _following_copies(self):
        """Return the copies of this and following meetings that were changed alone."""
        return self.series_id.link_ids.filtered(
            lambda copy: copy.recurrence_id and copy.recurrence_id >= self.recurrence_id
        )

    # ---- cancelling a series ----

    def _cancel_series(self, scope, tell, message=""):
        """Cancel this and following meetings, or all of the series."""
        self._check_editable()
        self._check_whole_series()
        if not tell:
            self._check_can_go_quietly()
        meeting = self.sudo().with_context(active_test=False)
        series, following = meeting.series_id, meeting._following()
        whole = scope == "all" or following == series.meeting_ids
        masters = series.link_ids.filtered(lambda m: m.organises and not m.recurrence_id)
        message = tell and message
        series._mail_cancelling(message, whole, masters)
        if whole:
            following = series.meeting_ids
            series._bring_in({"active": False, "state": "cancelled"})
            series.link_ids.filtered("recurrence_id")._end()
            masters._delete_there(tell=tell, message=message)
            if tell and (series.mailed or not masters):
                series._ask_to_tell_invited()
        else:
            event = rows.event_of(series)
            try:
                earlier, _later = split(event, meeting.recurrence_id)
            except Rejected as error:
                raise self._refusal(error) from error
            meeting._end_before(event, earlier)
            if tell:
                series._ask_to_tell_invited()
            masters._compare()
        following._bring_in({"active": False, "state": "cancelled"})
        if tell and not masters:
            following._ask_to_tell_alone()

    def _ask_to_tell_alone(self):
        """Have those told of cancelled meetings whom their series did not invite."""
        for meeting in self:
            alone = meeting.series_id._not_invited(meeting).filtered("told_version")
            alone._bring_in({"asked_version": version(rows.whole_event_of(meeting))})

    def _refusal(self, error):
        _ = self.env._
        sentences = {
            "move_rule": _(
                "This series repeats by a rule (%(rule)s) that does not say what it would be on "
                "another day. Move only this meeting, or end the series and make a new one.",
                rule=error.value,
            ),
            "split_rule": _(
                "This series cannot be divided here (%(rule)s). Change this meeting alone, or all "
                "of them.",
                rule=error.value,
            ),
        }
        other = _("This repetition cannot be read: %(rule)s.", rule=error.value)
        return UserError(sentences.get(error.reason, other))


class SyncedMeetingSeries(models.Model):
    _inherit = "synced.meeting.series"

    def _become(self, before, after):
        """Write what differs between two events of the series."""
        self._bring_in(rows.changed(rows.series_values(before), rows.series_values(after)))

    def _mail_cancelling(self, message, whole, masters):
        """Keep what people read of a cancellation, and mail it where nothing else will say it."""
        told = self._guest_rows().filtered("told_version")
        if not whole:  # their calendars say only that the series has changed
            self._mail_message(message, told, cancelled=False)
            return
        self._bring_in({"cancel_message": message})
        if masters and not self.mailed and not masters._tell_messages():
            self._mail_message(message, told)

    def _expand(self, before):
        """Bring the occurrences in line with the series, which was ``before`` (None: new)."""
        # Who made a meeting reads it; who edits a series has not made its meetings.
        by = {"side": "here", "user_id": self.env.uid}
        maker = self.meeting_ids[:1].create_uid or self.env.user
        self = self.with_user(maker).sudo().with_context(active_test=False)
        calendar = self.link_ids.filtered("organises").calendar_id[:1]
        calendar = calendar.with_env(self.env)
        emails = {*self.attendee_ids.mapped("email"), self.organiser_email} - {False}
        owners = {self.organiser_email: self.user_id.id} if self.organiser_email else {}
        people = People(self.env, emails, self.company_id, owners)
        writer = Writer(calendar, people, set(), by)
        company = calendar.company_id or self.company_id or self.env.company
        window = company._synced_window(fields.Datetime.now())
        SeriesWriter(writer, window).reconcile({self: before})
        writer.flush()


def follow_people(record, meeting, parent, alone=()):
    """Put down on a meeting or series the attendees of ``meeting``, to be invited by a sending.

    ``parent`` is the field that says where; who was put down there ``alone`` stays.
    """
    held = {row.email or row.name: row for row in record.attendee_ids}
    wanted = {row.email or row.name: row for row in meeting.attendee_ids}
    gone = [row for key, row in held.items() if key not in wanted and row not in alone]
    record.attendee_ids.browse().union(*gone)._take_out()
    record.attendee_ids.browse()._bring(
        [person_of(row) | {parent: record.id} for key, row in wanted.items() if key not in held]
    )


def person_of(row):
    """Return the values of an attendee who is the same person elsewhere, and not invited yet."""
    values = {name: row[name] for name in ("email", "name", "kind")}
    return values | {"partner_id": row.partner_id.id, "user_id": row.user_id.id}


def _rule(repeat, when):
    """Return the RRULE line of what a person said (RFC 5545 3.3.10)."""
    parts = [f"FREQ={repeat['repeat'].upper()}"]
    if (repeat.get("repeat_every") or 1) > 1:
        parts.append(f"INTERVAL={repeat['repeat_every']}")
    if repeat["repeat"] == "weekly" and repeat.get("repeat_days"):
        parts.append(f"BYDAY={repeat['repeat_days'].upper().replace(' ', '')}")
    if repeat.get("repeat_count"):
        parts.append(f"COUNT={repeat['repeat_count']}")
    elif until := fields.Date.to_date(repeat.get("repeat_until")):
        parts.append(f"UNTIL={rows.last_moment(until, when)}")
    return "RRULE:" + ";".join(parts)


def without(event, rids):
    """Return the lines of a series without some of its occurrences."""
    return _with_line(event, "EXDATE", rids)


def beside(event, rids):
    """Return the lines of a series with further occurrences."""
    return _with_line(event, "RDATE", rids)


def _with_line(event, name, rids):
    if not rids:
        return event.rule
    kind = ";VALUE=DATE" if event.when.allday else ""
    return tuple(sorted([*event.rule, f"{name}{kind}:{','.join(sorted(rids))}"]))
