#!/usr/bin/env python3
"""Play faults on both sides, ours and Odoo's own google_calendar, on one simulated Google.

    python3 tests/bench/faults.py            print the table
    python3 tests/bench/faults.py --write    and keep it in tests/bench/faults.md

faults_cases.py has the faults; each is played the same way by faults_ours.py and faults_theirs.py.
What is missing on this machine is prepared as setup/test does.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

# Python puts this folder first on the path; these have to be there instead.
sys.path[:1] = [str(Path(__file__).resolve().parents[up]) for up in (2, 1)]

from bench.ground import SIDES, Ground, ground, script  # noqa: E402
from setup import console  # noqa: E402

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
    database = f"faults_{side}"
    prepared.workshop.copy(prepared.templates[side], database)
    try:
        what = f"The faults could not be played on {side}."
        return prepared.play("faults_side", side, database, what)
    finally:
        prepared.workshop.drop(database)


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
    script("tests/bench/faults.py", main)
