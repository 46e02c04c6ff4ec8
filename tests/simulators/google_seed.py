"""Bulk loading: many event resources at once, as fast as they can be checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .google_creating import imported_organiser
from .google_events import completed, fresh, writable
from .google_instances import differences, instance, locate, moment_of
from .google_recurrence import base_id
from .google_schema import EVENT, check
from .google_time import instant, is_all_day
from .google_world import Calendar, Copy, Event, User, World

KEPT = ("iCalUID", "created", "updated", "creator", "hangoutLink", "privateCopy")


def seed(world: World, user: User, calendar: Calendar, events: Iterable[Event]) -> int:
    """Store singles and masters first, then exceptions; return how many."""
    exceptions, count = [], 0
    for body in events:
        count += 1
        if "recurringEventId" in body:
            exceptions.append(body)
        else:
            _keep(world, calendar, Copy(resource(world, user, calendar, body)))
    for body in exceptions:
        _exception(world, user, calendar, body)
    return count


def resource(world: World, user: User, calendar: Calendar, body: Event) -> Event:
    """Return a resource with everything that the server adds."""
    check(body, EVENT, "event")
    identity = body.get("id") or f"seed{world.seed:x}{world.etag:012x}{len(calendar.copies):06x}"
    event = fresh(world, calendar, user, identity, body.get("iCalUID"))
    event |= writable(body) | {name: body[name] for name in KEPT if name in body}
    if "organizer" in body:
        event["organizer"] = imported_organiser(calendar, body)
    return completed(event, calendar)


def _exception(world: World, user: User, calendar: Calendar, body: Event) -> None:
    """Store an edited or cancelled instance; its id follows from its original start."""
    master = calendar.copies[body["recurringEventId"]]
    found = locate(calendar, identity_of(calendar, master, body["originalStartTime"]))
    if found is None:
        raise ValueError(
            f"{body.get('summary', master.id)}: {body['originalStartTime']} is not an occurrence"
        )
    check(body, EVENT, "event")
    own = {name: value for name, value in writable(body).items() if value is not None}
    event = completed({**found.data, **own}, calendar)
    base = instance(calendar, master, moment_of(calendar, found))
    _keep(world, calendar, Copy(event, differences(base, event)))


def identity_of(calendar: Calendar, master: Copy, original: dict[str, Any]) -> str:
    """Return the id of the instance with an original start."""
    if is_all_day({"start": original}):
        stamp = original["date"].replace("-", "")
    else:
        stamp = instant(original, calendar.zone).strftime("%Y%m%dT%H%M%SZ")
    return f"{base_id(master.id)}_{stamp}"


def _keep(world: World, calendar: Calendar, copy: Copy) -> None:
    updated = copy.data.get("updated")
    world.stamp(copy.data)
    copy.data["updated"] = updated or copy.data["updated"]
    calendar.put(copy)
    copy.json()
