"""Series made and edited in Odoo are right at Google, record by record."""

from datetime import date, datetime, timedelta, timezone

import recurring_ical_events
from icalendar import Calendar

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestPushSeries(PushCase):
    def setUp(self):
        super().setUp()
        self.me = self.ann.user_id

    def starts(self):
        """Return what Odoo shows."""
        return [(m.name, m.start) for m in self.meetings()]

    def at_google(self):
        """Return what Google shows of all series and single events."""
        calendar = self.calendar(self.ann)
        found = []
        for event in calendar.events():
            if event.get("recurringEventId"):
                continue
            ones = calendar.instances(event["id"], 50) if event.get("recurrence") else [event]
            found += [(one["summary"], _utc(one["start"]["dateTime"])) for one in ones]
        return sorted(found, key=lambda one: one[1])

    def assert_equal_sides(self):
        self.run_now(self.ann)
        self.run_now(self.ann)
        self.assertEqual(self.starts(), self.at_google())
        self.assertFalse(self.quarantine())
        self.assertFalse(self.env["synced.meeting.conflict"].search([]))
        self.assertEqual(self.google.mails, [])
        self.assert_quiet()

    def weekly(self, count=5):
        """Return the occurrences of a series that stands at Google."""
        rule = [f"RRULE:FREQ=WEEKLY;COUNT={count}"]
        self.calendar(self.ann).insert({"summary": "Weekly", "recurrence": rule, **self.at()})
        self.pull(self.ann)
        return self.meetings().with_user(self.me)

    def test_made_here(self):
        first = self.make(repeat="weekly", repeat_count=4)
        self.assertEqual(len(self.meetings()), 4)
        self.assertEqual(first.recurrence_id, min(self.meetings().mapped("recurrence_id")))
        self.assert_equal_sides()
        self.assertEqual(len(self.at_google()), 4)

    def test_made_here_on_several_weekdays_until_a_day(self):
        until = (self.monday + timedelta(days=13)).date()
        self.make(day=1, repeat="weekly", repeat_days="MO,WE", repeat_until=until)
        self.assertEqual(
            [m.start for m in self.meetings()], [self.utc(2), self.utc(7), self.utc(9)]
        )
        self.assert_equal_sides()

    def test_made_here_with_one_changed_before_it_went_out(self):
        self.make(repeat="daily", repeat_count=3)
        self.meetings()[1].with_user(self.me).name = "Special"
        self.assert_equal_sides()
        self.assertEqual([m.name for m in self.meetings()], ["Renewal", "Special", "Renewal"])

    def test_all_are_renamed(self):
        rows = self.weekly()
        rows[2].write({"name": "Renamed", "apply_to": "all"})
        self.assertEqual(self.meetings(), rows)
        self.assertEqual(set(rows.mapped("name")), {"Renamed"})
        self.assertEqual(len(rows.history_ids), len(rows), "each is kept once, as changed here")
        self.assertEqual(set(rows.history_ids.mapped("user_id")), {self.me})
        self.assert_equal_sides()

    def test_all_are_moved_and_keep_their_records(self):
        rows = self.weekly()
        start = rows[1].start + timedelta(days=1, hours=2)
        rows[1].write({"start": start, "stop": start + timedelta(hours=1), "apply_to": "all"})
        self.assertEqual(self.meetings(), rows)
        self.assertEqual(rows[0].start, self.utc(1, 11))
        self.assert_equal_sides()

    def test_an_endless_series_is_moved_in_one_request(self):
        rule = ["RRULE:FREQ=DAILY"]
        self.calendar(self.ann).insert({"summary": "Daily", "recurrence": rule, **self.at()})
        self.pull(self.ann)
        rows = self.meetings().with_user(self.me)
        self.assertGreater(len(rows), 600)
        rows[3].write({"start": rows[3].start + timedelta(hours=1), "apply_to": "all"})
        self.assertEqual(self.meetings(), rows)
        self.google.requests.clear()
        self.run_now(self.ann)
        self.assertEqual(len(self.writes()), 1)
        self.assert_quiet()

    def test_this_and_following_are_moved(self):
        rows = self.weekly()
        start = rows[2].start + timedelta(hours=3)
        rows[2].write({"start": start, "name": "Later", "apply_to": "following"})
        self.assertEqual(self.meetings(), rows)
        self.assertEqual(rows.mapped("name"), ["Weekly"] * 2 + ["Later"] * 3)
        self.assertEqual(len(rows.series_id), 2)
        self.assert_equal_sides()

    def test_following_keeps_what_was_changed_and_deleted_alone(self):
        rows = self.weekly(6)
        rows[4].name = "Special"
        rows[3].unlink()
        self.run_now(self.ann)
        rows[2].write({"location": "Room 2", "apply_to": "following"})
        self.assert_equal_sides()
        self.assertEqual(
            [m.name for m in self.meetings()], ["Weekly", "Weekly", "Weekly", "Special", "Weekly"]
        )
        self.assertEqual(
            [m.location for m in self.meetings()], [False, False, "Room 2", "Room 2", "Room 2"]
        )

    def test_a_changed_occurrence_survives_a_renaming_of_all(self):
        rows = self.weekly()
        rows[1].location = "Elsewhere"
        self.run_now(self.ann)
        rows[3].write({"name": "Renamed", "apply_to": "all"})
        self.run_now(self.ann)
        self.run_now(self.ann)
        self.assertEqual(rows[1].location, "Elsewhere")
        self.assertEqual(self.starts(), self.at_google())

    def test_a_series_is_sent_once_and_whole(self):
        first = self.make(repeat="weekly", repeat_count=3, person_ids=[(4, self.olson.id)])
        self.run_now(self.ann)
        self.assertEqual(self.google.mails, [])
        self.assertEqual(first.invite_state, "draft")
        first.action_send()
        self.run_now(self.ann)
        self.assertEqual(len(self.google.mails), 1)
        for meeting in self.meetings().with_user(self.me):
            self.assertEqual(meeting.invite_state, "sent")
            self.assertEqual(meeting.attendee_ids.email, "olson@acme.example")
        self.assertEqual(len(self.env["synced.meeting.link"].search([])), 1)
        self.assert_quiet()

    def sent_series(self):
        """Return the meetings of a series of which Google told its two guests."""
        people = [(4, self.olson.id), (4, self.contact("fox").id)]
        self.make(repeat="weekly", repeat_count=4, person_ids=people).action_send()
        self.run_now(self.ann)
        self.assertEqual(len(self.google.mails), 2)
        return self.meetings().with_user(self.me)

    def tell(self):
        """Mail whom no calendar tells, as if the moment in which it can be undone were over."""
        self.meetings().tell_after = False
        self.meetings().series_id.tell_after = False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.meeting"]._tell_waiting()
        self.env.invalidate_all()

    def files(self):
        """Return what Odoo mailed to Addison, oldest first."""
        mails = self.env["mail.mail"].search([("email_to", "ilike", "olson@acme")]).sorted("id")
        return [Calendar.from_ical(mail.attachment_ids.raw) for mail in mails]

    def said(self, file):
        """Return what another library makes of a file, as `starts` does of Odoo."""
        found = recurring_ical_events.of(file).between(date(2020, 1, 1), date(2040, 1, 1))
        found = [(str(e["SUMMARY"]), _utc(e.start.isoformat())) for e in found]
        return sorted(found, key=lambda one: one[1])

    def test_what_was_saved_quietly_is_told_by_odoo(self):
        rows = self.sent_series()
        rows[1].write({"name": "Renamed", "apply_to": "all"})
        self.run_now(self.ann)
        self.assertEqual(set(rows.mapped("invite_state")), {"changed"})
        self.assertIn("Odoo will mail", rows[0].send_effect)
        rows[2].action_send()
        self.run_now(self.ann)
        self.assertEqual(len(self.google.mails), 2, "Google has nothing to patch")
        self.tell()
        self.tell()
        [file] = self.files()
        self.assertEqual(len(self.env["mail.mail"].search([("email_to", "ilike", "@acme")])), 2)
        self.assertEqual(self.said(file), self.starts())
        self.assertEqual(str(file.events[0]["UID"]), rows.series_id.ical_uid)
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"})
        self.assertEqual(set(rows.mapped("attendee_ids.telling")), {"told"})
        self.assert_quiet()

    def test_what_the_calendar_still_has_to_write_it_tells(self):
        rows = self.sent_series()
        rows[1].write({"name": "Renamed", "apply_to": "all"})
        self.assertIn("Google Calendar will mail", rows[0].send_effect)
        rows[2].action_send()
        self.tell()
        self.assertEqual(self.files(), [], "its calendar is about to")
        self.run_now(self.ann)
        self.tell()
        self.assertEqual((len(self.google.mails), self.files()), (4, []))
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"})
        self.assert_quiet()

    def test_the_file_of_a_quiet_change_knows_what_differs(self):
        rows = self.sent_series()
        rows[1].write({"name": "Special", "start": rows[1].start + timedelta(hours=2)})
        rows[2].unlink()
        rows = rows.exists()
        rows[2].write({"location": "Room 2", "apply_to": "all"})
        self.run_now(self.ann)
        self.run_now(self.ann)
        self.assertEqual(self.starts(), self.at_google())
        rows[0].action_send()
        self.run_now(self.ann)
        self.tell()
        [file] = self.files()
        self.assertEqual(self.said(file), self.starts())
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"})
        self.assertEqual(len(self.google.mails), 2)
        self.assert_quiet()

    def test_one_that_was_changed_quietly_is_told_alone(self):
        rows = self.sent_series()
        rows[1].write({"start": rows[1].start + timedelta(hours=2)})
        self.run_now(self.ann)
        rows[1].action_send()
        self.run_now(self.ann)
        self.tell()
        [file] = self.files()
        [event] = file.events
        self.assertEqual(
            event["RECURRENCE-ID"].dt.strftime("%Y%m%dT%H%M%SZ"), rows[1].recurrence_id
        )
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"})
        self.assertEqual(len(self.google.mails), 2)
        self.assert_quiet()

    def test_somebody_is_invited_to_one_only(self):
        rows = self.weekly()
        self.invite_to_one(rows[2])

    def test_somebody_is_invited_to_one_before_it_went_out(self):
        self.make(repeat="weekly", repeat_count=4)
        self.invite_to_one(self.meetings()[2].with_user(self.me))

    def invite_to_one(self, meeting):
        meeting.person_ids = self.olson
        self.assertEqual(meeting.invite_state, "draft")
        meeting.action_send()
        self.assertEqual(meeting.invite_state, "sending")
        self.run_now(self.ann)
        self.run_now(self.ann)
        self.assertEqual(meeting.invite_state, "sent")
        self.assertEqual([mail.to for mail in self.google.mails], ["olson@acme.example"])
        link = meeting.sudo().link_ids
        guests = self.calendar(self.ann).get(link.remote_id)["attendees"]
        self.assertEqual([guest["email"] for guest in guests], ["olson@acme.example"])
        self.assert_quiet()

    def test_sending_a_series_invites_nobody_of_one_meeting(self):
        rows = self.weekly()
        rows[0].write({"person_ids": [(4, self.contact("fox").id)], "apply_to": "all"})
        rows[2].person_ids += self.olson
        rows[0].action_send()
        self.run_now(self.ann)
        self.assertEqual([mail.to for mail in self.google.mails], ["fox@acme.example"])
        told = {row.email: bool(row.told_version) for row in rows[2].attendee_ids}
        self.assertEqual(told["olson@acme.example"], False)
        self.assertEqual(rows[2].untold_count, 1)

    def test_who_is_put_down_on_one_stays_when_all_change(self):
        rows = self.weekly()
        rows[2].person_ids = self.olson
        rows[0].write({"person_ids": [(4, self.contact("fox").id)], "apply_to": "all"})
        emails = {"fox@acme.example", "olson@acme.example"}
        self.assertEqual(set(rows[2].attendee_ids.mapped("email")), emails)
        rows[0].write({"person_ids": [(5, 0, 0)], "apply_to": "all"})
        self.assertEqual(rows[2].attendee_ids.email, "olson@acme.example")
        self.assertEqual(rows[2].person_ids, self.olson)

    def contact(self, name):
        return self.env["res.partner"].create({"name": name, "email": f"{name}@acme.example"})

    def test_people_are_added_to_all_and_taken_off(self):
        rows = self.weekly()
        rows[1].write({"person_ids": [(4, self.olson.id)], "apply_to": "all"})
        self.assertEqual(set(rows.mapped("attendee_ids.email")), {"olson@acme.example"})
        self.assertEqual(rows.mapped("partner_ids"), self.olson)
        self.run_now(self.ann)
        rows[0].action_send()
        self.run_now(self.ann)
        self.assertEqual(len(self.google.mails), 1)
        rows[2].write({"person_ids": [(3, self.olson.id)], "apply_to": "all"})
        self.run_now(self.ann)
        self.assertFalse(rows.attendee_ids)
        self.assertFalse(self.event_of_series(rows).get("attendees"))
        self.assertEqual(len(self.google.mails), 1)
        self.assert_quiet()

    def test_the_form_adds_people_to_all(self):
        rows = self.weekly(3)
        guest = {"partner_id": self.olson.id, "name": "Addison", "email": "olson@acme.example"}
        rows[1].write(
            {
                "person_ids": [(4, self.olson.id)],
                "attendee_ids": [(0, 0, guest)],
                "apply_to": "all",
            }
        )
        self.assertEqual([len(row.attendee_ids) for row in rows], [1, 1, 1])
        self.assertEqual(len(rows.series_id.attendee_ids), 1)
        self.assertFalse(rows.link_ids)

    def event_of_series(self, rows):
        link = rows.series_id.link_ids.filtered(lambda link: not link.recurrence_id)
        return self.calendar(self.ann).get(link.remote_id)

    def cancel(self, meeting, **values):
        wizard = self.env["synced.meeting.cancel"].with_user(self.me)
        wizard.create({"meeting_id": meeting.id} | values).action_cancel()

    def test_all_are_cancelled(self):
        rows = self.weekly()
        self.cancel(rows[2], scope="all")
        self.assertFalse(self.meetings())
        self.run_now(self.ann)
        self.assertEqual(self.at_google(), [])
        self.assert_quiet()

    def test_following_are_cancelled(self):
        rows = self.weekly()
        self.cancel(rows[3], scope="following")
        self.assertEqual(self.meetings(), rows[:3])
        self.assert_equal_sides()
        self.assertEqual(len(self.at_google()), 3)

    def test_one_is_cancelled(self):
        rows = self.weekly()
        self.cancel(rows[3])
        self.assertEqual(self.meetings(), rows - rows[3])
        self.assert_equal_sides()

    def test_one_is_restored_beside_its_series(self):
        rows = self.sent_series()
        self.cancel(rows[1], tell="yes")
        self.run_now(self.ann)
        mails = len(self.google.mails)
        self.assertTrue(rows[1].restorable and not rows[1].rejoins)
        rows[1].action_restore()
        self.run_now(self.ann)
        self.run_now(self.ann)
        self.assertEqual(self.meetings(), rows)
        self.assertFalse(rows[1].series_id)
        self.assertEqual(self.starts(), self.at_google())
        self.assertEqual(len(self.google.mails), mails)
        self.assertEqual(rows[1].invite_state, "draft")
        rows[0].write({"name": "Renamed", "apply_to": "all"})
        self.run_now(self.ann)
        self.assertEqual([m.name for m in rows], ["Renamed", "Renewal", "Renamed", "Renamed"])
        self.assertEqual(self.starts(), self.at_google())
        self.assert_quiet()

    def test_one_of_a_cancelled_series_is_restored(self):
        rows = self.sent_series()
        self.cancel(rows[1], scope="all")
        self.run_now(self.ann)
        rows[2].action_restore()
        self.run_now(self.ann)
        self.assertEqual(self.meetings(), rows[2])
        self.assertEqual(self.starts(), self.at_google())
        self.assert_quiet()

    def test_a_rule_that_cannot_move_says_so(self):
        rule = ["RRULE:FREQ=MONTHLY;BYDAY=1MO"]
        self.calendar(self.ann).insert({"summary": "First", "recurrence": rule, **self.at()})
        self.pull(self.ann)
        row = self.meetings()[1].with_user(self.me)
        before = self.starts()
        with self.assertRaisesRegex(UserError, "BYDAY=1MO"), self.cr.savepoint():
            row.write({"start": row.start + timedelta(days=1), "apply_to": "all"})
        self.assertEqual(self.starts(), before)


def _utc(stamp):

    return datetime.fromisoformat(stamp).astimezone(timezone.utc).replace(tzinfo=None)
