"""Calendars put into the simulated Graph happen as an independent package says."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from simulators.google_time import UTC
from simulators.graph import SimulatedGraph
from simulators.graph_import import translated
from simulators.graph_kit import client
from simulators.graph_owner import Owner
from simulators.graph_places import within
from simulators.graph_time import wall
from simulators.ics import loads
from simulators.test_ics_calendars import FILES, FOLDER, Found, calendars, expected, years


@pytest.fixture
def una(graph: SimulatedGraph) -> Owner:
    """Return a person whose days begin where those of the independent package do."""
    return graph.add_user("una@corp.example", time_zone="UTC")


def expanded(una: Owner, low: datetime, high: datetime) -> Found:
    """Return what happens in a mailbox."""
    found: Found = Counter()
    for item in una.mailbox.alive():
        for place in within(una.mailbox, item, item.now, low, high):
            if place.kind != "seriesMaster":
                days = [wall(place.data[name]).date() for name in ("start", "end")]
                times = days if place.data["isAllDay"] else [place.begins, place.ends]
                found[times[0], times[1], place.data["subject"]] += 1
    return found


@pytest.mark.skipif(not FILES, reason=f"no calendars in {FOLDER.name}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_calendars(path: Path, una: Owner):
    content = path.read_text("utf-8-sig")
    una.seed(translated(loads(content), owner=una.email).events)
    low, high = years(content)

    found = expanded(una, low, high)

    assert found
    assert found == expected(content, low, high)


@settings(
    max_examples=int(os.environ.get("CALENDAR_EXAMPLES", "40")),
    deadline=None,
    derandomize="CALENDAR_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(content=calendars())
def test_generated_calendars(content: str, una: Owner):
    low, high = datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)
    una.mailbox.items.clear()
    una.seed(translated(loads(content), owner=una.email).events)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert expanded(una, low, high) == expected(content, low, high)


SERIES = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:one@odoo.example
DTSTART;TZID=Europe/Berlin:20261123T090000
DTEND;TZID=Europe/Berlin:20261123T100000
SUMMARY:Weekly
RRULE:FREQ=WEEKLY;COUNT=4
EXDATE;TZID=Europe/Berlin:20261207T090000
ORGANIZER:mailto:boss@client.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:una@corp.example
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_from_elsewhere_stays_one(graph: SimulatedGraph, una: Owner):
    una.seed(translated(loads(SERIES), owner=una.email).events)
    http = client(graph, una)

    [master] = http.get("/me/events")["value"]

    assert (master["type"], master["isOrganizer"]) == ("seriesMaster", False)
    assert master["organizer"]["emailAddress"]["address"] == "boss@client.example"
    assert master["responseStatus"]["response"] == "accepted"
    assert len(http.instances(master["id"])) == 3
    http.post(f"/me/events/{master['id']}/decline")
    assert [(one.to, one.reason) for one in graph.mails] == [("boss@client.example", "response")]
