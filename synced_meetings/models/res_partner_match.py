"""A contact that is created, or gets an address, gets the meetings it was invited to."""

from odoo import Command, api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        """Match the new contacts with attendees who had none."""
        partners = super().create(vals_list)
        partners._match_attendees()
        return partners

    def write(self, vals):
        """Match contacts whose address changed."""
        before = {partner: partner.email_normalized for partner in self if "email" in vals}
        result = super().write(vals)
        if "email" in vals:
            self._note_who_says_it(
                self.filtered(lambda partner: partner.email_normalized != before[partner])
            )
            self._match_attendees()
        return result

    def _note_who_says_it(self, changed):
        """Keep of users whether an administrator gave them their address, or somebody else."""
        writer = self.env.user
        given = writer._is_superuser() or writer.has_group("base.group_erp_manager")
        said = self if given else changed
        for user in said.sudo().with_context(active_test=False).user_ids:
            user.synced_claimed_email = False if given else user.email_normalized

    def _match_attendees(self):
        """Give each unmatched attendee with one of these addresses its contact."""
        partners = {p.email_normalized: p for p in self if p.email_normalized}
        if not partners:
            return
        attendees = self.env["synced.meeting.attendee"].sudo()
        unmatched = attendees.search([("email", "in", list(partners)), ("partner_id", "=", False)])
        for email, rows in unmatched.grouped("email").items():
            rows.partner_id = partners[email]
            brought = partners[email] | partners[email].commercial_partner_id.filtered("is_company")
            meetings = rows.filtered(lambda row: not row.user_id).meeting_id
            meetings.write({"partner_ids": [Command.link(partner.id) for partner in brought]})
