"""Google's JSON becomes values of ours."""

from datetime import date, datetime, timedelta, timezone

import pytest
from google_items import BERLIN, KICK_OFF, MASTER, MOVED, item, timed

from odoo.addons.synced_meetings.sync.event import Attendee, Event, Remote, When
from odoo.addons.synced_meetings_google.provider.translate import calendar_of, is_noise, remote_of

UTC = timezone.utc


def event(**changes):
    return remote_of(item(**changes), BERLIN).event


def at(*values):
    return datetime(*values, tzinfo=UTC)


def test_a_whole_event():
    assert remote_of(KICK_OFF, "UTC") == Remote(
        id="6f1ed002ab5595859014ebf0951522d9",
        change_key='"3519204312034000"',
        client_key="6f1ed002ab5595859014ebf0951522d9",
        organises=True,
        self_email="ann@corp.example",
        url="https://www.google.com/calendar/event?eid=abc",
        event=Event(
            uid="6f1ed002ab5595859014ebf0951522d9@google.com",
            when=When(at(2026, 11, 23, 8), at(2026, 11, 23, 9), BERLIN),
            name="Kick-off",
            location="HQ",
            description="<b>html allowed</b>",
            organiser="ann@corp.example",
            attendees=(
                Attendee("ann@corp.example", response="accepted"),
                Attendee("bob@client.example", "Bob", kind="optional"),
                Attendee(
                    "c_188@resource.calendar.google.com", response="declined", kind="resource"
                ),
            ),
            conference_url="https://meet.google.com/abc-defg-hij",
            conference=True,
        ),
    )


def test_what_google_leaves_out_has_its_usual_value():
    bare = {"id": "a", **timed("2026-11-23T09:00:00Z")}
    assert remote_of(bare, BERLIN) == Remote(
        id="a",
        client_key="a",
        organises=True,
        event=Event("a@google.com", When(at(2026, 11, 23, 9), at(2026, 11, 23, 9), BERLIN)),
    )


@pytest.mark.parametrize(
    ("start", "zone", "instant"),
    [
        ("2026-11-23T09:00:00Z", BERLIN, at(2026, 11, 23, 9)),
        ("2026-11-23t09:00:00z", BERLIN, at(2026, 11, 23, 9)),
        ("2026-11-23T09:00:00.000Z", None, at(2026, 11, 23, 9)),
        ("2026-11-23T09:00:00-08:00", "Asia/Tokyo", at(2026, 11, 23, 17)),
        ("2026-11-23T09:00:00", "Asia/Tokyo", at(2026, 11, 23)),
        ("2026-11-23T09:00:00", None, at(2026, 11, 23, 8)),  # the calendar's zone
        ("2026-03-29T02:30:00", BERLIN, at(2026, 3, 29, 1, 30)),  # an hour that does not exist
        ("2026-10-25T02:30:00", BERLIN, at(2026, 10, 25, 0, 30)),  # one that exists twice
        ("2026-10-25T02:30:00+01:00", BERLIN, at(2026, 10, 25, 1, 30)),  # its second time
    ],
)
def test_times_are_utc_and_keep_their_zone(start, zone, instant):
    named = {"timeZone": zone} if zone else {}
    assert event(**timed(start, **named)).when == When(instant, instant, zone or BERLIN)


def test_all_day_is_floating_and_its_end_is_exclusive():
    days = {"start": {"date": "2026-12-24"}, "end": {"date": "2026-12-27"}}
    assert event(**days).when == When(date(2026, 12, 24), date(2026, 12, 27))
    zoned = {"start": {"date": "2026-12-24", "timeZone": "Asia/Tokyo"}, "end": days["end"]}
    assert event(**zoned).when.zone == "Asia/Tokyo"
    empty = {"start": {"date": "2026-12-24"}, "end": {"date": "2026-12-24"}}
    assert event(**empty).when.duration == timedelta(days=1)


