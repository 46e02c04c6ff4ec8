"""When people are free: from which sources, and never more than the reader may know."""

import time
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.synced_meetings.store.rows import aware
from odoo.addons.synced_meetings.sync.errors import Retryable
from odoo.addons.synced_meetings.sync.event import Busy

from .common import AccountCase

WORD = "Zwetschgenkuchen"
TODAY = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)  # noqa: DTZ005 - ORM
# A Monday: everybody works, wherever they live.
MONDAY = TODAY + timedelta(days=14 - TODAY.weekday())


def at(hour, day=0):
    """Return a moment of that Monday, or of a day after it."""
    return MONDAY + timedelta(days=day, hours=hour)


class AvailabilityCase(AccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.ann, cls.bob, cls.boss):
            user.tz = "Europe/Berlin"
        cls.account = cls.connect(cls.ann)
        cls.read_to_the_end(cls.account)

    @classmethod
    def read_to_the_end(cls, account):
        account.calendar_ids.filtered("primary").last_sync = TODAY

    def meet(self, organiser, hour, *people, **values):
        """Return a meeting of an hour with colleagues."""
        return self.env["synced.meeting"].create(
            {
                "name": WORD,
                "start": at(hour),
                "stop": at(hour + 1),
                "user_id": organiser.id,
                "user_ids": [Command.set([organiser.id, *(user.id for user in people)])],
                "attendee_ids": [
                    Command.create({"email": user.email, "user_id": user.id}) for user in people
                ],
            }
            | values
        )

    def asked(self, reader, *users, emails=(), days=1):
        """Return what ``reader`` is told of that Monday."""
        return (
            self.env["synced.meeting"]
            .with_user(reader)
            .availability([user.id for user in users], list(emails), str(at(0)), str(at(24 * days)))
        )

    def busy(self, reader, user):
        """Return the hours at which ``reader`` is told that ``user`` is busy, and how."""
        (row,) = self.asked(reader, user)
        return [(span["start"][11:16], span["show_as"]) for span in row["busy"]]


