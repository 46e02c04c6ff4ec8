"""The table, and whether the bounds are kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

HEAD = (
    "events", "side", "seconds", "ms per event", "CPU Odoo", "CPU PostgreSQL", "SQL statements",
    "per event", "of them BEGIN, COMMIT, SAVEPOINT…", "HTTP requests", "memory +MB", "meetings",
    "series", "occurrences", "attendees",
)  # fmt: skip
NAMES = {"ours": "Synced Meetings", "theirs": "google_calendar"}
FASTER, AT = 8, 5000
LINEAR = 1.15  # how much longer an event may take at the largest size than at 5,000
MEMORY, STATEMENTS, PAGE, IDLE_STATEMENTS = 60, 0.3, 2500, 10


@dataclass(frozen=True)
class Row:
    """What one side cost at one size: the first sync, one without a change, and what it holds."""

    size: int
    side: str
    first: dict[str, Any]
    again: dict[str, Any]
    counts: dict[str, int]

    def per_event(self, name: str) -> float:
        """Return a cost of the first sync for each event."""
        return self.first[name] / self.size

    @property
    def cpu(self) -> float:
        """Return the processor time of Odoo and PostgreSQL."""
        return self.first["cpu"] + self.first["cpu_postgres"]


def report(rows: list[Row], differences: list[str], machine: str) -> str:
    """Return all of it as Markdown."""
    parts = ["# The first sync, beside google_calendar", f"Measured on {machine}.", _table(rows)]
    parts += ["## Without a change", _idle(rows), "## Bounds"]
    if differences:
        parts.append("**VOID**: both sides do not hold the same.")
        parts.append("\n".join(f"- {one}" for one in differences))
    parts.append("\n".join(f"- {verdict}" for verdict in _verdicts(rows)))
    return "\n\n".join(parts)


def _markdown(head: tuple[str, ...], lines: list[list[str]]) -> str:
    rule = ["---:" if index != 1 else "---" for index in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *lines))


def _table(rows: list[Row]) -> str:
    return _markdown(HEAD, [_cells(row) for row in rows])


def _cells(row: Row) -> list[str]:
    first, counts = row.first, row.counts
    return [
        f"{row.size:,}",
        NAMES[row.side],
        f"{first['seconds']:.2f}",
        f"{1000 * row.per_event('seconds'):.2f}",
        f"{first['cpu']:.2f}",
        f"{first['cpu_postgres']:.2f}",
        f"{first['statements']:,}",
        f"{row.per_event('statements'):.2f}",
        f"{first['transaction']:,}",
        f"{first['requests']:,}",
        f"{first['memory']:.0f}",
        *(f"{counts[name]:,}" for name in ("meetings", "series", "occurrences", "attendees")),
    ]


def _idle(rows: list[Row]) -> str:
    head = ("events", "side", "ms", "SQL statements", "of them BEGIN, COMMIT…", "HTTP requests")
    lines = [
        [
            f"{row.size:,}",
            NAMES[row.side],
            f"{1000 * row.again['seconds']:.0f}",
            *(f"{row.again[name]:,}" for name in ("statements", "transaction", "requests")),
        ]
        for row in rows
    ]
    return _markdown(head, lines)


def _verdicts(rows: list[Row]) -> list[str]:
    sides = {side: {row.size: row for row in rows if row.side == side} for side in NAMES}
    ours, theirs = sides["ours"], sides["theirs"]
    found = [_faster(ours[size], theirs[size]) for size in sorted(ours.keys() & theirs.keys())]
    if not ours:
        return found
    found += [_linear(some, side) for side, some in sides.items() if len(some) > 1]
    memory = max(row.first["memory"] for row in ours.values())
    text = f"memory grows by at most {memory:.0f} MB"
    found.append(_verdict(text, memory <= MEMORY, f"{MEMORY} MB"))
    most = max(row.per_event("statements") for row in ours.values())
    text = f"at most {most:.2f} statements per event"
    found.append(_verdict(text, most <= STATEMENTS, str(STATEMENTS)))
    return [*found, _requests(ours), _idle_verdict(ours)]


def _faster(ours: Row, theirs: Row) -> str:
    ratio = theirs.first["seconds"] / ours.first["seconds"]
    text = f"{ours.size:,} events: {ratio:.1f} times faster ({theirs.cpu / ours.cpu:.1f} by CPU)"
    return _verdict(text, ratio >= FASTER, f"{FASTER} times") if ours.size == AT else text


def _linear(rows: dict[int, Row], side: str) -> str:
    """Compare an event's time at the largest size with that at 5,000, or the one next to it."""
    sizes = sorted(rows)
    first = min(sizes, key=lambda size: abs(size - AT))
    if first == sizes[-1]:
        first = sizes[0]
    each = [rows[size].cpu / size for size in (first, sizes[-1])]
    ratio, wall = each[1] / each[0], _growth(rows, first, sizes[-1])
    text = (
        f"{NAMES[side]}: an event takes {ratio:.2f} times the CPU time at {sizes[-1]:,} that it "
        f"takes at {first:,} ({wall:.2f} by the clock); R² of a straight line {_fit(rows):.4f}"
    )
    if side == "theirs":
        return text
    return _verdict(text, ratio <= LINEAR, f"{LINEAR} times")


def _growth(rows: dict[int, Row], first: int, last: int) -> float:
    return rows[last].per_event("seconds") / rows[first].per_event("seconds")


def _fit(rows: dict[int, Row]) -> float:
    """Return R² of a straight line through CPU times by size."""
    xs, ys = list(rows), [row.cpu for row in rows.values()]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    xx, yy = sum((x - mean_x) ** 2 for x in xs), sum((y - mean_y) ** 2 for y in ys)
    return xy**2 / (xx * yy) if xx and yy else math.nan


def _requests(ours: dict[int, Row]) -> str:
    well = all(row.first["requests"] <= 2 * math.ceil(size / PAGE) for size, row in ours.items())
    asked = ", ".join(f"{row.first['requests']} at {size:,}" for size, row in ours.items())
    return _verdict(f"HTTP requests: {asked}", well, f"2 per {PAGE:,} events")


def _idle_verdict(ours: dict[int, Row]) -> str:
    requests, statements = (
        max(row.again[name] for row in ours.values()) for name in ("requests", "statements")
    )
    text = f"without a change: {requests} HTTP request, {statements} statements"
    well = requests <= 1 and statements <= IDLE_STATEMENTS
    return _verdict(text, well, f"1 and {IDLE_STATEMENTS}")


def _verdict(text: str, kept: bool, bound: str) -> str:
    return f"{text} (bound: {bound}): {'yes' if kept else '**no**'}"
