"""What makes an item whole: values that the server adds, and rules that every write must keep."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from typing import Any

from .ews_errors import EwsError
from .ews_extended import GLOBAL_ID_HEAD
from .ews_fields import PEOPLE
from .ews_recurrence import Recurrence, check
from .ews_time import CUSTOM, instant, wall, whole_days, zone_of
from .ews_views import View, occurrences
from .ews_world import Change, Data, Folder, Item, Mailbox, World

HALF_HOUR = timedelta(minutes=30)
LONGEST = timedelta(days=5 * 365)
TIMES = ("Start", "End", "StartTimeZone", "EndTimeZone", "IsAllDayEvent", "Recurrence")
MEETING, RECEIVED, CANCELLED = 1, 2, 4  # bits of AppointmentState


def address(mailbox: Mailbox) -> dict[str, str]:
    """Return how a mailbox stands in items."""
    return {"name": mailbox.name, "email": mailbox.email}


def fresh(world: World, folder: Folder, zone: str) -> Data:
    """Return the values of an item of which nothing was said."""
    now = world.now()
    start = now - timedelta(
        minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond
    )
    return {
        "Subject": "",
        "Sensitivity": "Normal",
        "Importance": "Normal",
        "ReminderIsSet": True,
        "ReminderMinutesBeforeStart": 15,
        "UID": new_uid(world),
        "Start": start,
        "End": start + HALF_HOUR,
        "IsAllDayEvent": False,
        "LegacyFreeBusyStatus": "Busy",
        "IsCancelled": False,
        "MeetingRequestWasSent": False,
        "IsResponseRequested": True,
        "MyResponseType": "Organizer",
        "Organizer": address(folder.mailbox),
        "AppointmentSequenceNumber": 0,
        "AllowNewTimeProposal": True,
        "StartTimeZone": zone,
        "EndTimeZone": zone,
        "Culture": "en-US",
        "Extended": {},
    }


def new_uid(world: World) -> str:
    """Return a global object id as Exchange makes one."""
    made = int(world.now().timestamp()).to_bytes(8, "little")
    tail = world.next().to_bytes(16, "big")
    return (GLOBAL_ID_HEAD + bytes(4) + made + bytes(8) + b"\x10\0\0\0" + tail).hex().upper()


def completed(data: Data) -> Data:
    """Return the values as they are stored; refuse what makes no sense together."""
    own = zone(data)
    zone_of(data["EndTimeZone"] if data["EndTimeZone"] != CUSTOM else data["CustomZone"])
    data = {**data, "IsMeeting": any(data.get(name) for name in PEOPLE)}
    for name in PEOPLE:
        _unique(data, name)
    _check_times(data)
    if data["IsAllDayEvent"]:
        data["Start"], data["End"] = whole_days(data["Start"], data["End"], own)
    if data.get("Recurrence"):
        data |= _on_pattern(data, own)
    if body := data.get("Body"):
        data["Body"] = {**body, "text": _document(body)}
    return data | ({} if data["IsCancelled"] else {"AppointmentState": _state(data)})


def zone(data: Data) -> tzinfo:
    """Return the zone on whose clock an item lasts; refuse one that nobody knows."""
    name = data["StartTimeZone"]
    return zone_of(data["CustomZone"] if name == CUSTOM and "CustomZone" in data else name)


def _check_times(data: Data) -> None:
    if data["End"] < data["Start"]:
        raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
    if data["End"] - data["Start"] > LONGEST:
        raise EwsError("ErrorCalendarDurationIsTooLong")


def _state(data: Data) -> int:
    return (MEETING if data["IsMeeting"] else 0) | (
        0 if data["MyResponseType"] == "Organizer" else RECEIVED | MEETING
    )


def _unique(data: Data, name: str) -> None:
    if name not in data:
        return
    found: dict[str, Any] = {}
    for one in data[name]:
        found.setdefault(one["email"].lower(), one)
    data[name] = list(found.values())


def _on_pattern(data: Data, own: tzinfo) -> Data:
    """Move start and end to the first day on which the pattern falls."""
    check(data["Recurrence"])
    first = next(data["Recurrence"].days())
    start, end = wall(data["Start"], own), wall(data["End"], own)
    shifted = datetime.combine(first, start.time())
    return {"Start": instant(shifted, own), "End": instant(shifted + (end - start), own)}


def _document(body: dict[str, str]) -> str:
    """Return HTML as a whole document, which Exchange makes of every fragment."""
    if body["type"] != "HTML" or re.search(r"<html[\s>]", body["text"], re.IGNORECASE):
        return body["text"]
    head = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    lines = ("<html>", "<head>", head, "</head>", "<body>", body["text"], "</body>", "</html>", "")
    return "\r\n".join(lines)


def change_item(world: World, item: Item, new: Data, names: set[str]) -> None:
    """Store changed values; what was edited in single occurrences goes when the series moves."""
    old = item.data
    new = completed(_moved(new, old, names))
    if item.recurrence and any(new.get(name) != old.get(name) for name in TIMES):
        item.exceptions.clear()
        item.deleted.clear()
    if any(new.get(name) != old.get(name) for name in TIMES):
        new["AppointmentSequenceNumber"] = old["AppointmentSequenceNumber"] + 1
    item.data = new
    world.put(item, *names)


def _moved(new: Data, old: Data, names: set[str]) -> Data:
    """Let a pattern count from the new start, where only the start was set."""
    pattern: Recurrence | None = new.get("Recurrence")
    if pattern and "Start" in names and "Recurrence" not in names:
        day = wall(new["Start"], zone(new)).date()
        if day != wall(old["Start"], zone(old)).date():
            return {**new, "Recurrence": pattern.moved(day)}
    return new


def change_occurrence(world: World, view: View, new: Data, names: set[str]) -> None:
    """Store changed values of one occurrence; the series is changed by that, too."""
    item, original = view.item, view.original
    whole = completed({name: value for name, value in new.items() if name != "Recurrence"})
    if names & set(TIMES):
        _in_bounds(view, whole)
    kept = item.exceptions[original].data if view.edited else {}
    own = {name: whole.get(name) for name in {*names, *kept, "Start", "End"}}
    if names & set(PEOPLE):
        own["IsMeeting"] = whole["IsMeeting"]
    item.exceptions[original] = Change(own, world.next())
    world.put(item)


def _in_bounds(view: View, new: Data) -> None:
    """Refuse what would pass a neighbour, or fall on its day."""
    own = view.item.zone
    first, last = wall(new["Start"], own), wall(new["End"], own)
    before: View | None = None
    for one in occurrences(view.item):
        if one.original > view.original:
            if (
                last.date() > wall(one.start, own).date()
                or first.date() >= wall(one.start, own).date()
            ):
                raise EwsError("ErrorOccurrenceCrossingBoundary")
            break
        if one.original < view.original:
            before = one
    if before and first.date() <= wall(before.start, own).date():
        raise EwsError("ErrorOccurrenceCrossingBoundary")


def remove(world: World, view: View, target: str = "deleteditems") -> None:
    """Take an item out of its folder into another one, or an occurrence out of its series."""
    item = view.item
    if view.original is None and target and item.folder.kind != target:
        world.move(item, item.folder.mailbox.folder(target))
    elif view.original is None:
        world.take(item)
    else:
        item.exceptions.pop(view.original, None)
        item.deleted.add(view.original)
        world.put(item)