@tagged("post_install", "-at_install")
class TestAvailability(AvailabilityCase):
    def test_what_takes_up_time(self):
        self.meet(self.ann, 8)
        self.meet(self.bob, 9, self.ann, show_as="oof")
        self.meet(self.ann, 10, state="tentative")
        self.meet(self.ann, 11, show_as="free")
        self.meet(self.ann, 12, state="cancelled")
        self.meet(self.ann, 13, active=False)
        self.meet(self.bob, 14, self.ann).attendee_ids.response = "declined"
        self.meet(self.bob, 15, self.ann).attendee_ids.response = "tentative"
        expected = [("08:00", "busy"), ("09:00", "oof"), ("10:00", "tentative")]
        self.assertEqual(self.busy(self.ann, self.ann), [*expected, ("15:00", "tentative")])

    def test_times_of_odoos_own_calendar(self):
        values = {"name": WORD, "partner_ids": self.ann.partner_id.ids, "show_as": "busy"}
        own = self.env["calendar.event"].create(
            [
                values | {"start": at(8), "stop": at(9)},
                values | {"start": at(9), "stop": at(10), "show_as": "free"},
                values | {"start": at(10), "stop": at(11)},
                values | {"start": at(11), "stop": at(12), "active": False},
            ]
        )
        own[2].attendee_ids.state = "declined"
        self.assertEqual(self.busy(self.bob, self.ann), [("08:00", "busy")])

    def test_whole_days_are_those_of_the_person(self):
        self.meet(self.ann, 0, allday=True, start_date=at(0), stop_date=at(0))
        (row,) = self.asked(self.bob, self.ann)
        (span,) = row["busy"]
        start, stop = (datetime.fromisoformat(span[name]) for name in ("start", "stop"))
        self.assertTrue(span["allday"])
        self.assertIn(at(0) - start, [timedelta(hours=1), timedelta(hours=2)])
        self.assertEqual(stop - start, timedelta(days=1))

    def test_only_whose_calendar_was_read_is_known(self):
        known = {row["user_id"]: row["known"] for row in self.asked(self.bob, self.ann, self.bob)}
        self.assertEqual(known, {self.ann.id: True, self.bob.id: False})
        self.account.state = "reauth"
        self.assertFalse(self.asked(self.bob, self.ann)[0]["known"])
        self.account.state = "connected"
        self.env.company.synced_window_future_days = 3
        self.assertFalse(self.asked(self.bob, self.ann)[0]["known"])

    def test_working_hours_are_by_the_clocks_of_the_person(self):
        self.ann.tz = "America/New_York"
        here, there = self.asked(self.boss, self.boss, self.ann)
        self.assertGreater(there["working"][0][0], here["working"][0][0])
        self.assertEqual(there["timezone"], "America/New_York")

    def test_who_has_no_schedule_works_on_weekdays(self):
        if "resource_calendar_id" in self.env.company._fields:
            self.env.company.resource_calendar_id = False
        self.ann.tz = "Asia/Tokyo"
        (row,) = self.asked(self.bob, self.ann, days=7)
        self.assertEqual(len(row["working"]), 5)
        self.assertEqual(row["working"][0], [str(at(0)), str(at(8))])

    def test_an_address_of_a_colleague_is_the_colleague(self):
        self.env["res.partner"].create({"name": "Olson", "email": "olson@x.example"})
        emails = [self.ann.email.upper(), " Olson@x.example", "new@x.example", ""]
        rows = self.asked(self.bob, self.bob, emails=emails)
        keys = [f"user-{self.bob.id}", f"user-{self.ann.id}"]
        self.assertEqual([row["key"] for row in rows[:2]], keys)
        self.assertEqual([row["name"] for row in rows[2:]], ["Olson", "new@x.example"])
        self.assertFalse(any(row["known"] for row in rows[2:]))

    def test_statements_do_not_grow_with_people(self):
        def statements(people):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.asked(self.bob, *people)
            return self.env.cr.sql_log_count - before

        many = [self.person(f"colleague{n}") for n in range(8)]
        for n, user in enumerate(many):
            self.read_to_the_end(self.connect(user))
            self.meet(user, n, self.ann, privacy="private" if n % 2 else "public")
        statements([self.ann])
        few = statements(many[:2])
        self.assertEqual(statements(many), few)
        self.assertLessEqual(few, 24)


