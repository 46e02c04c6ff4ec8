"""What goes wrong at the provider costs nothing: no duplicates, no deletions, no lost token."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .pull_case import PullCase

CLIENT = "ir.actions.client"


@tagged("post_install", "-at_install")
class TestFaults(PullCase):
    def setUp(self):
        super().setUp()
        self.store = self.calendar(self.ann)

    def fill(self, count=6):
        return [self.store.insert({"summary": f"M{n}", **self.at(n)}) for n in range(count)]

    def test_expired_token_lists_again_without_duplicates_or_deletions(self):
        self.fill()
        self.pull()
        rows = self.meetings()
        stamps = rows.mapped("write_date")
        self.google.faults.expire_sync_tokens()
        self.store.insert({"summary": "New", **self.at(10)})
        self.pull()
        self.assertEqual(self.meetings()[:6], rows)
        self.assertEqual(rows.mapped("write_date"), stamps, "unchanged events cost no write")
        self.assertEqual(len(self.meetings()), 7)

    def test_what_a_new_listing_lacks_is_asked_for(self):
        """Rule R12: absent is not deleted."""
        events = self.fill()
        self.pull()
        self.google.faults.expire_sync_tokens()
        self.store.delete(events[0]["id"])
        self.pull()
        self.assertEqual(self.meetings().mapped("name"), ["M1", "M2", "M3", "M4", "M5"])

    def test_busy_service_waits_and_goes_on(self):
        self.fill()
        self.google.faults.add(status=429, reason="rateLimitExceeded", times=1, retry_after=7)
        self.pull()
        calendar = self.ann.calendar_ids
        self.assertFalse(self.meetings())
        self.assertTrue(calendar.last_error)
        self.assertEqual(calendar.failures, 1)
        self.assertEqual(self.ann.state, "connecting", "one refusal is no failure of the account")
        self.pull()
        self.assertEqual((len(self.meetings()), calendar.failures), (6, 0))
        self.assertEqual((self.ann.state, calendar.last_error), ("connected", False))

    def test_dead_login_asks_to_sign_in_again(self):
        self.fill()
        self.pull()
        self.google.faults.revoke_grants("ann@corp.example")
        self.pull()
        self.assertEqual(self.ann.state, "reauth")
        self.assertEqual(len(self.meetings()), 6, "nothing is lost")

    def test_one_broken_account_costs_the_others_nothing(self):
        bob = self.connect("bob@corp.example", "Bob")
        self.fill()
        self.google.faults.revoke_grants("ann@corp.example")
        self.calendar(bob).insert({"summary": "Bob's", **self.at()})
        self.pull()
        self.assertEqual(self.meetings().mapped("name"), ["Bob's"])
        self.assertEqual((self.ann.state, bob.state), ("reauth", "connected"))

    def test_malformed_events_are_put_aside_alone(self):
        good = {"id": "good0", "status": "confirmed", "etag": '"1"', "summary": "Good", **self.at()}
        bad = [
            {"status": "confirmed", **self.at()},
            {**good, "id": "bad02", "start": None},
            {**good, "id": "bad03", "start": {"dateTime": "yesterday"}},
            {
                **good,
                "id": "bad04",
                "start": {"dateTime": "2026-11-23T09:00:00", "timeZone": "Mars/X"},
            },
            {**good, "id": "bad05", "start": self.at(1)["start"], "end": self.at(0)["end"]},
            {**good, "id": "bad06", "start": self.days()["start"]},
            {**good, "id": "bad07", "recurrence": ["RRULE:FREQ=SOMETIMES"]},
            {**good, "id": "bad08", "summary": ["a", "list"]},
            {**good, "id": "bad09", "attendees": "everybody"},
            {**good, "id": "bad10", "recurringEventId": "x", "originalStartTime": {"date": "no"}},
            {**good, "id": "bad11", "end": {}},
        ]
        self.fill(3)
        for raw in bad:
            self.google.faults.malformed("ann@corp.example", raw)
        self.pull()
        self.assertEqual(self.meetings().mapped("name"), ["M0", "M1", "M2"])
        self.assertEqual(len(self.quarantine()), len(bad))
        self.assertTrue(all(self.quarantine().mapped("error")))
        self.assertEqual(len(set(self.quarantine().mapped("error"))), len(bad))
        self.assertTrue(self.ann.calendar_ids.sudo().sync_token, "the token advanced")
        self.assertEqual(self.ann.state, "connected")

    def put_aside(self):
        """Return an event that was put aside, as it stands in the quarantine."""
        event = self.store.insert({"summary": "Good", **self.at()})
        bad = {**event, "start": {"dateTime": "yesterday"}}
        self.google.faults.malformed("ann@corp.example", bad)
        self.pull()
        return self.quarantine()

    def heal(self, event):
        """Make an event whole, without a listing telling of it."""
        self.google.faults.heal("ann@corp.example", event.remote_id)
        self.keep_quiet(event)

    def keep_quiet(self, event):
        """Let no listing tell of the last change of an event."""
        world = self.google.world
        found = world.calendar(world.users["ann@corp.example"], "primary")
        found.log = [entry for entry in found.log if entry[1] != event.remote_id]

    def test_what_was_put_aside_is_tried_again(self):
        event = self.put_aside()
        self.heal(event)
        self.pull()
        self.assertFalse(self.meetings(), "no listing tells of it")
        self.assertEqual(event.with_user(self.ann.user_id).action_retry()["type"], CLIENT)
        self.assertTrue(self.ann.syncing)
        self.pull()
        self.assertEqual(self.meetings().mapped("name"), ["Good"])
        self.assertEqual(event.state, "solved")
        self.assert_asked_no_more(event)

    def test_what_is_still_bad_stays_with_its_reason(self):
        event = self.put_aside()
        before = event.reason
        bad = {"id": event.remote_id, "status": "confirmed", **self.at(), "end": {}}
        self.google.faults.malformed("ann@corp.example", bad)
        self.keep_quiet(event)
        event.action_retry()
        self.pull()
        self.assertEqual((event.state, self.quarantine()), ("open", event))
        self.assertNotEqual(event.reason, before)
        self.assert_asked_no_more(event)

    def test_what_was_deleted_meanwhile_is_solved(self):
        event = self.put_aside()
        self.heal(event)
        self.store.delete(event.remote_id)
        event.action_retry()
        self.pull()
        self.assertEqual((event.state, len(self.meetings())), ("solved", 0))

    def test_a_try_survives_a_run_that_fails(self):
        event = self.put_aside()
        self.heal(event)
        event.action_retry()
        self.google.faults.add(status=503)
        self.pull()
        self.assertEqual(event.state, "open")
        self.pull()
        self.assertEqual(event.state, "solved")

    def test_a_try_that_is_refused_ends(self):
        event = self.put_aside()
        event.action_retry()
        self.google.faults.add(status=400, match=event.remote_id)
        self.pull()
        self.assertEqual((event.state, event.reason), ("open", "refused_there"))
        self.assertEqual(self.ann.state, "connected")
        self.assert_asked_no_more(event)

    def assert_asked_no_more(self, event):
        self.google.requests.clear()
        self.pull()
        self.assertFalse([r for r in self.google.requests if event.remote_id in r.path])

    def test_what_cannot_be_tried_again_says_why(self):
        event = self.put_aside()
        self.ann.calendar_ids.selected = False
        with self.assertRaises(UserError):
            event.action_retry()
        event.remote_id = ""
        with self.assertRaises(UserError):
            event.action_retry()

    def test_mass_deletion_waits_for_a_person(self):
        events = self.fill(15)
        self.pull()
        for event in events[:12]:
            self.store.delete(event["id"])
        self.pull()
        calendar = self.ann.calendar_ids
        self.assertEqual((len(self.meetings()), calendar.held_deletions), (15, 12))
        self.assertTrue(calendar.last_error)
        calendar.action_confirm_deletions()
        self.assertEqual((len(self.meetings()), calendar.held_deletions), (3, 0))

    def test_few_deletions_go_through(self):
        events = self.fill(15)
        self.pull()
        for event in events[:10]:
            self.store.delete(event["id"])
        self.pull()
        self.assertEqual(len(self.meetings()), 5)
