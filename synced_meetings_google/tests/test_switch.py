"""Moving over from Odoo's own Google synchronisation, which is the real one here."""

import unittest
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .pull_case import PullCase, simulator

SCOPE = "https://www.googleapis.com/auth/calendar"


class SwitchCase(PullCase):
    """Ann, whose calendar Odoo's own add-on has synchronised before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "google_id" not in cls.env["calendar.event"]._fields:
            raise unittest.SkipTest("google_calendar is not installed")
        from odoo.addons.google_account.models import google_service

        google, request = cls.google.url, google_service.GoogleService._do_request
        old = google_service.GOOGLE_API_BASE_URL
        defaults = tuple(google if one == old else one for one in request.__defaults__)
        cls.startClassPatcher(patch.object(request, "__defaults__", defaults))
        cls.startClassPatcher(patch.object(google_service, "GOOGLE_API_BASE_URL", google))
        cls.startClassPatcher(
            patch.object(google_service, "GOOGLE_TOKEN_ENDPOINT", f"{google}/token")
        )
        from bench.google import Lenient  # takes what google_calendar sends, and Google takes

        cls.google.api = Lenient(cls.google.world, cls.google.oauth)
        package = simulator()
        parameters = cls.env["ir.config_parameter"]
        parameters.set_param("google_calendar_client_id", package.DEMO_CLIENT)
        parameters.set_param("google_calendar_client_secret", package.DEMO_SECRET)
        # What is in the database beforehand is nobody's business here.
        cls.env.cr.execute("UPDATE calendar_event SET active = FALSE, need_sync = FALSE")

    def setUp(self):
        super().setUp()
        self.user_ann = self.ann.user_id
        self.switch = self.env["synced.switch"].create({})

    def old_sync(self, email="ann@corp.example", user=None):
        """Let Odoo's own synchronisation run for a user, as its job does."""
        from odoo.addons.google_calendar.utils.google_calendar import GoogleCalendarService

        user = user or self.user_ann
        if not user.sudo().google_calendar_rtoken:
            tokens = self.google.consent(email, scope=SCOPE)
            settings = self.env["res.users.settings"]._find_or_create_for_user(user)
            settings._set_google_auth_tokens(
                tokens["access_token"], tokens["refresh_token"], tokens["expires_in"]
            )
        service = GoogleCalendarService(self.env["google.service"])
        user.with_user(user).sudo()._sync_google_calendar(service)
        self.env.invalidate_all()

    def old_meetings(self):
        """Return Odoo's own meetings."""
        return self.env["calendar.event"].search([])

    def go_to(self, step):
        """Open the assistant at a step."""
        self.switch.step = step
        self.switch.action_check()

    def texts(self, *kinds):
        """Return what the assistant says, by kind."""
        lines = self.switch.line_ids.filtered(lambda line: line.kind in kinds)
        return " | ".join(lines.mapped("text"))


