"""Who sees which meeting, on every way to read it."""

from itertools import product

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import AccountCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models")
HOUR = {"start": "2026-11-23 09:00:00", "stop": "2026-11-23 10:00:00"}


class ReadingCase(AccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Carl", "email": "carl@x"})
        cls.account = cls.connect(cls.ann)
        cls.calendar = cls.account.calendar_ids.filtered("primary")
        for person in (cls.ann, cls.bob, cls.boss):
            person.group_ids |= cls.env.ref("base.group_allow_export")

    def meeting(self, name="Talk", contact=True, invited=None, series=None, **values):
        """Return a meeting that Ann organises, as a run would keep it."""
        invited = self.ann | (invited or self.env["res.users"])
        values |= {
            "name": name,
            "user_id": self.ann.id,
            "user_ids": invited.ids,
            "partner_ids": self.contact.ids if contact else [],
            "company_id": self.env.company.id,
            "attendee_ids": [
                (0, 0, {"email": user.email, "name": name, "user_id": user.id}) for user in invited
            ],
        }
        if series:
            return self.env["synced.meeting"].create({"series_id": series.id} | HOUR | values)
        meeting = self.env["synced.meeting"].create(HOUR | values)
        self.copy(meeting_id=meeting.id)
        return meeting

    def copy(self, **values):
        """Return the copy that Ann's calendar holds."""
        number = self.env["synced.meeting.link"].search_count([])
        values |= {"calendar_id": self.calendar.id, "remote_id": str(number), "organises": True}
        return self.env["synced.meeting.link"].create(values)

    def choose(self, choice):
        self.account.with_user(self.ann).colleagues_see = choice

    def ways(self, user, meeting):
        """Yield what each way to read shows of a meeting to a user, as a truth value."""
        meetings = self.env["synced.meeting"].with_user(user)
        domain = [("id", "in", meeting.ids)]
        found = meetings.search(domain)
        yield "search", bool(found)
        yield "by name", bool(meetings.search([*domain, ("name", "=", meeting.name)]))
        yield "search_count", bool(meetings.search_count(domain))
        yield "search_read", bool(meetings.search_read(domain, ["name"]))
        yield "name_search", bool(meetings.name_search(meeting.name, domain))
        yield "web_search_read", bool(meetings.web_search_read(domain, {"name": {}})["length"])
        groups = meetings.formatted_read_group(domain, ["user_id"], ["__count"])
        yield "formatted_read_group", bool(groups)
        yield "_read_group", bool(meetings._read_group(domain, ["name"], ["__count"]))
        one = meeting.with_user(user)
        yield "read", self.works(lambda: one.read(["name"]))
        yield "web_read", self.works(lambda: one.web_read({"name": {}}))
        yield "export", self.works(lambda: one.export_data(["name"]))
        yield "attribute", self.works(lambda: one.location)
        for model in ("synced.meeting.attendee", "synced.meeting.link"):
            related = [("meeting_id", "=", meeting.id)]
            yield model, bool(self.env[model].with_user(user).search(related))
        probe = [("attendee_ids.name", "=", meeting.name), *domain]
        yield "probe", bool(meetings.search(probe))

    def works(self, read):
        self.env.invalidate_all()
        try:
            read()
        except AccessError:
            return False
        return True

    def assert_sees(self, user, meeting, expected):
        """Check that all ways to read agree."""
        for way, seen in self.ways(user, meeting):
            with self.subTest(way, user=user.login, meeting=meeting.name):
                self.assertEqual(seen, expected)


@tagged("post_install", "-at_install")
class TestReading(ReadingCase):
    @mute_logger(*QUIET)
    def test_what_colleagues_see_is_what_the_owner_chose(self):
        meetings = {True: self.meeting(), False: self.meeting("Alone", contact=False)}
        shown = {("all", True), ("all", False), ("contacts", True)}
        for choice, with_contact in product(("all", "contacts", "busy"), (True, False)):
            self.choose(choice)
            expected = (choice, with_contact) in shown
            for user in (self.bob, self.boss):
                self.assert_sees(user, meetings[with_contact], expected)
            self.assert_sees(self.ann, meetings[with_contact], True)

    @mute_logger(*QUIET)
    def test_a_private_one_exists_only_for_its_people(self):
        self.choose("all")
        meeting = self.meeting(privacy="private", invited=self.bob)
        self.assert_sees(self.ann, meeting, True)
        self.assert_sees(self.bob, meeting, True)
        for user in (self.boss, self.env.ref("base.user_admin")):
            user.group_ids |= self.env.ref("base.group_allow_export")
            self.assert_sees(user, meeting, False)

    @mute_logger(*QUIET)
    def test_who_booked_it_sees_it_until_it_is_private(self):
        self.choose("busy")
        self.ann.synced_delegate_ids |= self.bob
        values = {"name": "Talk", "user_id": self.ann.id, "partner_ids": self.contact.ids}
        values["attendee_ids"] = [(0, 0, {"name": "Talk", "email": "talk@x.example"})]
        meeting = self.env["synced.meeting"].with_user(self.bob).create(HOUR | values)
        meeting = meeting.with_env(self.env)
        self.assert_sees(self.bob, meeting, True)
        meeting.with_user(self.ann).privacy = "private"
        self.env.flush_all()
        self.assert_sees(self.bob, meeting, False)
        self.assert_sees(self.ann, meeting, True)
        kept = meeting.sudo().history_ids
        self.assertFalse(kept.with_user(self.bob).search([("id", "in", kept.ids)]))
        meeting.with_user(self.ann).user_ids |= self.bob
        self.assert_sees(self.bob, meeting, True)

    @mute_logger(*QUIET)
    def test_nobody_books_what_they_would_not_see(self):
        self.ann.synced_delegate_ids |= self.bob
        values = HOUR | {"name": "Secret", "user_id": self.ann.id, "privacy": "private"}
        meetings = self.env["synced.meeting"].with_user(self.bob)
        with self.assertRaisesRegex(AccessError, "Invite yourself"), self.cr.savepoint():
            meetings.create(values)
        booked = meetings.create(values | {"user_ids": self.bob.ids}).with_env(self.env)
        self.assertEqual(booked.with_user(self.bob).name, "Secret")

    @mute_logger(*QUIET)
    def test_nobody_hides_from_themselves_what_they_change(self):
        self.ann.synced_delegate_ids |= self.bob
        meeting = self.meeting().with_user(self.bob)
        for values in ({}, {"user_ids": [(5,)]}):
            with self.assertRaisesRegex(AccessError, "Invite yourself"), self.cr.savepoint():
                meeting.web_save({"privacy": "private"} | values, {})
        meeting.web_save({"privacy": "private", "user_ids": [(4, self.bob.id)]}, {})
        self.env.invalidate_all()
        self.assertEqual(meeting.read(["privacy"])[0]["privacy"], "private")
        meeting.web_save({"location": "Room 4", "privacy": "private"}, {})
        self.assertEqual(meeting.location, "Room 4")

    @mute_logger(*QUIET)
    def test_the_invited_see_what_colleagues_do_not(self):
        self.choose("busy")
        meeting = self.meeting(invited=self.bob)
        self.assert_sees(self.bob, meeting, True)
        self.assert_sees(self.boss, meeting, False)

    @mute_logger(*QUIET)
    def test_the_company_hides_it_from_others_but_not_from_its_people(self):
        self.choose("all")
        other = self.env["res.company"].create({"name": "Elsewhere"})
        meeting = self.meeting(invited=self.bob, company_id=other.id)
        meeting.company_id = other
        self.assert_sees(self.bob, meeting, True)
        self.assert_sees(self.boss, meeting, False)
        self.boss.company_ids |= other
        boss = self.boss.with_context(allowed_company_ids=self.boss.company_ids.ids)
        self.assertTrue(self.env["synced.meeting"].with_env(boss.with_user(boss).env).search([]))

    @mute_logger(*QUIET)
    def test_nothing_for_portal_and_public(self):
        self.choose("all")
        self.meeting()
        portal = new_test_user(self.env, "synced_portal", "base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            for name in self.env.registry:
                if name.startswith("synced.") and not self.env[name]._abstract:
                    with self.subTest(name, user=user.login), self.assertRaises(AccessError):
                        self.env[name].with_user(user).search([])

    @mute_logger(*QUIET)
    def test_the_choice_holds_on_when_the_last_copy_is_gone(self):
        self.choose("busy")
        meeting = self.meeting()
        meeting.link_ids.state = "gone"
        meeting._copies_changed()
        self.assert_sees(self.bob, meeting, False)


@tagged("post_install", "-at_install")
class TestReadingSeries(ReadingCase):
    def setUp(self):
        super().setUp()
        self.series = self.env["synced.meeting.series"].create(
            HOUR | {"name": "Weekly", "user_id": self.ann.id, "company_id": self.env.company.id}
        )
        self.env["synced.meeting.attendee"].create(
            {"series_id": self.series.id, "email": "carl@x", "partner_id": self.contact.id}
        )
        self.copy(series_id=self.series.id)
        self.first = self.meeting(series=self.series, recurrence_id="1")
        self.second = self.meeting(series=self.series, recurrence_id="2")

    def sees_series(self, user):
        series = self.series.with_user(user)
        seen = {
            "search": bool(series.search([("id", "=", series.id)])),
            "read": self.works(lambda: series.read(["name"])),
            "attendees": bool(
                self.env["synced.meeting.attendee"]
                .with_user(user)
                .search([("series_id", "=", series.id)])
            ),
            "copies": bool(
                self.env["synced.meeting.link"]
                .with_user(user)
                .search([("series_id", "=", series.id)])
            ),
        }
        self.assertEqual(len(set(seen.values())), 1, seen)
        return seen["read"]

    @mute_logger(*QUIET)
    def test_occurrences_follow_the_choice(self):
        for choice, expected in (("all", True), ("contacts", True), ("busy", False)):
            self.choose(choice)
            with self.subTest(choice):
                for meeting in (self.first, self.second):
                    shown = meeting.with_user(self.bob).search([("id", "=", meeting.id)])
                    self.assertEqual(bool(shown), expected)
                self.assertEqual(self.sees_series(self.bob), expected)
                self.assertTrue(self.sees_series(self.ann))

    @mute_logger(*QUIET)
    def test_a_series_with_a_hidden_occurrence_is_not_shown(self):
        self.choose("all")
        self.second.privacy = "private"
        self.assertTrue(self.first.with_user(self.bob).read(["name"]))
        self.assertFalse(self.sees_series(self.bob))
        self.second.privacy = "public"
        self.series.privacy = "private"
        self.assertFalse(self.sees_series(self.bob))

    @mute_logger(*QUIET)
    def test_the_invited_read_their_series(self):
        self.choose("busy")
        self.env["synced.meeting.attendee"].create(
            {"series_id": self.series.id, "email": self.bob.email, "user_id": self.bob.id}
        )
        self.assertTrue(self.sees_series(self.bob))
        self.assertFalse(self.sees_series(self.boss))


@tagged("post_install", "-at_install")
class TestOthersRecords(ReadingCase):
    @mute_logger(*QUIET)
    def test_what_was_put_aside_is_its_owners(self):
        event = self.env["synced.sync.quarantine"].create(
            {
                "calendar_id": self.calendar.id,
                "remote_id": "9",
                "reason": "bad_text",
                "value": "planted subject",
                "payload": "planted payload",
            }
        )
        mine = event.with_user(self.ann)
        self.assertIn("planted subject", mine.error)
        theirs = event.with_user(self.boss)
        self.assertNotIn("planted", repr(theirs.read()))
        self.assertNotIn("planted", repr(theirs.export_data(["error", "remote_id"])))
        for name in ("payload", "value"):
            with self.assertRaises(AccessError):
                theirs.search([(name, "like", "planted")])
        self.assertFalse(event.with_user(self.bob).search([("id", "=", event.id)]))
        with self.assertRaises(AccessError):
            mine.calendar_id = self.calendar.copy({"remote_id": "z"})
        mine.state = "solved"

    @mute_logger(*QUIET)
    def test_runs_are_their_owners_and_the_administrators(self):
        run = self.env["synced.sync.run"].create(
            {"calendar_id": self.calendar.id, "started": "2026-11-23 09:00:00"}
        )
        for user, seen in ((self.ann, True), (self.boss, True), (self.bob, False)):
            self.assertEqual(bool(run.with_user(user).search([("id", "=", run.id)])), seen)
        with self.assertRaises(AccessError):
            run.with_user(self.boss).pulled = 3

    @mute_logger(*QUIET)
    def test_colleagues_change_notes_and_nothing_else(self):
        self.choose("all")
        meeting = self.meeting()
        with self.assertRaises(AccessError):
            meeting.with_user(self.bob).unlink()
        for values in ({"name": "x"}, {"user_id": self.bob.id}, {"ical_uid": "x"}):
            with self.assertRaises(AccessError):
                meeting.with_user(self.bob).write(values)
        with self.assertRaises(AccessError):
            meeting.with_user(self.bob).attendee_ids.create(
                {"meeting_id": meeting.id, "email": "x@x.example"}
            )
        with self.assertRaises(AccessError):
            self.env["synced.meeting"].with_user(self.bob).create(
                {"name": "x", "user_id": self.ann.id} | HOUR
            )
        meeting.with_user(self.bob).notes = "Bring the contract"
        self.choose("busy")
        with self.assertRaises(AccessError):
            meeting.with_user(self.bob).notes = "unseen"
