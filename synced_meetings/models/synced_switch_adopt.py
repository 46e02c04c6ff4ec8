"""Switching over: old meetings become synced ones, each once, and nobody is mailed (S57).

A meeting that both sides know is joined with what the connected calendar brought. What stands in
a calendar that is not connected yet waits for that. Others are copied as history, or left.
"""

import uuid
from collections import Counter
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain

from odoo.addons.synced_meetings.store import rows
from odoo.addons.synced_meetings.store.people import People
from odoo.addons.synced_meetings.store.writer import Writer
from odoo.addons.synced_meetings.sync.canonical import address, canonical
from odoo.addons.synced_meetings.sync.event import Attendee, Event, When

from .event_fields import clean_html

BATCH = 500  # meetings of one transaction
DAY = timedelta(days=1)
IDS = {"google_id": "google", "ms_universal_event_id": "exchange"}
ANSWERS = {"accepted": "accepted", "tentative": "tentative", "declined": "declined"}


class SyncedSwitch(models.Model):
    _inherit = "synced.switch"

    others = fields.Selection(
        [("leave", "Leave them where they are"), ("copy", "Copy them")],
        string="Meetings in no calendar",
        default="leave",
        required=True,
        help="Old meetings that no connected calendar holds. Copies stay in Odoo.",
    )
    after_id = fields.Integer(readonly=True, help="The last old meeting looked at.")
    working = fields.Boolean(readonly=True)

    def _plan_adopt(self):
        """Say how many old meetings would become what, and whom it waits for."""
        fates = Counter()
        people = Counter()
        after = 0
        while events := self._old_meetings(after):
            after = events[-1].id
            found = self._known_here(events)
            for event in events:
                fate, user = self._fate(event, found.get(event))
                fates[fate] += 1
                if fate == "waits":
                    people[user] += 1
            self.env.invalidate_all()  # very many meetings are not kept in memory
        said = self._fate_sentences(fates)
        for text in said:
            yield "todo", text, None
        for user, number in people.items():
            text = self.env._(
                "%(n)s meetings are left until %(user)s connects a calendar and it has been read; "
                "do this step once more then.",
                n=number,
                user=user.name,
            )
            yield "todo", text, user
        if not fates:
            yield "todo", self.env._("No old meeting is left to take over."), None

    def _fate_sentences(self, fates):
        _ = self.env._
        words = {
            "joined": _("%(n)s meetings are in a connected calendar: joined with them."),
            "copied": _("%(n)s meetings are copied; the copies go to no calendar."),
            "left": _("%(n)s meetings are left where they are."),
            "later": _("%(n)s meetings lie too far ahead and are left until they come nearer."),
        }
        return [text % {"n": fates[fate]} for fate, text in words.items() if fates[fate]]

    def _do_adopt(self):
        """Take over one batch after the other; the rest goes on by itself in the background."""
        self.write({"after_id": 0, "working": True})
        if self._adopt_batch():
            self.env.ref("synced_meetings.cron_switch")._trigger()
            return False
        return True

    @api.model
    def _run_adoption(self):
        """Go on with what was begun; called by its scheduled job."""
        jobs = self.env["ir.cron"]
        for switch in self.search([("working", "=", True)]):
            while switch._adopt_batch():
                if not jobs._commit_progress(BATCH, remaining=BATCH):
                    return
            switch._go(1)

    def _adopt_batch(self):
        """Take over the next old meetings; return whether more are left."""
        events = self._old_meetings(self.after_id)
        if events:
            self._adopt(events)
            self.after_id = events[-1].id
        if len(events) == BATCH:
            return True
        self.working = False
        return False

    def _old_meetings(self, after):
        """Return the next events that nobody took over yet, as superuser."""
        domain = Domain("synced_meeting_id", "=", False) & Domain("id", ">", after)
        if self.user_ids:
            users = self.user_ids.ids
            domain &= Domain("user_id", "in", users) | Domain(
                "attendee_ids.partner_id.user_ids", "in", users
            )
        return self.env["calendar.event"].sudo().search(domain, limit=BATCH, order="id")

    def _adopt(self, events):
        found = self._known_here(events)
        fates, copies = Counter(), events.browse()
        for event in events:
            fate, _user = self._fate(event, found.get(event))
            fates[fate] += 1
            if fate == "joined":
                self._carry_over(event, found[event])
            elif fate == "copied":
                copies |= event
        joined = events.filtered(lambda event: event in found)
        if joined:
            joined._taken_over([found[event].id for event in joined])
        if copies:
            copies._taken_over(self._copy(copies).ids)
        for text in self._fate_sentences(fates):
            self._report("done" if fates["joined"] or fates["copied"] else "left", text)

    # ---- which is which ----

    def _known_here(self, events):
        """Return {event: the synced meeting that is the same}."""
        found = self._by_google_id(events)
        rest = events.filtered(lambda event: event not in found)
        return found | self._by_uid(rest)

    def _by_google_id(self, events):
        """Find what a connected calendar holds under the same id; it is one in all copies."""
        if "google_id" not in events._fields:
            return {}
        ids = {event.google_id: event for event in events if event.google_id}
        masters = {google_id.rpartition("_")[0] for google_id in ids} - {""}
        links = self.env["synced.meeting.link"].sudo()
        links = links.search(
            [
                ("remote_id", "in", [*ids, *masters]),
                ("calendar_id.account_id.provider", "=", "google"),
            ]
        )
        singles = {one.remote_id: one.meeting_id for one in links if one.meeting_id}
        series = {one.remote_id: one.series_id for one in links if one.series_id}
        rids = [google_id.rpartition("_")[2] for google_id in ids]
        meetings = self.env["synced.meeting"].sudo().with_context(active_test=False)
        parts = meetings.search(
            [
                ("series_id", "in", [one.id for one in series.values()]),
                ("recurrence_id", "in", rids),
            ]
        )
        parts = {(one.series_id, one.recurrence_id): one for one in parts}
        found = {}
        for google_id, event in ids.items():
            master, _, rid = google_id.rpartition("_")
            meeting = singles.get(google_id) or parts.get((series.get(master), rid))
            if meeting:
                found[event] = meeting
        return found

    def _by_uid(self, events):
        """Find what has the same iCalendar UID, as an occurrence the same start, too."""
        uids = {event: self._uid(event) for event in events}
        known = set(uids.values()) - {""}
        meetings = self.env["synced.meeting"].sudo().with_context(active_test=False)
        candidates = meetings.search(
            [("ical_uid", "in", list(known))] if known else Domain.FALSE, order="id"
        ).grouped("ical_uid")
        found = {}
        for event, uid in uids.items():
            same = candidates.get(uid, meetings)
            if event.recurrence_id:
                same = same.filtered(lambda m, e=event: m.series_id and m.start == e.start)
            if len(same) == 1:
                found[event] = same
        return found

    def _uid(self, event):
        """Return the UID by which calendars know an old meeting or its series, or ""."""
        held = event.recurrence_id or event
        if "ms_universal_event_id" in event._fields and held.ms_universal_event_id:
            return held.ms_universal_event_id
        if "google_id" in event._fields and held.google_id:
            return f"{held.google_id}@google.com"  # as Google names what it was not told
        return ""

    # ---- what becomes of it ----

    def _fate(self, event, known):
        """Return what happens to an old meeting, and whom it waits for."""
        if known:
            return "joined", None
        if held := self._holder(event):
            window = event.user_id.company_id or self.env.company
            window = window._synced_window(fields.Datetime.now())
            if rows.aware(event.start) >= window.stop:
                return "later", None
            inside = rows.aware(event.stop) >= window.start
            if inside and (waits := self._not_read_yet(event, held)):
                return "waits", waits
        return ("copied" if self.others == "copy" else "left"), None

    def _holder(self, event):
        """Return the provider in whose calendar an old meeting stands, or None."""
        for name, provider in IDS.items():
            if name in event._fields and (event[name] or event.recurrence_id[name]):
                return provider
        return None

    def _not_read_yet(self, event, provider):
        """Return a user whose calendar holds the meeting and has not been read, or None."""
        users = event.user_id or event.partner_ids.user_ids
        users = users.filtered(lambda user: not user.share)
        accounts = self.env["synced.account"].sudo().search([("user_id", "in", users.ids)])
        accounts = accounts.filtered(lambda a: a.provider == provider and a.state == "connected")
        read = accounts.calendar_ids.filtered("last_sync").account_id.user_id
        return (users - read)[:1]

    def _carry_over(self, event, meeting):
        """Give the synced meeting what only Odoo knew: notes, contacts, the record it is about."""
        values = {}
        if event.notes and not meeting.notes:
            values["notes"] = event.notes
        if not meeting.res_id:
            values |= self._about(event)
        contacts = self._contacts(event) - meeting.partner_ids
        if contacts:
            values["partner_ids"] = [Command.link(contact.id) for contact in contacts]
        if values:
            meeting._bring_in(values)

    def _about(self, event):
        record = self._linked_record(event)
        return {"res_model": record._name, "res_id": record.id} if record else {}

    def _linked_record(self, event):
        """Return the record that an old meeting is about, or nothing."""
        if event.res_model and event.res_id and event.res_model in self.env:
            return self.env[event.res_model].browse(event.res_id).exists()
        return None

    def _contacts(self, event):
        return event.partner_ids.filtered("partner_share")

    def _copy(self, events):
        """Return meetings as these events are, in no calendar; nobody is left to be told."""
        values = [canonical(self._as_event(event), clean_html) for event in events]
        emails = {a.email for one in values for a in one.attendees}
        emails |= {one.organiser for one in values}
        people = People(self.env, emails, self.env.company)
        writer = Writer(self.env["synced.calendar"].sudo(), people, taken=set())
        extras = [
            {
                "provider": False,
                "user_id": event.user_id.id,
                "company_id": (event.user_id.company_id or self.env.company).id,
                "user_ids": [Command.set((event.user_id | self._colleagues(event)).ids)],
                "partner_ids": [Command.set(self._contacts(event).ids)],
                "notes": event.notes,
                **self._about(event),
            }
            for event in events
        ]
        return writer.create("synced.meeting", values, extras)

    def _colleagues(self, event):
        return event.partner_ids.user_ids.filtered(lambda user: not user.share)

    def _as_event(self, event):
        """Return an old meeting as the engine's value."""
        zone = event.event_tz or event.user_id.tz or ""
        if event.allday:
            when = When(event.start_date, event.stop_date + DAY, zone)
        else:
            when = When(rows.aware(event.start), rows.aware(event.stop), zone)
        return Event(
            uid=f"{uuid.uuid4()}@odoo",
            when=when,
            name=event.name or "",
            location=event.location or "",
            description=event.description or "",
            organiser=address(event.user_id.email or ""),
            attendees=tuple(
                Attendee(
                    address(row.email),
                    row.common_name or "",
                    ANSWERS.get(row.state, "needs_action"),
                )
                for row in event.attendee_ids
                if row.email
            ),
            privacy="public" if event.effective_privacy == "public" else "private",
            show_as="free" if event.show_as == "free" else "busy",
            conference_url=event.videocall_location or "",
        )
