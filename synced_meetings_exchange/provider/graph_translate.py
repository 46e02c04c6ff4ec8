"""Graph's JSON as values of ours, and nothing else: no request, no clock.

https://learn.microsoft.com/graph/api/resources/event
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import (
    Attendee,
    Bad,
    Event,
    Kind,
    Remote,
    Response,
    ShowAs,
    When,
    with_answer,
)
from odoo.addons.synced_meetings.sync.reading import (
    BODY,
    choice,
    clean,
    email,
    link,
    name,
    rejected,
    source,
    storable,
)
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings.sync.rules import instant_of, local

from . import graph_values as values
from .graph_html import inside
from .graph_recurrence import lines_of
from .graph_values import Json
from .uid import day_of, series_uid
from .zones import iana

DAY = timedelta(days=1)
OPEN = (None, "normal")
SHOW_AS: dict[str, ShowAs] = {
    "free": "free",
    "tentative": "tentative",
    "busy": "busy",
    "oof": "oof",
    "workingElsewhere": "elsewhere",
    "unknown": "busy",
}
RESPONSES: dict[str, Response] = {
    "none": "needs_action",
    "notResponded": "needs_action",
    "organizer": "accepted",
    "accepted": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
}
KINDS: dict[str, Kind] = {k: k for k in ("required", "optional", "resource")}
IN_SERIES = ("occurrence", "exception")


class Reader(NamedTuple):
    """Who reads: the address of the calendar's owner, and what of the calendar is hidden."""

    owner: str = ""
    foreign: bool = False  # a colleague's calendar
    sees_private: bool = True


def occurrence_id(series: str, rid: str) -> str:
    """Return our id of an occurrence: Graph's own says nothing of its series and its place."""
    return f"{series}#{rid}"


def parts_of(remote_id: str) -> tuple[str, str]:
    """Return (id of the master or single event, recurrence id or "")."""
    series, _, rid = remote_id.partition("#")
    return series, rid


def remote_of(item: object, reader: Reader = Reader()) -> Remote:  # noqa: B008 - a plain value
    """Return a single event or a series master.

    Raises `Rejected` and nothing else, whatever the item is.
    """
    item = _object(item)
    key = name(item.get("id"), "no_id")
    event = _event(item, reader)
    uid = clean(item.get("iCalUId"), 1024) or key
    return replace(
        _copy(item, replace(event, uid=series_uid(uid)), reader),
        id=key,
        recurrence_id="" if event.rule else _alone(uid, event.when),
        client_key=clean(item.get("transactionId"), 1024),
    )


def instance_of(item: object, master: Remote, reader: Reader = Reader()) -> Remote:  # noqa: B008
    """Return an exception or occurrence of ``master``; raises `Rejected` and nothing else."""
    item, series = _object(item), master.event
    if series is None:
        raise rejected("bad_recurrence_id", item.get("id"))
    event = replace(_event(item, reader), uid=series.uid, rule=())
    rid = _original(item, event.when, series.when)
    return replace(
        _copy(item, event, reader),
        id=occurrence_id(master.id, rid),
        series=master.id,
        recurrence_id=rid,
    )


def cancelled_of(listed: object, master: Remote) -> Remote:
    """Return the tombstone for one of ``cancelledOccurrences``: "OID.<master's id>.<day>"."""
    written = listed.rpartition(".")[2] if isinstance(listed, str) else ""
    when = master.event.when if master.event else None
    try:
        day = datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 - a date
    except ValueError:
        raise rejected("bad_recurrence_id", listed) from None
    if when is None:
        raise rejected("bad_recurrence_id", listed)
    rid = _rid_on(day, when)
    return Remote(occurrence_id(master.id, rid), None, series=master.id, recurrence_id=rid)


def bad_of(item: object, error: Rejected) -> Bad:
    """Return what the quarantine keeps of an event that could not be read."""
    key = item.get("id") if isinstance(item, dict) else ""
    shown = storable(key[:1024]) if isinstance(key, str) else ""
    if isinstance(item, dict) and item.get("sensitivity") not in OPEN:
        item = {key: item.get(key) for key in ("id", "type", "start", "end", "sensitivity")}
    return Bad(shown, error.reason, error.value, source(item))


def change_key(item: Json) -> str:
    """Return the ETag, which the members of an expanded list lack, made of the change key."""
    if tag := clean(item.get("@odata.etag")):
        return tag
    key = clean(item.get("changeKey"))
    return f'W/"{key}"' if key else ""


def _object(item: object) -> Json:
    if not isinstance(item, dict):
        raise rejected("not_an_object", item)
    return item


def _copy(item: Json, event: Event, reader: Reader) -> Remote:
    own = reader.owner if any(one.email == reader.owner for one in event.attendees) else ""
    organises = item.get("isOrganizer") is True
    if own and not organises:
        # The list in a guest's copy is the organiser's; the own answer stands beside it.
        event = with_answer(event, own, _response(item.get("responseStatus")))
    return Remote(
        id="",
        event=event,
        change_key=change_key(item),
        organises=organises,
        redacted=_hidden(item, reader),
        self_email=own,
        url=link(item.get("webLink"), "https://", "http://"),
    )


