"""What one run of one calendar did."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEPT = timedelta(days=14)


class SyncedSyncRun(models.Model):
    _name = "synced.sync.run"
    _description = "Synchronisation Run"
    _order = "id desc"
    _log_access = False  # it tells itself when it was

    calendar_id = fields.Many2one("synced.calendar", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one(related="calendar_id.user_id")
    started = fields.Datetime(required=True)
    finished = fields.Datetime(help="When the run, or the last of several empty ones, ended.")
    pulled = fields.Integer(help="Events that the calendar reported as changed.")
    pushed = fields.Integer(help="Changes sent to the calendar.")
    failed = fields.Integer(help="Events that went to the quarantine.")
    error = fields.Char()

    def _note(self, calendar, started, finished, result, error):
        """Keep what a run did; one that found nothing moves the end of the last such run."""
        if not any(result.counts().values()):
            self._note_empty(calendar, started, finished, error)
            return
        self.create(
            {
                "calendar_id": calendar.id,
                "started": started,
                "finished": finished,
                "error": error,
            }
            | result.counts()
        )

    def _note_empty(self, calendar, started, finished, error):
        """Move the end of the last run, if that found nothing and ended the same way, else add one.

        One statement: nearly all runs are such.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """WITH prolonged AS (
                    UPDATE synced_sync_run SET finished = %(finished)s WHERE id = (
                        SELECT max(id) FROM synced_sync_run WHERE calendar_id = %(calendar)s
                    ) AND pulled = 0 AND pushed = 0 AND failed = 0
                        AND error IS NOT DISTINCT FROM %(error)s
                    RETURNING id
                )
                INSERT INTO synced_sync_run
                    (calendar_id, started, finished, pulled, pushed, failed, error)
                SELECT %(calendar)s, %(started)s, %(finished)s, 0, 0, 0, %(error)s
                WHERE NOT EXISTS (SELECT FROM prolonged)""",
                calendar=calendar.id,
                started=started,
                finished=finished,
                error=error or None,
            )
        )
        self.invalidate_model(["finished"])

    @api.autovacuum
    def _gc_runs(self):
        """Forget old runs."""
        self.search([("finished", "<", fields.Datetime.now() - KEPT)], limit=10_000).unlink()
