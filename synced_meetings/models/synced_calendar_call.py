"""What providers said by calling: that something changed in a calendar, never what."""

import hmac as compare
from hashlib import sha256

from odoo import api, fields, models
from odoo.tools import SQL, hmac

SCOPE = "synced_meetings.channel"
MANY = 100  # channels in one call; Graph bundles what concerns one subscriber


class SyncedCalendarCall(models.Model):
    # Rows are only added and deleted: a call never waits for a run that writes on the calendar,
    # and a run never fails because of a call.
    _name = "synced.calendar.call"
    _description = "Call About a Calendar"
    _log_access = False
    _rec_name = "id"

    calendar_id = fields.Many2one("synced.calendar", required=True, ondelete="cascade", index=True)
    at = fields.Datetime(required=True)
    number = fields.Float(digits=(18, 0), help="Grows with each call of a channel, if counted.")
    renew = fields.Boolean(help="The channel itself was, or is going to be, lost.")

    @api.model
    def _hear(self, notices):
        """Note what a call says, and wake a job; return whether all its channels are known.

        At most four statements: one that looks, one that notes, two that wake. Nothing is taken
        from the call but the channel, which its secret must prove.
        """
        proven = self._proven({notice.channel: notice for notice in notices[-MANY:]})
        news = [(row, notice) for row, notice in proven if self._is_news(row, notice)]
        if news:
            self._keep(news)
            self._wake({row["id"] for row, _notice in news})
        return bool(notices) and len(proven) == len({notice.channel for notice in notices})

    def _proven(self, named):
        """Return what is known of the channels whose secret is right, each with its notice."""
        # An id that no service gives could not even be looked for.
        named = {name: one for name, one in named.items() if name.isascii() and name.isprintable()}
        if not named:
            return []
        self.env.cr.execute(
            SQL(
                """SELECT c.id, c.channel_id, c.channel_digest, c.channel_number,
                    count(h.id) AS waiting, max(h.number) AS number, bool_or(h.renew) AS renew
                FROM synced_calendar c LEFT JOIN synced_calendar_call h ON h.calendar_id = c.id
                WHERE c.channel_id IN %s GROUP BY c.id""",
                tuple(named),
            )
        )
        rows = [(row, named[row["channel_id"]]) for row in self.env.cr.dictfetchall()]
        return [(row, notice) for row, notice in rows if _is_proof(row, notice.secret)]

    def _is_news(self, row, notice):
        """Whether it says more than what waits already; a repeated call says nothing."""
        last = max(row["channel_number"] or 0, row["number"] or 0)
        if notice.number and notice.number <= last:
            return False
        return not row["waiting"] or (notice.renew and not row["renew"])

    def _keep(self, news):
        now = fields.Datetime.now()
        values = SQL(", ").join(
            SQL("(%s, %s, %s, %s)", row["id"], now, notice.number, notice.renew)
            for row, notice in news
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO synced_calendar_call (calendar_id, at, number, renew) VALUES %s",
                values,
            )
        )

    def _wake(self, calendar_ids):
        """Wake one of the jobs, another one for another calendar."""
        names = self.env["synced.calendar"]._job_names()
        lookup = self.env["ir.model.data"]._xmlid_to_res_id  # no statement, unlike a record
        jobs = [job for job in map(lookup, names) if job]
        if jobs:
            self.env["ir.cron"].sudo().browse(jobs[min(calendar_ids) % len(jobs)])._trigger()

    # ---- secrets of channels ----

    @api.model
    def _mint(self, nonce):
        """Return the secret that belongs to ``nonce``; nobody else can make one."""
        return f"{nonce}.{self._seal(nonce)}"

    @api.model
    def _is_ours(self, secret):
        """Whether a secret was made here, for a channel that may be forgotten by now."""
        nonce, _dot, seal = secret.rpartition(".")
        return compare.compare_digest(self._seal(nonce).encode(), seal.encode())

    def _seal(self, nonce):
        return hmac(self.env(su=True), SCOPE, nonce)[:32]


def digest_of(secret):
    """Return what is kept of a channel's secret."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()


def _is_proof(row, secret):
    return compare.compare_digest(row["channel_digest"] or "", digest_of(secret))
