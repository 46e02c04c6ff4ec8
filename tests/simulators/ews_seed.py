"""Bulk loading: the events of an iCalendar file (as ics.load() gives them) into a calendar.

report = ics.load("calendar.ics")
notes = exchange.user("ann@corp.example").seed(report.events)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from .ews_edit import completed, fresh
from .ews_patterns import Unfit, pattern
from .ews_time import UTC, instant, windows_name, zone_of
from .ews_views import originals
from .ews_world import Change, Data, Folder, Item, World
from .google_recurrence import Series
from .google_time import instant as moment_of

Event = dict[str, Any]
RESPONSES = {"accepted": "Accept", "declined": "Decline", "tentative": "Tentative"}
MOST = 200  # occurrences of a series that stand alone


def seed(world: World, folder: Folder, events: Iterable[Event]) -> list[str]:
    """Store singles and series, then the exceptions; return a sentence for all that was lost."""
    notes: list[str] = []
    series: dict[str, Item] = {}
    exceptions = []
    for event in events:
        if "recurringEventId" in event:
            exceptions.append(event)
        elif event.get("status") != "cancelled":
            series |= _stored(world, folder, event, notes)
    for event in exceptions:
        if master := series.get(event["recurringEventId"]):
            _exception(world, master, event, notes)
    return notes


def _stored(world: World, folder: Folder, event: Event, notes: list[str]) -> dict[str, Item]:
    if "recurrence" not in event:
        _put(world, folder, values(folder, event))
        return {}
    try:
        found = pattern(event)
    except Unfit:
        notes.append(f"“{event.get('summary', '')}” repeats as nothing in Outlook does.")
        for number, one in enumerate(_alone(event)):
            uid = f"{number}-{event.get('iCalUID', event['id'])}"
            _put(world, folder, values(folder, {**event, **one, "iCalUID": uid}))
        return {}
    item = _put(world, folder, {**values(folder, event), "Recurrence": found.recurrence})
    item.deleted = {one for one in islice(originals(item), found.looked) if found.lacks(one)}
    return {event["id"]: item}


def _put(world: World, folder: Folder, data: Data) -> Item:
    own = fresh(world, folder, data.get("StartTimeZone", folder.mailbox.zone))
    item = Item(world.new_id(folder.mailbox), folder, completed({**own, **data}))
    return world.put(item)


def _exception(world: World, master: Item, event: Event, notes: list[str]) -> None:
    own = master.zone
    original = moment_of(event["originalStartTime"], UTC)
    wall = original.astimezone(own).replace(tzinfo=None)
    if "date" in event["originalStartTime"]:
        wall = datetime.combine(
            date.fromisoformat(event["originalStartTime"]["date"]), datetime.min.time()
        )
    if wall not in set(islice(originals(master), 5_000)):
        notes.append(f"“{event.get('summary', '')}” of {wall:%Y-%m-%d} is no occurrence.")
    elif event.get("status") == "cancelled":
        master.deleted.add(wall)
        world.put(master)
    else:
        changed = values(master.folder, event)
        kept = {name: value for name, value in changed.items() if name not in ("UID", "Extended")}
        master.exceptions[wall] = Change(kept, world.next())
        master.deleted.discard(wall)
        world.put(master)


def _alone(event: Event) -> Iterator[Event]:
    """Yield start and end of occurrences that become single items."""
    series = Series.of(event)
    for wall in islice(series.originals(), MOST):
        times = (
            (name, moment) for name, moment in (("start", wall), ("end", wall + series.duration))
        )
        yield {name: _like(event["start"], moment) for name, moment in times}


def _like(given: dict[str, str], moment: datetime) -> dict[str, str]:
    if "date" in given:
        return {"date": moment.date().isoformat()}
    return {"dateTime": moment.isoformat(), "timeZone": given["timeZone"]}


def values(folder: Folder, event: Event) -> Data:
    """Return an event's values under the names of the schema."""
    data: Data = {"Subject": event.get("summary", ""), **_times(folder, event)}
    if "iCalUID" in event:
        data["UID"] = event["iCalUID"]
    if event.get("location"):
        data["Location"] = event["location"]
    if event.get("description"):
        data["Body"] = {"type": "HTML", "text": event["description"]}
    if event.get("visibility") in ("private", "confidential"):
        data["Sensitivity"] = "Private"
    if event.get("transparency") == "transparent":
        data["LegacyFreeBusyStatus"] = "Free"
    return data | _people(folder, event) | _reminder(event)


def _times(folder: Folder, event: Event) -> Data:
    if "date" in event["start"]:
        own = zone_of(folder.mailbox.zone)
        names = {"Start": "start", "End": "end"}
        days = {name: datetime.fromisoformat(event[key]["date"]) for name, key in names.items()}
        return {name: instant(day, own) for name, day in days.items()} | {"IsAllDayEvent": True}
    found: Data = {"IsAllDayEvent": False}
    for name, key in (("Start", "start"), ("End", "end")):
        found[name] = moment_of(event[key], UTC)
        found[f"{name}TimeZone"] = windows_name(event[key].get("timeZone", "UTC"))
    return found


def _people(folder: Folder, event: Event) -> Data:
    groups: dict[str, list[dict[str, str]]] = {}
    for one in event.get("attendees", ()):
        kind = "Resources" if one.get("resource") else "RequiredAttendees"
        name = "OptionalAttendees" if one.get("optional") else kind
        answer = RESPONSES.get(one.get("responseStatus", ""), "Unknown")
        shown = {"name": one.get("displayName", one["email"]), "email": one["email"]}
        groups.setdefault(name, []).append(shown | {"response": answer})
    found: Data = dict(groups)
    organiser = event.get("organizer", {}).get("email", folder.mailbox.email)
    if organiser != folder.mailbox.email:
        own = next(
            (
                one
                for group in groups.values()
                for one in group
                if one["email"] == folder.mailbox.email
            ),
            {},
        )
        found["Organizer"] = {"name": organiser, "email": organiser}
        found["MyResponseType"] = own.get("response", "NoResponseReceived").replace(
            "Unknown", "NoResponseReceived"
        )
    return found


def _reminder(event: Event) -> Data:
    minutes = [one["minutes"] for one in event.get("reminders", {}).get("overrides", ())]
    if not minutes:
        return {"ReminderIsSet": False}
    return {"ReminderIsSet": True, "ReminderMinutesBeforeStart": min(minutes)}


def data_of(given: dict[str, Any]) -> Data:
    """Return values as they are stored: guests by their addresses, the body as HTML."""
    data: Data = {name: _plain(one) for name, one in given.items()}
    for name in ("RequiredAttendees", "OptionalAttendees", "Resources"):
        if data.get(name):
            data[name] = [guest(one) for one in data[name]]
    if isinstance(data.get("Body"), str):
        data["Body"] = {"type": "HTML", "text": data["Body"]}
    return data


def _plain(one: Any) -> Any:
    """Return an instant in UTC, whatever kind of datetime a client has of its own."""
    return datetime.fromtimestamp(one.timestamp(), UTC) if isinstance(one, datetime) else one


def guest(one: str | dict[str, str]) -> dict[str, str]:
    """Return an attendee of whom nothing is known but the address."""
    email = one if isinstance(one, str) else one["email"]
    plain = {"name": email, "email": email, "response": "Unknown"}
    return plain if isinstance(one, str) else {**plain, **one}