@tagged("post_install", "-at_install")
class TestSwitch(SwitchCase):
    def synchronised(self, number=3):
        """Let the calendar hold single meetings and a series, known to both sides."""
        calendar = self.calendar(self.ann)
        for day in range(number):
            calendar.insert({"summary": f"Visit {day}", **self.at(day)})
        calendar.insert(
            {
                "summary": "Weekly",
                "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"],
                **self.at(1, 11),
            }
        )
        self.old_sync()
        self.pull()
        self.assertEqual(len(self.old_meetings()), number + 4)
        self.google.requests.clear()

    def test_same_meeting_is_joined_and_nothing_goes_out(self):
        self.synchronised()
        visit = self.old_meetings().filtered(lambda event: event.name == "Visit 1")
        contact = self.env["res.partner"].create({"name": "No address"})
        self.env.cr.execute(
            "UPDATE calendar_event SET notes = 'Bring samples' WHERE id = %s", visit.ids
        )
        visit.invalidate_recordset()
        visit.with_context(no_calendar_sync=True, dont_notify=True).partner_ids = [
            Command.link(contact.id)
        ]
        before = self.meetings()
        mails = self.env["mail.mail"].search_count([])
        self.go_to("adopt")
        self.assertIn("7 meetings are in a connected calendar", self.texts("todo"))
        self.switch.action_do()
        self.assertEqual(self.switch.step, "card")
        self.assertEqual(self.meetings(), before, "none is doubled")
        pairs = [(event.name, event.start) for event in self.old_meetings()]
        taken = self.old_meetings().synced_meeting_id
        self.assertEqual(sorted((m.name, m.start) for m in taken), sorted(pairs))
        meeting = visit.synced_meeting_id
        self.assertIn("Bring samples", meeting.notes)
        self.assertIn(contact, meeting.partner_ids)
        self.pull()
        self.assertEqual([r.method for r in self.google.requests], ["GET"], "it only looked")
        self.assertEqual(self.google.mails, [])
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_twice_changes_nothing(self):
        self.synchronised()
        for _ in range(2):
            self.go_to("adopt")
            self.switch.action_do()
        self.go_to("adopt")
        self.assertIn("No old meeting is left", self.texts("todo"))
        self.assertEqual(len(self.meetings()), 7)

    def test_a_thousand_are_none_doubled(self):
        values = [
            {
                "name": f"Old {n}",
                "start": self.utc(n % 200),
                "stop": self.utc(n % 200, 10),
                "user_id": self.user_ann.id,
                "partner_ids": [Command.set(self.user_ann.partner_id.ids)],
            }
            for n in range(1000)
        ]
        quiet = {"no_calendar_sync": True, "dont_notify": True, "no_mail_to_attendees": True}
        self.env["calendar.event"].with_context(**quiet).create(values)
        mails = self.env["mail.mail"].search_count([])
        self.switch.others = "copy"
        self.go_to("adopt")
        self.assertIn("1000 meetings are copied", self.texts("todo"))
        self.switch.action_do()
        self.assertTrue(self.switch.working, "the rest goes on in the background")
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.switch"]._run_adoption()
        self.env.invalidate_all()
        self.assertEqual((self.switch.working, self.switch.step), (False, "card"))
        self.assertEqual(len(self.meetings()), 1000)
        self.assertEqual(len(self.old_meetings().synced_meeting_id), 1000)
        self.google.requests.clear()
        self.pull()
        self.assertEqual({r.method for r in self.google.requests}, {"GET"})
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(self.meetings()[0].untold_count)

    def test_what_waits_for_a_calendar_is_left_and_joined_later(self):
        self.google.add_user("ben@corp.example", "Ben")
        ben = self.user("ben@corp.example", "Ben")
        self.google.calendar("ben@corp.example").insert({"summary": "Ben's", **self.at(2)})
        self.old_sync("ben@corp.example", ben)
        self.switch.others = "copy"
        self.go_to("adopt")
        self.assertIn("until Ben connects", self.texts("todo"))
        self.switch.action_do()
        self.assertFalse(self.old_meetings().synced_meeting_id)
        self.connect_again("ben@corp.example", ben)
        self.go_to("adopt")
        self.switch.action_do()
        self.assertEqual(len(self.meetings()), 1)
        self.assertEqual(self.old_meetings().synced_meeting_id, self.meetings())

    def connect_again(self, email, user):
        from .pull_case import kept

        account = self.env["synced.account"].create({"user_id": user.id, "provider": "google"})
        tokens = self.google.consent(email)
        account._authorised(email, email, {"google_tokens": kept(tokens)})
        account._refresh_calendars()
        self.pull(account)

    def test_waiting_changes_stop_it_and_are_named(self):
        self.synchronised()
        waiting = self.old_meetings()[:3]
        self.env.cr.execute(
            "UPDATE calendar_event SET need_sync = TRUE WHERE id IN %s", [waiting._ids]
        )
        waiting.invalidate_recordset()
        self.go_to("old")
        self.switch.action_do()
        self.assertEqual(self.switch.step, "old")
        for event in waiting:
            self.assertIn(event.name, self.texts("waits"))
        self.assertIn("Ann", self.texts("todo"))
        self.env.cr.execute("UPDATE calendar_event SET need_sync = FALSE")
        waiting.invalidate_recordset()
        self.switch.action_do()
        self.assertEqual(self.switch.step, "pause")

    def test_paused_sends_no_request_and_twice_changes_nothing(self):
        self.synchronised()
        self.go_to("pause")
        self.assertIn("stopped for Ann", self.texts("todo"))
        self.switch.action_do()
        self.assertEqual(self.switch.step, "adopt")
        self.google.requests.clear()
        event = self.old_meetings()[0].with_user(self.user_ann)
        event.name = "Edited after"
        self.env.cr.postcommit.run()
        self.env["res.users"]._sync_all_google_calendar()
        self.assertEqual(self.google.requests, [])
        said = self.texts("done")
        self.go_to("pause")
        self.assertIn("off already", self.texts("todo"))
        self.switch.action_do()
        self.assertEqual(self.texts("done"), said)

    def test_private_meeting_is_not_named_to_the_administrator(self):
        self.synchronised()
        secret = self.old_meetings()[0]
        self.env.cr.execute(
            "UPDATE calendar_event SET need_sync = TRUE, privacy = 'private', name = 'Clinic' "
            "WHERE id = %s",
            secret.ids,
        )
        secret.invalidate_recordset()
        admin = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Root",
                    "login": "root2",
                    "group_ids": [Command.link(self.env.ref("base.group_system").id)],
                }
            )
        )
        switch = self.switch.with_user(admin)
        switch.step = "old"
        switch.action_check()
        self.assertNotIn("Clinic", self.texts("waits"))
        self.assertIn("Busy", self.texts("waits"))

    def test_only_administrators(self):
        with self.assertRaises(AccessError):
            self.env["synced.switch"].with_user(self.user_ann).action_open()

    def test_cards_turn_and_keep_own_choices(self):
        self.env.company.synced_meetings_box = "both"
        self.env["res.users.settings"].with_user(self.user_ann)._set_synced_box("calendar", False)
        self.go_to("card")
        self.switch.action_do()
        self.assertEqual(self.env.company.synced_meetings_box, "synced")
        own = self.env["res.users.settings"].with_user(self.user_ann)._synced_box()
        self.assertEqual((own, self.switch.step), ("calendar", "templates"))

    def test_past_ones_outside_the_window_are_copied_as_they_were(self):
        start = fields.Datetime.now() - timedelta(days=900)
        partner = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        quiet = {"no_calendar_sync": True, "dont_notify": True}
        old = (
            self.env["calendar.event"]
            .with_context(**quiet)
            .create(
                {
                    "name": "First visit",
                    "start": start,
                    "stop": start + timedelta(hours=2),
                    "user_id": self.user_ann.id,
                    "partner_ids": [Command.set([partner.id, self.user_ann.partner_id.id])],
                    "privacy": "private",
                    "location": "Roof",
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": partner.id,
                }
            )
        )
        self.env.cr.execute("UPDATE calendar_event SET google_id = 'gone1' WHERE id = %s", old.ids)
        old.invalidate_recordset()
        self.switch.others = "copy"
        self.go_to("adopt")
        self.switch.action_do()
        copy = old.synced_meeting_id
        self.assertEqual(
            (copy.name, copy.start, copy.duration, copy.privacy, copy.location, copy.user_id),
            ("First visit", old.start, 2, "private", "Roof", self.user_ann),
        )
        self.assertEqual((copy.res_model, copy.res_id), ("res.partner", partner.id))
        self.assertEqual((copy.partner_ids, copy.link_ids.ids), (partner, []))


