"""A user's connection to a calendar service."""

from odoo import api, fields, models


class SyncedAccount(models.Model):
    _name = "synced.account"
    _description = "Calendar Connection"
    _order = "user_id, provider, id"

    name = fields.Char(compute="_compute_name")
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    provider = fields.Selection([], required=True)
    email = fields.Char(readonly=True, help="The address of the mailbox that was authorised.")
    colleagues_see = fields.Selection(
        [
            ("all", "All meetings"),
            ("contacts", "Meetings with contacts"),
            ("busy", "Only busy times"),
        ],
        default="contacts",
        required=True,
        help="What others may read of this calendar. Private meetings are never shown.",
    )
    state = fields.Selection(
        [
            ("draft", "Not connected"),
            ("connecting", "Connecting"),
            ("connected", "Connected"),
            ("error", "Failing"),
            ("reauth", "Sign in again"),
            ("paused", "Paused"),
        ],
        default="draft",
        required=True,
        readonly=True,
    )
    last_sync = fields.Datetime(compute="_compute_last_sync", help="When it last succeeded.")
    last_error = fields.Char(readonly=True)
    calendar_ids = fields.One2many("synced.calendar", "account_id")
    active = fields.Boolean(default=True)

    @api.depends("provider", "email")
    def _compute_name(self):
        for account in self:
            account.name = account.email or account.provider or ""

    @api.depends("calendar_ids.last_sync", "calendar_ids.selected")
    def _compute_last_sync(self):
        for account in self:
            done = account.calendar_ids.filtered("selected").mapped("last_sync")
            account.last_sync = max(filter(None, done), default=False)
