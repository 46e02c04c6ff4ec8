"""Meetings on paper: with one contact in a period, or of one colleague, week by week (S33)."""

from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import MO, relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

PERIODS = [
    ("this_week", "This week"),
    ("last_week", "Last week"),
    ("this_month", "This month"),
    ("last_month", "Last month"),
    ("this_year", "This year"),
    ("other", "Other"),
]
WEEK, MONTH, YEAR = relativedelta(weeks=1), relativedelta(months=1), relativedelta(years=1)
DAY = timedelta(days=1)


class SyncedMeetingPrint(models.TransientModel):
    _name = "synced.meeting.print"
    _description = "Print Meetings"

    subject = fields.Selection(
        [("contact", "A contact"), ("user", "A colleague")],
        string="Meetings with",
        required=True,
        default="user",
    )
    partner_id = fields.Many2one("res.partner", string="Contact")
    user_id = fields.Many2one(
        "res.users",
        string="Colleague",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
    )
    period = fields.Selection(PERIODS, required=True, default="this_week")
    date_from = fields.Date(
        string="From", compute="_compute_dates", store=True, readonly=False, required=True
    )
    date_to = fields.Date(
        string="To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        help="The last day, included.",
    )
    private = fields.Boolean(
        string="My private meetings too", help="Leave it off where others read the paper."
    )
    cancelled = fields.Boolean(string="Cancelled meetings too")

    @api.depends("period")
    def _compute_dates(self):
        today = fields.Date.context_today(self)
        monday = today + relativedelta(weekday=MO(-1))
        first, january = today.replace(day=1), today.replace(day=1, month=1)
        spans = {
            "this_week": (monday, monday + WEEK),
            "last_week": (monday - WEEK, monday),
            "this_month": (first, first + MONTH),
            "last_month": (first - MONTH, first),
            "this_year": (january, january + YEAR),
        }
        for paper in self:
            if paper.period in spans:
                begin, end = spans[paper.period]
                paper.date_from, paper.date_to = begin, end - DAY

    def action_print(self):
        """Return the paper."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The last day is before the first. Correct the period."))
        if not (self.partner_id if self.subject == "contact" else self.user_id):
            raise UserError(self.env._("Choose whose meetings are to be printed."))
        return self.env.ref("synced_meetings.action_report_meetings").report_action(self)

    def _who(self):
        return self.partner_id if self.subject == "contact" else self.user_id

    def _domain(self):
        domain = Domain("date", ">=", self.date_from) & Domain("date", "<=", self.date_to)
        if self.subject == "contact":
            domain &= Domain("meeting_id", "any", self.partner_id._synced_meetings_domain())
        else:
            user = self.user_id.id
            domain &= Domain("user_id", "=", user) | Domain("user_ids", "in", user)
        if not self.private:
            domain &= Domain("privacy", "=", "public")
        if not self.cancelled:
            domain &= Domain("state", "!=", "cancelled")
        return domain

    def _weeks(self):
        """Return [(Monday, rows of `synced.meeting.report`, hours)] as the reader may see them."""
        weeks = defaultdict(self.env["synced.meeting.report"].browse)
        for row in self.env["synced.meeting.report"].search(self._domain(), order="date, start"):
            weeks[row.date + relativedelta(weekday=MO(-1))] |= row
        return [(monday, rows, self._hours(rows)) for monday, rows in sorted(weeks.items())]

    @api.model
    def _hours(self, rows):
        """Return the hours of rows; a cancelled meeting took none, a whole day is none either."""
        took_place = rows.filtered(lambda row: row.state != "cancelled" and not row.allday)
        return sum(took_place.mapped("duration"))
