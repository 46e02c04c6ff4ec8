"""Counting meetings: totals that are true, and that reveal nothing."""

import random
from ast import literal_eval
from collections import Counter
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .meetings import NOW, MeetingCase


@tagged("post_install", "-at_install")
class TestReport(MeetingCase):
    def rows(self, reader, *domain):
        """Return the rows that ``reader`` counts; what other tests made is left out."""
        return self.env["synced.meeting.report"].with_user(reader).search(list(domain))

    def groups(self, reader, groupby, aggregates=("__count", "duration:sum")):
        """Return {group: (count, hours)} as the pivot shows them, every group of it."""
        report = self.env["synced.meeting.report"].with_user(reader)
        domain = [("meeting_id.name", "like", "Day ")]
        groups = report._read_group(domain, [groupby], list(aggregates))
        return {group: tuple(values) for group, *values in groups}

    def random_meetings(self, number=120):
        """Return meetings of random people, times, kinds and states."""
        rng = random.Random(19)
        users, contacts = [self.ann, self.bob, self.eve], [self.acme, self.olson, self.steward]
        for _ in range(number):
            people = rng.sample(users, rng.randint(0, 2)) + rng.sample(contacts, rng.randint(0, 3))
            organiser = rng.choice(users)
            cancelled = rng.random() < 0.2
            self.meet(
                rng.randint(-90, 90),
                organiser,
                *[one for one in people if one != organiser],
                hours=rng.choice([0.5, 1, 1.25, 3]),
                privacy=rng.choice(["public", "public", "private"]),
                state="cancelled" if cancelled else "confirmed",
                active=not cancelled,
            )

    def counted(self, reader, keys):
        """Return {key: (count, hours)} by reading every meeting; ``keys`` says where it counts."""
        meetings = self.env["synced.meeting"].with_user(reader).with_context(active_test=False)
        count, hours = Counter(), Counter()
        for meeting in meetings.search([("name", "like", "Day ")]):
            for key in set(keys(meeting)):
                count[key] += 1
                hours[key] += meeting.duration
        return {key: (count[key], hours[key]) for key in count}

    def test_totals_equal_a_plain_count(self):
        self.random_meetings()
        nobody = self.env["res.partner"]
        dimensions = {
            "user_id": lambda m: [m.user_id],
            "user_ids": lambda m: list(m.user_ids),
            "partner_ids": lambda m: list(m.partner_ids) or [nobody],
            "person_ids": lambda m: list(m.person_ids) or [nobody],
            "organisation_ids": lambda m: (
                list(m.organisation_ids | m.person_ids.commercial_partner_id) or [nobody]
            ),
            "state": lambda m: [m.state],
            "date:month": lambda m: [m.start.date().replace(day=1)],
        }
        for reader in (self.ann, self.eve, self.boss):
            for groupby, keys in dimensions.items():
                with self.subTest(groupby=groupby, reader=reader.name):
                    self.assertEqual(self.groups(reader, groupby), self.counted(reader, keys))

    def test_one_row_per_meeting(self):
        self.meet(1, self.ann, self.bob, self.eve, self.acme, self.olson, self.steward, hours=2)
        rows = self.rows(self.ann, ("organisation_ids", "in", self.acme.ids))
        self.assertEqual(rows.mapped("duration"), [2])
        (total,) = self.env["synced.meeting.report"]._read_group(
            [("id", "in", rows.ids)], [], ["__count"]
        )
        self.assertEqual(total, (1,))
        self.assertEqual(rows.user_ids, self.ann | self.bob | self.eve)
        self.assertEqual(rows.person_ids, self.olson | self.steward)
        self.assertEqual(rows.organisation_ids, self.acme)

    def test_private_meeting_is_in_no_total_of_others(self):
        self.meet(1, self.ann, self.bob, self.olson, hours=7, privacy="private")
        for reader, count in ((self.ann, 1), (self.bob, 1), (self.eve, 0), (self.boss, 0)):
            with self.subTest(reader=reader.name):
                self.assertEqual(len(self.rows(reader, ("user_id", "=", self.ann.id))), count)
                totals = self.groups(reader, "organisation_ids").get(self.acme, (0, 0))
                self.assertEqual(totals[0], count)
                self.assertEqual(
                    len(self.rows(reader, ("person_ids", "in", self.olson.ids))), count
                )

    def test_day_is_the_meetings_own(self):
        late = fields.Datetime.to_datetime("2026-02-01 03:30:00")  # the evening before in New York
        york = self.meet(0, self.ann, start=late, timezone="America/New_York")
        odd = self.meet(0, self.ann, start=late)
        odd._bring_in({"timezone": "Customized Time Zone"})  # as a calendar may say
        whole = self.meet(
            0,
            self.ann,
            allday=True,
            start_date=date(2026, 3, 1),
            stop_date=date(2026, 3, 2),
            timezone="Pacific/Apia",
        )
        days = {row.meeting_id: row.date for row in self.rows(self.ann)}
        self.assertEqual(days[york], date(2026, 1, 31))
        self.assertEqual(days[odd], date(2026, 2, 1))
        self.assertEqual(days[whole], date(2026, 3, 1))

    def test_kinds(self):
        guest = [Command.create({"email": "who@elsewhere.example"})]
        kinds = {
            self.meet(1, self.ann): "alone",
            self.meet(2, self.ann, self.bob): "colleagues",
            self.meet(3, self.ann, self.bob, self.olson): "contacts",
            self.meet(4, self.ann, attendee_ids=guest): "guests",
        }
        rows = self.rows(self.ann, ("meeting_id", "in", [m.id for m in kinds]))
        self.assertEqual({row.meeting_id: row.kind for row in rows}, kinds)

    def test_told(self):
        alone, asked = self.meet(1, self.ann), self.meet(2, self.ann, self.olson)
        rows = {row.meeting_id: row for row in self.rows(self.ann)}
        self.assertTrue(rows[alone].told)
        self.assertFalse(rows[asked].told)
        self.assertEqual((rows[asked].guest_count, rows[asked].accepted_count), (1, 0))
        asked.attendee_ids._bring_in(
            {"asked_version": "1", "told_version": "1", "response": "accepted"}
        )
        self.env.invalidate_all()
        self.assertTrue(rows[asked].told)
        self.assertEqual(rows[asked].accepted_count, 1)

    def test_nobody_writes_it(self):
        row = self.rows(self.ann, ("meeting_id", "=", self.meet(1, self.ann).id))
        for call in (row.unlink, lambda: row.write({"duration": 1}), lambda: row.create({})):
            with self.assertRaises(AccessError):
                call()

    def test_saved_filters_answer(self):
        self.random_meetings(20)
        report = self.env["synced.meeting.report"].with_user(self.ann)
        questions = self.env["ir.filters"].search([("model_id", "=", report._name)])
        self.assertGreaterEqual(len(questions), 5)
        for question in questions:
            with self.subTest(question=question.name):
                groupby = literal_eval(question.context)["group_by"]
                report._read_group(question._get_eval_domain(), groupby, ["__count"])


