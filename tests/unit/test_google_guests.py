"""Attendees are Google's own entries with what we changed."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from google_items import BERLIN, item

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, Event, When
from odoo.addons.synced_meetings_google.provider import bodies
from odoo.addons.synced_meetings_google.provider.translate import remote_of

OWNER = "ann@x.example"
NINE = datetime(2026, 11, 23, 8, tzinfo=timezone.utc)
PLAIN = Event("a", When(NINE, NINE + timedelta(hours=1), BERLIN), organiser=OWNER)
BOB, EVE = Attendee("bob@x.example", "Bob"), Attendee("eve@x.example", "Eve", "declined")


def guests(old, new, entries):
    before, after = (replace(PLAIN, attendees=people) for people in (old, new))
    return bodies.patch(before, after, entries)["attendees"]


HELD = [
    {"email": OWNER, "self": True, "organizer": True, "responseStatus": "accepted"},
    {"email": "Bob@x.example", "displayName": "Bob", "comment": "Late", "additionalGuests": 1},
    {"id": "7", "displayName": "Somebody"},
    {"email": EVE.email, "displayName": "Eve", "responseStatus": "declined"},
]
KNOWN = remote_of(item(attendees=HELD), BERLIN).event.attendees


def test_googles_own_entries_stay_as_they_are():
    assert guests(KNOWN, KNOWN, HELD) == HELD
    cy = Attendee("cy@x.example", kind="resource")
    entry = {"email": cy.email, "resource": True, "responseStatus": "needsAction"}
    assert guests(KNOWN, (*KNOWN, cy), HELD) == [*HELD, entry]


def test_only_what_differs_of_a_guest_is_replaced():
    bob = next(one for one in KNOWN if one.email == BOB.email)
    others = tuple(one for one in KNOWN if one is not bob)
    found = guests(KNOWN, (*others, replace(bob, response="accepted")), HELD)
    assert found == [HELD[0], HELD[1] | {"responseStatus": "accepted"}, *HELD[2:]]
    found = guests(KNOWN, (*others, replace(bob, name="", kind="optional")), HELD)
    assert found[1] == HELD[1] | {"displayName": "", "optional": True, "resource": False}


def test_who_is_removed_is_left_out_and_the_organiser_is_not():
    assert guests(KNOWN, (), HELD) == [HELD[0]]
    somebody = tuple(one for one in KNOWN if not one.email)
    assert guests(KNOWN, somebody, HELD) == [HELD[0], HELD[2]]


def test_whom_only_google_knows_stays():
    assert guests((), (BOB,), [HELD[3]]) == [
        HELD[3],
        {"email": BOB.email, "displayName": "Bob", "responseStatus": "needsAction"},
    ]


def test_a_crowd_may_shrink_but_not_grow():
    crowd = tuple(Attendee(f"{number}@x.example") for number in range(250))
    held = [{"email": one.email} for one in crowd]
    assert len(guests(crowd, crowd[1:], held)) == 249
    with pytest.raises(Rejected):
        guests(crowd, (*crowd, BOB), held)
