"""What a contact's card says of its meetings, and to whom."""

import random
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .meetings import NOW, MeetingCase


@tagged("post_install", "-at_install")
class TestPartnerMeetings(MeetingCase):
    def facts(self, partner, reader):
        """Return count, last and next meeting as ``reader`` sees them."""
        partner = partner.with_user(reader)
        partner.invalidate_recordset()
        return (
            partner.synced_meeting_count,
            partner.last_synced_meeting,
            partner.next_synced_meeting,
        )

    def expected(self, partner, reader):
        """Return the same by reading every meeting one by one."""
        family = self.env["res.partner"].with_context(active_test=False)
        family = family.search([("id", "child_of", partner.id)])
        meetings = self.env["synced.meeting"].with_user(reader).search([])
        meetings = meetings.filtered(lambda m: self._takes_part(m.sudo(), family))
        past = meetings.filtered(lambda m: m.stop <= NOW).mapped("start")
        coming = meetings.filtered(lambda m: m.stop > NOW).mapped("start")
        return len(meetings), max(past, default=False), min(coming, default=False)

    def _takes_part(self, meeting, family):
        return bool(
            meeting.partner_ids & family or (meeting.user_id | meeting.user_ids).partner_id & family
        )

    def test_last_and_next(self):
        past = self.meet(-3, self.ann, self.olson)
        coming = self.meet(4, self.ann, self.olson)
        self.meet(-9, self.ann, self.olson)
        self.assertEqual(self.facts(self.olson, self.bob), (3, past.start, coming.start))
        self.assertEqual(self.facts(self.stranger, self.bob), (0, False, False))

    def test_meeting_that_is_on_is_the_next(self):
        running = self.meet(0, self.ann, self.olson, start=NOW - timedelta(minutes=10))
        self.assertEqual(self.facts(self.olson, self.ann), (1, False, running.start))

    def test_company_adds_up_its_people_once(self):
        self.meet(1, self.ann, self.olson, self.steward)
        self.meet(2, self.ann, self.olson)
        self.olson.active = False
        self.assertEqual(self.facts(self.acme, self.bob)[0], 2)
        self.assertEqual(self.facts(self.sales, self.bob)[0], 2)
        self.assertEqual(self.facts(self.steward, self.bob)[0], 1)

    def test_colleague_counts_what_they_organise_and_are_invited_to(self):
        self.meet(1, self.ann)
        self.meet(2, self.bob, self.ann)
        self.meet(3, self.bob)
        self.assertEqual(self.facts(self.ann.partner_id, self.eve)[0], 2)

    def test_private_meeting_counts_for_its_people_only(self):
        self.meet(1, self.ann, self.bob, self.olson, privacy="private")
        for reader, count in ((self.ann, 1), (self.bob, 1), (self.eve, 0), (self.boss, 0)):
            self.assertEqual(self.facts(self.olson, reader)[0], count, reader.name)
            self.assertEqual(len(self.olson.with_user(reader).synced_meeting_ids), count)
            self.assertEqual(self.box(self.olson, reader)["total"], count)

    def test_cancelled_meeting_counts_no_more(self):
        self.meet(1, self.ann, self.olson, state="cancelled", active=False)
        self.assertEqual(self.facts(self.olson, self.ann), (0, False, False))

    def test_equal_to_brute_force(self):
        rng = random.Random(7)
        users = [self.ann, self.bob, self.eve]
        contacts = [self.acme, self.sales, self.olson, self.steward, self.stranger]
        for _ in range(60):
            people = rng.sample(users, rng.randint(0, 2)) + rng.sample(contacts, rng.randint(0, 3))
            privacy = rng.choice(["public", "public", "private"])
            organiser = rng.choice(users)
            people = [p for p in people if p != organiser]
            self.meet(rng.randint(-200, 200), organiser, *people, privacy=privacy)
        partners = self.env["res.partner"].union(*contacts, *(u.partner_id for u in users))
        for reader in (*users, self.boss):
            for partner in partners:
                self.assertEqual(self.facts(partner, reader), self.expected(partner, reader))
            self._compare_searches(partners, reader)

    def _compare_searches(self, partners, reader):
        """Filters find what the fields say, "no meeting in 90 days" among them."""
        partners = partners.with_user(reader)
        long_ago = NOW - timedelta(days=90)
        last = partners.mapped(lambda p: (p.id, p.last_synced_meeting))
        cases = {
            ("last_synced_meeting", "=", False): [p for p, when in last if not when],
            ("last_synced_meeting", "!=", False): [p for p, when in last if when],
            ("last_synced_meeting", "<", long_ago): [
                p for p, when in last if when and when < long_ago
            ],
            ("synced_meeting_ids", "=", False): partners.filtered(
                lambda p: not p.synced_meeting_ids
            ).ids,
        }
        cases["last_synced_meeting", "<", "-90d"] = cases["last_synced_meeting", "<", long_ago]
        for condition, ids in cases.items():
            found = partners.search([("id", "in", partners.ids), condition])
            self.assertEqual(set(found.ids), set(ids), condition)

    def test_search_by_meeting(self):
        meeting = self.meet(1, self.ann, self.olson)
        found = self.env["res.partner"].search([("synced_meeting_ids", "in", meeting.ids)])
        self.assertEqual(found, self.olson | self.sales | self.acme | self.ann.partner_id)
        named = [("synced_meeting_ids.name", "=", meeting.name)]
        self.assertIn(self.acme, self.env["res.partner"].search(named))

    def test_statements_do_not_grow(self):
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(50)])
        for partner in partners[:20]:
            self.meet(1, self.ann, partner)
        one, many = partners[:1].with_user(self.bob), partners.with_user(self.bob)
        read = lambda some: lambda: some.read(["synced_meeting_count", "last_synced_meeting"])  # noqa: E731
        read(one)()  # rules and models, once per process
        self.assertEqual(self.statements(read(many)), self.statements(read(one)))

    # ---- the box ----

    def box(self, partner, reader):
        """Return the box's data as ``reader`` gets it."""
        return self.env["res.partner"].with_user(reader).synced_meetings_box_data(partner.id)

    def test_box(self):
        for day in (-40, -30, -20, -10, -1, 1, 10, 20, 30, 40):
            self.meet(day, self.ann, self.bob, self.olson)
        box = self.box(self.acme, self.bob)
        self.assertEqual(box["total"], 10)
        self.assertEqual(
            [row["name"] for row in box["upcoming"]], [f"Day {d}" for d in (1, 10, 20, 30)]
        )
        self.assertEqual(
            [row["name"] for row in box["past"]], [f"Day {d}" for d in (-1, -10, -20, -30)]
        )
        self.assertEqual(box["upcoming"][0]["who"], ["Ann", "Bob", "Addison Olson"])
        self.assertEqual(self.box(self.olson, self.bob)["past"][0]["who"], ["Ann", "Bob"])
        self.assertFalse(box["connected"])

    def test_box_needs_the_contact(self):
        partner = self.env["res.partner"].create({"name": "Far away"})
        self.env["ir.rule"].create(
            {
                "name": "not this one",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": [("id", "!=", partner.id)],
            }
        )
        with self.assertRaises(AccessError):
            self.box(partner, self.bob)

    def test_box_of_ten_thousand_meetings(self):
        busy, quiet = self.olson, self.steward
        self.meet(1, self.ann, self.bob, busy, quiet)
        self._fill(busy, 10_000)
        self.box(busy, self.bob)
        self.assertEqual(
            self.statements(lambda: self.box(busy, self.bob)),
            self.statements(lambda: self.box(quiet, self.bob)),
        )
        self.assertEqual(self.box(busy, self.bob)["total"], 10_001)

    def _fill(self, partner, number):
        self.env.cr.execute(
            """WITH meeting AS (
                   INSERT INTO synced_meeting
                       (name, start, stop, privacy, show_as, state, text_from, shared, active)
                   SELECT 'Filler', now() - n * interval '1 hour', now() - n * interval '1 hour',
                          'public', 'busy', 'confirmed', 'description', true, true
                   FROM generate_series(1, %s) n RETURNING id)
               INSERT INTO res_partner_synced_meeting_rel (synced_meeting_id, res_partner_id)
               SELECT id, %s FROM meeting""",
            (number, partner.id),
        )
        self.env.invalidate_all()

    def test_all_of_them_open_from_the_card(self):
        self.meet(1, self.ann, self.olson)
        self.meet(2, self.ann, self.steward)
        action = self.acme.with_user(self.bob).action_view_synced_meetings()
        found = self.env["synced.meeting"].with_user(self.bob).search(action["domain"])
        self.assertEqual(len(found), self.facts(self.acme, self.bob)[0])

    # ---- which meetings the card shows ----

    def choose(self, reader, box, for_company=False):
        """Choose from the gear menu as ``reader``."""
        self.env["res.partner"].with_user(reader).set_synced_meetings_box(box, for_company)

    def test_choice_follows_the_user(self):
        self.choose(self.ann, "synced")
        self.assertEqual(self.box(self.olson, self.ann)["box"], "synced")
        self.assertEqual(self.olson.with_user(self.ann).synced_meetings_box, "synced")
        self.assertEqual(self.box(self.olson, self.bob)["box"], "both")

    def test_administrator_chooses_for_the_company(self):
        self.choose(self.ann, "both")
        self.choose(self.boss, "synced", for_company=True)
        self.assertEqual(self.box(self.olson, self.bob)["box"], "synced")
        self.assertEqual(self.box(self.olson, self.ann)["box"], "both")
        with self.assertRaises(AccessError):
            self.choose(self.ann, "calendar", for_company=True)

    def test_nothing_on_the_card_while_the_feature_is_off(self):
        self.env["ir.config_parameter"].set_param("synced_meetings.enabled", "False")
        self.assertFalse(self.olson.with_user(self.ann).synced_meetings_box)
