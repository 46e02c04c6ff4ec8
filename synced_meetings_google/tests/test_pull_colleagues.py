"""One meeting in two connected calendars is one meeting (rules R10, R11, R15 to R17)."""

from datetime import timedelta

from odoo.tests import tagged

from .pull_case import PullCase

GUESTS = {"attendees": [{"email": "ann@corp.example"}, {"email": "bob@corp.example"}]}


@tagged("post_install", "-at_install")
class TestColleagues(PullCase):
    def setUp(self):
        super().setUp()
        self.bob = self.connect("bob@corp.example", "Bob")

    def invite(self, **values):
        return self.calendar(self.ann).insert({"summary": "Both", **GUESTS, **self.at(), **values})

    def response(self, meeting, account):
        return meeting.attendee_ids.filtered(lambda a: a.user_id == account.user_id).response

    def test_either_order_gives_one_meeting(self):
        for first, second in ((self.ann, self.bob), (self.bob, self.ann)):
            with self.subTest(first=first.email):
                event = self.invite()
                self.pull(first)
                self.pull(second)
                meeting = self.meetings()
                self.assertEqual(len(meeting), 1)
                self.assertEqual(len(meeting.link_ids), 2)
                self.assertEqual(meeting.user_id, self.ann.user_id)
                self.assertEqual(meeting.user_ids, (self.ann | self.bob).user_id)
                self.assertEqual(len(meeting.attendee_ids), 2)
                self.calendar(self.ann).delete(event["id"])
                self.pull()
                self.assertFalse(self.meetings())

    def test_series_and_exceptions_join(self):
        event = self.invite(recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"])
        second = self.calendar(self.ann).instances(event["id"])[1]
        self.calendar(self.ann).patch(second["id"], {"summary": "Other"})
        self.pull(self.bob)
        self.pull(self.ann)
        self.assertEqual(self.meetings().mapped("name"), ["Both", "Other", "Both", "Both"])
        self.assertEqual(len(self.env["synced.meeting.series"].search([])), 1)

    def test_invited_to_one_occurrence_only(self):
        event = self.calendar(self.ann).insert(
            {"summary": "Mine", "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"], **self.at()}
        )
        second = self.calendar(self.ann).instances(event["id"])[1]
        self.calendar(self.ann).patch(second["id"], GUESTS)
        self.pull(self.bob)
        self.assertEqual(len(self.meetings()), 1, "an exception without a master stands alone")
        alone = self.meetings()
        self.pull(self.ann)
        self.assertEqual(len(self.meetings()), 4)
        self.assertIn(alone, self.meetings())

    def test_answer_comes_from_the_attendees_own_copy(self):
        event = self.invite()
        self.pull()
        self.calendar(self.bob).respond(event["id"], "accepted")
        self.pull(self.bob)
        self.assertEqual(self.response(self.meetings(), self.bob), "accepted")
        self.pull(self.ann)
        self.assertEqual(self.response(self.meetings(), self.bob), "accepted")

    def test_attendee_who_deletes_declines(self):
        event = self.invite()
        self.pull()
        self.calendar(self.bob).delete(event["id"])
        self.pull(self.bob)
        meeting = self.meetings()
        self.assertEqual((len(meeting), meeting.state), (1, "confirmed"))
        self.assertEqual(self.response(meeting, self.bob), "declined")

    def test_attendee_who_declined_and_is_invited_again_has_not_answered(self):
        event = self.invite()
        self.pull()
        self.calendar(self.bob).delete(event["id"])
        self.pull(self.bob)
        self.assertEqual(self.response(self.meetings(), self.bob), "declined")
        for guests in (GUESTS["attendees"][:1], GUESTS["attendees"]):
            self.calendar(self.ann).patch(event["id"], {"attendees": guests})
        self.google.requests.clear()
        self.pull(self.ann)
        self.pull(self.bob)
        self.assertEqual(self.response(self.meetings(), self.bob), "needs_action")
        self.assertEqual({request.method for request in self.google.requests}, {"GET"})
        self.assertFalse(self.env["synced.meeting.conflict"].search([]))

    def test_private_copy_of_an_attendee_hides_nothing_of_the_organiser(self):
        event = self.invite()
        self.pull()
        self.calendar(self.bob).patch(event["id"], {"visibility": "private"})
        self.pull()
        self.assertEqual(self.meetings().privacy, "public")
        self.calendar(self.ann).patch(event["id"], {"visibility": "private"})
        self.pull()
        self.assertEqual(self.meetings().privacy, "private")

    def test_meeting_ends_with_its_last_copy(self):
        """An organiser from outside: both copies are attendees'."""
        outside = self.google.add_user("eve@else.example", "Eve")
        event = outside.calendar().insert({"summary": "Theirs", **GUESTS, **self.at()})
        self.pull()
        meeting = self.meetings()
        self.assertEqual((len(meeting), meeting.user_id.id), (1, False))
        self.calendar(self.ann).delete(event["id"])
        self.pull()
        self.assertEqual(self.response(meeting, self.ann), "declined")
        self.assertTrue(meeting.active)
        self.calendar(self.bob).delete(event["id"])
        self.pull()
        self.assertFalse(meeting.active)

    def test_attendees_exception_tells_only_the_own_answer(self):
        event = self.invite(recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"])
        self.pull()
        third = self.calendar(self.bob).instances(event["id"])[2]
        self.calendar(self.bob).respond(third["id"], "declined")
        self.pull(self.bob)
        self.assertEqual(
            [self.response(meeting, self.bob) for meeting in self.meetings()],
            ["needs_action", "needs_action", "declined", "needs_action"],
        )
        self.calendar(self.ann).patch(event["id"], {"location": "Room 3"})
        self.pull()
        self.assertEqual(set(self.meetings().mapped("location")), {"Room 3"})
        self.assertEqual(self.response(self.meetings()[2], self.bob), "declined")

    def test_attendee_deletes_one_occurrence(self):
        event = self.invite(recurrence=["RRULE:FREQ=WEEKLY;COUNT=4"])
        self.pull()
        third = self.calendar(self.bob).instances(event["id"])[2]
        self.calendar(self.bob).delete(third["id"])
        self.pull()
        self.assertEqual(len(self.meetings()), 4)
        self.assertEqual(self.response(self.meetings()[2], self.bob), "declined")
        self.calendar(self.ann).delete(third["id"])
        self.pull()
        self.assertEqual(len(self.meetings()), 3)

    def test_moved_to_another_calendar_of_the_same_person(self):
        side = self.google.user("ann@corp.example").add_calendar("Side")
        self.ann._refresh_calendars()
        self.ann.calendar_ids.selected = True
        event = self.calendar(self.ann).insert({"summary": "Moves", **self.at()})
        self.pull()
        meeting = self.meetings()
        self.calendar(self.ann).move(event["id"], side.id)
        self.pull()
        self.pull()
        self.assertEqual(self.meetings(), meeting, "a move is no deletion")

    def test_a_run_that_began_before_says_nothing_of_a_move(self):
        """Rule R11: what another calendar holds is known once it was read from the beginning."""
        side = self.google.user("ann@corp.example").add_calendar("Side")
        self.ann._refresh_calendars()
        self.ann.calendar_ids.selected = True
        event = self.calendar(self.ann).insert({"summary": "Moves", **self.at()})
        self.pull()
        primary = self.ann.calendar_ids.filtered("primary")
        other = self.ann.calendar_ids - primary
        self.calendar(self.ann).move(event["id"], side.id)
        self.pull_only(primary)
        left = self.meetings().link_ids.left
        for began, shown in ((left, 1), (left + timedelta(seconds=1), 0)):
            other.write({"read_from": began, "last_sync": left + timedelta(seconds=9)})
            self.pull_only(primary)
            self.assertEqual(len(self.meetings()), shown)

    def test_moved_and_edited_while_a_colleague_is_read(self):
        """What the colleague's copy shows meanwhile is not what the organiser's agreed on."""
        side = self.google.user("ann@corp.example").add_calendar("Side")
        self.ann._refresh_calendars()
        self.ann.calendar_ids.selected = True
        for left_first in (True, False):
            with self.subTest(left_first=left_first):
                event = self.invite(attendees=[{"email": self.bob.email}])
                self.pull()
                self.calendar(self.ann).move(event["id"], side.id)
                side.patch(event["id"], {"summary": "Edited"})
                self.pull(self.bob)
                for calendar in self.ann.calendar_ids.sorted("primary", reverse=left_first):
                    self.pull_only(calendar)
                self.pull()
                self.assertEqual(self.meetings().mapped("name"), ["Edited"])
                self.assertEqual(side.get(event["id"])["summary"], "Edited")
                self.assertFalse(self.env["synced.meeting.conflict"].search([]))
                side.delete(event["id"])
                self.pull()
                self.meetings().unlink()
