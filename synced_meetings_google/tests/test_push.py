"""What people do in Odoo reaches Google, and nobody is told unasked."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.synced_meetings_google.provider.client import GoogleProvider

from .pull_case import PullCase, kept


class PushCase(PullCase):
    """Ann makes meetings in Odoo."""

    def setUp(self):
        super().setUp()
        self.pull()
        self.google.requests.clear()
        contacts = self.env["res.partner"]
        self.acme = contacts.create({"name": "Acme", "is_company": True})
        self.olson = contacts.create(
            {"name": "Addison Olson", "email": "olson@acme.example", "parent_id": self.acme.id}
        )

    def make(self, day=0, hour=9, user=None, **values):
        """Return a meeting that Ann, or another, makes in Odoo."""
        user = user or self.ann.user_id
        start = self.utc(day, hour)
        values = {"name": "Renewal", "start": start, "stop": start + timedelta(hours=1)} | values
        return self.env["synced.meeting"].with_user(user).create(values)

    def event(self, meeting, account=None):
        """Return the event at Google as its owner's calendar holds it."""
        key = meeting.sudo().link_ids.filtered("organises").remote_id
        return self.calendar(account or self.ann).get(key)

    def run_now(self, *accounts):
        """Run, as if the moment in which a sending can be undone were over."""
        self.env["synced.meeting.link"].search([]).next_try = False
        self.pull(*accounts)

    def writes(self):
        """Return the requests that changed something since they were last looked at."""
        requests = [r for r in self.google.requests if "token" not in r.path]
        return [request for request in requests if request.method != "GET"]

    def alive(self):
        events = self.calendar(self.ann).events()
        return sum(1 for event in events if event["status"] != "cancelled")

    def assert_quiet(self):
        """Both sides agree: a run asks once and writes nothing."""
        self.google.requests.clear()
        self.run_now(self.ann)
        self.assertEqual(self.writes(), [])
        self.assertFalse(self.env["synced.meeting.link"].search([("dirty", "=", True)]))


