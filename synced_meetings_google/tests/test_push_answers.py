"""Answers given in Odoo and in Google at once: one holds, and the other is offered again."""

from odoo.tests import tagged

from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestAnswers(PushCase):
    def setUp(self):
        super().setUp()
        self.bob = self.connect("bob@corp.example", "Bob")
        self.meeting = self.make(user_ids=[(4, self.bob.user_id.id)])
        self.meeting.action_send()
        self.run_now(self.ann)
        self.theirs = self.meeting.with_user(self.bob.user_id)

    def answer_there(self, response):
        """Let Bob answer in Google's own page."""
        calendar = self.calendar(self.bob)
        [copy] = calendar.events()
        guest = {"email": self.bob.email, "responseStatus": response}
        calendar.patch(copy["id"], {"attendees": [guest]})

    def conflicts(self, account):
        """Return what the inbox offers an account's user."""
        return self.env["synced.meeting.conflict"].with_user(account.user_id).search([])

    def answered(self):
        """Return Bob's answer here, and as the organiser's calendar holds it."""
        [there] = [a for a in self.event(self.meeting)["attendees"] if "bob" in a["email"]]
        return self.meeting.attendee_ids.response, there["responseStatus"]

    def test_the_other_answer_is_offered_again(self):
        """Rule R5, with Bob's copy seen before he answers here."""
        self.run_now(self.bob)
        self.check_offered()

    def test_it_is_offered_where_the_copy_was_not_seen_before(self):
        self.check_offered()

    def check_offered(self):
        self.theirs.action_accept()
        self.answer_there("declined")
        self.run_now(self.bob)
        self.assertEqual(self.answered(), ("declined", "declined"))
        conflict = self.conflicts(self.bob)
        self.assertEqual((conflict.kept, conflict.lost), ("Bob (Declined)", "Bob (Accepted)"))
        self.assertFalse(self.conflicts(self.ann))
        conflict.action_take()
        self.run_now(self.bob)
        self.run_now(self.ann)
        self.assertEqual(self.answered(), ("accepted", "accepted"))
        self.assertEqual(conflict.state, "taken")
        self.assert_quiet()

    def test_what_was_answered_there_alone_is_in_no_inbox(self):
        self.answer_there("declined")
        self.run_now(self.ann)
        self.answer_there("accepted")
        self.run_now(self.bob)
        self.assertEqual(self.answered(), ("accepted", "accepted"))
        self.assertFalse(self.env["synced.meeting.conflict"].search([]))
