"""Calendar files as Google events: what is kept, repaired, left out."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from simulators.google_time import UTC
from simulators.ics import Report, load, loads

Event = dict[str, Any]


def calendar(*events: str, head: str = "") -> str:
    """Return a VCALENDAR; every event is the inside of a VEVENT, one property per line."""
    inside = "\n".join(f"BEGIN:VEVENT\nUID:one\n{event.strip()}\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{inside}\nEND:VCALENDAR\n"


def only(report: Report) -> Event:
    assert len(report.events) == 1
    return report.events[0]


def one(text: str, head: str = "") -> Event:
    return only(loads(calendar(text, head=head)))


LUNCH = """SUMMARY:Lunch\\, late
DESCRIPTION:plain
X-ALT-DESC;FMTTYPE=text/html:<html><BODY class="x"><b>rich</b>\\n</BODY></html>
LOCATION:HQ
DTSTART;TZID=Europe/Berlin:20261123T120000
DTEND;TZID=America/New_York:20261123T080000
STATUS:TENTATIVE
TRANSP:TRANSPARENT
CLASS:CONFIDENTIAL
SEQUENCE:3
URL:https://odoo.example/lunch
CREATED:20261101T080000Z
LAST-MODIFIED:20261102T080000
ORGANIZER;CN=Eve:MAILTO:Eve@client.example
ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED;ROLE=OPT-PARTICIPANT:mailto:bob@corp.example
ATTENDEE;CUTYPE=ROOM:mailto:room@corp.example
ATTENDEE:invalid
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT15M
END:VALARM
BEGIN:VALARM
ACTION:EMAIL
TRIGGER:PT5M
END:VALARM"""
EXPECTED = {
    "iCalUID": "one",
    "summary": "Lunch, late",
    "description": "<b>rich</b>",
    "location": "HQ",
    "status": "tentative",
    "transparency": "transparent",
    "visibility": "confidential",
    "sequence": 3,
    "source": {"url": "https://odoo.example/lunch", "title": "Lunch, late"},
    "created": "2026-11-01T08:00:00.000Z",
    "updated": "2026-11-02T08:00:00.000Z",
    "organizer": {"email": "eve@client.example", "displayName": "Eve"},
    "attendees": [
        {
            "email": "bob@corp.example",
            "displayName": "Bob",
            "responseStatus": "accepted",
            "optional": True,
        },
        {"email": "room@corp.example", "responseStatus": "needsAction", "resource": True},
    ],
    "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 15}]},
    "start": {"dateTime": "2026-11-23T12:00:00+01:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2026-11-23T08:00:00-05:00", "timeZone": "America/New_York"},
}


def test_a_single_event_with_everything() -> None:
    event = one(LUNCH)
    assert event.pop("id").isalnum()
    assert event == EXPECTED


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        ("DTSTART;VALUE=DATE:20261123", "2026-11-23", "2026-11-24"),
        ("DTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261123", "2026-11-23", "2026-11-24"),
        ("DTSTART;VALUE=DATE:20261123\nDURATION:P3D", "2026-11-23", "2026-11-26"),
        ("DTSTART:20261123T080000Z", "2026-11-23T08:00:00+00:00", "2026-11-23T08:00:00+00:00"),
        (
            "DTSTART:20261123T080000Z\nDURATION:PT90M",
            "2026-11-23T08:00:00+00:00",
            "2026-11-23T09:30:00+00:00",
        ),
        (
            "DTSTART:20261123T100000Z\nDTEND:20261123T080000Z",
            "2026-11-23T08:00:00+00:00",
            "2026-11-23T10:00:00+00:00",
        ),
        (
            "DTSTART;VALUE=DATE:20261123\nDTEND:20261123T080000Z",
            "2026-11-23T00:00:00+00:00",
            "2026-11-23T08:00:00+00:00",
        ),
    ],
)
def test_start_and_end(lines: str, start: str, end: str) -> None:
    event = one(lines)
    found = [event[name].get("date") or event[name]["dateTime"] for name in ("start", "end")]
    assert found == [start, end]


@pytest.mark.parametrize(
    ("head", "line", "zone", "shown"),
    [
        ("", "DTSTART:20260723T080000", "UTC", "08:00:00+00:00"),
        (
            "X-WR-TIMEZONE:Europe/Berlin\n",
            "DTSTART:20260723T080000",
            "Europe/Berlin",
            "08:00:00+02:00",
        ),
        (
            "X-WR-TIMEZONE:Europe/Berlin\n",
            "DTSTART:20260723T080000Z",
            "Europe/Berlin",
            "10:00:00+02:00",
        ),
        ("X-WR-TIMEZONE:Mars/Olympus\n", "DTSTART:20260723T080000Z", "UTC", "08:00:00+00:00"),
        (
            "",
            "DTSTART;TZID=/vendor/Asia/Tokyo:20260723T080000",
            "Asia/Tokyo",
            "08:00:00+09:00",
        ),
        (
            "",
            "DTSTART;TZID=W. Europe Standard Time:20260723T080000",
            "Europe/Berlin",
            "08:00:00+02:00",
        ),
    ],
)
def test_zones(head: str, line: str, zone: str, shown: str) -> None:
    start = one(line, head)["start"]
    assert start == {"dateTime": f"2026-07-23T{shown}", "timeZone": zone}


OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Our office
X-LIC-LOCATION:{location}
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:A
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:B
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:Odd office
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0117
TZOFFSETTO:+0117
TZNAME:C
END:STANDARD
END:VTIMEZONE
"""