@tagged("post_install", "-at_install")
class TestTemplates(SwitchCase):
    def template(self, **values):
        model = values.pop("model", "calendar.event")
        return self.env["mail.template"].create(
            {
                "name": "Customer visit",
                "model_id": self.env["ir.model"]._get_id(model),
                "subject": "{{ object.name }} at {{ object.location }}",
                "body_html": """<p t-out="object.videocall_location"/>
                    <p t-out="object.user_id.name"/>""",
            }
            | values
        )

    def do(self):
        self.go_to("templates")
        self.switch.action_do()

    def test_known_fields_are_mapped_in_every_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        template = self.template()
        template.with_context(lang="de_DE").subject = "{{ object.event_tz }}: {{ object.name }}"
        self.do()
        self.assertEqual(template.model, "synced.meeting")
        self.assertEqual(template.subject, "{{ object.name }} at {{ object.location }}")
        german = template.with_context(lang="de_DE").subject
        self.assertEqual(german, "{{ object.timezone }}: {{ object.name }}")
        self.assertIn("object.conference_url", template.body_html)
        kept = self.env["mail.template"].with_context(active_test=False)
        kept = kept.search([("name", "=", "Customer visit (old meetings)")])
        self.assertEqual((kept.model, kept.active), ("calendar.event", False))
        meeting = self.env["synced.meeting"].create(
            {"name": "Talk", "location": "Roof", "start": self.utc(), "stop": self.utc(0, 10)}
        )
        said = template._render_field("subject", meeting.ids)[meeting.id]
        self.assertEqual(said, "Talk at Roof")
        self.assertIn(
            self.env.user.name, template._render_field("body_html", meeting.ids)[meeting.id]
        )

    def test_unknown_fields_are_all_named_and_it_stays(self):
        self.env["res.lang"]._activate_lang("de_DE")
        template = self.template(
            subject="{{ object.display_time }}",
            body_html="""<p t-out="object.get_display_time_tz('UTC')"/>
                <p t-out="object.alarm_ids"/>""",
        )
        template.with_context(lang="de_DE").subject = "{{ object.recurrence_update }}"
        self.do()
        self.assertEqual((template.model, self.switch.step), ("calendar.event", "templates"))
        left = self.texts("left")
        for name in ("display_time", "get_display_time_tz", "alarm_ids", "recurrence_update"):
            self.assertIn(f"object.{name}", left)
        self.assertIn("German", left)
        template.with_context(lang="de_DE").subject = template.subject = "{{ object.name }}"
        template.body_html = "<p>Hello</p>"
        self.do()
        self.assertEqual((template.model, self.switch.step), ("synced.meeting", "done"))

    def test_attendees_templates(self):
        template = self.template(
            model="calendar.attendee",
            subject="{{ object.event_id.name }} {{ object.common_name }}",
            body_html="<p/>",
        )
        self.do()
        self.assertIn("object.common_name", self.texts("left"))
        template.subject = "{{ object.event_id.name }}"
        self.do()
        self.assertEqual(
            (template.model, template.subject), ("synced.meeting", "{{ object.name }}")
        )

    def test_odoos_own_templates_stay(self):
        own = self.env.ref("calendar.calendar_template_meeting_invitation")
        self.do()
        self.assertEqual(own.model, "calendar.attendee")

    def test_filters_and_exports_give_equal_rows(self):
        calendar = self.calendar(self.ann)
        for day in range(4):
            calendar.insert({"summary": f"Visit {day % 2}", **self.at(day)})
        self.old_sync()
        self.pull()
        self.go_to("adopt")
        self.switch.action_do()
        domain = f"[('user_id', '=', {self.user_ann.id}), ('name', '=', 'Visit 1')]"
        self.env["ir.filters"].create(
            {
                "name": "Ann's visits",
                "model_id": "calendar.event",
                "domain": domain,
                "context": "{'group_by': ['start:month', 'user_id']}",
                "sort": '["start desc"]',
            }
        )
        lines = [Command.create({"name": name}) for name in ("name", "partner_ids/name", "start")]
        self.env["ir.exports"].create(
            {"name": "Visits", "resource": "calendar.event", "export_fields": lines}
        )
        self.do()
        self.do()
        new = self.env["ir.filters"].search(
            [("model_id", "=", "synced.meeting"), ("name", "=", "Ann's visits")]
        )
        self.assertEqual(len(new), 1, self.texts("done", "left", "todo"))
        self.assertEqual(new.context, "{'group_by': ['start:month', 'user_id']}")
        old_rows = self.env["calendar.event"].search_count(new._get_eval_domain())
        new_rows = self.env["synced.meeting"].search_count(new._get_eval_domain())
        self.assertEqual((old_rows, new_rows), (2, 2))
        export = self.env["ir.exports"].search(
            [("resource", "=", "synced.meeting"), ("name", "=", "Visits")]
        )
        self.assertEqual(export.export_fields.mapped("name"), ["name", "partner_ids/name", "start"])
