"""What a service that mails with every write would let guests notice."""

from dataclasses import replace

import pytest
from series import span

from odoo.addons.synced_meetings.sync.event import Attendee, Event, When, with_answer
from odoo.addons.synced_meetings.sync.view import is_noticed

OWN, GUEST = "ann@corp.example", "bob@client.example"
WHEN = span(2026, 11, 30, 9)
ALONE = Event("uid", WHEN, name="Talk", attendees=(Attendee(OWN),))
TALK = replace(ALONE, attendees=(Attendee(OWN), Attendee(GUEST)))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Other"},
        {"when": When(WHEN.start, WHEN.end + (WHEN.end - WHEN.start), WHEN.zone)},
        {"privacy": "private"},
        {"attendees": (Attendee(OWN),)},
        {"attendees": (Attendee(OWN), Attendee(GUEST, kind="optional"))},
    ],
)
def test_guests_notice_all_that_is_theirs(changes):
    assert is_noticed(replace(TALK, **changes), TALK, OWN)


def test_nobody_notices_what_is_the_owners_alone():
    own = with_answer(replace(TALK, show_as="free"), OWN, "tentative")
    assert not is_noticed(own, TALK, OWN)
    answered = with_answer(TALK, GUEST, "accepted")  # which the guest's own copy says
    assert not is_noticed(answered, TALK, OWN)


def test_without_guests_there_is_nobody_to_notice():
    for local, base in ((ALONE, None), (None, ALONE), (replace(ALONE, name="Other"), ALONE)):
        assert not is_noticed(local, base, OWN)


def test_guests_notice_a_meeting_that_comes_or_goes():
    assert is_noticed(TALK, None, OWN)
    assert is_noticed(None, TALK, OWN)
    assert is_noticed(TALK, ALONE, OWN)
