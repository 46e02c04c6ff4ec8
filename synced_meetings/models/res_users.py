"""A user's connections: in the preferences, and at rest while the user is archived."""

from odoo import fields, models


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

    @property
    def SELF_READABLE_FIELDS(self):
        """Let users see their own connections in their preferences."""
        return [*super().SELF_READABLE_FIELDS, "synced_account_ids", "synced_delegate_ids"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        """Let users choose who books for them."""
        return [*super().SELF_WRITEABLE_FIELDS, "synced_delegate_ids"]

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
