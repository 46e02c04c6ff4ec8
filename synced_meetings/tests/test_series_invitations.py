"""Series that Odoo tells people of: one mail each, whose file says what Odoo shows."""

import re
from datetime import date, datetime, timedelta, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo

import recurring_ical_events
from freezegun import freeze_time
from icalendar import Calendar

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.synced_meetings.store.rows import whole_event_of
from odoo.addons.synced_meetings.sync.telling import version

from .meetings import MeetingCase

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "UTC",
)


class SeriesCase(MeetingCase):
    """Ann, who has connected no calendar, meets Addison and Floyd again and again."""

    def setUp(self):
        super().setUp()
        self.olson.email, self.steward.email = "olson@acme.example", "steward@acme.example"
        self.meetings = self.env["synced.meeting"].with_user(self.ann)
        self.soon = fields.Datetime.now().replace(hour=9, minute=0, second=0, microsecond=0)
        self.soon += timedelta(days=3)

    def weekly(self, count=5, people=None, **values):
        """Return the meetings of a new series."""
        people = self.olson | self.steward if people is None else people
        said = {"name": "Weekly", "start": self.soon, "person_ids": [(6, 0, people.ids)]}
        said |= {"repeat": "weekly", "repeat_count": count}
        return self.meetings.create(said | values).series_id.meeting_ids

    def send(self, meeting):
        meeting.action_send()
        self.tell()

    def tell(self):
        """Run the job, as if the moment in which a sending can be undone were over."""
        self.meetings.sudo().with_context(active_test=False).search([]).tell_after = False
        self.env["synced.meeting.series"].sudo().search([]).tell_after = False
        self.env.flush_all()
        self.run_job()

    def run_job(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.meeting"]._tell_waiting()
        self.env.invalidate_all()

    def mails(self, who="olson"):
        return self.env["mail.mail"].search([("email_to", "ilike", f"{who}@acme")]).sorted("id")

    def files(self, who="olson"):
        return [Calendar.from_ical(mail.attachment_ids.raw) for mail in self.mails(who)]

    def occurrences(self, file):
        """Return what the independent library makes of a file, as (start, length, name)."""
        found = recurring_ical_events.of(file).between(date(2020, 1, 1), date(2035, 1, 1))
        return sorted((*_span(event), str(event["SUMMARY"])) for event in found)

    def shown(self, meetings):
        """Return what Odoo shows, in the same form."""
        return sorted(
            (m.start_date, m.stop_date - m.start_date + timedelta(days=1), m.name)
            if m.allday
            else (m.start, m.stop - m.start, m.name)
            for m in meetings.filtered("active")
        )

    def versions(self, meetings, who="olson"):
        email = f"{who}@acme.example"
        found = meetings.sudo().attendee_ids.filtered(lambda row: row.email == email)
        return [(row.asked_version, row.told_version) for row in found]

    def cancel(self, meeting, **values):
        wizard = self.env["synced.meeting.cancel"].with_user(self.ann)
        wizard.create({"meeting_id": meeting.id, "tell": "yes"} | values).action_cancel()


def _span(event):
    start, end = event.start, event.end
    if isinstance(start, datetime):
        start, end = (m.astimezone(timezone.utc).replace(tzinfo=None) for m in (start, end))
    return start, end - start


@tagged("post_install", "-at_install")
class TestSeriesInvitations(SeriesCase):
    def test_one_mail_each_for_the_whole_series(self):
        rows = self.weekly()
        self.tell()
        self.assertFalse(self.mails())
        self.assertEqual(set(rows.mapped("invite_state")), {"draft"})
        rows[2].action_send()
        self.assertEqual(set(rows.mapped("invite_state")), {"sending"})
        self.run_job()
        self.assertFalse(self.mails(), "a sending can be undone for ten seconds")
        self.tell()
        self.tell()
        self.assertEqual((len(self.mails()), len(self.mails("steward"))), (1, 1))
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"})
        self.assertEqual(set(rows.attendee_ids.mapped("telling")), {"told"})
        for row, versions in zip(rows, self.versions(rows), strict=True):
            self.assertEqual(versions, (version(whole_event_of(row.sudo())),) * 2)
        rows[0].action_send()
        self.tell()
        self.assertEqual(len(self.mails()), 1, "who knows it is not mailed again")

    def test_the_file_says_what_is_so(self):
        rows = self.weekly(location="Room 3; second, left", description="<p>A &amp; B</p>")
        self.send(rows[0])
        [file] = self.files()
        [master] = file.events
        self.assertEqual(str(file["METHOD"]), "REQUEST")
        self.assertEqual(str(master["UID"]), rows.series_id.ical_uid)
        self.assertEqual(str(master["LOCATION"]), "Room 3; second, left")
        self.assertEqual(str(master["DESCRIPTION"]).strip(), "A & B")
        self.assertEqual(str(master["ORGANIZER"]), f"mailto:{self.ann.email}")
        people = {str(one) for one in master["ATTENDEE"]}
        self.assertEqual(people, {"mailto:olson@acme.example", "mailto:steward@acme.example"})
        self.assertEqual(self.occurrences(file), self.shown(rows))

    @freeze_time("2026-02-10 08:00:00")
    def test_over_zones_that_change_their_clocks(self):
        for zone in ZONES:
            with self.subTest(zone):
                people = self.env["res.partner"].create(
                    {"name": zone, "email": f"{zone.replace('/', '.').lower()}@acme.example"}
                )
                wall = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo(zone))
                start = wall.astimezone(timezone.utc).replace(tzinfo=None)
                rows = self.weekly(40, people, start=start, timezone=zone)
                rows[3].write({"start": rows[3].start + timedelta(hours=2), "name": "Later"})
                rows[5].write({"start": rows[5].start + timedelta(days=1)})
                rows[7].action_cancel_quietly()
                rows[8].unlink()
                rows = rows.exists()
                self.send(rows[0])
                [file] = self.files(people.email.partition("@")[0])
                self.assertEqual(len(self.shown(rows)), 38)
                self.assertEqual(self.occurrences(file), self.shown(rows))
                raw = file.to_ical().decode()
                # A zone that nobody knows is read from what the file says of its clocks.
                unknown = Calendar.from_ical(
                    re.sub(rf"(TZID[:=]){zone}", rf"\1Nowhere/{zone}", raw)
                )
                self.assertEqual(self.occurrences(unknown), self.shown(rows))

    def test_whole_days(self):
        first = self.soon.date()
        rows = self.weekly(allday=True, start_date=first, stop_date=first + timedelta(days=1))
        rows[1].write({"start_date": rows[1].start_date + timedelta(days=1), "name": "Moved"})
        rows[2].action_cancel_quietly()
        self.send(rows[0])
        [file] = self.files()
        self.assertEqual(len(self.shown(rows)), 4)
        self.assertEqual(self.occurrences(file), self.shown(rows))

    def test_until_a_day_and_without_end(self):
        until = (self.soon + timedelta(days=16)).date()
        rows = self.weekly(repeat_count=0, repeat_until=until)
        self.send(rows[0])
        self.assertEqual(len(rows), 3)
        self.assertEqual(self.occurrences(self.files()[0]), self.shown(rows))
        self.stranger.email = "stranger@acme.example"
        endless = self.weekly(repeat_count=0, people=self.stranger, name="Endless")
        self.send(endless[0])
        found = self.occurrences(self.files("stranger")[0])
        self.assertEqual(found[: len(endless)], self.shown(endless))
        self.assertGreater(len(found), len(endless))

    def test_each_file_is_one_persons(self):
        rows = self.weekly()
        rows[1].write({"person_ids": [(3, self.steward.id)]})
        self.stranger.email = "stranger@acme.example"
        rows[2].write({"name": "With a guest", "person_ids": [(4, self.stranger.id)]})
        self.send(rows[0])
        self.assertFalse(self.mails("stranger"), "the series does not invite who comes once")
        self.assertEqual(self.occurrences(self.files()[0]), self.shown(rows))
        self.assertEqual(self.occurrences(self.files("steward")[0]), self.shown(rows - rows[1]))
        self.assertNotIn(b"stranger", self.mails().attachment_ids.raw)
        self.send(rows[2])
        [file] = self.files("stranger")
        self.assertEqual(self.occurrences(file), self.shown(rows[2]))
        self.assertEqual(len(self.mails()), 1)

    def test_a_change_of_one_and_of_all(self):
        rows = self.weekly()
        self.send(rows[0])
        rows[1].write({"start": rows[1].start + timedelta(hours=3)})
        self.assertEqual(rows.mapped("invite_state"), ["sent", "changed", "sent", "sent", "sent"])
        self.send(rows[1])
        [event] = self.files()[1].events
        self.assertEqual(
            event["RECURRENCE-ID"].dt.strftime("%Y%m%dT%H%M%SZ"), rows[1].recurrence_id
        )
        self.assertNotIn("RRULE", event)
        self.assertEqual(_span(event)[0], rows[1].start)
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"})
        rows[0].write({"name": "Renamed", "apply_to": "all"})
        self.assertEqual(set(rows.mapped("invite_state")), {"changed"})
        self.tell()
        self.assertEqual(len(self.mails()), 2, "plain Save tells nobody")
        self.send(rows[0])
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"})
        files = self.files()
        self.assertEqual(self.occurrences(files[-1]), self.shown(rows))
        self.assertEqual(len({str(e["UID"]) for f in files for e in f.events}), 1)
        self.assertEqual([_sequences(file) for file in files], [{1}, {2}, {3}])

    def test_the_series_moves_and_its_exceptions_stay(self):
        rows = self.weekly()
        rows[3].write({"location": "Elsewhere"})
        self.send(rows[0])
        start = rows[0].start + timedelta(days=1, hours=2)
        rows[0].write({"start": start, "stop": start + timedelta(hours=2), "apply_to": "all"})
        self.send(rows[0])
        self.assertEqual(len(rows.filtered("active")), 5)
        self.assertEqual(self.occurrences(self.files()[-1]), self.shown(rows))
        places = [str(e.get("LOCATION", "")) for e in self.files()[-1].events]
        self.assertEqual(sorted(places), ["", "Elsewhere"])

    def test_following_become_a_series_of_their_own(self):
        rows = self.weekly()
        rows[3].action_cancel_quietly()
        self.send(rows[0])
        rows[2].write({"name": "Later", "apply_to": "following"})
        self.assertEqual(len(rows.series_id), 2)
        self.assertEqual(rows.mapped("name"), ["Weekly"] * 2 + ["Later"] * 3)
        self.assertEqual(rows.mapped("active"), [True, True, True, False, True])
        self.send(rows[0])
        self.send(rows[2])
        _old, earlier, later = self.files()
        self.assertEqual(self.occurrences(earlier), self.shown(rows[:2]))
        self.assertEqual(self.occurrences(later), self.shown(rows[2:]))
        self.assertNotEqual(*({str(e["UID"]) for e in f.events}.pop() for f in (earlier, later)))

    def test_one_is_cancelled(self):
        rows = self.weekly()
        self.send(rows[0])
        self.cancel(rows[1])
        self.tell()
        self.tell()
        request, cancellation = self.files()
        [event] = cancellation.events
        self.assertEqual(str(cancellation["METHOD"]), "CANCEL")
        self.assertEqual(str(event["STATUS"]), "CANCELLED")
        self.assertEqual(event["RECURRENCE-ID"].dt.replace(tzinfo=None), rows[1].start)
        self.assertEqual(str(event["UID"]), str(request.events[0]["UID"]))
        self.assertEqual([_sequences(f) for f in (request, cancellation)], [{1}, {2}])
        self.assertEqual(set((rows - rows[1]).mapped("invite_state")), {"sent"})
        self.assertIn("Cancelled", self.mails()[1].subject)

    def test_what_is_cancelled_stays_so_when_the_series_changes(self):
        rows = self.weekly()
        rows[1].action_cancel_quietly()
        rows[4].unlink()
        rows = rows.exists()
        rows[0].write({"name": "Renamed", "apply_to": "all"})
        rows[0].write({"start": rows[0].start + timedelta(days=1), "apply_to": "all"})
        self.assertEqual(rows.series_id.meeting_ids, rows.filtered("active"))
        self.assertEqual(rows.mapped("active"), [True, False, True, True])

    def test_one_is_restored_into_its_series(self):
        rows = self.weekly()
        self.send(rows[0])
        self.cancel(rows[1])
        self.tell()
        self.assertTrue(rows[1].restorable and rows[1].rejoins)
        rows[1].action_restore()
        self.assertEqual((rows[1].active, rows[1].state), (True, "confirmed"))
        self.assertEqual(rows[1].series_id, rows[0].series_id)
        self.tell()
        self.assertEqual(len(self.mails()), 2, "restoring tells nobody")
        self.send(rows[0])
        self.assertEqual(len(self.mails()), 2, "the series was told as it is")
        self.send(rows[1])
        self.assertEqual(self.occurrences(self.files()[-1]), self.shown(rows[1]))
        self.assertEqual(_sequences(self.files()[-1]), {3})
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"})

    def test_all_are_cancelled(self):
        rows = self.weekly()
        rows[2].write({"name": "With a guest"})
        self.send(rows[0])
        self.cancel(rows[1], scope="all")
        self.tell()
        [_request, cancellation] = self.files()
        [event] = cancellation.events
        self.assertEqual(str(cancellation["METHOD"]), "CANCEL")
        self.assertNotIn("RECURRENCE-ID", event)
        self.assertEqual(str(event["UID"]), rows.series_id.ical_uid)
        self.assertEqual(_sequences(cancellation), {2})
        self.tell()
        self.assertEqual(len(self.mails()), 2)

    def test_following_are_cancelled(self):
        rows = self.weekly()
        self.send(rows[0])
        self.cancel(rows[3], scope="following")
        self.tell()
        self.assertEqual(rows.mapped("active"), [True] * 3 + [False] * 2)
        self.assertEqual(self.occurrences(self.files()[-1]), self.shown(rows))
        self.assertEqual(set(rows[:3].mapped("invite_state")), {"sent"})

    def test_cancelled_quietly(self):
        rows = self.weekly()
        self.send(rows[0])
        self.cancel(rows[1], tell="no")
        self.cancel(rows[2], scope="all", tell="no")
        self.tell()
        self.assertEqual(len(self.mails()), 1)

    def test_undone(self):
        rows = self.weekly()
        rows[1].action_send()
        rows[2].action_undo_send()
        self.tell()
        self.assertFalse(self.mails())
        self.assertEqual(set(rows.mapped("invite_state")), {"draft"})
        self.assertEqual(set(self.versions(rows)), {(False, False)})

    def test_a_run_that_is_killed_mails_nobody_twice(self):
        rows = self.weekly()
        rows[0].action_send()
        rows.series_id.sudo().tell_after = False
        with (
            patch.object(type(self.env["ir.cron"]), "_commit_progress", _killed),
            self.assertRaises(KeyboardInterrupt),
        ):
            self.run_job()
        self.env.invalidate_all()
        self.assertFalse(self.mails())
        self.run_job()
        self.run_job()
        self.assertEqual((len(self.mails()), len(self.mails("steward"))), (1, 1))

    def test_what_could_not_be_mailed_says_so_on_each_meeting(self):
        rows = self.weekly()
        rows[0].action_send()
        self.env.ref("synced_meetings.invitation_mail").arch = "<t t-out='1 / 0'/>"
        with self.assertLogs("odoo.addons.synced_meetings", "ERROR"):
            self.tell()
        self.assertEqual(set(rows.mapped("invite_state")), {"failed"})
        self.assertIn("Odoo could not mail", rows[3].trouble)
        self.assertFalse(self.mails())

    def test_the_window_moves_on(self):
        rows = self.weekly(repeat_count=0, people=self.olson)
        self.send(rows[0])
        rows[1].action_cancel_quietly()
        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr)["synced.meeting.series"]._roll_kept_here()
            self.env.invalidate_all()
            more = rows.series_id.meeting_ids - rows
            self.assertGreater(len(more), 3)
            self.assertFalse(rows[1].active)
            self.assertEqual(set(more.mapped("attendee_ids.email")), {"olson@acme.example"})
            self.assertEqual(more.mapped("partner_ids"), rows[0].partner_ids)
            self.assertEqual(more.company_id, rows.company_id)
            self.assertEqual(set(more.mapped("invite_state")), {"sent"})

    def test_a_single_meeting_becomes_a_series(self):
        meeting = self.meetings.create(
            {"name": "Talk", "start": self.soon, "person_ids": [(6, 0, self.olson.ids)]}
        )
        self.send(meeting)
        meeting.write({"repeat": "weekly", "repeat_count": 3})
        rows = meeting.series_id.meeting_ids
        self.assertEqual(set(rows.mapped("invite_state")), {"changed"})
        self.assertEqual(set(rows.mapped("attendee_ids.email")), {"olson@acme.example"})
        self.send(rows[1])
        single, series = self.files()
        self.assertEqual(single.events[0]["UID"], series.events[0]["UID"])
        self.assertEqual((_sequences(single), _sequences(series)), ({1}, {2}))
        self.assertEqual(self.occurrences(series), self.shown(rows))

    def test_the_mail_of_a_private_series_is_in_no_list(self):
        self.send(self.weekly(privacy="private")[0])
        self.assertEqual(self.mails().model, "synced.meeting")
        own = [("id", "in", self.mails().ids)]
        self.assertFalse(
            self.env["mail.mail"].with_user(self.env.ref("base.user_admin")).search(own)
        )


