"""What people are told by mail of a meeting or a series, where no calendar does (R19, R20)."""

from datetime import timedelta

from dateutil.tz import UTC
from markupsafe import Markup

from odoo import Command, fields, models
from odoo.tools import email_normalize, formataddr, plaintext2html

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync.telling import version

from .invitation_file import Message, calendar_file, one_line

STALE = timedelta(days=1)  # a sending that waited longer asks again


class SyncedTold(models.AbstractModel):
    _name = "synced.told"
    _description = "What People Are Invited To"

    mailed = fields.Boolean(help="Odoo told the people, and goes on to: no calendar does.")
    tell_after = fields.Datetime(help="When a sending that can still be undone goes out.")
    tell_error = fields.Boolean(help="Odoo could not mail the people; the log says why.")
    cancel_message = fields.Text(help="What people read of its cancellation.")
    sequence = fields.Integer(help="How often people were told of a change by mail (RFC 5546).")

    def _guest_rows(self):
        """Return everybody put down here but the organiser."""
        own, user = self.organiser_email, self.user_id
        return self.attendee_ids.filtered(
            lambda row: (
                (not own or row.email != own)
                and not row.is_organiser
                and not (user and row.user_id == user)
            )
        )

    def _invited_rows(self):
        """Return those of them who can be named to each other: whom somebody wants to come."""
        return self._guest_rows().filtered(lambda row: row.email and not rows.is_withheld(row))

    def _is_told_by_calendar(self):
        """Whether a copy that is still to be written tells the people by the way."""
        copies = self._own_copies().filtered("organises")
        return not rows.is_odoos(self) and bool(
            copies.filtered(lambda copy: copy.dirty or copy.sent)
        )

    def _tell(self):
        """Mail everybody who waits, in the transaction that notes it: at most once."""
        now = fields.Datetime.now()
        people = self._guest_rows().filtered(rows.is_waiting)
        late = self.tell_after and self.tell_after < now - STALE
        if late or self._ends() < now:
            self._forget_sending()  # who still wants it says so again (rule R19)
            return
        counter = self._counter()
        counter._bring_in({"sequence": counter.sequence + 1})
        mailed = self.mailed or not self._copies()
        self._bring_in({"mailed": mailed, "tell_after": False, "tell_error": False})
        current = version(rows.whole_event_of(self))
        for row in people:
            self.env["mail.mail"].sudo().create(self._mail_to(row))
            row._bring_in({"asked_version": current, "told_version": current, "told_at": now})
        self._note_told(people)

    def _note_told(self, people):
        """Note what these people know beside the meeting itself, now that they know it."""

    def _forget_sending(self):
        """Let people who were to be told be as they were before."""
        for row in self._guest_rows():
            row._bring_in({"asked_version": row.told_version})
        self._bring_in({"tell_after": False})

    def _ask_to_tell_invited(self):
        """Have those told who were invited: of a cancellation nobody else needs to hear."""
        current = version(rows.whole_event_of(self))
        self._guest_rows().filtered("told_version")._bring_in({"asked_version": current})
        self.env["synced.meeting"]._wake_mailer()

    def _mail_message(self, message, people, cancelled=True):
        """Mail what is said to people of a cancellation of which their calendar tells them."""
        for row in people if message else ():
            values = self._mail_envelope(row, cancelled)
            self.env["mail.mail"].sudo().create(values | {"body_html": plaintext2html(message)})

    # ---- what is mailed ----

    def _mail_to(self, row):
        """Return the values of the mail to one attendee."""
        cancelled = self.state == "cancelled"
        calendar = {
            "name": "invite.ics",
            "raw": self._ics(row, "CANCEL" if cancelled else "REQUEST"),
            "mimetype": "text/calendar",
            "res_model": self._name,
            "res_id": self.id,
        }
        return self._mail_envelope(row, cancelled) | {
            "body_html": self._mail_body(row, cancelled),
            "attachment_ids": [Command.create(calendar)],
        }

    def _mail_envelope(self, row, cancelled):
        """Return the values of any mail to one attendee."""
        sender = one_line(self.user_id.email_formatted or self.company_id.email_formatted)
        return {
            "subject": self._mail_subject(cancelled, bool(row.told_version)),
            "email_from": sender,
            "reply_to": sender,
            "email_to": formataddr((one_line(row.name), one_line(row.email))),
            "auto_delete": True,
        } | self._mail_marks()

    def _mail_subject(self, cancelled, known):
        _ = self.env._
        names = {"meeting": one_line(self.name) or _("Meeting"), "when": self._mail_when()}
        if cancelled:
            return _("Cancelled: %(meeting)s, %(when)s", **names)
        if known:
            return _("Changed: %(meeting)s, %(when)s", **names)
        return _("Invitation: %(meeting)s, %(when)s", **names)

    def _mail_when(self):
        if self.allday:
            return str(self.start_date)
        local = rows.wall_of(rows.when_of(self))
        return f"{local:%Y-%m-%d %H:%M} ({self.timezone or 'UTC'})"

    def _mail_body(self, row, cancelled):
        answers = [] if cancelled else ["accepted", "tentative", "declined"]
        return self.env["ir.qweb"]._render(
            "synced_meetings.invitation_mail",
            {
                "meeting": self,
                "message": cancelled and plaintext2html(self.cancel_message or ""),
                "when": self._mail_when(),
                "other": [] if cancelled else self._mail_other(row),
                "description": Markup(self._text_for(row) or ""),
                "links": [(answer, row._answer_url(answer)) for answer in answers],
            },
            minimal_qcontext=True,
        )

    def _text_for(self, row):
        """Return the text for one person."""
        return self.description

    def _mail_other(self, row):
        """Return what is otherwise than the mail says, a sentence each, for one person."""
        return []

    def _ics(self, row, method):
        """Return what concerns one attendee as a calendar file."""
        sender = self.organiser_email or email_normalize(self.user_id.email or "")
        now = fields.Datetime.now().replace(tzinfo=UTC)
        name, sequence = self.user_id.name or "", self._counter().sequence
        return calendar_file(Message(method, sequence, now, sender, name), self._entries(row))
