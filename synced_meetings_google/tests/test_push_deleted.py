"""What was deleted in Odoo stays deleted, whatever its guests' calendars still show."""

from datetime import timedelta
from itertools import product

from odoo import fields
from odoo.tests import tagged

from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestDeleted(PushCase):
    """Ann deletes; Bob's copy is read before Google has taken it away (rules R5, R22)."""

    def setUp(self):
        super().setUp()
        self.bob = self.connect("bob@corp.example", "Bob")

    def invited(self, seen, **values):
        """Return a meeting to which Bob is invited, and whose copy his run has seen or not."""
        meeting = self.make(user_ids=[(4, self.bob.user_id.id)], **values)
        meeting.action_send()
        self.run_now(self.ann)
        if seen:
            self.run_now(self.bob)
        return meeting.with_user(self.ann.user_id)

    def answer_there(self, key):
        guest = {"email": self.bob.email, "responseStatus": "accepted"}
        self.calendar(self.bob).patch(key, {"attendees": [guest]})

    def run_bob_alone(self):
        """Let Bob's calendar run while Ann's has something to write, and waits."""
        waiting = self.env["synced.meeting.link"].search([("dirty", "=", True)])
        waiting.next_try = fields.Datetime.now() + timedelta(hours=1)
        self.pull(self.bob)
        self.assertEqual(waiting.filtered("dirty"), waiting)

    def check_gone(self, shown=0, alone=True):
        """Nothing is shown again in Bob's next run, nor once Google has followed."""
        if alone:
            self.run_bob_alone()
        else:
            self.run_now(self.bob)
        self.assertEqual(len(self.meetings()), shown)
        self.run_now(self.ann)
        self.run_now(self.bob)
        self.assertEqual(len(self.meetings()), shown)
        self.assertFalse(self.quarantine())
        self.assertFalse(self.env["synced.meeting.conflict"].search([]))
        self.assert_quiet()

    def test_a_guests_copy_brings_nothing_back(self):
        for seen in (True, False):
            with self.subTest(seen=seen):
                meeting = self.invited(seen)
                key = self.event(meeting)["id"]
                meeting.unlink()
                self.answer_there(key)
                self.check_gone()
                self.assertFalse(self.meetings().search([("active", "=", False)]))

    def test_nor_what_was_cancelled(self):
        for seen in (True, False):
            with self.subTest(seen=seen):
                meeting = self.invited(seen)
                key = self.event(meeting)["id"]
                meeting.action_cancel_quietly()
                self.answer_there(key)
                self.check_gone()
                self.assertEqual(meeting.sudo().state, "cancelled")

    def test_nor_a_series_or_one_of_it(self):
        for seen, alone in product((True, False), repeat=2):
            with self.subTest(seen=seen, alone=alone):
                meeting = self.invited(seen, repeat="weekly", repeat_count=3)
                key = self.event(meeting.series_id)["id"]
                first, _second, third = self.meetings().with_user(self.ann.user_id)
                third.unlink()
                self.answer_there(self.calendar(self.bob).instances(key)[2]["id"])
                self.check_gone(2, alone)
                self.delete_all(first)
                self.answer_there(self.calendar(self.bob).instances(key)[1]["id"])
                self.answer_there(key)
                self.check_gone(0, alone)

    def delete_all(self, meeting):
        wizard = self.env["synced.meeting.cancel"].with_user(self.ann.user_id)
        wizard.create({"meeting_id": meeting.id, "scope": "all"}).action_cancel()

    def test_what_comes_back_by_its_organisers_copy_is_one_meeting(self):
        meeting = self.invited(seen=True)
        key = self.event(meeting)["id"]
        meeting.unlink()
        self.calendar(self.ann).patch(key, {"summary": "Needed after all"})
        self.run_bob_alone()
        self.assertFalse(self.meetings())
        self.run_now(self.ann)
        self.run_now(self.bob)
        self.calendar(self.ann).patch(key, {"location": "Room 2"})
        self.run_now(self.bob)
        self.run_now(self.ann)
        back = self.meetings()
        self.assertEqual((len(back), back.name), (1, "Needed after all"))
        self.assertEqual(len(back.link_ids), 2)
        self.assert_quiet()
