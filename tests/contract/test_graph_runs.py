"""Runs over the simulated Microsoft 365: after each, people see here what Outlook shows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from memory_store import Database, MemoryStore

from odoo.addons.synced_meetings.sync import engine
from odoo.addons.synced_meetings_exchange.provider.graph_values import instant

from simulators.graph import SimulatedGraph
from simulators.graph_errors import GraphError

from .graph_server import GraphServer
from .provider_contract import HOUR, LUNCH, MONDAY, WEEKLY, WINDOW, span

DAY = timedelta(days=1)
NAMES = ("Lunch", "Tea", "Talk")
RULES = (
    {"type": "daily", "interval": 2},
    {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "tuesday", "sunday"]},
    {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last"},
)


@pytest.fixture
def server():
    with SimulatedGraph(seed=1) as graph:
        yield GraphServer(graph)


class Outlook:
    """A person at work in Outlook: does anything, as long as Outlook lets it be done."""

    def __init__(self, server, random):
        self.ann, self.random = server.ann, random

    def act(self):
        work = [self.create, self.repeat, self.rename, self.move, self.delete, self.cancel_one,
                self.move_one, self.change_rule, self.end_series]  # fmt: skip
        with suppress(GraphError, IndexError):  # an overlap, or nothing there
            self.random.choice(work)()

    def times(self, zone="W. Europe Standard Time"):
        start = MONDAY + self.random.randrange(40) * DAY + self.random.randrange(8) * HOUR
        wall = start.replace(tzinfo=None)
        return {
            name: {"dateTime": moment.isoformat(), "timeZone": zone}
            for name, moment in (("start", wall), ("end", wall + HOUR))
        }

    def any(self, kind=None):
        events = [one for one in self.ann.events() if kind in (None, one["type"])]
        return self.random.choice(events)

    def occurrence(self):
        series = self.any("seriesMaster")
        found = self.ann.instances(series["id"], "2026-11-01T00:00:00Z", "2027-04-01T00:00:00Z")
        return self.random.choice(found)

    def create(self):
        self.ann.create({"subject": self.random.choice(NAMES), **self.times()})

    def rule(self, times):
        day = times["start"]["dateTime"][:10]
        ends = self.random.choice(
            ({"type": "noEnd"}, {"type": "numbered", "numberOfOccurrences": 9},
             {"type": "endDate", "endDate": "2027-03-31"})
        )  # fmt: skip
        return {"pattern": self.random.choice(RULES), "range": {**ends, "startDate": day}}

    def repeat(self):
        times = self.times()
        body = {"subject": self.random.choice(NAMES), **times, "recurrence": self.rule(times)}
        self.ann.create(body)

    def rename(self):
        self.ann.patch(self.any()["id"], {"subject": self.random.choice(NAMES)})

    def move(self):
        self.ann.patch(self.any("singleInstance")["id"], self.times())

    def delete(self):
        self.ann.delete(self.any()["id"])

    def cancel_one(self):
        self.ann.delete(self.occurrence()["id"])

    def move_one(self):
        one = self.occurrence()
        start = instant(one["start"], "").replace(tzinfo=None) + self.random.choice((HOUR, DAY))
        point = {"timeZone": "UTC"}
        times = {"start": {"dateTime": start.isoformat(), **point},
                 "end": {"dateTime": (start + HOUR).isoformat(), **point}}  # fmt: skip
        self.ann.patch(one["id"], {**times, "subject": self.random.choice(NAMES)})

    def change_rule(self):
        times = self.times()
        series = self.any("seriesMaster")
        self.ann.patch(series["id"], {**times, "recurrence": self.rule(times)})

    def end_series(self):
        self.ann.patch(self.any("seriesMaster")["id"], {"recurrence": None})

    def shows(self):
        """Return what the calendar's own view shows."""
        found = []
        for one in self.ann.events():
            parts = [one]
            if one["type"] == "seriesMaster":
                low, high = (m.isoformat() for m in (WINDOW.start, WINDOW.stop))
                parts = self.ann.instances(one["id"], low, high)
            found += [
                (instant(part["start"], ""), instant(part["end"], ""), part["subject"])
                for part in parts
            ]
        return sorted(found)


@pytest.mark.parametrize("seed", range(3))
def test_after_each_run_people_see_what_outlook_shows(server, seed):
    random = Random(seed)
    person = Outlook(server, random)
    database = Database({"ann": server.owner})
    server.graph.delta.duplicates = seed % 3
    server.graph.delta.empty_pages = seed % 2
    for turn in range(12):
        for _ in range(random.randrange(1, 5)):
            person.act()
        if turn % 5 == 4:
            server.expire_sync_tokens()
        server.limit_pages(random.choice((1, 7, 200)))
        database.confirmed = True  # whatever was deleted, a person has looked at it
        result = engine.pull(server.provider(), MemoryStore(database, "ann", WINDOW))
        database.commit()
        assert result.failed == 0, database.state
        shown = database.shown(WINDOW).values()
        found = sorted((one.when.start, one.when.end, one.name) for one in shown
                       if one.state != "cancelled")  # fmt: skip
        assert found == person.shows()


def test_a_run_without_news_is_one_request(server):
    for number in range(3):
        server.create(LUNCH)
        series = server.create(replace(WEEKLY, name=str(number)))
        server.move_occurrence(series, MONDAY, span(MONDAY + HOUR))
    database = Database({"ann": server.owner})
    engine.pull(server.provider(), MemoryStore(database, "ann", WINDOW))
    database.commit()
    before = server.requests()
    result = engine.pull(server.provider(), MemoryStore(database, "ann", WINDOW))
    assert (result.pulled, result.failed) == (0, 0)
    assert server.requests() == before + 1
