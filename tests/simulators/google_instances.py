"""Instances of a series: finding them, and the exceptions that edits make of them.

https://developers.google.com/workspace/calendar/api/guides/recurringevents
"""

from __future__ import annotations

from datetime import datetime

from .google_recurrence import Series, base_id, split_id, times
from .google_world import Calendar, Copy, Event, World

OWN = (
    "id",
    "etag",
    "updated",
    "created",
    "htmlLink",
    "recurringEventId",
    "originalStartTime",
    "recurrence",
)


def instance(calendar: Calendar, master: Copy, moment: datetime) -> Event:
    """Return an occurrence of a series as it is without any edit of its own."""
    series = master.series(calendar)
    start, end = times(series, moment)
    kept = {name: value for name, value in master.data.items() if name != "recurrence"}
    place = {
        "id": instance_id(calendar, master, moment),
        "recurringEventId": master.id,
        "originalStartTime": start,
    }
    return {**kept, **place, "start": start, "end": end}


def instance_id(calendar: Calendar, master: Copy, moment: datetime) -> str:
    """Return the id of an occurrence."""
    return f"{base_id(master.id)}_{master.series(calendar).stamp(moment)}"


def locate(calendar: Calendar, identity: str) -> Copy | None:
    """Return the stored copy of an id, or an unedited instance (``position`` is 0)."""
    copy = calendar.copies.get(identity)
    if copy and (copy.raw or not copy.dropped):
        return None if copy.raw else copy
    return _unedited(calendar, identity) or copy


def _unedited(calendar: Calendar, identity: str) -> Copy | None:
    parts = split_id(identity)
    for master in calendar.masters(parts[0]) if parts else ():
        series = master.series(calendar)
        moment = series.from_stamp(parts[1])
        if moment and not master.cancelled and series.has(moment):
            return Copy(instance(calendar, master, moment), {})
    return None


def moment_of(calendar: Calendar, copy: Copy, series: Series | None = None) -> datetime | None:
    """Return the original wall start of an instance."""
    parts = split_id(copy.id)
    if series is None:
        series = calendar.copies[copy.master_id].series(calendar)
    return series.from_stamp(parts[1]) if parts else None


def differences(base: Event, event: Event) -> Event:
    """Return the fields in which an exception differs; None stands for "absent here"."""
    names = {*base, *event} - set(OWN)
    return {name: event.get(name) for name in names if base.get(name) != event.get(name)}


def applied(base: Event, overrides: Event) -> Event:
    """Return an instance with an exception's own fields."""
    merged = {**base, **overrides}
    return {name: value for name, value in merged.items() if value is not None}


def save_exception(world: World, calendar: Calendar, event: Event, touched: bool = True) -> Copy:
    """Store an edited instance as an exception of its series."""
    master = calendar.copies.get(event["recurringEventId"])
    overrides = None
    if master and master.is_master and not master.cancelled:
        moment = moment_of(calendar, Copy(event))
        overrides = differences(instance(calendar, master, moment), event) if moment else None
    copy = Copy(dict(event), overrides)
    world.stamp(copy.data, touched)
    calendar.put(copy)
    return copy


def drop(world: World, calendar: Calendar, copy: Copy) -> None:
    """Turn an exception whose occurrence is no more into a tombstone."""
    copy.dropped = True
    copy.data = {**copy.data, "status": "cancelled"}
    world.stamp(copy.data)
    calendar.put(copy)


def refresh(
    world: World,
    calendar: Calendar,
    master: Copy,
    before: Series,
    guests: tuple[set[str], set[str]],
) -> None:
    """Let the exceptions of a changed series follow it: same, re-keyed or dropped."""
    after = master.series(calendar)
    for copy in calendar.exceptions(master.id):
        moment = moment_of(calendar, copy, before)
        target = _follow(before, after, moment) if moment else None
        if target is None or copy.overrides is None:
            drop(world, calendar, copy)
            continue
        _invite(copy.overrides, master, guests)
        data = applied(instance(calendar, master, target), copy.overrides)
        if data["id"] != copy.id:
            drop(world, calendar, copy)
        elif not differences(copy.data, data):
            continue
        replaced = Copy(data, copy.overrides)
        world.stamp(replaced.data)
        calendar.put(replaced)


def _follow(before: Series, after: Series, moment: datetime) -> datetime | None:
    """Return the wall start to which an occurrence moves with its series."""
    if (before.zone is None) != (after.zone is None):
        return None  # a date is no instant: every exception is orphaned
    if (before.start, before.zone) == (after.start, after.zone):
        return moment if after.has(moment) else None
    day = moment.date() + (after.start.date() - before.start.date())
    for original in after.originals():
        if original.date() >= day:
            return original if original.date() == day else None
    return None


def _invite(overrides: Event, master: Copy, guests: tuple[set[str], set[str]]) -> None:
    """Add and remove on an exception's own guest list who joined or left the series."""
    added, removed = guests
    if "attendees" not in overrides or not (added or removed):
        return
    own = overrides["attendees"] or []
    present = {one["email"] for one in own}
    joined = [one for one in master.data.get("attendees", ()) if one["email"] in added - present]
    overrides["attendees"] = [one for one in own if one["email"] not in removed] + joined
