"""When people are free: what one may know of it, without what their meetings say."""

from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.store.people import People
from odoo.addons.synced_meetings.sync.canonical import address

from .synced_account import RUNNING

PEOPLE = 100  # whose times may be asked for at once
SPAN = timedelta(days=45)
SHOWN_AS = {"tentative", "oof", "elsewhere"}


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    @api.model
    def availability(self, user_ids, emails, start, stop):
        """Return for each person a row of when they work and when they are busy.

        Meetings are named only where the reader may read them. Who has no connected calendar is
        not ``known``: nobody can say when they are free. All times are UTC; a whole day is the
        person's own, from midnight to midnight.
        """
        self.browse().check_access("read")
        start, stop = self._asked_span(start, stop)
        users, guests = self._asked_people(user_ids, emails)
        known = self._known_users(users, start, stop)
        working = users._synced_working_spans(start, stop)
        busy = self._busy_times(users, start, stop)
        return [
            {
                "key": f"user-{user.id}",
                "user_id": user.id,
                "email": user._synced_email() or "",
                "name": user.name,
                "known": user in known,
                "timezone": user.tz or "",
                "working": [[utc_text(begin), utc_text(end)] for begin, end in working[user]],
                "busy": busy.get(user.id, []),
            }
            for user in users.sudo()
        ] + [self._guest_row(email, name) for email, name in guests.items()]

    @api.model
    def _guest_row(self, email, name):
        return {
            "key": f"email-{email}",
            "user_id": False,
            "email": email,
            "name": name or email,
            "known": False,
            "timezone": "",
            "working": [],
            "busy": [],
        }

    # ---- what is asked ----

    @api.model
    def _asked_span(self, start, stop):
        """Return the two moments as aware UTC instants; refuse what is none, or too long."""
        try:
            found = [_moment(start), _moment(stop)]
        except (TypeError, ValueError, AttributeError, OverflowError):
            raise UserError(self.env._("Say from when to when you want to know.")) from None
        if not timedelta() < found[1] - found[0] <= SPAN:
            raise UserError(
                self.env._("Ask for the times of at most %(days)s days at once.", days=SPAN.days)
            )
        return found

    @api.model
    def _asked_addresses(self, emails):
        """Return the addresses as they are compared; refuse what is none, or too many."""
        given = emails or []
        if not isinstance(given, list | tuple) or not all(isinstance(e, str) for e in given):
            raise UserError(self.env._("Say whose times you want to know."))
        if len(given) > PEOPLE:
            raise UserError(
                self.env._("Ask for the times of at most %(people)s people at once.", people=PEOPLE)
            )
        return list(dict.fromkeys(filter(None, map(address, given))))

    @api.model
    def _asked_people(self, user_ids, emails):
        """Return the users, and {address: name} of those who are none."""
        given = user_ids or []
        if not isinstance(given, list | tuple) or not all(map(_is_id, given)):
            raise UserError(self.env._("Say whose times you want to know."))
        addresses = self._asked_addresses(emails)
        if len(given) + len(addresses) > PEOPLE:
            raise UserError(
                self.env._("Ask for the times of at most %(people)s people at once.", people=PEOPLE)
            )
        behind = People(self.env(su=True), addresses, self.env.company)
        wanted = dict.fromkeys([*given, *filter(None, map(behind.user, addresses))])
        users = self.env["res.users"].search([("id", "in", list(wanted)), ("share", "=", False)])
        users = users.browse(one for one in wanted if one in users._ids)
        others = [email for email in addresses if behind.user(email) not in users.ids]
        return users, self._names_of(others)

    @api.model
    def _names_of(self, emails):
        """Return {address: name} by the contacts that the reader may read."""
        partners = self.env["res.partner"].search_fetch(
            [("email_normalized", "in", emails)], ["email_normalized", "name"], order="id desc"
        )
        names = {partner.email_normalized: partner.name for partner in partners}
        return {email: names.get(email) for email in emails}

    # ---- what is known ----

    @api.model
    def _known_users(self, users, start, stop):
        """Return those of whose connected calendar the whole span was read."""
        calendars = self.env["synced.calendar"].sudo()
        read = calendars.search_fetch(
            [
                ("user_id", "in", users.ids),
                ("selected", "=", True),
                ("last_sync", "!=", False),
                ("account_id.state", "in", RUNNING),
            ],
            ["user_id", "account_id"],
        )
        now = fields.Datetime.now()
        windows = {company: company._synced_window(now) for company in read.company_id}
        kept = read.filtered(
            lambda c: windows[c.company_id].start <= start and stop <= windows[c.company_id].stop
        )
        return kept.user_id

    @api.model
    def _busy_times(self, users, start, stop):
        """Return {user id: busy times}, in order; named where the reader may read the meeting."""
        meetings = self._meetings_between(users, start, stop)
        shown = [
            (user, span | {"meeting_id": meeting.id, "name": meeting.name or False})
            for user, meeting, span in meetings._spans_of(users)
        ]
        hidden = [
            (user, busy_span(begin, end, show_as, allday))
            for user, begin, end, show_as, allday in (
                *self._hidden_busy(users, start, stop, meetings.ids),
                *self._odoos_own_busy(users, start, stop),
            )
        ]
        found = {}
        for user, span in sorted(shown + hidden, key=lambda one: one[1]["start"]):
            if span["stop"] > utc_text(start) and span["start"] < utc_text(stop):
                found.setdefault(user, []).append(span)
        return found

    @api.model
    def _meetings_between(self, users, start, stop):
        """Return the meetings of these users that the reader may read and that take up time."""
        domain = Domain(
            [
                # Whole days are each person's own, so they reach a day further.
                ("stop", ">", (start - rows.DAY).replace(tzinfo=None)),
                ("start", "<", (stop + rows.DAY).replace(tzinfo=None)),
                ("show_as", "!=", "free"),
                ("state", "!=", "cancelled"),
            ]
        )
        theirs = Domain("user_id", "in", users.ids) | Domain("user_ids", "in", users.ids)
        needed = ["name", "start", "stop", "allday", "show_as", "state", "user_id", "user_ids"]
        needed += ["start_date", "stop_date"]
        return self.with_context(active_test=True).search_fetch(domain & theirs, needed)

    @api.model
    def _hidden_busy(self, users, start, stop, shown_ids):
        """Return (user, start, stop, how, whole day) of what the reader may not read.

        The one door by which others' private meetings are read: nothing else of them leaves it.
        """
        meetings = self.sudo()._meetings_between(users, start, stop)
        hidden = meetings - meetings.browse(shown_ids)
        return [
            (user, span["start"], span["stop"], span["show_as"], span["allday"])
            for user, _meeting, span in hidden._spans_of(users)
        ]

    def _spans_of(self, users):
        """Yield (user id, meeting, span) for each of ``users`` whom a meeting keeps busy."""
        answers = {
            (row.meeting_id.id, row.user_id.id): row.response
            for row in self.env["synced.meeting.attendee"]
            .sudo()
            .search_fetch(
                [("meeting_id", "in", self.ids), ("user_id", "in", users.ids)],
                ["meeting_id", "user_id", "response"],
            )
        }
        for meeting in self:
            for user in (meeting.user_id | meeting.sudo().user_ids) & users:
                response = answers.get((meeting.id, user.id))
                if response != "declined":
                    yield user.id, meeting, meeting._span_for(user, response)

    def _span_for(self, user, response):
        """Return how the meeting takes up the time of ``user``, who answered ``response``."""
        unsure = "tentative" in (self.state, response) and self.show_as == "busy"
        show_as = "tentative" if unsure else self.show_as
        if not self.allday:
            return busy_span(
                utc_text(rows.aware(self.start)), utc_text(rows.aware(self.stop)), show_as
            )
        return busy_span(*_whole_days(user, self.start_date, self.stop_date), show_as, True)

    # ---- Odoo's own meetings ----

    @api.model
    def _odoos_own_busy(self, users, start, stop):
        """Return (user, start, stop, how, whole day) of the meetings of Odoo's own calendar."""
        owners = {user.partner_id: user for user in users.sudo()}
        attending = self.env["calendar.attendee"].sudo()
        found = attending.search_fetch(
            [
                ("partner_id", "in", [partner.id for partner in owners]),
                ("state", "!=", "declined"),
                ("event_id.active", "=", True),
                ("event_id.show_as", "=", "busy"),
                ("event_id.stop", ">", (start - rows.DAY).replace(tzinfo=None)),
                ("event_id.start", "<", (stop + rows.DAY).replace(tzinfo=None)),
            ],
            ["partner_id", "event_id", "state"],
        )
        found.event_id.fetch(["start", "stop", "allday", "start_date", "stop_date"])
        return [
            (owners[row.partner_id].id, *_times_of(row, owners[row.partner_id])) for row in found
        ]


