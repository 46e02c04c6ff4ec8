"""Items of EWS become values of ours."""

from datetime import date, datetime, timedelta, timezone

import pytest
from ews_xml_items import element, item, person
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.synced_meetings.sync.errors import REASONS, Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, Event, Remote, When
from odoo.addons.synced_meetings_exchange.provider.ews_translate import (
    bad_of,
    cancelled_of,
    instance_of,
    remote_of,
    series_of,
)
from odoo.addons.synced_meetings_exchange.provider.ews_values import Reader

UTC = timezone.utc
ANN = Reader("ann@corp.example", lambda: "Europe/Berlin")
WEEKLY = (
    "<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday"
    "</t:DaysOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence><t:StartDate>2026-11-23+01:00"
    "</t:StartDate><t:NumberOfOccurrences>8</t:NumberOfOccurrences></t:NumberedRecurrence>"
    "</t:Recurrence>"
)


def at(*values):
    return datetime(*values, tzinfo=UTC)


def event(*args, **changes):
    return remote_of(item(*args, **changes), ANN).event


def test_a_whole_event():
    people = (
        "<t:RequiredAttendees>"
        + person("bob@client.example", "Accept", "Bob")
        + "</t:RequiredAttendees><t:OptionalAttendees>"
        + person("Eve@Client.example", "Decline", "eve@client.example")
        + "</t:OptionalAttendees><t:Resources>"
        + person("room@corp.example")
        + "</t:Resources>"
    )
    inside = "&lt;html&gt;&lt;body&gt;&lt;p&gt;Hi&lt;/p&gt;&lt;/body&gt;"
    body = f'<t:Body BodyType="HTML">{inside}</t:Body>'
    assert remote_of(item(more=people + body), ANN) == Remote(
        id="AAMk=",
        change_key="CK1",
        organises=True,
        event=Event(
            uid="040000008200E00074C5B7101A82E0080000000000000000000000000000000000000000"
            "10000000AB12",
            when=When(at(2026, 11, 23, 8), at(2026, 11, 23, 9), "Europe/Berlin"),
            name="Kick-off",
            location="HQ",
            description="<p>Hi</p>",
            organiser="ann@corp.example",
            attendees=(
                Attendee("bob@client.example", "Bob", "accepted"),
                Attendee("eve@client.example", "", "declined", "optional"),
                Attendee("room@corp.example", "", "needs_action", "resource"),
            ),
        ),
    )


def test_a_guests_copy_holds_the_guests_own_answer():
    people = "<t:RequiredAttendees>" + person("ann@corp.example") + "</t:RequiredAttendees>"
    box = "<t:Mailbox><t:EmailAddress>H@corp.example</t:EmailAddress></t:Mailbox>"
    host = f"<t:Organizer>{box}</t:Organizer>"
    remote = remote_of(item(more=people + host, MyResponseType="Tentative"), ANN)
    assert (remote.organises, remote.self_email) == (False, "ann@corp.example")
    assert remote.event.organiser == "h@corp.example"
    assert remote.event.attendees == (Attendee("ann@corp.example", response="tentative"),)


def test_what_is_no_meeting_is_ones_own():
    remote = remote_of(item(IsMeeting="false", MyResponseType="Unknown"), ANN)
    assert (remote.organises, remote.event.organiser) == (True, "ann@corp.example")


def test_an_address_of_the_directory_is_none():
    people = "<t:RequiredAttendees>" + person("/o=Corp/cn=dora", name="Dora", routing="EX")
    assert event(more=people + "</t:RequiredAttendees>").attendees == (Attendee("", "Dora"),)


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("India Standard Time", "Asia/Kolkata"),
        ("UTC", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("Europe/Vienna", "Europe/Vienna"),  # some clients write IANA's names
        ("tzone://Microsoft/Custom", "Europe/Berlin"),  # the mailbox' own is nearest
        ("Customized Time Zone", "Europe/Berlin"),
        ("", "Europe/Berlin"),
        (None, "Europe/Berlin"),
    ],
)
def test_zones_have_names(zone, found):
    assert event(zone).when == When(at(2026, 11, 23, 8), at(2026, 11, 23, 9), found)


@pytest.mark.parametrize(
    ("zone", "start", "end", "days"),
    [
        ("W. Europe Standard Time", "2026-12-23T23:00:00Z", "2026-12-24T23:00:00Z", (24, 25)),
        ("Tokyo Standard Time", "2026-12-23T15:00:00Z", "2026-12-25T15:00:00Z", (24, 26)),
        ("Pacific Standard Time", "2026-12-24T08:00:00Z", "2026-12-25T08:00:00Z", (24, 25)),
        ("tzone://Microsoft/Custom", "2026-12-24T05:00:00Z", "2026-12-25T05:00:00Z", (24, 25)),
        ("W. Europe Standard Time", "2026-12-23T23:00:00Z", "2026-12-23T23:00:00Z", (24, 25)),
        (
            "W. Europe Standard Time",
            "2026-12-24T00:00:00+01:00",
            "2026-12-25T00:00:00+01:00",
            (24, 25),
        ),
    ],
)
def test_whole_days_are_those_of_their_own_zone(zone, start, end, days):
    found = event(zone, IsAllDayEvent="true", Start=start, End=end).when
    assert found == When(*(date(2026, 12, day) for day in days))


