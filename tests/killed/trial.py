"""A person's work in Odoo, a process that is killed while it brings it to Google, and the result.

Each trial begins with the same database and the same Google, so that what is in both of them in
the end can be compared with a run that nobody disturbed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from e2e.product import Google
from setup import paths, process
from setup.database import Workshop

PATIENCE = 60

FACTS = """
SELECT json_build_object(
    'meetings', (SELECT json_agg(row ORDER BY row::text) FROM (
        SELECT m.name, m.start, m.active, m.state, m.location,
            (SELECT json_agg(json_build_array(a.email, a.response, a.asked_version,
                a.told_version) ORDER BY a.email)
            FROM synced_meeting_attendee a WHERE a.meeting_id = m.id) AS people
        FROM synced_meeting m) row),
    'open', (SELECT count(*) FROM synced_meeting_link
        WHERE dirty OR sent IS NOT NULL OR in_doubt OR refused OR state IN ('leaving','deleting')),
    'conflicts', (SELECT count(*) FROM synced_meeting_conflict),
    'quarantine', (SELECT count(*) FROM synced_sync_quarantine),
    'error', (SELECT string_agg(coalesce(c.last_error, '') || coalesce(l.last_error, ''), '')
        FROM synced_calendar c JOIN synced_meeting_link l ON l.calendar_id = c.id),
    'waiting', (SELECT count(*) FROM synced_meeting_attendee
        WHERE asked_version IS DISTINCT FROM told_version))"""
BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
# All tables are kept; those that a run writes are restored, which takes less than a new database.
KEEP = """
DO $$ DECLARE name text; BEGIN
    CREATE SCHEMA kept;
    FOR name IN SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name);
    END LOOP;
