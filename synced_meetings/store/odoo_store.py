"""One calendar's meetings, for the engine."""

import logging
from datetime import timedelta, timezone

import psycopg2

from odoo import fields

from odoo.addons.synced_meetings.models.discretion import discreet, outline
from odoo.addons.synced_meetings.models.event_fields import clean_html
from odoo.addons.synced_meetings.sync import codec, view
from odoo.addons.synced_meetings.sync.errors import Rejected

from . import bulk, outbox, rows
from .burial import bury
from .people import People
from .reading import Reader, copies_of, privacy_of
from .series import SeriesWriter, demote, promote
from .writer import Writer

_logger = logging.getLogger(__name__)
CLEAR = {"in_doubt": False}
SETTLED = CLEAR | {
    "sent": False,
    "dirty": False,
    "attempts": 0,
    "next_try": False,
    "last_error": False,
}
SHOWN = ("live", "hidden")  # what their calendars hold
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "active_test": False}
# What two workers that bring in the same meeting at once run into: the run repeats, and joins.
RACES = ("unit_once", "remote_id_unique")


class OdooStore:
    """The `sync.store.Store` of one ``synced.calendar``; ``commit(values)`` ends a transaction."""

    clean = staticmethod(clean_html)

    def __init__(self, calendar, window, commit):
        """Keep what lies in ``window``, a `sync.event.Window`, for ``calendar``."""
        self.calendar = calendar.sudo().with_context(**QUIET)
        self.env, self.window, self._commit = self.calendar.env, window, commit
        self.reader = Reader(self.calendar)
        self._dirty = self._wrote = self._leaving = False
        self._doubts = self.env["synced.meeting.link"]
        self.lagging = True
        self._bad, self._retried = set(), set()
        self.pending = {}  # what the next commit writes on the calendar
        self.token = self._token()

    def _token(self):
        """Return the sync token, None where the window has grown beyond what was listed for it."""
        listed = self.calendar.listed_from, self.calendar.listed_until
        start, stop = (_naive(moment) for moment in (self.window.start, self.window.stop))
        # The end moves on day by day: a month's lack is not worth a listing.
        if not all(listed) or listed[0] > start or listed[1] < stop - timedelta(days=30):
            return None
        return self.calendar.sync_token or None

    # ---- reading ----

    def change_keys(self, remote_ids):
        """Return the change key of each known copy; None for one that is gone."""
        if not remote_ids:
            return {}
        known = self.reader.links([("remote_id", "in", list(remote_ids))], "change_key", "state")
        return {k.remote_id: (k.change_key or "") if k.state in SHOWN else None for k in known}

    def load(self, remotes):
        """Return the link of each remote, in order."""
        return self.reader.load(remotes)

    # ---- writing ----

    def save(self, settled):
        """Keep them all, or raise `Rejected` and keep none."""
        self._dirty = self._wrote = True
        try:
            with discreet(), self.env.cr.savepoint():
                self._save(settled)
        except psycopg2.errors.UniqueViolation as error:
            if (error.diag.constraint_name or "").endswith(RACES):
                raise
            raise Rejected("refused", error.diag.constraint_name) from error
        except psycopg2.OperationalError:
            raise  # serialization, locks, a lost connection: the run repeats
        except Rejected:
            raise
        except Exception as error:  # whatever one event provokes, the others come in
            way = outline(error)
            _logger.warning("calendar %s: an event was refused: %s", self.calendar.id, way)
            raise Rejected("refused", type(error).__name__) from error

    def _save(self, settled):
        writer = Writer(self.calendar, self._people(settled), self.reader.taken)
        masters = self._save_masters([s for s in settled if s.local and s.local.rule], writer)
        self._save_meetings([s for s in settled if s.local and not s.local.rule], writer)
        self._adopt(settled)
        first = [one for one in settled if one.link.row.link and not one.link.row.link.base]
        self._doubt_exceptions(settled)
        self._save_links(settled)
        for one in settled:
            if one.remote.series and one.link.row.series:
                masters.setdefault(one.link.row.series, rows.event_of(one.link.row.series))
        writer.flush()
        SeriesWriter(writer, self.window).reconcile(masters)
        self._level_privacy(settled)
        writer.flush()
        self._follow_up(first)
        self._hold(settled)
        self._keep_losses(settled)
        self._solve([one.remote.id for one in settled])

    def _hold(self, settled):
        """Let what lags wait where writing it would tell people (rule R2)."""
        if any(one.local for one in settled) and not self.calendar.account_id._saves_quietly():
            lagging = [("calendar_id", "=", self.calendar.id), ("dirty", "=", True)]
            self.env["synced.meeting.link"].search(lagging)._hold()

    def _doubt_exceptions(self, settled):
        """Ask for the exceptions of a series that was moved: the provider may drop them."""
        moved = [one.remote.id for one in settled if _was_moved(one)]
        if moved:
            exceptions = self.reader.links(
                [("series_remote_id", "in", moved), ("state", "=", "live"), ("base", "!=", False)]
            )
            exceptions.write({"in_doubt": True})

    def _follow_up(self, first):
        """Have written what was changed of a new series before its calendar knew it."""
        series = [one.link.row.series for one in first if one.local and one.local.rule]
        for one in series:
            one.meeting_ids._open_occurrences()
            one.meeting_ids.link_ids._compare()

    def _people(self, settled):
        events = [one.local for one in settled if one.local]
        emails = {a.email for event in events for a in event.attendees}
        emails |= {event.organiser for event in events}
        user = self.calendar.user_id.id
        owners = {one.remote.self_email: user for one in settled if one.remote.self_email}
        owners |= {
            one.local.organiser: user for one in settled if one.remote.organises and one.local
        }
        return People(self.env, emails, self.calendar.company_id, owners)

    def _save_masters(self, ones, writer):
        """Write series; return {series: its event before, None where it is new}."""
        new = [one for one in ones if not one.link.row.series]
        extras = [{"unit_key": writer.unit_key(one.local)} for one in new]
        created = writer.create("synced.meeting.series", [one.local for one in new], extras)
        for one, series in zip(new, created, strict=True):
            row = one.link.row
            row.series = series
            if row.meeting:
                promote(row.meeting, series)
                row.meeting = row.meeting.browse()
        before = {}
        for one in ones:
            # As the row is: what the service made of a write is in `link.local` already.
            held = rows.event_of(one.link.row.series)
            before[one.link.row.series] = held if one not in new and one.link.local else None
            if one not in new:
                extra = {} if one.link.local else {"active": True}
                writer.update(one.link.row.series, held, one.local, one.told, one.asked, **extra)
        return before

    def _save_meetings(self, ones, writer):
        new = []
        for one in ones:
            row = one.link.row
            if row.series and not one.remote.series and not row.meeting:
                row.meeting = demote(row.series, one.local, writer.unit_key(one.local))
                row.series = row.series.browse()
            if row.meeting:
                extra = {} if row.meeting.active else {"active": True}
                held = rows.event_of(row.meeting)
                writer.update(row.meeting, held, one.local, one.told, one.asked, **extra)
                writer.join(row.meeting)
            elif self.window.meets(one.local.when):
                new.append(one)
        extras = [self._place(one, writer) for one in new]
        created = writer.create("synced.meeting", [one.local for one in new], extras)
        for one, meeting in zip(new, created, strict=True):
            one.link.row.meeting = meeting

    def _place(self, one, writer):
        """Return where a new meeting stands: by itself, in a series, or before its series came."""
        rid, series = one.remote.recurrence_id, one.link.row.series
        if rid and series:
            return {"series_id": series.id, "recurrence_id": rid}
        return {"recurrence_id": rid or False, "unit_key": writer.unit_key(one.local, rid)}

    def _adopt(self, settled):
        """Give series the exceptions that came before them and have no row.

        They were cancelled or moved out of the window; `SeriesWriter` takes in those with a row.
        """
        came = {
            one.remote.id: one.link.row.series
            for one in settled
            if not one.remote.series and one.link.row.series - one.link.row.link.series_id
        }
        early = [("series_remote_id", "in", list(came)), ("series_id", "=", False)]
        for link in self.reader.links([*early, ("meeting_id", "=", False)], "series_remote_id"):
            link.series_id = came[link.series_remote_id]

    def _save_links(self, settled):
        now, new = fields.Datetime.now(), []
        for one in settled:
            values = self._link_values(one, now)
            if link := one.link.row.link:
                link.write(values)
                if self.calendar.moved and not one.remote.series:
                    link._follow_series()
            else:
                new.append(values | {"calendar_id": self.calendar.id, "remote_id": one.remote.id})
        bulk.create(self.env["synced.meeting.link"], new)

    def _link_values(self, one, now):
        remote, row = one.remote, one.link.row
        values = {"meeting_id": row.meeting.id, "series_id": row.series.id}
        if remote.series:
            values |= {"series_remote_id": remote.series, "recurrence_id": remote.recurrence_id}
        if remote.event is None:
            organises = row.link.organises or self._organises(row.series)
            done = row.link.state == "deleting" or (row.link.dirty and one.link.local is None)
            state = "gone" if done else "leaving"
            if one.link.local:  # what is typed from now on is not in the inbox yet
                values["base"] = codec.dump(one.link.local)
            return values | {"state": state, "left": now, "organises": organises, **SETTLED}
        if row.hidden:  # what was agreed stays, so that its restoring sees what is new
            return values | {"change_key": remote.change_key, "state": "hidden"}
        deleting = row.link.state == "deleting" and one.local is None
        lags = view.lags(one.local, remote.event, remote.organises, remote.self_email)
        return values | {
            "remote_id": remote.id,
            "base": codec.dump(remote.event),
            "change_key": remote.change_key,
            "organises": remote.organises,
            "redacted": remote.redacted,
            "self_email": remote.self_email or False,
            "url": remote.url or False,
            "state": "deleting" if deleting else "live",
            "left": False,
            **SETTLED,
            "dirty": deleting or lags,
            "telling": row.link.telling and (deleting or lags),
        }

    def _organises(self, series):
        return any(link.organises for link in series.link_ids if link.calendar_id == self.calendar)

    def _level_privacy(self, settled):
        """Without the organiser's copy a meeting is private only when every copy is (rule R17)."""
        copies_of(self.env, [one.link.row for one in settled])
        for one in settled:
            record = one.link.row.meeting or one.link.row.series
            copies = one.link.row.copies
            if len(copies) > 1 and not any(copy.organises for copy in copies):
                record._bring_in({"privacy": privacy_of(copies)})

    def quarantine(self, bad):
        """Put aside events that could not be read or kept, for a person to see."""
        if bad:
            self._dirty = self._wrote = True
            self._bad.update(event.id for event in bad)
            self.env["synced.sync.quarantine"]._put(self.calendar, bad)

    def _solve(self, remote_ids):
        self.env["synced.sync.quarantine"]._solve(self.calendar, remote_ids)

    def checkpoint(self, token, complete=False):
        """Make everything so far durable, with the token to go on from (None: not yet).

        Where nothing was written, the token waits for the commit that ends the run.
        """
        if token not in (None, self.token):
            self.pending["sync_token"] = token
        if token is not None and complete:
            self.pending["listed_from"] = _naive(self.window.start)
            self.pending["listed_until"] = _naive(self.window.stop)
            self._end_move()
        if token is not None and self._doubts:
            # They were asked for; what was sent and is not seen did not arrive.
            self._doubts.write(CLEAR | {"sent": False})
        if token is not None and self._retried:
            self._end_retries()
        if self._dirty or (token is not None and self._wrote):
            self._commit(self.pending)
            self.pending, self._dirty = {}, False

    def _end_retries(self):
        """Close what a person wanted to be read again, unless it is still bad."""
        self._solve(sorted(self._retried - self._bad))
        left = set(self.calendar.retries or ()) - self._retried  # added since they were asked for
        self.pending["retries"] = sorted(left) or False

    def _end_move(self):
        """Let rest what a moved mailbox does not have: absent is not deleted (rules R12, R21)."""
        if self.calendar.moved:
            waiting = [("remote_id", "=", False), ("base", "!=", False)]
            self.reader.links([*waiting, ("state", "in", ("live", "deleting"))])._end()
            self.pending["moved"] = False
            self._dirty = True

    # ---- the way back ----

    def outgoing(self, limit):
        """Return the next copies that are due to be written, oldest first, one per series."""
        if not self.lagging:
            return []
        found = outbox.due(self.calendar, limit)
        self.lagging = bool(found)
        return found

    def sending(self, sent):
        """Keep what is about to go out."""
        self._dirty = self._wrote = True
        outbox.sending(sent)

    def unsent(self, outgoing):
        """Forget what was sent of these."""
        self._dirty = True
        outbox.links(outgoing).write({"sent": False} | CLEAR)

    def postpone(self, outgoing, error):
        """Let these wait."""
        self._dirty = True
        outbox.postpone(self.calendar, outgoing, error)

    def refuse(self, outgoing, error):
        """Put aside what the provider will never take, until a person changes it."""
        self._dirty = self._wrote = True
        outbox.refuse(self.calendar, outgoing, error)

    def _keep_losses(self, settled):
        """Offer what a person did here and the calendar overrode (rule R5)."""
        if any(one.lost for one in settled):
            self.env["synced.meeting.conflict"]._keep(self.calendar, settled)

    # ---- disappearances ----

    def doubtful(self, seen):
        """Return the ids to ask for before anything is concluded (rule R12)."""
        account = ("calendar_id.account_id", "=", self.calendar.account_id.id)
        # One statement for all that is open; a run without news needs no other.
        opened = [
            "|",
            "|",
            ("state", "=", "leaving"),
            ("in_doubt", "=", True),
            ("dirty", "=", True),
        ]
        names = ["state", "in_doubt", "dirty", "remote_id", "calendar_id"]
        links = self.env["synced.meeting.link"].search_fetch([account, *opened], names)
        self._leaving = any(link.state == "leaving" for link in links)
        own = links.filtered(lambda link: link.calendar_id == self.calendar)
        self.lagging = any(link.dirty for link in own)
        self._doubts = own.filtered("in_doubt")
        self._retried = set(self.calendar.retries or ())
        doubts = self._retried.union(self._doubts.mapped("remote_id"))
        return sorted(doubts if seen is None else doubts | self._unseen(seen))

    def _unseen(self, seen):
        absent = self.reader.links(
            [
                ("state", "=", "live"),
                ("remote_id", "!=", False),
                ("remote_id", "not in", list(seen)),
            ],
            "base",
        )
        return {link.remote_id for link in absent if self._in_window(codec.load(link.base))}

    def _in_window(self, event):
        return bool(event.rule) or self.window.meets(event.when)

    def roll(self):
        """Expand the series into a window that has moved on."""
        domain = [("link_ids.calendar_id", "=", self.calendar.id)]
        grown = [
            "|",
            ("expanded_from", ">", _naive(self.window.start)),
            ("expanded_until", "<", _naive(self.window.stop)),
        ]
        series = self.env["synced.meeting.series"].search([*domain, *grown])
        for start in range(0, len(series), 100):
            part = series[start : start + 100]
            writer = Writer(
                self.calendar, People(self.env, _addresses(part), self.calendar.company_id), set()
            )
            SeriesWriter(writer, self.window).reconcile({s: rows.event_of(s) for s in part})
            writer.flush()
            self._commit({})

    def bury(self):
        """Decide what the copies found deleted mean (rules R11, R13). Raises `MassDeletion`."""
        if self._leaving:
            bury(self.calendar)


def _was_moved(one):
    """Whether a write of ours moved a series: the copy agreed on another time before."""
    base = one.link.row.link.base if one.link.row.link else None
    if not (base and one.remote.event and one.remote.event.rule):
        return False
    before = codec.load(base)
    return (before.when, before.rule) != (one.remote.event.when, one.remote.event.rule)


def _addresses(series):
    return {*series.attendee_ids.mapped("email"), *series.mapped("organiser_email")} - {False}


def _naive(moment):
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
