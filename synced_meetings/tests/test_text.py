"""What an invitation says: a template's values are merged when it is sent (S26, S27)."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.placeholders import surviving
from .meetings import NOW, MeetingCase

BODY = (
    "<p>Dear all, <t t-out=\"object.location or 'nowhere'\">x</t>, "
    '<t t-out="object.when_text"/></p>'
)


@tagged("post_install", "-at_install")
class TestText(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.olson.email = "addison@acme.example"
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Visit",
                "model_id": cls.env["ir.model"]._get_id("synced.meeting"),
                "body_html": BODY,
            }
        )
        cls.env.company.synced_template_id = cls.template

    def meetings(self, user=None):
        return self.env["synced.meeting"].with_user(user or self.ann)

    def made(self, **values):
        start = NOW + timedelta(days=30)
        values = {"name": "Talk", "start": start, "person_ids": self.olson.ids} | values
        return self.meetings().create({"template_id": self.template.id} | values)

    def mails(self):
        found = self.env["mail.mail"].sudo().search([("email_to", "like", "addison")])
        return [mail.body_html for mail in found]

    def tell(self, meeting):
        """Let the ten seconds pass in which a sending can be undone."""
        meeting.sudo()._bring_in({"tell_after": False})
        meeting.sudo()._tell()

    def test_the_companys_template_is_proposed(self):
        with Form(self.meetings()) as form:
            self.assertEqual(form.template_id, self.template)
            form.name, form.location = "Talk", "Hamburg"
            self.assertIn("Hamburg", form.preview)  # before it is saved
            form.location = "Bremen"
            self.assertIn("Bremen", form.preview)
        self.assertFalse(form.record.description)

    def test_every_company_has_one(self):
        companies = self.env["res.company"]
        self.assertTrue(companies.create({"name": "Other"}).synced_template_id)
        self.assertFalse(companies.search([("synced_template_id", "=", False)]))

    def test_values_are_merged_when_it_is_sent(self):
        meeting = self.made(location="Hamburg")
        meeting.location = "Bremen"
        self.assertFalse(meeting.description)
        meeting.action_send()
        self.assertIn("Bremen", meeting.description)
        self.tell(meeting)
        (body,) = self.mails()
        self.assertIn("Bremen", body)
        self.assertNotIn("Hamburg", body)
        self.assertNotIn("t-out", body)
        self.assertEqual(meeting.invite_state, "sent")
        meeting.location = "Kiel"
        meeting.action_send()
        self.assertIn("Kiel", meeting.description)

    def test_undone_it_is_as_before(self):
        meeting = self.made(location="Hamburg")
        meeting.action_send()
        meeting.action_undo_send()
        self.assertFalse(meeting.description)
        self.assertTrue(meeting.text_live)
        meeting.location = "Bremen"
        self.assertIn("Bremen", meeting.preview)

    def test_edited_text_is_kept_and_says_when_it_is_out_of_date(self):
        with Form(self.made(location="Hamburg")) as form:
            form.text_edited = True
            self.assertIn("Hamburg", form.description)
            self.assertEqual(surviving(form.description), [])
            form.description = "<p>Bring the contract to Hamburg</p>"
        meeting = form.record
        self.assertFalse(meeting.text_stale)
        meeting.location = "Bremen"
        self.assertTrue(meeting.text_stale)
        meeting.action_send()
        self.assertEqual(meeting.description, "<p>Bring the contract to Hamburg</p>")
        with Form(meeting) as form:
            form.text_edited = False
            self.assertIn("Bremen", form.preview)

    def test_what_the_calendar_changed_is_kept(self):
        meeting = self.made(location="Hamburg")
        meeting.action_send()
        meeting._bring_in({"description": "<p>By Google</p>"})
        meeting.location = "Bremen"
        meeting.action_send()
        self.assertEqual(meeting.description, "<p>By Google</p>")

    def test_back_and_forth_loses_nothing(self):
        meeting = self.made(template_id=False, description="<p>Mine</p>")
        with Form(meeting) as form:
            form.text_from = "template"
            self.assertEqual(form.template_id, self.template)
        self.assertEqual(meeting.description, "<p>Mine</p>")
        self.assertTrue(meeting.text_live)
        with Form(meeting) as form:
            form.text_from = "description"
        meeting.action_send()
        self.assertEqual(meeting.description, "<p>Mine</p>")

    def test_a_placeholder_is_not_sent(self):
        for values in (
            {"name": "Talk with {{ object.partner_id.name }}"},
            {"template_id": False, "description": "<p>Dear %Contact.Name%</p>"},
            {"location": "${object.room}"},
        ):
            meeting = self.made(**values)
            self.assertTrue(meeting.text_problem)
            with self.assertRaises(UserError):
                meeting.action_send()
            self.assertFalse(meeting.attendee_ids.asked_version)

    def test_a_template_that_fails_is_not_sent(self):
        self.template.body_html = '<p t-out="object.nothing_of_the_kind"/>'
        meeting = self.made()
        self.assertIn("Visit", meeting.text_problem)
        with self.assertRaises(UserError):
            meeting.action_send()
        self.assertFalse(meeting.description)

    def test_what_is_no_placeholder(self):
        for text in (
            "50% off, 100% sure",
            "<p>See https://a.example/%7Bx%7D?q=%E2%82%AC%20</p>",
            "[[]] and {one} and $5",
            '<p style="color: red">A &lt; B</p>',
        ):
            self.assertEqual(surviving(text), [], text)

    def test_nobody_runs_code_by_a_description(self):
        self.assertFalse(self.ann.has_group("mail.group_mail_template_editor"))
        evil = "<p>{{ object.env['res.users'].sudo().search([]) }}<t t-out='1 + 1'/></p>"
        meeting = self.made(template_id=False, description=evil)
        self.assertNotIn("res.users(", meeting.description)
        with self.assertRaises(UserError):
            meeting.action_send()
        template = self.template.with_user(self.ann)
        with self.assertRaises(AccessError):
            template.body_html = "<p t-out=\"object.env['res.users'].sudo().search([])\"/>"

    def test_one_language_for_all_the_persons_own_by_mail(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(lang="fr_FR").body_html = "<p>Bonjour</p>"
        self.steward.email = "floyd@acme.example"
        meeting = self.made(person_ids=(self.olson | self.steward).ids)
        self.olson.lang = "fr_FR"
        self.steward.lang = "en_US"
        meeting.action_send()
        self.assertIn("Dear all", meeting.description)  # the organiser's
        self.tell(meeting)
        self.assertIn("Bonjour", self.mails()[0])
        self.steward.lang = "fr_FR"
        self.assertIn("Bonjour", self.meetings().browse(meeting.id).with_context(again=1).preview)

    def test_a_series_is_merged_as_a_whole(self):
        meeting = self.made(repeat="weekly", repeat_count=3, location="Hamburg")
        series = meeting.series_id
        self.assertEqual(set(series.meeting_ids.mapped("text_from")), {"template"})
        meeting.action_send()
        self.assertEqual(set(series.meeting_ids.mapped("description")), {meeting.description})
        self.assertIn("Hamburg", series.description)
        meeting.action_undo_send()
        self.assertFalse(series.description)