@tagged("post_install", "-at_install")
class TestPush(PushCase):
    def test_a_new_meeting_reaches_the_calendar(self):
        meeting = self.make(location="Room 3", description="<p>Bring <b>it</b></p>")
        self.run_now(self.ann)
        event = self.event(meeting)
        self.assertEqual(event["summary"], "Renewal")
        self.assertEqual(event["location"], "Room 3")
        self.assertEqual(event["iCalUID"], meeting.ical_uid)
        self.assertNotIn("attendees", event)
        self.assertEqual(len(self.meetings()), 1)
        self.assertEqual(self.google.mails, [])
        self.assert_quiet()

    def test_save_tells_nobody_and_send_tells_everybody_once(self):
        meeting = self.make(person_ids=[(4, self.olson.id)], organisation_ids=[(4, self.acme.id)])
        self.assertEqual(meeting.attendee_ids.email, "olson@acme.example")
        self.assertEqual(meeting.invite_state, "draft")
        self.run_now(self.ann)
        self.assertNotIn("attendees", self.event(meeting))
        self.assertEqual(self.google.mails, [])
        meeting.action_send()
        self.assertEqual(meeting.invite_state, "sending")
        self.pull(self.ann)
        self.assertEqual(self.google.mails, [], "a sending can be undone for ten seconds")
        self.run_now(self.ann)
        self.assertEqual(self.event(meeting)["attendees"][0]["email"], "olson@acme.example")
        self.assertEqual(len(self.google.mails), 1)
        self.assertEqual(meeting.invite_state, "sent")
        meeting.action_send()
        self.run_now(self.ann)
        self.assertEqual(len(self.google.mails), 1)
        self.assert_quiet()

    def test_a_sending_is_undone(self):
        meeting = self.make(person_ids=[(4, self.olson.id)])
        meeting.action_send()
        self.assertTrue(meeting.undo_until)
        meeting.action_undo_send()
        self.run_now(self.ann)
        self.assertEqual(self.google.mails, [])
        self.assertEqual(meeting.invite_state, "draft")

    def test_a_change_goes_out_and_is_told_by_nobody(self):
        meeting = self.make(person_ids=[(4, self.olson.id)])
        meeting.action_send()
        self.run_now(self.ann)
        meeting.with_user(self.ann.user_id).write({"start": self.utc(1, 10)})
        self.run_now(self.ann)
        start = self.event(meeting)["start"]["dateTime"]
        self.assertEqual(start[:13], f"{self.utc(1, 10):%Y-%m-%d}T10")
        self.assertEqual(len(self.google.mails), 1)
        self.assertEqual(meeting.invite_state, "changed")
        self.assert_quiet()

    def test_notes_never_leave(self):
        meeting = self.make()
        self.run_now(self.ann)
        self.google.requests.clear()
        meeting.with_user(self.ann.user_id).notes = "Only for us"
        self.assertFalse(meeting.sudo().link_ids.dirty)
        self.assertEqual(self.google.requests, [])

    def test_both_sides_change_different_fields(self):
        meeting = self.make()
        self.run_now(self.ann)
        key = meeting.sudo().link_ids.remote_id
        self.calendar(self.ann).patch(key, {"location": "Room 9"})
        meeting.with_user(self.ann.user_id).name = "Renewal talk"
        self.run_now(self.ann)
        self.assertEqual((meeting.name, meeting.location), ("Renewal talk", "Room 9"))
        event = self.event(meeting)
        self.assertEqual((event["summary"], event["location"]), ("Renewal talk", "Room 9"))
        found = self.env["synced.meeting.conflict"].search([])
        self.assertEqual(found.mapped(lambda c: (c.field_name, c.kept, c.lost)), [])
        self.assert_quiet()

    def test_both_sides_change_the_same_field(self):
        meeting = self.make()
        self.run_now(self.ann)
        key = meeting.sudo().link_ids.remote_id
        self.calendar(self.ann).patch(key, {"summary": "Theirs"})
        meeting.with_user(self.ann.user_id).name = "Ours"
        self.run_now(self.ann)
        self.assertEqual(meeting.name, "Theirs")
        conflict = self.env["synced.meeting.conflict"].with_user(self.ann.user_id).search([])
        self.assertEqual((conflict.kept, conflict.lost), ("Theirs", "Ours"))
        conflict.action_take()
        self.run_now(self.ann)
        self.assertEqual(self.event(meeting)["summary"], "Ours")
        self.assertEqual(conflict.state, "taken")
        self.assert_quiet()

    def test_a_change_is_undone_on_both_sides(self):
        meeting = self.make().with_user(self.ann.user_id)
        self.run_now(self.ann)
        key = meeting.sudo().link_ids.remote_id
        self.calendar(self.ann).patch(key, {"summary": "Theirs"})
        self.run_now(self.ann)
        meeting.location = "Room 5"
        here, there = meeting.history_ids
        self.assertEqual((here.side, here.user_id), ("here", self.ann.user_id))
        self.assertIn("Room 5", here.what)
        self.assertEqual(there.side, "calendar")
        self.assertIn("Renewal", there.what)
        there.action_undo()
        here.action_undo()
        self.run_now(self.ann)
        self.assertEqual((meeting.name, meeting.location), ("Renewal", False))
        self.assertEqual(self.event(meeting)["summary"], "Renewal")
        self.assertEqual(self.google.mails, [])
        self.assert_quiet()

    def test_several_that_are_moved_at_once_are_kept_once_each(self):
        meetings = (self.make() | self.make(1)).with_user(self.ann.user_id)
        meetings.write({"duration": 2.0})
        self.assertEqual([len(meeting.history_ids) for meeting in meetings], [1, 1])
        self.assertEqual(meetings.mapped("duration"), [2.0, 2.0])

    def test_an_edit_of_what_was_deleted_there_can_be_taken_after_all(self):
        meeting = self.make().with_user(self.ann.user_id)
        self.run_now(self.ann)
        self.calendar(self.ann).delete(meeting.sudo().link_ids.remote_id)
        meeting.name = "Typed too late"
        self.run_now(self.ann)
        self.assertFalse(meeting.active)
        conflict = self.env["synced.meeting.conflict"].with_user(self.ann.user_id).search([])
        self.assertEqual(conflict.field_name, "event")
        self.assertIn("Typed too late", conflict.lost)
        conflict.action_take()
        self.run_now(self.ann)
        self.assertTrue(meeting.active)
        self.assertEqual(self.event(meeting)["summary"], "Typed too late")
        self.assertEqual(self.google.mails, [])
        self.assert_quiet()

    def test_deleted_here(self):
        meeting = self.make(person_ids=[(4, self.olson.id)])
        meeting.action_send()
        self.run_now(self.ann)
        key = meeting.sudo().link_ids.remote_id
        meeting.with_user(self.ann.user_id).unlink()
        self.run_now(self.ann)
        self.assertEqual(self.calendar(self.ann).get(key)["status"], "cancelled")
        self.assertEqual(len(self.google.mails), 1, "a deletion tells nobody")
        self.assertFalse(self.meetings())
        self.assert_quiet()

    def test_a_deletion_goes_out_by_the_organisers_copy_alone(self):
        bob = self.connect("bob@corp.example", "Bob")
        meeting = self.make(user_ids=[(4, bob.user_id.id)])
        meeting.action_send()
        self.run_now(self.ann)
        self.run_now(bob)
        self.assertEqual(len(meeting.sudo().link_ids), 2)
        meeting.with_user(self.ann.user_id).unlink()
        self.google.requests.clear()
        self.run_now(bob, self.ann, bob)
        [deletion] = self.writes()
        self.assertEqual(deletion.method, "DELETE")
        self.assertIn("ann@corp.example", deletion.path)
        self.assertFalse(self.meetings())
        self.assert_quiet()

    def test_cancelled_and_told(self):
        meeting = self.make(person_ids=[(4, self.olson.id)])
        meeting.action_send()
        self.run_now(self.ann)
        meeting.with_user(self.ann.user_id).action_cancel_and_tell()
        self.run_now(self.ann)
        self.assertEqual(len(self.google.mails), 2)
        self.assertEqual((meeting.active, meeting.state), (False, "cancelled"))
        meeting.action_restore()
        self.run_now(self.ann)
        self.assertEqual(self.event(meeting)["status"], "confirmed")
        self.assertEqual(len(self.google.mails), 2)
        self.assert_quiet()

    def test_deleted_before_it_went_out(self):
        self.make().unlink()
        self.run_now(self.ann)
        self.assertEqual(self.writes(), [])

    def test_a_guest_answers_and_changes_nothing_else(self):
        bob = self.connect("bob@corp.example", "Bob")
        meeting = self.make(user_ids=[(4, bob.user_id.id)])
        meeting.action_send()
        self.run_now(self.ann)
        self.run_now(bob)
        self.assertEqual(len(self.meetings()), 1)
        theirs = meeting.with_user(bob.user_id)
        with self.assertRaises(AccessError):
            theirs.name = "Mine now"
        theirs.action_accept()
        self.run_now(bob)
        answers = {a["email"]: a["responseStatus"] for a in self.event(meeting)["attendees"]}
        self.assertEqual(answers["bob@corp.example"], "accepted")
        self.run_now(self.ann)
        self.assertEqual(meeting.attendee_ids.response, "accepted")
        self.assert_quiet()

    def test_an_answer_waits_for_the_guests_own_copy(self):
        bob = self.connect("bob@corp.example", "Bob")
        meeting = self.make(user_ids=[(4, bob.user_id.id)])
        meeting.action_send()
        self.run_now(self.ann)
        meeting.with_user(bob.user_id).action_accept()
        self.run_now(self.ann)
        self.run_now(bob)
        answers = {a["email"]: a["responseStatus"] for a in self.event(meeting)["attendees"]}
        self.assertEqual(answers["bob@corp.example"], "accepted")
        self.run_now(self.ann)
        self.assertEqual(meeting.attendee_ids.response, "accepted")
        self.assert_quiet()

    def test_a_guest_who_deletes_declines(self):
        bob = self.connect("bob@corp.example", "Bob")
        meeting = self.make(user_ids=[(4, bob.user_id.id)])
        meeting.action_send()
        self.run_now(self.ann)
        self.run_now(bob)
        meeting.with_user(bob.user_id).unlink()
        self.assertTrue(meeting.exists())
        self.run_now(bob)
        self.run_now(self.ann)
        self.assertEqual(meeting.attendee_ids.response, "declined")
        self.assertTrue(meeting.active)
        self.assert_quiet()

    def test_an_occurrence_is_changed_alone(self):
        rows = self.series()
        rows[1].with_user(self.ann.user_id).name = "Special"
        self.run_now(self.ann)
        link = rows[1].link_ids
        self.assertEqual(self.calendar(self.ann).get(link.remote_id)["summary"], "Special")
        self.assertEqual(self.meetings().mapped("name"), ["Weekly", "Special", "Weekly", "Weekly"])
        self.assert_quiet()

    def test_an_occurrence_is_deleted_alone(self):
        rows = self.series()
        rows[1].with_user(self.ann.user_id).unlink()
        self.run_now(self.ann)
        self.assertEqual(self.meetings(), rows - rows[1])
        cancelled = self.env["synced.meeting.link"].search([("recurrence_id", "!=", False)])
        event = self.calendar(self.ann).get(cancelled.remote_id)
        self.assertEqual(event["status"], "cancelled")
        self.assert_quiet()

    def test_many_deletions_wait_for_a_person(self):
        """Rule R13, however few of them go out at once."""
        for size in (50, 8):
            with self.subTest(size=size):
                self.patch(GoogleProvider, "batch_size", size)
                for day in range(12):
                    self.make(day)
                self.run_now(self.ann)
                self.meetings().with_user(self.ann.user_id).unlink()
                self.run_now(self.ann)
                calendar = self.ann.calendar_ids.filtered("selected")
                self.assertEqual(calendar.held_deletions, 12)
                self.assertEqual(self.alive(), 12)
                calendar.with_user(self.ann.user_id).action_confirm_deletions()
                self.run_now(self.ann)
                self.assertEqual(self.alive(), 0)

    # ---- what Google does ----

    def series(self):
        rule = ["RRULE:FREQ=WEEKLY;COUNT=4"]
        self.calendar(self.ann).insert({"summary": "Weekly", "recurrence": rule, **self.at()})
        self.pull(self.ann)
        return self.meetings()


