"""Who changed what of a meeting, on which side, before and after; and the way back (D3)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.event import When

from .synced_meeting_edit import CONTENT

SHOWN = ("when", "name", "location", "description", "state", "privacy", "show_as")


class SyncedMeetingHistory(models.Model):
    _name = "synced.meeting.history"
    _description = "Change of a Meeting"
    _order = "id desc"
    _log_access = False

    meeting_id = fields.Many2one(
        "synced.meeting", required=True, ondelete="cascade", index=True, readonly=True
    )
    at = fields.Datetime(required=True, readonly=True, string="When")
    side = fields.Selection(
        [("here", "In Odoo"), ("calendar", "In the calendar")], required=True, readonly=True
    )
    user_id = fields.Many2one("res.users", readonly=True, string="Who", ondelete="set null")
    calendar_id = fields.Many2one("synced.calendar", readonly=True, ondelete="set null")
    before = fields.Json(groups=fields.NO_ACCESS)
    after = fields.Json(groups=fields.NO_ACCESS)
    what = fields.Text(compute="_compute_what")

    @api.depends("before", "after")
    @api.depends_context("lang", "tz")
    def _compute_what(self):
        for change in self:
            known = change.sudo()
            before, after = codec.load(known.before), codec.load(known.after)
            lines = self._lines(before, after, SHOWN)
            change.what = "\n".join(lines + self._people(before, after))

    def _lines(self, before, after, names):
        """Return a line for each of these fields in which two events differ."""
        return [
            f"{self._label(name)}: {self._text(getattr(before, name))}"
            f" \N{RIGHTWARDS ARROW} {self._text(getattr(after, name))}"
            for name in names
            if getattr(before, name) != getattr(after, name)
        ]

    def _people(self, before, after):
        old, new = ({a.email or a.name: a for a in e.attendees} for e in (before, after))
        _ = self.env._
        said = [_("Invited: %(name)s", name=_called(new[key])) for key in new if key not in old]
        said += [_("Taken off: %(name)s", name=_called(old[key])) for key in old if key not in new]
        return said + [
            _("%(name)s answered: %(answer)s", name=_called(new[key]), answer=new[key].response)
            for key in new
            if key in old and new[key].response != old[key].response
        ]

    def _label(self, name):
        if name == "when":
            return self.env._("When")
        return self.env["synced.meeting"]._fields[name]._description_string(self.env)

    def _text(self, value):
        conflict = self.env["synced.meeting.conflict"]
        return conflict._span(value) if isinstance(value, When) else str(value or "-")

    def action_undo(self):
        """Put back what this change changed; the calendar follows, and nobody is told."""
        self.ensure_one()
        self.check_access("read")
        known = self.sudo()
        meeting = self.meeting_id
        before, after = codec.load(known.before), codec.load(known.after)
        now = rows.event_of(meeting.sudo())
        values, overtaken = {}, []
        for name in (*rows.TEXTS, "when"):
            if getattr(before, name) == getattr(after, name):
                continue
            if getattr(now, name) != getattr(after, name):
                overtaken.append(self._label(name))
            elif name == "when":
                values |= rows.written_span(before.when)
            else:
                values[name] = getattr(before, name) or False
        if overtaken:
            raise UserError(
                self.env._(
                    "%(fields)s was changed again since. Undo the later change first.",
                    fields=", ".join(overtaken),
                )
            )
        if not values:
            raise UserError(
                self.env._("Who comes and who answered what cannot be undone from here.")
            )
        meeting.write(values)
        return True

    @api.model
    def _keep(self, changes, **values):
        """Keep (meeting, before, after) of what was really changed."""
        now = fields.Datetime.now()
        return [
            {
                "meeting_id": meeting.id,
                "at": now,
                "before": codec.dump(before),
                "after": codec.dump(after),
            }
            | values
            for meeting, before, after in changes
            if before != after
        ]


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    history_ids = fields.One2many("synced.meeting.history", "meeting_id", readonly=True)

    def write(self, vals):
        """Change meetings, and keep how they were."""
        if not vals.keys() & CONTENT:
            return super().write(vals)
        # What is changed for a series is kept by the writer of its meetings.
        single = vals.get("apply_to") in (None, False, "this")
        known = self.sudo().filtered(lambda meeting: single or not meeting.series_id)
        before = {meeting: rows.whole_event_of(meeting) for meeting in known}
        done = super().write(vals)
        changes = [(m, before[m], rows.whole_event_of(m)) for m in known]
        history = self.env["synced.meeting.history"].sudo()
        history.create(history._keep(changes, side="here", user_id=self.env.uid))
        return done


def _called(attendee):
    return attendee.name or attendee.email
