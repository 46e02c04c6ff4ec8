"""Graph's JSON becomes values of ours."""

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest
from graph_items import BARE, BERLIN, DOCUMENT, HEAD, KICK_OFF, MADE, UID, exception, item, master
from graph_items import times as at_times

from odoo.addons.synced_meetings.sync.event import Attendee, Bad, Event, Remote, When, answer_of
from odoo.addons.synced_meetings_exchange.provider.graph_series import find, whole
from odoo.addons.synced_meetings_exchange.provider.graph_translate import (
    Reader,
    cancelled_of,
    instance_of,
    remote_of,
)
from odoo.addons.synced_meetings_exchange.provider.uid import day_of, series_uid
from odoo.addons.synced_meetings_exchange.provider.zones import iana, microsoft

ANN, BOB = Reader("ann@corp.example"), Reader("bob@client.example")


def at(*values):
    return datetime(*values, tzinfo=timezone.utc)


def event(**changes):
    return remote_of(item(**changes)).event


def test_a_whole_event():
    assert remote_of(KICK_OFF, ANN) == Remote(
        id="AAMkKick",
        change_key='W/"DwAAABYAAAA="',
        client_key="7e163156",
        organises=True,
        url="https://outlook.office365.com/owa/?itemid=AAMkKick",
        event=Event(
            uid=UID,
            when=When(at(2026, 11, 23, 8), at(2026, 11, 23, 9), BERLIN),
            name="Kick-off",
            location="HQ",
            description="<p>Hello</p>",
            organiser="ann@corp.example",
            attendees=(
                Attendee("bob@client.example", "Bob", "tentative", "optional"),
                Attendee("room@corp.example", "", "needs_action", "resource"),
            ),
            conference_url="https://teams.microsoft.com/l/meetup-join/19%3a",
            conference=True,
        ),
    )


def test_what_is_left_out_has_its_usual_value():
    when = When(at(2026, 11, 23, 8), at(2026, 11, 23, 9), "UTC")
    assert remote_of(BARE) == Remote("AAMkKick", Event("AAMkKick", when))


@pytest.mark.parametrize(
    ("named", "zone"),
    [
        ("W. Europe Standard Time", BERLIN),
        ("India Standard Time", "Asia/Kolkata"),
        ("Eastern Standard Time", "America/New_York"),
        ("FLE Standard Time", "Europe/Kyiv"),
        ("Europe/Vienna", "Europe/Vienna"),
        ("UTC", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("tzone://Microsoft/Custom", "UTC"),
        ("Customized Time Zone", "UTC"),
        ("", "UTC"),
        (None, "UTC"),
    ],
)
def test_zones(named, zone):
    assert event(originalStartTimeZone=named).when.zone == zone


def test_zones_are_written_so_that_they_are_read_again():
    for zone in (BERLIN, "Asia/Kolkata", "America/New_York", "Europe/Vienna", "Asia/Tokyo", "UTC"):
        assert iana(microsoft(zone)) == zone
    assert microsoft(BERLIN) == "W. Europe Standard Time"
    assert microsoft("") == "UTC"


@pytest.mark.parametrize(
    ("start", "end", "stated", "zone", "days"),
    [
        ("2026-12-24T00:00:00.0000000", "2026-12-25T00:00:00.0000000", "UTC", BERLIN, 1),
        # Where Graph does move midnight to another zone:
        ("2026-12-23T23:00:00.0000000", "2026-12-25T23:00:00.0000000", "UTC", BERLIN, 2),
        ("2026-12-24T05:00:00", "2026-12-25T05:00:00", "UTC", "America/New_York", 1),
        ("2026-12-24T00:00:00", "2026-12-25T00:00:00", "W. Europe Standard Time", BERLIN, 1),
        ("2026-12-24T00:00:00", "2026-12-24T00:00:00", "UTC", BERLIN, 1),
    ],
)
def test_whole_days_are_dates(start, end, stated, zone, days):
    when = event(isAllDay=True, originalStartTimeZone=zone, **at_times(start, end, stated)).when
    assert when == When(date(2026, 12, 24), date(2026, 12, 24 + days), zone)


def test_whole_days_in_utc_float():
    when = event(
        isAllDay=True,
        originalStartTimeZone="UTC",
        **at_times("2026-12-24T00:00:00", "2026-12-26T00:00:00"),
    ).when
    assert when == When(date(2026, 12, 24), date(2026, 12, 26))


def test_times_in_another_zone_than_was_asked_for():
    moved = at_times("2026-07-01T09:00:00", "2026-07-01T10:00:00", "W. Europe Standard Time")
    assert event(**moved).when.start == at(2026, 7, 1, 7)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (None, ""),
        ({"contentType": "html", "content": ""}, ""),
        ({"contentType": "html", "content": "<b>a</b>"}, "<b>a</b>"),
        ({"contentType": "html", "content": f"{DOCUMENT}a<BODY>b"}, "a<BODY>b"),
        ({"contentType": "html", "content": "<html><head><title>x</title></head>a"}, "a"),
        ({"contentType": "text", "content": "a < b\r\n<b>c"}, "<p>a &lt; b<br>&lt;b&gt;c</p>"),
        ({"contentType": "text", "content": "\r\n"}, ""),
    ],
)
def test_bodies(body, text):
    assert event(body=body).description == text


