"""Events as JSON, for the ``base`` that a link keeps."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from .event import Attendee, Event, When

VERSION = 2  # of `Event`: a base made by an older one lacks the fields that came later
# The version of each field that came later, by its name.
SINCE: dict[str, int] = {"conference": 2, "attachments": 2}
NAMES = [
    f.name for f in fields(Event) if f.name not in ("when", "attendees", "rule", "attachments")
]
DEFAULTS = {f.name: f.default for f in fields(Event)}
OF_ATTENDEE = [f.name for f in fields(Attendee)]


def dump(event: Event) -> dict[str, Any]:
    """Return ``event`` as JSON values, without what has its default."""
    data = {n: getattr(event, n) for n in NAMES if getattr(event, n) != DEFAULTS[n]}
    when = event.when
    data["when"] = [when.start.isoformat(), when.end.isoformat(), when.zone]
    if event.attendees:
        data["attendees"] = [[a.email, a.name, a.response, a.kind] for a in event.attendees]
    if event.rule:
        data["rule"] = list(event.rule)
    if event.attachments:
        data["attachments"] = [list(one) for one in event.attachments]
    return data | {"v": VERSION}


def load(data: dict[str, Any], local: Event | None = None) -> Event:
    """Return the event that `dump` made ``data`` of.

    Of a base, ``local`` is the event as it is here: a field that the base's version did not know
    counts as agreed, and so is as it is here (rule R4).
    """
    values = {name: data[name] for name in NAMES if name in data}
    values["attachments"] = tuple((title, url) for title, url in data.get("attachments", ()))
    if data["v"] < 2:  # where there was a way to join, the service had made it
        values["conference"] = bool(values.get("conference_url"))
    if local:
        values |= {name: getattr(local, name) for name in SINCE if SINCE[name] > data["v"]}
    start, end, zone = data["when"]
    people = {a.email: a for a in local.attendees} if local else {}
    return Event(
        when=When(_moment(start), _moment(end), zone),
        attendees=tuple(_attendee(one, people) for one in data.get("attendees", ())),
        rule=tuple(data.get("rule", ())),
        **values,
    )


def _attendee(values: list[str], people: dict[str, Attendee]) -> Attendee:
    attendee = Attendee(*values)
    here, later = people.get(attendee.email), OF_ATTENDEE[len(values) :]
    return replace(attendee, **{n: getattr(here, n) for n in later}) if here else attendee


def _moment(value: str) -> datetime | date:
    return datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
