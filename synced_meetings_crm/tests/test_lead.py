"""An opportunity's meetings: those about it, as the reader may see them."""

from datetime import timedelta

from odoo.tests import Form, tagged

from odoo.addons.synced_meetings.tests.meetings import NOW, MeetingCase


@tagged("post_install", "-at_install")
class TestLead(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sales = cls.env.ref("sales_team.group_sale_salesman_all_leads")
        (cls.ann | cls.bob).group_ids += sales
        cls.lead, cls.other = cls.env["crm.lead"].create(
            [
                {"name": name, "type": "opportunity", "partner_id": cls.olson.id}
                for name in ("Big deal", "Small deal")
            ]
        )

    def about(self, lead, day, organiser, **values):
        """Return a meeting about a lead."""
        return self.meet(day, organiser, res_model="crm.lead", res_id=lead.id, **values)

    def box(self, lead, reader):
        return self.env["crm.lead"].with_user(reader).synced_meetings_box_data(lead.id)

    def test_new_meeting_is_about_it_with_its_contact(self):
        action = self.lead.with_user(self.ann).action_new_synced_meeting()
        meetings = self.env["synced.meeting"].with_user(self.ann).with_context(action["context"])
        with Form(meetings) as form:
            form.start, form.stop = NOW, NOW + timedelta(hours=1)
        meeting = form.record
        self.assertEqual((meeting.res_model, meeting.res_id), ("crm.lead", self.lead.id))
        self.assertIn(self.olson, meeting.partner_ids)
        self.assertEqual(meeting.name, "Big deal")
        self.assertEqual(self.lead.with_user(self.ann).synced_meeting_count, 1)
        self.assertEqual(self.other.with_user(self.ann).synced_meeting_count, 0)

    def test_box_shows_what_the_reader_may_see(self):
        coming = self.about(self.lead, 2, self.ann)
        past = self.about(self.lead, -2, self.ann)
        self.about(self.lead, 3, self.ann, privacy="private")
        self.about(self.other, 1, self.ann)
        box = self.box(self.lead, self.bob)
        self.assertEqual([row["id"] for row in box["upcoming"]], [coming.id])
        self.assertEqual([row["id"] for row in box["past"]], [past.id])
        self.assertEqual(box["total"], 2)
        self.assertEqual(self.box(self.lead, self.ann)["total"], 3)
        listed = self.lead.with_user(self.bob).action_view_synced_meetings()["domain"]
        found = self.env["synced.meeting"].with_user(self.bob).search(listed)
        self.assertEqual(found, coming | past)

    def test_counts_of_many_in_one_statement(self):
        leads = self.env["crm.lead"].create([{"name": f"Deal {n}"} for n in range(20)])
        for lead in leads:
            self.about(lead, 1, self.ann)
        leads = leads.with_user(self.ann)
        leads.mapped("synced_meeting_count")  # the reader's groups and rules are cached
        few = self.statements(lambda: leads[:2].mapped("synced_meeting_count"))
        self.assertEqual(self.statements(lambda: leads.mapped("synced_meeting_count")), few)

    def test_merged_leads_keep_their_meetings(self):
        kept, moved = self.about(self.lead, 1, self.ann), self.about(self.other, 2, self.ann)
        merged = (self.lead | self.other).merge_opportunity()
        about = self.env["synced.meeting"].search(merged._synced_meetings_domain())
        self.assertEqual(about, kept | moved)

    def test_moving_over_keeps_the_opportunity(self):
        old = self.env["calendar.event"].create(
            {
                "name": "Old",
                "start": NOW,
                "stop": NOW + timedelta(hours=1),
                "opportunity_id": self.lead.id,
            }
        )
        switch = self.env["synced.switch"].create({"others": "copy"})
        switch._adopt(old)
        taken = old.synced_meeting_id
        self.assertEqual((taken.res_model, taken.res_id), ("crm.lead", self.lead.id))
