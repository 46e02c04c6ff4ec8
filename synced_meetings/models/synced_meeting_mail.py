"""Mail what people wait for: whole series, single meetings, and single occurrences."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import hash_sign

from odoo.addons.synced_meetings.store import rows

from .discretion import discreet, outline
from .invitation_file import Entry

_logger = logging.getLogger(__name__)
SCOPE = "synced_meetings.answer"


class SyncedMeeting(models.Model):
    _name = "synced.meeting"
    _inherit = ["synced.meeting", "synced.told"]

    @api.model
    def _tell_waiting(self):
        """Mail those who wait to be told and whom no calendar will tell; each unit by itself."""
        for unit in self._waiting():
            try:
                with discreet(), self.env.cr.savepoint():
                    unit._tell()
            except Exception as error:
                # One that cannot be told stops no other; it says so on its form.
                way, kind = outline(error), unit._description
                _logger.error("%s %s: its people could not be told: %s", kind, unit.id, way)
                unit._forget_sending()
                unit._bring_in({"tell_error": True})
            (unit.user_id | unit.create_uid)._bus_send("synced_meetings/status", {"told": True})
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _waiting(self):
        """Return the meetings and series of whose people some wait, and no calendar tells them."""
        self.env["synced.meeting.attendee"].flush_model()
        found = self.env.execute_query(
            SQL(
                """SELECT DISTINCT meeting_id, series_id FROM synced_meeting_attendee
                WHERE asked_version IS NOT NULL AND asked_version IS DISTINCT FROM told_version"""
            )
        )
        everything = self.sudo().with_context(active_test=False)
        units = [everything.browse(meeting) for meeting, _series in found if meeting]
        units += [everything.series_id.browse(series) for _meeting, series in found if series]
        now = fields.Datetime.now()
        return [
            unit
            for unit in units
            if (not unit.tell_after or unit.tell_after <= now) and not unit._is_told_by_calendar()
        ]

    def _own_copies(self):
        """Return the copies by which the meeting itself, and no other of its series, goes out."""
        return self.link_ids

    def _counter(self):
        """Return where it is counted how often people were told: once for all that share a UID."""
        return self.series_id or self

    def _ends(self):
        return self.stop

    def _entries(self, row):
        """Return what a file about this meeting says: an occurrence says which one it is."""
        event = rows.event_with(self, self._invited_rows() | row)
        zone = self.series_id.timezone or ""
        return [Entry(event, self.recurrence_id or "", zone)]

    def _take_answer(self, row, response):
        """Take in what a person answered by the link in a mail about this meeting."""
        row._bring_in({"response": response})
        self._changed_here()

    def _mail_marks(self):
        """Mark the mail of a meeting that is not for all, so that no list of mails shows it."""
        return {} if self.shared else {"model": self._name, "res_id": self.id}


class SyncedMeetingAttendee(models.Model):
    _inherit = "synced.meeting.attendee"

    _waiting_index = models.Index(
        "(meeting_id) WHERE asked_version IS NOT NULL"
        " AND asked_version IS DISTINCT FROM told_version"
    )

    def _unit(self):
        """Return what the person is put down on: a meeting, or a series."""
        return self.meeting_id or self.series_id

    def _answer_url(self, response):
        """Return the address by which this one person answers, until the meeting is over."""
        expiration = self._unit()._ends()
        token = hash_sign(self.env(su=True), SCOPE, [self.id, self.email], expiration=expiration)
        return f"{self.get_base_url()}/synced_meetings/answer/{token}/{response}"

    def _answer(self, response):
        """Take in what the person answered by the link in a mail."""
        self._unit()._take_answer(self, response)
