"""Values of ours become Graph's JSON."""

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest
from graph_items import BERLIN, KICK_OFF, item, master

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, When
from odoo.addons.synced_meetings_exchange.provider import graph_bodies as bodies
from odoo.addons.synced_meetings_exchange.provider.graph_html import with_blob
from odoo.addons.synced_meetings_exchange.provider.graph_translate import remote_of

EVENT = remote_of(KICK_OFF).event
SERIES = remote_of(master()).event
WINDOWS = "W. Europe Standard Time"
CY = Attendee("cy@client.example", "Cy")
LINE = "_" * 40
BLOB = (
    f'<div class="me"><span>{LINE}</span><a href="https://teams.x/l/meetup-join/19">Join</a></div>'
)


def patch(now=None, event=EVENT, **changes):
    return bodies.patch(event, replace(event, **changes), now)


def test_a_new_event():
    body = bodies.insertion(replace(EVENT, attendees=(CY,), show_as="elsewhere"), "k")
    assert body == {
        "subject": "Kick-off",
        "location": {"displayName": "HQ"},
        "body": {"contentType": "html", "content": "<p>Hello</p>"},
        "sensitivity": "normal",
        "showAs": "workingElsewhere",
        "isAllDay": False,
        "start": {"dateTime": "2026-11-23T09:00:00", "timeZone": WINDOWS},
        "end": {"dateTime": "2026-11-23T10:00:00", "timeZone": WINDOWS},
        "attendees": [
            {"type": "required", "emailAddress": {"address": "cy@client.example", "name": "Cy"}}
        ],
        "transactionId": "k",
        "singleValueExtendedProperties": [{"id": bodies.KEY, "value": "k"}],
        "isOnlineMeeting": True,
        "onlineMeetingProvider": "teamsForBusiness",
    }


def test_a_way_to_join_is_asked_for_once():
    without = replace(EVENT, conference=False, conference_url="")
    assert patch(event=without, conference=True) == bodies.TEAMS
    assert patch(conference=True) == {}
    assert bodies.insertion(without, "k").keys().isdisjoint(bodies.TEAMS)


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({}, {}),
        ({"name": "Tea"}, {"subject": "Tea"}),
        ({"location": ""}, {"location": {"displayName": ""}}),
        ({"privacy": "private"}, {"sensitivity": "private"}),
        ({"show_as": "oof"}, {"showAs": "oof"}),
        ({"description": ""}, {"body": {"contentType": "html", "content": ""}}),
        ({"uid": "x", "organiser": "x@y", "conference_url": "", "state": "cancelled"}, {}),
    ],
)
def test_only_what_differs_is_written(changes, body):
    assert patch(**changes) == body


def test_levels_that_mean_the_same_here_stay_what_they_are():
    secret = remote_of(item(sensitivity="confidential")).event
    assert "sensitivity" not in patch(event=secret, name="Tea")
    assert patch(event=secret, privacy="public") == {"sensitivity": "normal"}


def test_a_zone_that_has_no_name_here_stays_where_the_time_stays():
    custom = remote_of(item(originalStartTimeZone="tzone://Microsoft/Custom")).event
    assert patch(event=custom, name="Tea") == {"subject": "Tea"}


def test_what_moves_moves_together():
    days = When(date(2026, 12, 24), date(2026, 12, 26))
    assert patch(when=days) == {
        "isAllDay": True,
        "start": {"dateTime": "2026-12-24T00:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-26T00:00:00", "timeZone": "UTC"},
    }
    later = replace(SERIES.when, end=SERIES.when.end.replace(hour=10))
    assert patch(event=SERIES, when=later).keys() == {"isAllDay", "start", "end", "recurrence"}
    assert patch(event=SERIES, rule=())["recurrence"] is None


def test_the_second_of_two_equal_hours_is_said_in_utc():
    moment = datetime(2026, 10, 25, 1, 30, tzinfo=timezone.utc)  # half past two, once more
    [start] = {p["dateTime"] for p in (patch(when=When(moment, moment, BERLIN))["start"],)}
    assert start == "2026-10-25T01:30:00"
    earlier = moment.replace(hour=0)
    point = patch(when=When(earlier, moment, BERLIN))["start"]
    assert point == {"dateTime": "2026-10-25T02:30:00", "timeZone": WINDOWS}


# Guests


def test_the_list_of_guests_is_graphs_own_but_for_what_differs():
    bob, room = EVENT.attendees
    now = {
        "attendees": [*KICK_OFF["attendees"], {"emailAddress": {"name": "Old", "address": "/o"}}]
    }
    assert patch(now, attendees=(bob, room, CY))["attendees"] == [
        *now["attendees"],
        {"type": "required", "emailAddress": {"address": "cy@client.example", "name": "Cy"}},
    ]
    assert patch(now, attendees=(room,))["attendees"] == now["attendees"][1:]
    renamed = replace(bob, name="Robert", kind="required")
    assert patch(now, attendees=(renamed, room))["attendees"][0] == {
        "type": "required",
        "emailAddress": {"address": "bob@client.example", "name": "Robert"},
    }


def test_answers_are_not_written():
    bob, room = EVENT.attendees
    assert patch(attendees=(replace(bob, response="declined"), room)) == {}


def test_guests_that_cannot_be_invited():
    for guests, reason in (
        ((Attendee("", "Nobody"),), "no_address"),
        (tuple(Attendee(f"p{n}@x.example") for n in range(501)), "too_many_guests"),
    ):
        for write in (
            lambda g=guests: bodies.insertion(replace(EVENT, attendees=g), "k"),
            lambda g=guests: patch(attendees=g),
        ):
            with pytest.raises(Rejected) as raised:
                write()
            assert raised.value.reason == reason


def test_who_is_mailed():
    own = Attendee(EVENT.organiser)
    assert bodies.guests(replace(EVENT, attendees=(own,))) == frozenset()
    assert bodies.guests(EVENT) == {"bob@client.example", "room@corp.example"}
    assert bodies.guests(None) == frozenset()


# How a Teams meeting is joined


def test_a_teams_meeting_keeps_how_to_join():
    now = {"body": {"content": f"<html><body><p>Hello</p>{BLOB}</body></html>"}, "attendees": []}
    assert bodies.reads(EVENT, replace(EVENT, description="x"))
    assert not bodies.reads(EVENT, replace(EVENT, name="x"))
    written = patch(now, description="<p>Agenda</p>")["body"]["content"]
    assert written == f"<p>Agenda</p><br>{BLOB}"


def test_a_text_that_has_the_link_or_lacks_it_there_stays():
    whole = f"<p>a</p>{BLOB}"
    assert with_blob(whole, f"<body>{BLOB}</body>") == whole
    assert with_blob("<p>a</p>", "<body><p>b</p></body>") == "<p>a</p>"
    assert with_blob("<p>a</p>", f"<body><p>{LINE}</p></body>") == "<p>a</p>"


def test_keys_are_new():
    keys = {bodies.new_key() for _ in range(500)}
    assert len(keys) == 500
    assert bodies.uid_of("k") == "k@synced-meetings"
