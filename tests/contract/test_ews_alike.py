"""What is written to an own server is what is read from it, whatever the event."""

import pytest

from odoo.addons.synced_meetings.sync.event import Attendee, Event, When

from simulators.ews import SimulatedExchange

from .alike_contract import AlikeContract
from .ews_server import EwsServer
from .provider_contract import HOUR, MONDAY, WEEK, WEEKLY, span
from .push_changes import BOB

ROOM = "room@corp.example"
GUEST = "host@corp.example"  # has a mailbox there, too


@pytest.fixture
def server():
    with SimulatedExchange() as exchange:
        yield EwsServer(exchange)


def arbitrary(random):
    """Return an event of any kind."""
    start = MONDAY + random.randrange(40) * WEEK
    whole = When(start.date(), start.date() + random.randint(1, 3) * WEEK / 7)
    zones = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", "Europe/Vienna")
    when = random.choice((whole, span(start, random.choice(zones), random.randrange(9) * HOUR)))
    rules = ((), WEEKLY.rule, ("RRULE:FREQ=DAILY;COUNT=9",), ("RRULE:FREQ=WEEKLY;INTERVAL=2",))
    people = (
        BOB,
        Attendee("eve@client.example", "Eve", kind="optional"),
        Attendee(ROOM, "Room", kind="resource"),
        Attendee(GUEST, "Host"),
    )
    return Event(
        "",
        when,
        name=random.choice(("", "Grüße 🎄", "a  b", "From here", "--b\r\n", "x" * 1024, "<&>")),
        location=random.choice(("", "HQ, 2nd floor")),
        description=random.choice(("", "<p>a</p><p>b</p>", "a\nb", "<b>é</b>&amp;")),
        attendees=tuple(random.sample(people, random.randrange(5))),
        rule=random.choice(rules),
        privacy=random.choice(("public", "private")),
        show_as=random.choice(("free", "busy", "tentative", "oof", "elsewhere")),
    )


class TestEwsAlike(AlikeContract):
    arbitrary = staticmethod(arbitrary)
