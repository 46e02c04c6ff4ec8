"""Events that could not be applied or sent, each with the reason and what to do."""

from odoo import api, fields, models
from odoo.exceptions import AccessError


class SyncedSyncQuarantine(models.Model):
    _name = "synced.sync.quarantine"
    _description = "Quarantined Event"
    _order = "id desc"

    calendar_id = fields.Many2one("synced.calendar", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one(related="calendar_id.user_id")
    remote_id = fields.Char()
    reason = fields.Char(readonly=True)
    value = fields.Char(readonly=True, groups=fields.NO_ACCESS, help="What could not be read.")
    payload = fields.Text(readonly=True, help="The event as the provider sent it.")
    error = fields.Char(compute="_compute_error", help="What happened and what to do about it.")
    state = fields.Selection(
        [("open", "Open"), ("solved", "Solved")], default="open", required=True
    )

    _one_per_event = models.UniqueIndex(
        "(calendar_id, remote_id) WHERE state = 'open' AND remote_id != ''"
    )

    @api.depends("reason", "value")
    @api.depends_context("lang", "uid")
    def _compute_error(self):
        sentences = self._sentences()
        for event in self:
            known = event.sudo()
            sentence = sentences.get(known.reason, sentences["refused"])
            # What the event says is its owner's alone.
            own = known.user_id == self.env.user
            event.error = sentence % {"value": (known.value or "") if own else "…"}

    def write(self, vals):
        """Let a person close an event; all else the add-ons themselves do."""
        if not self.env.su and vals.keys() - {"state"}:
            raise AccessError(self.env._("An event that was put aside can only be closed."))
        return super().write(vals)

    def _put(self, calendar, bad):
        """Keep ``sync.event.Bad`` events of a calendar, each once."""
        ids = [event.id for event in bad if event.id]
        known = {q.remote_id: q for q in self._open(calendar, ids)}
        new = []
        for event in bad:
            values = {"reason": event.reason, "value": event.value, "payload": event.payload}
            if event.id in known:
                known[event.id].write(values)
            else:
                new.append(values | {"calendar_id": calendar.id, "remote_id": event.id})
        self.create(new)

    def _solve(self, calendar, remote_ids):
        """Close what was put aside of events that came in after all."""
        self._open(calendar, remote_ids).write({"state": "solved"})

    def _open(self, calendar, remote_ids):
        return self.search(
            [
                ("calendar_id", "=", calendar.id),
                ("state", "=", "open"),
                ("remote_id", "in", remote_ids),
            ]
        )

    def _sentence(self, reason, value):
        """Return what happened to an event that its owner knows, and what to do about it."""
        sentences = self._sentences()
        return sentences.get(reason, sentences["refused"]) % {"value": value}

    def _sentences(self):
        """Return for each code of ``sync.errors.REASONS`` a sentence for a person."""
        _ = self.env._
        return {
            "not_an_object": _(
                "The provider sent something that is no event. Nothing can be done here; "
                "open the calendar there."
            ),
            "no_id": _(
                "The event has no id, so that it could not be recognised again. Copy it "
                "in the calendar and delete the old one."
            ),
            "no_start": _("The event has no start. Give it one in the calendar."),
            "no_end": _("The event has no end. Give it one in the calendar."),
            "bad_time": _(
                "The date or time “%(value)s” cannot be read. Set the time of the event "
                "again in the calendar."
            ),
            "bad_zone": _(
                "Nobody knows the time zone “%(value)s”. Choose another one for the event"
                " in the calendar."
            ),
            "end_before_start": _(
                "The event ends before it starts (%(value)s). Correct its time in the calendar."
            ),
            "mixed_allday": _(
                "One end of the event is a whole day, the other a time. Set the time of "
                "the event again in the calendar."
            ),
            "bad_rule": _(
                "The repetition “%(value)s” cannot be read, or the calendar has no words for "
                "it. Set again how the event repeats."
            ),
            "too_many_occurrences": _(
                "The event repeats too often to be shown (%(value)s). Let it repeat less "
                "often or end earlier."
            ),
            "bad_recurrence_id": _(
                "It is not clear which occurrence of the series this is (%(value)s). "
                "Change it once more in the calendar."
            ),
            "bad_attendee": _(
                "One of the guests cannot be read (%(value)s). Remove and invite that "
                "guest again in the calendar."
            ),
            "bad_text": _(
                "A text of the event is not a text (%(value)s). Type it again in the calendar."
            ),
            "bad_choice": _(
                "The value “%(value)s” is not one that the provider documents. Change it "
                "in the calendar."
            ),
            "too_many_guests": _(
                "The meeting has %(value)s guests, more than the calendar takes. Take some "
                "off, or invite a group address instead."
            ),
            "no_address": _(
                "The guest “%(value)s” has no e-mail address. Give one, or take the guest "
                "off the meeting."
            ),
            "not_organiser": _(
                "Only the organiser may change this event in the calendar. Ask the organiser "
                "to change it."
            ),
            "read_only": _(
                "The calendar may not be changed. Let its owner allow you to make changes, "
                "or choose another calendar."
            ),
            "cannot_invite": _(
                "The account may not invite guests. Ask the administrator to let it act for "
                "the people of your organisation."
            ),
            "cannot_be_quiet": _(
                "Microsoft 365 mails the guests about each change, and nobody was to be mailed. "
                "Send the change to the guests, and it goes out."
            ),
            "refused_there": _(
                "The calendar does not take the event as it is (%(value)s). Change the meeting"
                " and it will be sent again."
            ),
            "refused": _(
                "Odoo could not keep this event (%(value)s). Please tell the administrator."
            ),
        }
