"""Read a calendar file for the simulated Google, and say what lies outside the window.

Run with the environment's Python: ``python -m setup.calendar_file FILE PAST_DAYS FUTURE_DAYS``.
"""

import json
import sys
from datetime import datetime, timedelta, timezone

from simulators import ics


def read(path: str, past: int, future: int) -> dict:
    """Return the events, notes, how many meetings lie outside, and the days that would hold all."""
    report = ics.load(path)
    today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = today - timedelta(days=past), today + timedelta(days=future + 1)
    outside = [one for one in _meetings(report) if ics.Report(one).outside(start, end)]
    begins = [_start(one[0]) for one in outside]
    return {
        "events": report.events,
        "notes": report.notes,
        "meetings": report.meetings,
        "outside": len(outside),
        "past": max([past, *((today - begin).days + 1 for begin in begins)]),
        "future": max([future, *((begin - today).days + 1 for begin in begins)]),
    }


def _meetings(report: ics.Report) -> list[list[dict]]:
    """Return each meeting, a series with its exceptions."""
    found: dict[str, list[dict]] = {}
    for event in sorted(report.events, key=lambda one: "recurringEventId" in one):
        found.setdefault(event.get("recurringEventId", event.get("id")), []).append(event)
    return list(found.values())


def _start(event: dict) -> datetime:
    value = event["start"]
    begin = datetime.fromisoformat(value.get("dateTime") or value["date"])
    return begin if begin.tzinfo else begin.replace(tzinfo=timezone.utc)


if __name__ == "__main__":
    json.dump(read(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
