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
import pstats
import sys
from functools import partial
from pathlib import Path
from typing import Any

# Python puts this folder first on the path; these have to be there instead.
sys.path[:1] = [str(Path(__file__).resolve().parents[up]) for up in (2, 1)]

from bench import compare, report  # noqa: E402
from bench.ground import HOME, SIDES, Ground, ground, script  # noqa: E402
from bench.report import Row  # noqa: E402
from setup import console  # noqa: E402

WRITTEN = Path(__file__).with_suffix(".md")
NOT_KEPT, VOID = 1, 2


def main(words: list[str]) -> int:
    """Measure, print the table and the verdicts, and say by the exit code whether all is well."""
    options = _options(words)
    with ground(options.sizes) as prepared:
        bench = Bench(prepared, options)
        rows, differences = bench.measure()
        text = report.report(rows, differences, prepared.machine(bench.odoo))
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


class Bench:
    """All measurements of one run."""

    def __init__(self, prepared: Ground, options: argparse.Namespace) -> None:
        self.ground, self.workshop = prepared, prepared.workshop
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
        self.workshop.copy(self.ground.templates[side], database)
        try:
            result = self._run(side, size, database)
            content = compare.content(self.workshop.cluster, database, side, size)
        finally:
            if not self.options.keep:
                self.workshop.drop(database)
        self.odoo = result["odoo"]
        return Row(size, side, result["first"], result["again"], content.counts()), content

    def _run(self, side: str, size: int, database: str) -> dict[str, Any]:
        profile, words = HOME / f"{side}-{size}.prof", {}
        if self.options.profile:
            words["profile"] = profile
        what = f"{side} failed at {size:,} events."
        result = self.ground.play("side", side, database, what, size=size, **words)
        if self.options.profile:
            pstats.Stats(str(profile)).sort_stats("tottime").print_stats(40)
        return result


if __name__ == "__main__":
    script("tests/bench/pull.py", main)