@pytest.mark.parametrize("level", ["Personal", "Private", "Confidential", "Secret"])
def test_unknown_levels_count_as_private(level):
    assert event(Sensitivity=level).privacy == "private"
    assert event(Sensitivity=None).privacy == "public"


@pytest.mark.parametrize(
    ("uid", "found"),
    [
        (
            "040000008200E00074C5B7101A82E00807EA0B1E0000000000000000000000000000000010000000AB12",
            "040000008200E00074C5B7101A82E008000000000000000000000000000000000000000010000000AB12",
        ),
        ("abc@google.com", "abc@google.com"),
        (None, "AAMk="),
    ],
)
def test_a_uid_is_that_of_the_whole_series(uid, found):
    assert event(UID=uid).uid == found


def test_one_of_a_series_that_stands_alone_says_which():
    alone = remote_of(item(more="<t:RecurrenceId>2026-11-30T08:00:00Z</t:RecurrenceId>"), ANN)
    assert (alone.series, alone.recurrence_id) == ("", "20261130T080000Z")


def test_a_series_says_what_became_of_its_occurrences():
    more = (
        WEEKLY
        + "<t:LastOccurrence><t:End>2027-01-11T09:00:00Z</t:End></t:LastOccurrence>"
        + '<t:ModifiedOccurrences><t:Occurrence><t:ItemId Id="OX="/>'
        + "<t:Start>2026-12-01T08:00:00Z</t:Start><t:End>2026-12-01T09:00:00Z</t:End>"
        + "<t:OriginalStart>2026-11-30T08:00:00Z</t:OriginalStart></t:Occurrence>"
        + "</t:ModifiedOccurrences><t:DeletedOccurrences><t:DeletedOccurrence>"
        + "<t:Start>2026-12-07T08:00:00Z</t:Start></t:DeletedOccurrence></t:DeletedOccurrences>"
    )
    master = remote_of(item(more=more), ANN)
    assert master.event.rule == ("RRULE:FREQ=WEEKLY;COUNT=8",)
    series = series_of(item(more=more), master.event.when, ANN)
    assert series.modified == {"20261130T080000Z": "OX="}
    assert series.deleted == ("20261207T080000Z",)
    assert series.last == "2027-01-11T09:00:00Z"
    moved = item(key="OX=", Start="2026-12-01T08:00:00Z", End="2026-12-01T09:00:00Z")
    remote = instance_of(moved, master, "20261130T080000Z", ANN)
    assert (remote.id, remote.series) == ("AAMk=#20261130T080000Z", "AAMk=")
    assert (remote.event.uid, remote.event.rule) == (master.event.uid, ())
    assert cancelled_of("AAMk=", "20261207T080000Z") == Remote(
        "AAMk=#20261207T080000Z", None, series="AAMk=", recurrence_id="20261207T080000Z"
    )


def test_plain_text_is_no_markup():
    body = '<t:Body BodyType="Text">1 &lt; 2\n&lt;b&gt;</t:Body>'
    assert event(more=body).description == "<p>1 &lt; 2<br>&lt;b&gt;</p>"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Start": None}, "no_start"),
        ({"End": None}, "no_end"),
        ({"Start": "soon"}, "bad_time"),
        ({"Start": "2026-11-23"}, "bad_time"),
        ({"Start": "0001-01-01T00:00:00Z"}, "bad_time"),
        ({"End": "2026-11-23T07:00:00Z"}, "end_before_start"),
        ({"LegacyFreeBusyStatus": "Asleep"}, "bad_choice"),
        ({"key": None}, "no_id"),
        ({"more": "<t:Recurrence/>"}, "bad_rule"),
        ({"more": WEEKLY.replace("Monday", "Moonday")}, "bad_rule"),
        ({"more": WEEKLY.replace("8<", "many<")}, "bad_rule"),
        ({"more": "<t:RecurrenceId>once</t:RecurrenceId>"}, "bad_recurrence_id"),
    ],
)
def test_what_cannot_be_read_is_named(changes, reason):
    odd = item(**changes)
    with pytest.raises(Rejected) as raised:
        remote_of(odd, ANN)
    assert raised.value.reason == reason
    assert bad_of(odd, raised.value).reason == reason


def test_of_a_private_item_only_an_outline_is_put_aside():
    odd = item(Sensitivity="Private", Start=None)
    bad = bad_of(odd, Rejected("no_start"))
    assert "Kick-off" not in bad.payload
    assert "Private" in bad.payload
    assert bad.id == "AAMk="


NAMES = ("Subject", "UID", "Start", "End", "IsAllDayEvent", "MyResponseType", "Body", "Recurrence")


@given(st.dictionaries(st.sampled_from(NAMES), st.text("a1:-TZ+.é ", max_size=25)), st.booleans())
def test_nothing_else_is_raised(changes, nested):
    inside = {name: f"<t:x>{text}</t:x>" if nested else text for name, text in changes.items()}
    try:
        remote_of(item(**inside), ANN)
    except Rejected as error:
        assert error.reason in REASONS  # noqa: PT017
    with pytest.raises(Rejected):
        remote_of(element("<t:Message><t:ItemId Id='a'/></t:Message>"), ANN)


def test_lengths_are_whole_days():
    whole = event(IsAllDayEvent="true", Start="2026-12-23T23:00:00Z", End="2026-12-26T23:00:00Z")
    assert whole.when.duration == timedelta(days=3)
