"""Items of EWS as values of ours, and nothing else: no request, no clock.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import (
    Bad,
    Event,
    Remote,
    ShowAs,
    When,
    with_answer,
)
from odoo.addons.synced_meetings.sync.reading import (
    PAYLOAD,
    choice,
    clean,
    link,
    name,
    rejected,
    storable,
)
from odoo.addons.synced_meetings.sync.recurrence import recurrence_id

from . import ews_values as values
from .ews_recurrence import lines_of
from .ews_values import Reader
from .ews_xml import Element, children, find, local, source, text
from .graph_translate import occurrence_id
from .property_names import KEY
from .uid import series_uid

DAY = timedelta(days=1)
OPEN = (None, "Normal")
OUTLINE = ("ItemId", "Start", "End", "Sensitivity", "CalendarItemType")
SHOW_AS: dict[str, ShowAs] = {
    "Free": "free",
    "Tentative": "tentative",
    "Busy": "busy",
    "OOF": "oof",
    "WorkingElsewhere": "elsewhere",
    "NoData": "busy",
}


@dataclass(frozen=True, slots=True)
class Series:
    """What a master says of its occurrences, by recurrence id: Exchange's ids, and who is gone."""

    modified: dict[str, str]
    deleted: tuple[str, ...]
    last: str = ""  # when the last of them ends; "" where there is none


def id_of(item: Element) -> str:
    """Return an item's id, "" where it has none."""
    said = find(item, "t:ItemId")
    return (said.get("Id") or "") if said is not None else ""


def key_of(item: Element) -> str:
    """Return an item's change key."""
    said = find(item, "t:ItemId")
    return clean(said.get("ChangeKey"), 1024) if said is not None else ""


def remote_of(item: Element, reader: Reader) -> Remote:
    """Return a single event or a series master. Raises `Rejected` and nothing else."""
    key = name(id_of(item), "no_id")
    uid = clean(text(item, "t:UID"), 1024) or key
    event = replace(_event(item, reader), uid=series_uid(uid))
    alone = None if event.rule else text(item, "t:RecurrenceId")
    return replace(
        _copy(item, event, reader),
        id=key,
        # Its owner was invited to this one of a series only (rule R15).
        recurrence_id=_rid(alone, item, event.when, reader) if alone else "",
        client_key=values.extended(item, KEY),
    )


def instance_of(item: Element, master: Remote, rid: str, reader: Reader) -> Remote:
    """Return an exception or occurrence of ``master``. Raises `Rejected` and nothing else."""
    if master.event is None:
        raise rejected("bad_recurrence_id", rid)
    event = replace(_event(item, reader), uid=master.event.uid, rule=())
    key = occurrence_id(master.id, rid)
    return replace(_copy(item, event, reader), id=key, series=master.id, recurrence_id=rid)


def cancelled_of(master: str, rid: str) -> Remote:
    """Return the tombstone of one occurrence."""
    return Remote(occurrence_id(master, rid), None, series=master, recurrence_id=rid)


def series_of(item: Element, when: When, reader: Reader) -> Series:
    """Return what a master says of its exceptions. Raises `Rejected`."""
    ends = [text(find(item, "t:LastOccurrence"), "t:End")]
    modified = {}
    for one in children(item, "t:ModifiedOccurrences"):
        modified[_rid(text(one, "t:OriginalStart"), item, when, reader)] = id_of(one)
        ends.append(text(one, "t:End"))
    gone = (text(one, "t:Start") for one in children(item, "t:DeletedOccurrences"))
    deleted = tuple(_rid(start, item, when, reader) for start in gone)
    return Series(modified, deleted, max(filter(None, ends), default="") if ends[0] else "")


def original_of(item: Element, master: Element, when: When, reader: Reader) -> str:
    """Return the recurrence id of an item that is an occurrence of ``master``."""
    said = text(item, "t:OriginalStart") or text(item, "t:RecurrenceId") or text(item, "t:Start")
    return _rid(said, master, when, reader)


def bad_of(item: Element, error: Rejected, key: str = "") -> Bad:
    """Return what the quarantine keeps of an event that could not be read."""
    if text(item, "t:Sensitivity") not in OPEN:
        for one in [one for one in item if local(one) not in OUTLINE]:
            item.remove(one)
    said = storable(source(item))
    payload = said if len(said) <= PAYLOAD else f"{said[:PAYLOAD]}…"
    return Bad(key or storable(id_of(item)[:1024]), error.reason, error.value, payload)


def _rid(written: str | None, item: Element, when: When, reader: Reader) -> str:
    try:
        start = values.instant(written)
    except Rejected:
        raise rejected("bad_recurrence_id", written) from None
    if when.allday:
        return recurrence_id(values.day(start, values.zone_of(item, reader)))
    return recurrence_id(start)


def organises(item: Element | None) -> bool:
    """Whether an item is the organiser's own copy; what is no meeting has no other."""
    said = text(item, "t:MyResponseType")
    return said == "Organizer" or text(item, "t:IsMeeting") != "true"


def _copy(item: Element, event: Event, reader: Reader) -> Remote:
    own = reader.mailbox if any(a.email == reader.mailbox for a in event.attendees) else ""
    own_copy = organises(item)
    if own and not own_copy:
        # The list in a guest's copy is the organiser's; the own answer stands beside it.
        answer = choice(text(item, "t:MyResponseType"), values.RESPONSES, "needs_action")
        event = with_answer(event, own, answer)
    if own_copy:
        event = replace(event, organiser=reader.mailbox)
    return Remote(
        id="",
        event=event,
        change_key=key_of(item),
        organises=own_copy,
        self_email=own,
        url=link(text(item, "t:WebClientReadFormQueryString"), "https://"),
    )


def _event(item: Element, reader: Reader) -> Event:
    if local(item) != "CalendarItem":
        raise rejected("not_an_object", local(item))
    when = _when(item, reader)
    return Event(
        uid="",
        when=when,
        name=clean(text(item, "t:Subject")),
        location=clean(text(item, "t:Location")),
        description=values.described(item),
        organiser=values.mailbox(find(item, "t:Organizer", "t:Mailbox"))[0],
        attendees=values.attendees(item),
        rule=lines_of(find(item, "t:Recurrence"), when),
        state="cancelled" if text(item, "t:IsCancelled") == "true" else "confirmed",
        # Unknown levels count as private: nobody is shown more than its owner allowed.
        privacy="public" if text(item, "t:Sensitivity") in OPEN else "private",
        show_as=choice(text(item, "t:LegacyFreeBusyStatus"), SHOW_AS, "busy"),
    )


def _when(item: Element, reader: Reader) -> When:
    start = values.instant(text(item, "t:Start"), "no_start")
    end = values.instant(text(item, "t:End"), "no_end")
    if end < start:
        raise rejected("end_before_start", f"{start} > {end}")
    zone = values.zone_of(item, reader)
    if text(item, "t:IsAllDayEvent") != "true":
        return When(start, end, zone)
    first, last = values.day(start, zone), values.day(end, zone)
    return When(first, max(last, first + DAY))  # whole days float, as people mean them
