"""Real calendars come in with exactly the occurrences that an independent oracle computes."""

import os
import sys
import unittest
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from .pull_case import PullCase

FOLDER = Path(os.environ.get("SHARED_CALENDARS", Path(__file__).parents[3] / "shared/calendars"))


@tagged("post_install", "-at_install")
class TestRealCalendars(PullCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not FOLDER.is_dir():
            raise unittest.SkipTest("no folder of real calendars: set SHARED_CALENDARS to one")

    def test_each_file_has_the_occurrences_of_the_oracle(self):
        from simulators.ics import load

        counts = {}
        for number, path in enumerate(sorted(FOLDER.glob("*.ics"))):
            with self.subTest(file=path.name):
                account = self.connect(f"user{number}@corp.example", f"User {number}")
                self.calendar(account).seed(load(path).events)
                wanted = self.oracle(path)
                self.pull(account)
                found = Counter(map(_shown, self.meetings(user_ids=account.user_id.id)))
                counts[path.name] = sum(found.values())
                self.assertEqual(sorted((found - wanted).elements())[:9], [])
                self.assertEqual(sorted((wanted - found).elements())[:9], [])
                self.assertFalse(self.quarantine())
        table = (f"{name:45} {count:6}" for name, count in counts.items())
        sys.stdout.write("\n".join(["", *table, ""]))
        self.assertTrue(counts)
        self.assertTrue(all(counts.values()), "a file came in empty")

    def oracle(self, path):
        """Return the occurrences in a window around the file's own years, and set that window."""
        import icalendar
        import recurring_ical_events

        calendar = icalendar.Calendar.from_ical(path.read_bytes())
        years = [_day(event["DTSTART"].dt).year for event in calendar.walk("VEVENT")]
        today = datetime.now(timezone.utc).date()
        past = max((today - date(min(years), 1, 1)).days, 0)
        future = max((date(max(years) + 1, 12, 31) - today).days, 1)
        self.company.write({"synced_window_past_days": past, "synced_window_future_days": future})
        window = self.company._synced_window(datetime.now(timezone.utc))
        zone = ZoneInfo(str(calendar.get("X-WR-TIMEZONE", "UTC")))
        events = recurring_ical_events.of(calendar).between(window.start, window.stop)
        return Counter(_told(e, zone) for e in events if e.get("STATUS") != "CANCELLED")


def _day(moment):
    return moment.date() if isinstance(moment, datetime) else moment


def _shown(meeting):
    """Return what a person sees of a meeting."""
    if meeting.allday:
        return meeting.start_date, meeting.stop_date + timedelta(days=1), meeting.name or ""
    return meeting.start, meeting.stop, meeting.name or ""


def _told(event, zone):
    """Return the same of an occurrence of the oracle."""
    start, end = (_naive(event[name].dt, zone) for name in ("DTSTART", "DTEND"))
    if not isinstance(start, datetime):
        end = max(end, start + timedelta(days=1))  # a calendar knows no day shorter than a day
    return start, end, " ".join(str(event.get("SUMMARY", "")).split())


def _naive(moment, zone):
    if not isinstance(moment, datetime):
        return moment
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
