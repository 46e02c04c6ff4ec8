"""Real and generated calendars: the simulator's occurrences are those of an independent package.

The real files are found in ``../shared/calendars`` beside the repository, or in the folder that
the variable SHARED_CALENDARS names.
"""

import os
import warnings
from collections import Counter
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
import recurring_ical_events
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from simulators.google import GoogleSimulator
from simulators.google_owner import Owner
from simulators.google_time import UTC, instant, is_all_day, show, zone
from simulators.ics import loads

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SHARED_CALENDARS", ROOT.parent / "shared" / "calendars"))
FILES = sorted(FOLDER.glob("*.ics"))
Found = Counter[tuple[date, date, str]]


def expected(content: str, low: datetime, high: datetime) -> Found:
    """Return what the independent package computes."""
    found: Found = Counter()
    for calendar in Calendar.from_ical(content, multiple=True):
        name = calendar.get("X-WR-TIMEZONE")
        floating = zone(str(name)) if name else UTC
        for event in recurring_ical_events.of(calendar).between(low, high):
            if str(event.get("STATUS", "")).upper() == "CANCELLED":
                continue  # Google keeps nothing of a cancelled occurrence
            start, end = (_plain(event[key].dt, floating) for key in ("DTSTART", "DTEND"))
            if start == end and not isinstance(start, datetime):
                end = start + timedelta(days=1)  # Google has no all-day event without a day
            found[start, end, str(event.get("SUMMARY", ""))] += 1
    return found


def _plain(value: date, floating: tzinfo) -> date:
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=floating)).astimezone(UTC)


def expanded(service: Any, low: datetime, high: datetime) -> Found:
    """Return what Google's client reads with singleEvents=true."""
    found: Found = Counter()
    span = {"timeMin": show(low, UTC), "timeMax": show(high, UTC)}
    query = {"calendarId": "primary", "singleEvents": True, "maxResults": 2_500, **span}
    request = service.events().list(**query)
    while request is not None:
        page = request.execute()
        for event in page["items"]:
            start, end = (_read(event, name) for name in ("start", "end"))
            found[start, end, event.get("summary", "")] += 1
        request = service.events().list_next(request, page)
    return found


def _read(event: dict[str, Any], name: str) -> date:
    if is_all_day(event):
        return date.fromisoformat(event[name]["date"])
    return instant(event[name], UTC)


@pytest.fixture
def una(google: GoogleSimulator) -> Owner:
    """Return a person whose days begin where those of the independent package do."""
    return google.add_user("una@corp.example", time_zone="UTC")


def years(content: str) -> tuple[datetime, datetime]:
    """Return a window around the years of a file."""
    events = [
        one for each in Calendar.from_ical(content, multiple=True) for one in each.walk("VEVENT")
    ]
    found = [one["DTSTART"].dt.year for one in events]
    return datetime(min(found) - 1, 1, 1, tzinfo=UTC), datetime(max(found) + 3, 1, 1, tzinfo=UTC)


@pytest.mark.skipif(not FILES, reason=f"no calendars in {FOLDER.name}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_calendars(path: Path, una: Owner, connect: Any) -> None:
    content = path.read_text("utf-8-sig")
    report = loads(content)
    una.calendar().seed(report.events)
    low, high = years(content)
    found = expanded(connect(una), low, high)
    assert found == expected(content, low, high)
    assert found
    assert report.outside(low, high) == 0
    assert report.outside(high + timedelta(days=36_500), high + timedelta(days=36_501)) >= 0


ZONES = ["Europe/Berlin", "America/New_York", "W. Europe Standard Time", "UTC", ""]
PARTS = ["", ";INTERVAL=2", ";BYDAY=MO,WE", ";BYDAY=TU", ";BYMONTHDAY=15,31", ";BYDAY=-1FR"]
ENDS = ["", ";COUNT=7", ";UNTIL={:%Y%m%dT%H%M%SZ}", ";UNTIL={:%Y%m%d}", ";UNTIL={:%Y%m%dT%H%M%S}"]
hours = st.integers(0, 24 * 120).map(lambda hour: timedelta(hours=hour))


class Draft:
    """One generated series with changes, as text."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.zone = draw, draw(st.sampled_from(ZONES))
        self.all_day = draw(st.booleans())
        self.start = datetime.fromisoformat("2026-01-01T04:00")
        self.start += timedelta(0) if self.all_day else draw(hours)
        self.days = [self.start + timedelta(days=n) for n in range(0, 60)]

    def stamp(self, name: str, moment: datetime) -> str:
        if self.all_day:
            return f"{name};VALUE=DATE:{moment:%Y%m%d}"
        zoned = f";TZID={self.zone}" if "/" in self.zone or " " in self.zone else ""
        return f"{name}{zoned}:{moment:%Y%m%dT%H%M%S}" + ("Z" if self.zone == "UTC" else "")

    def span(self, start: datetime, length: int) -> list[str]:
        unit = timedelta(days=length + 1) if self.all_day else timedelta(minutes=30 * length)
        return [self.stamp("DTSTART", start), self.stamp("DTEND", start + unit)]

    def rule(self) -> str:
        part = self.draw(st.sampled_from(PARTS))
        frequency = "MONTHLY" if "MONTHDAY" in part or "-1" in part else "WEEKLY"
        frequency = (
            self.draw(st.sampled_from([frequency, "DAILY"])) if "-" not in part else frequency
        )
        end = self.draw(st.sampled_from(ENDS)).format(self.start + timedelta(days=40, hours=1))
        return f"RRULE:FREQ={frequency}{part}{end}"

    def day(self) -> datetime:
        return self.draw(st.sampled_from(self.days))

    def changed(self, number: int) -> list[str]:
        day, following = self.day(), self.draw(st.booleans())
        shift = self.draw(st.integers(-26, 26))
        moved = day + (timedelta(days=shift // 8) if self.all_day else timedelta(hours=shift))
        line = self.stamp("RECURRENCE-ID", day)
        line = line.replace("-ID", "-ID;RANGE=THISANDFUTURE") if following else line
        status = ["STATUS:CANCELLED"] if self.draw(st.integers(0, 5)) == 0 else []
        return [f"SUMMARY:change {number}", line, *self.span(moved, number + 1), *status]

    def events(self) -> list[list[str]]:
        core = [
            "SUMMARY:series",
            *self.span(self.start, self.draw(st.integers(0, 60))),
            self.rule(),
        ]
        core += [self.stamp("EXDATE", self.day()) for _ in range(self.draw(st.integers(0, 2)))]
        core += [self.stamp("RDATE", self.day()) for _ in range(self.draw(st.integers(0, 1)))]
        return [core, *(self.changed(n) for n in range(self.draw(st.integers(0, 2))))]


@st.composite
def calendars(draw: st.DrawFn) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in Draft(draw).events():
        lines += ["BEGIN:VEVENT", "UID:one@odoo.example", *event, "END:VEVENT"]
    return "\n".join([*lines, "END:VCALENDAR", ""])


@settings(
    max_examples=int(os.environ.get("CALENDAR_EXAMPLES", "40")),
    deadline=None,
    derandomize="CALENDAR_EXAMPLES" not in os.environ,  # the same forty, unless asked for more
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(content=calendars())
def test_generated_calendars(content: str, una: Owner, connect: Any) -> None:
    low, high = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    own = una.calendar()
    own.store.__post_init__()  # the account is empty before every example
    own.seed(loads(content).events)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert expanded(connect(una), low, high) == expected(content, low, high)
