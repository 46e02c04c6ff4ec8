"""What a person does in Google Calendar stands in Odoo after the next run."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestPull(PullCase):
    def test_single_meeting_comes_in_whole(self):
        self.calendar(self.ann).insert(
            {
                "summary": " Kick-off  ✓",
                "location": "HQ",
                "description": "<b>Agenda</b><script>alert(1)</script>",
                "attendees": [
                    {"email": "ann@corp.example", "responseStatus": "accepted"},
                    {"email": "Carl@Client.example", "displayName": "Carl", "optional": True},
                ],
                **self.at(1, 10),
            }
        )
        self.pull()
        meeting = self.meetings()
        self.assertEqual((meeting.name, meeting.location), ("Kick-off ✓", "HQ"))
        self.assertEqual((meeting.start, meeting.stop), (self.utc(1, 10), self.utc(1, 11)))
        self.assertEqual((meeting.duration, meeting.timezone), (1, "Europe/Berlin"))
        self.assertIn("<b>Agenda</b>", meeting.description)
        self.assertNotIn("script", meeting.description)
        self.assertEqual(meeting.user_id, self.ann.user_id)
        carl = meeting.attendee_ids.filtered(lambda a: a.email == "carl@client.example")
        self.assertEqual(
            (carl.name, carl.kind, carl.response), ("Carl", "optional", "needs_action")
        )
        self.assertEqual(meeting.attendee_ids.filtered("is_organiser").user_id, self.ann.user_id)
        self.assertEqual(self.google.mails, [])
        self.assertFalse(self.quarantine())

    def test_changed_moved_and_deleted(self):
        calendar = self.calendar(self.ann)
        kept = calendar.insert({"summary": "Old", **self.at()})
        gone = calendar.insert({"summary": "Gone", **self.at(2)})
        self.pull()
        before = self.meetings(name="Old")
        before.notes = "<p>Ours</p>"
        calendar.patch(kept["id"], {"summary": "New", **self.at(3, 15)})
        calendar.delete(gone["id"])
        self.pull()
        after = self.meetings()
        self.assertEqual(after, before, "a change keeps the record")
        self.assertEqual((after.name, after.start), ("New", self.utc(3, 15)))
        self.assertIn("Ours", after.notes)
        archived = (
            self.env["synced.meeting"]
            .with_context(active_test=False)
            .search([("name", "=", "Gone")])
        )
        self.assertEqual((archived.active, archived.state), (False, "cancelled"))

    def test_restored_event_brings_its_record_back(self):
        calendar = self.calendar(self.ann)
        event = calendar.insert({"summary": "Twice", **self.at()})
        self.pull()
        meeting = self.meetings()
        calendar.delete(event["id"])
        self.pull()
        self.assertFalse(self.meetings())
        calendar.patch(event["id"], {"status": "confirmed"})
        self.pull()
        self.assertEqual(self.meetings(), meeting)
        self.assertEqual(meeting.state, "confirmed")

    def test_all_day_and_several_days(self):
        calendar = self.calendar(self.ann)
        calendar.insert({"summary": "Day", **self.days(0)})
        calendar.insert({"summary": "Fair", **self.days(1, 3)})
        self.pull()
        day, fair = self.meetings()
        self.assertTrue(day.allday and fair.allday)
        self.assertEqual(
            (day.start_date, day.stop_date, day.duration), (day.start_date, day.start_date, 24)
        )
        self.assertEqual(day.start_date, self.monday.date())
        self.assertEqual(fair.start_date, self.monday.date() + timedelta(days=1))
        self.assertEqual(fair.stop_date, self.monday.date() + timedelta(days=3))

    def test_private_free_tentative_and_link(self):
        calendar = self.calendar(self.ann)
        values = {"visibility": "private", "transparency": "transparent", "status": "tentative"}
        calendar.insert({"summary": "Doctor", **values, **self.at()})
        self.pull()
        meeting = self.meetings()
        self.assertEqual((meeting.privacy, meeting.show_as), ("private", "free"))
        self.assertEqual((meeting.state, meeting.shared), ("tentative", False))
        self.assertTrue(meeting.with_user(self.ann.user_id).url.startswith("https://"))

    def test_window(self):
        calendar = self.calendar(self.ann)
        calendar.insert({"summary": "Long ago", **self.at(-800)})
        calendar.insert({"summary": "Far ahead", **self.at(1500)})
        calendar.insert({"summary": "Soon", **self.at()})
        self.pull()
        self.assertEqual(self.meetings().mapped("name"), ["Soon"])
        self.company.write({"synced_window_past_days": 1000, "synced_window_future_days": 2000})
        self.pull()
        self.assertEqual(self.meetings().mapped("name"), ["Long ago", "Soon", "Far ahead"])

    def test_contacts_are_matched_and_never_created(self):
        company = self.env["res.partner"].create({"name": "Client", "is_company": True})
        values = {"name": "Carl", "email": "carl@client.example", "parent_id": company.id}
        carl = self.env["res.partner"].create(values)
        guests = ["carl@client.example", "stranger@else.example", "ann@corp.example"]
        attendees = [{"email": guest} for guest in guests]
        event = self.calendar(self.ann).insert(
            {"summary": "Lunch", "attendees": attendees, **self.at()}
        )
        count = self.env["res.partner"].search_count([])
        self.pull()
        meeting = self.meetings()
        self.assertEqual(meeting.person_ids, carl)
        self.assertEqual(meeting.organisation_ids, company)
        self.assertEqual(meeting.user_ids, self.ann.user_id)
        self.assertEqual(self.env["res.partner"].search_count([]), count)
        self.calendar(self.ann).patch(event["id"], {"attendees": attendees[1:]})
        other = self.env["res.partner"].create({"name": "Typed here"})
        meeting.partner_ids |= other
        self.pull()
        self.assertEqual(meeting.partner_ids, other, "who leaves takes only what they brought")

    def test_contact_made_later_gets_the_meeting(self):
        guests = [{"email": "new@client.example"}]
        self.calendar(self.ann).insert({"summary": "First talk", "attendees": guests, **self.at()})
        self.pull()
        partner = self.env["res.partner"].create({"name": "New", "email": "New@client.example"})
        self.assertEqual(self.meetings().partner_ids, partner)

    def test_second_run_without_a_change(self):
        calendar = self.calendar(self.ann)
        for day in range(5):
            calendar.insert({"summary": f"Meeting {day}", **self.at(day)})
        self.pull()
        # The first empty run adds a row, others move it; the job looks for more as well.
        for run, most in (("_synchronise", 8), ("_synchronise", 8), ("_run_due", 10)):
            self.google.requests.clear()
            self.ann.calendar_ids.due = fields.Datetime.now()
            self.env.flush_all()
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                due = self.ann.calendar_ids.with_env(self.env(cr=cr))
                with self.assertQueryCount(most):
                    getattr(due, run)()
            self.assertEqual(len(self.google.requests), 1)
        runs = self.env["synced.sync.run"].search([])
        self.assertEqual(runs.mapped("pulled"), [0, 5], "empty runs share a row")
