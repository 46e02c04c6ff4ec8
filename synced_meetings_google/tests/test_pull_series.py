"""Series: every edit made at Google is right in Odoo after the next run."""

from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from odoo.tests import tagged

from ..provider import client
from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestPullSeries(PullCase):
    def setUp(self):
        super().setUp()
        self.store = self.calendar(self.ann)

    def weekly(self, count=5, **values):
        rule = {"recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={count}"]}
        return self.store.insert({"summary": "Weekly", **rule, **self.at(0, 9), **values})

    def starts(self):
        return self.meetings().mapped("start")

    def test_occurrences_stand_in_the_events_own_zone(self):
        self.weekly(40)
        self.pull()
        self.assertEqual(self.starts(), [self.utc(7 * week) for week in range(40)])
        series = self.meetings().series_id
        self.assertEqual((len(series), len(series.meeting_ids)), (1, 40))
        self.assertEqual(len(series.link_ids), 1, "occurrences have no link of their own")

    def test_moved_and_cancelled_occurrences(self):
        event = self.weekly()
        self.pull()
        rows = self.meetings()
        second, third = self.store.instances(event["id"])[1:3]
        self.store.patch(second["id"], {"summary": "Moved", **self.at(8, 14)})
        self.store.delete(third["id"])
        self.pull()
        self.assertEqual(self.meetings(), rows[0] + rows[1] + rows[3:])
        self.assertEqual((rows[1].name, rows[1].start), ("Moved", self.utc(8, 14)))
        self.assertEqual((rows[2].active, rows[2].state), (False, "cancelled"))
        self.assertFalse(self.quarantine())

    def test_exceptions_that_are_there_from_the_start(self):
        event = self.weekly()
        second, third = self.store.instances(event["id"])[1:3]
        self.store.patch(second["id"], {"summary": "Moved", **self.at(8, 14)})
        self.store.delete(third["id"])
        self.pull()
        wanted = [self.utc(0), self.utc(8, 14), self.utc(21), self.utc(28)]
        self.assertEqual(self.starts(), wanted)
        self.assertEqual(self.meetings().series_id.ids, self.meetings()[0].series_id.ids)

    def test_exceptions_that_are_listed_before_their_series(self):
        for number in range(8):
            event = self.weekly(id=f"series{number}")
            second, third, fourth = self.store.instances(event["id"])[1:4]
            self.store.patch(second["id"], {"summary": "Moved", **self.at(8, 14)})
            self.store.delete(third["id"])
            self.store.patch(fourth["id"], self.at(1000))  # after the window
        with patch.object(client, "PAGE_SIZE", 1):
            self.pull()
        wanted = [self.utc(0), self.utc(8, 14), self.utc(28)]
        soon = [start for start in self.starts() if start < self.utc(100)]
        self.assertEqual(soon, sorted(8 * wanted))
        self.assertEqual(len(self.meetings().series_id), 8)

    def test_whole_series_renamed_keeps_records_and_exceptions(self):
        event = self.weekly()
        second = self.store.instances(event["id"])[1]
        self.store.patch(second["id"], {"summary": "Special"})
        self.pull()
        rows = self.meetings()
        self.store.patch(event["id"], {"location": "Room 2"})
        self.pull()
        self.assertEqual(self.meetings(), rows)
        self.assertEqual(rows[1].name, "Special")
        self.assertEqual(set((rows - rows[1]).mapped("location")), {"Room 2"})

    def test_whole_series_shifted_keeps_records(self):
        event = self.weekly()
        self.pull()
        rows = self.meetings()
        self.store.patch(event["id"], self.at(0, 10))
        self.pull()
        self.assertEqual(self.meetings(), rows)
        self.assertEqual(self.starts(), [self.utc(7 * week, 10) for week in range(5)])
        self.store.patch(event["id"], self.at(1, 10))
        self.pull()
        self.assertEqual(self.meetings(), rows)
        self.assertEqual(self.starts(), [self.utc(7 * week + 1, 10) for week in range(5)])

    def test_endless_series_fills_the_window_and_keeps_its_records(self):
        event = self.store.insert(
            {"summary": "Daily", "recurrence": ["RRULE:FREQ=DAILY"], **self.at(-30)}
        )
        self.pull()
        rows = self.meetings()
        self.assertGreater(len(rows), 700)
        self.store.patch(event["id"], self.at(-30, 10))
        self.pull()
        self.assertEqual(self.meetings(), rows)
        self.assertEqual(
            {start.hour - rows[0].start.hour for start in self.starts()} - {-1, 0, 1}, set()
        )

    def test_shift_treats_exceptions_as_google_does(self):
        event = self.weekly()
        second, third = self.store.instances(event["id"])[1:3]
        self.store.patch(second["id"], {"summary": "Moved", **self.at(8, 14)})
        self.store.delete(third["id"])
        self.pull()
        self.store.patch(event["id"], self.at(0, 11))
        self.pull()
        at_google = {self.instant(i) for i in self.store.instances(event["id"])}
        self.assertEqual(set(self.starts()), at_google)
        self.assertEqual(len(self.meetings()), len(at_google))

    def instant(self, event):
        start = datetime.fromisoformat(event["start"]["dateTime"].replace("Z", "+00:00"))
        return start.astimezone(timezone.utc).replace(tzinfo=None)

    def test_this_and_following(self):
        event = self.weekly(6)
        self.pull()
        fourth = self.store.instances(event["id"])[3]
        self.store.split(fourth["id"], {"summary": "New half", **self.at(21, 16)})
        self.pull()
        wanted = [self.utc(7 * w) for w in range(3)] + [self.utc(7 * w, 16) for w in range(3, 6)]
        self.assertEqual(self.starts(), wanted)
        self.assertEqual(self.meetings().mapped("name"), ["Weekly"] * 3 + ["New half"] * 3)

    def test_deleted_series_is_archived_whole(self):
        event = self.weekly()
        self.pull()
        self.store.delete(event["id"])
        self.pull()
        self.assertFalse(self.meetings())
        self.assertFalse(self.env["synced.meeting.series"].search([]))

    def test_single_event_becomes_a_series_and_back(self):
        event = self.store.insert({"summary": "Once", **self.at()})
        self.pull()
        meeting = self.meetings()
        self.store.patch(event["id"], {"recurrence": ["RRULE:FREQ=DAILY;COUNT=3"]})
        self.pull()
        self.assertEqual(len(self.meetings()), 3)
        self.assertIn(meeting, self.meetings())
        self.store.patch(event["id"], {"recurrence": None})
        self.pull()
        self.assertEqual(self.meetings(), meeting)
        self.assertFalse(meeting.series_id)

    def test_all_day_series(self):
        rule = {"recurrence": ["RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=4"]}
        first = self.monday.date()
        while first.weekday() != 4 or (first + timedelta(days=7)).month == first.month:
            first += timedelta(days=1)
        offset = (first - self.monday.date()).days
        self.store.insert({"summary": "Last Friday", **rule, **self.days(offset)})
        self.pull()
        self.assertEqual(len(self.meetings()), 4)
        self.assertTrue(all(day.weekday() == 4 for day in self.meetings().mapped("start_date")))

    def test_series_shortened_and_prolonged(self):
        event = self.weekly(5)
        self.pull()
        rows = self.meetings()
        self.store.patch(event["id"], {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=3"]})
        self.pull()
        self.assertEqual(self.meetings(), rows[:3])
        self.store.patch(event["id"], {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=6"]})
        self.pull()
        self.assertEqual(self.meetings()[:5], rows, "the same records come back")
        self.assertEqual(len(self.meetings()), 6)
