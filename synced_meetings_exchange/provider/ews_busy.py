"""When people are busy, and by the way in which zone they live.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuseravailability-operation
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from odoo.addons.synced_meetings.sync.errors import Rejected, SyncError
from odoo.addons.synced_meetings.sync.event import Busy, Window
from odoo.addons.synced_meetings.sync.reading import choice

from . import ews_payloads as payloads
from .ews_calls import Answer, Calls
from .ews_translate import SHOW_AS
from .ews_values import instant
from .ews_xml import Element, children, find, text
from .ews_zones import of_offsets

PEOPLE = 100  # the most that one call may ask for
LONGEST = timedelta(days=42)  # the most that a server tells of, unless it says otherwise
MINUTE = timedelta(minutes=1)
MONTHLESS = ("0", None)


def busy_times(calls: Calls, emails: Sequence[str], window: Window) -> dict[str, list[Busy]]:
    """Return the busy times of those who may be asked; the others are left out."""
    found: dict[str, list[Busy] | None] = {email: [] for email in emails}
    for first in range(0, len(emails), PEOPLE):
        part = emails[first : first + PEOPLE]
        for span in _spans(window):
            for email, answer in zip(part, _asked(calls, part, span), strict=True):
                known, more = found[email], _busy(answer)
                # What is not told of one month is not known of the whole.
                found[email] = None if known is None or more is None else known + more
    return {email: _joined(busy) for email, busy in found.items() if busy is not None}


def zone_of(calls: Calls, mailbox: str, window: Window) -> str:
    """Return the IANA zone of a mailbox' working hours, "" where that is not told."""
    today = Window(window.start, window.start + timedelta(days=1))
    [answer] = _asked(calls, [mailbox], today)
    zone = None if isinstance(answer, SyncError) else find(answer, *HOURS)
    if zone is None:
        return ""
    try:
        return _zone(zone)
    except (ValueError, OverflowError):
        return ""


HOURS = ("m:FreeBusyView", "t:WorkingHours", "t:TimeZone")


def _asked(calls: Calls, emails: Sequence[str], span: Window) -> list[Answer]:
    return calls.many(payloads.availability(emails, span), len(emails))


def _spans(window: Window) -> Iterator[Window]:
    start = window.start
    while start < window.stop:
        stop = min(start + LONGEST, window.stop)
        yield Window(start, stop)
        start = stop


def _busy(answer: Answer) -> list[Busy] | None:
    """Return the stretches in an answer, None where it does not say them one by one."""
    if isinstance(answer, SyncError):
        return None
    view = find(answer, "m:FreeBusyView")
    if text(view, "t:FreeBusyViewType") in (None, "None", "MergedOnly"):
        return None
    try:
        events = [_stretch(one) for one in children(view, "t:CalendarEventArray")]
    except Rejected:
        return None  # unreadable is unknown, not free
    return [one for one in events if one.show_as != "free"]


def _stretch(event: Element) -> Busy:
    shown = choice(text(event, "t:BusyType"), SHOW_AS, "busy")
    return Busy(instant(text(event, "t:StartTime")), instant(text(event, "t:EndTime")), shown)


def _joined(busy: list[Busy]) -> list[Busy]:
    """Return each stretch once: one that two questions met was told twice."""
    return list(dict.fromkeys(busy))


def _zone(zone: Element) -> str:
    bias = int(text(zone, "t:Bias") or 0)
    winter, summer = (_turn(find(zone, f"t:{name}")) for name in ("StandardTime", "DaylightTime"))
    if winter[1] in MONTHLESS or winter[0] == summer[0]:
        return of_offsets(((-(bias + winter[0]) * MINUTE, 0),))
    turns = (-(bias + minutes) * MINUTE for minutes, _ in (winter, summer))
    months = (int(month or 0) for _, month in (winter, summer))
    return of_offsets(tuple(sorted(zip(turns, months, strict=True))))


def _turn(turn: Element | None) -> tuple[int, str | None]:
    """Return the minutes that are added, and the month from which on."""
    return int(text(turn, "t:Bias") or 0), text(turn, "t:Month")
