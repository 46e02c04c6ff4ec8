"""The left side of the form: who learns what, what is wrong where, and what stays in Odoo."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .meetings import NOW
from .test_invitations import InvitationCase

QUICK = "synced_meetings.view_meeting_quick_form"


@tagged("post_install", "-at_install")
class TestLeft(InvitationCase):
    def meetings(self, user=None, **context):
        return self.env["synced.meeting"].with_user(user or self.ann).with_context(**context)

    # ---- people ----

    def test_a_person_brings_the_company(self):
        with Form(self.meetings()) as form:
            form.name = "Talk"
            form.person_ids.add(self.steward)
            self.assertEqual(form.organisation_ids[:], self.acme)
            form.organisation_ids.remove(self.acme.id)
            form.location = "Hamburg"
        self.assertEqual(form.record.partner_ids, self.steward, "who takes it off has it off")
        self.assertEqual(form.record.attendee_ids.mapped("name"), ["Floyd Steward"])

    def test_who_cannot_be_mailed_is_named_at_the_field(self):
        self.assertFalse(self.talk.people_problem)
        with Form(self.talk) as form:
            form.person_ids.add(self.stranger)
            self.assertIn("Stranger", form.people_problem)
        with self.assertRaisesRegex(UserError, "Stranger"):
            self.talk.action_send()
        asked = self.talk.attendee_ids.sudo().mapped("asked_version")
        self.assertFalse(any(asked) or self.mails())

    def test_an_end_before_its_start_is_named_at_the_field(self):
        form = Form(self.talk)
        form.stop = self.start - timedelta(hours=1)
        self.assertIn("before it starts", form.when_problem)
        with self.assertRaises(UserError):
            form.save()

    def test_guests_elsewhere_have_other_clocks(self):
        self.ann.tz = self.olson.tz = "Europe/Berlin"
        self.talk.timezone = "Europe/Berlin"
        self.assertFalse(self.talk.guests_clock)
        self.olson.tz = "America/New_York"
        self.talk.invalidate_recordset()
        self.assertIn("for Addison Olson", self.talk.guests_clock)
        self.talk.timezone = "America/New_York"
        self.assertFalse(self.talk.guests_clock, "it is the meeting's own, which is shown")

    # ---- who was told what ----

    def test_since_when_people_know_it_and_what_changed_since(self):
        self.assertEqual(self.guest.telling_words, "Not told yet")
        self.assertFalse(self.talk.changed_text)
        self.talk.action_send()
        self.tell()
        self.assertEqual(self.guest.telling, "told")
        self.assertIn(":", self.guest.with_user(self.ann).telling_words)
        self.assertTrue(self.guest.told_at)
        self.talk.name = "Renewal, with lawyers"
        self.assertIn("not told of the last change", self.talk.telling_text)
        self.talk.write({"start": self.start + timedelta(hours=2)})
        self.assertIn("still with the old time", self.talk.telling_text)
        first, second = self.talk.changed_text.split("\n")
        self.assertIn("When", first)
        self.assertIn("Renewal, with lawyers", second)
        self.talk.action_send()
        self.tell()
        self.assertFalse(self.talk.changed_text or self.talk.telling_text)

    # ---- what stays here (D13) ----

    def test_tags_outcome_and_the_linked_record_are_the_readers_too(self):
        self.talk.user_ids |= self.bob
        tag = self.env["synced.meeting.tag"].with_user(self.bob).create({"name": "Renewals"})
        with Form(self.talk.with_user(self.bob)) as form:
            form.outcome = "no_show"
            form.tag_ids.add(tag)
            form.linked_record = f"res.partner,{self.acme.id}"
        linked = (self.talk.res_model, self.talk.res_id, self.talk.linked_record)
        self.assertEqual(linked, ("res.partner", self.acme.id, self.acme))
        self.assertEqual((self.talk.outcome, self.talk.tag_ids), ("no_show", tag))
        with self.assertRaises(AccessError):
            self.talk.with_user(self.bob).text_from = "template"

    def test_nobody_links_what_they_cannot_read(self):
        rule = self.env["ir.rule"].create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.acme.id})]",
            }
        )
        self.assertTrue(rule)
        with self.assertRaises(AccessError):
            self.talk.write({"res_model": "res.partner", "res_id": self.acme.id})
        self.talk.sudo().write({"res_model": "res.partner", "res_id": self.acme.id})
        self.assertFalse(self.talk.linked_record)
        with self.assertRaises(UserError):
            self.talk.write({"res_model": "no.such.model", "res_id": 1})

    # ---- a cancellation ----

    def test_a_message_goes_with_the_cancellation(self):
        self.talk.action_send()
        self.tell()
        wizards = self.env["synced.meeting.cancel"].with_user(self.ann)
        wizard = wizards.create({"meeting_id": self.talk.id, "message": "Ill, <b>sorry</b>"})
        self.assertIn("Addison Olson", wizard.invited)
        wizard.action_cancel_and_tell()
        self.tell()
        last = self.mails().sorted("id")[-1]
        self.assertIn("Cancelled", last.subject)
        self.assertIn("Ill, &lt;b&gt;sorry&lt;/b&gt;", last.body_html)
        self.assertEqual(len(self.mails()), 2)

    def test_a_quiet_cancellation_says_nothing(self):
        self.talk.action_send()
        self.tell()
        wizards = self.env["synced.meeting.cancel"].with_user(self.ann)
        wizards.create({"meeting_id": self.talk.id, "message": "Ill"}).action_cancel_quietly()
        self.tell()
        self.assertEqual(len(self.mails()), 1)
        self.assertFalse(self.talk.sudo().cancel_message)

    # ---- a slot in the calendar ----

    def test_the_small_form_saves_a_whole_meeting(self):
        slot = {"default_start": NOW + timedelta(days=2), "default_allday": False}
        with Form(self.meetings(**slot), QUICK) as form:
            form.name, form.location = "Coffee", "Roof"
            form.person_ids.add(self.steward)
            form.user_ids.add(self.bob)
        meeting = form.record
        self.assertEqual(meeting.stop - meeting.start, timedelta(hours=1))
        self.assertEqual(meeting.start, NOW + timedelta(days=2))
        self.assertEqual(meeting.organisation_ids, self.acme)
        self.assertEqual(meeting.template_id, self.env.company.synced_template_id)
        self.assertEqual(meeting.user_ids, self.ann | self.bob)

    def test_more_options_carry_what_was_typed(self):
        typed = {"person_ids": self.steward.ids, "user_ids": self.bob.ids, "name": "Coffee"}
        context = {f"default_{name}": value for name, value in typed.items()}
        with Form(self.meetings(**context)) as form:
            self.assertEqual((form.name, form.person_ids[:]), ("Coffee", self.steward))
            self.assertEqual(len(form.attendee_ids), 2)
        self.assertIn(self.bob, form.record.attendee_ids.user_id)

    # ---- video ----

    def test_without_a_service_there_is_no_video(self):
        self.assertFalse(self.talk.conference_name)
        with self.assertRaisesRegex(UserError, "makes no video meetings"):
            self.talk.conference_wanted = True
