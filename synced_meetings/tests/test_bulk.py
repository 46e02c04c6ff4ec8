"""Rows created in bulk are the rows that `create` makes."""

from odoo import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.synced_meetings.store import bulk

LEFT_OUT = {"id", "create_date", "write_date", "display_name", "attendee_ids", "__last_update"}


@tagged("post_install", "-at_install")
class TestBulk(TransactionCase):
    def values(self, number):
        partner = self.env["res.partner"].create({"name": f"P{number}"})
        attendees = [
            {"email": f"a{number}@x.example", "partner_id": partner.id, "response": "accepted"},
            {"name": "Nobody's address"},
        ]
        return {
            "name": f"Meeting “{number}” \\ 'quoted' {{}} NULL",
            "description": "<p>Text<script>1</script></p>",
            "start": "2026-11-23 09:00:00",
            "stop": "2026-11-23 10:00:00",
            "duration": 1.0,
            "user_id": self.env.uid,
            "company_id": self.env.company.id,
            "ical_uid": f"{number}@x.example",
            "provider": "google",
            "timezone": "UTC",
            "location": False,
            "partner_ids": [Command.set(partner.ids)],
            "attendee_ids": [Command.create(values) for values in attendees],
        }

    def shown(self, meeting):
        names = set(meeting._fields) - LEFT_OUT
        row = {name: meeting[name] for name in names if not name.startswith("activity")}
        attendees = [
            (a.email, a.name, a.partner_id, a.response, a.kind) for a in meeting.attendee_ids
        ]
        return row, sorted(map(repr, attendees))

    def test_rows_are_equal(self):
        values = [self.values(number) for number in range(3)]
        ours = bulk.create(self.env["synced.meeting"], values)
        theirs = self.env["synced.meeting"].create(values)
        self.env.invalidate_all()
        self.assertEqual(len(ours), 3)
        for one, other in zip(ours, theirs, strict=True):
            self.assertEqual(self.shown(one), self.shown(other))

    def test_constraints_hold(self):
        values = self.values(0) | {"stop": "2026-11-23 08:00:00"}
        with self.assertRaisesRegex(Exception, "ends_after_start"), self.cr.savepoint():
            bulk.create(self.env["synced.meeting"], [values])

    def test_statements_do_not_grow_with_rows(self):
        counts = []
        for number in (1, 10, 200):  # the first reads what stays in memory
            values = [self.values(n) for n in range(number)]
            self.env.flush_all()
            before = self.cr.sql_log_count
            bulk.create(self.env["synced.meeting"], values)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
