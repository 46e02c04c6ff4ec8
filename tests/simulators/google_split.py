"""This and the following instances: one series becomes two.

https://developers.google.com/workspace/calendar/api/guides/recurringevents#modifying_all_following_instances
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from . import google_editing as editing
from .google_edit import Edit, find
from .google_errors import invalid
from .google_events import completed, patched, writable
from .google_guests import spread, store
from .google_instances import applied, instance, moment_of, save_exception
from .google_mails import tell
from .google_recurrence import Series, base_id, local, parse_line
from .google_world import Copy, Event


def split(edit: Edit, instance_id: str, body: Event) -> Copy:
    """End the series before an instance and begin a new one there, as Google's own page does."""
    found = find(edit.calendar, instance_id)
    if not found.master_id:
        raise invalid("Not an instance of a recurring event.")
    master = edit.calendar.copies[found.master_id]
    series, moment = master.series(edit.calendar), moment_of(edit.calendar, found)
    later = [
        copy
        for copy in edit.calendar.exceptions(master.id)
        if moment_of(edit.calendar, copy) >= moment
    ]
    head, tail = _halves(master, series, moment)
    new = _second(edit, master, series, moment, tail)
    editing.patch(edit, master.id, {"recurrence": head})
    saved = store(edit.world, edit.calendar, completed(patched(new, writable(body)), edit.calendar))
    spread(edit, saved, None)
    _carry(edit, saved, later)
    tell(edit, master.data, saved.data)
    return saved


def _second(edit: Edit, master: Copy, series: Series, moment: datetime, tail: list[str]) -> Event:
    first = instance(edit.calendar, master, moment)
    stamp = series.stamp(moment).rstrip("Z")
    identity = f"{base_id(master.id)}_R{stamp}"
    kept = {k: v for k, v in first.items() if k not in ("recurringEventId", "originalStartTime")}
    return {
        **kept,
        "id": identity,
        "iCalUID": f"{identity}@google.com",
        "recurrence": tail,
        "sequence": 0,
    }


def _halves(master: Copy, series: Series, moment: datetime) -> tuple[list[str], list[str]]:
    """Return the recurrence lines of both halves."""
    last = series.instant(moment) - timedelta(seconds=1)
    until = f"{last:%Y%m%dT%H%M%SZ}" if series.zone else f"{moment - timedelta(days=1):%Y%m%d}"
    head, tail = [], []
    for line in master.data["recurrence"]:
        name, parameters, value = parse_line(line)
        if name.endswith("RULE"):
            head.append(f"{name}:{_ended(value, until)}")
            tail.append(f"{name}:{_counted(value, series, moment)}")
            continue
        for text in value.split(","):
            half = head if local(text, series.zone, parameters) < moment else tail
            half.append(f"{line[: line.index(':')]}:{text}")
    return head, tail


def _ended(rule: str, until: str) -> str:
    return ";".join(
        [part for part in rule.split(";") if not re.match("COUNT=|UNTIL=", part)]
        + [f"UNTIL={until}"]
    )


def _counted(rule: str, series: Series, moment: datetime) -> str:
    """Return a rule that counts only what is left of it; excluded occurrences count, too."""
    if "COUNT=" not in rule:
        return rule
    plain = replace(series, rules=(rule,), exrules=(), rdates=(), exdates=frozenset())
    before = sum(1 for original in plain.originals() if original < moment)
    return re.sub(r"COUNT=(\d+)", lambda found: f"COUNT={int(found[1]) - before}", rule)


def _carry(edit: Edit, saved: Copy, exceptions: list[Copy]) -> None:
    """Hand the later exceptions over to the new series."""
    series = saved.series(edit.calendar)
    for copy in exceptions:
        moment = series.from_stamp(copy.id.rsplit("_", 1)[1])
        if moment and series.has(moment) and copy.overrides is not None:
            data = applied(instance(edit.calendar, saved, moment), copy.overrides)
            spread(edit, save_exception(edit.world, edit.calendar, data), None)
