"""When people are free whose calendar is not connected: asked of the reader's own service."""

import time
from collections import deque
from contextlib import closing

from odoo import api, models
from odoo.tools.lru import LRU

from odoo.addons.synced_meetings.sync.errors import SyncError
from odoo.addons.synced_meetings.sync.event import Window

from .keyring import KeyMissing
from .synced_account import RUNNING
from .synced_meeting_attendee import ONE_ADDRESS
from .synced_meeting_availability import busy_span, utc_text

PATIENCE = 8.0  # seconds that a service may take: somebody looks at the page
KEPT = 90.0  # seconds that an answer is good for
QUESTIONS, MINUTE = 20, 60.0  # that one person may put to a service within a minute

# Of each process: an answer that another one has is asked for once more.
_answers = LRU(2048)  # (database, reader, address, start, stop): (when, busy times or None)
_asked = LRU(1024)  # (database, reader): when the last questions were put


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    @api.model
    def ask_availability(self, emails, start, stop):
        """Return for each address what the reader's own calendar service tells of it.

        Who is not ``known`` has a ``reason``. A service that does not answer is no error here.
        """
        self.browse().check_access("read")
        start, stop = self._asked_span(start, stop)
        addresses = self._asked_addresses(emails)
        askable = [email for email in addresses if ONE_ADDRESS.fullmatch(email)]
        found, reason = self._told_or_reason(askable, Window(start, stop))
        return [self._told_row(email, found.get(email), reason) for email in addresses]

    @api.model
    def _told_row(self, email, busy, reason):
        return {
            "key": f"email-{email}",
            "email": email,
            "known": busy is not None,
            "reason": False if busy is not None else reason,
            "busy": [busy_span(utc_text(b.start), utc_text(b.stop), b.show_as) for b in busy or ()],
        }

    @api.model
    def _told_or_reason(self, emails, window):
        """Return {address: busy times} of those who are told, and why the others are not."""
        reader = self.env.cr.dbname, self.env.uid
        now = time.monotonic()
        keys = {email: (*reader, email, window.start, window.stop) for email in emails}
        kept = {email: _answers.get(key) for email, key in keys.items()}
        fresh = {email: one[1] for email, one in kept.items() if one and now - one[0] < KEPT}
        wanted = [email for email in emails if email not in fresh]
        reason = self.env._("The calendar service does not tell when this person is free.")
        if wanted:
            told, trouble = self._ask_service(wanted, window, reader)
            reason = trouble or reason
            if not trouble:
                for email in wanted:
                    _answers[keys[email]] = now, told.get(email)
            fresh |= told
        return {email: busy for email, busy in fresh.items() if busy is not None}, reason

    @api.model
    def _ask_service(self, emails, window, reader):
        """Return what the reader's own service tells, and what stands against asking it."""
        account = self._asking_account()
        if not account:
            return {}, self.env._(
                "Connect your calendar to see when people outside of Odoo are free."
            )
        if not _may_ask(reader):
            return {}, self.env._("You asked very often. Wait a minute, then look again.")
        account = account.with_context(synced_patience=PATIENCE)
        try:
            provider = account._provider()
            self.env[
                "ir.cron"
            ]._commit_progress()  # nothing is held while the network is waited for
            with closing(provider):
                return provider.free_busy(emails, window), ""
        except (SyncError, KeyMissing) as error:
            return {}, account._sentence_for(error)

    @api.model
    def _asking_account(self):
        """Return the reader's own connection, the one by which meetings are made first."""
        accounts = self.env.user.sudo().synced_account_ids
        first = self.env.user._synced_default_calendar().account_id
        ready = (first | accounts).filtered(lambda account: account.state in RUNNING)
        if not ready._synced_meetings_enabled():
            return ready.browse()
        return ready._usable()[:1]


def _may_ask(reader):
    """Whether a person may put another question now; it is counted."""
    now = time.monotonic()
    times = _asked.get(reader) or deque()
    _asked[reader] = times
    while times and now - times[0] > MINUTE:
        times.popleft()
    if len(times) >= QUESTIONS:
        return False
    times.append(now)
    return True
