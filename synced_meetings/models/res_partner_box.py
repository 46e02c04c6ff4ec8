"""What the box of meetings on a contact's card shows, in one request."""

from odoo import api, fields, models
from odoo.fields import Domain

from .res_users_settings import BOXES

SHOWN = 4  # of the coming and of the past ones each; the rest is behind "Show all"


class ResPartner(models.Model):
    _inherit = "res.partner"

    synced_meetings_box = fields.Selection(
        BOXES, string="Meetings on the card", compute="_compute_synced_meetings_box"
    )

    @api.depends_context("uid", "company")
    def _compute_synced_meetings_box(self):
        self.synced_meetings_box = self.env["res.users.settings"]._synced_box()

    @api.model
    def synced_meetings_box_data(self, partner_id):
        """Return the box of one contact as plain data, by the reader's own rights."""
        partner = self.browse(partner_id)
        partner.check_access("read")
        upcoming, past = partner._synced_box_meetings()
        return {
            "box": self.env["res.users.settings"]._synced_box(),
            "can_set_company": self.env.user.has_group("synced_meetings.group_manager"),
            "connected": bool(
                self.env["synced.account"].search_count(self._own_accounts(), limit=1)
            ),
            "total": partner.synced_meeting_count,
            "upcoming": [meeting._synced_row(partner) for meeting in upcoming],
            "past": [meeting._synced_row(partner) for meeting in past],
        }

    def _own_accounts(self):
        return [("user_id", "=", self.env.uid), ("state", "!=", "draft")]

    def _synced_box_meetings(self):
        """Return the next few meetings, soonest first, and the last few, latest first."""
        meetings = self.env["synced.meeting"].with_context(active_test=True)
        domain, now = self._synced_meetings_domain(), fields.Datetime.now()
        upcoming = meetings.search(
            domain & Domain("stop", ">", now), limit=SHOWN, order="start, id"
        )
        past = meetings.search(
            domain & Domain("stop", "<=", now), limit=SHOWN, order="start desc, id desc"
        )
        together = upcoming | past  # prefetched as one
        return upcoming.with_prefetch(together._prefetch_ids), past.with_prefetch(
            together._prefetch_ids
        )

    @api.model
    def set_synced_meetings_box(self, box, for_company=False):
        """Choose which meetings cards show: for the user, or as the company's default."""
        self.env["res.users.settings"]._set_synced_box(box, for_company)
