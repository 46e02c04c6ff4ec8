"""Odoo's own meetings: each remembers the synced meeting that took its place."""

from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    synced_meeting_id = fields.Many2one(
        "synced.meeting",
        string="Synced meeting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="synced_meetings.group_user",
        help="The same meeting among the synced ones, where it was taken over.",
    )

    def _taken_over(self, meeting_ids):
        """Note which meeting, one for each event and in the same order, takes its place.

        In one statement: a write through the ORM would make Odoo's own synchronisation send it.
        """
        pairs = list(zip(self.ids, meeting_ids, strict=True))
        self.env.flush_all()
        self.env.cr.execute_values(
            """UPDATE calendar_event SET synced_meeting_id = pair.meeting
               FROM (VALUES %s) AS pair(event, meeting) WHERE calendar_event.id = pair.event""",
            pairs,
        )
        self.invalidate_recordset(["synced_meeting_id"])