def _hidden(item: Json, reader: Reader) -> bool:
    """Whether only the time of a colleague's event is shown."""
    if not reader.foreign:
        return False
    private = item.get("sensitivity") not in OPEN and not reader.sees_private
    return private or item.get("organizer") is None


def _event(item: Json, reader: Reader) -> Event:
    when = _when(item)
    return Event(
        uid="",
        when=when,
        name=clean(item.get("subject")),
        location=_location(item.get("location")),
        description=_description(item.get("body")),
        organiser=_organiser(item.get("organizer")),
        attendees=_attendees(item.get("attendees")),
        rule=lines_of(item.get("recurrence"), when),
        state="cancelled" if item.get("isCancelled") is True else "confirmed",
        # Unknown levels count as private: nobody is shown more than its owner allowed.
        privacy="public" if item.get("sensitivity") in OPEN else "private",
        show_as=choice(item.get("showAs"), SHOW_AS, "busy"),
        conference_url=_conference(item),
        conference=item.get("isOnlineMeeting") is True or bool(_conference(item)),
    )


def _when(item: Json) -> When:
    zone = iana(item.get("originalStartTimeZone"), "UTC")  # a custom zone has no name elsewhere
    if item.get("isAllDay") is not True:
        start = values.instant(item.get("start"), "no_start")
        end = values.instant(item.get("end"), "no_end")
        if end < start:
            raise rejected("end_before_start", f"{start} > {end}")
        return When(start, end, zone)
    first = values.day(item.get("start"), zone, "no_start")
    last = values.day(item.get("end"), zone, "no_end")
    if last < first:
        raise rejected("end_before_start", f"{first} > {last}")
    # Whole days in UTC are nobody's midnight: they float.
    return When(first, max(last, first + DAY), "" if zone == "UTC" else zone)


def _original(item: Json, when: When, series: When) -> str:
    """Return the recurrence id of a member of a series; an occurrence stands where it stood."""
    if item.get("originalStart") is not None:
        return values.original(item["originalStart"], series.allday, series.zone or "UTC")
    if item.get("type") == "exception":
        raise rejected("bad_recurrence_id", item.get("id"))
    return recurrence_id(when.start)


def _alone(uid: str, when: When) -> str:
    """Return the recurrence id of an event whose UID names one occurrence: its guest was invited
    to no more of the series. The hour that it had there is not told, where it was moved."""
    day = day_of(uid)
    return _rid_on(day, when) if day else ""


def _rid_on(day: Any, when: When) -> str:
    """Return the recurrence id of the occurrence on a day, as its series begins at ``when``."""
    if when.allday or not isinstance(when.start, datetime):
        return recurrence_id(day)
    wall: time = local(when.start, when.zone).time()
    return recurrence_id(instant_of(datetime.combine(day, wall), when.zone))


def _location(place: object) -> str:
    if place is None:
        return ""
    return clean(_part(place, "bad_text").get("displayName"))


def _description(body: object) -> str:
    if body is None:
        return ""
    part = _part(body, "bad_text")
    kind = choice(part.get("contentType"), {"html": "html", "text": "text"}, "html")
    return inside(clean(part.get("content"), BODY), kind)


def _organiser(person: object) -> str:
    return _address(_part(person, "bad_attendee").get("emailAddress"))[0] if person else ""


def _attendees(people: object) -> tuple[Attendee, ...]:
    if people is None:
        return ()
    if not isinstance(people, list):
        raise rejected("bad_attendee", people)
    found: dict[tuple[str, str], Attendee] = {}
    for person in people:
        attendee = _attendee(_part(person, "bad_attendee"))
        found.setdefault((attendee.email, "" if attendee.email else attendee.name), attendee)
    found.pop(("", ""), None)  # neither address nor name: nobody
    return tuple(found.values())


def _attendee(person: Json) -> Attendee:
    address, shown = _address(person.get("emailAddress"))
    kind = choice(person.get("type"), KINDS, "required")
    return Attendee(address, shown, _response(person.get("status")), kind)


def _address(person: object) -> tuple[str, str]:
    """Return (address, name); what Exchange writes for want of a name is none."""
    part = _part(person, "bad_attendee") if person else {}
    written, shown = clean(part.get("address")), clean(part.get("name"))
    address = email(written) if "@" in written else ""  # else a directory entry: /o=…
    return address, "" if address and shown.lower() == address else shown


def _response(status: object) -> Response:
    said = _part(status, "bad_choice").get("response") if status else None
    return choice(said, RESPONSES, "needs_action")


def _conference(item: Json) -> str:
    """Return where to join by video (https only)."""
    meeting = item.get("onlineMeeting")
    joined = meeting.get("joinUrl") if isinstance(meeting, dict) else None
    return link(joined or item.get("onlineMeetingUrl"), "https://")


def _part(value: object, reason: str) -> Json:
    if not isinstance(value, dict):
        raise rejected(reason, value)
    return value
