"""Busy times of people, by getSchedule.

https://learn.microsoft.com/graph/api/calendar-getschedule
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from odoo.addons.synced_meetings.sync.errors import Rejected, Retryable, SyncError
from odoo.addons.synced_meetings.sync.event import Busy, Window

from . import graph_values as values
from .graph_calls import Answer, Ask, Calls, Json
from .graph_translate import SHOW_AS
from .zones import iana

PEOPLE = 20  # the most that one request may ask for
SPAN = timedelta(days=62)  # the longest time, as Exchange has it
INTERVAL = 30  # minutes of a digit, where only those are told


def busy_times(
    calls: Calls, base: str, emails: Sequence[str], window: Window
) -> dict[str, list[Busy]]:
    """Return the busy times of those who may be asked; the others are left out."""
    parts = [emails[first : first + PEOPLE] for first in range(0, len(emails), PEOPLE)]
    asks = [_ask(base, part, span) for part in parts for span in _spans(window)]
    found: dict[str, set[Busy]] = {}
    hidden: set[str] = set()
    for answer in calls.many(asks):
        for email, busy in _told(answer):
            found.setdefault(email, set()).update(busy or ())
            hidden.update(() if busy is not None else (email,))
    return {
        one: sorted(found[one.lower()], key=lambda busy: (busy.start, busy.stop))
        for one in emails
        if one.lower() in found and one.lower() not in hidden
    }


def zone_of(calls: Calls, base: str, email: str, window: Window) -> str:
    """Return the zone of a mailbox, "" where it is not told.

    Its settings say it too, but reading them takes a permission that nothing else needs.
    """
    span = Window(window.start, window.start + timedelta(days=1))
    [answer] = calls.many([_ask(base, [email], span)])
    if isinstance(answer, Retryable):
        raise answer
    for schedule in _schedules(answer) if isinstance(answer, dict) else ():
        hours = schedule.get("workingHours")
        zone = hours.get("timeZone") if isinstance(hours, dict) else None
        return iana(zone.get("name")) if isinstance(zone, dict) else ""
    return ""


def _spans(window: Window) -> Iterator[Window]:
    start = window.start
    while start < window.stop:
        yield Window(start, min(start + SPAN, window.stop))
        start += SPAN


def _ask(base: str, emails: Sequence[str], span: Window) -> Ask:
    body = {
        "schedules": list(emails),
        "startTime": _point(span.start),
        "endTime": _point(span.stop),
        "availabilityViewInterval": INTERVAL,
    }
    return Ask("POST", f"{base}/calendar/getSchedule", body)


def _point(moment: Any) -> Json:
    return {"dateTime": values.stamp(moment).rstrip("Z"), "timeZone": "UTC"}


def _schedules(answer: Json) -> list[Json]:
    listed = answer.get("value")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _told(answer: Answer) -> Iterator[tuple[str, list[Busy] | None]]:
    """Yield what is told of each, None where that may not be asked or cannot be read."""
    if isinstance(answer, SyncError):
        raise answer
    for schedule in _schedules(answer):
        email = schedule.get("scheduleId")
        if isinstance(email, str):
            yield email.lower(), None if schedule.get("error") else _stretches(schedule)


def _stretches(schedule: Json) -> list[Busy] | None:
    items = schedule.get("scheduleItems")
    if not isinstance(items, list):
        return None
    try:
        found = [_stretch(item) for item in items]
    except (Rejected, AttributeError):
        return None  # unreadable is unknown, not free
    return [one for one in found if one.show_as != "free"]


def _stretch(item: Json) -> Busy:
    start = values.instant(item.get("start"), "no_start")
    stop = values.instant(item.get("end"), "no_end")
    return Busy(start, stop, SHOW_AS.get(str(item.get("status")), "busy"))