def test_zones_with_names_of_their_own() -> None:
    series = "DTSTART;TZID={}:20260105T090000\nRRULE:FREQ=WEEKLY"
    head = OWN_ZONE.format(location="Europe/Vienna")
    assert one(series.format("Our office"), head)["start"]["timeZone"] == "Europe/Vienna"
    odd = one(series.format("Odd office"), head)
    assert odd["start"] == {"dateTime": "2026-01-05T07:43:00+00:00", "timeZone": "UTC"}
    assert odd["recurrence"] == ["RRULE:FREQ=WEEKLY"]


@pytest.mark.parametrize(
    ("start", "rule", "expected"),
    [
        (":20261123T080000Z", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3"),
        (":20261123T080000Z", "FREQ=DAILY;UNTIL=20261125", "FREQ=DAILY;UNTIL=20261125T000000Z"),
        (
            ";TZID=Europe/Berlin:20261123T080000",
            "FREQ=DAILY;UNTIL=20261125T070000",
            "FREQ=DAILY;UNTIL=20261125T070000Z",
        ),
        (
            ";VALUE=DATE:20261123",
            "FREQ=DAILY;UNTIL=20261125T235959Z",
            "FREQ=DAILY;UNTIL=20261125",
        ),
        (":20261123T080000Z", "FREQ=DAILY;COUNT=-1", "FREQ=DAILY"),
        (":20261123T080000Z", "FREQ=MINUTELY", "FREQ=MINUTELY"),
        # The start is no Tuesday: it counts beside the rule's two, so COUNT would be ambiguous.
        (
            ":20261123T080000Z",
            "FREQ=WEEKLY;BYDAY=TU;COUNT=2",
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261201T080000Z",
        ),
    ],
)
def test_rules(start: str, rule: str, expected: str) -> None:
    assert one(f"DTSTART{start}\nRRULE:{rule}")["recurrence"] == [f"RRULE:{expected}"]


def test_added_and_excluded_dates() -> None:
    event = one(
        """DTSTART;TZID=Europe/Berlin:20261123T090000
RRULE:FREQ=DAILY;COUNT=9
EXDATE;VALUE=DATE:20261124
EXDATE:20261125T080000Z,20261224T080000Z
EXDATE;TZID=America/New_York:20261126T090000
RDATE;TZID=Europe/Berlin:20261201T120000"""
    )
    assert event["recurrence"] == [
        "RRULE:FREQ=DAILY;COUNT=9",
        "RDATE:20261201T110000Z",
        "EXDATE:20261124T080000Z,20261125T080000Z,20261126T080000Z",
    ]


def test_an_added_period_has_a_length_of_its_own() -> None:
    master, exception = loads(
        calendar("DTSTART:20261123T080000Z\nRDATE;VALUE=PERIOD:20261124T080000Z/PT3H")
    ).events
    assert master["recurrence"] == ["RDATE:20261124T080000Z"]
    assert exception["originalStartTime"]["dateTime"] == "2026-11-24T08:00:00+00:00"
    assert exception["end"]["dateTime"] == "2026-11-24T11:00:00+00:00"


SERIES = "SUMMARY:all\nDTSTART;TZID=Europe/Berlin:20261123T090000\nRRULE:FREQ=DAILY;COUNT=5"


def change(moved: str, more: str = "", on: str = "20261125T090000") -> str:
    return (
        f"SUMMARY:changed\nRECURRENCE-ID;TZID=Europe/Berlin:{on}\n"
        f"DTSTART;TZID=Europe/Berlin:{moved}\n{more}"
    )


def test_exceptions_name_their_series() -> None:
    report = loads(calendar(change("20261125T140000"), SERIES))
    master, exception = report.events
    assert exception["recurringEventId"] == master["id"]
    assert exception["originalStartTime"]["dateTime"] == "2026-11-25T09:00:00+01:00"
    assert exception["start"]["dateTime"] == "2026-11-25T14:00:00+01:00"
    assert exception["location"] is None  # not the series'
    assert report.meetings == 1
    assert report.notes == []


def test_cancelled_occurrences_and_meetings() -> None:
    report = loads(calendar(SERIES, change("20261125T090000", "STATUS:CANCELLED")))
    assert report.events[1]["status"] == "cancelled"
    report = loads(calendar("DTSTART:20261123T080000Z\nSTATUS:CANCELLED\nSUMMARY:gone"))
    assert report.events == []
    assert report.notes == ["“gone” of 2026-11-23 is cancelled, which leaves nothing in Google."]


def test_a_change_without_its_series_stands_alone() -> None:
    event = only(loads(calendar(change("20261125T140000"))))
    assert event["iCalUID"] == "one"
    assert "recurringEventId" not in event
    report = loads(calendar(SERIES, change("20270101T140000", on="20270101T090000")))
    master, alone = report.events
    assert alone["iCalUID"] != master["iCalUID"]
    assert report.notes == [
        "“changed” of 2027-01-01 changes an occurrence that is not there; it stands alone."
    ]


def test_this_and_following_becomes_a_second_series() -> None:
    following = change("20261125T110000").replace("-ID;", "-ID;RANGE=THISANDFUTURE;")
    single = change("20261126T200000", on="20261126T090000")
    report = loads(calendar(SERIES, following, single))
    first, second, exception = report.events
    assert first["recurrence"] == ["RRULE:FREQ=DAILY;UNTIL=20261124T080000Z"]
    assert second["start"]["dateTime"] == "2026-11-25T11:00:00+01:00"
    assert second["recurrence"] == ["RRULE:FREQ=DAILY;UNTIL=20261127T100000Z"]
    assert second["iCalUID"] == "one_R20261125T090000"
    assert exception["recurringEventId"] == second["id"]
    assert exception["originalStartTime"]["dateTime"] == "2026-11-26T11:00:00+01:00"
    assert len(report.notes) == 1


def test_following_occurrences_can_change_their_weekday() -> None:
    weekly = "DTSTART:20261123T080000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE"
    following = (
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261130T080000Z\n"
        "DTSTART:20261201T080000Z\nDTEND:20261201T100000Z"
    )
    first, second = loads(calendar(weekly, following)).events
    assert first["recurrence"] == ["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261125T080000Z"]
    assert second["recurrence"] == ["RRULE:FREQ=WEEKLY;BYDAY=TU,TH"]


def test_what_no_rule_describes_is_listed() -> None:
    monthly = "DTSTART:20261127T080000Z\nRRULE:FREQ=MONTHLY;BYDAY=-1FR"
    following = (
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261225T080000Z\n"
        "DTSTART:20261228T080000Z\nDTEND:20261228T100000Z"
    )
    report = loads(calendar(monthly, following))
    assert report.events[1]["recurrence"][0].startswith("RDATE:20270201T080000Z,20270301T080000Z")
    assert "it ends after five years" in report.notes[-1]


def test_the_higher_sequence_counts() -> None:
    report = loads(calendar(SERIES + "\nSEQUENCE:2", SERIES.replace("all", "old") + "\nSEQUENCE:1"))
    assert only(report)["summary"] == "all"
    assert "SEQUENCE" in report.notes[0]


def test_broken_events_are_named_and_left_out() -> None:
    report = loads(calendar("SUMMARY:never\nDTSTART:soon", SERIES))
    assert only(report)["summary"] == "all"
    assert report.notes == ["“never” has no start and was left out."]
    report = loads(calendar("SUMMARY:odd\nDTSTART:20261123T080000Z\nRRULE:FREQ=NEVER"))
    assert "recurrence" not in only(report)
    report = loads(calendar("DTSTART:20261123T080000Z\nRRULE:FREQ=DAILY;UNTIL=20251123T080000Z"))
    assert report.events == []
    assert len(report.notes) == 1


def test_several_calendars_in_one_file() -> None:
    report = loads(calendar(SERIES) + calendar(SERIES))
    assert len({event["id"] for event in report.events}) == 2


def test_files_in_other_encodings(tmp_path: Path) -> None:
    path = tmp_path / "old.ics"
    path.write_bytes(calendar("DTSTART:20261123T080000Z\nSUMMARY:Frühstück").encode("latin-1"))
    report = load(path)
    assert only(report)["summary"] == "Frühstück"
    assert "Latin-1" in report.notes[0]


def test_outside_counts_meetings() -> None:
    single = "DTSTART:20261123T080000Z\nDTEND:20261123T090000Z"
    report = loads(calendar(single) + calendar(SERIES, change("20270101T080000")))
    assert report.meetings == 2

    def outside(start: str, end: str) -> int:
        moments = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end))
        return report.outside(*moments)

    assert outside("2026-11-01", "2026-12-01") == 0
    assert outside("2026-11-23T09:00", "2026-12-01") == 1
    assert outside("2026-12-01", "2027-02-01") == 1  # the moved occurrence is inside
    assert outside("2025-01-01", "2026-01-01") == 2