@tagged("post_install", "-at_install")
class TestPrinted(MeetingCase):
    def paper(self, reader, **values):
        """Return the paper as text."""
        paper = self.env["synced.meeting.print"].with_user(reader).create(values)
        paper.action_print()
        report = self.env["ir.actions.report"].with_user(reader)
        html, _kind = report._render_qweb_html("synced_meetings.meetings_printed", paper.ids)
        return html.decode()

    def span(self, days=3):
        return {"period": "other", "date_from": NOW.date(), "date_to": NOW.date() + timedelta(days)}

    def test_of_a_contact(self):
        self.meet(1, self.ann, self.olson, name="Kick-off", hours=1.5)
        self.meet(2, self.bob, self.steward, name="Renewal", hours=2)
        self.meet(2, self.ann, self.stranger, name="Elsewhere")
        self.meet(9, self.ann, self.olson, name="Later")
        self.meet(2, self.ann, self.olson, name="Called off", state="cancelled", active=False)
        told = self.paper(self.ann, subject="contact", partner_id=self.acme.id, **self.span())
        for word in ("Kick-off", "Renewal", "Acme"):
            self.assertIn(word, told)
        for word in ("Elsewhere", "Later", "Called off"):
            self.assertNotIn(word, told)

    def test_of_a_colleague_by_week(self):
        monday = fields.Datetime.to_datetime("2026-11-23 09:00:00")
        for day in (0, 1, 8):
            self.meet(0, self.bob, self.ann, start=monday + timedelta(day), name=f"On day {day}")
        paper = self.env["synced.meeting.print"].with_user(self.ann)
        paper = paper.create(
            {
                "user_id": self.ann.id,
                "period": "other",
                "date_from": monday.date(),
                "date_to": monday.date() + timedelta(13),
            }
        )
        self.assertEqual(
            [(begin, len(rows), hours) for begin, rows, hours in paper._weeks()],
            [(date(2026, 11, 23), 2, 2), (date(2026, 11, 30), 1, 1)],
        )

    def test_private_only_where_its_own_reader_asks(self):
        self.meet(1, self.ann, self.olson, name="Secret talk", privacy="private")
        values = {"subject": "contact", "partner_id": self.acme.id} | self.span()
        self.assertNotIn("Secret talk", self.paper(self.ann, **values))
        self.assertIn("Secret talk", self.paper(self.ann, private=True, **values))
        self.assertNotIn("Secret talk", self.paper(self.boss, private=True, **values))

    def test_periods(self):
        paper = self.env["synced.meeting.print"].new({"period": "last_month"})
        self.assertEqual(paper.date_from.day, 1)
        self.assertEqual((paper.date_to + timedelta(1)).day, 1)
        paper.period = "this_week"
        self.assertEqual((paper.date_from.weekday(), paper.date_to.weekday()), (0, 6))

    def test_refuses_what_makes_no_paper(self):
        backwards = self.span(-1) | {"user_id": self.ann.id}
        for values in (backwards, self.span() | {"subject": "contact"}):
            with self.assertRaises(UserError):
                self.paper(self.ann, **values)
