"""Calendars from .ics files, and zones that no table knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner
from simulators.ews_time import CUSTOM
from simulators.exchange_kit import SignIn, at
from simulators.ics import loads

FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
{}
END:VCALENDAR
"""
EVENT = """BEGIN:VEVENT
UID:{uid}
SUMMARY:{name}
DTSTART;TZID=Europe/Berlin:{start}
{more}
END:VEVENT"""


def _event(name: str, start: str = "20261123T090000", more: str = "DURATION:PT1H") -> str:
    return EVENT.format(uid=f"{name}@x", name=name, start=start, more=more)


def _seeded(anna: Owner, *events: str) -> list[str]:
    return anna.seed(loads(FILE.format("\n".join(events))).events)


def _view(account, end: str = "2027-03-01T00:00") -> list[tuple[str, str]]:
    zone = at("23T09:00").tzinfo
    found = account.calendar.view(start=at("01T00:00"), end=at(end))
    return [(one.subject, f"{one.start.astimezone(zone):%m-%d %H:%M}") for one in found]


@pytest.fixture
def account(anna: Owner, sign_in: SignIn):
    return sign_in("anna@corp.example")


def test_singles(exchange: SimulatedExchange, account, anna: Owner):
    more = (
        "DURATION:PT1H\nLOCATION:HQ\nDESCRIPTION:Hello\nCLASS:PRIVATE\nTRANSP:TRANSPARENT\n"
        "ORGANIZER:mailto:eve@client.example\nATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@corp.example\n"
        "ATTENDEE;PARTSTAT=DECLINED;ROLE=OPT-PARTICIPANT:mailto:bob@client.example\n"
        "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT20M\nEND:VALARM"
    )
    assert _seeded(anna, _event("Single", more=more)) == []
    item = next(iter(account.calendar.filter(subject="Single")))
    item.refresh()
    assert (item.start, item.end, item.location) == (at("23T09:00"), at("23T10:00"), "HQ")
    assert (item.uid, item.sensitivity) == ("Single@x", "Private")
    assert item.legacy_free_busy_status == "Free"
    assert (item.my_response_type, item.organizer.email_address) == ("Accept", "eve@client.example")
    assert item.optional_attendees[0].response_type == "Decline"
    assert (item.reminder_is_set, item.reminder_minutes_before_start) == (True, 20)
    assert exchange.mails == []


def test_series_with_exceptions(account, anna: Owner):
    notes = _seeded(
        anna,
        _event(
            "Weekly",
            more="DURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;TZID=Europe/Berlin:20261130T090000",
        ),
        "BEGIN:VEVENT\nUID:Weekly@x\nSUMMARY:Moved\nRECURRENCE-ID;TZID=Europe/Berlin:20261207T090000\n"
        "DTSTART;TZID=Europe/Berlin:20261208T140000\nDURATION:PT1H\nEND:VEVENT",
    )
    assert notes == []
    assert _view(account) == [
        ("Weekly", "11-23 09:00"),
        ("Moved", "12-08 14:00"),
        ("Weekly", "12-14 09:00"),
    ]
    (master,) = anna.items()
    assert master.type == "RecurringMaster"
    assert len(master.item.deleted) == 1
    assert len(master.item.exceptions) == 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=7",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20270115T225959Z",
        "FREQ=MONTHLY;BYDAY=4MO;COUNT=3",
        "FREQ=MONTHLY;BYDAY=-1MO;BYMONTH=11;COUNT=1",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=4;COUNT=3",
        "FREQ=MONTHLY;BYMONTHDAY=23;COUNT=3",
        "FREQ=MONTHLY;BYMONTHDAY=13,23;COUNT=4",
        "FREQ=YEARLY;COUNT=2",
        "FREQ=WEEKLY;BYDAY=MO",
    ],
)
def test_rules_give_the_same_days(account, anna: Owner, rule: str):
    report = loads(FILE.format(_event("Series", more=f"DURATION:PT1H\nRRULE:{rule}")))
    notes = anna.seed(report.events)
    from simulators.google_recurrence import Series

    (master,) = report.events
    until = at("2027-03-01T00:00")
    wanted = [f"{one:%m-%d %H:%M}" for one in Series.of(master).between(None, until)]
    assert [start for _, start in _view(account)] == wanted
    single = {view.type for view in anna.items()} == {"Single"}
    assert single is bool(notes), "what Outlook cannot repeat stands alone, and that is said"


def test_all_day(account, anna: Owner):
    days = "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261226"
    lines = f"BEGIN:VEVENT\nUID:a@x\nSUMMARY:Off\n{days}\nEND:VEVENT"
    assert _seeded(anna, lines) == []
    item = next(iter(account.calendar.filter(subject="Off")))
    item.refresh()
    assert item.is_all_day is True
    assert (item.start.isoformat(), item.end.isoformat()) == ("2026-12-24", "2026-12-25")


class TestCustomZone:
    def _create(self, anna: Owner):
        first = at("23T09:00")
        return anna.create(
            Subject="Custom",
            Start=first,
            End=first + timedelta(hours=1),
            StartTimeZone=CUSTOM,
            EndTimeZone=CUSTOM,
            CustomZone="W. Europe Standard Time",
        )

    def test_breaks_exchangelib(self, account, anna: Owner):
        identity = self._create(anna).id
        with pytest.raises(ValueError, match="tzone"):
            list(account.fetch([(identity, None)], folder=account.calendar, only_fields=["start"]))

    def test_is_left_by_setting_another(self, anna: Owner):
        view = self._create(anna)
        anna.update(view.id, StartTimeZone="UTC", EndTimeZone="UTC")
        assert anna.get(view.id).item.zone.key == "Etc/UTC"
