"""How many people one click may mail about several meetings (rule R13)."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.synced_meetings.store.burial import FEW, is_unusual


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    def _check_not_too_many(self):
        """Refuse to invite more people by one click than happens by hand."""
        untold = [row for meeting in self.sudo() for row in meeting._untold()]
        if people := self._unusually_many(untold):
            raise UserError(
                self.env._(
                    "This would mail %(people)s people about %(n)s meetings at once. Nothing was "
                    "sent: send the invitations meeting by meeting.",
                    people=people,
                    n=len(self),
                )
            )

    def _check_not_too_many_told(self):
        """Refuse to call off more people by one click than happens by hand."""
        if people := self._unusually_many(self._told_people()):
            raise UserError(
                self.env._(
                    "This would mail %(people)s people that %(n)s meetings are cancelled. Nothing "
                    "was cancelled: cancel meeting by meeting, or without telling.",
                    people=people,
                    n=len(self),
                )
            )

    def _unusually_many(self, attendees):
        """Return how many people these are, 0 where it is usual to mail them at once (rule R13).

        A fifth is of all who are invited to what their organisers have before them. Of a single
        meeting the button names how many they are.
        """
        people = {row.email for row in attendees}
        if len(self) < 2 or len(people) <= FEW:
            return 0
        ahead = [
            ("meeting_id.user_id", "in", self.sudo().user_id.ids),
            ("meeting_id.stop", ">=", fields.Datetime.now()),
            ("is_organiser", "=", False),
        ]
        found = self.env["synced.meeting.attendee"].sudo()
        [(total,)] = found._read_group(ahead, aggregates=["email:count_distinct"])
        return len(people) if is_unusual(len(people), total) else 0
