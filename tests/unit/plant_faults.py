"""Plant faults one by one in a copy of the engine and its memory store: is each one noticed?

    python3 tests/unit/plant_faults.py [--machines] [part of a fault's name …]

With --machines only the machines search, without it the cases do before them.

Prints which test notices which fault, and by what. Ends with 1 if one is not noticed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faults import FAULTS, Fault

ROOT = Path(__file__).parents[2]
MACHINES = ["test_push_machine.py", "test_engine_machine.py"]
TESTS = ["test_push.py", "test_push_answers.py", *MACHINES]
LIMIT = 170  # seconds


@dataclass(frozen=True)
class Finding:
    """What noticed a fault: a test, and what it said; both "" where nothing did."""

    test: str = ""
    what: str = ""


def copied(to: Path) -> None:
    """Lay out what the tests need, and nothing else."""
    shutil.copytree(ROOT / "synced_meetings/sync", to / "synced_meetings/sync")
    shutil.copytree(ROOT / "tests/unit", to / "tests/unit")
    shutil.copy(ROOT / "tests/namespaces.py", to / "tests")
    shutil.copy(ROOT / "pytest.ini", to)


def plant(fault: Fault, root: Path) -> None:
    """Write the fault into the copy."""
    path = root / fault.path
    text = path.read_text()
    if text.count(fault.before) != 1:
        raise SystemExit(f"{fault.name}: {fault.path} does not hold once: {fault.before}")
    path.write_text(text.replace(fault.before, fault.after))


def search(fault: Fault, tests: Sequence[str] = TESTS) -> Finding:
    """Run tests against a copy with the fault until one of them notices it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        copied(root)
        plant(fault, root)
        for test in tests:
            if what := _run(root, test):
                return Finding(test.removesuffix(".py"), what)
    return Finding()


def _run(root: Path, test: str) -> str:
    """Return what a test said where it failed, "" where it passed."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=short", f"tests/unit/{test}"]
    run = subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"HYPOTHESIS_PROFILE": "faults", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if run.returncode == 0:
        return ""
    said = [line for line in run.stdout.splitlines() if line.startswith("E  ")]
    lines = [line.lstrip("E |+-").strip() for line in said]
    errors = [line for line in lines if "Error" in line or "Warning" in line or line == "Crash"]
    return (errors or lines or ["it did not run"])[-1 if not errors else 0]


def main(parts: list[str]) -> int:
    """Print the table."""
    options = {part for part in parts if part.startswith("--")}
    parts = [part for part in parts if part not in options]
    chosen = [f for f in FAULTS if not parts or any(part in f.name for part in parts)]
    tests, missed = (MACHINES if "--machines" in options else TESTS), 0
    for fault in chosen:
        found = search(fault, tests)
        missed += not found.test
        noticed = f"{found.test}: {found.what[:90]}" if found.test else "NOT NOTICED"
        print(f"{fault.name:45} {noticed}", flush=True)  # noqa: T201
    print(f"{len(chosen) - missed} of {len(chosen)} noticed")  # noqa: T201
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
