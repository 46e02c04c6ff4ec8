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
        result = super().write(vals)
        if "email" in vals:
            self._match_attendees()
        return result

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
