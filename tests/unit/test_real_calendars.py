"""Series of real calendars have the occurrences that an independent reader finds in them.

The files are in $SHARED_CALENDARS, by default ``../shared/calendars`` beside the repository.
"""

import os
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
from series import DAY, UTC, moment

from odoo.addons.synced_meetings.sync.event import Event, When, Window
from odoo.addons.synced_meetings.sync.recurrence import expand, recurrence_id

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SHARED_CALENDARS", ROOT.parent / "shared" / "calendars"))
FILES = sorted(FOLDER.glob("*.ics"))
LINES = ("RRULE", "RDATE", "EXDATE")

if not FILES:
    pytest.skip(f"no calendars in {FOLDER}", allow_module_level=True)


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def calendar(request):
    return icalendar.Calendar.from_ical(request.param.read_bytes())


def series_of(calendar):
    """Yield (master, exceptions) of each series that the add-on can be given."""
    found = defaultdict(list)
    for event in calendar.walk("VEVENT"):
        found[str(event.get("UID"))].append(event)
    for events in found.values():
        masters = [event for event in events if "RECURRENCE-ID" not in event]
        exceptions = [event for event in events if "RECURRENCE-ID" in event]
        if len(masters) == 1 and any(_lines(masters[0])) and not _ranges(exceptions):
            yield masters[0], exceptions


def _ranges(exceptions):
    """Whether one exception stands for all later ones too; no provider knows such."""
    return any("RANGE" in event["RECURRENCE-ID"].params for event in exceptions)


def event_of(component, zone):
    start = component["DTSTART"].dt
    return Event(
        uid=str(component.get("UID")),
        when=When(_utc(start, zone), _utc(_end(component, start), zone), zone),
        name=str(component.get("SUMMARY", "")),
        rule=tuple(_lines(component)),
    )


def _lines(component):
    """Yield the recurrence lines as providers give them, without a calendar's own zones."""
    for name in LINES:
        values = component.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            zone = value.params.get("TZID")
            head = f"{name};TZID={zone}" if zone else name
            if text := value.to_ical().decode():  # some write RRULE for no rule at all
                yield f"{head}:{text}"


def _end(component, start):
    if "DTEND" in component:
        return component["DTEND"].dt
    if "DURATION" in component:
        return start + component["DURATION"].dt
    return start if isinstance(start, datetime) else start + DAY


def _utc(value, zone):
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return moment(value)


def zone_of(component):
    info = getattr(component["DTSTART"].dt, "tzinfo", None)
    return getattr(info, "key", "") if info else ""


def window_of(events):
    days = [_day(event["DTSTART"].dt) for event in events]
    return Window(min(days) - 400 * DAY, max(days) + 900 * DAY)


def _day(value):
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def expected(events, window):
    """Return the occurrences of one series as `recurring_ical_events` finds them."""
    alone = icalendar.Calendar()
    for event in events:
        alone.add_component(event)
    found = recurring_ical_events.of(alone).between(window.start - DAY, window.stop + DAY)
    spans = [(_shown(event), str(event.get("SUMMARY", ""))) for event in found]
    return Counter((*span, name) for span, name in spans if window.meets(When(*span)))


def _shown(event):
    start = event["DTSTART"].dt
    return _utc(start, ""), _utc(_end(event, start), "")


def test_series_have_the_occurrences_that_the_oracle_finds(calendar):
    for master, exceptions in series_of(calendar):
        zone, window = zone_of(master), window_of([master, *exceptions])
        held = {
            recurrence_id(_utc(one["RECURRENCE-ID"].dt, zone)): event_of(one, zone)
            for one in exceptions
        }
        found = expand(event_of(master, zone), held, window)
        shown = Counter((e.when.start, e.when.end, e.name) for e in found.values())
        assert shown == expected([master, *exceptions], window), master.get("UID")


def test_the_files_have_series_of_every_kind():
    found = [
        one for path in FILES for one in series_of(icalendar.Calendar.from_ical(path.read_bytes()))
    ]
    assert len(found) > 20
    assert any(exceptions for _, exceptions in found)
    for name in LINES:
        assert any(name in master for master, _ in found), name
