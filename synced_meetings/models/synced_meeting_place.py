"""What is made here goes into its organiser's one default calendar (rules R9, R20)."""

from dataclasses import replace

from odoo import Command, models

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.sync.telling import version

from .synced_meeting_repeat import beside, without


class SyncedTold(models.AbstractModel):
    _inherit = "synced.told"

    def _copy_in(self, calendar):
        """Say who this is in a calendar (none: in Odoo); return the values of its copy there.

        What people were mailed of by Odoo stays what they know, organiser and UID.
        """
        email = calendar.account_id.email or self.user_id.email_normalized
        key, uid = calendar.account_id._new_event_key() if calendar else ("", self.ical_uid)
        if not (self.mailed and self.ical_uid):
            self._bring_in({"organiser_email": email or False, "ical_uid": uid})
        self._bring_in({"unit_key": rows.unit_key(rows.event_of(self))})
        return {"calendar_id": calendar.id, "client_key": key, "organises": True}


class SyncedMeeting(models.Model):
    _inherit = "synced.meeting"

    def _place(self):
        """Put new meetings in their organiser's calendar."""
        links = []
        for meeting in self.filtered(lambda m: not m.link_ids and not m.series_id):
            calendar = meeting.user_id._synced_default_calendar()
            users = meeting.user_ids | meeting.user_id
            provider = {"provider": calendar.provider} if calendar else {}
            meeting._bring_in(provider | {"user_ids": [Command.set(users.ids)]})
            copy = meeting._copy_in(calendar)
            links += [copy | {"meeting_id": meeting.id}] if calendar else []
        self.env["synced.meeting.link"].create(links)


class SyncedMeetingSeries(models.Model):
    _inherit = "synced.meeting.series"

    def _place(self):
        """Put series that only Odoo kept in their organiser's calendar, as they are now.

        Their meetings that differ follow when the calendar knows the series.
        """
        for series in self.with_context(active_test=False).filtered(lambda s: not s.link_ids):
            calendar = series.user_id._synced_default_calendar()
            if not calendar:
                continue
            before = rows.event_of(series)
            series._say_what_takes_place()
            copy = series._copy_in(calendar)
            self.env["synced.meeting.link"].create(copy | {"series_id": series.id})
            series.meeting_ids._bring_in({"provider": calendar.provider})
            series._expand(before)
            series.link_ids._compare()

    def _say_what_takes_place(self):
        """Let the rule say which meetings there are: so far those that stand said it themselves."""
        current, event = version(rows.whole_event_of(self)), rows.event_of(self)
        said = self._said_of_meetings()
        stands = set(self._standing_meetings().mapped("recurrence_id"))
        event = replace(event, rule=beside(event, stands - said.keys()))
        self._become(rows.event_of(self), replace(event, rule=without(event, said.keys() - stands)))
        told = version(rows.whole_event_of(self))
        knowing = self.attendee_ids.filtered(lambda row: row.told_version == current)
        knowing._bring_in({"asked_version": told, "told_version": told})
