"""Series that no calendar holds: only Odoo keeps and tells them (rule R20)."""

from dataclasses import replace

from odoo import Command, api, fields, models

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync.telling import version

from .synced_meeting_edit import occurrence_of
from .synced_meeting_repeat import person_of, without


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    def unlink(self):
        """Delete meetings; a series that only Odoo keeps goes on without them."""
        kept = self.sudo().filtered(lambda m: m.series_id and not m.series_id.link_ids)
        gone = [
            (series, ones.mapped("recurrence_id"))
            for series, ones in kept.grouped("series_id").items()
        ]
        done = super().unlink()
        for series, rids in gone:
            event = rows.event_of(series)
            series._become(event, replace(event, rule=without(event, rids)))
        return done

    def _differs_from_series(self):
        """Whether a meeting is not as a series says that only Odoo keeps."""
        said = occurrence_of(rows.whole_event_of(self.series_id), self.recurrence_id)
        return not said or version(said) != version(rows.whole_event_of(self))

    def _left_its_series(self):
        """Whether a meeting of a series that only Odoo keeps is told by itself.

        It is not as its series says, or people who know the series were told otherwise of it.
        """
        one = self._origin or self
        series = one.series_id
        if not series or series.link_ids:
            return False  # such a meeting has a copy of its own
        if one._differs_from_series():
            return True
        here, current = (version(rows.whole_event_of(record)) for record in (one, series))
        known = {row.email for row in series.attendee_ids if row.told_version == current}
        return any(row.told_version != here and row.email in known for row in one._guest_rows())


class SyncedMeetingSeries(models.Model):
    _inherit = "synced.meeting.series"

    @api.model
    def _roll_kept_here(self):
        """Expand the series that only Odoo keeps into a window that has moved on."""
        for company in self.env["res.company"].sudo().search([]):
            window = company._synced_window(fields.Datetime.now())
            domain = [("company_id", "=", company.id), ("link_ids", "=", False)]
            domain += [("expanded_until", "<", window.stop.replace(tzinfo=None))]
            for series in self.sudo().search(domain):
                series._expand(rows.event_of(series))
                self.env["ir.cron"]._commit_progress(1)

    def _next_meetings(self, now):
        """Return the next meeting of each series, the last where all are over."""
        found = self.env["synced.meeting"]
        for series in self:
            standing = series._standing_meetings().sorted("stop")
            found |= standing.filtered(lambda meeting: meeting.stop >= now)[:1] or standing[-1:]
        return found

    def _put_down(self, meetings):
        """Put those whom no calendar names down on new meetings, with what they were told."""
        like = (self.meeting_ids - meetings)[:1]
        if like:
            links = {name: [Command.set(like[name].ids)] for name in ("partner_ids", "user_ids")}
            meetings._bring_in(links)
        current = version(rows.whole_event_of(self))
        new = []
        for meeting in meetings:
            held = set(meeting.attendee_ids.mapped("email"))
            version_here = version(rows.whole_event_of(meeting))
            for row in self.attendee_ids.filtered(lambda row, held=held: row.email not in held):
                known = {"response": row.response} | _told(row, current, version_here)
                new.append(person_of(row) | {"meeting_id": meeting.id} | known)
        self.env["synced.meeting.attendee"]._bring(new)


def _told(row, current, here):
    """Return what a person put down on a series, which is ``current``, knows of one meeting."""
    if rows.is_withheld(row):
        return {}
    known = here if row.told_version == current else row.told_version or here
    return {"asked_version": known, "told_version": known}
