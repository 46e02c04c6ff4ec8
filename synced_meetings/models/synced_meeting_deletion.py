"""What deleting meetings means to others, said and chosen beforehand (features, C)."""

from odoo import models


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    def deletion_choice(self):
        """Return what deleting these would do: a title, sentences, and who could be told."""
        self.check_access("read")
        declined = self.filtered(lambda meeting: meeting._is_only_a_guests())
        own = self - declined
        told = own._told_people()
        said = [own._said_of_own(told), declined._said_of_declined()]
        return {
            "title": self._deletion_title(),
            "body": "\n\n".join(filter(None, said)),
            "told": len(told),
            "quiet": not own._loud_copies(),
            "hide": bool(own) and not declined and all(m._can_be_hidden() for m in own),
        }

    def delete_and_tell(self):
        """Cancel those that people were invited to, and let them know; delete the others."""
        invited = self.filtered(lambda meeting: meeting._told_people())
        invited -= invited.filtered(lambda meeting: meeting._is_only_a_guests())
        invited.action_cancel_and_tell()
        return (self - invited).unlink()

    def _told_people(self):
        """Return who was told of these meetings."""
        people = self.env["synced.meeting.attendee"].sudo()
        for meeting in self.sudo():
            people |= meeting._to_tell().filtered("told_version")
        return people

    def _mails_message_itself(self):
        """Whether Odoo mails a message that the calendar's service cannot send along."""
        copies = self._unit_links().filtered(lambda link: link.organises and link.state == "live")
        return bool(copies) and not copies._tell_messages()

    def _deletion_title(self):
        if len(self) == 1:
            return self.env._("Delete “%(meeting)s”?", meeting=self.display_name)
        return self.env._("Delete %(n)s meetings?", n=len(self))

    def _said_of_own(self, told):
        _ = self.env._
        if not self:
            return ""
        if not told:
            return _("Nobody has been invited, so nobody is told. It leaves the calendar as well.")
        if copies := self._loud_copies():
            return _(
                "Invited: %(people)s. %(provider)s tells everybody who is invited when a meeting "
                "is cancelled. Hidden, it stays there as it is, and nobody in Odoo sees it until "
                "it is restored.",
                people=self[0]._called_people(told),
                provider=copies[0].calendar_id._provider_label(),
            )
        return _(
            "Invited: %(people)s. Cancel and tell them, or remove it without a word? Then their "
            "calendars keep a copy that nobody organises.",
            people=self[0]._called_people(told),
        )

    def _said_of_declined(self):
        _ = self.env._
        if not self:
            return ""
        if len(self) == 1:
            return _(
                "“%(meeting)s” is organised by %(name)s: it leaves your calendar as declined, and "
                "stays for the others.",
                meeting=self.display_name,
                name=self.user_id.name or self.organiser_email or "?",
            )
        return _(
            "%(n)s of them others organise: they leave your calendar as declined, and stay for "
            "the others.",
            n=len(self),
        )
