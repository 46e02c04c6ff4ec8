"""Telling people: invitations, updates and cancellations, when a person says so (S28, S29)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_list

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync.telling import version

from .synced_meeting_attendee import RESPONSES

UNDO = timedelta(seconds=10)  # how long a sent invitation can be taken back (D21)
MOST = 200  # attendees of one meeting: Google's limit, the lowest of all
INVITE_STATES = [
    ("none", "Nobody to invite"),
    ("draft", "Not sent"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("changed", "Changed since sent"),
    ("failed", "Could not be sent"),
]


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    invite_state = fields.Selection(INVITE_STATES, compute="_compute_invite")
    untold_count = fields.Integer(compute="_compute_invite", help="People who do not know it all.")
    telling_text = fields.Char(compute="_compute_invite", help="Who has not been told what.")
    undo_until = fields.Datetime(
        compute="_compute_invite", help="Until when sending can be undone."
    )

    @api.depends(
        "attendee_ids.asked_version",
        "attendee_ids.told_version",
        "series_id.attendee_ids.asked_version",
        "series_id.attendee_ids.told_version",
        "name",
        "start",
        "stop",
        "location",
        "description",
        "state",
        "link_ids.last_error",
        "link_ids.next_try",
        "link_ids.held",
    )
    @api.depends_context("lang", "uid")
    def _compute_invite(self):
        now = fields.Datetime.now()
        for meeting, known in zip(self, self.sudo(), strict=True):
            people = known._to_tell()
            # While one types, a start may be missing.
            current = known._version() if people and known._is_timed() else ""
            untold = people.filtered(lambda row, v=current: row.told_version != v)
            waiting = people.filtered(rows.is_waiting)
            held, struck = known._held_guests()
            going = waiting or known._released()
            # What is held though it is nothing that people are told, is mailed to all of them.
            count = len(untold) + len(struck) or len(held)
            meeting.untold_count = count if meeting.editable else 0
            meeting.invite_state = known._invite_state(people, untold or held, going)
            shown = meeting.editable and meeting._shows_its_series()
            meeting.telling_text = shown and known._telling_text(untold, waiting, held, struck)
            free = going and not any(known._unit().link_ids.mapped("sent"))
            soon = known._unit().tell_after
            meeting.undo_until = soon if free and soon and soon > now else False

    def _shows_its_series(self):
        """Whether the reader may know the people of the series, for whom invitations are."""
        return not self.series_id or self.series_id.has_access("read")

    def _unit(self):
        """Return what invitations are for: the meeting, or the series of which it is a part.

        A meeting of a series to which somebody is invited alone tells its people itself.
        """
        series = self.series_id
        alone = (
            not series
            or self.link_ids.filtered("organises")
            or series._not_invited(self)
            or self._left_its_series()
        )
        return self if alone else series

    def _to_tell(self):
        """Return those who are to know: everybody invited but the organiser."""
        return self._unit()._guest_rows()

    def _untold(self):
        """Return those who are to know it and do not know it as it is."""
        current = self._version()
        return self._to_tell().filtered(lambda row: row.told_version != current)

    def _is_timed(self):
        return bool(self.start_date and self.stop_date if self.allday else self.start and self.stop)

    def _version(self):
        return version(rows.whole_event_of(self._unit()))

    def _invite_state(self, people, untold, waiting):
        if not (people or untold):
            return "none"
        if self._unit().tell_error or any(self._unit().link_ids.mapped("refused")):
            return "failed"
        if waiting:
            return "sending"
        if people and not any(people.mapped("told_version")):
            return "draft"
        return "changed" if untold else "sent"

    def _telling_text(self, untold, waiting, held=(), struck=()):
        """Say who has not been told, and what changed since (S29)."""
        if not untold and not held:
            return False
        _ = self.env._
        if waiting:
            return _("Being sent to %(people)s", people=self._called_people(waiting))
        new = untold.filtered(lambda row: not row.told_version)
        old = untold - new
        said = []
        if new:
            said.append(_("%(people)s: not invited yet", people=self._called_people(new)))
        if old and self._has_old_time():
            said.append(_("%(people)s: still with the old time", people=self._called_people(old)))
        elif old:
            said.append(
                _("%(people)s: not told of the last change", people=self._called_people(old))
            )
        if struck:
            said.append(_("%(people)s: taken off, not told yet", people=", ".join(struck)))
        if not said:
            said.append(_("Your last change waits here until you send it"))
        return " · ".join(said)

    def _has_old_time(self):
        """Whether those who were told know it for another time (D19)."""
        told = self._is_timed() and self._last_told()
        return bool(told) and told.when != rows.when_of(self)

    def _called_people(self, people):
        if len(people) > 3:
            return self.env._("%(n)s people", n=len(people))
        return format_list(self.env, [row.name or row.email or "?" for row in people])

    # ---- what a person does ----

    def action_send(self):
        """Have everybody told who does not know the meeting as it is; once, and only them."""
        self._check_not_too_many()
        for meeting in self:
            meeting._check_editable()
            if meeting.sudo()._unit() != meeting.sudo():
                meeting._check_whole_series()
            meeting._check_sendable()
            meeting._merge_template()
            meeting.sudo()._ask_to_tell()
        return True

    def action_undo_send(self):
        """Take a sending back as long as it waits."""
        for meeting in self:
            meeting._check_editable()
            known = meeting.sudo()
            if not meeting.undo_until:
                raise UserError(
                    self.env._("The invitation is on its way; it cannot be taken back any more.")
                )
            known._unit()._forget_sending()
            known._unit().link_ids._take_back()
            meeting._unmerge()
            known._unit().link_ids._compare()
        return True

    def action_cancel_and_tell(self):
        """Cancel for everybody, and let the provider tell those who were invited."""
        self._check_not_too_many_told()
        self._cancel(tell=True)

    def action_cancel_quietly(self):
        """Take the meeting out of the organiser's calendar; nobody is told."""
        self._cancel(tell=False)

    def action_restore(self):
        """Bring a cancelled meeting back, untold: as a new one in its organiser's calendar.

        A hidden one is shown as its calendar has it. A meeting of a series that only Odoo keeps
        comes back into it.
        """
        for meeting in self.with_context(active_test=False):
            meeting._check_editable()
            known = meeting.sudo()
            if known._is_hidden():
                known._show_again()
                continue
            if known.active and known.state != "cancelled":
                raise UserError(
                    self.env._("“%(meeting)s” is not cancelled.", meeting=meeting.display_name)
                )
            if known.link_ids.filtered(lambda link: link.state == "deleting" or link.dirty):
                raise UserError(
                    self.env._("The cancellation is still on its way. Try again in a minute.")
                )
            known._restore()
        return True

    def _restore(self):
        standing = {"active": True, "state": "confirmed"}
        if self.rejoins:
            self._bring_in(standing)
            return
        self.attendee_ids._bring_in({"asked_version": False, "told_version": False})
        # Its series goes on without it: the copy that says so stays.
        of_series = self.link_ids.filtered("series_id")
        of_series.write({"meeting_id": False})
        self.link_ids.unlink()
        apart = {"series_id": False, "recurrence_id": False, "mailed": False, "sequence": 0}
        event = self._joined_anew(rows.event_of(self))
        apart |= {"cancel_message": False, "conference_url": event.conference_url}
        apart["conference_wanted"] = event.conference and not event.conference_url
        self._bring_in(standing | apart | self._identified({}))
        self._place()
        self._changed_here()

    def action_answer(self, response):
        """Give the reader's own answer, in the reader's own copy."""
        if response not in [known for known, _label in RESPONSES]:
            raise UserError(self.env._("An answer is yes, maybe or no."))
        for meeting in self:
            meeting.check_access("read")
            known = meeting.sudo()
            own = known.attendee_ids.filtered(lambda row: row.user_id == self.env.user)
            if not own:
                raise UserError(
                    self.env._(
                        "You are not invited to “%(meeting)s”, so there is nothing to answer.",
                        meeting=meeting.display_name,
                    )
                )
            meeting._check_goes_out()
            own._bring_in({"response": response})
            known._changed_here()
        return True

    def action_accept(self):
        """Accept."""
        return self.action_answer("accepted")

    def action_tentative(self):
        """Answer maybe."""
        return self.action_answer("tentative")

    def action_decline(self):
        """Decline."""
        return self.action_answer("declined")

    # ---- how it is done ----

    def _check_sendable(self):
        people = self.sudo()._to_tell()
        if nameless := people.filtered(lambda row: not row.email):
            raise UserError(
                self.env._(
                    "%(people)s: no e-mail address is known, so nothing was sent to anybody. Add "
                    "the address to the contact, or take the person off the meeting.",
                    people=", ".join(row.name or "?" for row in nameless),
                )
            )
        if len(people) > MOST:
            raise UserError(
                self.env._(
                    "“%(meeting)s” has %(n)s attendees; calendars take at most %(most)s. Nothing "
                    "was sent. Invite a mailing list instead.",
                    meeting=self.display_name,
                    n=len(people),
                    most=MOST,
                )
            )

    def _ask_to_tell(self):
        """Write down who is to be told what; the calendar's next run does it."""
        self._canonise()
        unit = self._unit()
        self._untold()._bring_in({"asked_version": self._version()})
        if unit == self:
            self._open_occurrences()
        else:
            unit._show_invited()
        after = fields.Datetime.now() + UNDO
        unit._bring_in({"tell_after": after, "tell_error": False})
        copies = unit.link_ids.filtered(lambda link: unit == self or not link.recurrence_id)
        copies._release()
        copies._compare(after)
        self._wake_mailer(after)

    def wake_sending(self):
        """Have sent at once what can be undone no longer.

        A page that has counted down asks for it: Odoo looks at jobs for later once a minute only.
        """
        self.check_access("read")
        for meeting in self.sudo():
            if not meeting.undo_until:
                meeting._unit().link_ids._trigger()
                meeting._wake_mailer()

    def _wake_mailer(self, after=None):
        """Have those mailed whom no calendar tells."""
        job = self.env.ref("synced_meetings.cron_tell", raise_if_not_found=False)
        if job:
            job.sudo()._trigger(after)

    def _cancel(self, tell, message=""):
        message = tell and message
        for meeting in self:
            meeting._check_editable()
            if not tell:
                meeting._check_can_go_quietly()
            known = meeting.sudo()
            known._open_occurrences(leaving=True)
            known._bring_in({"state": "cancelled", "active": False, "cancel_message": message})
            copies = known.link_ids.filtered("organises")
            if tell and (rows.is_odoos(known) or not copies):
                known._ask_to_tell_invited()
            elif not copies._tell_messages():
                known._mail_message(message, known._told_people())
            copies._delete_there(tell=tell and bool(known._told_people()), message=message)
        return True


class SyncedMeetingSeries(models.Model):
    _inherit = "synced.meeting.series"

    def _show_invited(self):
        """Show those whom the series invites on its meetings, which tell nobody themselves."""
        for meeting in self.meeting_ids.filtered(lambda m: not m.link_ids.filtered("organises")):
            current = version(rows.whole_event_of(meeting))
            people = meeting.attendee_ids.filtered(rows.is_withheld) - self._not_invited(meeting)
            people._bring_in({"asked_version": current, "told_version": current})

    def _not_invited(self, meeting):
        """Return the attendees of one meeting whom the series does not have."""
        held = set(self.attendee_ids.mapped("email"))
        return meeting.attendee_ids.filtered(lambda row: row.email not in held)
