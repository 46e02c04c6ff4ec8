"""One measurement: one side, one calendar, in a fresh process on a fresh database.

As in a server that has been up for a while, the registry is loaded and everything that is imported
or cached on first use is there before the clock starts: a small calendar was synchronised before.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg2

from odoo import SUPERUSER_ID, api, release
from odoo.modules.registry import Registry
from odoo.tools import config

from bench.data import GUESTS
from bench.names import SMALL, owner

TRANSACTION = r"^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|START TRANSACTION)"
COUNTS = """SELECT coalesce(sum(calls), 0)::int,
        coalesce(sum(calls) FILTER (WHERE query ~* %(transaction)s), 0)::int
    FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE datname = %(name)s"""
FORGET = "SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = %(name)s"
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = %(name)s"
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Prepare, warm up, measure the first sync and one without a change; write them as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("side", choices=("ours", "theirs"))
    for name in ("config", "database", "google", "result"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--profile", type=Path)
    options = parser.parse_args()
    config.parse_config(["-c", options.config, "-d", options.database, "--log-level=warn"])
    side = import_module(f"bench.{options.side}")
    registry = Registry(options.database)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        _contacts(env)
        runs = [side.prepare(env, options.google, email) for email in (SMALL, owner(options.size))]
        cr.commit()
        runs[0].ready()
        runs[0].first()
        runs[1].ready()
        measure = Measure(options.database, options.google)
        first = measure.run(runs[1].first, options.profile)
        runs[1].ready()
        again = measure.run(runs[1].again)
    result = {"first": first, "again": again, "odoo": release.version}
    Path(options.result).write_text(json.dumps(result))


def _contacts(env: Any) -> None:
    """Make a contact of each guest, so that neither side has to, as google_calendar would."""
    env["res.partner"].create([{"name": name, "email": email} for email, name in GUESTS])


class Measure:
    """Counts what this process, PostgreSQL and the simulated Google do for one run."""

    def __init__(self, database: str, google: str) -> None:
        self.database, self.google = database, google

    def run(self, synchronise: Callable[[], None], profile: Path | None = None) -> dict[str, Any]:
        """Return what ``synchronise`` costs."""
        with self.counting() as cost:
            _profiled(synchronise, profile)
        return cost

    @contextmanager
    def counting(self) -> Iterator[dict[str, Any]]:
        """Fill a dict with what the block costs, when it has ended."""
        cost: dict[str, Any] = {}
        gc.collect()
        asked = f"{self.google}/_simulator/requests"
        call(asked, "DELETE")
        self._sql(FORGET)
        backends, before = self._backends(), _memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew (man proc)
        processor, clock = time.process_time(), time.perf_counter()
        yield cost
        seconds, processor = time.perf_counter() - clock, time.process_time() - processor
        memory = _memory("VmHWM") - before
        statements, transaction = self._sql(COUNTS)[0]
        cost |= {
            "seconds": seconds,
            "cpu": processor,
            "cpu_postgres": self._since(backends),
            "statements": statements,
            "transaction": transaction,
            "requests": call(f"{asked}?last=1")["count"],
            "memory": memory / 1024,
        }

    def _sql(self, query: str) -> list[tuple]:
        """Ask PostgreSQL from another database, so that the question is not counted."""
        with closing(_connect()) as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute(query, {"name": self.database, "transaction": TRANSACTION})
            return cursor.fetchall()

    def _backends(self) -> dict[int, float]:
        """Return the processor time of each of PostgreSQL's processes for this database."""
        return {pid: spent for (pid,) in self._sql(BACKENDS) if (spent := _spent(pid)) is not None}

    def _since(self, before: dict[int, float]) -> float:
        return sum(spent - before.get(pid, 0) for pid, spent in self._backends().items())


def _connect() -> Any:
    names = ("host", "port", "user", "password")
    given = {name: config[f"db_{name}"] for name in names if config[f"db_{name}"]}
    return psycopg2.connect(**given, dbname="template1")


def _spent(pid: int) -> float | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(name: str) -> int:
    """Return a number of /proc/self/status, in kB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def _profiled(synchronise: Callable[[], None], path: Path | None) -> None:
    if path is None:
        synchronise()
        return
    profile = cProfile.Profile()
    profile.runcall(synchronise)
    profile.dump_stats(path)


def call(url: str, method: str = "GET", body: Any = None) -> Any:
    """Ask the simulated Google something that it does not count."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def user_of(env: Any, email: str) -> Any:
    """Return a new internal user who has this address."""
    values = {"name": email.partition("@")[0], "login": email, "email": email}
    users = env["res.users"].with_context(no_reset_password=True, mail_create_nosubscribe=True)
    return users.create(values | {"tz": "Europe/Berlin"})


if __name__ == "__main__":
    main()
