"""Ask before a meeting is cancelled: which of a series, and whether people are told."""

from odoo import api, fields, models

from ..models.synced_meeting_repeat import SCOPES


class SyncedMeetingCancel(models.TransientModel):
    _name = "synced.meeting.cancel"
    _description = "Cancel a Meeting"

    meeting_id = fields.Many2one("synced.meeting", required=True, ondelete="cascade")
    in_series = fields.Boolean(compute="_compute_in_series")
    scope = fields.Selection(SCOPES, default="this", required=True, string="Cancel")
    tell = fields.Selection(
        [
            ("yes", "Cancel, and tell everybody who was invited"),
            ("no", "Only remove it from my calendar"),
        ],
        default="no",
        required=True,
        string="People",
    )
    quiet = fields.Boolean(compute="_compute_quiet", help="It can be removed without a word.")
    people = fields.Integer(
        string="To be told", compute="_compute_people", help="How many would be told."
    )
    message = fields.Text(help="What the people read of it.")
    by_odoo = fields.Boolean(compute="_compute_people", help="Odoo mails the message by itself.")
    invited = fields.Text(compute="_compute_people", help="Who was invited, and what that means.")
    consequence = fields.Char(compute="_compute_consequence")

    @api.depends("meeting_id")
    def _compute_in_series(self):
        for wizard in self:
            wizard.in_series = bool(wizard.meeting_id.series_id)

    @api.depends("meeting_id")
    def _compute_people(self):
        for wizard in self:
            meeting = wizard.meeting_id
            told = meeting._told_people()
            wizard.people = len(told)
            wizard.invited = meeting._said_of_own(told)
            wizard.by_odoo = meeting._mails_message_itself()

    @api.depends("meeting_id")
    def _compute_quiet(self):
        for wizard in self:
            wizard.quiet = not wizard.meeting_id._loud_copies()

    @api.depends("tell", "people", "quiet")
    @api.depends_context("lang")
    def _compute_consequence(self):
        _ = self.env._
        for wizard in self:
            if not wizard.people:
                wizard.consequence = _("Nobody was invited yet, so nobody hears of it.")
            elif not wizard.quiet:
                wizard.consequence = _(
                    "A cancellation goes to %(n)s people, and the meeting leaves their calendars. "
                    "Hidden, it stays there as it is, and nobody in Odoo sees it until it is "
                    "restored.",
                    n=wizard.people,
                )
            elif wizard.tell == "yes":
                wizard.consequence = _(
                    "A cancellation goes to %(n)s people, and the meeting leaves their calendars.",
                    n=wizard.people,
                )
            else:
                wizard.consequence = _(
                    "Nobody is told. The %(n)s people invited keep a copy without an organiser.",
                    n=wizard.people,
                )

    def action_cancel_and_tell(self):
        """Cancel for everybody, with a message."""
        self.tell = "yes"
        return self.action_cancel()

    def action_cancel_quietly(self):
        """Only take it out of the organiser's calendar."""
        self.tell = "no"
        return self.action_cancel()

    def action_cancel(self):
        """Cancel as chosen."""
        self.ensure_one()
        meeting, tell = self.meeting_id, self.tell == "yes" or not self.quiet
        if meeting.series_id and self.scope != "this":
            meeting._cancel_series(self.scope, tell, self.message or "")
        else:
            meeting._cancel(tell, self.message or "")
        return {"type": "ir.actions.act_window_close"}

    def action_hide(self):
        """Hide this meeting, or all of the series, in Odoo; calendars stay as they are."""
        self.ensure_one()
        if self.meeting_id.series_id and self.scope == "all":
            self.meeting_id._hide_series()
        else:
            self.meeting_id.action_hide()
        return {"type": "ir.actions.act_window_close"}
