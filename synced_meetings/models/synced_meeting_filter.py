"""The people whose meetings a user looks at on the calendar page."""

from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .synced_account import RUNNING

COLORS = 8  # told apart by the colour-blind too; the first is the owner's own
TEAM = 30  # people added at once


class SyncedMeetingFilter(models.Model):
    _name = "synced.meeting.filter"
    _description = "Person Shown on the Calendar Page"

    owner_id = fields.Many2one(
        "res.users",
        required=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
        index=True,
        help="Whose calendar page it is.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        required=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    checked = fields.Boolean(default=True)
    color = fields.Integer(help="The person's colour on this page; it stays.")

    _once = models.UniqueIndex("(owner_id, user_id)", "This person is on your list already.")

    @api.model_create_multi
    def create(self, vals_list):
        """Give each person the colour that the fewest have."""
        taken = Counter(self.search([("owner_id", "=", self.env.uid)]).mapped("color"))
        for vals in vals_list:
            vals["color"] = min(range(1, COLORS), key=lambda color: (taken[color], color))
            taken[vals["color"]] += 1
        return super().create(vals_list)

    def write(self, vals):
        """Keep a person on the list of whose list it is."""
        if vals.get("owner_id", self.env.uid) != self.env.uid and not self.env.su:
            raise AccessError(self.env._("Everybody chooses whom they look at."))
        return super().write(vals)

    @api.model
    def shown_people(self):
        """Return the reader and the people on the reader's list, with their calendar services."""
        mine = self.search([("owner_id", "=", self.env.uid), ("user_id", "!=", self.env.uid)])
        providers = self._providers_of(mine.user_id | self.env.user)
        labels = dict(self.env["synced.meeting"]._provider_selection())
        people = [(False, self.env.user, True, 0)]
        people += [(row.id, row.user_id, row.checked, row.color) for row in mine]
        return [
            {
                "id": identity,
                "user_id": [user.id, user.name],
                "checked": checked,
                "color": color,
                "provider": providers.get(user, ""),
                "provider_label": labels.get(providers.get(user), ""),
            }
            for identity, user, checked, color in people
        ]

    @api.model
    def _providers_of(self, users):
        """Return {user: calendar service} of those who are connected."""
        connected = [("user_id", "in", users.ids), ("state", "in", RUNNING)]
        accounts = self.env["synced.account"].sudo().search(connected, order="id desc")
        return {account.user_id: account.provider for account in accounts}

    @api.model
    def add_team(self):
        """Put everybody of the reader's team on the list; returns how many are new."""
        known = self.search([("owner_id", "=", self.env.uid)]).user_id | self.env.user
        team = (self._team() - known)[:TEAM]
        self.create([{"user_id": user.id} for user in team])
        return len(team)

    @api.model
    def _team(self):
        """Return the sales teams of the reader, where there are any; else the company."""
        users = self.env["res.users"]
        if "crm.team" in self.env:
            teams = self.env["crm.team"].sudo().search([("member_ids", "in", self.env.uid)])
            users = (teams.member_ids | teams.user_id).with_env(self.env)
        company = [("share", "=", False), ("company_ids", "in", self.env.company.ids)]
        people = users.filtered(lambda user: not user.share) or users.search(company)
        connected = self._providers_of(people)
        return people.sorted(lambda user: (user not in connected, user.name))
