"""A person's own calendar file, in the simulated Google account."""

import json
import subprocess
import sys
from pathlib import Path

from setup import environment, paths, simulated
from setup.console import Failure, step
from setup.database import Workshop
from setup.meetings import ANN
from setup.services import Service

SHOWN = 20


def load(google: Service, workshop: Workshop, name: str, file: Path, widen: bool) -> None:
    """Put the meetings of a file into the account, and widen the window where that is wanted."""
    with step("Calendar file") as line:
        found = _read(workshop, name, file)
        simulated.seed(google, ANN, found["events"])
        line.result = f"{found['meetings']} meetings of {file.name}"
    _tell(found["notes"])
    if found["outside"]:
        _offer(workshop, name, found, widen)


def _read(workshop: Workshop, name: str, file: Path) -> dict:
    log = paths.log("calendar")
    with log.open("w") as errors:
        done = subprocess.run(
            [
                workshop.python,
                "-m",
                "setup.calendar_file",
                file,
                *map(str, _window(workshop, name)),
            ],
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=paths.ROOT,
            env=environment.variables(),
            check=False,
        )
    if done.returncode:
        raise Failure(f"{file} could not be read as a calendar.", "export it again as .ics", log)
    return json.loads(done.stdout)


def _window(workshop: Workshop, name: str) -> list[int]:
    """Return how many days back and ahead Odoo keeps meetings."""
    columns = "synced_window_past_days, synced_window_future_days"
    row = workshop.cluster.sql(name, f"SELECT {columns} FROM res_company ORDER BY id LIMIT 1")
    return [int(days) for days in row.split("|")]


def _tell(notes: list[str]) -> None:
    """Say what was repaired or left out; the rest of a long list is in the log."""
    for note in notes[:SHOWN]:
        print(f"    {note}")
    if len(notes) > SHOWN:
        log = paths.log("calendar")
        log.write_text("\n".join(notes))
        print(f"    … and {len(notes) - SHOWN} more, see {paths.shown(log)}")


def _offer(workshop: Workshop, name: str, found: dict, widen: bool) -> None:
    past, future = _window(workshop, name)
    outside, all_ = found["outside"], found["meetings"]
    print(f"    {outside} of {all_} meetings lie outside the window of {past} days back and")
    print(f"    {future} days ahead, and would not come to Odoo.")
    wider = f"{found['past']} days back and {found['future']} days ahead"
    if not widen and sys.stdin.isatty():
        widen = input(f"    Widen it to {wider}? [Y/n] ").strip().lower() in ("", "y", "yes")
    elif not widen:
        print(f"    The flag --widen makes it {wider}.")
    if widen:
        with step("Window") as line:
            days = {"PAST": found["past"], "FUTURE": found["future"]}
            values = {f"WINDOW_{key}_DAYS": str(value) for key, value in days.items()}
            workshop.shell(name, Path(__file__).with_name("window.py"), **values)
            line.result = wider
