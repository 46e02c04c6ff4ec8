#!/usr/bin/env python3
"""Play faults on both sides, ours and Odoo's own google_calendar, on one simulated Google.

    python3 tests/bench/faults.py            print the table
    python3 tests/bench/faults.py --write    and keep it in tests/bench/faults.md

faults_cases.py has the faults; each is played the same way by faults_ours.py and faults_theirs.py.
What is missing on this machine is prepared as setup/test does.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

# Python puts this folder first on the path; these have to be there instead.
sys.path[:1] = [str(Path(__file__).resolve().parents[up]) for up in (2, 1)]

from bench.ground import HOME, SIDES, Ground, ground  # noqa: E402
from setup import console, paths, process  # noqa: E402

WRITTEN = Path(__file__).with_suffix(".md")
NAMES = {"ours": "Synced Meetings", "theirs": "google_calendar"}
SMALL = 20
LOST, WELL = 1, 0
HEAD = """# Faults, beside google_calendar

Each fault is played the same way on both sides, on the same simulated Google, by `faults.py`; what
is done is in `faults_cases.py`. Lost: changes, meetings or rows that are gone in the end. Doubled:
what is there twice. Mails: what Google would send. Requests and SQL statements are those of the
fault and of the runs after it, until nothing changes any more.

Measured on {machine}.

| fault | side | lost | doubled | mails | requests | statements | in the end |
| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
"""


def main(words: list[str]) -> int:
    """Play, print the table, and answer 1 where we lost or doubled anything."""
    parser = argparse.ArgumentParser(
        prog="tests/bench/faults.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--write", action="store_true", help=f"write {WRITTEN.name}")
    options = parser.parse_args(words)
    with ground([SMALL]) as prepared:
        results = {}
        for side in SIDES:
            with console.step(f"Faults, {NAMES[side]}"):
                results[side] = _play(prepared, side)
        text = HEAD.format(machine=prepared.machine(results["ours"]["odoo"])) + _table(results)
    print(f"\n{text}")
    if options.write:
        WRITTEN.write_text(text)
    ours = results["ours"]["found"].values()
    return LOST if any(row["lost"] or row["doubled"] for row in ours) else WELL


def _play(prepared: Ground, side: str) -> dict[str, Any]:
    database, result = f"faults_{side}", HOME / "faults.json"
    prepared.workshop.copy(prepared.templates[side], database)
    arguments = {
        "config": prepared.workshop.configuration,
        "database": database,
        "google": prepared.google,
        "result": result,
    }
    words = [word for name, value in arguments.items() for word in (f"--{name}", value)]
    command = [prepared.workshop.python, "-m", "bench.faults_side", side, *words]
    log = paths.log(f"faults-{side}")
    what = f"The faults could not be played on {side}."
    try:
        process.run(command, log, what, "read the log", env=prepared.variables(), cwd=paths.ROOT)
    finally:
        prepared.workshop.drop(database)
    return json.loads(result.read_text())


def _table(results: dict[str, Any]) -> str:
    lines = []
    for title in results["ours"]["found"]:
        for side in SIDES:
            row = results[side]["found"][title]
            names = ("lost", "doubled", "mails", "requests", "statements")
            numbers = " | ".join(f"{row[name]:,}" for name in names)
            lines.append(f"| {title} | {NAMES[side]} | {numbers} | {row['said']} |\n")
    return "".join(lines)


if __name__ == "__main__":
    process.adopt_orphans()
    try:
        sys.exit(main(sys.argv[1:]))
    except console.Failure as failure:
        console.explain("tests/bench/faults.py", failure)
        sys.exit(3)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        process.end_all()
