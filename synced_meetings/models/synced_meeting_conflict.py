"""What a person changed here and the calendar overrode: kept until somebody decides."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime, html2plaintext

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.event import Attendee, Event

from .readers import shown_to_reader

WHOLE, WHEN, PERSON = "event", "when", "attendees:"


class SyncedMeetingConflict(models.Model):
    _name = "synced.meeting.conflict"
    _description = "Overridden Change of a Meeting"
    _order = "id desc"

    meeting_id = fields.Many2one("synced.meeting", ondelete="cascade", index="btree_not_null")
    series_id = fields.Many2one("synced.meeting.series", ondelete="cascade", index="btree_not_null")
    calendar_id = fields.Many2one("synced.calendar", ondelete="cascade", index="btree_not_null")
    user_id = fields.Many2one(related="calendar_id.user_id", store=True, index=True)
    meeting_name = fields.Char(compute="_compute_meeting_name", string="Subject")
    field_name = fields.Char(readonly=True, help="What was changed on both sides.")
    label = fields.Char(compute="_compute_label", string="What")
    kept = fields.Text(readonly=True, string="In the calendar")
    lost = fields.Text(readonly=True, string="Typed here")
    value = fields.Json(groups=fields.NO_ACCESS, help="What was lost, to be taken after all.")
    state = fields.Selection(
        [("open", "Open"), ("taken", "Taken"), ("dismissed", "Dismissed")],
        default="open",
        required=True,
        readonly=True,
    )

    @api.depends("meeting_id.name", "series_id.name")
    def _compute_meeting_name(self):
        for conflict in self:
            known = conflict.sudo()
            conflict.meeting_name = known.meeting_id.name or known.series_id.name

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_label(self):
        meetings = self.env["synced.meeting"]
        for conflict in self:
            name = conflict.field_name or ""
            if name == WHOLE:
                conflict.label = self.env._("The whole meeting")
            elif name == WHEN:
                conflict.label = self.env._("When")
            elif name.startswith(PERSON):
                conflict.label = self.env._("Attendee %(name)s", name=name.removeprefix(PERSON))
            else:
                conflict.label = meetings._fields[name].string if name in meetings._fields else name

    @api.depends("label", "meeting_name")
    @api.depends_context("lang", "uid")
    def _compute_display_name(self):
        shown = shown_to_reader(self)
        for conflict in self:
            name = f"{conflict.meeting_name or ''}: {conflict.label or ''}"
            conflict.display_name = name if conflict in shown else self.env._("Overridden change")

    def _keep(self, calendar, settled):
        """Keep what ``settled`` says was lost; called by a run, in its transaction."""
        for one in settled:
            row = one.link.row
            # An answer may be given here before its owner's copy was ever seen.
            if one.lost and (row.link or one.link.role == "answer"):
                self._keep_of(calendar, one.lost, row.meeting, row.series)

    def _keep_of(self, calendar, lost, meeting, series):
        """Keep what was lost of one meeting, and let the calendar's owner's open pages know."""
        place = {"meeting_id": meeting.id, "calendar_id": calendar.id}
        if not meeting:
            place["series_id"] = series.id
        self.create([place | self._values(one) for one in lost])
        calendar.user_id._bus_send("synced_meetings/status", {"conflicts": True})

    def _values(self, lost):
        return {
            "field_name": lost.name,
            "kept": self._said(lost.name, lost.kept),
            "lost": self._said(lost.name, lost.lost),
            "value": _json(lost.lost),
        }

    def _said(self, name, value):
        """Return the value of a field as a person reads it: by its label, and without tags."""
        field = self.env["synced.meeting"]._fields.get(name)
        if value is None or not field or name == WHEN:
            return self._text(value)
        said = self._text(value)
        if field.type == "html":
            return html2plaintext(said)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(said, said)
        return said or self.env._("(empty)")

    def _text(self, value):
        """Return a value of an event as a person reads it."""
        if value is None:
            return self.env._("(deleted)")
        if isinstance(value, Event):
            return f"{value.name}, {self._span(value.when)}"
        if isinstance(value, Attendee):
            answers = self.env["synced.meeting.attendee"]._fields["response"]
            answer = dict(answers._description_selection(self.env))[value.response]
            return f"{value.name or value.email} ({answer})"
        if isinstance(value, tuple):  # the parts that change together: when and rule, or one field
            return "\n".join(filter(None, map(self._part, value)))
        return str(value)

    def _part(self, value):
        if hasattr(value, "allday"):
            return self._span(value)
        return "; ".join(value) if isinstance(value, tuple) else str(value)

    def _span(self, when):
        if when.allday:
            ends = (format_date(self.env, day) for day in (when.start, when.end - rows.DAY))
        else:
            moments = (moment.replace(tzinfo=None) for moment in (when.start, when.end))
            ends = (format_datetime(self.env, moment, dt_format="short") for moment in moments)
        return " \N{EN DASH} ".join(ends)

    # ---- what a person decides ----

    def action_take(self):
        """Put what was lost in the place of what the calendar says; the calendar follows."""
        for conflict in self:
            conflict._check_open()
            conflict._take()
        self.sudo().write({"state": "taken"})

    def action_dismiss(self):
        """Leave it as the calendar says."""
        self.check_access("read")
        self.sudo().write({"state": "dismissed"})

    def action_open_meeting(self):
        """Open the meeting that it is about."""
        self.ensure_one()
        return (self.meeting_id or self.series_id).get_formview_action()

    def _opened(self):
        action = self.get_formview_action()
        return action | {"name": self.env._("Change to look at")}

    def _check_open(self):
        self.check_access("read")
        if self.state != "open":
            raise UserError(self.env._("This was decided already."))

    def _take(self):
        name, value, meeting = self.field_name, self.sudo().value, self.meeting_id
        if not meeting:
            raise UserError(
                self.env._(
                    "This concerns a whole series. Open one of its meetings and change it for all."
                )
            )
        if name == WHOLE and value is None:
            meeting.unlink()
        elif name == WHOLE:
            meeting.action_restore()
            meeting.write(_written(codec.load(value)))
        elif name == WHEN:
            meeting.write(rows.written_span(codec.load(value).when))
        elif name.startswith(PERSON):
            self._take_person(meeting, value)
        else:
            meeting.write({name: value})

    def _take_person(self, meeting, value):
        email = self.field_name.removeprefix(PERSON)
        row = meeting.attendee_ids.filtered(lambda row: row.email == email)
        if value is None:
            row.unlink()
        elif row:
            self._take_back(row, value)
        else:
            attendees = self.env["synced.meeting.attendee"]
            attendees.create({"meeting_id": meeting.id, "email": email, "name": value["name"]})

    def _take_back(self, row, value):
        """Put down again what somebody was called here; answers are each person's own."""
        names = {"name": row.name or "", "kind": row.kind}
        if changed := rows.changed(names, {name: value[name] for name in names}):
            row.write(changed)
        response = value.get("response", row.response)
        if row.user_id == self.env.user and response != row.response:
            row.meeting_id.action_answer(response)


def _json(value):
    """Return a lost value as JSON; a span as the event that has it."""
    if value is None:
        return None
    if isinstance(value, Event):
        return codec.dump(value)
    if isinstance(value, Attendee):
        return {"name": value.name, "kind": value.kind, "response": value.response}
    if hasattr(value[0], "allday"):
        return codec.dump(Event("", value[0], rule=value[1]))
    return value[0]


def _written(event):
    """Return the values by which a person would write ``event``."""
    texts = {name: getattr(event, name) for name in rows.TEXTS}
    return texts | rows.written_span(event.when)
