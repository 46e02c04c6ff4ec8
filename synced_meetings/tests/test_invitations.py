"""Where no calendar of the organiser tells the people, Odoo mails them: once, and what is so."""

from datetime import timedelta

import vobject

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.misc import hash_sign

from odoo.addons.synced_meetings.models.synced_meeting_mail import SCOPE

from .meetings import MeetingCase


class InvitationCase(MeetingCase):
    """Ann, who has connected no calendar, invites Addison."""

    def setUp(self):
        super().setUp()
        self.olson.email = "olson@acme.example"
        self.start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        values = {"name": "Renewal", "start": self.start, "person_ids": [(4, self.olson.id)]}
        self.talk = self.env["synced.meeting"].with_user(self.ann).create(values)
        self.guest = self.talk.sudo().attendee_ids

    def tell(self):
        """Run the job, as if the moment in which a sending can be undone were over."""
        self.env["synced.meeting"].with_context(active_test=False).search([]).tell_after = False
        self.run_job()

    def run_job(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.meeting"]._tell_waiting()
        self.env.invalidate_all()

    def mails(self):
        return self.env["mail.mail"].search([("email_to", "ilike", "olson@acme.example")])

    def ics(self, mail):
        return vobject.readOne(mail.attachment_ids.raw.decode())


@tagged("post_install", "-at_install")
class TestInvitations(InvitationCase):
    def test_nobody_is_told_unasked_and_everybody_once(self):
        self.tell()
        self.assertFalse(self.mails())
        self.talk.action_send()
        self.run_job()
        self.assertFalse(self.mails(), "a sending can be undone for ten seconds")
        self.tell()
        self.tell()
        self.talk.action_send()
        self.tell()
        self.assertEqual(len(self.mails()), 1)
        self.assertEqual(self.talk.invite_state, "sent")

    def test_the_calendar_file_says_what_is_so(self):
        self.talk.write({"location": "Room 3; second, left", "description": "<p>A &amp; B</p>"})
        self.talk.action_send()
        self.tell()
        message = self.ics(self.mails())
        event = message.vevent
        self.assertEqual(message.method.value, "REQUEST")
        self.assertEqual(event.uid.value, self.talk.ical_uid)
        self.assertEqual(event.dtstart.value.replace(tzinfo=None), self.start)
        self.assertEqual(event.location.value, "Room 3; second, left")
        self.assertEqual(event.description.value.strip(), "A & B")
        self.assertEqual(event.attendee.value, "mailto:olson@acme.example")
        self.assertEqual(event.organizer.value, f"mailto:{self.ann.email}")

    def test_a_change_and_a_cancellation_go_on_from_there(self):
        self.talk.action_send()
        self.tell()
        self.talk.write({"start": self.start + timedelta(hours=2)})
        self.tell()
        self.assertEqual(len(self.mails()), 1, "plain Save tells nobody")
        self.assertEqual(self.talk.invite_state, "changed")
        self.talk.action_send()
        self.tell()
        self.talk.action_cancel_and_tell()
        self.tell()
        files = [self.ics(mail) for mail in self.mails().sorted("id")]
        self.assertEqual([f.method.value for f in files], ["REQUEST", "REQUEST", "CANCEL"])
        self.assertEqual([f.vevent.sequence.value for f in files], ["1", "2", "3"])
        self.assertEqual(len({f.vevent.uid.value for f in files}), 1)

    def test_undone(self):
        self.talk.action_send()
        self.talk.action_undo_send()
        self.tell()
        self.assertFalse(self.mails())
        self.assertEqual(self.talk.invite_state, "draft")

    def test_what_is_over_or_waited_a_day_asks_again(self):
        """Rule R19."""
        self.talk.action_send()
        self.talk.sudo().tell_after = fields.Datetime.now() - timedelta(days=2)
        self.run_job()
        self.assertFalse(self.mails())
        self.assertEqual(self.talk.invite_state, "draft")

    def invite_all(self, name, first, last):
        """Return a meeting of Ann's with so many people of a crowd."""
        people = self.env["res.partner"].create(
            [{"name": f"P{n}", "email": f"p{n}@acme.example"} for n in range(first, last)]
        )
        values = {"name": name, "start": self.start, "person_ids": [(6, 0, people.ids)]}
        return self.talk.create(values)

    def mailed(self):
        return self.env["mail.mail"].search_count([("email_to", "ilike", "acme.example")])

    def test_very_many_people_are_not_mailed_by_one_click(self):
        """Rule R13: more than ten, and a fifth of whom the organiser invites to what is ahead."""
        talks = self.talk | self.invite_all("All", 0, 11)
        with self.assertRaisesRegex(UserError, "12 people about 2 meetings"):
            talks.action_send()
        self.tell()
        self.assertFalse(self.mailed())
        crowd = self.invite_all("Crowd", 11, 58)
        with self.assertRaisesRegex(UserError, "12 people"):
            talks.action_send()
        self.invite_all("One more", 58, 59)
        talks.action_send()
        self.tell()
        self.assertEqual(self.mailed(), 12)
        crowd.action_send()
        self.tell()
        (talks | crowd).action_send()  # whom it adds nobody to
        self.tell()
        self.assertEqual(self.mailed(), 59)

    def test_nor_that_meetings_are_cancelled(self):
        talks = self.talk | self.invite_all("All", 0, 11)
        for talk in talks:
            talk.action_send()
        self.tell()
        for cancel in (talks.action_cancel_and_tell, talks.delete_and_tell):
            with self.assertRaisesRegex(UserError, "12 people that 2 meetings"):
                cancel()
        self.tell()
        self.assertEqual(set(talks.mapped("state")), {"confirmed"})
        self.assertEqual(self.mailed(), 12)
        talks[0].action_cancel_and_tell()
        talks.action_cancel_quietly()
        self.tell()
        self.assertEqual(self.mailed(), 13)

    def test_who_has_no_address_stops_the_sending_and_not_the_saving(self):
        self.talk.write({"person_ids": [(4, self.steward.id)]})
        with self.assertRaisesRegex(UserError, "Floyd Steward"):
            self.talk.action_send()
        self.tell()
        self.assertFalse(self.mails())


@tagged("post_install", "-at_install")
class TestAnswers(HttpCase, InvitationCase):
    def run_job(self):
        with self.registry.cursor() as cr:
            self.env(cr=cr)["synced.meeting"]._tell_waiting()
        self.env.invalidate_all()

    def test_one_person_answers_by_the_link(self):
        self.talk.action_send()
        self.tell()
        url = self.guest._answer_url("accepted").split("/synced_meetings", 1)[1]
        page = self.url_open("/synced_meetings" + url)
        self.assertIn("Renewal", page.text)
        self.assertEqual(self.guest.response, "needs_action", "a scanner of mails answers nothing")
        self.url_open("/synced_meetings" + url, data={"a": "b"})
        self.env.invalidate_all()
        self.assertEqual(self.guest.response, "accepted")

    def test_a_link_that_is_not_ones_own_answers_nothing(self):
        url = self.guest._answer_url("accepted").split("/synced_meetings", 1)[1]
        for wrong in (url.replace("/accepted", "/needs_action"), "/answer/AQ/accepted", url[:20]):
            page = self.url_open("/synced_meetings" + wrong, data={"a": "b"})
            self.assertEqual(page.status_code, 404, wrong)
        self.guest._bring_in({"email": "other@acme.example"})
        page = self.url_open("/synced_meetings" + url, data={"a": "b"})
        self.assertEqual(page.status_code, 404)
        self.assertEqual(self.guest.response, "needs_action")

    def answered(self, url, **values):
        """Return the status of a click on an answer."""
        path = "/synced_meetings" + url.split("/synced_meetings", 1)[1]
        status = self.url_open(path, data={"a": "b"}, allow_redirects=False, **values).status_code
        self.env.invalidate_all()
        return status

    def test_a_link_is_good_for_one_person_one_meeting_and_its_time(self):
        self.talk.write({"person_ids": [(4, self.steward.id)]})
        other = self.talk.sudo().attendee_ids - self.guest
        other._bring_in({"email": "steward@acme.example"})
        url = self.guest._answer_url("accepted")
        token = url.split("/answer/")[1].split("/")[0]
        for at in range(0, len(token), 7):
            changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
            self.assertEqual(self.answered(url.replace(token, changed)), 404, at)
        self.assertEqual({row.response for row in self.guest | other}, {"needs_action"})
        self.assertEqual(self.answered(url), 200)
        self.assertEqual((self.guest.response, other.response), ("accepted", "needs_action"))
        mine = hash_sign(
            self.env(su=True), "another.scope", [other.id, other.email], expiration_hours=1
        )
        self.assertEqual(self.answered(url.replace(token, mine)), 404)
        over = hash_sign(
            self.env(su=True),
            SCOPE,
            [other.id, other.email],
            expiration=fields.Datetime.now() - timedelta(minutes=1),
        )
        self.assertEqual(self.answered(url.replace(token, over)), 404)
        self.assertEqual(other.response, "needs_action")
        self.talk.action_cancel_quietly()
        self.assertEqual(self.answered(other._answer_url("accepted")), 404)

    def test_a_link_leads_nowhere_else(self):
        url = self.guest._answer_url("accepted")
        for more in ("?redirect=https://evil.example", "?next=//evil.example"):
            page = self.url_open(url + more, allow_redirects=False)
            self.assertEqual(page.status_code, 200)
            self.assertNotIn("evil.example", page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
