"""A service that mails with every change: what is saved waits here until somebody sends it."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.synced_meetings.store import outbox, rows
from odoo.addons.synced_meetings.sync import codec

from .common import PROVIDER, AccountSetting

GUEST = "olson@acme.example"


@tagged("post_install", "-at_install")
class TestHeld(AccountSetting, TransactionCase):
    """Ann's calendar tells everybody of everything; Addison was invited to a talk in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        model = cls.env.registry["synced.account"]
        cls.startClassPatcher(patch.object(model, "_saves_quietly", lambda account: False))

    def setUp(self):
        super().setUp()
        account = self.env["synced.account"].create({"provider": PROVIDER, "user_id": self.ann.id})
        account.write({"state": "connected", "email": self.ann.email, "mailbox_id": "ann"})
        account.database_uuid = account._this_database()
        values = {"account_id": account.id, "remote_id": "main", "name": "Main", "primary": True}
        self.calendar = self.env["synced.calendar"].create(
            values | {"access": "owner", "selected": True}
        )
        self.talk = self.meeting()

    def meeting(self, **values):
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        guest = {"email": GUEST, "name": "Addison"}
        made = self.env["synced.meeting"].with_user(self.ann)
        talk = made.create(
            {"name": "Renewal", "start": start, "attendee_ids": [Command.create(guest)]} | values
        )
        self.arrived(talk)
        return talk

    def arrived(self, talk):
        """Let the calendar have what stands here, and the guest know it."""
        known = talk.sudo()
        current = known._version()
        known.attendee_ids._bring_in({"asked_version": current, "told_version": current})
        link = known.link_ids
        self.assertEqual(link.calendar_id, self.calendar)
        link.write({"remote_id": f"id {link.id}", "change_key": "1", "organises": True})
        link.write({"base": codec.dump(rows.event_of(known)), "sent": False})
        link._compare()
        self.assertFalse(link.dirty)

    def due(self, later=0):
        """Return what a run would write now, as (name, whether people are told)."""
        domain = outbox.due_domain(fields.Datetime.now() + timedelta(seconds=later))
        found = self.env["synced.meeting.link"].search(domain)
        with patch.object(outbox, "due_domain", lambda now: domain):
            return [
                (one.link.local and one.link.local.name, one.tell)
                for one in outbox.due(found.calendar_id, 10)
                if found
            ]

    def test_a_saved_change_waits_and_is_no_reason_to_run(self):
        self.talk.name = "Contract"
        self.assertTrue(self.talk.sudo().link_ids.dirty)
        self.assertEqual(self.due(), [])
        self.calendar.due = False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.assertFalse(self.env(cr=cr)["synced.calendar"]._take_due())
        self.assertEqual(self.talk.invite_state, "changed")
        self.assertIn("Stays here until you send it", self.talk.save_effect)

    def test_sending_lets_it_go_and_undoing_holds_it_again(self):
        self.talk.name = "Contract"
        self.talk.action_send()
        self.assertEqual(self.due(later=60), [("Contract", True)])
        self.talk.action_undo_send()
        self.assertEqual(self.due(later=60), [])

    def test_what_nobody_is_told_of_goes_at_once(self):
        self.talk.show_as = "free"
        self.assertEqual(self.due(), [("Renewal", False)])

    def test_what_is_mailed_though_it_tells_nothing_new_waits_as_well(self):
        self.talk.privacy = "private"
        self.assertEqual(self.due(), [])
        self.assertEqual((self.talk.untold_count, self.talk.invite_state), (1, "changed"))
        self.assertIn("waits here until you send it", self.talk.telling_text)
        self.talk.action_send()
        self.assertEqual(self.due(later=60), [("Renewal", True)])

    def test_a_meeting_without_guests_goes_at_once(self):
        alone = self.meeting(name="Alone", attendee_ids=[])
        alone.name = "Still alone"
        self.assertEqual(self.due(), [("Still alone", False)])

    def test_a_guest_who_was_not_invited_yet_is_not_in_the_calendar(self):
        self.talk.attendee_ids = [Command.create({"email": "new@acme.example"})]
        self.assertFalse(self.talk.sudo().link_ids.dirty)
        self.talk.action_send()
        self.assertEqual(self.due(later=60), [("Renewal", True)])

    def test_a_guest_who_was_taken_off_hears_of_it_when_it_is_sent(self):
        self.talk.attendee_ids = [Command.delete(self.talk.attendee_ids.id)]
        self.assertEqual(self.due(), [])
        self.assertEqual((self.talk.untold_count, self.talk.invite_state), (1, "changed"))
        self.assertIn(GUEST, self.talk.telling_text)
        self.talk.action_send()
        self.assertEqual(self.due(later=60), [("Renewal", True)])
        self.talk.action_undo_send()
        self.assertEqual(self.due(later=60), [])

    def test_what_was_changed_back_is_held_no_more(self):
        self.talk.name = "Contract"
        self.talk.name = "Renewal"
        self.assertFalse(self.talk.sudo().link_ids.held)
        self.assertEqual((self.due(), self.talk.invite_state), ([], "sent"))

    def test_it_is_not_deleted_without_a_word(self):
        for door in ("unlink", "action_cancel_quietly"):
            with self.assertRaisesRegex(UserError, "Nothing was deleted"):
                getattr(self.talk, door)()
        self.assertFalse(self.talk.deletion_choice()["quiet"])
        self.talk.action_cancel_and_tell()
        self.assertEqual(self.due(), [(None, True)])

    def test_cancelling_asks_only_what_can_be_chosen(self):
        wizard = self.env["synced.meeting.cancel"].with_user(self.ann)
        wizard = wizard.create({"meeting_id": self.talk.id})
        self.assertFalse(wizard.quiet)
        self.assertIn("A cancellation goes to 1 people", wizard.consequence)
        wizard.action_cancel()
        self.assertEqual(self.due(), [(None, True)])