def test_an_end_may_be_unspecified_or_nothing():
    start = KICK_OFF["start"]
    assert event(end=None, endTimeUnspecified=True).when.duration == timedelta()
    assert event(endTimeUnspecified=True).when.duration == timedelta(hours=1)
    assert event(end=start).when.duration == timedelta()


def test_a_deleted_event_may_be_nothing_but_its_id():
    stub = {"id": "6f1ed002ab55", "status": "cancelled"}
    assert remote_of(stub, BERLIN) == Remote("6f1ed002ab55", None, client_key="6f1ed002ab55")


def test_a_cancelled_occurrence_says_which():
    stub = {key: MOVED[key] for key in ("id", "recurringEventId", "originalStartTime")}
    assert remote_of(stub | {"status": "cancelled", "etag": '"1"'}, BERLIN) == Remote(
        "0ab1_20261130T080000Z",
        None,
        change_key='"1"',
        series="0ab1",
        recurrence_id="20261130T080000Z",
    )


def test_a_moved_occurrence_keeps_the_id_of_its_original_start():
    remote = remote_of(MOVED, BERLIN)
    assert (remote.series, remote.recurrence_id) == ("0ab1", "20261130T080000Z")
    assert remote.event.when.start == at(2026, 12, 1, 8)
    assert remote_of(MOVED | {"recurrence": ["RRULE:FREQ=DAILY"]}, BERLIN) == remote
    days = {"originalStartTime": {"date": "2026-11-30"}}
    assert remote_of(MOVED | days, BERLIN).recurrence_id == "20261130"


def test_an_occurrence_without_uid_has_its_series_own():
    remote = remote_of({k: v for k, v in MOVED.items() if k != "iCalUID"}, BERLIN)
    assert remote.event.uid == "0ab1@google.com"


def test_a_master_keeps_its_lines():
    assert remote_of(MASTER, BERLIN).event.rule == tuple(MASTER["recurrence"])
    assert remote_of(MASTER, BERLIN).recurrence_id == ""


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"visibility": "public"}, "privacy", "public"),
        ({"visibility": "private"}, "privacy", "private"),
        ({"visibility": "confidential"}, "privacy", "private"),
        ({"visibility": "of the future"}, "privacy", "private"),
        ({"visibility": ["odd"]}, "privacy", "private"),
        ({"transparency": "transparent"}, "show_as", "free"),
        ({"eventType": "outOfOffice"}, "show_as", "oof"),
        (
            {"extendedProperties": {"private": {"syncedShowAs": "tentative"}}},
            "show_as",
            "tentative",
        ),
        ({"extendedProperties": {"private": {"syncedShowAs": "free"}}}, "show_as", "busy"),
        ({"extendedProperties": {"private": {"syncedShowAs": ["oof"]}}}, "show_as", "busy"),
        ({"extendedProperties": {"private": "oof"}}, "show_as", "busy"),
        ({"extendedProperties": ["private"]}, "show_as", "busy"),
        ({"eventType": "fromGmail"}, "show_as", "busy"),
        ({"status": "tentative"}, "state", "tentative"),
        ({"conferenceData": None}, "conference_url", "https://meet.google.com/abc-defg-hij"),
        ({"conferenceData": None, "hangoutLink": "http://x.example"}, "conference_url", ""),
        ({"conferenceData": None, "hangoutLink": "javascript:alert(1)"}, "conference_url", ""),
        ({"conferenceData": None, "hangoutLink": "https://x.example/\n"}, "conference_url", ""),
        ({"summary": "nul\0 and \x1b escape"}, "name", "nul and  escape"),
        ({"summary": "x" * 9_000}, "name", "x" * 2_000),
        ({"summary": "Besprechung \U0001f600"}, "name", "Besprechung \U0001f600"),
        ({"organizer": {"email": "unknownorganizer@calendar.google.com"}}, "organiser", ""),
    ],
)
def test_fields(changes, field, value):
    assert getattr(event(**changes), field) == value


@pytest.mark.parametrize(
    "link", ["ftp://x.example/a", "https://x.example/" + "a" * 2_000, "https://a b"]
)
def test_a_link_that_leads_elsewhere_is_left_out(link):
    assert remote_of(item(htmlLink=link), BERLIN).url == ""


