"""Ways to join by video that the calendar's service makes, and what is attached there."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    conference_name = fields.Char(
        compute="_compute_conference_name", help="The video meeting that the service can make."
    )

    @api.depends("user_id", "calendar_id", "link_ids")
    def _compute_conference_name(self):
        for meeting in self:
            account = meeting.sudo().calendar_id.account_id
            meeting.conference_name = (meeting.editable and account._conference_name()) or False

    @api.model_create_multi
    def create(self, vals_list):
        """Make meetings, with a way to join where the service can make one."""
        meetings = super().create(vals_list)
        meetings._check_joinable()
        return meetings

    def write(self, vals):
        """Change meetings; a way to join is only wanted of a service that can make it."""
        done = super().write(vals)
        if vals.get("conference_wanted"):
            self._check_joinable()
        return done

    def _check_joinable(self):
        for meeting in self.filtered("conference_wanted"):
            account = meeting.sudo().calendar_id.account_id
            if not account._conference_name():
                raise UserError(
                    self.env._(
                        "The calendar of “%(meeting)s” makes no video meetings. Put a link into "
                        "the location instead.",
                        meeting=meeting.display_name,
                    )
                )

    def _joined_anew(self, event):
        """Return an event that is made anew: another event's way to join is not its own."""
        if not event.conference:
            return event
        account = self.user_id._synced_default_calendar().account_id
        return replace(event, conference_url="", conference=bool(account._conference_name()))
