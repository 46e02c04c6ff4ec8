"""What is written to Microsoft 365 is what is read from it, whatever the event."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from odoo.addons.synced_meetings.sync.canonical import canonical
from odoo.addons.synced_meetings.sync.event import Change, When

from simulators.graph import SimulatedGraph

from .graph_server import GraphServer
from .provider_contract import said
from .push_changes import create, done, read
from .test_google_alike import arbitrary as anything

DAY = timedelta(days=1)


@pytest.fixture
def server():
    with SimulatedGraph() as graph:
        yield GraphServer(graph)


def arbitrary(random):
    """Return an event that Exchange takes: its series do not overlap themselves."""
    event = anything(random)
    when, rule = event.when, event.rule
    if "MONTHLY" in "".join(rule) and when.start.day > 27:
        rule = ()
    if "DAILY" in "".join(rule) and when.allday:
        when = When(when.start, when.start + DAY)
    people = tuple(replace(one, response="needs_action") for one in event.attendees)
    name = event.name[:255]
    known = replace(event, when=when, rule=rule, attendees=people, name=name, state="confirmed")
    return canonical(known, str)


@pytest.mark.parametrize("seed", range(3))
def test_any_event_is_written_and_read_alike(server, seed):
    random, provider = Random(seed), server.provider()
    events = [arbitrary(random) for _ in range(40)]
    copies = sent(provider, [create(provider, event) for event in events])
    for _ in range(3):
        assert read(server) == {copy.id: copy for copy in copies}
        for copy, event in zip(copies, events, strict=True):
            assert said(copy.event) == said(event)
            assert canonical(copy.event, str).attendees == event.attendees
        events = [arbitrary(random) for _ in events]
        pairs = zip(copies, events, strict=True)
        wanted = [
            replace(event, uid=copy.event.uid, organiser=server.owner) for copy, event in pairs
        ]
        pairs = zip(copies, wanted, strict=True)
        copies = sent(provider, [Change("update", copy, event) for copy, event in pairs])


def sent(provider, changes):
    size = provider.batch_size
    return [
        copy
        for first in range(0, len(changes), size)
        for copy in done(provider, *changes[first : first + size])
    ]