@tagged("post_install", "-at_install")
class TestAvailabilityHides(AvailabilityCase):
    def test_only_readable_meetings_are_named(self):
        self.account.colleagues_see = "all"
        shown = self.meet(self.ann, 8)
        self.meet(self.ann, 9, privacy="private")
        (row,) = self.asked(self.boss, self.ann)
        self.assertEqual([span["name"] for span in row["busy"]], [WORD, False])
        self.assertEqual([span["meeting_id"] for span in row["busy"]], [shown.id, False])

    def test_the_word_is_nowhere(self):
        texts = {"location": WORD, "description": WORD, "notes": WORD, "privacy": "private"}
        self.meet(self.ann, 8, **texts)
        self.account.colleagues_see = "busy"
        self.meet(self.ann, 9, **texts | {"privacy": "public"})
        own = {"name": WORD, "partner_ids": self.ann.partner_id.ids, "start": at(10)}
        self.env["calendar.event"].create(own | {"stop": at(11), "privacy": "private"})
        for reader in (self.bob, self.boss, self.env.ref("base.user_admin")):
            self.assertNotIn(WORD, repr(self.asked(reader, self.ann)))
            self.assertEqual(len(self.busy(reader, self.ann)), 3)
        self.assertEqual(repr(self.asked(self.ann, self.ann)).count(WORD), 2)

    def test_guests_of_odoo_are_told_nothing(self):
        portal = new_test_user(self.env, "synced_portal_asks", "base.group_portal")
        for reader in (portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.asked(reader, self.ann)

    def test_too_much_is_refused(self):
        for refused in (
            lambda: self.asked(self.bob, self.ann, days=46),
            lambda: self.asked(self.bob, emails=[f"{n}@x.example" for n in range(101)]),
            lambda: self.asked(self.bob, self.ann, days=-1),
        ):
            with self.assertRaises(UserError):
                refused()

    def test_nonsense_is_refused(self):
        meetings = self.env["synced.meeting"].with_user(self.bob)
        day = [str(at(0)), str(at(24))]
        for asked in (
            ([self.ann.id], [], False, day[1]),
            ([self.ann.id], [], {}, []),
            ([self.ann.id], [], "0001-01-01 00:00:00", "0001-01-02 00:00:00"),
            ([self.ann.id], [], "9999-12-31 00:00:00", "9999-12-31 12:00:00"),
            (["1"], [], *day),
            ([2**40], [], *day),
            ({}, "all", *day),
            ([], [3], *day),
        ):
            with self.subTest(asked=asked), self.assertRaises(UserError):
                meetings.availability(*asked)


@tagged("post_install", "-at_install")
class TestAskingTheService(AvailabilityCase):
    def setUp(self):
        super().setUp()
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        # Each test asks as somebody who did not ask before, whatever another test remembers.
        self.carl = self.person(f"carl{time.monotonic_ns()}")
        self.guest = f"guest{time.monotonic_ns()}@x.example"
        self.shelf.error, self.shelf.asked = None, 0
        self.shelf.busy = {self.guest: [Busy(aware(at(9)), aware(at(10)), "oof")]}

    def ask(self, *emails, reader=None):
        meetings = self.env["synced.meeting"].with_user(reader or self.carl)
        return meetings.ask_availability(list(emails), str(at(0)), str(at(24)))

    def test_what_is_told_is_busy_time_and_the_rest_unknown(self):
        self.connect(self.carl)
        told, hidden, nonsense = self.ask(self.guest, "hidden@x.example", "no address")
        self.assertTrue(told["known"])
        (span,) = told["busy"]
        self.assertEqual((span["start"], span["show_as"]), (str(at(9)), "oof"))
        self.assertEqual((hidden["known"], hidden["busy"]), (False, []))
        self.assertIn("does not tell", hidden["reason"])
        self.assertFalse(nonsense["known"])

    def test_the_same_is_asked_once(self):
        self.connect(self.carl)
        first = self.ask(self.guest)
        self.assertEqual(self.ask(self.guest), first)
        self.assertEqual(self.shelf.asked, 2)  # the list of calendars, and this
        self.connect(self.bob)
        self.shelf.busy = {}
        self.assertFalse(self.ask(self.guest, reader=self.bob)[0]["known"])

    def test_a_service_that_fails_leaves_all_unknown(self):
        account = self.connect(self.carl)
        self.shelf.error = Retryable("slow")
        (row,) = self.ask(self.guest)
        self.assertFalse(row["known"])
        self.assertIn("does not answer", row["reason"])
        self.assertEqual(account.state, "connecting")
        self.shelf.error = None
        self.assertTrue(self.ask(self.guest)[0]["known"])

    def test_who_has_no_connection_is_told_so(self):
        (row,) = self.ask(self.guest)
        self.assertIn("Connect your calendar", row["reason"])
        account = self.connect(self.carl)
        account.state = "reauth"
        self.assertIn("Connect your calendar", self.ask(self.guest)[0]["reason"])
        self.assertEqual(self.shelf.asked, 1)

    def test_nobody_asks_without_end(self):
        self.connect(self.carl)
        answers = [self.ask(f"{n}@x.example")[0]["reason"] for n in range(25)]
        self.assertEqual(self.shelf.asked, 21)
        self.assertIn("Wait a minute", answers[-1])
        self.assertIn("does not tell", answers[0])

    def test_only_colleagues_ask(self):
        portal = new_test_user(self.env, "synced_portal_asks_there", "base.group_portal")
        with self.assertRaises(AccessError):
            self.ask(self.guest, reader=portal)
