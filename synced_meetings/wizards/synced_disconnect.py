"""Leaving: before a calendar is disconnected, what stays and what goes, by where it was made."""

from odoo import api, fields, models

# What a person added to a meeting here, and is nowhere else; some come with other add-ons.
WORK = ("notes", "outcome", "tag_ids", "res_id")


class SyncedDisconnect(models.TransientModel):
    _name = "synced.disconnect"
    _description = "Disconnect a Calendar"

    account_id = fields.Many2one("synced.account", required=True, ondelete="cascade")
    choice = fields.Selection(
        [
            ("keep", "Keep all meetings in Odoo"),
            ("remove", "Remove what only came from this calendar"),
        ],
        default="keep",
        required=True,
        string="Meetings",
    )
    theirs = fields.Integer(string="Only from this calendar", compute="_compute_counts")
    worked_on = fields.Integer(string="From it, with work of yours", compute="_compute_counts")
    shared = fields.Integer(string="Also in another calendar", compute="_compute_counts")
    ours = fields.Integer(string="Made in Odoo", compute="_compute_counts")
    consequence = fields.Char(compute="_compute_consequence")
    grant = fields.Char(compute="_compute_grant", help="What becomes of the permission.")

    @api.depends("account_id")
    def _compute_counts(self):
        for wizard in self:
            sorted_ = wizard.account_id._by_origin()
            for name, meetings in sorted_.items():
                wizard[name] = len(meetings)

    @api.depends("choice", "theirs")
    @api.depends_context("lang")
    def _compute_consequence(self):
        _ = self.env._
        for wizard in self:
            if wizard.choice == "keep" or not wizard.theirs:
                wizard.consequence = _("All meetings stay in Odoo, as they are now.")
            else:
                wizard.consequence = _(
                    "%(count)s meetings leave Odoo. They stay in the calendar itself, and come "
                    "back if you connect it again.",
                    count=wizard.theirs,
                )

    @api.depends("account_id")
    @api.depends_context("lang")
    def _compute_grant(self):
        for wizard in self:
            wizard.grant = wizard.account_id._leaving_sentence()

    def action_disconnect(self):
        """Disconnect, then do with the meetings what was chosen."""
        self.ensure_one()
        account = self.account_id
        account.action_disconnect()
        if self.choice == "remove":
            account._forget_theirs()
        return {"type": "ir.actions.act_window_close"}


class SyncedAccount(models.Model):
    _inherit = "synced.account"

    def action_leave(self):
        """Return the page that says what stays and what goes."""
        self.ensure_one()
        self.check_access("write")
        wizard = self.env["synced.disconnect"].create({"account_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Disconnect %(name)s", name=self.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _leaving_sentence(self):
        """Return what becomes of the permission that was given; adapters know."""
        return self.env._("Odoo forgets how to sign in to this calendar.")

    def _by_origin(self):
        """Return the meetings that this account holds, by where they were made.

        A series counts by its occurrences.
        """
        self.ensure_one()
        self.check_access("read")
        link = self.env["synced.meeting.link"].sudo().with_context(active_test=False)
        links = link.search([("calendar_id.account_id", "=", self.id)])
        found = dict.fromkeys(("theirs", "worked_on", "shared", "ours"), links.meeting_id.browse())
        for meeting in links.meeting_id | links.series_id.meeting_ids:
            found[self._origin_of(meeting)] |= meeting
        return found

    def _origin_of(self, meeting):
        copies = meeting.link_ids | meeting.series_id.link_ids
        if any(copy.client_key for copy in copies):
            return "ours"
        if copies.calendar_id.account_id - self:
            return "shared"
        return (
            "worked_on"
            if any(meeting[name] for name in WORK if name in meeting._fields)
            else "theirs"
        )

    def _forget_theirs(self):
        """Remove what only came from here; the calendar itself is not touched."""
        meetings = self._by_origin()["theirs"]
        series = meetings.series_id.filtered(
            lambda one: one.with_context(active_test=False).meeting_ids <= meetings
        )
        meetings = meetings.filtered(lambda one: not one.series_id or one.series_id in series)
        # Without their copies first: a meeting that is deleted would be deleted there, too.
        (meetings.link_ids | series.link_ids).unlink()
        self.sudo().calendar_ids.write({"sync_token": False, "listed_from": False})
        meetings.unlink()
        series.unlink()
