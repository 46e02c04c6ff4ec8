"""Every view opens for those who may see it, and reads only what they may read."""

from datetime import datetime, timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .meetings import NOW, MeetingCase

VIEWS = {
    "synced.meeting": ("list", "form", "kanban", "calendar", "search"),
    "synced.meeting.conflict": ("list", "form", "kanban", "search"),
    "synced.meeting.series": ("form",),
    "synced.sync.quarantine": ("list", "form", "search"),
    "synced.sync.run": ("list", "search"),
    "res.partner": ("form", "search"),
}


@tagged("post_install", "-at_install")
class TestViews(MeetingCase):
    def test_views_open(self):
        self.meet(1, self.ann, self.olson)
        for reader in (self.ann, self.boss):
            for model, kinds in VIEWS.items():
                records = self.env[model].with_user(reader)
                views = records.get_views([(False, kind) for kind in kinds])["views"]
                for kind in set(kinds) - {"search"}:
                    self._read_all(records, views[kind]["arch"])

    def _read_all(self, records, arch):
        """Read what the view shows, lists inside of it apart."""
        tree = etree.fromstring(arch)
        names = [n.get("name") for n in tree.xpath("//field[not(ancestor::field)]")]
        known = [name for name in names if name in records._fields]
        self.assertTrue(known)
        records.search([], limit=5).read(known)

    def test_statements_of_the_calendar_page_do_not_grow(self):
        arch = self.env["synced.meeting"].get_views([(False, "calendar")])["views"]["calendar"]
        names = [node.get("name") for node in etree.fromstring(arch["arch"]).iter("field")]
        meetings = self.env["synced.meeting"].concat(
            *(self.meet(day, self.ann, self.bob, self.olson) for day in range(20))
        )
        page = self.env["synced.meeting"].with_user(self.bob)
        load = lambda some: lambda: page.search_read([("id", "in", some.ids)], names)  # noqa: E731
        load(meetings)()
        self.assertEqual(self.statements(load(meetings)), self.statements(load(meetings[:1])))

    def test_content_is_readable_and_notes_can_be_written(self):
        meeting = self.meet(1, self.ann, self.bob, self.olson)
        with Form(meeting.with_user(self.bob)) as form:
            form.notes = "<p>Bring the contract</p>"
            with self.assertRaises(AssertionError):
                form.description = "<p>changed</p>"
        self.assertIn("contract", meeting.notes)

    def test_filters(self):
        self.meet(1, self.ann, self.olson)
        self.meet(-1, self.bob, self.steward)
        view = self.env.ref("synced_meetings.view_meeting_search")
        meetings = self.env["synced.meeting"].with_user(self.ann)
        for node in etree.fromstring(view.arch).xpath("//filter[@domain]"):
            domain = fields.Domain(self._evaluated(node.get("domain")))
            meetings.search(domain)
        self.assertEqual(meetings.search(self._domain(view, "mine")).name, "Day 1")
        self.assertEqual(meetings.search(self._domain(view, "past")).name, "Day -1")

    def _domain(self, view, name):
        (node,) = etree.fromstring(view.arch).xpath(f"//filter[@name='{name}']")
        return self._evaluated(node.get("domain"))

    def _evaluated(self, text):
        return eval(text, {"uid": self.ann.id})

    def test_people_on_the_calendar_page_are_ones_own(self):
        people = self.env["synced.meeting.filter"]
        mine = people.with_user(self.ann).create({"user_id": self.bob.id})
        self.assertEqual(mine.owner_id, self.ann)
        self.assertFalse(people.with_user(self.boss).search([]))
        with self.assertRaises(AccessError):
            people.with_user(self.bob).create({"owner_id": self.ann.id, "user_id": self.eve.id})


@tagged("post_install", "-at_install")
class TestWords(MeetingCase):
    """What a meeting says of itself."""

    def test_subject_is_never_empty(self):
        self.assertEqual(self.meet(1, self.ann, name=False).display_name, "(No subject)")

    def test_answers(self):
        meeting = self.meet(1, self.ann, self.bob, self.olson, self.steward)
        bob, olson, _floyd = meeting.attendee_ids.filtered(lambda a: a.user_id != self.ann).sorted(
            "id"
        )
        meeting.attendee_ids.filtered(lambda a: a.user_id == self.ann).is_organiser = True
        bob.response, olson.response = "accepted", "declined"
        meeting.invalidate_recordset()
        seen = meeting.with_user(self.bob)
        self.assertEqual(
            seen.answers,
            {
                "accepted": 1,
                "declined": 1,
                "tentative": 0,
                "needs_action": 1,
                "asked": 3,
                "own": "accepted",
                "unsent": 3,
            },
        )
        self.assertEqual(seen.who, "Ann, Addison Olson, Floyd Steward")
        clauses = ["you accepted", "Addison Olson declined", "No answer yet: Floyd Steward"]
        self.assertEqual(seen.standing, " · ".join(clauses))

    def test_organiser_stands_among_the_guests(self):
        meeting = self.meet(1, self.ann, self.olson)
        self.assertEqual([guest["name"] for guest in meeting.guests], ["Ann", "Addison Olson"])
        self.assertEqual(meeting.answers["asked"], 1)

    def test_series_in_words(self):
        monday = datetime(2026, 11, 23, 8)  # noqa: DTZ001
        series = self.env["synced.meeting.series"].create(
            {
                "name": "Sales",
                "rrule": "RRULE:FREQ=WEEKLY\nEXDATE:20261130T080000Z",
                "start": monday,
                "stop": monday + timedelta(hours=1),
                "user_id": self.ann.id,
            }
        )
        meeting = self.meet(1, self.ann, series_id=series.id, recurrence_id="20261123T080000Z")
        self.assertEqual(meeting.recurrence_text, "Every Monday")
        series.rrule = "RRULE:FREQ=HOURLY"
        self.assertEqual(series.recurrence_text, "RRULE:FREQ=HOURLY")
        action = meeting.with_user(self.ann).action_view_series()
        self.assertEqual(action["res_id"], series.id)

    def test_past(self):
        self.assertTrue(self.meet(-1, self.ann).is_past)
        self.assertFalse(self.meet(0, self.ann, start=NOW).is_past)
