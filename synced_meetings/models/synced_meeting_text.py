"""What the invitation says: a description, or a template merged when it is sent (S26, S27)."""

import hashlib
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_time, html2plaintext

from odoo.addons.synced_meetings.store import rows

from .discretion import outline
from .event_fields import CleanHtml, clean_html
from .placeholders import surviving
from .synced_meeting_edit import TEXT

_logger = logging.getLogger(__name__)
NAMED = 3  # placeholders named in a sentence


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    template_id = fields.Many2one(
        "mail.template",
        string="Template",
        domain=[("model", "=", "synced.meeting")],
        ondelete="set null",
        help="Its values are merged when the invitation is sent.",
    )
    text_from = fields.Selection(
        [("description", "Description"), ("template", "Template")],
        default="description",
        required=True,
        string="Text",
    )
    text_edited = fields.Boolean(
        string="Edit template", help="The text was merged for changing it by hand, and is kept."
    )
    merged_text = CleanHtml(readonly=True, help="The description that is no edit by hand.")
    merged_facts = fields.Char(help="A hash of what the text was made of when it was merged.")
    text_before = CleanHtml(help="The description before it was sent, for undoing that.")
    text_live = fields.Boolean(
        compute="_compute_text_live", help="The template speaks, and nobody has changed its text."
    )
    preview = fields.Html(compute="_compute_preview", help="What the template says now.")
    text_problem = fields.Char(compute="_compute_preview", help="Why it cannot be sent so.")
    text_stale = fields.Boolean(
        compute="_compute_text_stale", help="What the text was made of has changed since."
    )
    when_text = fields.Char(string="When, in words", compute="_compute_when_text")

    # ---- doors ----

    @api.model
    def default_get(self, fields):
        """Propose the company's template."""
        values = super().default_get(fields)
        if "template_id" in fields and not self.env.su and not values.get("description"):
            values.setdefault("template_id", self.env.company.sudo().synced_template_id.id)
            if values["template_id"]:
                values["text_from"] = "template"
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Make meetings; who names a template wants its text, who names none has none."""
        for vals in vals_list:
            vals.setdefault("template_id", False)
            vals.setdefault("text_from", "template" if vals["template_id"] else "description")
        meetings = super().create(vals_list)
        for meeting in meetings.filtered(lambda one: one.text_edited or one.series_id):
            meeting._keep_text(meeting._text_values())
        return meetings

    def write(self, vals):
        """Change meetings; what the text was made of is kept for saying that it is out of date."""
        if not vals.keys() & TEXT:
            return super().write(vals)
        if vals.get("template_id"):
            vals = {"text_from": "template", **vals}
        done = super().write(vals)
        for meeting in self:
            # What stands there when a template is chosen is no edit of that template's text.
            kept = {} if "description" in vals else {"merged_text": meeting.description}
            meeting._keep_text(meeting._text_values() | kept, vals.get("apply_to"))
        return done

    def _text_values(self):
        return {name: self[name] for name in TEXT - {"template_id"}} | {
            "template_id": self.template_id.id,
            "merged_facts": self._facts(),
        }

    def _keep_text(self, values, scope="all"):
        """Keep values of the text, which goes out for a whole series, on all its meetings."""
        meetings = self
        if scope not in (None, False, "this"):
            meetings |= self.sudo().with_context(active_test=False).series_id.meeting_ids
        meetings.sudo()._bring_in(values)

    # ---- while one types ----

    @api.onchange("template_id", "text_from")
    def _onchange_template(self):
        """Let the template speak anew; what the calendar holds stays until it is sent."""
        if self.text_from == "template" and not self.template_id:
            self.template_id = self.env.company.sudo().synced_template_id
        if self.text_from == "template":
            self.text_edited = False
            self.description = self.merged_text = self._origin.description

    @api.onchange("text_edited")
    def _onchange_text_edited(self):
        """Merge now, for changes by hand; or go back to the template."""
        if self.text_from != "template" or not self.template_id:
            return
        if self.text_edited:
            self.description = self._merged_or_none()[0] or self.description
        else:
            self.description = self.merged_text = self._origin.description

    # ---- what is said ----

    @api.depends("template_id", "text_from", "text_edited", "description", "merged_text")
    def _compute_text_live(self):
        for meeting in self:
            said = _plain(meeting.description)
            chosen = meeting.template_id and meeting.text_from == "template"
            kept = meeting.text_edited or said not in ("", _plain(meeting.merged_text))
            meeting.text_live = bool(chosen) and not kept

    @api.depends(
        "text_live",
        "description",
        "name",
        "start",
        "stop",
        "allday",
        "start_date",
        "stop_date",
        "timezone",
        "location",
        "user_id",
        "person_ids",
        "organisation_ids",
        "conference_url",
    )
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for meeting in self:
            meeting.preview = meeting.text_problem = False
            if not meeting.editable:
                continue
            if meeting.text_live and meeting._is_timed():
                meeting.preview, meeting.text_problem = meeting._merged_or_none()
            meeting.text_problem = meeting.text_problem or meeting._placeholder_problem()

    def _placeholder_problem(self):
        """Say which placeholders would be mailed as text."""
        text = self.preview if self.text_live else self.description
        found = [code for said in (self.name, self.location, text) for code in surviving(said)]
        if not found:
            return False
        return self.env._(
            "%(code)s would be mailed as it stands here. Replace it by what it means, or correct "
            "the template.",
            code=", ".join(f"“{one}”" for one in found[:NAMED]),
        )

    @api.depends("merged_facts", "text_live", "name", "start", "stop", "location", "attendee_ids")
    def _compute_text_stale(self):
        for meeting in self:
            kept = meeting.text_from == "template" and not meeting.text_live
            known = kept and meeting.merged_facts and meeting._is_timed()
            meeting.text_stale = bool(known) and meeting.merged_facts != meeting._facts()

    @api.depends("start", "stop", "allday", "start_date", "stop_date", "timezone")
    @api.depends_context("lang")
    def _compute_when_text(self):
        for meeting in self:
            meeting.when_text = meeting._when_in_words() if meeting._is_timed() else False

    def _when_in_words(self):
        def day(value):
            return format_date(self.env, value, date_format="full")

        if self.allday:
            days = dict.fromkeys([self.start_date, self.stop_date])
            return " \N{EN DASH} ".join(map(day, days))
        zone = self.timezone or "UTC"
        start, stop = (rows.local_wall(moment, zone) for moment in (self.start, self.stop))
        times = [format_time(self.env, m, tz="UTC", time_format="short") for m in (start, stop)]
        until = times[1] if start.date() == stop.date() else f"{day(stop)}, {times[1]}"
        return f"{day(start)}, {times[0]} \N{EN DASH} {until} ({zone})"

    # ---- merging ----

    def _facts(self):
        """Return a hash of what a text says of a meeting."""
        people = sorted(row.email or row.name or "" for row in self.sudo().attendee_ids)
        when = rows.when_of(self) if self._is_timed() else ""
        said = (when, self.name or "", self.location or "", people)
        return hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()

    def _merged_or_none(self):
        """Return (text, False), or (False, why there is none)."""
        try:
            return self._merged(self._guests_lang()), False
        except Exception as error:  # a template is anybody's code
            _logger.info("A template could not be merged: %s", outline(error))
            return False, self.env._(
                "“%(template)s” cannot be merged with this meeting. Correct the template, or "
                "write a description.",
                template=self.template_id.sudo().name or "",
            )

    def _merged(self, lang):
        """Return the template's text about this meeting, by the rights of who sends it."""
        sender = self.with_user(self.user_id or self.env.user) if self.env.su else self
        template = sender.template_id
        with self.env.cr.savepoint(flush=False):
            found = template._render_field("body_html", [sender.id], set_lang=lang)
        return clean_html(str(found[sender.id] or ""))

    def _guests_lang(self):
        """Return the language that all guests have in common, else the organiser's."""
        people = self.sudo().attendee_ids.filtered(lambda row: not row.is_organiser)
        found = {row._lang() for row in people} - {False}
        own = self.sudo().user_id.lang or self.env.user.lang
        return found.pop() if len(found) == 1 else own

    def _text_for(self, row):
        """Return the text for one person, in that person's language where Odoo mails it."""
        lang = row._lang()
        live = self.template_id and self.text_from == "template" and self.text_live
        if not live or not lang or lang == self._guests_lang():
            return self.description
        return self._merged(lang)

    def _merge_template(self):
        """Let the description be what the template says now, of the whole series where one is sent.

        A person's text is kept.
        """
        self._check_text()
        if not self.text_live:
            return
        text, before = self.preview, self.description
        scope = "this" if self.sudo()._unit() == self.sudo() else "all"
        self.write({"description": text, "apply_to": scope})
        values = {"merged_text": self.description, "text_before": before or False}
        self._keep_text(values | {"merged_facts": self._facts()}, scope)

    def _unmerge(self):
        """Take back what merging wrote; so nothing is left that a calendar had to be told."""
        if not self.text_live or self.description == self.text_before:
            return
        before = self.text_before
        scope = "this" if self.sudo()._unit() == self.sudo() else "all"
        self.write({"description": before, "apply_to": scope})
        self._keep_text({"merged_text": before, "text_before": False}, scope)

    def _check_text(self):
        """Refuse to send what would show code instead of values."""
        if self.text_problem:
            raise UserError(self.env._("Nothing was sent. %(why)s", why=self.text_problem))


class SyncedMeetingSeries(models.Model):
    _inherit = "synced.meeting.series"

    def _text_for(self, row):
        """Return the text of a series for one person: as of its first meeting that is as it is."""
        same = self.meeting_ids.filtered(lambda one: one.description == self.description)
        return same.sorted("start")[:1]._text_for(row) if same else self.description


class SyncedMeetingAttendee(models.Model):
    _inherit = "synced.meeting.attendee"

    def _lang(self):
        """Return the language of a known contact, False where none is known."""
        return self.sudo().partner_id.lang or self.sudo().user_id.lang


def _plain(html):
    """Return the words of a text: services write the same words in HTML of their own."""
    return " ".join(html2plaintext(html).split()) if html else ""
