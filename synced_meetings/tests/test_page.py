"""What the calendar page is told: the people on it, their days, and when a user works."""

from datetime import datetime, timedelta, timezone

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.synced_meetings.models.synced_meeting_filter import COLORS

from .common import AccountCase
from .meetings import MeetingCase

MONDAY = datetime(2027, 3, 22)  # noqa: DTZ001 - the ORM's moments are naive UTC


@tagged("post_install", "-at_install")
class TestPeople(AccountCase):
    def filters(self, user):
        return self.env["synced.meeting.filter"].with_user(user)

    def show(self, reader, *users):
        return self.filters(reader).create([{"user_id": user.id} for user in users])

    def test_the_reader_and_whom_the_reader_chose_with_their_services(self):
        self.connect(self.bob)
        self.show(self.ann, self.bob, self.boss)
        self.show(self.bob, self.ann)
        people = self.filters(self.ann).shown_people()
        found = {one["user_id"][0]: one for one in people}
        self.assertEqual(set(found), {self.ann.id, self.bob.id, self.boss.id})
        self.assertEqual(people[0]["user_id"][0], self.ann.id)
        self.assertEqual(found[self.bob.id]["provider"], "shelf")
        self.assertEqual(found[self.boss.id]["provider"], "")

    def test_colours_stay_and_are_as_different_as_can_be(self):
        users = [self.person(f"p{number}") for number in range(COLORS)]
        rows = self.show(self.ann, *users[: COLORS - 1])
        self.assertEqual(set(rows.mapped("color")), set(range(1, COLORS)))
        rows[2].unlink()
        kept = {row.user_id: row.color for row in rows.exists()}
        new = self.show(self.ann, users[-1])
        self.assertNotIn(new.color, kept.values())
        self.assertEqual({row.user_id: row.color for row in rows.exists()}, kept)

    def test_the_whole_team_at_once_and_each_once(self):
        self.show(self.ann, self.bob)
        if "crm.team" in self.env:
            team = {"name": "Ours", "member_ids": [(6, 0, (self.ann | self.boss).ids)]}
            self.env["crm.team"].create(team)
        self.assertTrue(self.filters(self.ann).add_team())
        shown = self.filters(self.ann).search([("owner_id", "=", self.ann.id)]).user_id
        self.assertIn(self.boss, shown)
        self.assertNotIn(self.ann, shown)
        self.assertEqual(self.filters(self.bob).search_count([("owner_id", "=", self.bob.id)]), 0)


@tagged("post_install", "-at_install")
class TestDays(MeetingCase):
    def days(self, reader, *users):
        """Return the days of that week that the reader sees meetings on."""
        ids = [user.id for user in users]
        found = self.env["synced.meeting"].with_user(reader).with_context(tz="Europe/Berlin")
        return found.busy_days("2027-03-22", "2027-03-28", ids)

    def test_days_are_those_of_the_readers_clock(self):
        self.meet(0, self.ann, start=MONDAY + timedelta(days=1, hours=23, minutes=30))
        self.meet(0, self.ann, start=MONDAY + timedelta(days=3, hours=10), hours=26)
        self.meet(0, self.bob, start=MONDAY)
        self.assertEqual(self.days(self.ann, self.ann), ["2027-03-24", "2027-03-25", "2027-03-26"])

    def test_whole_days(self):
        first = MONDAY.date() + timedelta(days=5)
        dates = {"allday": True, "start_date": first, "stop_date": first + timedelta(days=4)}
        self.meet(0, self.ann, start=MONDAY + timedelta(days=5), hours=100, **dates)
        self.assertEqual(self.days(self.ann, self.ann), ["2027-03-27", "2027-03-28"])

    def test_a_private_meeting_marks_no_day_for_others(self):
        self.meet(0, self.ann, start=MONDAY, privacy="private")
        self.assertEqual(self.days(self.eve, self.ann), [])
        self.assertEqual(self.days(self.boss, self.ann), [])
        self.assertEqual(self.days(self.ann, self.ann), ["2027-03-22"])

    def test_what_nobody_asks(self):
        ask = self.env["synced.meeting"].with_user(self.ann).busy_days
        for first, last in (("2027-03-22", "2027-03-21"), ("2020-01-01", "2027-01-01"), ("", "")):
            with self.assertRaises(UserError):
                ask(first, last, [])


@tagged("post_install", "-at_install")
class TestHours(MeetingCase):
    def own(self, user, days, start, end):
        settings = self.env["res.users.settings"]._find_or_create_for_user(user)
        hours = {"synced_work_days": days, "synced_work_start": start, "synced_work_end": end}
        settings.with_user(user).set_res_users_settings(hours)

    def test_own_hours_come_first_and_follow_the_clocks(self):
        self.ann.tz = "Europe/Berlin"
        self.own(self.ann, "57", 7.5, 24)  # Friday, and the Sunday on which the clocks change
        week = [m.replace(tzinfo=timezone.utc) for m in (MONDAY, MONDAY + timedelta(days=7))]
        spans = (self.ann | self.bob)._synced_working_spans(*week)
        said = [(f"{a:%d %H:%M}", f"{b:%d %H:%M}") for a, b in spans[self.ann]]
        self.assertEqual(said, [("26 06:30", "26 23:00"), ("28 05:30", "28 22:00")])
        self.assertNotEqual(spans[self.bob], spans[self.ann])

    def test_hours_that_are_none(self):
        for days, start, end in (("8", 9, 17), ("1", 17, 9), ("1", 9, 25)):
            with self.assertRaises(ValidationError):
                self.own(self.ann, days, start, end)
