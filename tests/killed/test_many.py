"""Two hundred meetings: killed at each boundary, at random, again and again, and as a server."""

import os
import random
import signal
import time

import pytest

from setup import services

from .trial import PATIENCE

SIZE = 200
DELETED = 10
SEED = 20261123
PORT = 8669
FINISHED = """
    SELECT (SELECT bool_and(lease_until IS NULL AND due > now() AT TIME ZONE 'UTC')
        FROM synced_calendar)
    AND NOT EXISTS (SELECT 1 FROM synced_meeting_link WHERE dirty OR sent IS NOT NULL OR in_doubt)
"""
DUE = """
    UPDATE synced_calendar SET lease_until = NULL, due = now() AT TIME ZONE 'UTC';
    UPDATE synced_meeting_link SET next_try = NULL;
    UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC' WHERE cron_name LIKE 'Synced Meetings:%'
"""


@pytest.fixture(scope="module")
def dice():
    """Return chance that is the same each time."""
    return random.Random(SEED)


def test_undisturbed(trial):
    made = [one for one in trial.expected.events if '"Made' in one and '"confirmed"' in one]
    assert len(made) == SIZE - DELETED
    assert trial.expected.twice == []


@pytest.mark.parametrize("at", ["commit", "request"])
def test_at_each(trial, at):
    """After one is before the next: what lasts changes at commits and requests only."""
    points = [("before", 1), *(("after", number + 1) for number in range(trial.counted[at]))]
    for when, number in points:
        trial.begin_again()
        trial.run({"at": at, "number": number, "when": when})
        trial.check()


@pytest.mark.parametrize("turn", range(6))
def test_at_random(trial, dice, turn):
    trial.begin_again()
    number = dice.randint(1, trial.counted["statement"])
    trial.run({"at": "statement", "number": number, "when": "before"})
    trial.check()


def test_again_and_again(trial, dice):
    trial.begin_again()
    for _ in range(5):
        number = dice.randint(10, trial.counted["statement"] // 3)
        trial.run({"at": "statement", "number": number, "when": "after"})
    trial.check()


def test_a_server(trial, dice):
    trial.begin_again()
    trial.sql(DUE)
    number = dice.randint(1, trial.writes)
    trial.hold(number, "after")
    with _server(trial) as server:
        _wait(trial, lambda: trial.reached(number))
        os.killpg(server.program.pid, signal.SIGKILL)
    trial.idle()
    trial.release(number, cut=True)
    trial.sql(DUE)
    with _server(trial):
        _wait(trial, lambda: trial.sql(FINISHED) == "t")
    trial.idle()
    trial.check()


def _server(trial):
    return services.odoo(trial.workshop, trial.database, PORT)


def _wait(trial, done):
    """Wake the server's jobs until something is done."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < deadline, "the job does not run"
        trial.workshop.cluster.sql("postgres", f"NOTIFY cron_trigger, '{trial.database}'")
        time.sleep(0.2)
