"""getSchedule: when people are busy, without saying with what to those who may not know.

https://learn.microsoft.com/en-us/graph/api/calendar-getschedule
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from .graph_call import Call
from .graph_errors import bad
from .graph_places import Place, within
from .graph_time import instant, kept, shown, windows
from .graph_time import made as written
from .graph_world import Event, Mailbox

MOST = 20
LONGEST = timedelta(days=62)
LEVELS = {"free": "0", "tentative": "1", "busy": "2", "oof": "3", "workingElsewhere": "4"}
RANK = "04123"  # which level wins in a slot, the last one strongest


def schedules(call: Call, body: Any) -> list[Event]:
    """Return the busy times of the people who are asked for."""
    try:
        people, interval = body["schedules"], body.get("availabilityViewInterval", 30)
        low, high = (instant(kept(body[name], name)) for name in ("startTime", "endTime"))
    except (KeyError, TypeError, AttributeError):
        raise bad("A required parameter is missing.", "ErrorInvalidParameter") from None
    if not people or len(people) > MOST:
        raise bad(f"At most {MOST} schedules can be asked for.", "ErrorInvalidParameter")
    if not isinstance(interval, int) or not 5 <= interval <= 1440:
        raise bad("The interval must be between 5 and 1440.", "ErrorInvalidParameter")
    if not low < high or high - low > LONGEST:
        message = "The requested time duration specified for FreeBusyViewOptions.TimeWindow is "
        raise bad(f"{message}too long or empty.", "ErrorTimeIntervalTooBig")
    return [_schedule(call, one, low, high, timedelta(minutes=interval)) for one in people]


def _schedule(call: Call, address: str, low: datetime, high: datetime, step: timedelta) -> Event:
    mailbox = call.world.mailboxes.get(address.lower())
    if mailbox is None or mailbox.tenant != call.mailbox.tenant:
        message = f"Unable to resolve e-mail address {address} to an Active Directory object."
        error = {"message": message, "responseCode": "ErrorMailRecipientNotFound"}
        return {"scheduleId": address, "availabilityView": "", "error": error}
    places = _busy(mailbox, low, high)
    zone = call.prefer.get("outlook.timezone", "UTC")
    return {
        "scheduleId": address,
        "availabilityView": _merged(places, low, high, step),
        "scheduleItems": [_item(call, mailbox, one, zone) for one in places],
        "workingHours": _hours(mailbox),
    }


def _busy(mailbox: Mailbox, low: datetime, high: datetime) -> list[Place]:
    items = mailbox.alive(next(key for key, one in mailbox.folders.items() if one.default))
    found = [one for item in items for one in within(mailbox, item, item.now, low, high)]
    places = [one for one in found if one.kind != "seriesMaster"]
    return sorted(places, key=lambda one: (one.begins, one.ends))


def _item(call: Call, mailbox: Mailbox, place: Place, zone: str) -> Event:
    data = place.data
    private = data["sensitivity"] in ("private", "confidential")
    own = {"isPrivate": private, "status": data["showAs"], "isMeeting": bool(data["attendees"])}
    own |= {"isRecurring": place.day is not None, "isException": place.kind == "exception"}
    own["isReminderSet"] = data["isReminderOn"]
    for name in ("start", "end"):
        at = written(instant(data[name]).replace(tzinfo=None), "UTC")
        own[name] = shown(at, windows(zone) if zone == "UTC" else zone, False)
    if mailbox is call.mailbox and not private:
        own |= {"subject": data["subject"], "location": data["location"]["displayName"]}
    return own


def _merged(places: list[Place], low: datetime, high: datetime, step: timedelta) -> str:
    view, at = "", low
    while at < high:
        slot = [LEVELS[one.data["showAs"]] for one in places if one.within(at, at + step)]
        view, at = view + max(slot, key=RANK.index, default="0"), at + step
    return view


def _hours(mailbox: Mailbox) -> Event:
    return {
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "startTime": "08:00:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": {"name": mailbox.time_zone},
    }
