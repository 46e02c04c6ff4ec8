"""What is written to Google is what is read from it, whatever the event."""

import pytest

from odoo.addons.synced_meetings.sync.event import Attendee, Event, When

from simulators.google import GoogleSimulator

from .alike_contract import AlikeContract
from .google_server import GoogleServer
from .provider_contract import HOUR, MONDAY, WEEK, WEEKLY, span
from .push_changes import BOB, EVE

ROOM = "c_188@resource.calendar.google.com"
GUEST = "host@corp.example"  # has a calendar there, too


@pytest.fixture
def server():
    with GoogleSimulator() as google:
        yield GoogleServer(google)


def arbitrary(random):
    """Return an event of any kind."""
    start = MONDAY + random.randrange(300) * WEEK / 7
    whole = When(start.date(), start.date() + random.randint(1, 3) * WEEK / 7)
    zones = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC")
    when = random.choice((whole, span(start, random.choice(zones), random.randrange(9) * HOUR)))
    rules = ((), WEEKLY.rule, ("RRULE:FREQ=MONTHLY;COUNT=3",), ("RRULE:FREQ=DAILY;COUNT=9",))
    people = (BOB, EVE, Attendee(ROOM, "Room", kind="resource"), Attendee(GUEST, "Ann"))
    return Event(
        "",
        when,
        name=random.choice(("", "Grüße 🎄", "a  b", "From here", "--b\r\n", "x" * 1024)),
        location=random.choice(("", "HQ, 2nd floor")),
        description=random.choice(("", "<p>a</p><p>b</p>", "a\nb", "<b>é</b>&amp;")),
        attendees=tuple(random.sample(people, random.randrange(5))),
        rule=random.choice(rules),
        state=random.choice(("confirmed", "tentative")),
        privacy=random.choice(("public", "private")),
        show_as=random.choice(("free", "busy", "tentative", "oof", "elsewhere")),
    )


class TestGoogleAlike(AlikeContract):
    arbitrary = staticmethod(arbitrary)