def test_attendees_count_once_and_may_lack_an_address():
    people = [
        {"email": "Bob@x.example", "responseStatus": "tentative"},
        {"email": " bob@x.example ", "responseStatus": "declined"},
        {"displayName": "Somebody"},
        {"displayName": "Somebody else", "responseStatus": "accepted"},
        {},
    ]
    assert event(attendees=people).attendees == (
        Attendee("bob@x.example", response="tentative"),
        Attendee("", "Somebody"),
        Attendee("", "Somebody else", response="accepted"),
    )


def test_the_owner_is_found_among_the_attendees():
    people = [{"email": "bob@x.example"}, {"email": "Ann@x.example", "self": True}]
    assert remote_of(item(attendees=people), BERLIN).self_email == "ann@x.example"
    assert remote_of(item(attendees=people[:1]), BERLIN).self_email == ""


@pytest.mark.parametrize(
    ("changes", "organises"),
    [
        ({"attendees": None}, True),
        ({"attendees": None, "organizer": None}, True),
        (
            {"attendees": None, "organizer": {"email": "eve@x.example"}},
            False,
        ),  # a copied invitation
        ({"organizer": {"email": "eve@x.example"}}, False),
        ({"organizer": None}, False),
        ({"organizer": {"displayName": "Eve", "self": "true"}}, False),
    ],
)
def test_who_organises(changes, organises):
    assert remote_of(item(**changes), BERLIN).organises is organises


BARE = {"summary": None, "organizer": None, "attendees": None, "description": None}


@pytest.mark.parametrize(
    ("changes", "role", "redacted"),
    [
        ({}, "owner", False),
        ({}, "freeBusyReader", True),
        ({"attendeesOmitted": True}, "owner", True),
        ({"visibility": "private"}, "reader", False),
        ({"visibility": "private", **BARE}, "reader", True),
        ({"visibility": "private", **BARE}, "writerWithoutPrivateAccess", True),
        ({"visibility": "private", **BARE}, "", True),
        ({"visibility": "private", "summary": None}, "owner", False),  # merely without a title
        ({"visibility": "private", "summary": None}, "", False),
        ({"summary": None}, "reader", False),
    ],
)
def test_redacted_copies(changes, role, redacted):
    remote = remote_of(item(**changes), BERLIN, role)
    assert remote.redacted is redacted
    if "organizer" in changes:
        assert not remote.organises


@pytest.mark.parametrize("zone", ["Mars/Base", "", "Europe", "\0"])
def test_a_calendar_without_known_zone_counts_as_utc(zone):
    assert remote_of(item(**timed("2026-11-23T09:00:00")), zone).event.when.zone == "UTC"


def test_noise():
    assert is_noise(item(eventType="workingLocation"))
    assert not is_noise(item(eventType=["birthday"]))
    assert not is_noise({"id": "a", "status": "cancelled"})
    assert not is_noise(None)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"id": "ann@corp.example", "primary": True, "accessRole": "owner", "timeZone": BERLIN},
         ("ann@corp.example", "ann@corp.example", True, "owner", BERLIN, "ann@corp.example")),
        ({"id": "c_1@group.calendar.google.com", "summary": "Team", "summaryOverride": "Mine",
          "dataOwner": "Bob@x.example", "accessRole": "writerWithoutPrivateAccess"},
         ("c_1@group.calendar.google.com", "Mine", False, "writer", "", "bob@x.example")),
        ({"id": "de.german#holiday@group.v.calendar.google.com", "accessRole": "reader"},
         ("de.german#holiday@group.v.calendar.google.com",) * 2 + (False, "reader", "", "")),
        ({"id": "x", "accessRole": {}, "timeZone": "Mars/Base"}, ("x", "x", False, "busy", "", "")),
    ],
)  # fmt: skip
def test_calendars(entry, expected):
    found = calendar_of(entry)
    shown = (found.remote_id, found.name, found.primary, found.access, found.zone, found.owner)
    assert shown == expected
