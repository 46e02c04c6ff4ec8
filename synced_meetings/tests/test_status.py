"""What the chip on the calendar page is told."""

from datetime import timedelta

from odoo.tests import tagged

from .common import AccountCase
from .meetings import NOW


@tagged("post_install", "-at_install")
class TestStatus(AccountCase):
    def status(self, user):
        """Return the status as the user's page gets it."""
        return self.env["synced.calendar"].with_user(user).my_status()

    def test_without_a_calendar(self):
        self.connect(self.bob)
        none = {"calendars": 0, "syncing": False, "last_sync": False, "error": False}
        self.assertEqual(self.status(self.ann), none | {"reauth": False, "list": []})

    def test_worst_of_several(self):
        account = self.connect(self.ann)
        calendars = account.calendar_ids
        calendars.write({"selected": True, "due": False, "last_sync": NOW})
        self.assertFalse(self.status(self.ann)["syncing"])
        first, second = calendars[:2]
        second.last_sync = NOW - timedelta(hours=3)
        self.assertEqual(self.status(self.ann)["last_sync"], str(second.last_sync))
        first.last_sync = False
        self.assertFalse(self.status(self.ann)["last_sync"])
        second.due = NOW - timedelta(minutes=1)
        self.assertTrue(self.status(self.ann)["syncing"])

    def test_sign_in_again(self):
        account = self.connect(self.ann)
        account.state = "reauth"
        self.assertTrue(self.status(self.ann)["reauth"])

    def test_each_calendar_has_its_line(self):
        account = self.connect(self.ann)
        calendars = account.calendar_ids
        calendars.write({"selected": True, "due": NOW + timedelta(hours=1), "last_sync": NOW})
        failing = calendars[0]
        failing.last_error = "No answer."
        lines = {line["id"]: line for line in self.status(self.ann)["list"]}
        self.assertEqual(set(lines), set(calendars.ids))
        self.assertEqual(lines[failing.id]["next_try"], str(failing.due))
        self.assertEqual(lines[failing.id]["email"], account.email)

    def test_only_ones_own_calendar_is_made_due(self):
        account = self.connect(self.ann)
        calendar = account.calendar_ids[0]
        calendar.write({"selected": True, "due": False, "lease_until": False})
        calendars = self.env["synced.calendar"]
        self.assertEqual(calendars.with_user(self.bob).mark_my_calendars_due(calendar.id), 0)
        self.assertFalse(calendar.due)
        self.assertEqual(calendars.with_user(self.ann).mark_my_calendars_due(calendar.id), 1)
        self.assertTrue(calendar.due)