@tagged("post_install", "-at_install")
class TestPushTrouble(PushCase):
    def test_edits_wait_for_the_owner_to_sign_in_again(self):
        meeting = self.make()
        self.run_now(self.ann)
        self.google.faults.revoke_grants(self.ann.email)
        meeting.with_user(self.ann.user_id).name = "While away"
        self.run_now(self.ann)
        self.assertEqual(self.ann.state, "reauth")
        self.assertEqual(self.ann.activity_ids.user_id, self.ann.user_id)
        self.assertIn("again", self.ann.activity_ids.summary)
        self.assertEqual(self.google.mails, [])
        another = self.make(1, name="Made while away")
        tokens = self.google.consent(self.ann.email)
        self.ann._authorised(self.ann.email, self.ann.email, {"google_tokens": kept(tokens)})
        self.run_now(self.ann)
        self.assertEqual(self.ann.state, "connected")
        self.assertFalse(self.ann.activity_ids)
        self.assertEqual(self.event(meeting)["summary"], "While away")
        self.assertEqual(self.event(another)["summary"], "Made while away")
        self.assert_quiet()

    def test_a_busy_service_gets_it_later(self):
        meetings = [self.make(day) for day in range(3)]
        self.google.faults.add(429, "rateLimitExceeded", times=50, match="/batch/")
        self.run_now(self.ann)
        self.assertEqual(self.alive(), 0)
        self.assertTrue(all(m.sudo().link_ids.dirty for m in meetings))
        self.google.faults.clear()
        self.ann.calendar_ids.write({"failures": 0})
        self.run_now(self.ann)
        self.assertEqual(self.alive(), 3)
        self.assert_quiet()

    def test_a_calendar_that_may_only_be_read_is_not_run_again_and_again(self):
        meeting = self.make()
        self.run_now(self.ann)
        meeting.with_user(self.ann.user_id).name = "Waits"
        calendar = self.ann.calendar_ids.filtered("selected")
        calendar.write({"access": "reader", "due": "2100-01-01 00:00:00"})
        self.google.requests.clear()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.assertFalse(self.env(cr=cr)["synced.calendar"]._take_due())

    def test_one_that_is_refused_stops_no_other(self):
        bad = self.make(name="Too many")
        values = [{"meeting_id": bad.id, "email": f"g{n}@x.example"} for n in range(201)]
        self.env["synced.meeting.attendee"]._bring(
            [v | {"asked_version": "x", "told_version": "x"} for v in values]
        )
        good = self.make(1)
        self.run_now(self.ann)
        self.assertEqual(self.event(good)["summary"], "Renewal")
        self.assertEqual(len(self.quarantine()), 1)
        self.assertTrue(bad.sudo().link_ids.refused)
        bad.with_user(self.ann.user_id).attendee_ids.unlink()
        self.run_now(self.ann)
        self.assertEqual(self.event(bad)["summary"], "Too many")
        self.assertFalse(self.quarantine())
        self.assert_quiet()
