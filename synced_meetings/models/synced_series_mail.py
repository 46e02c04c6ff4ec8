"""What people are told of a series: one mail for all its meetings, those that differ with it."""

from dataclasses import replace

from odoo import fields, models

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync.event import Window
from odoo.addons.synced_meetings.sync.recurrence import occurrences
from odoo.addons.synced_meetings.sync.telling import version

from .invitation_file import Entry

LISTED = 10  # meetings that differ, named in a mail; the file has them all


class SyncedMeetingSeries(models.Model):
    _name = "synced.meeting.series"
    _inherit = ["synced.meeting.series", "synced.told"]

    def _copies(self):
        return self.link_ids

    def _own_copies(self):
        """Return the copies by which the series itself, and not one of its meetings, goes out."""
        return self.link_ids.filtered(lambda copy: not copy.recurrence_id)

    def _counter(self):
        return self

    def _ends(self):
        return max(
            self.with_context(active_test=False).meeting_ids.mapped("stop"), default=self.stop
        )

    def _standing_meetings(self):
        """Return the meetings of the series that take place."""
        return self.meeting_ids.filtered(lambda m: m.active and m.state != "cancelled")

    def _said_of_meetings(self):
        """Return {recurrence id: what the series says of that meeting} where meetings are kept."""
        event = rows.whole_event_of(self)
        plain, window = replace(event, rule=()), self._kept_window()
        spans = occurrences(event.when, event.rule, window)
        return {rid: replace(plain, when=when) for rid, when in spans}

    def _kept_window(self):
        return Window(rows.aware(self.expanded_from), rows.aware(self.expanded_until))

    # ---- what one person's mail says ----

    def _entries(self, row):
        """Return the series as it is for one person, and what differs from it for them.

        Meetings that do not take place, or to which the person is not invited, are left out.
        """
        zone, event = self.timezone or "", rows.event_with(self, self._invited_rows() | row)
        master = Entry(event, zone=zone, window=self._kept_window())
        if self.state == "cancelled":
            return [master]
        said, own = self._said_of_meetings(), self._meetings_of(row)
        gone = [said[rid] for rid in said.keys() - own.keys()]
        without = tuple(sorted(rows.wall_of(event.when) for event in gone))
        return [replace(master, without=without)] + [
            Entry(rows.event_with(one, one._invited_rows()), one.recurrence_id, zone)
            for one in self._differing(own, said)
        ]

    def _meetings_of(self, row):
        """Return {recurrence id: meeting} of the meetings to which a person is invited."""
        return {
            meeting.recurrence_id: meeting
            for meeting in self._standing_meetings()
            if row.email in meeting._invited_rows().mapped("email")
        }

    def _differing(self, meetings, said):
        """Return the meetings that are not as the series says, in the order of time."""
        found = (
            meeting
            for rid, meeting in meetings.items()
            if rid not in said or version(said[rid]) != version(rows.whole_event_of(meeting))
        )
        return sorted(found, key=lambda meeting: meeting.start)

    def _mail_when(self):
        words = self._rule_in_words()
        return f"{super()._mail_when()}, {words}" if words else super()._mail_when()

    def _mail_other(self, row):
        said = self._said_of_meetings()
        _ = self.env._
        other = [
            _("Differs: %(meeting)s, %(when)s", meeting=one.name or "", when=one._mail_when())
            for one in self._differing(self._meetings_of(row), said)
        ]
        return other[:LISTED]

    def _mail_marks(self):
        """Mark the mail where one of the meetings is not for all, as one of that meeting."""
        hidden = self.privacy != "public" or not all(self.meeting_ids.mapped("shared"))
        meeting = self.meeting_ids[:1]
        return {"model": meeting._name, "res_id": meeting.id} if hidden else {}

    # ---- what follows for the meetings ----

    def _note_told(self, people):
        """Let the meetings say that these people know them: the mail of the series did."""
        emails, now = set(people.mapped("email")), fields.Datetime.now()
        for meeting in self.meeting_ids:
            current = version(rows.whole_event_of(meeting))
            told = meeting._invited_rows().filtered(lambda row: row.email in emails)
            told._bring_in({"asked_version": current, "told_version": current, "told_at": now})

    def _forget_sending(self):
        """Let people be as they were, on the meetings of the series, too."""
        super()._forget_sending()
        emails = set(self.attendee_ids.filtered(rows.is_withheld).mapped("email"))
        for meeting in self.meeting_ids.filtered(lambda m: not m.link_ids.filtered("organises")):
            shown = meeting.attendee_ids.filtered(lambda row: row.email in emails)
            shown._bring_in({"asked_version": False, "told_version": False})

    def _take_answer(self, row, response):
        """Take an answer for all meetings but those that the person answered otherwise."""
        before = row.response
        row._bring_in({"response": response})
        now = self.env.cr.now()
        coming = self._standing_meetings().filtered(lambda meeting: meeting.stop > now)
        same = coming.attendee_ids.filtered(lambda a: a.email == row.email and a.response == before)
        same._bring_in({"response": response})
        self.link_ids._compare()