def _is_id(given):
    return type(given) is int and 0 < given < 2**31


def _moment(given):
    """Return what a client says as an aware UTC instant with a day to either side of it."""
    moment = rows.aware(fields.Datetime.to_datetime(str(given)))
    _around = moment - rows.DAY, moment + rows.DAY  # may overflow
    return moment


def _times_of(row, user):
    """Return (start, stop, how, whole day) by which an attendee of Odoo's own is busy."""
    event, how = row.event_id, "tentative" if row.state == "tentative" else "busy"
    if event.allday:
        return *_whole_days(user, event.start_date, event.stop_date), how, True
    return utc_text(rows.aware(event.start)), utc_text(rows.aware(event.stop)), how, False


def _whole_days(user, first, last):
    """Return the first and last moment of whole days by the clocks of ``user``."""
    zone = user._synced_zone()
    return tuple(utc_text(datetime.combine(d, time(), zone)) for d in (first, last + rows.DAY))


def busy_span(start, stop, show_as, allday=False):
    """Return a busy time as a client reads it, of a meeting without a name."""
    kept = show_as if show_as in SHOWN_AS else "busy"
    span = {"start": start, "stop": stop, "show_as": kept, "allday": allday}
    return span | {"meeting_id": False, "name": False}


def utc_text(moment):
    """Return an instant as a client reads it."""
    return fields.Datetime.to_string(moment.astimezone(timezone.utc).replace(tzinfo=None))
