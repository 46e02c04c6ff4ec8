"""Services that mail people with every change: what changes here waits until it is sent.

Microsoft 365 cannot save silently (features, C): while people are invited, a plain save stays
here, and a deletion without a word is refused.
"""

from odoo import models
from odoo.exceptions import UserError


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    def _loud_copies(self):
        """Return the organisers' copies whose guests hear of every change."""
        copies = self._unit_links().filtered(lambda link: link.organises and link.state == "live")
        return copies.filtered(
            lambda link: not link.calendar_id.account_id._saves_quietly() and link._has_guests()
        )

    def _unit_links(self):
        """Return the copies of these meetings and of their series."""
        known = self.sudo().with_context(active_test=False)
        return known.link_ids | known.series_id.link_ids.filtered(lambda m: not m.recurrence_id)

    def _released(self):
        """Return the copies that a person has sent, and that are not written yet."""
        copies = self._unit().link_ids
        return copies.filtered(lambda link: link.telling and link.state == "live")

    def _held_guests(self):
        """Return the addresses in copies that are held, and those of them taken off here."""
        held = self._unit().link_ids.filtered("held")
        guests = set().union(*(link._guests() for link in held))
        return guests, sorted(guests - set(self._unit().attendee_ids.mapped("email")))

    def _check_can_go_quietly(self):
        """Refuse to delete without a word where the service tells everybody."""
        for meeting in self:
            if copies := meeting._loud_copies():
                raise UserError(
                    self.env._(
                        "“%(meeting)s”: %(provider)s tells everybody who is invited when a meeting "
                        "is cancelled. Nothing was deleted: choose to cancel it and tell them.",
                        meeting=meeting.display_name,
                        provider=copies[0].calendar_id._provider_label(),
                    )
                )


class SyncedMeetingLink(models.Model):
    _inherit = "synced.meeting.link"

    def _guests(self):
        """Return the addresses in the copy, its owner's left out."""
        people = (self.base or {}).get("attendees") or ()
        return {email for email, *_said in people} - {self.self_email or ""}

    def _has_guests(self):
        return bool(self._guests())

    def _release(self):
        """Let what is held go out: a person has it sent."""
        self.filtered("held").write({"telling": True})

    def _take_back(self):
        """Hold back again what has not gone out yet."""
        self.filtered(lambda link: link.state == "live").write({"telling": False})
