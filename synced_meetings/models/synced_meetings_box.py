"""The box of meetings on a card: of a contact here, of an opportunity in a bridge."""

from odoo import api, fields, models
from odoo.fields import Domain

from .res_users_settings import BOXES

SHOWN = 4  # of the coming and of the past ones each; the rest is behind "Show all"


class SyncedMeetingsBox(models.AbstractModel):
    """For a model whose records have meetings, as ``_synced_meetings_domain`` says which."""

    _name = "synced.meetings.box"
    _description = "Meetings on a Card"

    synced_meetings_box = fields.Selection(
        BOXES, string="Meetings on the card", compute="_compute_synced_meetings_box"
    )

    @api.depends_context("uid", "company")
    def _compute_synced_meetings_box(self):
        self.synced_meetings_box = self.env["res.users.settings"]._synced_box()

    @api.model
    def synced_meetings_box_data(self, record_id):
        """Return the box of one record as plain data, by the reader's own rights."""
        record = self.browse(record_id)
        record.check_access("read")
        upcoming, past = record._synced_box_meetings()
        contact = record._synced_contact()
        return {
            "box": self.env["res.users.settings"]._synced_box(),
            "can_set_company": self.env.user.has_group("synced_meetings.group_manager"),
            "connected": bool(
                self.env["synced.account"].search_count(self._own_accounts(), limit=1)
            ),
            "total": record._synced_total(),
            "upcoming": [meeting._synced_row(contact) for meeting in upcoming],
            "past": [meeting._synced_row(contact) for meeting in past],
            "defaults": record._synced_defaults(),
        }

    @api.model
    def set_synced_meetings_box(self, box, for_company=False):
        """Choose which meetings cards show: for the user, or as the company's default."""
        self.env["res.users.settings"]._set_synced_box(box, for_company)

    def action_view_synced_meetings(self):
        """Open the list of all meetings of this record."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("synced_meetings.action_meetings")
        return action | {
            "domain": list(self._synced_meetings_domain()),
            "context": self._synced_defaults(),
            "display_name": self.env._("Meetings with %(name)s", name=self.display_name),
        }

    def _synced_meetings_domain(self):
        """Return the domain of the meetings that the card shows."""
        raise NotImplementedError

    def _synced_contact(self):
        """Return the contact whose own name a line of the box leaves out."""
        raise NotImplementedError

    def _synced_defaults(self):
        """Return the context in which a new meeting is made from the card."""
        raise NotImplementedError

    def _synced_total(self):
        return self.env["synced.meeting"].search_count(self._synced_meetings_domain())

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