@pytest.mark.parametrize("level", ["personal", "private", "confidential", "secret"])
def test_levels_that_are_not_normal_are_private(level):
    assert event(sensitivity=level).privacy == "private"


@pytest.mark.parametrize(
    ("word", "shown"),
    [("workingElsewhere", "elsewhere"), ("oof", "oof"), ("unknown", "busy"), ("free", "free")],
)
def test_show_as(word, shown):
    assert event(showAs=word).show_as == shown


def test_a_cancelled_invitation_says_so():
    assert event(isCancelled=True).state == "cancelled"


def test_a_guests_own_answer_stands_beside_the_list():
    invited = item(isOrganizer=False, responseStatus={"response": "accepted"})
    copy = remote_of(invited, BOB)
    assert copy.self_email == "bob@client.example"
    assert answer_of(copy.event, "bob@client.example") == "accepted"
    assert not copy.organises
    assert remote_of(invited, Reader("else@corp.example")).self_email == ""


def test_people_without_a_mail_address():
    people = [
        {"emailAddress": {"name": "Old", "address": "/o=ExchangeLabs/ou=x/cn=old"}},
        {"emailAddress": {"name": "", "address": ""}},
        {"emailAddress": None},
    ]
    found = event(attendees=people, organizer=people[0])
    assert found.attendees == (Attendee("", "Old"),)
    assert found.organiser == ""


@pytest.mark.parametrize(
    ("changes", "reader", "hidden"),
    [
        ({}, ANN, False),
        ({"sensitivity": "private"}, ANN, False),
        ({"sensitivity": "private"}, Reader("x@corp.example", True, True), False),
        ({"sensitivity": "private"}, Reader("x@corp.example", True, False), True),
        ({}, Reader("x@corp.example", True, False), False),
        ({"organizer": None}, Reader("x@corp.example", True), True),
    ],
)
def test_colleagues_copies_may_be_redacted(changes, reader, hidden):
    assert remote_of(item(**changes), reader).redacted is hidden


# UIDs


def test_a_uid_loses_the_day_of_an_occurrence():
    dated = f"{HEAD}07EA0B1E{MADE}"
    assert series_uid(dated) == series_uid(dated.lower()) == UID
    assert day_of(dated) == date(2026, 11, 30)
    assert day_of(UID) is None


@pytest.mark.parametrize("uid", ["a@google.com", "x_R20261130T080000@google.com", "040000", ""])
def test_other_uids_stay(uid):
    assert series_uid(uid) == uid
    assert day_of(uid) is None


def test_a_foreign_uid_is_unwrapped():
    content = b"vCal-Uid\x01\x00\x00\x00" + b"6f1e@google.com" + b"\x00"
    wrapped = f"{HEAD}{'00' * 20}{len(content):02X}000000{content.hex().upper()}"
    assert series_uid(wrapped) == "6f1e@google.com"


