"""Content comes from the next copy where the one that carried it goes (rules R11, R16)."""

from odoo.tests import tagged

from .pull_case import PullCase


@tagged("post_install", "-at_install")
class TestSuccession(PullCase):
    """Eve, whom nobody connects, invites Ann and Bob, who are."""

    def setUp(self):
        super().setUp()
        self.bob = self.connect("bob@corp.example", "Bob")
        self.eve = self.google.add_user("eve@else.example", "Eve").calendar()

    def invite(self, *accounts, **values):
        values = {"summary": "Theirs", **self.at(), **values}
        return self.eve.insert(values | self.guests(*accounts))["id"]

    def guests(self, *accounts):
        return {"attendees": [{"email": account.email} for account in accounts]}

    def shown(self):
        """Return what Odoo shows: when, what, where and who."""
        return [
            (m.start, m.name, m.location or "", set(m.attendee_ids.mapped("email")))
            for m in self.meetings()
        ]

    def pull_each(self, *accounts):
        for account in accounts:
            self.pull(account)

    def check_in_both_orders(self, check):
        for order in ((self.ann, self.bob), (self.bob, self.ann)):
            with self.subTest(first=order[0].email):
                check(order)
            self.meetings().unlink()

    def test_a_meeting_goes_on_as_the_next_copy_says(self):
        def check(order):
            event = self.invite(self.ann, self.bob)
            self.pull_each(self.ann, self.bob)
            self.eve.patch(event, {"summary": "Theirs now", **self.guests(self.bob)})
            self.pull_each(*order)
            expected = (self.utc(), "Theirs now", "", {self.bob.email})
            self.assertEqual(self.shown(), [expected])
            self.eve.patch(event, {"location": "Room 3"})
            self.pull()
            self.assertEqual(self.meetings().location, "Room 3")

        self.check_in_both_orders(check)

    def test_a_series_goes_on_as_the_next_copy_says(self):
        def check(order):
            event = self.invite(self.ann, self.bob, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
            self.pull_each(self.ann, self.bob)
            records = self.meetings()
            self.eve.patch(event, {**self.at(hour=11), **self.guests(self.bob)})
            self.pull_each(*order)
            self.assertEqual(
                self.shown(),
                [(self.utc(7 * n, 11), "Theirs", "", {self.bob.email}) for n in range(3)],
            )
            self.assertEqual(self.meetings(), records)

        self.check_in_both_orders(check)

    def test_an_occurrence_goes_on_where_its_series_goes(self):
        def check(order):
            event = self.invite(self.ann, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
            self.pull()
            second = self.eve.instances(event)[1]["id"]
            self.eve.patch(event, {"attendees": []})
            self.eve.patch(second, {"location": "Room 3", **self.guests(self.bob)})
            self.pull_each(*order)
            expected = (self.utc(7), "Theirs", "Room 3", {self.bob.email})
            self.assertEqual(self.shown(), [expected])
            self.eve.patch(second, {"summary": "Ours"})
            self.pull()
            self.assertEqual(self.meetings().name, "Ours")

        self.check_in_both_orders(check)
