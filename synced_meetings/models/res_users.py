"""A user's connections: in the preferences, and at rest while the user is archived."""

from odoo import api, fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    synced_account_ids = fields.One2many(
        "synced.account", "user_id", string="Calendar connections", readonly=True
    )

    synced_delegate_ids = fields.Many2many(
        "res.users",
        "synced_delegate_rel",
        "organiser_id",
        "delegate_id",
        string="May book for me",
        domain=[("share", "=", False)],
        help="These colleagues may make and change meetings on your behalf, in your calendar.",
    )

    synced_bookable = fields.Boolean(
        compute="_compute_synced_bookable",
        search="_search_synced_bookable",
        help="The reader may make meetings on behalf of this user.",
    )

    synced_claimed_email = fields.Char(
        groups=fields.NO_ACCESS,
        copy=False,
        help="An address that the user, or a colleague, put on the card. Anybody can say to be "
        "anybody: by it nobody is taken for the guest of a meeting.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        """Let users see their own connections in their preferences."""
        return [*super().SELF_READABLE_FIELDS, "synced_account_ids", "synced_delegate_ids"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Let users choose who books for them."""
        return [*super().SELF_WRITEABLE_FIELDS, "synced_delegate_ids"]

    @api.depends_context("uid")
    def _compute_synced_bookable(self):
        for user in self:
            user.synced_bookable = user._synced_may_book(self.env.user)

    def _search_synced_bookable(self, operator, value):
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        people = Domain("share", "=", False)
        if self.env.user.has_group("synced_meetings.group_manager"):
            return people
        allowed = self.sudo().search([("synced_delegate_ids", "in", self.env.uid)])
        return people & Domain("id", "in", [*allowed.ids, self.env.uid])

    def _synced_may_book(self, user):
        """Whether ``user`` may change the meetings that this user, or nobody known, organises."""
        return (
            self == user
            or user in self.sudo().synced_delegate_ids
            or user.has_group("synced_meetings.group_manager")
        )

    def _synced_default_calendar(self):
        """Return the one calendar where this user's new meetings go, if one is connected."""
        calendars = self.sudo().synced_account_ids.calendar_ids.filtered("selected")
        ready = calendars.filtered(lambda calendar: calendar._is_writable())
        return ready.sorted(lambda calendar: (not calendar.primary, calendar.id))[:1]

    def _synced_email(self):
        """Return the address by which this user is invited: the connected mailbox's, if any."""
        calendar = self._synced_default_calendar()
        return calendar.account_id.email or self.sudo().email_normalized or False

    def write(self, vals):
        """Let the connections of an archived user rest, and go on when the user is back."""
        done = super().write(vals)
        if "active" in vals:
            accounts = self.with_context(active_test=False).sudo().synced_account_ids
            if vals["active"]:
                accounts._resume("archived")
            else:
                accounts._usable()
        return done
