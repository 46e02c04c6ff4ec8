"""What is kept of runs, and for how long."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.synced_meetings.sync.engine import Result

from .common import AccountCase


@tagged("post_install", "-at_install")
class TestRuns(AccountCase):
    def setUp(self):
        super().setUp()
        self.calendar = self.connect(self.ann).calendar_ids.filtered("primary")
        self.runs = self.env["synced.sync.run"]

    def note(self, ago, error=False, **found):
        """Keep a run of a minute that ended a time ago; return what there is of the calendar."""
        now = fields.Datetime.now() - ago
        begun = now - timedelta(minutes=1)
        self.runs._note(self.calendar, begun, now, Result(**found), error)
        return self.runs.search([("calendar_id", "=", self.calendar.id)])

    def test_empty_runs_share_a_row(self):
        day = timedelta(days=1)
        self.assertEqual(len(self.note(5 * day, pulled=3)), 1)
        empty = self.note(4 * day)[0]
        self.assertEqual((empty.pulled, empty.pushed, empty.failed, empty.error), (0, 0, 0, False))
        self.assertEqual(empty.finished - empty.started, timedelta(minutes=1))
        self.assertEqual(self.note(3 * day)[0], empty)
        self.assertEqual(empty.finished - empty.started, day + timedelta(minutes=1))
        self.assertEqual(len(self.note(2 * day, error="Slow")), 3)
        self.assertEqual(len(self.note(2 * day, error="Slow")), 3)
        self.assertEqual(len(self.note(day)), 4)
        self.assertEqual(len(self.note(day, failed=1)), 5)

    def test_runs_are_forgotten_after_two_weeks(self):
        for days in (30, 15):
            self.note(timedelta(days=days), pulled=1)
        kept = self.note(timedelta(days=13), pulled=1)[0]
        old_but_moved_on = self.note(timedelta(days=20))[0]
        self.note(timedelta(days=1))
        self.runs._gc_runs()
        left = self.runs.search([("calendar_id", "=", self.calendar.id)])
        self.assertEqual(left, old_but_moved_on + kept)

    def test_odoos_vacuum_forgets_them(self):
        self.assertTrue(type(self.runs)._gc_runs._autovacuum)