def _killed(*_args):
    raise KeyboardInterrupt


def _sequences(file):
    return {int(event["SEQUENCE"]) for event in file.events}


@tagged("post_install", "-at_install")
class TestSeriesAnswers(HttpCase, SeriesCase):
    def run_job(self):
        with self.registry.cursor() as cr:
            self.env(cr=cr)["synced.meeting"]._tell_waiting()
        self.env.invalidate_all()

    def links(self, mail):
        """Return {answer: address} of the links in a mail."""
        return {
            answer: url
            for url, answer in re.findall(r'href="([^"]*/answer/[^"]+/(\w+))"', mail.body_html)
        }

    def click(self, mail, answer):
        path = "/synced_meetings" + self.links(mail)[answer].split("/synced_meetings", 1)[1]
        page = self.url_open(path)
        self.assertIn("Weekly", page.text)
        status = self.url_open(path, data={"a": "b"}).status_code
        self.env.invalidate_all()
        return status

    def answers(self, rows, who="olson"):
        found = rows.sudo().attendee_ids.filtered(lambda row: row.email.startswith(who))
        return found.mapped("response")

    def test_one_answers_for_the_series_and_for_one(self):
        rows = self.weekly()
        self.send(rows[0])
        self.assertEqual(self.click(self.mails(), "accepted"), 200)
        self.assertEqual(self.answers(rows), ["accepted"] * 5)
        self.assertEqual(self.answers(rows, "steward"), ["needs_action"] * 5)
        rows[1].write({"location": "Elsewhere"})
        self.send(rows[1])
        self.click(self.mails()[1], "declined")
        self.assertEqual(self.answers(rows), ["accepted", "declined", *["accepted"] * 3])
        self.click(self.mails()[0], "tentative")
        self.assertEqual(self.answers(rows), ["tentative", "declined", *["tentative"] * 3])
        self.assertEqual(set(rows.mapped("invite_state")), {"sent"}, "an answer changes no meeting")

    def test_nobody_answers_what_is_cancelled(self):
        rows = self.weekly()
        self.send(rows[0])
        self.cancel(rows[1], scope="all")
        path = (
            "/synced_meetings" + self.links(self.mails())["accepted"].split("/synced_meetings")[1]
        )
        self.assertEqual(self.url_open(path, data={"a": "b"}).status_code, 404)
