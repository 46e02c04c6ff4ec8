"""What was made before connecting goes out only when a person has seen it (rules R9, R20)."""

from datetime import timedelta

from icalendar import Calendar

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

    def tell(self, unit):
        """Let Odoo mail those who wait, as if nothing could be undone any more."""
        unit.sudo().tell_after = False
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.meeting"]._tell_waiting()
        self.env.invalidate_all()

    def confirm(self):
        preview = self.env["synced.meeting.preview"].with_user(self.user)._of(self.ann)
        preview.action_confirm()
        self.run_now(self.ann)
        return preview

    def files(self):
        mails = self.env["mail.mail"].search([("email_to", "ilike", "olson")], order="id")
        return [Calendar.from_ical(mail.attachment_ids.raw).events[0] for mail in mails]

    def test_whom_odoo_mailed_stays_odoos_to_tell(self):
        new = self.made.filtered(lambda m: m.name == "New")
        new.action_send()
        self.tell(new)
        self.connect_carl()
        self.confirm()
        self.assertNotIn("attendees", self.event(new))
        new.write({"location": "Room 1"})
        self.run_now(self.ann)
        new.action_send()
        self.run_now(self.ann)
        self.assertEqual(self.google.mails, [])
        self.assertEqual(new.attendee_ids.email, "olson@acme.example")
        self.tell(new)
        first, second = self.files()
        self.assertEqual(first["UID"], second["UID"], "else she would have two meetings")
        self.assertEqual(first["ORGANIZER"], second["ORGANIZER"])
        self.assert_quiet()
        self.calendar(self.ann).patch(self.event(new)["id"], {"summary": "Renamed"})
        self.run_now(self.ann)
        self.assertEqual((new.name, new.ical_uid), ("Renamed", str(first["UID"])))
        self.assert_quiet()

    def weekly(self):
        """Return the meetings of a series of which one was changed and one cancelled."""
        said = {"name": "Weekly", "start": self.soon + timedelta(hours=2), "repeat": "weekly"}
        people = {"person_ids": [(4, self.olson.id)], "repeat_count": 4}
        rows = self.made.create(said | people).series_id.meeting_ids.sorted("start")
        rows[1].location = "Room 4"
        rows[2].action_cancel_quietly()
        return rows

    def test_a_series_goes_out_as_it_is(self):
        for mailed in (False, True):
            with self.subTest(mailed=mailed), self.cr.savepoint() as undo:
                rows = self.weekly()
                if mailed:
                    rows[0].action_send()
                    self.tell(rows.series_id)
                uid = rows.series_id.ical_uid
                self.goes_out(rows)
                self.assertEqual(rows.series_id.ical_uid == uid, mailed)
                self.assertEqual(rows[0].invite_state, "sent" if mailed else "draft")
                undo.rollback()
                self.google.world.users.clear()
                self.google.world.calendars.clear()

    def goes_out(self, rows):
        self.connect_carl()
        self.assertEqual(self.ann.with_user(self.user).only_here_count, 2)
        preview = self.confirm()
        (line,) = preview.line_ids.filtered("recurrence_text")
        self.assertEqual((line.meeting_id, line.fate), (rows[0], "create"))
        calendar = self.calendar(self.ann)
        (master,) = [e for e in calendar.events() if "recurrence" in e]
        places = [event.get("location") or "" for event in calendar.instances(master["id"])]
        self.assertEqual(places, ["", "Room 4", ""])
        self.assertEqual(rows.filtered("active"), rows - rows[2])
        self.assertEqual(self.google.mails, [])
        self.assertNotIn("attendees", master)
        self.assertEqual(self.ann.with_user(self.user).only_here_count, 0)
        self.assert_quiet()
