"""A calendar of any size, the same on each run of a day, as Google's own event resources.

Of 100 events 95 are singles and 5 are series: 3 weekly for half a year, 1 daily for 60 days, 1
weekly with one occurrence moved and one cancelled. 30 have guests: the owner and two others, whose
addresses are those of contacts. A tenth of the singles is all-day; zones, texts and places vary.

Exceptions say that they were changed tomorrow: on the first sync google_calendar drops a moved
occurrence, because the row that it has just made is newer than any change made in Google before.

A weekly rule names its day, as those do that Google Calendar makes. Where it does not,
google_calendar takes the weekday that the start has in UTC, and so a series that begins at eight in
Tokyo stands there a day early.

All lies well within the windows of both sides (ours is the wider one). No event has a reminder,
because only google_calendar would keep it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
ZONES = ("Europe/Berlin", "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Tokyo", "UTC")
GUESTS = tuple((f"guest{number}@client.example", f"Guest {number}") for number in range(200))
PLACES = ("Room 4", "Head office, Main Street 1, Berlin", "", "Café Zentral", "", "")
RULES = {"daily": "RRULE:FREQ=DAILY;COUNT=60", "weekly": "RRULE:FREQ=WEEKLY;COUNT=26;BYDAY={day}"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SERIES = ("weekly", "weekly", "weekly", "daily", "excepted")
MOVED, CANCELLED = 5, 9  # which occurrences are exceptions
DAY = timedelta(days=1)


class Calendar:
    """The events of one person."""

    def __init__(self, owner: str, size: int, today: datetime, title: str = "Meeting") -> None:
        self.owner, self.size, self.today, self.title = owner, size, today, title
        self.random = random.Random(size)

    def events(self) -> Iterator[Json]:
        """Yield masters and singles in mixed order, each series followed by its exceptions."""
        kinds = ["single"] * self.size
        series = self.size * 5 // 100
        kinds[:series] = [SERIES[number % len(SERIES)] for number in range(series)]
        guests = [number < self.size * 30 // 100 for number in range(self.size)]
        self.random.shuffle(kinds)
        self.random.shuffle(guests)
        for number, (kind, invited) in enumerate(zip(kinds, guests, strict=True)):
            yield from self._event(number, kind, invited)

    def _event(self, number: int, kind: str, invited: bool) -> Iterator[Json]:
        start = self._start(kind)
        length = timedelta(minutes=self.random.choice((15, 30, 45, 60, 90, 120)))
        event = {
            "id": f"bench{self.size}e{number}",
            "summary": f"{self.title} {number}",
            "location": self.random.choice(PLACES),
            "transparency": "transparent" if number % 9 == 0 else "opaque",
            "reminders": {"useDefault": False},
            "attendees": self._attendees() if invited else [],
            "description": self._description(number),
        }
        event = {name: value for name, value in event.items() if value}
        if kind == "single" and self.random.random() < 0.1:
            yield event | _days(start, self.random.choice((1, 1, 2, 3)))
            return
        event |= _span(start, length)
        if kind != "single":
            rule = RULES["daily" if kind == "daily" else "weekly"]
            event["recurrence"] = [rule.format(day=WEEKDAYS[start.weekday()])]
        if kind == "excepted":
            event["updated"] = (self.today + DAY).isoformat()
        yield event
        if kind == "excepted":
            yield from _exceptions(event["id"], start, length)

    def _start(self, kind: str) -> datetime:
        # The longest series takes 182 days; theirs looks 365 days ahead.
        first, last = (-300, 300) if kind == "single" else (-170, 100)
        day = self.today + self.random.randint(first, last) * DAY
        zone = ZoneInfo(self.random.choice(ZONES))
        hour, minute = self.random.randint(8, 17), self.random.choice((0, 0, 15, 30, 45))
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)

    def _attendees(self) -> list[Json]:
        answers = ("accepted", "needsAction", "declined", "tentative")
        guests = [
            {"email": email, "displayName": name, "responseStatus": self.random.choice(answers)}
            for email, name in self.random.sample(GUESTS, 2)
        ]
        return [{"email": self.owner, "responseStatus": "accepted"}, *guests]

    def _description(self, number: int) -> str:
        kind = self.random.randrange(5)
        if kind < 2:
            return ""
        points = [f"point {number}.{part}" for part in range(self.random.randint(1, 6))]
        if kind == 2:
            return f"Agenda of {number}:\n" + "\n".join(f"- {point}" for point in points)
        items = "".join(f"<li>{point}</li>" for point in points)
        link = f'<a href="https://docs.example/{number}">notes</a>'
        return f"<p>Agenda of <b>{number}</b>, see {link}</p><ul>{items}</ul>"


def _span(start: datetime, length: timedelta) -> Json:
    return {"start": _time(start), "end": _time(start + length)}


def _time(moment: datetime) -> Json:
    return {"dateTime": moment.isoformat(), "timeZone": str(moment.tzinfo)}


def _days(start: datetime, days: int) -> Json:
    first = start.date()
    return {"start": {"date": str(first)}, "end": {"date": str(first + days * DAY)}}


def _exceptions(series: str, start: datetime, length: timedelta) -> Iterator[Json]:
    # Adding to a zoned time keeps the wall time, as the rule does.
    moved, cancelled = start + 7 * MOVED * DAY, start + 7 * CANCELLED * DAY
    place = {"recurringEventId": series, "originalStartTime": _time(moved)}
    yield place | _span(moved + timedelta(hours=25), length)
    place = {"recurringEventId": series, "originalStartTime": _time(cancelled)}
    yield place | {"status": "cancelled"}
