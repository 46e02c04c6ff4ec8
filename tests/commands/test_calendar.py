"""The demonstration's meetings, and the reading of a person's own calendar."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from setup import calendar_file, meetings, simulated
from setup.services import Service
from simulators.ews import SimulatedExchange
from simulators.google import GoogleSimulator
from simulators.graph import SimulatedGraph

EVENT = """BEGIN:VEVENT
UID:{uid}
SUMMARY:{uid}
DTSTART:{start:%Y%m%dT090000Z}
DTEND:{start:%Y%m%dT100000Z}
{more}END:VEVENT
"""


def _file(tmp_path, *events):
    body = "".join(EVENT.format(uid=uid, start=start, more=more) for uid, start, more in events)
    path = tmp_path / "own.ics"
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n")
    return path


TODAY = date(2026, 11, 23)


def test_the_simulated_google_takes_the_demonstration():
    with GoogleSimulator() as google:
        google.add_user(meetings.ANN)
        events = meetings.around_today(meetings.ANN, TODAY)
        assert google.seed(events, meetings.ANN) == len(events)
        assert google.seed(events, meetings.ANN) == len(events)
        assert len(google.calendar(meetings.ANN).events()) == len(events)


@pytest.mark.parametrize(
    ("simulator", "person"), [(SimulatedGraph, meetings.BEN), (SimulatedExchange, meetings.CLEO)]
)
def test_microsofts_calendars_take_the_demonstration(simulator, person):
    with simulator() as service:
        owner = service.add_user(person, meetings.NAMES[person], meetings.ZONE)
        events = meetings.around_today(person, TODAY)
        place = Service(service.server.url, Path("log"), None)
        assert simulated.seed(place, person, events) == []
        held = owner.items() if simulator is SimulatedExchange else owner.events()
        assert len(held) == len(events)
        assert service.mails == []


def test_colleagues_hold_the_same_meetings():
    of = {person: meetings.around_today(person, TODAY) for person in meetings.PEOPLE}
    uids = {person: {event["iCalUID"] for event in events} for person, events in of.items()}
    assert uids[meetings.ANN] & uids[meetings.BEN]
    assert uids[meetings.BEN] & uids[meetings.CLEO]
    for person, events in of.items():
        for event in events:
            organiser = event.get("organizer", {}).get("email", person)
            guests = [guest["email"] for guest in event.get("attendees", ())]
            assert event["iCalUID"] in uids[organiser]
            assert person in (organiser, *guests)


def test_the_window_that_holds_every_meeting_is_offered(tmp_path):
    today = datetime.now(timezone.utc)
    early, late = today - timedelta(days=500), today + timedelta(days=900)
    rule = "RRULE:FREQ=YEARLY\n"
    events = ("early", early, ""), ("late", late, ""), ("today", today, ""), ("yearly", early, rule)
    path = _file(tmp_path, *events)
    read = calendar_file.read(path, 365, 730)
    assert (read["meetings"], read["outside"]) == (4, 2)
    wider = calendar_file.read(path, read["past"], read["future"])
    assert wider["outside"] == 0
    assert (wider["past"], wider["future"]) == (read["past"], read["future"])
