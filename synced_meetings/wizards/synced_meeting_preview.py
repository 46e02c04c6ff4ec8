"""What would go out to a calendar that was connected after meetings were made here (D1)."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

FATES = [
    ("create", "Goes to the calendar"),
    ("there", "Is in the calendar already"),
    ("over", "Is over, stays in Odoo"),
]


class SyncedMeetingPreview(models.TransientModel):
    _name = "synced.meeting.preview"
    _description = "Preview of Meetings for a Calendar"

    account_id = fields.Many2one("synced.account", required=True, ondelete="cascade")
    calendar_id = fields.Many2one("synced.calendar", readonly=True)
    line_ids = fields.One2many("synced.meeting.preview.line", "preview_id")
    summary = fields.Char(compute="_compute_summary")

    @api.depends("line_ids.fate", "line_ids.wanted")
    @api.depends_context("lang")
    def _compute_summary(self):
        for preview in self:
            lines = preview.line_ids
            fates = {fate: len(lines.filtered(lambda x, f=fate: x.fate == f)) for fate, _ in FATES}
            preview.summary = self.env._(
                "%(create)s of %(all)s meetings go to the calendar, %(there)s are there already, "
                "%(over)s are over. Nobody is mailed.",
                all=len(lines),
                create=len(lines.filtered("wanted")),
                there=fates["there"],
                over=fates["over"],
            )

    @api.model
    def _of(self, account):
        """Return the preview of what an account's user made before it was connected."""
        calendar = account.user_id._synced_default_calendar()
        if calendar.account_id != account:
            raise UserError(
                self.env._("New meetings do not go to this connection, but to another one.")
            )
        lines = [
            Command.create({"meeting_id": meeting.id, "fate": fate, "wanted": fate == "create"})
            for meeting, fate in account._only_here()
        ]
        values = {"account_id": account.id, "calendar_id": calendar.id, "line_ids": lines}
        return self.create(values)

    def action_confirm(self):
        """Let exactly the chosen meetings go out; nobody is told."""
        self.ensure_one()
        if self.account_id.user_id != self.env.user:
            raise UserError(self.env._("Only the owner of the calendar can decide this."))
        chosen = self.line_ids.filtered(lambda line: line.wanted and line.fate == "create")
        meetings = chosen.meeting_id.sudo().filtered(lambda m: not m.link_ids)
        meetings._place()
        meetings.series_id._place()
        meetings._changed_here()
        return {"type": "ir.actions.act_window_close"}


class SyncedMeetingPreviewLine(models.TransientModel):
    _name = "synced.meeting.preview.line"
    _description = "Meeting of a Preview"
    _order = "start, id"

    preview_id = fields.Many2one("synced.meeting.preview", required=True, ondelete="cascade")
    meeting_id = fields.Many2one("synced.meeting", required=True, ondelete="cascade")
    start = fields.Datetime(related="meeting_id.start", store=True)
    recurrence_text = fields.Char(related="meeting_id.recurrence_text")
    fate = fields.Selection(FATES, required=True, readonly=True, string="What happens")
    wanted = fields.Boolean(string="Send it there")


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    only_here_count = fields.Integer(
        compute="_compute_only_here_count", help="Meetings that could go to the calendar."
    )

    @api.depends("state", "calendar_ids.selected")
    def _compute_only_here_count(self):
        for account in self:
            ready = account.own and account.state == "connected" and account.last_sync
            found = account.sudo()._only_here() if ready else ()
            account.only_here_count = sum(fate == "create" for _, fate in found)

    def _only_here(self):
        """Return (meeting, fate) of what the user organises and no calendar holds.

        A series is named by its next meeting.
        """
        self.ensure_one()
        user = self.user_id
        if user.sudo()._synced_default_calendar().account_id != self:
            return []
        now = fields.Datetime.now()
        domain = [("user_id", "=", user.id), ("link_ids", "=", False)]
        alone = [*domain, ("series_id", "=", False)]
        meetings = self.env["synced.meeting"].sudo().search(alone)
        meetings |= self.env["synced.meeting.series"].sudo().search(domain)._next_meetings(now)
        held = (
            self.env["synced.meeting"]
            .sudo()
            .search(
                [
                    ("link_ids.calendar_id.user_id", "=", user.id),
                    ("start", "in", meetings.mapped("start")),
                ]
            )
        )
        known = {(m.name, m.start, m.stop) for m in held}
        return [
            (
                m,
                "over"
                if m.stop < now
                else "there"
                if (m.name, m.start, m.stop) in known
                else "create",
            )
            for m in meetings
        ]

    def action_preview(self):
        """Show what would go out, before anything does."""
        self.ensure_one()
        self.check_access("write")
        preview = self.env["synced.meeting.preview"]._of(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Meetings that are only in Odoo"),
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
        }
