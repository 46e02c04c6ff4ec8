"""Hostile input at the doors: a sentence or a refusal, and nothing lost."""

import email
from datetime import timedelta

import vobject

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.synced_meetings.store.people import People

from .test_invitations import InvitationCase
from .test_writing import WritingCase

REFUSALS = (AccessError, UserError, ValidationError)
LINES = "Plan\r\nBcc: evil@x.example\nATTENDEE:mailto:evil@x.example"


@tagged("post_install", "-at_install")
class TestHostileValues(WritingCase):
    def refusal(self, act):
        """Return the sentence that refuses ``act``."""
        try:
            with self.env.cr.savepoint():
                act()
        except REFUSALS as refusal:
            self.env.invalidate_all()
            return str(refusal)
        raise self.failureException("It was not refused.")

    def refused(self, **values):
        """Check that a sentence refuses ``values`` for a new meeting and for one that is there."""
        before = self.meeting.read(["name", "start", "stop", "timezone"])
        new = {"name": "n", "start": self.start} | values
        for act in (
            lambda: self.env["synced.meeting"].with_user(self.ann).create(new),
            lambda: self.meeting.with_user(self.ann).write(values),
        ):
            with self.subTest(values=str(values)[:80]):
                self.assertGreater(len(self.refusal(act)), 20)
        self.assertEqual(self.meeting.read(["name", "start", "stop", "timezone"]), before)

    def test_repetitions(self):
        for said in (
            {"repeat_days": "XX"},
            {"repeat_days": "MO;UNTIL=19700101T000000Z"},
            {"repeat_days": "MO\nRRULE:FREQ=SECONDLY"},
            {"repeat_days": ["MO"]},
            {"repeat_count": -1},
            {"repeat_count": 10**12},
            {"repeat_count": "x"},
            {"repeat_every": -3},
            {"repeat_every": 10**12},
            {"repeat_until": "yesterday"},
        ):
            self.refused(repeat="weekly", **said)
        for frequency in ("secondly", "FREQ=DAILY;COUNT=1", 7):
            self.refused(repeat=frequency)

    def test_a_scope_that_does_not_exist(self):
        talk = self.meet("Weekly", repeat="weekly", repeat_count=3)
        self.refusal(
            lambda: talk.with_user(self.ann).write({"name": "x", "apply_to": "everything"})
        )

    def test_zones(self):
        for zone in ("Mars/Olympus", "../../etc/passwd", "x" * 5000, "Europe/Berlin\nX:y"):
            self.refused(timezone=zone)

    def test_addresses(self):
        for address in (
            "a@x.example, evil@x.example",
            "a@x.example\nBcc: evil@x.example",
            "a@x.example\r\nATTENDEE:mailto:evil@x.example",
            '"a" <a@x.example>',
            "a@x.example>",
            "no address",
            "a b@x.example",
            "a@x.example;cn=evil",
        ):
            self.refused(attendee_ids=[Command.create({"email": address})])
            row = self.row(self.contact).with_user(self.ann)
            with self.subTest(address):
                self.refusal(lambda row=row, a=address: row.write({"email": a}))

    def test_moments(self):
        mine = self.meeting.with_user(self.ann)
        for said in (
            {"start": "soon"},
            {"stop": "9999-99-99 00:00:00"},
            {"duration": 10**9},
            {"start": self.start, "stop": self.start - timedelta(days=1)},
        ):
            with self.subTest(str(said)):
                self.refusal(lambda said=said: mine.write(said))

    def test_a_script_is_not_kept(self):
        self.meeting.with_user(self.ann).write(
            {"description": "<p onclick='x()'>a</p><script>alert(1)</script>", "name": LINES}
        )
        self.assertNotIn("script", self.meeting.description)
        self.assertNotIn("onclick", self.meeting.description)
        self.assertNotIn("\n", self.meeting.name)
        self.meeting.with_user(self.bob).notes = "<img src=x onerror=alert(1)>b"
        self.assertNotIn("onerror", self.meeting.notes)

    def test_very_many_people(self):
        """Rule R24: more than a calendar takes are refused at Send."""
        people = [Command.create({"email": f"p{n}@x.example"}) for n in range(10_000)]
        meeting = (
            self.env["synced.meeting"]
            .with_user(self.ann)
            .create({"name": "n", "start": self.start, "attendee_ids": people})
        )
        self.assertEqual(len(meeting.attendee_ids), 10_000)
        with self.assertRaisesRegex(UserError, "200"):
            meeting.action_send()

    def test_archived_and_back(self):
        mine = self.meeting.with_user(self.ann)
        copies = self.meeting.link_ids
        mine.active = False
        mine.active = True
        self.assertEqual(self.meeting.link_ids, copies)
        self.assertEqual(self.meeting.state, "confirmed")
        copies.state = "gone"
        self.meeting._bring_in({"active": False, "state": "cancelled"})
        with self.assertRaisesRegex(UserError, "estore"):
            mine.active = True

    def test_an_answer_that_is_none(self):
        for said in ("perhaps", ["accepted"], None):
            self.refusal(lambda s=said: self.meeting.with_user(self.bob).action_answer(s))

    def test_who_says_the_address_of_another_is_not_the_other(self):
        """A guest's address on one's own card makes nobody a reader of the guest's meetings."""
        guest = "guest@far.example"
        self.eve.with_user(self.eve).email = guest
        self.env.flush_all()
        people = People(self.env(su=True), {guest}, self.env.company)
        self.assertFalse(people.user(guest))
        self.eve.email = guest  # an administrator says it
        people = People(self.env(su=True), {guest}, self.env.company)
        self.assertEqual(people.user(guest), self.eve.id)


@tagged("post_install", "-at_install")
class TestHostileMail(InvitationCase):
    def test_nothing_said_becomes_a_header_or_a_line(self):
        self.talk.sudo()._bring_in({"name": LINES, "location": LINES, "ical_uid": "u\nX-EVIL:1"})
        self.guest._bring_in({"name": 'Ad"dison\r\nBcc: evil@x.example'})
        self.talk.sudo().user_id.name = "Ann\r\nBcc: evil@x.example"
        self.talk.sudo().organiser_email = "ann@x.example\nATTENDEE:mailto:evil@x.example"
        values = self.talk.sudo()._mail_to(self.guest)
        mail = self.env["mail.mail"].create(values)
        server = self.env["ir.mail_server"]
        message = server._build_email__(
            email_from=mail.email_from,
            email_to=[mail.email_to],
            subject=mail.subject,
            body=mail.body_html,
            reply_to=mail.reply_to,
        )
        parsed = email.message_from_bytes(message.as_bytes())
        self.assertFalse(parsed["Bcc"])
        self.assertNotIn("evil", " ".join(key for key in parsed))
        text = mail.attachment_ids.raw.decode()
        event = vobject.readOne(text).vevent
        self.assertEqual(len(event.contents["attendee"]), 1)
        self.assertNotIn("x-evil", event.contents)
        unfolded = text.replace("\r\n ", "")
        self.assertNotIn("\nATTENDEE:mailto:evil", unfolded)
        self.assertNotIn("\nBcc", unfolded)
        self.assertNotIn("<script", mail.body_html)

    def test_the_words_of_a_meeting_are_text_in_the_mail(self):
        self.talk.sudo()._bring_in({"name": "<script>x</script>", "location": "<img src=x>"})
        values = self.talk.sudo()._mail_to(self.guest)
        self.assertNotIn("<script>x", values["body_html"])
        self.assertNotIn("<img src=x>", values["body_html"])