def test_who_is_invited_to_one_occurrence_alone():
    copy = remote_of(item(iCalUId=f"{HEAD}07EA0B17{MADE}", isOrganizer=False))
    assert (copy.event.uid, copy.series, copy.recurrence_id) == (UID, "", "20261123T080000Z")


# Series


def test_a_series_comes_whole():
    source = master(
        exceptionOccurrences=[exception()],
        cancelledOccurrences=["OID.AAMkMaster.2026-12-07"],
    )
    series, moved, cancelled = whole(source, ANN)
    assert series.event.rule == ("RRULE:FREQ=WEEKLY;UNTIL=20270125T225959Z",)
    assert (moved.id, moved.series) == ("AAMkMaster#20261130T080000Z", "AAMkMaster")
    assert moved.event.uid == series.event.uid == UID
    assert (moved.event.rule, moved.client_key) == ((), "")
    assert moved.event.when.start == at(2026, 11, 30, 13)
    assert cancelled == Remote(
        "AAMkMaster#20261207T080000Z", None, series="AAMkMaster", recurrence_id="20261207T080000Z"
    )


def test_a_cancelled_occurrence_keeps_its_hour_when_the_clocks_change():
    series = remote_of(master())
    assert cancelled_of("OID.x.2027-03-29", series).recurrence_id == "20270329T070000Z"


def test_occurrences_of_whole_days_are_known_by_date():
    days = {"isAllDay": True, **at_times("2026-11-23T00:00:00", "2026-11-24T00:00:00")}
    series = remote_of(master(**days))
    moved = exception(
        isAllDay=True,
        originalStart="2026-11-30T00:00:00Z",
        **at_times("2026-12-01T00:00:00", "2026-12-02T00:00:00"),
    )
    assert instance_of(moved, series).recurrence_id == "20261130"
    moved["originalStart"] = "2026-11-29T23:00:00Z"  # midnight in Berlin
    assert instance_of(moved, series).recurrence_id == "20261130"
    assert cancelled_of("OID.x.2026-12-07", series).recurrence_id == "20261207"
    timed = exception(originalStart="2026-11-30T00:00:00Z")
    assert instance_of(timed, series).recurrence_id == "20261130"


def test_one_bad_exception_stands_alone():
    source = master(exceptionOccurrences=[exception(start=None), exception("30")])
    series, bad, moved = whole(source, ANN)
    assert isinstance(bad, Bad)
    assert bad.reason == "no_start"
    assert series.event
    assert moved.event


def test_an_occurrence_is_found_moved_plain_or_cancelled():
    source = master(
        exceptionOccurrences=[exception()], cancelledOccurrences=["OID.AAMkMaster.2026-12-07"]
    )
    plain = {
        **exception("23", **at_times("2026-12-14T08:00:00", "2026-12-14T09:00:00")),
        "type": "occurrence",
        "originalStart": None,
        "id": "AAMkPlain",
    }
    around = {"value": [plain, exception()]}
    names = ("20261130T080000Z", "20261214T080000Z", "20261207T080000Z", "20261221T080000Z")
    found = [find("AAMkMaster", rid, source, around, ANN) for rid in names]
    assert [one.key for one in found] == ["AAMkException30", "AAMkPlain", "", ""]
    assert [one.seen.recurrence_id for one in found] == list(names)
    assert [bool(one.seen.event) for one in found] == [True, True, False, False]


def test_an_occurrence_behind_one_that_cannot_be_read_is_not_deleted():
    source = master(exceptionOccurrences=[exception(originalStart="soon")])
    found = find("AAMkMaster", "20261130T080000Z", source, {"value": []}, ANN)
    assert isinstance(found.seen, Bad)
    assert found.seen.id == "AAMkMaster#20261130T080000Z"


def test_an_etag_is_made_of_the_change_key_where_it_is_left_out():
    lacking = exception()
    del lacking["@odata.etag"]
    assert instance_of(lacking, remote_of(master())).change_key == 'W/"DwAAABYAAAA="'
    assert replace(remote_of(BARE), url="").change_key == ""
