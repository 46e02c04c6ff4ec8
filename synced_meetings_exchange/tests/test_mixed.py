"""Organiser and guest at different services: one meeting, whatever happens on either side (S36)."""

from itertools import product

from odoo.tests import tagged

from .mixed_case import AtGoogle, AtMicrosoft, AtOwnServer, MixedCase


@tagged("post_install", "-at_install")
class TestMixed(MixedCase):
    def setUp(self):
        super().setUp()
        self.gina = AtGoogle(self, "Gina")
        self.sam, self.mia = AtOwnServer(self, "Sam"), AtMicrosoft(self, "Mia")

    def test_google_invites_an_own_server(self):
        self.in_either_order(self.gina, self.sam)

    def test_google_invites_microsoft_365(self):
        self.in_either_order(self.gina, self.mia)

    def test_an_own_server_invites_google(self):
        self.in_either_order(self.sam, self.gina)

    def test_microsoft_365_invites_google(self):
        self.in_either_order(self.mia, self.gina)

    def in_either_order(self, organiser, guest):
        for number, order in enumerate(((organiser, guest), (guest, organiser))):
            with self.subTest(first=order[0].name):
                self.story(organiser, guest, f"Talk {number}", order)

    def story(self, organiser, guest, subject, order):
        """Invite, answer, change on either side, cancel: it is one meeting all the time."""
        guest.receive(organiser.invite(guest, subject))
        self.assertEqual(self.runs(order), [])
        meeting = self.one(subject)
        self.assertEqual((meeting.user_id, len(meeting.link_ids)), (organiser.user, 2))
        self.assertEqual(meeting.user_ids, organiser.user | guest.user)

        meeting.with_user(guest.user).action_accept()
        self.assertLessEqual(set(self.runs(order)), {organiser.email}, "the guest's own answer")
        self.assertEqual(guest.answer(subject), "accepted")
        organiser.hear(subject, guest, "accepted")
        self.assertEqual(self.runs(order), [])
        self.assertEqual(self.one(subject).attendee_ids.mapped("response"), ["accepted"])
        self.assertEqual((organiser.answer(subject), guest.answer(subject)), ("accepted",) * 2)

        organiser.rename(subject, f"Longer {subject}")
        self.assertEqual(self.runs(order), [])
        self.assertEqual(self.one(f"Longer {subject}"), meeting)
        guest.hear_of(subject, f"Longer {subject}")
        subject = f"Longer {subject}"
        self.assertEqual(self.runs(order), [])

        meeting.with_user(organiser.user).location = "Roof"
        meeting.with_user(organiser.user).action_send()
        self.assertEqual(self.runs(order), [guest.email], "once, for it was asked for")
        self.assertEqual(organiser.place(subject), "Roof")
        self.assertEqual(self.one(subject), meeting)

        meeting.with_user(organiser.user).action_cancel_and_tell()
        self.assertEqual(self.runs(order), [guest.email])
        self.assertIsNone(organiser.copy(subject))
        if guest.copy(subject):
            guest.remove(subject)
        self.assertEqual(self.runs(order), [])
        self.assertFalse(self.env["synced.meeting"].search([("name", "=", subject)]))
        self.assertEqual((meeting.active, meeting.state), (False, "cancelled"))

    def runs(self, order):
        """Let both calendars run twice, in this order; return who was mailed."""
        return [email for _, person in product(range(2), order) for email in self.run_only(person)]

    def one(self, subject):
        [meeting] = self.env["synced.meeting"].search([("name", "=", subject)])
        self.assertEqual(len(self.env["synced.meeting"].search([])), 1)
        return meeting
