"""What every bench stands on: Odoo with our add-ons, Odoo with google_calendar, one Google."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from setup import console, environment, machine, odoo_source, paths, process, services
from setup.database import Workshop
from setup.postgres import Cluster

HOME = paths.LOCAL / "bench"
SIDES = ("ours", "theirs")
PATIENCE = 300


class Ground:
    """Where both sides are measured."""

    def __init__(self, workshop: Workshop, templates: dict[str, str], google: str) -> None:
        self.workshop, self.templates, self.google = workshop, templates, google

    def variables(self) -> dict[str, str]:
        """Return the variables for a process of one side."""
        variables = self.workshop.variables()
        path = [variables["PYTHONPATH"], str(paths.ROOT / "tests"), str(paths.ROOT)]
        return {**variables, "PYTHONPATH": os.pathsep.join(path)}

    def play(self, module: str, side: str, database: str, what: str, **words: Any) -> Any:
        """Run one side's part in a process of its own, and return what it found."""
        result = HOME / f"{module}.json"
        arguments = {
            "config": self.workshop.configuration,
            "database": database,
            "google": self.google,
            "result": result,
        } | words
        options = [word for name, value in arguments.items() for word in (f"--{name}", value)]
        command = [self.workshop.python, "-m", f"bench.{module}", side, *options]
        log = paths.log(f"{module}-{side}")
        process.run(command, log, what, "read the log", env=self.variables(), cwd=paths.ROOT)
        return json.loads(result.read_text())

    def machine(self, odoo: str) -> str:
        """Return what was measured on."""
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        version = ".".join(map(str, sys.version_info[:2]))
        return (
            f"{os.cpu_count()} cores ({next(models, 'CPU')}), {memory:.0f} GB; Odoo {odoo}, "
            f"PostgreSQL {self.workshop.cluster.version}, Python {version}"
        )


@contextlib.contextmanager
def ground(sizes: list[int]) -> Iterator[Ground]:
    """Prepare what is missing on this machine; Google has a calendar of each size."""
    machine.require()
    python, source = environment.python(), odoo_source.find()
    HOME.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(HOME, "bench")
    with contextlib.ExitStack() as stack:
        with console.step(f"PostgreSQL {cluster.version}") as line:
            stack.enter_context(cluster.running())
            line.result = "started"
        workshop = Workshop(cluster, source, python, HOME)
        with console.step("Databases"):
            templates = {"ours": workshop.prepared(demo=False), "theirs": _theirs(workshop)}
        with console.step("Simulated Google"):
            url = stack.enter_context(_google(workshop, sizes))
        yield Ground(workshop, templates, url)


def script(name: str, main: Callable[[list[str]], int]) -> None:
    """Run a bench as a program that leaves nothing behind, and end with its code."""
    process.adopt_orphans()
    try:
        sys.exit(main(sys.argv[1:]))
    except console.Failure as failure:
        console.explain(name, failure)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        process.end_all()


def _theirs(workshop: Workshop) -> str:
    """Return the name of a database with google_calendar instead of our add-ons."""
    base = workshop.template(demo=False)

    def fill(unfinished: str) -> None:
        workshop.copy(base, unfinished)
        workshop.install(unfinished, ["google_calendar"], demo=False)

    return workshop.made(base.replace("base_", "google_calendar_"), fill)


@contextlib.contextmanager
def _google(workshop: Workshop, sizes: list[int]) -> Iterator[str]:
    port, log = services.free_port(8390), paths.log("bench-google")
    command = [workshop.python, "-m", "bench.google", "--port", port, *sizes]
    program = process.start(command, log, env=environment.variables())
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    try:
        while not _answers(f"{url}/_simulator/users"):
            if program.poll() is not None or time.monotonic() > deadline:
                raise console.Failure("The simulated Google did not start.", "read the log", log)
            time.sleep(0.2)
        yield url
    finally:
        process.stop(program)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=60):
            return True
    except OSError:
        return False
