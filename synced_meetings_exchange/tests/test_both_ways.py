"""What is done in Odoo reaches Microsoft 365 and an own server, and comes back."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .graph_case import ANN, BEN, GraphCase
from .test_connect_server import ServerCase

GUEST = "olson@acme.example"


class Both:
    """For both services: Ann, whose calendar is connected, and the runs of the job."""

    def run_now(self):
        """Run, and see that everything went well."""
        self.run_job()
        calendars = self.env["synced.calendar"].search([("selected", "=", True)])
        self.assertEqual(calendars.mapped("last_error"), [False] * len(calendars))
        links = self.env["synced.meeting.link"].search([])
        self.assertFalse(links.filtered("last_error"), links.mapped("last_error"))
        self.assertFalse(self.env["synced.sync.quarantine"].search([]))

    def run_job(self):
        self.env["synced.meeting.link"].search([]).next_try = False
        self.env["synced.calendar"].search([("selected", "=", True)])._mark_due()
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.calendar"]._run_due()
        self.env.invalidate_all()

    def check_it_wakes(self, card, rename, reconnect):
        """Check that a copy rests while its card is disconnected, and is the same afterwards."""
        talk = self.make(attendee_ids=[])
        self.run_now()
        links = self.env["synced.meeting.link"].search([])
        card.action_disconnect()
        rename("Contract")
        self.run_now()
        self.assertEqual(talk.name, "Renewal")
        reconnect()
        self.run_now()
        self.assertEqual((talk.name, len(self.found())), ("Contract", 1))
        self.assertEqual(self.env["synced.meeting.link"].search([]), links)
        self.assertEqual((self.subjects(), self.mailed()), (["Contract"], []))

    def make(self, **values):
        start = fields.Datetime.now().replace(microsecond=0, second=0) + timedelta(days=3)
        guest = {"email": GUEST, "name": "Addison"}
        meetings = self.env["synced.meeting"].with_user(self.ann)
        made = {"name": "Renewal", "start": start, "attendee_ids": [Command.create(guest)]}
        return meetings.create(made | values)

    def cancel(self, meeting, message):
        wizards = self.env["synced.meeting.cancel"].with_user(self.ann)
        wizard = wizards.create({"meeting_id": meeting.id, "message": message})
        wizard.action_cancel_and_tell()
        self.run_now()

    def found(self):
        """Return all meetings, by name."""
        meetings = self.env["synced.meeting"].search([])
        return {meeting.name: meeting for meeting in meetings}


@tagged("post_install", "-at_install")
class TestMicrosoft365(Both, GraphCase):
    def setUp(self):
        super().setUp()
        self.ann = self.user
        self.click()
        self.run_now()
        self.outlook = self.graph.user(ANN)

    def subjects(self):
        return sorted(event["subject"] for event in self.outlook.events())

    def mailed(self):
        return [mail.to for mail in self.graph.mails]

    def test_what_stands_in_outlook_is_read_and_follows(self):
        event = self.outlook.create(self.body("Review"))
        self.run_now()
        meeting = self.found()["Review"]
        self.outlook.patch(event["id"], {"subject": "Review, moved", "location": self.place()})
        self.run_now()
        self.assertEqual((meeting.name, meeting.location), ("Review, moved", "Roof"))
        self.outlook.delete(event["id"])
        self.run_now()
        self.assertFalse(meeting.active)

    def test_a_change_waits_until_it_is_sent(self):
        talk = self.make()
        self.run_now()
        [event] = self.outlook.events()
        self.assertEqual((event["attendees"], self.mailed()), ([], []), "saved, not sent")
        talk.action_send()
        self.run_now()
        self.assertEqual(self.mailed(), [GUEST])
        self.assertEqual(talk.invite_state, "sent")
        talk.name = "Contract"
        self.run_now()
        self.assertEqual((self.subjects(), self.mailed()), (["Renewal"], [GUEST]))
        self.assertIn("Microsoft 365", talk.save_effect)
        talk.action_send()
        self.run_now()
        self.assertEqual((self.subjects(), self.mailed()), (["Contract"], [GUEST] * 2))
        self.run_now()
        self.assertEqual((talk.invite_state, self.mailed()), ("sent", [GUEST] * 2))
        self.assertEqual(len(self.found()), 1)

    def test_a_private_flag_is_no_reason_to_mail(self):
        talk = self.make()
        talk.action_send()
        self.run_now()
        talk.privacy = "private"
        self.run_now()
        self.assertEqual(self.mailed(), [GUEST])

    def test_it_is_cancelled_with_a_word_or_not_at_all(self):
        talk = self.make()
        talk.action_send()
        self.run_now()
        with self.assertRaisesRegex(UserError, "Microsoft 365 tells everybody"):
            talk.unlink()
        talk.action_cancel_and_tell()
        self.run_now()
        self.assertEqual((self.subjects(), self.mailed()), ([], [GUEST] * 2))

    def hidden(self, **values):
        """Return a meeting that was sent, and then hidden by its organiser."""
        talk = self.make(**values)
        talk.action_send()
        self.run_now()
        self.assertTrue(talk.deletion_choice()["hide"])
        self.graph.requests.clear()
        self.graph.mails.clear()
        talk.action_hide()
        self.run_now()
        asked = [one.path for one in self.graph.requests if "/me/" in one.path]
        self.assertEqual(asked, ["/v1.0/me/calendarView/delta"], "a run without news")
        self.assertEqual((self.subjects(), self.mailed(), self.found()), (["Renewal"], [], {}))
        return talk

    def test_it_is_hidden_and_nothing_brings_it_back_but_a_person(self):
        talk = self.hidden()
        [event] = self.outlook.events()
        self.outlook.patch(event["id"], {"location": self.place()})
        self.run_now()
        self.env["synced.calendar"].search([]).sync_token = False
        self.run_now()
        self.assertEqual((self.found(), talk.active, talk.location), ({}, False, False))
        with self.assertRaisesRegex(UserError, "is hidden"):
            talk.active = True
        self.assertTrue(talk.restorable and talk.hidden)
        talk.action_restore()
        self.assertEqual(list(self.found()), ["Renewal"])
        self.run_now()
        self.assertEqual((talk.location, talk.hidden, talk.link_ids.dirty), ("Roof", False, False))
        self.assertEqual(
            [event["location"]["displayName"] for event in self.outlook.events()], ["Roof"]
        )
        self.assertEqual(self.mailed(), [GUEST], "only the change that was made in Outlook")

    def test_what_was_typed_before_it_was_hidden_is_still_there(self):
        talk = self.make()
        talk.action_send()
        self.run_now()
        talk.name = "Contract"
        talk.action_hide()
        [event] = self.outlook.events()
        self.outlook.patch(event["id"], {"location": self.place()})
        self.run_now()
        talk.action_restore()
        self.run_now()
        self.assertEqual((talk.name, talk.location), ("Contract", "Roof"))
        self.assertEqual((self.subjects(), talk.invite_state), (["Renewal"], "changed"))

    def test_a_hidden_one_that_is_cancelled_in_outlook_is_cancelled(self):
        talk = self.hidden()
        self.outlook.delete(self.outlook.events()[0]["id"])
        self.run_now()
        self.assertEqual((talk.active, talk.state, talk.hidden), (False, "cancelled", False))

    def test_one_of_a_series_or_all_of_it_are_hidden(self):
        talk = self.make(repeat="daily", repeat_count=4)
        talk.action_send()
        self.run_now()
        rows = talk.series_id.meeting_ids.sorted("start")
        rows[1].with_user(self.ann).action_hide()
        self.run_now()
        [event] = self.outlook.events()
        self.outlook.patch(event["id"], {"location": self.place()})
        self.env["synced.calendar"].search([]).sync_token = False
        self.run_now()
        active = rows.mapped("active")
        self.assertEqual((active, rows[2].location), ([True, False, True, True], "Roof"))
        wizard = self.env["synced.meeting.cancel"].with_user(self.ann)
        wizard.create({"meeting_id": rows[2].id, "scope": "all"}).action_hide()
        self.env["synced.calendar"].search([]).sync_token = False
        self.run_now()
        self.assertEqual(self.found(), {})
        rows[3].with_user(self.ann).action_restore()
        self.run_now()
        self.assertEqual(rows.mapped("active"), [True] * 4)
        self.assertEqual(len(self.outlook.events()), 1)

    def test_a_message_goes_with_the_cancellation(self):
        talk = self.make()
        talk.action_send()
        self.run_now()
        self.cancel(talk, "I am ill")
        self.assertEqual((self.subjects(), self.graph.mails[-1].comment), ([], "I am ill"))
        self.assertFalse(self.env["mail.mail"].search([("email_to", "ilike", GUEST)]))

    def test_microsoft_makes_a_teams_meeting(self):
        talk = self.make(conference_wanted=True)
        self.run_now()
        url = talk.conference_url
        self.assertIn("teams", url)
        talk.name = "Renewal, by video"
        self.run_now()
        [event] = self.outlook.events()
        self.assertEqual((event["onlineMeeting"]["joinUrl"], self.mailed()), (url, []))
        other = self.make(name="Other", attendee_ids=[])
        self.run_now()
        other.conference_wanted = True
        self.run_now()
        self.assertTrue(other.conference_url)

    def test_a_guest_answers(self):
        start = (fields.Datetime.now() + timedelta(days=2)).replace(microsecond=0)
        invitation = self.body("Planning", start) | {
            "attendees": [{"type": "required", "emailAddress": {"address": ANN, "name": "Ann"}}]
        }
        self.graph.user(BEN).create(invitation)
        self.user.email = ANN
        self.run_now()
        meeting = self.found()["Planning"].with_user(self.ann)
        meeting.action_accept()
        self.run_now()
        [event] = self.graph.user(BEN).events()
        self.assertEqual(event["attendees"][0]["status"]["response"], "accepted")

    def test_the_same_mailbox_wakes_its_meetings(self):
        def rename(name):
            [event] = self.outlook.events()
            self.outlook.patch(event["id"], {"subject": name})

        self.check_it_wakes(self.card, rename, self.click)

    def place(self):
        return {"displayName": "Roof"}


@tagged("post_install", "-at_install")
class TestOwnServer(Both, ServerCase):
    def setUp(self):
        super().setUp()
        self.card = self.card_of()
        self.connected(self.card)
        self.run_now()
        self.outlook = self.exchange.user(ANN)

    def subjects(self):
        return sorted(item.data["Subject"] for item in self.outlook.items())

    def mailed(self):
        return [mail.to for mail in self.exchange.mails]

    def test_a_save_is_quiet_and_sending_tells_once(self):
        talk = self.make()
        self.run_now()
        self.assertEqual((self.subjects(), self.mailed()), (["Renewal"], []))
        talk.action_send()
        self.run_now()
        self.assertEqual(self.mailed(), [GUEST])
        talk.name = "Contract"
        self.run_now()
        self.assertEqual((self.subjects(), self.mailed()), (["Contract"], [GUEST]))
        self.assertEqual(talk.invite_state, "changed")
        self.run_now()
        self.assertEqual(len(self.found()), 1)

    def test_a_message_goes_with_the_cancellation(self):
        talk = self.make()
        self.assertFalse(talk.conference_name)
        talk.action_send()
        self.run_now()
        self.cancel(talk, "I am ill")
        self.assertEqual((self.subjects(), self.exchange.mails[-1].body), ([], "I am ill"))
        self.assertEqual(self.exchange.mails[-1].reason, "cancellation")

    def test_what_is_deleted_here_goes_quietly(self):
        talk = self.make()
        talk.action_send()
        self.run_now()
        talk.unlink()
        self.run_now()
        self.assertEqual((self.subjects(), self.mailed()), ([], [GUEST]))

    def test_the_same_mailbox_wakes_its_meetings(self):
        def reconnect():
            with self.assertRaisesRegex(UserError, "belongs to ann@corp.example"):
                self.card.email = "bob@corp.example"
            self.card.password = "Ann's secret"
            self.connected(self.card)

        self.check_it_wakes(self.card, self.rename, reconnect)

    def rename(self, name):
        [item] = self.outlook.items()
        self.outlook.update(item.id, Subject=name)
