"""The form of a meeting: what it begins with, says, and lets whom do."""

from datetime import date, datetime

from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, freeze_time, tagged

from .common import AccountSetting
from .meetings import MeetingCase


@tagged("post_install", "-at_install")
class TestForm(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.olson.email = "addison@acme.example"
        cls.steward.email = "floyd@acme.example"
        cls.ann.tz = "Europe/Berlin"

    def meetings(self, user=None, **context):
        return self.env["synced.meeting"].with_user(user or self.ann).with_context(**context)

    def made(self, **values):
        """Return a meeting that Ann made here with Addison."""
        start = datetime(2026, 11, 25, 9)  # noqa: DTZ001
        values = {"name": "Talk", "start": start, "person_ids": self.olson.ids} | values
        return self.meetings().create(values)

    # ---- what it begins with ----

    @freeze_time("2026-11-23 09:10:11")
    def test_next_half_hour(self):
        with Form(self.meetings()) as form:
            self.assertEqual(str(form.start), "2026-11-23 09:30:00")
            self.assertEqual(str(form.stop), "2026-11-23 10:30:00")
            self.assertEqual(form.user_id, self.ann)

    def test_contact_of_the_card(self):
        contacts = self.acme | self.olson
        with Form(self.meetings(default_partner_ids=contacts.ids)) as form:
            form.name = "Talk"
            self.assertEqual(form.organisation_ids[:], self.acme)
            self.assertEqual(form.person_ids[:], self.olson)
            names = [person["name"] for person in form.proposed_people]
            self.assertIn("Floyd Steward", names)
        self.assertEqual(form.record.partner_ids, contacts)
        self.assertEqual(form.record.attendee_ids.email, "addison@acme.example")

    def test_click_on_a_day(self):
        context = {"default_allday": True, "default_start_date": "2026-11-25"}
        with Form(self.meetings(**context, default_stop_date="2026-11-26")) as form:
            form.name = "Fair"
        days = (form.record.start_date, form.record.stop_date)
        self.assertEqual(days, (date(2026, 11, 25), date(2026, 11, 26)))

    # ---- while one types ----

    def test_all_day_and_back(self):
        with Form(self.made(start=datetime(2026, 11, 25, 23, 30))) as form:  # noqa: DTZ001
            form.allday = True
            self.assertEqual(str(form.start_date), "2026-11-26")  # it is past midnight in Berlin
        meeting = form.record
        self.assertEqual(meeting.start_date, date(2026, 11, 26))
        with Form(meeting) as form:
            form.allday = False
        self.assertEqual(str(meeting.start), "2026-11-26 08:00:00")

    def test_a_series_begins_with_every_week(self):
        meeting = self.meetings().new({"repeat": "weekly"})
        meeting._onchange_repeat()
        self.assertEqual(meeting.repeat_every, 1)

    def test_guests_follow_the_people(self):
        with Form(self.made()) as form:
            form.person_ids.add(self.steward)
            form.user_ids.add(self.bob)
            self.assertEqual(len(form.attendee_ids), 3)
            form.person_ids.remove(self.olson.id)
            self.assertEqual(len(form.attendee_ids), 2)
        invited = form.record.attendee_ids
        self.assertEqual(set(invited.mapped("name")), {"Floyd Steward", "Bob"})
        self.assertEqual(invited.user_id, self.bob)
        self.assertEqual(set(invited.mapped("telling")), {"new"})

    def test_a_guest_without_address_can_be_saved(self):
        with Form(self.meetings(default_partner_ids=self.stranger.ids)) as form:
            form.name = "Talk"
        self.assertEqual(form.record.attendee_ids.telling, "missing")

    # ---- who may ----

    def test_readers_write_notes_only(self):
        meeting = self.made(user_ids=self.bob.ids)
        with Form(meeting.with_user(self.bob)) as form:
            form.notes = "<p>Bring the contract</p>"
            self.assertEqual(form.own_response, "needs_action")
            with self.assertRaises(AssertionError):
                form.name = "changed"
        self.assertIn("contract", meeting.notes)

    def test_on_behalf_of_whom(self):
        self.bob.synced_delegate_ids = self.ann
        bookable = [("synced_bookable", "=", True)]
        users = self.env["res.users"]
        self.assertEqual(users.with_user(self.ann).search(bookable), self.ann | self.bob)
        self.assertEqual(users.with_user(self.eve).search(bookable), self.eve)
        self.assertIn(self.eve, users.with_user(self.boss).search(bookable))
        with Form(self.meetings()) as form:
            form.name = "Talk"
            form.user_id = self.bob
        self.assertEqual(form.record.user_id, self.bob)
        self.assertIn(self.bob, form.record.user_ids)

    def test_who_books_for_me_is_in_the_preferences(self):
        view = "base.view_users_form_simple_modif"
        with Form(self.ann.with_user(self.ann), view) as form:
            form.synced_delegate_ids.add(self.eve)
        self.assertEqual(self.ann.synced_delegate_ids, self.eve)

    # ---- what is said ----

    def test_what_saving_does(self):
        meeting = self.made()
        saved = "Only in Odoo, as no calendar is connected; nobody is told."
        self.assertEqual(meeting.save_effect, saved)
        self.assertEqual(meeting.send_effect, "Odoo will mail Addison Olson.")
        self.assertFalse(meeting.goes_to)
        guests = self.made(user_ids=self.bob.ids).with_user(self.bob)
        self.assertFalse(guests.save_effect or guests.send_effect)

    def test_restore_is_for_whoever_may_change_it(self):
        meeting = self.made(user_ids=self.bob.ids)
        meeting.action_cancel_quietly()
        self.assertTrue(meeting.restorable)
        self.assertFalse(meeting.editable)
        self.assertFalse(meeting.with_user(self.bob).restorable)

    # ---- deleting ----

    def test_deletion_says_who_knows(self):
        meeting = self.made()
        self.assertEqual(meeting.deletion_choice()["told"], 0)
        meeting.attendee_ids._bring_in({"told_version": "before"})
        choice = meeting.deletion_choice()
        self.assertEqual((choice["title"], choice["told"]), ("Delete “Talk”?", 1))
        self.assertIn("Invited: Addison Olson.", choice["body"])

    def test_delete_and_tell(self):
        told, untold = self.made(), self.made()
        told.attendee_ids._bring_in({"told_version": "before"})
        (told | untold).delete_and_tell()
        self.assertEqual(told.state, "cancelled")
        self.assertFalse(untold.exists())

    def test_only_whoever_may_change_deletes(self):
        with self.assertRaises(AccessError):
            self.made(user_ids=self.bob.ids).with_user(self.bob).unlink()


@tagged("post_install", "-at_install")
class TestInbox(AccountSetting, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.connect(cls.ann).calendar_ids[:1]
        values = {"name": "As the calendar says", "start": "2026-11-25 09:00:00"}
        cls.meeting = cls.env["synced.meeting"].with_user(cls.ann).create(values)
        cls.conflict = cls.env["synced.meeting.conflict"].create(
            {
                "meeting_id": cls.meeting.id,
                "calendar_id": cls.calendar.id,
                "field_name": "name",
                "kept": "As the calendar says",
                "lost": "As Ann says",
                "value": "As Ann says",
            }
        )

    def test_views_open(self):
        conflicts = self.env["synced.meeting.conflict"].with_user(self.ann)
        for kind in ("list", "form", "kanban", "search"):
            self.assertTrue(conflicts.get_view(view_type=kind))

    def test_ones_own_only(self):
        conflicts = self.env["synced.meeting.conflict"]
        self.assertEqual(conflicts.with_user(self.ann).search([]), self.conflict)
        for other in (self.bob, self.boss):
            self.assertFalse(conflicts.with_user(other).search([]))
        self.assertEqual(self.meeting.with_user(self.ann).conflict_count, 1)
        self.assertEqual(self.meeting.with_user(self.boss).conflict_count, 0)

    def test_take(self):
        mine = self.conflict.with_user(self.ann)
        self.assertEqual(mine.action_open_meeting()["res_id"], self.meeting.id)
        opened = self.meeting.with_user(self.ann).action_view_conflicts()
        self.assertEqual(opened["res_id"], self.conflict.id)
        mine.action_take()
        self.assertEqual(self.meeting.name, "As Ann says")
        self.assertEqual(self.conflict.state, "taken")
        self.meeting.invalidate_recordset()
        self.assertEqual(self.meeting.with_user(self.ann).conflict_count, 0)

    def test_values_read_as_words(self):
        said = self.env["synced.meeting.conflict"]._said
        self.assertEqual(said("privacy", ("private",)), "Private")
        self.assertEqual(said("description", ("<p>Bring <b>both</b></p>",)), "Bring *both*")
        self.assertEqual(said("location", ("",)), "(empty)")
        self.assertEqual(said("location", None), "(deleted)")
