"""Invitations by mail, where no calendar of the organiser tells the people (rules R19, R20)."""

import logging
from datetime import datetime, timedelta

import vobject
from dateutil.tz import UTC
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize, formataddr, html2plaintext
from odoo.tools.misc import hash_sign

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync.telling import version

from .discretion import discreet, outline

_logger = logging.getLogger(__name__)
STALE = timedelta(days=1)  # a sending that waited longer asks again
SCOPE = "synced_meetings.answer"
PARTSTAT = {
    "needs_action": "NEEDS-ACTION",
    "accepted": "ACCEPTED",
    "tentative": "TENTATIVE",
    "declined": "DECLINED",
}
ROLES = {
    "required": "REQ-PARTICIPANT",
    "optional": "OPT-PARTICIPANT",
    "resource": "NON-PARTICIPANT",
}


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    mailed = fields.Boolean(help="Odoo told the people, and goes on to: no calendar does.")
    tell_after = fields.Datetime(help="When a sending that can still be undone goes out.")
    tell_error = fields.Boolean(help="Odoo could not mail the people; the log says why.")
    sequence = fields.Integer(help="How often people were told of a change by mail (RFC 5546).")

    @api.model
    def _tell_waiting(self):
        """Mail those who wait to be told and whom no calendar will tell; each meeting by itself."""
        for meeting in self._waiting():
            try:
                with discreet(), self.env.cr.savepoint():
                    meeting._tell()
            except Exception as error:
                # One that cannot be told stops no other; it says so on its form.
                way = outline(error)
                _logger.error("Meeting %s: its people could not be told: %s", meeting.id, way)
                meeting._forget_sending()
                meeting._bring_in({"tell_error": True})
            (meeting.user_id | meeting.create_uid)._bus_send(
                "synced_meetings/status", {"told": True}
            )
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _waiting(self):
        """Return the meetings of whose people some wait, and no calendar is to tell them."""
        self.env["synced.meeting.attendee"].flush_model()
        found = self.env.execute_query(
            SQL(
                """SELECT DISTINCT meeting_id FROM synced_meeting_attendee
                WHERE asked_version IS NOT NULL AND meeting_id IS NOT NULL
                    AND asked_version IS DISTINCT FROM told_version"""
            )
        )
        now = fields.Datetime.now()
        meetings = self.sudo().with_context(active_test=False).browse([row[0] for row in found])
        return meetings.filtered(
            lambda m: (not m.tell_after or m.tell_after <= now) and not m._is_told_by_calendar()
        )

    def _is_told_by_calendar(self):
        """Whether a copy that is still to be written tells the people by the way."""
        copies = self.link_ids.filtered("organises")
        return not self.mailed and bool(copies.filtered(lambda copy: copy.dirty or copy.sent))

    def _tell(self):
        """Mail everybody who waits, in the transaction that notes it: at most once."""
        people = self._to_tell().filtered(rows.is_waiting)
        late = self.tell_after and self.tell_after < fields.Datetime.now() - STALE
        if late or self.stop < fields.Datetime.now():
            self._forget_sending()  # who still wants it says so again (rule R19)
            return
        current = version(rows.whole_event_of(self))
        values = {"sequence": self.sequence + 1, "tell_after": False, "tell_error": False}
        self._bring_in(values | {"mailed": self.mailed or not self.link_ids})
        for row in people:
            self.env["mail.mail"].sudo().create(self._mail_to(row))
            row._bring_in({"asked_version": current, "told_version": current})

    def _forget_sending(self):
        """Let people who were to be told be as they were before."""
        for row in self._to_tell():
            row._bring_in({"asked_version": row.told_version})
        self._unit()._bring_in({"tell_after": False})

    # ---- what is mailed ----

    def _mail_to(self, row):
        """Return the values of the mail to one attendee."""
        known = bool(row.told_version)
        cancelled = self.state == "cancelled"
        calendar = {
            "name": "invite.ics",
            "raw": self._ics("CANCEL" if cancelled else "REQUEST"),
            "mimetype": "text/calendar",
            "res_model": "synced.meeting",
            "res_id": self.id,
        }
        sender = _line(self.user_id.email_formatted or self.company_id.email_formatted)
        return {
            "subject": self._mail_subject(cancelled, known),
            "body_html": self._mail_body(row, cancelled),
            "email_from": sender,
            "reply_to": sender,
            "email_to": formataddr((_line(row.name), _line(row.email))),
            "attachment_ids": [fields.Command.create(calendar)],
            "auto_delete": True,
        } | self._mail_marks()

    def _mail_marks(self):
        """Mark the mail of a meeting that is not for all, so that no list of mails shows it."""
        return {} if self.shared else {"model": self._name, "res_id": self.id}

    def _mail_subject(self, cancelled, known):
        _ = self.env._
        names = {"meeting": _line(self.name) or _("Meeting"), "when": self._mail_when()}
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
                "when": self._mail_when(),
                "description": Markup(self.description or ""),
                "links": [(answer, row._answer_url(answer)) for answer in answers],
            },
            minimal_qcontext=True,
        )

    def _ics(self, method):
        """Return the meeting as an iTIP message (RFC 5546), times in UTC."""
        calendar = vobject.iCalendar()
        calendar.add("method").value = method
        event = calendar.add("vevent")
        event.add("uid").value = _line(self.ical_uid)
        event.add("dtstamp").value = fields.Datetime.now().replace(tzinfo=UTC)
        event.add("sequence").value = str(self.sequence)
        when = rows.when_of(self)
        event.add("dtstart").value = _in_utc(when.start)
        event.add("dtend").value = _in_utc(when.end)
        event.add("summary").value = self.name or ""
        event.add("status").value = "CANCELLED" if method == "CANCEL" else self.state.upper()
        if self.location:
            event.add("location").value = self.location
        if self.description:
            event.add("description").value = html2plaintext(self.description)
        sender = self.organiser_email or email_normalize(self.user_id.email or "")
        if sender:
            organiser = event.add("organizer")
            organiser.value = f"mailto:{_line(sender)}"
            organiser.params["CN"] = [_quoted(self.user_id.name or sender)]
        for row in self._to_tell().filtered("email"):
            attendee = event.add("attendee")
            attendee.value = f"mailto:{_line(row.email)}"
            attendee.params["CN"] = [_quoted(row.name or row.email)]
            attendee.params["ROLE"] = [ROLES[row.kind]]
            attendee.params["PARTSTAT"] = [PARTSTAT[row.response]]
            attendee.params["RSVP"] = ["TRUE"]
        return calendar.serialize().encode()


class SyncedMeetingAttendee(models.Model):
    _inherit = "synced.meeting.attendee"

    _waiting_index = models.Index(
        "(meeting_id) WHERE asked_version IS NOT NULL"
        " AND asked_version IS DISTINCT FROM told_version"
    )

    def _answer_url(self, response):
        """Return the address by which this one person answers, until the meeting is over."""
        token = hash_sign(
            self.env(su=True), SCOPE, [self.id, self.email], expiration=self.meeting_id.stop
        )
        return f"{self.get_base_url()}/synced_meetings/answer/{token}/{response}"


def _in_utc(moment):
    """Return a moment with the UTC that vobject knows; a date as it is."""
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _line(text):
    """Return a text as one line: a second one could be a header, or a property."""
    return " ".join((text or "").split())


def _quoted(name):
    """Return a name as a parameter may hold it (RFC 5545 3.2)."""
    return "".join(c for c in name if c.isprintable() and c not in '"').strip()
