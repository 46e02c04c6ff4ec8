"""Runs both ways over the simulated Microsoft 365: what people do here and in Outlook meets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from doors import Doors
from memory_outbox import OutboxStore
from memory_rows import OutDatabase

from odoo.addons.synced_meetings.sync import engine
from odoo.addons.synced_meetings.sync.event import Event
from odoo.addons.synced_meetings.sync.push import push

from simulators.graph import SimulatedGraph

from .graph_server import GraphServer
from .provider_contract import HOUR, MONDAY, WINDOW, span
from .test_graph_runs import Outlook

DAY = timedelta(days=1)
RULES = ((), ("RRULE:FREQ=WEEKLY;COUNT=5",), ("RRULE:FREQ=DAILY;INTERVAL=3;COUNT=4",))


@pytest.fixture
def server():
    with SimulatedGraph(seed=1) as graph:
        yield GraphServer(graph)


class Store(OutboxStore):
    joint = "#"


class Here:
    """A person at work in Odoo."""

    def __init__(self, server, database, random):
        self.doors, self.owner, self.random = Doors(database), server.owner, random

    def act(self):
        self.random.choice((self.create, self.edit, self.edit, self.retime, self.delete))()

    def when(self):
        return span(MONDAY + self.random.randrange(40) * DAY + self.random.randrange(8) * HOUR)

    def create(self):
        event = Event("", self.when(), name="Here", rule=self.random.choice(RULES))
        self.doors.create("ann", self.owner, replace(event, organiser=self.owner), [])

    def unit(self, alone=True):
        units = self.doors.units()
        if not units:
            return None
        unit = self.random.choice(units)
        inside = self.doors.occurrences(unit) if alone else []
        return self.random.choice([unit, *inside[:3]])

    def edit(self):
        if unit := self.unit():
            self.doors.edit(unit, location=self.random.choice(("HQ", "Roof", "")))

    def retime(self):
        if unit := self.unit(alone=False):
            self.doors.retime(unit, self.when(), self.random.choice(RULES[1:]))

    def delete(self):
        if unit := self.unit():
            self.doors.delete(unit, tell=False)


def run(server, database):
    store, provider = Store(database, "ann", WINDOW, server.provider().fields), server.provider()
    database.confirmed = True  # whatever was deleted, a person has looked at it
    result = engine.pull(provider, store)
    push(provider, store, result)
    # A delta tells nothing of what was made after it and deleted before the next: it is found
    # missing by the next whole listing only. The echo's own run leaves little time for that.
    engine.pull(provider, store)
    database.commit()
    return result


@pytest.mark.parametrize("seed", range(5))
def test_both_sides_agree_when_nobody_edits(server, seed):
    random, database = Random(seed), OutDatabase({"ann": server.owner})
    outlook, here = Outlook(server, random), Here(server, database, random)
    for _ in range(8):
        for _ in range(random.randrange(1, 4)):
            random.choice((outlook, here)).act()
        assert run(server, database).failed == 0
    run(server, database)
    writes = [one for one in server.graph.requests if one.method == "PATCH"]
    assert run(server, database).counts() == {"pulled": 0, "pushed": 0, "failed": 0}
    assert [one for one in server.graph.requests if one.method == "PATCH"] == writes
    shown = [one for one in database.shown(WINDOW).values() if one.state != "cancelled"]
    assert sorted((one.when.start, one.when.end, one.name) for one in shown) == outlook.shows()
    assert server.mailed() == []
