"""The life of a connection and of a meeting: rules R9, R21, R22, R23 and R24 at Google."""

from odoo.tests import tagged

from .pull_case import kept
from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestLife(PushCase):
    def sign_in(self):
        tokens = self.google.consent(self.ann.email)
        self.ann._authorised(self.ann.email, self.ann.email, {"google_tokens": kept(tokens)})

    def test_disconnecting_rests_and_the_same_mailbox_goes_on(self):
        """R21: no link is lost, nothing doubles, and what both sides did meanwhile is merged."""
        meeting, other = self.make().with_user(self.ann.user_id), self.make(1)
        self.run_now(self.ann)
        self.ann.with_user(self.ann.user_id).action_disconnect()
        bases = (meeting | other).sudo().link_ids.mapped("base")
        self.assertTrue(all(bases))
        self.google.requests.clear()
        self.run_now(self.ann)
        self.assertEqual(self.google.requests, [])
        self.calendar(self.ann).patch(other.sudo().link_ids.remote_id, {"summary": "Meanwhile"})
        self.sign_in()
        self.run_now(self.ann)
        self.assertEqual(other.name, "Meanwhile")
        self.assertEqual(len(self.meetings()), 2)
        meeting.name = "Afterwards"
        self.run_now(self.ann)
        self.assertEqual(self.event(meeting)["summary"], "Afterwards")
        self.assertEqual(self.alive(), 2)
        self.assert_quiet()

    def test_what_is_made_while_disconnected_does_not_go_out_by_itself(self):
        """R9: no link, no push; a preview decides."""
        self.ann.with_user(self.ann.user_id).action_disconnect()
        meeting = self.make()
        self.assertFalse(meeting.sudo().link_ids)
        self.sign_in()
        self.run_now(self.ann)
        self.assertEqual(self.alive(), 0)

    def test_a_deleted_meeting_leaves_its_link_until_the_calendar_knows(self):
        """R22: and only then is it gone."""
        meeting = self.make()
        self.run_now(self.ann)
        link = meeting.sudo().link_ids
        meeting.unlink()
        self.assertEqual((link.state, link.meeting_id.id), ("deleting", False))
        self.run_now(self.ann)
        self.assertEqual((link.state, link.dirty), ("gone", False))
        self.assertEqual(self.alive(), 0)

    def test_what_was_deleted_here_comes_back_where_it_was_changed_there(self):
        """R14, R22: only a change of what people are told is an edit against a deletion."""
        first, second = self.make(), self.make(1)
        self.run_now(self.ann)
        keys = [meeting.sudo().link_ids.remote_id for meeting in (first, second)]
        self.calendar(self.ann).patch(keys[0], {"transparency": "transparent"})
        self.calendar(self.ann).patch(keys[1], {"summary": "Needed after all"})
        (first | second).with_user(self.ann.user_id).unlink()
        self.run_now(self.ann)
        self.assertEqual(self.meetings().mapped("name"), ["Needed after all"])
        self.assertEqual(
            [e["summary"] for e in self.calendar(self.ann).events()], ["Needed after all"]
        )
        conflict = self.env["synced.meeting.conflict"].search([])
        self.assertEqual(conflict.field_name, "event")
        self.assert_quiet()

    def test_an_archived_users_edits_wait(self):
        """R23: the accounts of an archived user pause, with everything that is to go out."""
        meeting = self.make()
        self.run_now(self.ann)
        meeting.sudo().name = "Waits"
        self.ann.user_id.active = False
        self.google.requests.clear()
        self.run_now(self.ann)
        self.assertEqual(self.google.requests, [])
        self.ann.user_id.active = True
        self.run_now(self.ann)
        self.assertEqual(self.event(meeting)["summary"], "Waits")

    def test_whole_days_are_days_wherever_one_is(self):
        """R24: dates are read in the event's own zone, east and west of everybody."""
        for number, zone in enumerate(("Pacific/Kiritimati", "Pacific/Pago_Pago")):
            self.ann.user_id.tz = zone
            day = self.utc(number).date()
            meeting = self.make(number, allday=True, start_date=day, stop_date=day)
            self.run_now(self.ann)
            event = self.event(meeting)
            self.assertEqual(event["start"], {"date": str(day)})
            self.assertEqual((meeting.start_date, meeting.stop_date), (day, day))
        self.assert_quiet()
