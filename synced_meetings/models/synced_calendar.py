"""One remote calendar of an account, and its runs."""

import logging
from datetime import timedelta

from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    SerializationFailure,
    UniqueViolation,
)

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.synced_meetings.store import OdooStore, outbox
from odoo.addons.synced_meetings.store.burial import bury
from odoo.addons.synced_meetings.sync.engine import Result, pull
from odoo.addons.synced_meetings.sync.errors import Gone, MassDeletion, Retryable, SyncError
from odoo.addons.synced_meetings.sync.push import push

from .discretion import discreet, outline
from .synced_account import RUNNING

_logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # renewed as a run commits; a killed run is taken up after it
RESUMED = timedelta(minutes=5)  # when a run that was killed is taken up again
RACES = (SerializationFailure, DeadlockDetected, LockNotAvailable, UniqueViolation)
REPEATS = 3
WRITERS = ("owner", "writer")  # the kinds of access by which something can be written there
PROGRESS = timedelta(seconds=2)  # how often the lease is renewed and a first run shown
PATIENCE = 3  # failures of a service in a row before the account is shown as failing


class SyncedCalendar(models.Model):
    _name = "synced.calendar"
    _description = "Synced Calendar"
    _order = "account_id, primary desc, name"
    _log_access = False  # the runs write it; `synced.sync.run` tells when

    account_id = fields.Many2one("synced.account", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one(related="account_id.user_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id")
    provider = fields.Selection(related="account_id.provider", store=True)
    remote_id = fields.Char(required=True, help="The calendar's id at the provider.")
    name = fields.Char(required=True)
    owner_email = fields.Char(help="The address of the person this calendar belongs to.")
    primary = fields.Boolean()
    selected = fields.Boolean(string="Synchronise", help="Only chosen calendars are read.")
    access = fields.Selection(
        [
            ("owner", "Owner"),
            ("writer", "Read and write"),
            ("reader", "Read"),
            ("busy", "Only busy times"),
        ],
        default="owner",
        required=True,
    )
    timezone = fields.Char()
    sync_token = fields.Char(groups=fields.NO_ACCESS)
    moved = fields.Boolean(
        help="The mailbox was moved: its events are known by their UIDs until all were read."
    )
    retries = fields.Json(
        groups=fields.NO_ACCESS, help="Ids of events put aside that the next run asks for again."
    )
    listed_from = fields.Datetime(help="Start of the window that the sync token was made for.")
    listed_until = fields.Datetime()
    last_sync = fields.Datetime(readonly=True, help="When the calendar was last read to the end.")
    read_from = fields.Datetime(readonly=True, help="When that run began: what it saw is no older.")
    last_error = fields.Char(readonly=True)
    due = fields.Datetime(index=True, help="When the next run is due; empty while it rests.")
    asked = fields.Boolean(help="A person waits for the end of the next run.")
    lease_until = fields.Datetime(help="A worker runs this calendar and holds it until then.")
    syncing = fields.Boolean(compute="_compute_syncing", help="A run is on or about to start.")
    failures = fields.Integer(help="Runs in a row that failed; decides how long the next waits.")
    deletions_confirmed = fields.Boolean(help="A person let the many deletions made here go out.")
    held_deletions = fields.Integer(help="Deletions that wait for a person's confirmation.")
    meeting_count = fields.Integer(compute="_compute_meeting_count")
    run_ids = fields.One2many("synced.sync.run", "calendar_id")
    link_ids = fields.One2many("synced.meeting.link", "calendar_id")
    quarantine_ids = fields.One2many("synced.sync.quarantine", "calendar_id")

    _remote_id_unique = models.UniqueIndex("(account_id, remote_id)")

    # ---- asking for a run ----

    @api.model
    def mark_my_calendars_due(self, only=None):
        """Ask for a run of the reader's calendars, or of one; returns how many, never waits."""
        domain = [("user_id", "=", self.env.uid), ("selected", "=", True)]
        domain += [("id", "=", only)] if only else []
        own = self.sudo().search([*domain, ("account_id.state", "in", RUNNING)])
        own._mark_due()
        return len(own)

    def _mark_due(self, again=False):
        """Make these due now and wake the jobs; one that runs is not started ``again``."""
        now = fields.Datetime.now()
        idle = self.sudo().filtered(
            lambda c: c.selected and (again or not c.lease_until or c.lease_until < now)
        )
        late = idle.filtered(lambda c: not c.due or c.due > now)
        late.write({"due": now})
        idle.write({"asked": True})
        for job in self._jobs()[: len(idle)]:
            job._trigger()

    @api.model
    def _answer_call(self, provider, headers, query, body):
        """Return (status, content type, text) for a provider's call; adapters know their own's.

        Whether a channel is known shows in no answer, except where the protocol wants it.
        """
        if provider == "doctor":
            return 200, "text/plain", self.env["synced.doctor"]._proof(query.get("nonce", ""))
        return 404, "text/plain", ""

    def _check_runs(self):
        """Refuse what needs a run where there will be none."""
        self.account_id._check_runs()
        if not self.selected:
            raise UserError(self.env._("%(name)s is not synchronised any more.", name=self.name))

    def _await_moved(self):
        """Let the copies of a mailbox that was moved wait for the ids they have there (R21)."""
        forgotten = ("sync_token", "listed_from", "listed_until", "retries")
        self.write({"moved": True} | dict.fromkeys(forgotten, False))
        self.link_ids._await_moved()

    def _retry(self, remote_ids):
        """Let the next run, which begins at once, ask for these events by id."""
        self.retries = sorted({*(self.retries or ()), *remote_ids})
        self._mark_due(again=True)

    @api.model
    def _job_names(self):
        return [f"synced_meetings.cron_synchronise_{number}" for number in range(1, 5)]

    @api.model
    def _jobs(self):
        jobs = (self.env.ref(name, raise_if_not_found=False) for name in self._job_names())
        return self.env["ir.cron"].sudo().union(*filter(None, jobs))

    # ---- the job ----

    @api.model
    def _run_due(self):
        """Synchronise the calendars that are due, oldest first, as long as the job may run."""
        if not self.env["synced.account"]._synced_meetings_enabled():
            return
        while calendar := self._take_due():
            calendar._synchronise()
            if self.env["ir.cron"]._commit_progress(1, remaining=1) <= 0:
                return  # the rest is for the next run of the job, which follows at once
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _take_due(self):
        """Return the calendar that has been due longest, leased to this run, or none.

        A lease in a column, not a row lock: nothing is locked while the network is waited for.
        """
        now = fields.Datetime.now()
        self.env.cr.execute(
            SQL(
                """WITH next AS (
                    SELECT c.id, c.due FROM synced_calendar c
                    JOIN synced_account a ON a.id = c.account_id
                    JOIN res_users u ON u.id = a.user_id
                    WHERE c.selected AND a.active AND u.active
                        AND (c.due <= %(now)s
                            OR c.failures = 0 AND EXISTS (
                            SELECT 1 FROM synced_calendar_call h WHERE h.calendar_id = c.id)
                            OR c.failures = 0 AND c.access IN %(writers)s AND EXISTS (
                            SELECT 1 FROM synced_meeting_link l
                            WHERE l.calendar_id = c.id AND l.dirty
                                AND l.refused IS NOT TRUE AND l.held IS NOT TRUE
                                AND (l.next_try IS NULL OR l.next_try <= %(now)s)))
                        AND a.state IN ('connecting', 'connected', 'error')
                        AND NOT EXISTS (
                            SELECT 1 FROM synced_calendar other
                            WHERE other.account_id = a.id AND other.lease_until > %(now)s)
                    ORDER BY c.due LIMIT 1 FOR UPDATE OF c SKIP LOCKED
                ), heard AS (
                    DELETE FROM synced_calendar_call h USING next WHERE h.calendar_id = next.id
                    RETURNING h.at, h.number, h.renew
                ), said AS (
                    SELECT min(at) AS at, max(number) AS number, bool_or(renew) AS renew FROM heard
                )
                UPDATE synced_calendar c SET lease_until = %(lease)s, due = %(due)s,
                    waited = COALESCE(EXTRACT(EPOCH FROM %(now)s - LEAST(
                        said.at, CASE WHEN next.due <= %(now)s THEN next.due END)), 0),
                    channel_number = GREATEST(c.channel_number, said.number),
                    channel_retry = CASE WHEN said.renew THEN NULL ELSE c.channel_retry END,
                    channel_expires = CASE WHEN said.renew THEN %(now)s ELSE c.channel_expires END
                FROM next, said WHERE c.id = next.id
                RETURNING c.id""",
                now=now,
                writers=WRITERS,
                lease=now + LEASE,
                due=now + RESUMED,
            )
        )
        taken = self.sudo().browse(row[0] for row in self.env.cr.fetchall())
        taken.invalidate_recordset()
        self.env["ir.cron"]._commit_progress()
        return taken

    # ---- one run ----

    def _synchronise(self):
        """Run this calendar once; whatever happens ends here and spares the next one."""
        self.ensure_one()
        if not self.account_id._usable():
            self.lease_until = False
            return
        started, taken = fields.Datetime.now(), self.due
        result, values, error = Result(), {}, None
        try:
            with discreet():
                self._tend_channel()
                result, values = self._run_repeating()
        except Exception as caught:
            self.env.cr.rollback()
            error = caught
            if not isinstance(caught, SyncError):
                _logger.error("Synchronising calendar %s failed: %s", self.id, outline(caught))
        self._finish(started, taken, result, values, error)

    def _run_repeating(self):
        """Run; where another transaction was in the way, once more from the last commit."""
        for left in reversed(range(REPEATS)):
            try:
                return self._run()
            except RACES:
                self.env.cr.rollback()
                if not left:
                    raise
        return None

    def _run(self):
        """Return what the run did, and what is left to write on the calendar."""
        window = self.account_id.company_id._synced_window(fields.Datetime.now())
        provider = self.account_id._provider(self.remote_id)
        store = OdooStore(self, window, self._checkpoint)
        result = pull(provider, store)
        if self._is_writable():
            push(provider, store, result)
        return result, store.pending

    def _is_writable(self):
        """Whether what is made here is written there, now or when its owner signs in again."""
        return (
            self.selected
            and self.access in WRITERS
            and self.account_id.state not in ("draft", "paused")
        )

    def _checkpoint(self, values):
        """Commit, renew the lease, and give the memory of what was written back."""
        lease = fields.Datetime.now() + LEASE
        if not self.lease_until or lease - self.lease_until >= PROGRESS:
            values = values | {"lease_until": lease}
            if not self.last_sync:
                self.account_id._notify(self)  # a first run is long: the card shows how it gets on
        self.write(values)
        self.env["ir.cron"]._commit_progress()
        self.env.invalidate_all(flush=False)

    def _finish(self, started, taken, result, values, error):
        """Write down how the run went, and tell whoever waits for it."""
        now = fields.Datetime.now()
        sentence = self.account_id._sentence_for(error) if error else False
        told = self.asked or any(result.counts().values()) or self.last_error != sentence
        values |= {"lease_until": False, "last_error": sentence, "asked": False}
        values |= self._failed(error) if error else self._succeeded(now, started)
        next_due = now + (outbox.wait(error, self.failures) if error else self._interval())
        if self.due == taken:  # nobody asked for another run meanwhile
            values["due"] = next_due
        self.write(values)
        self._report(error)
        self.env["synced.sync.run"]._note(self, started, now, result, sentence)
        if told:
            self.account_id._notify(self, **result.counts())
        self.env["ir.cron"]._commit_progress()

    def _succeeded(self, now, started):
        return {
            "last_sync": now,
            "read_from": started,
            "failures": 0,
            "held_deletions": 0,
            "deletions_confirmed": False,
        }

    def _failed(self, error):
        values = {"failures": self.failures + 1}
        if isinstance(error, MassDeletion):
            values["held_deletions"] = error.deleted
        if isinstance(error, Gone):
            values["selected"] = False
        return values

    def _report(self, error):
        """Let the account show how the run went."""
        if error is None:
            self.account_id._note_success()
        elif not isinstance(error, Retryable) or self.failures >= PATIENCE:
            self.account_id._note_trouble(error)

    # ---- what a person decides ----

    def action_confirm_deletions(self):
        """Apply the deletions that were held back because there were so many."""
        self.check_access("write")
        for calendar in self.sudo().with_context(active_test=False):
            bury(calendar, confirmed=True)
            calendar.write({"held_deletions": 0, "last_error": False, "deletions_confirmed": True})
        self._mark_due()

    # ---- fields ----

    @api.depends("due", "lease_until")
    def _compute_syncing(self):
        now = fields.Datetime.now()
        for calendar in self:
            running = calendar.lease_until and calendar.lease_until > now
            calendar.syncing = bool(running or (calendar.due and calendar.due <= now))

    def _compute_meeting_count(self):
        """Count single meetings and occurrences with a live copy in the calendar."""
        live = [("calendar_id", "in", self.ids), ("state", "=", "live")]
        link = self.env["synced.meeting.link"].sudo()
        singles = dict(
            link._read_group([*live, ("meeting_id", "!=", False)], ["calendar_id"], ["__count"])
        )
        series = link._read_group(
            [*live, ("recurrence_id", "=", False), ("series_id", "!=", False)],
            ["calendar_id"],
            ["series_id:recordset"],
        )
        repeated = {calendar: len(found.meeting_ids) for calendar, found in series}
        for calendar in self:
            calendar.meeting_count = singles.get(calendar, 0) + repeated.get(calendar, 0)