END $$;
SELECT pg_stat_reset()"""
WRITTEN = """
SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'
    AND (n_tup_ins + n_tup_upd + n_tup_del > 0 OR relname LIKE 'synced%')"""
EVENT = ("id", "summary", "status", "start", "location", "attendees", "recurringEventId")


@dataclass(frozen=True)
class Facts:
    """What both sides hold, and what the guests were told."""

    odoo: dict[str, Any]
    events: list[str]
    mails: list[str]
    twice: list[dict]


class Worker:
    """The process whose copies do the work."""

    def __init__(self, workshop: Workshop, database: str) -> None:
        path = [workshop.variables()["PYTHONPATH"], str(paths.ROOT / "tests"), str(paths.ROOT)]
        variables = {**workshop.variables(), "PYTHONPATH": os.pathsep.join(path)}
        options = ["--config", workshop.configuration, "--database", database]
        self.log = paths.log(f"{database}-odoo").open("wb")
        self.program = subprocess.Popen(
            process.bound([workshop.python, "-m", "killed.worker", *options]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            env=variables,
            cwd=paths.ROOT,
        )
        self._answer()

    def begin(self, task: str, **words: Any) -> int:
        """Let a copy begin a task; return its process."""
        return self._order(task=task, **words)["pid"]

    def end(self, pid: int) -> dict[str, Any]:
        """Return how it ended."""
        answer = self._order(wait=pid)
        assert not answer["failed"], f"see {paths.shown(paths.LOGS)}"
        return answer

    def do(self, task: str, **words: Any) -> dict[str, Any]:
        """Do a task to its end."""
        return self.end(self.begin(task, **words))

    def _order(self, **order: Any) -> dict[str, Any]:
        self.program.stdin.write(json.dumps(order) + "\n")
        self.program.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        line = self.program.stdout.readline()
        assert line, f"the worker ended, see {self.log.name}"
        return json.loads(line)

    def close(self) -> None:
        """End it."""
        self.program.stdin.close()
        self.program.wait(PATIENCE)
        self.log.close()


class Trial:
    """One size of work, to be begun again and again."""

    def __init__(self, workshop: Workshop, google: Google, size: int) -> None:
        self.database, self.google, self.tried = f"killed_{size}", google, 0
        self.workshop = workshop
        self.sql = partial(workshop.cluster.sql, self.database)
        workshop.copy(workshop.prepared(demo=True), self.database)
        self.worker = Worker(workshop, self.database)
        self.worker.do("furnish", google=google.url, size=size)
        self.idle()
        self.sql(KEEP)
        google.ask("DELETE", "/_simulator/writes")
        self.state = google.ask("GET", "/_simulator/state")
        self.counted = self.worker.do("run")["counted"]
        self.writes = google.ask("GET", "/_simulator/writes")["count"]
        self.go_on()
        self.expected = self.facts()
        self.written = self.sql(WRITTEN).split()

    def begin_again(self) -> None:
        """Have both sides as they were before the run."""
        self.sql("SET session_replication_role = replica;" + "".join(map(_restored, self.written)))
        self.google.ask("DELETE", "/_simulator/writes")
        self.google.ask("POST", "/_simulator/state", self.state)

    def run(self, kill: dict[str, Any]) -> None:
        """Run until the process ends itself."""
        assert self.worker.do("run", kill=kill)["killed"], kill
        self.tried += 1
        self.idle()

    def run_until_held(self, number: int, when: str) -> None:
        """Run until Google got a write, and kill the process; Google waits for `release`."""
        self.hold(number, when)
        pid = self.worker.begin("run")
        assert self.reached(number, PATIENCE), number
        os.kill(pid, signal.SIGKILL)
        assert self.worker.end(pid)["killed"]
        self.tried += 1
        self.idle()

    def hold(self, number: int, when: str) -> None:
        """Let Google stop at a write."""
        self.google.ask("POST", "/_simulator/steps", {"do": "hold", "write": number, "when": when})

    def reached(self, number: int, seconds: float = 0) -> bool:
        """Say whether Google got there."""
        return self.google.ask("GET", f"/_simulator/steps/{number}?wait={seconds}")["reached"]

    def release(self, number: int, cut: bool) -> None:
        """Let Google do what it was asked for, or lose the rest of it with the connection."""
        ending = "?cut=true" if cut else ""
        self.google.ask("DELETE", f"/_simulator/steps/{number}{ending}")
        deadline = time.monotonic() + PATIENCE
        while self.google.ask("GET", "/_simulator/writes")["held"]:
            assert time.monotonic() < deadline, "Google does not go on"
            time.sleep(0.01)

    def check(self) -> None:
        """Go on in a fresh process, and have what an undisturbed run has."""
        self.go_on()
        found = self.facts()
        assert found.odoo == self.expected.odoo
        assert found.events == self.expected.events
        assert found.mails == self.expected.mails
        assert found.twice == []

    def go_on(self) -> None:
        """Run in a fresh process until nothing is left to do, which takes two runs at most."""
        found = self.worker.do("go_on")["found"]
        assert found["rounds"] <= 2
        assert found["asked"] == 1, "a run after the last did more than to ask"
        self.idle()

    def close(self) -> None:
        """End the process."""
        self.worker.close()

    def facts(self) -> Facts:
        """Return what is in Odoo and in Google."""
        odoo = json.loads(self.sql(FACTS))
        events = self.google.ask("GET", "/_simulator/events/ann@corp.example")
        mails = self.google.ask("GET", "/_simulator/mails")
        return Facts(
            odoo,
            sorted(json.dumps([event.get(name) for name in EVENT]) for event in events),
            sorted(f"{mail['to']} {mail['reason']} {mail['summary']}" for mail in mails),
            self.google.ask("GET", "/_simulator/mails/twice"),
        )

    def idle(self) -> None:
        """Wait until PostgreSQL knows that the process is gone."""
        deadline = time.monotonic() + PATIENCE
        while self.sql(BACKENDS) != "1":
            assert time.monotonic() < deadline, "a connection stays open"
            time.sleep(0.01)


def _restored(table: str) -> str:
    return f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept.{table};"
