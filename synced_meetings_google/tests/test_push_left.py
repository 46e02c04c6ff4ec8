"""What the form asks of Google beside the meeting itself: a Meet, a message, and nothing undone."""

from odoo.tests import tagged

from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestPushLeft(PushCase):
    def invited(self, **values):
        meeting = self.make(person_ids=self.olson.ids, **values)
        meeting.action_send()
        self.run_now()
        return meeting

    def notes(self):
        """Return what Odoo mails to Addison."""
        return self.env["mail.mail"].search([("email_to", "ilike", "olson@acme.example")])

    def test_google_makes_a_meet_for_a_new_meeting(self):
        meeting = self.make(conference_wanted=True)
        self.assertEqual(meeting.conference_name, "Google Meet")
        self.run_now()
        self.assertTrue(meeting.conference_url.startswith("https://meet.google.com/"))
        self.assertFalse(meeting.conference_wanted)
        self.assert_quiet()

    def test_and_for_one_that_stands_there_quietly(self):
        meeting = self.invited()
        mailed = len(self.google.mails)
        meeting.conference_wanted = True
        self.run_now()
        url = meeting.conference_url
        self.assertEqual(self.event(meeting)["hangoutLink"], url)
        self.assertEqual(len(self.google.mails), mailed)
        self.assert_quiet()
        meeting.name = "Renewal, by video"
        self.run_now()
        self.assertEqual(self.event(meeting)["hangoutLink"], url, "it is kept")

    def test_a_series_has_one(self):
        meeting = self.make(repeat="weekly", repeat_count=3, conference_wanted=True)
        self.run_now()
        urls = set(meeting.series_id.meeting_ids.mapped("conference_url"))
        self.assertEqual(len(urls), 1)
        self.assertTrue(urls.pop())
        self.assert_quiet()

    def test_what_is_attached_there_is_a_link_here(self):
        meeting = self.make()
        self.run_now()
        file = {"title": "Offer", "fileUrl": "https://drive.google.com/file/d/1"}
        self.calendar(self.ann).patch(self.event(meeting)["id"], {"attachments": [file]})
        self.run_now()
        self.assertEqual(meeting.attachments, [["Offer", file["fileUrl"]]])
        meeting.name = "Renewal, with the offer"
        self.run_now()
        self.assertEqual(self.event(meeting)["attachments"][0]["title"], "Offer")
        self.assert_quiet()

    def test_the_message_of_a_cancellation_is_mailed_by_odoo(self):
        meeting = self.invited()
        wizards = self.env["synced.meeting.cancel"].with_user(self.ann.user_id)
        wizard = wizards.create({"meeting_id": meeting.id, "message": "I am ill"})
        self.assertTrue(wizard.by_odoo)
        wizard.action_cancel_and_tell()
        self.assertIn("I am ill", self.notes().body_html)
        self.run_now()
        self.assertEqual([mail.reason for mail in self.google.mails][-1:], ["cancellation"])
        self.assertEqual(len(self.notes()), 1)

    def test_a_series_is_cancelled_with_one_message(self):
        meeting = self.make(person_ids=self.olson.ids, repeat="weekly", repeat_count=3)
        meeting.action_send()
        self.run_now()
        wizards = self.env["synced.meeting.cancel"].with_user(self.ann.user_id)
        values = {"meeting_id": meeting.id, "message": "I am ill", "scope": "all"}
        wizards.create(values).action_cancel_and_tell()
        self.assertEqual(len(self.notes()), 1)

    def test_a_template_is_merged_when_it_is_sent_and_not_before(self):
        template = self.env.ref("synced_meetings.meeting_template")
        meeting = self.make(person_ids=self.olson.ids, template_id=template.id, location="Kiel")
        self.run_now()
        self.assertFalse(self.event(meeting).get("description"))
        meeting.action_send()
        meeting.action_undo_send()
        self.google.requests.clear()
        self.run_now()
        self.assertEqual(self.writes(), [], "undone: nothing is left to be told")
        meeting.location = "Bremen"
        meeting.action_send()
        self.run_now()
        self.assertIn("Bremen", self.event(meeting)["description"])
        self.assertNotIn("t-out", self.event(meeting)["description"])
        self.assertEqual(meeting.invite_state, "sent")
        self.assertTrue(meeting.sudo().attendee_ids.filtered("told_at"))
        self.assert_quiet()
