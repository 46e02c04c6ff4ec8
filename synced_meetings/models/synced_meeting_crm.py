"""What a meeting is to the company: how it went, its tags, and the record it is about (D13, D22).

Nothing of it goes to any calendar.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

OUTCOMES = [
    ("held", "Held"),
    ("postponed", "Postponed"),
    ("no_show", "No show"),
    ("cancelled", "Called off"),
]
UNLINKED = ("ir.", "res.config", "synced.", "mail.", "bus.", "base.", "wizard.")


class SyncedMeetingTag(models.Model):
    _name = "synced.meeting.tag"
    _description = "Meeting Tag"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()

    _name_once = models.Constraint("UNIQUE (name)", "There is a tag of this name already.")


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    outcome = fields.Selection(OUTCOMES, index="btree_not_null", help="How it went.")
    tag_ids = fields.Many2many("synced.meeting.tag", string="Tags")
    linked_record = fields.Reference(
        selection="_linkable_models",
        compute="_compute_linked_record",
        inverse="_inverse_linked_record",
        help="What the meeting is about.",
    )

    @api.model
    def _linkable_models(self):
        """Return the kinds of records that people meet about and that the reader may open."""
        known = self.env["ir.model"].sudo().search([("is_mail_thread", "=", True)], order="name")
        return [
            (model.model, model.name)
            for model in known
            if model.model in self.env
            and not model.transient
            and not self.env[model.model]._abstract
            and not model.model.startswith(UNLINKED)
            and self.env[model.model].has_access("read")
        ]

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_linked_record(self):
        shown = dict(self._linkable_models())
        for meeting in self:
            record = None
            if meeting.res_id and meeting.res_model in shown:
                record = self.env[meeting.res_model].browse(meeting.res_id).exists()
            may = record and record.has_access("read")
            meeting.linked_record = f"{record._name},{record.id}" if may else False

    def _inverse_linked_record(self):
        for meeting in self:
            record = meeting.linked_record
            meeting.write(
                {
                    "res_model": record._name if record else False,
                    "res_id": record.id if record else 0,
                }
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Make meetings, about what their maker can read."""
        meetings = super().create(vals_list)
        meetings._check_linked_record()
        return meetings

    def write(self, vals):
        """Change meetings, about what the writer can read."""
        done = super().write(vals)
        if vals.keys() & {"res_model", "res_id"}:
            self._check_linked_record()
        return done

    def _check_linked_record(self):
        """Let nobody point to what is not there, or what they cannot read."""
        for meeting in self.filtered("res_model"):
            if meeting.res_model not in self.env:
                raise UserError(
                    self.env._("“%(model)s” is no kind of record here.", model=meeting.res_model)
                )
            linked = self.env[meeting.res_model].browse(meeting.res_id or [])
            if not self.env.su and linked and not linked.has_access("read"):
                raise AccessError(
                    self.env._("You cannot read the record that you want to link. Choose another.")
                )
