"""What a run costs, counted: statements and requests."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.synced_meetings.models import synced_calendar

from ..provider import client
from .pull_case import PullCase

RULES = ["RRULE:FREQ=WEEKLY;COUNT=26"] * 4 + ["RRULE:FREQ=DAILY;COUNT=60"]


@tagged("post_install", "-at_install")
class TestCounts(PullCase):
    def fill(self, count, email="ann@corp.example"):
        """Put events in, a third with guests and a twentieth as series."""
        self.google.seed(map(self.event, range(count)), email)

    def event(self, number):
        event = {"id": f"event{number:06}", "summary": f"Meeting {number}"}
        event |= self.at(number % 180 - 90, number % 12 + 6)
        if number % 10 < 3:
            guests = ("ann@corp.example", f"guest{number % 400}@client.example")
            event["attendees"] = [{"email": guest} for guest in guests]
        if number % 20 == 0:
            event["recurrence"] = [RULES[number // 20 % 5]]
        return event

    def statements(self):
        """Return how many statements one run takes."""
        self.ann.calendar_ids._mark_due()
        self.google.requests.clear()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            before = self.cr.sql_log_count
            self.env(cr=cr)["synced.calendar"]._run_due()
            return self.cr.sql_log_count - before

    def test_first_run(self):
        emails = [f"guest{number}@client.example" for number in range(0, 400, 10)]
        self.env["res.partner"].create([{"name": email, "email": email} for email in emails])
        self.fill(5000)
        statements = self.statements()
        listings = [r for r in self.google.requests if r.path.endswith("/events")]
        self.assertEqual(self.env["synced.meeting.link"].search_count([]), 5000)
        self.assertEqual(self.env["synced.meeting"].search_count([]), 4750 + 200 * 26 + 50 * 60)
        self.assertLessEqual(statements / 5000, 0.3)
        self.assertEqual(len(listings), 2)
        self.assertEqual(len(self.google.requests), 2)

    def messages(self, account, wait):
        """Return how many messages a first run sends that tells of itself after each wait."""
        self.fill(40, account.email)
        send = patch.object(type(account), "_notify", autospec=True)
        pages = patch.object(client, "PAGE_SIZE", 4)
        with send as sent, pages, patch.object(synced_calendar, "PROGRESS", wait):
            self.pull(account)
        return sent.call_count

    def test_a_first_run_shows_its_progress_now_and_then(self):
        bob = self.connect("bob@corp.example", "Bob")
        self.assertGreaterEqual(self.messages(self.ann, timedelta()), 10)
        self.assertEqual(self.messages(bob, timedelta(hours=1)), 1, "only of its end")

    def test_a_page_of_changes_costs_the_same_whatever_its_length(self):
        costs = []
        for count in (40, 80):
            self.fill(400)
            self.pull()
            calendar = self.calendar(self.ann)
            guests = [{"email": "ann@corp.example"}, {"email": "fresh@client.example"}]
            for number in range(1, count + 1):
                if number % 20:
                    values = {"summary": f"Changed {count} {number}", "attendees": guests}
                    calendar.patch(f"event{number:06}", values)
            costs.append(self.statements())
        self.assertLessEqual(costs[1], costs[0] + 6, "statements grow with bulk inserts only")
