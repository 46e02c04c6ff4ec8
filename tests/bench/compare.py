"""Whether both sides have the same in the end, row by row and not only by number.

- A *meeting* is an active single meeting or occurrence, by subject, first and last moment (days
  where it is all-day), place, and whether it has a description. An *occurrence* is one of a series.
- An *attendee* is a guest of such a meeting, by address and answer. The calendar's owner does not
  count: google_calendar lists the owner on each event, also where Google lists nobody.
- Descriptions themselves are not compared: both clean the HTML, each in its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.names import WARM_UP, owner

MEETINGS = {
    "ours": """
        SELECT name, allday, CASE WHEN allday THEN start_date ELSE start END AS first,
            CASE WHEN allday THEN stop_date ELSE stop END AS last, coalesce(location, '') AS place,
            coalesce(description, '') <> '' AS described, series_id AS series, id
        FROM synced_meeting WHERE active""",
    "theirs": """
        SELECT name, allday, CASE WHEN allday THEN start_date ELSE start END AS first,
            CASE WHEN allday THEN stop_date ELSE stop END AS last, coalesce(location, '') AS place,
            coalesce(description, '') <> '' AS described, recurrence_id AS series, id
        FROM calendar_event WHERE active""",
}
ATTENDEES = {
    "ours": "SELECT meeting_id AS meeting, email, response FROM synced_meeting_attendee",
    "theirs": """
        SELECT event_id AS meeting, p.email, replace(a.state, 'needsAction', 'needs_action')
            AS response
        FROM calendar_attendee a JOIN res_partner p ON p.id = a.partner_id""",
}
SERIES = {
    "ours": "SELECT id FROM synced_meeting_series WHERE active AND name NOT LIKE '{warm_up}%'",
    "theirs": """
        SELECT r.id FROM calendar_recurrence r JOIN calendar_event e ON e.id = r.base_event_id
        WHERE r.active AND e.name NOT LIKE '{warm_up}%'""",
}
SHOWN = 5


@dataclass(frozen=True)
class Content:
    """What one side holds of the calendar."""

    meetings: list[str]
    occurrences: list[str]
    attendees: list[str]
    series: int

    def counts(self) -> dict[str, int]:
        """Return how many of each."""
        parts = ("meetings", "occurrences", "attendees")
        return {name: len(getattr(self, name)) for name in parts} | {"series": self.series}


def content(cluster: Any, database: str, side: str, size: int) -> Content:
    """Read what is in a database."""
    meetings = f"({MEETINGS[side]} AND name NOT LIKE '{WARM_UP}%') m"
    guests = f"({ATTENDEES[side]}) a ON a.meeting = m.id AND a.email <> '{owner(size)}'"
    shown = "name, allday, first, last, place, described"

    def lines(query: str) -> list[str]:
        return sorted(cluster.sql(database, query).splitlines())

    return Content(
        meetings=lines(f"SELECT {shown} FROM {meetings}"),
        occurrences=lines(f"SELECT name, first FROM {meetings} WHERE series IS NOT NULL"),
        attendees=lines(f"SELECT name, first, email, response FROM {meetings} JOIN {guests}"),
        series=len(lines(SERIES[side].format(warm_up=WARM_UP))),
    )


def differences(size: int, ours: Content, theirs: Content) -> list[str]:
    """Return sentences that tell how both sides differ; none where they do not."""
    found = []
    for name in ("meetings", "occurrences", "attendees"):
        left, right = getattr(ours, name), getattr(theirs, name)
        if left != right:
            only = sorted(set(left) - set(right))[:SHOWN], sorted(set(right) - set(left))[:SHOWN]
            found.append(
                f"{size:,} events: {len(left):,} {name} of ours, {len(right):,} of theirs; "
                f"only ours: {only[0]}; only theirs: {only[1]}"
            )
    if ours.series != theirs.series:
        found.append(f"{size:,} events: {ours.series} series of ours, {theirs.series} of theirs")
    return found
