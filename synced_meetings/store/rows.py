"""Between the engine's events and the rows of meetings and series."""

import hashlib
from datetime import datetime, time, timedelta, timezone

from odoo.addons.synced_meetings.sync.event import Attendee, Event, When
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id
from odoo.addons.synced_meetings.sync.rules import instant_of, local
from odoo.addons.synced_meetings.sync.telling import version

TEXTS = ("name", "location", "description", "privacy", "show_as")  # what a person writes
SAME = ("name", "location", "description", "state", "privacy", "show_as", "conference_url")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def event_of(record):
    """Return a meeting or series as its copies may show it: without who is not invited yet.

    Whom Odoo mailed stays Odoo's to tell: no copy names them (rule R20).
    """
    if is_odoos(record):
        return event_with(record, record.attendee_ids.browse())
    return event_with(record, record.attendee_ids.filtered(lambda row: not is_withheld(row)))


def whole_event_of(record):
    """Return a meeting or series with all its people."""
    return event_with(record, record.attendee_ids)


def is_odoos(record):
    """Whether Odoo tells the people of a meeting or series, and no calendar (rule R20)."""
    return record.mailed or ("series_id" in record and record.series_id.mailed)


def is_withheld(row):
    """Whether an attendee was put down here and is not to be invited yet."""
    return not (row.asked_version or row.told_version)


def is_waiting(row):
    """Whether an attendee is to be told what was not told yet."""
    return bool(row.asked_version) and row.asked_version != row.told_version


def changed(before, after):
    """Return what differs between two dicts of the same field values, as it is after."""
    return {name: value for name, value in after.items() if value != before[name]}


def written_span(when):
    """Return a span as a person would write it; its length follows."""
    return {name: value for name, value in span_values(when).items() if name != "duration"}


def event_with(record, people):
    """Return a meeting or series with some of its people."""
    return Event(
        uid=record.ical_uid or "",
        when=when_of(record),
        organiser=record.organiser_email or "",
        attendees=tuple(
            sorted((attendee_of(row) for row in people), key=lambda a: (a.email, a.name))
        ),
        rule=tuple(filter(None, (record.rrule or "").split("\n"))) if "rrule" in record else (),
        conference=bool(record.conference_url or record.conference_wanted),
        attachments=tuple((title, url) for title, url in record.attachments or ()),
        **{name: str(record[name] or "") for name in SAME},
    )


def when_of(record):
    """Return the span of a meeting or series; naive datetimes of the ORM are UTC."""
    if record.allday:
        return When(record.start_date, record.stop_date + DAY, record.timezone or "")
    return When(aware(record.start), aware(record.stop), record.timezone or "")


def aware(moment):
    """Return a naive datetime of the ORM as the UTC instant that it is."""
    return moment.replace(tzinfo=timezone.utc)


def local_wall(moment, zone):
    """Return a naive datetime of the ORM as wall time in ``zone``."""
    return local(aware(moment), zone)


def wall_of(when):
    """Return the start of a span as wall time in its zone."""
    if when.allday:
        return datetime.combine(when.start, time())
    return local(when.start, when.zone)


def placed(start, when):
    """Return a span like ``when`` that starts at a wall time."""
    if when.allday:
        return When(start.date(), start.date() + when.duration, when.zone)
    begin = instant_of(start, when.zone)
    return When(begin, begin + when.duration, when.zone)


def last_moment(day, when):
    """Return the end of a day as an UNTIL of a series that starts like ``when``."""
    if when.allday:
        return recurrence_id(day)
    return recurrence_id(instant_of(datetime.combine(day, time(23, 59, 59)), when.zone))


def attendee_of(row):
    """Return an attendee row as the engine's value."""
    email = row.email or ""
    return Attendee(email, row.name or "", row.response, row.kind)


def values_of(event):
    """Return the field values of a meeting that shows ``event``, its people left out."""
    values = {name: getattr(event, name) or False for name in SAME}
    values["conference_wanted"] = event.conference and not event.conference_url
    values["attachments"] = [list(one) for one in event.attachments] or False
    values |= {"ical_uid": event.uid, "organiser_email": event.organiser or False}
    return values | span_values(event.when)


def span_values(when):
    """Return the fields that hold a span; all-day ones keep their dates, the end included."""
    if when.allday:
        last = max(when.end - DAY, when.start)
        return {
            "allday": True,
            "start_date": when.start,
            "stop_date": last,
            "start": datetime.combine(when.start, time()),
            "stop": datetime.combine(last, time(23, 59, 59)),
            "duration": (last - when.start + DAY) / timedelta(hours=1),
            "timezone": when.zone or False,
        }
    start, stop = (m.astimezone(timezone.utc).replace(tzinfo=None) for m in (when.start, when.end))
    return {
        "allday": False,
        "start_date": False,
        "stop_date": False,
        "start": start,
        "stop": stop,
        "duration": (stop - start) / timedelta(hours=1),
        "timezone": when.zone or False,
    }


def series_values(event):
    """Return the field values of a series whose master is ``event``."""
    return values_of(event) | {"rrule": "\n".join(event.rule)}


def attendees_values(event, people):
    """Return the rows of the attendees of ``event`` that a calendar holds, who were told of it."""
    if not event.attendees:
        return []
    told = version(event)
    return [
        attendee_values(a, event, people) | {"asked_version": told, "told_version": told}
        for a in event.attendees
    ]


def attendee_values(attendee, event, people):
    """Return the row of one attendee of ``event``."""
    return {
        "email": attendee.email or False,
        "name": attendee.name or False,
        "response": attendee.response,
        "kind": attendee.kind,
        "is_organiser": bool(attendee.email) and attendee.email == event.organiser,
        "partner_id": people.partner(attendee.email),
        "user_id": people.user(attendee.email),
    }


def unit_key(event, rid=""):
    """Return what all copies of one event have in common, None where nothing does (rule R15)."""
    if not event.uid:
        return None
    unit = f"{event.uid}\n{rid}\n{event.organiser}"
    return hashlib.blake2b(unit.encode(), digest_size=16).hexdigest()


def own_rid(event):
    """Return the recurrence id that a single event has as the first of a series."""
    return recurrence_id(event.when.start)
