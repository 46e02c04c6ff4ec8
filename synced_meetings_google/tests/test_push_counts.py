"""What bringing meetings to Google costs, counted: statements and requests."""

import re
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.synced_meetings.sync import codec

from .test_push import PushCase

MANY = 500
BATCHES = 10
BATCH = "/batch/calendar/v3"


@tagged("post_install", "-at_install")
class TestPushCounts(PushCase):
    def many(self, count=MANY):
        """Let Ann make meetings, one in five with a guest to be told."""
        values = []
        for number in range(count):
            start = self.utc(number % 40, 6 + number % 12)
            values.append(
                {"name": f"M{number}", "start": start, "stop": start + timedelta(hours=1)}
            )
            if number % 5 == 0:
                values[-1]["person_ids"] = [(4, self.olson.id)]
        meetings = self.env["synced.meeting"].with_user(self.ann.user_id).create(values)
        for meeting in meetings.filtered("person_ids"):
            meeting.action_send()
        self.env["synced.meeting.link"].search([]).next_try = False
        return meetings

    @property
    def ours(self):
        """Return Ann's calendar."""
        return self.ann.calendar_ids.filtered("selected")

    def cost(self, run="_run_due"):
        """Return the statements and the requests of the job, or of the calendar's run alone."""
        self.ours.due = self.monday.replace(tzinfo=None) - timedelta(days=30)
        self.env.flush_all()
        self.google.requests.clear()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            before = self.cr.sql_log_count
            getattr(self.ours.with_env(self.env(cr=cr)), run)()
            statements = self.cr.sql_log_count - before
        self.env.invalidate_all()
        return statements, [request.path for request in self.google.requests]

    def test_five_hundred_new_meetings(self):
        self.many()
        with self.written() as queries:
            statements, paths = self.cost()
        self.assertTrue(queries)
        self.assertEqual(self.alive(), MANY)
        self.assertEqual(len(self.google.mails), MANY // 5)
        self.assertLessEqual(paths.count(BATCH), BATCHES)
        self.assertLessEqual(len(paths), BATCHES + 1, "and one listing")
        self.assertLessEqual(statements / MANY, 1)

    def test_the_run_after_a_push(self):
        self.many(100)
        self.cost()
        with self.written() as queries:
            statements, paths = self.cost("_synchronise")
        self.assertEqual(len(paths), 1)
        self.assertLessEqual(statements, 10)
        self.assertEqual(queries, [], "its own writes come back, and are no news")

    def test_a_note_costs_nothing(self):
        meeting = self.many(1)
        self.cost()
        due, triggers = self.ours.due, self.env["ir.cron.trigger"].search_count([])
        self.google.requests.clear()
        record, tag = self.ann.user_id.partner_id, {"name": "Colours"}
        meeting.write(
            {
                "notes": "They want the blue one",
                "outcome": "held",
                "tag_ids": [Command.create(tag)],
                "res_model": record._name,
                "res_id": record.id,
            }
        )
        self.env.flush_all()
        self.assertEqual((self.ours.due, self.ours.asked), (due, False))
        self.assertEqual(self.env["ir.cron.trigger"].search_count([]), triggers)
        self.assertFalse(self.env["synced.meeting.link"].search([("dirty", "=", True)]))
        self.assertEqual(self.google.requests, [])

    def test_what_comes_again_unchanged_is_not_written(self):
        self.many(20)
        self.cost()
        self.ours.sync_token = False
        with self.written() as queries:
            self.cost()
        self.assertEqual(queries, [])

    def test_a_base_that_does_not_know_a_field_is_no_news(self):
        """Rule R4: the next version of the add-on may know more of an event than this one."""
        meetings = self.many(20)
        meetings.write({"location": "Room 4"})
        self.cost()
        links = meetings.sudo().link_ids
        for link in links:
            link.base = {name: value for name, value in link.base.items() if name != "location"}
        with patch.dict(codec.SINCE, {"location": codec.VERSION + 1}):
            links._compare()
            self.assertFalse(links.filtered("dirty"))
            self.calendar(self.ann).patch(links[0].remote_id, {"summary": "Other"})
            _statements, paths = self.cost()
        self.assertEqual(len(paths), 1, "it only asked")
        self.assertEqual(set(meetings.mapped("location")), {"Room 4"})
        self.assertEqual(links[0].meeting_id.name, "Other")
        self.assertFalse(self.env["synced.meeting.conflict"].search([]))

    @contextmanager
    def written(self):
        """Collect the statements that write meetings, their people or their copies."""
        queries, execute = [], self.cr.execute

        def listen(query, *args, **kwargs):
            text = getattr(query, "code", query)
            if re.match(r"\s*(INSERT|UPDATE|DELETE)[^(]*synced_meeting", text):
                queries.append(text)
            return execute(query, *args, **kwargs)

        with patch.object(self.cr, "execute", listen):
            yield queries

    def alive(self):
        events = self.calendar(self.ann).events()
        return sum(1 for event in events if event["status"] != "cancelled")
