"""One invited address of a meeting or of a series."""

import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.synced_meetings.sync.canonical import address

from .defaults import own_defaults

ONE_ADDRESS = re.compile(r"""[^\s,;:<>()\[\]"\\@]+@[^\s,;:<>()\[\]"\\@]+""")
WRITABLE = {"name", "email", "partner_id", "kind", "meeting_id"}
RESPONSES = [
    ("needs_action", "No answer"),
    ("accepted", "Accepted"),
    ("tentative", "Tentative"),
    ("declined", "Declined"),
]
KINDS = [("required", "Required"), ("optional", "Optional"), ("resource", "Room or resource")]


class SyncedMeetingAttendee(models.Model):
    _name = "synced.meeting.attendee"
    _description = "Meeting Attendee"
    _order = "is_organiser desc, name, email"
    _log_access = False  # an attendee is written by runs only, and there are very many
    _rec_names_search = ["name", "email"]

    meeting_id = fields.Many2one("synced.meeting", ondelete="cascade")
    series_id = fields.Many2one("synced.meeting.series", ondelete="cascade", index="btree_not_null")
    email = fields.Char(index=True)
    name = fields.Char()
    partner_id = fields.Many2one(
        "res.partner", string="Contact", ondelete="set null", index="btree_not_null"
    )
    user_id = fields.Many2one("res.users", ondelete="set null")
    response = fields.Selection(RESPONSES, default="needs_action", required=True)
    kind = fields.Selection(KINDS, default="required", required=True)
    is_organiser = fields.Boolean()
    asked_version = fields.Char(help="What this person is to be told: a hash of the meeting.")
    told_version = fields.Char(help="What this person was told last; empty: not invited yet.")
    told_at = fields.Datetime(readonly=True, help="When it was told from here, last.")

    _one_parent = models.Constraint(
        "CHECK ((meeting_id IS NULL) != (series_id IS NULL))",
        "An attendee belongs to one meeting or one series.",
    )
    _email_once = models.UniqueIndex("(meeting_id, email)")  # who has no address is not counted

    # ---- doors for people; what a calendar says comes in by the others ----

    @api.model
    def default_get(self, fields):
        """Let nobody choose by a default what only the calendar says."""
        return own_defaults(self, super().default_get(fields), {"meeting_id"})

    @api.model_create_multi
    def create(self, vals_list):
        """Put people down as attendees; they are invited when a person sends the invitation."""
        for vals in vals_list:
            self._check_may_set(vals)
        attendees = super().create([self._addressed(vals) for vals in vals_list])
        attendees._check_meetings()
        attendees.meeting_id._changed_here()
        return attendees

    def write(self, vals):
        """Change what is known of attendees."""
        self._check_may_set(vals)
        self._check_stays(vals)
        self._check_meetings()
        done = super().write(self._addressed(vals))
        self._check_meetings()
        self.meeting_id._changed_here()
        return done

    def unlink(self):
        """Strike attendees off, with the contacts that only they brought."""
        self._check_meetings()
        meetings = self.meeting_id
        for attendee in self.sudo():
            others = (attendee.meeting_id.attendee_ids - attendee).partner_id
            gone = attendee.partner_id - others
            users = attendee.user_id - attendee.meeting_id.user_id
            attendee.meeting_id._bring_in(
                {
                    "partner_ids": [fields.Command.unlink(partner.id) for partner in gone],
                    "user_ids": [fields.Command.unlink(user.id) for user in users],
                }
            )
        done = super().unlink()
        meetings._changed_here()
        return done

    def _bring(self, vals_list):
        return super().create(vals_list)

    def _bring_in(self, vals):
        return super().write(vals)

    def _name_user(self, user):
        """Let an attendee who was put down by address be the user of that address."""
        if user and self and not self.user_id:
            self._bring_in({"user_id": user.id})

    def _take_out(self):
        return super().unlink()

    def _check_may_set(self, vals):
        if not self.env.su and (refused := sorted(vals.keys() - WRITABLE)):
            raise AccessError(
                self.env._(
                    "%(fields)s: only the calendar says this of an attendee.",
                    fields=", ".join(refused),
                )
            )

    def _check_stays(self, vals):
        """What a person was told of one meeting was not said of another."""
        moved = "meeting_id" in vals and any(r.meeting_id.id != vals["meeting_id"] for r in self)
        if moved and not self.env.su:
            raise AccessError(
                self.env._(
                    "An attendee stays with the meeting. Take the person off this one, and add "
                    "them to the other."
                )
            )

    def _check_meetings(self):
        if self.env.su:
            return
        if any(not row.meeting_id for row in self):
            raise AccessError(
                self.env._(
                    "The people of a series are changed in the calendar, or one meeting at a time "
                    "here. Nothing was saved."
                )
            )
        for meeting in self.meeting_id:
            meeting._check_editable()

    @api.model
    def _addressed(self, vals):
        """Keep addresses as they are compared, and a contact's own where none is given."""
        if vals.get("partner_id") and not vals.get("email"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals = vals | {"email": partner.email_normalized or False}
            vals.setdefault("name", partner.name)
        if "email" in vals:
            vals = vals | {"email": self._one_address(vals["email"])}
        return vals

    @api.model
    def _one_address(self, said):
        """Return what was typed as one address; nothing else may reach a header of a mail."""
        email = address(str(said or ""))
        if email and not self.env.su and not ONE_ADDRESS.fullmatch(str(said).strip()):
            raise UserError(
                self.env._("“%(email)s” is not one e-mail address. Correct it.", email=email)
            )
        return email or False
