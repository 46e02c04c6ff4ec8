"""Events as JSON, for the ``base`` that a link keeps."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from .event import Attendee, Event, When

VERSION = 1  # of `Event`: a base made by an older one lacks the fields that came later
NAMES = [f.name for f in fields(Event) if f.name not in ("when", "attendees", "rule")]
DEFAULTS = {f.name: f.default for f in fields(Event)}


def dump(event: Event) -> dict[str, Any]:
    """Return ``event`` as JSON values, without what has its default."""
    data = {n: getattr(event, n) for n in NAMES if getattr(event, n) != DEFAULTS[n]}
    when = event.when
    data["when"] = [when.start.isoformat(), when.end.isoformat(), when.zone]
    if event.attendees:
        data["attendees"] = [[a.email, a.name, a.response, a.kind] for a in event.attendees]
    if event.rule:
        data["rule"] = list(event.rule)
    return data | {"v": VERSION}


def load(data: dict[str, Any]) -> Event:
    """Return the event that `dump` made ``data`` of."""
    values = {name: data[name] for name in NAMES if name in data}
    start, end, zone = data["when"]
    return Event(
        when=When(_moment(start), _moment(end), zone),
        attendees=tuple(Attendee(*attendee) for attendee in data.get("attendees", ())),
        rule=tuple(data.get("rule", ())),
        **values,
    )


def _moment(value: str) -> datetime | date:
    return datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
