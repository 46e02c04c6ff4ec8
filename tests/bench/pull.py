#!/usr/bin/env python3
"""Time the first sync beside Odoo's own google_calendar: same data, same simulated Google, one run.

    python3 tests/bench/pull.py                      500, 1,000, 2,500, 5,000 for both sides, then
                                                     10,000 and 20,000 for ours alone
    python3 tests/bench/pull.py --write              the same, kept in tests/bench/pull.md
    python3 tests/bench/pull.py --sizes 500,1000     a quick look
    python3 tests/bench/pull.py --sizes 2500 --sides ours --profile    where the time goes

What is missing on this machine is prepared as setup/test does. Each measurement has a fresh process
and a fresh database; data.py tells what is synchronised, side.py what is measured, and compare.py
how the results of both sides are compared. If they are not the same, the run is void: it says so
and ends with 2. Where a bound is not kept it ends with 1.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pstats
import sys
import time
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

# Python puts this folder first on the path; these have to be there instead.
sys.path[:1] = [str(Path(__file__).resolve().parents[up]) for up in (2, 1)]

from bench import compare, report  # noqa: E402
from bench.report import Row  # noqa: E402
from setup import console, environment, machine, odoo_source, paths, process, services  # noqa: E402
from setup.database import Workshop  # noqa: E402
from setup.postgres import Cluster  # noqa: E402

HOME = paths.LOCAL / "bench"
WRITTEN = Path(__file__).with_suffix(".md")
SIDES = ("ours", "theirs")
PATIENCE = 300
NOT_KEPT, VOID = 1, 2


def main(words: list[str]) -> int:
    """Measure, print the table and the verdicts, and say by the exit code whether all is well."""
    options = _options(words)
    with contextlib.ExitStack() as stack:
        bench = _prepare(stack, options)
        rows, differences = bench.measure()
        text = report.report(rows, differences, _machine(bench))
    print(f"\n{text}")
    if options.write:
        WRITTEN.write_text(f"{text}\n")
    if differences:
        return VOID
    return NOT_KEPT if "**no**" in text else 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests/bench/pull.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    numbers = partial(_numbers)
    sizes = [500, 1000, 2500, 5000, 10000, 20000]
    parser.add_argument("--sizes", type=numbers, default=sizes, help="how many events, by commas")
    parser.add_argument("--sides", choices=(*SIDES, "both"), default="both")
    parser.add_argument("--theirs-up-to", type=int, default=5000, metavar="N")
    parser.add_argument("--write", action="store_true", help=f"write {WRITTEN.name}")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    parser.add_argument("--keep", action="store_true", help="keep the databases")
    return parser.parse_args(words)


def _numbers(text: str) -> list[int]:
    return sorted(int(word) for word in text.split(","))


def _prepare(stack: contextlib.ExitStack, options: argparse.Namespace) -> Bench:
    """Make what all measurements stand on."""
    machine.require()
    python, source = environment.python(), odoo_source.find()
    HOME.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(HOME, "bench")
    with console.step(f"PostgreSQL {cluster.version}") as line:
        stack.enter_context(cluster.running())
        line.result = "started"
    workshop = Workshop(cluster, source, python, HOME)
    with console.step("Databases"):
        templates = {"ours": workshop.prepared(demo=False), "theirs": _theirs(workshop)}
    with console.step("Simulated Google"):
        url = stack.enter_context(_google(workshop, options.sizes))
    return Bench(workshop, templates, url, options)


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


class Bench:
    """All measurements of one run."""

    def __init__(self, workshop: Workshop, templates: dict[str, str], google: str, options: Any):
        self.workshop, self.templates, self.google = workshop, templates, google
        self.options, self.odoo = options, ""

    def measure(self) -> tuple[list[Row], list[str]]:
        """Return what each side cost at each size, and how their results differ."""
        rows, differences = [], []
        for size in self.options.sizes:
            found = {}
            for side in self._sides(size):
                with console.step(f"{size:,} events, {side}") as line:
                    row, found[side] = self._one(side, size)
                    line.result = f"{row.first['seconds']:.1f} s"
                rows.append(row)
            if len(found) == len(SIDES):
                differences += compare.differences(size, found["ours"], found["theirs"])
        return rows, differences

    def _sides(self, size: int) -> list[str]:
        wanted = SIDES if self.options.sides == "both" else (self.options.sides,)
        return [side for side in wanted if side == "ours" or size <= self.options.theirs_up_to]

    def _one(self, side: str, size: int) -> tuple[Row, compare.Content]:
        database = f"bench_{side}_{size}"
        self.workshop.copy(self.templates[side], database)
        try:
            result = self._run(side, size, database)
            content = compare.content(self.workshop.cluster, database, side, size)
        finally:
            if not self.options.keep:
                self.workshop.drop(database)
        self.odoo = result["odoo"]
        return Row(size, side, result["first"], result["again"], content.counts()), content

    def _run(self, side: str, size: int, database: str) -> dict[str, Any]:
        result, log = HOME / "result.json", paths.log(f"bench-{side}")
        arguments = {
            "config": self.workshop.configuration,
            "database": database,
            "google": self.google,
            "size": size,
            "result": result,
        }
        if self.options.profile:
            arguments["profile"] = HOME / f"{side}-{size}.prof"
        words = [word for name, value in arguments.items() for word in (f"--{name}", value)]
        command = [self.workshop.python, "-m", "bench.side", side, *words]
        what = f"{side} failed at {size:,} events."
        process.run(command, log, what, "read the log", env=self._variables(), cwd=paths.ROOT)
        if self.options.profile:
            pstats.Stats(str(arguments["profile"])).sort_stats("tottime").print_stats(40)
        return json.loads(result.read_text())

    def _variables(self) -> dict[str, str]:
        variables = self.workshop.variables()
        path = [variables["PYTHONPATH"], str(paths.ROOT / "tests"), str(paths.ROOT)]
        return {**variables, "PYTHONPATH": os.pathsep.join(path)}


def _machine(bench: Bench) -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((x.partition(":")[2].strip() for x in lines if x.startswith("model name")), "CPU")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = ".".join(map(str, sys.version_info[:2]))
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GB; Odoo {bench.odoo}, "
        f"PostgreSQL {bench.workshop.cluster.version}, Python {version}"
    )


if __name__ == "__main__":
    process.adopt_orphans()
    try:
        sys.exit(main(sys.argv[1:]))
    except console.Failure as failure:
        console.explain("tests/bench/pull.py", failure)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        process.end_all()
