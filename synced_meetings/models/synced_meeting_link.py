"""One copy of a meeting or series in one calendar."""

from odoo import api, fields, models

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.store.reading import record_of
from odoo.addons.synced_meetings.sync import codec, view

from .defaults import own_defaults

AWAITED = ("live", "deleting", "hidden")  # whose events a moved mailbox may hold


class SyncedMeetingLink(models.Model):
    _name = "synced.meeting.link"
    _description = "Copy of a Meeting in a Calendar"
    _order = "id"
    _log_access = False  # the runs write it; `synced.sync.run` tells when

    calendar_id = fields.Many2one("synced.calendar", required=True, ondelete="cascade")
    meeting_id = fields.Many2one("synced.meeting", ondelete="set null", index="btree_not_null")
    series_id = fields.Many2one(
        "synced.meeting.series", ondelete="set null", index="btree_not_null"
    )
    remote_id = fields.Char(help="Empty until the provider has given one.")
    client_key = fields.Char(help="By which the provider knows the repetition of a creation.")
    series_remote_id = fields.Char(help="Of an exception: the remote id of its series master.")
    recurrence_id = fields.Char(
        help="Of an exception: the original start, as a UTC instant or a date."
    )
    base = fields.Json(groups=fields.NO_ACCESS, help="The event as both sides last agreed on it.")
    change_key = fields.Char(help="The version of the copy (ETag).")
    organises = fields.Boolean(
        help="The calendar's owner is the organiser, by the provider's own mark."
    )
    redacted = fields.Boolean(help="The copy hides or cuts fields.")
    self_email = fields.Char(help="The address by which the calendar's owner is invited.")
    url = fields.Char(help="Opens the event at the provider.")
    state = fields.Selection(
        [
            ("live", "Live"),
            ("leaving", "Leaving"),
            ("deleting", "To be deleted"),
            ("hidden", "Hidden"),
            ("gone", "Gone"),
        ],
        default="live",
        required=True,
        help="Leaving: the copy was deleted there, and what that means is not decided yet. To be "
        "deleted: the meeting was deleted here, and the calendar does not know yet. Hidden: it "
        "stays there and rests here.",
    )
    in_doubt = fields.Boolean(
        help="To be asked for by id: its series changed under it, or what was sent was not "
        "answered."
    )
    left = fields.Datetime(help="When the copy was found deleted.")
    sent = fields.Json(groups=fields.NO_ACCESS, help="What went out last and was not answered.")
    dirty = fields.Boolean(help="The copy lags behind its meeting; always derived by comparison.")
    edits = fields.Integer(help="How often the meeting was changed here.")
    attempts = fields.Integer(help="How often writing the copy failed since the last change.")
    next_try = fields.Datetime(help="Not written before.")
    last_error = fields.Char(help="Why it could not be written, and what to do.")
    refused = fields.Boolean(help="The provider will not take it until it is changed here.")
    telling = fields.Boolean(help="The people invited are to be told of what goes out next.")
    message = fields.Text(groups=fields.NO_ACCESS, help="What people read of its cancellation.")
    held = fields.Boolean(
        help="Waits until a person has it sent: the service cannot change it without telling."
    )

    _remote_id_unique = models.UniqueIndex("(calendar_id, remote_id)")
    _client_key_unique = models.UniqueIndex(
        "(calendar_id, client_key) WHERE client_key IS NOT NULL"
    )
    _open_index = models.Index("(calendar_id) WHERE state = 'leaving' OR in_doubt OR dirty")
    _exceptions_index = models.Index(
        "(calendar_id, series_remote_id) WHERE series_remote_id IS NOT NULL"
    )

    @api.model
    def default_get(self, fields):
        """Let nobody choose by a default which event of the calendar is meant."""
        return own_defaults(self, super().default_get(fields))

    # ---- what people change here ----

    def _compare(self, after=None):
        """Find out which copies lag behind their meetings now, and have them written.

        ``after`` is the moment before which nothing goes out: a sent invitation can be undone.
        """
        late = self.browse()
        for link in self.filtered(lambda link: link.state in ("live", "deleting")):
            lags = link.state == "deleting" or link._lags()
            # Counted, so that a run that settles the link meanwhile notices and looks again.
            values = {"edits": link.edits + 1, "dirty": lags or bool(link.sent)}
            values |= {"refused": False, "attempts": 0, "next_try": after or False}
            values["held"] = lags and link._waits_to_be_sent()
            link.write(values)
            late |= link.filtered("dirty")
        late._trigger(after)

    def _lags(self):
        record = record_of(self)
        if not record:
            return False
        local = rows.event_of(record) if record.active else None
        base = codec.load(self.base, local) if self.base else None
        return view.lags(local, base, self.organises, self.self_email or "")

    def _waits_to_be_sent(self):
        """Whether writing it would tell people what nobody has asked to be told (rule R2)."""
        if self.calendar_id.account_id._saves_quietly() or not self.organises or self.telling:
            return False
        record = record_of(self)
        if self.state == "deleting" or not record or any(map(rows.is_waiting, record.attendee_ids)):
            return False
        local = rows.event_of(record) if record.active else None
        base = codec.load(self.base, local) if self.base else None
        return view.is_noticed(local, base, self.self_email or "")

    def _hold(self):
        """Hold back, or release, what a calendar has just been seen to lack."""
        for link in self.filtered("dirty"):
            if link.held != (held := link._waits_to_be_sent()):
                link.held = held

    def _trigger(self, after=None):
        """Wake a job; calendars with something to write are due without being told."""
        jobs = self.env["synced.calendar"]._jobs()
        if self and jobs:
            jobs[0]._trigger(after)

    def _delete_there(self, tell=False, message=""):
        """Let copies be deleted; whether and what people are told was decided by a person."""
        unheard = self.filtered(lambda link: not link.base and not link.sent)
        known = self - unheard
        unheard.unlink()  # no calendar has heard of them
        known.write({"state": "deleting", "telling": tell, "message": tell and message})
        known._compare()

    def _await_moved(self):
        """Forget the ids of copies that stand in another service now (rule R21)."""
        known = self.filtered(lambda link: link.base and link.state in AWAITED)
        known.write(dict.fromkeys(("remote_id", "change_key", "url", "in_doubt"), False))

    def _follow_series(self):
        """Let the copies of single occurrences have the ids that a moved series gives them."""
        for link in self.filtered(lambda link: link.series_id and not link.recurrence_id):
            parts = link.series_id.link_ids.filtered(
                lambda part, link=link: part.recurrence_id and part.calendar_id == link.calendar_id
            )
            for part in parts:
                account = link.calendar_id.account_id
                name = account._occurrence_id(link.remote_id, part.recurrence_id)
                part.write({"series_remote_id": link.remote_id, "remote_id": name})

    def _tell_messages(self):
        """Whether the service of these copies can send a message along with a cancellation."""
        return all(account._tells_messages() for account in self.calendar_id.account_id)

    def _end(self):
        """Let copies be history: at the provider they went with the series of which they were."""
        self.write({"state": "gone", "dirty": False, "sent": False})

    def _deletes(self, who):
        """Whether a deletion, by its organiser (True) or by one guest, concerns this copy."""
        return self.organises if who is True else self.calendar_id.user_id == who

    def _begin_copy(self, series, client_key):
        """Put a series that was divided off this one in the same calendar."""
        self.create(
            {
                "calendar_id": self.calendar_id.id,
                "series_id": series.id,
                "client_key": client_key,
                "organises": True,
                "self_email": self.self_email,
            }
        )

    def _occurrence_values(self, meeting, base):
        """Return the values of a copy of one occurrence of the series that this is a copy of."""
        account, rid = self.calendar_id.account_id, meeting.recurrence_id
        return {
            "calendar_id": self.calendar_id.id,
            "meeting_id": meeting.id,
            "series_id": meeting.series_id.id,
            "series_remote_id": self.remote_id,
            "recurrence_id": rid,
            "remote_id": account._occurrence_id(self.remote_id, rid),
            "base": codec.dump(base),
            "organises": self.organises,
            "self_email": self.self_email,
        }
