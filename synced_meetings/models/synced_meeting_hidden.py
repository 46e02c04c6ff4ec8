"""Meetings that are hidden in Odoo and stay as they are in their calendars (features, C).

Where a service tells everybody of a cancellation, this is how one is put away without a word:
nothing is written, its copies rest, and what their calendars say of them is read once it is
restored.
"""

from odoo import models
from odoo.exceptions import UserError


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    def action_hide(self):
        """Take meetings off everybody's screens in Odoo; their calendars hear nothing of it."""
        for meeting in self:
            meeting._check_editable()
            if not meeting._can_be_hidden():
                raise UserError(
                    self.env._(
                        "“%(meeting)s” can be removed without telling anybody; delete it instead.",
                        meeting=meeting.display_name,
                    )
                )
            known = meeting.sudo().with_context(active_test=False)
            known._open_occurrences(leaving=True)
            known.link_ids._hide()
            known._bring_in({"active": False})
        return True

    def _hide_series(self):
        """Hide all meetings of the series."""
        self._check_editable()
        self._check_whole_series()
        series = self.sudo().with_context(active_test=False).series_id
        standing = series.meeting_ids.filtered("active")
        series.link_ids._hide()
        series._bring_in({"active": False})
        standing._bring_in({"active": False})

    def _can_be_hidden(self):
        return bool(self._loud_copies()) and self.state != "cancelled"

    def _is_hidden(self):
        return "hidden" in self._unit_links().mapped("state")

    def _show_again(self):
        """Show hidden meetings as their calendars have them now."""
        copies = self._unit_links().filtered(lambda link: link.state == "hidden")
        series = copies.filtered(lambda link: not link.recurrence_id).series_id
        copies |= series.link_ids.filtered(lambda link: link.state == "hidden")
        hidden = (self | series.meeting_ids).filtered(lambda m: m.state != "cancelled")
        copies._show_again()
        series._bring_in({"active": True})
        hidden._bring_in({"active": True})


class SyncedMeetingLink(models.Model):
    _inherit = "synced.meeting.link"

    def _hide(self):
        """Let copies rest: what is agreed of them stays, to be compared when they are shown."""
        waiting = dict.fromkeys(("dirty", "held", "telling", "refused", "next_try"), False)
        self.filtered(lambda link: link.state == "live").write(waiting | {"state": "hidden"})

    def _show_again(self):
        """Ask by id how they are now; nothing is written before that is known."""
        self.write({"state": "live", "change_key": False})
        self.filtered("remote_id").write({"in_doubt": True})
        self._compare()
        self.calendar_id.filtered("selected")._mark_due()
