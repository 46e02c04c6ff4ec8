"""What was made before connecting goes out only when a person has seen it (rules R9, R20)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .pull_case import kept
from .test_push import PushCase


@tagged("post_install", "-at_install")
class TestPreview(PushCase):
    def setUp(self):
        super().setUp()
        self.user = self.user("carl@corp.example", "Carl")
        soon = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        self.soon = soon
        values = [("New", soon), ("There", soon), ("Over", soon - timedelta(days=30))]
        self.made = self.env["synced.meeting"].with_user(self.user)
        for name, start in values:
            self.made |= self.made.create(
                {"name": name, "start": start, "person_ids": [(4, self.olson.id)]}
            )

    def connect_carl(self):
        self.google.add_user("carl@corp.example", "Carl", "UTC")
        ends = {"start": self.soon, "end": self.soon + timedelta(hours=1)}
        times = {k: {"dateTime": v.isoformat() + "Z"} for k, v in ends.items()}
        self.google.calendar("carl@corp.example").insert({"summary": "There", **times})
        values = {"user_id": self.user.id, "provider": "google"}
        self.ann = self.env["synced.account"].create(values)
        tokens = self.google.consent("carl@corp.example")
        self.ann._authorised(
            "carl@corp.example", "carl@corp.example", {"google_tokens": kept(tokens)}
        )
        self.ann._refresh_calendars()
        self.run_now(self.ann)

    def test_the_plan_is_what_then_happens(self):
        self.connect_carl()
        self.assertEqual(self.alive(), 1, "reading changes nothing outside")
        mine = self.ann.with_user(self.user)
        self.assertEqual(mine.only_here_count, 1)
        preview = self.env["synced.meeting.preview"].with_user(self.user)
        preview = preview.browse(mine.action_preview()["res_id"])
        fates = {line.meeting_id.name: line.fate for line in preview.line_ids}
        self.assertEqual(fates, {"New": "create", "There": "there", "Over": "over"})
        preview.action_confirm()
        self.run_now(self.ann)
        names = sorted(e["summary"] for e in self.calendar(self.ann).events())
        self.assertEqual(names, ["New", "There"])
        self.assertEqual(self.google.mails, [])
        self.assertFalse(self.env["mail.mail"].search([("email_to", "ilike", "olson")]))
        mine.invalidate_recordset()
        self.assertEqual(mine.only_here_count, 0)
        self.assert_quiet()

    def test_whom_odoo_mailed_stays_odoos_to_tell(self):
        new = self.made.filtered(lambda m: m.name == "New")
        new.action_send()
        new.sudo().tell_after = False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.meeting"]._tell_waiting()
        self.env.invalidate_all()
        self.connect_carl()
        preview = self.env["synced.meeting.preview"].with_user(self.user)._of(self.ann)
        preview.action_confirm()
        self.run_now(self.ann)
        self.assertNotIn("attendees", self.event(new))
        new.write({"location": "Room 1"})
        self.run_now(self.ann)
        new.action_send()
        self.run_now(self.ann)
        self.assertEqual(self.google.mails, [])
        self.assertEqual(new.attendee_ids.email, "olson@acme.example")
        new.sudo().tell_after = False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.meeting"]._tell_waiting()
        self.env.invalidate_all()
        self.assertEqual(len(self.env["mail.mail"].search([("email_to", "ilike", "olson")])), 2)
        self.assert_quiet()
