"""The meetings that are about a lead or an opportunity, on its card."""

from odoo import api, fields, models
from odoo.fields import Domain

READERS = "synced_meetings.group_user"


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "synced.meetings.box"]

    synced_meeting_count = fields.Integer(
        string="Number of synced meetings",
        compute="_compute_synced_meeting_count",
        groups=READERS,
        help="The meetings about this, as you may read them.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_synced_meeting_count(self):
        groups = self.env["synced.meeting"]._read_group(
            self._synced_meetings_domain(), ["res_id"], ["__count"]
        )
        counts = dict(groups)
        for lead in self:
            lead.synced_meeting_count = counts.get(lead._origin.id, 0)

    def action_new_synced_meeting(self):
        """Open a new meeting about this, with its contact in it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "synced.meeting",
            "views": [(False, "form")],
            "context": self._synced_defaults(),
        }

    def _synced_meetings_domain(self):
        return Domain("res_model", "=", self._name) & Domain("res_id", "in", self._origin.ids)

    def _synced_contact(self):
        return self.partner_id

    def _synced_defaults(self):
        contact = self.partner_id
        return {
            "default_res_model": self._name,
            "default_res_id": self.id,
            "default_partner_ids": (contact | contact.commercial_partner_id).ids,
            "default_name": self.name,
        }

    def _synced_total(self):
        return self.synced_meeting_count

    def _merge_dependences(self, opportunities):
        """Keep the meetings of leads that are merged into one."""
        done = super()._merge_dependences(opportunities)
        meetings = self.env["synced.meeting"].sudo().with_context(active_test=False)
        meetings.search(opportunities._synced_meetings_domain())._bring_in({"res_id": self.id})
        return done
