"""Values of ours as calendar items of EWS, and nothing else: the other way of `ews_translate`.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem-operation
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Attendee, Event
from odoo.addons.synced_meetings.sync.rules import UTC, instant_of

from .ews_payloads import Ref, own_property, property_path
from .ews_recurrence import recurrence_of
from .ews_translate import SHOW_AS
from .ews_values import PEOPLE, key_of, mailbox
from .ews_xml import Element, children, find, new, source, text
from .ews_zones import is_exact, windows
from .property_names import KEY, ZONE
from .uid import HEAD

MOST_GUESTS = 500  # what an organisation lets one message have, unless it says otherwise
SHOWN = {ours: theirs for theirs, ours in SHOW_AS.items() if theirs != "NoData"}
WORDS = {"accepted": "AcceptItem", "tentative": "TentativelyAcceptItem", "declined": "DeclineItem"}
TIMES = ("calendar:Start", "calendar:End", "calendar:StartTimeZone", "calendar:EndTimeZone")
RULE = "calendar:Recurrence"
LISTS = tuple(f"calendar:{name}" for name in PEOPLE)
UID = "calendar:UID"
BOX = ("Name", "EmailAddress", "RoutingType")
# What is made stands in the order of the schema.
ORDER = (
    *("item:Subject", "item:Sensitivity", "item:Body", KEY, ZONE, UID, "calendar:Start"),
    *("calendar:End", "calendar:IsAllDayEvent", "calendar:LegacyFreeBusyStatus"),
    *("calendar:Location", *LISTS, RULE, "calendar:StartTimeZone", "calendar:EndTimeZone"),
)
Values = dict[str, Element | None]  # None: there is nothing, and what there was goes


def new_key() -> str:
    """Return a fresh client key."""
    return uuid.uuid4().hex


def uid_of(client_key: str) -> str:
    """Return the iCalendar UID of an event made with this key: a GlobalObjectId of Exchange's kind.

    It names no day and no moment of making; what is unique has sixteen bytes.
    """
    return f"{HEAD}{'0' * 40}10000000{client_key.upper()}"


def item_of(event: Event, client_key: str, zone: str) -> Element:
    """Return a CalendarItem to be made; ``zone`` is whose midnights whole days have."""
    values = _content(event, zone) | _people(event.attendees)
    values |= {KEY: own_property(KEY, client_key), UID: new("t:UID", uid_of(client_key))}
    if event.rule:
        values[RULE] = recurrence_of(event.when, event.rule)
    return new("t:CalendarItem", *(values.get(name) for name in ORDER))


def changes_of(old: Event, event: Event, zone: str, standing: Element | None) -> Values:
    """Return what differs, and only that. Raises `Rejected`.

    ``standing`` is the item as Exchange has it now, where `invites` says so.
    """
    before, after = _content(old, zone), _content(event, zone)
    values = {name: one for name, one in after.items() if _said(before[name]) != _said(one)}
    zoned = values.keys() & {ZONE, "calendar:StartTimeZone"}
    rules = rules_of(old), rules_of(event)
    if values.keys() & {*TIMES, "calendar:IsAllDayEvent"} or rules[0] != rules[1]:
        values |= {name: after[name] for name in (*TIMES, "calendar:IsAllDayEvent")}
        if event.rule:
            values[RULE] = recurrence_of(event.when, event.rule)
        elif old.rule:
            values[RULE] = None
    if zoned and not event.when.allday:
        # Never only taken away: an older name may stand beside what was changed in Outlook.
        values[ZONE] = own_property(ZONE, event.when.zone or zone or "UTC")
    if standing is not None:
        values |= _lists(old, event, standing)
    return values


def rules_of(event: Event) -> tuple[str, ...]:
    """Return the recurrence lines but those of excluded dates."""
    return tuple(line for line in event.rule if not line.upper().startswith("EXDATE"))


def invites(old: Event | None, event: Event) -> bool:
    """Whether an update touches the attendees."""
    return old is None or _by_key(old.attendees) != _by_key(event.attendees)


def only_guests(values: Values) -> bool:
    """Whether nothing changes but who is invited: then only those need to be told."""
    return bool(values) and not values.keys() - set(LISTS)


def change_element(ref: Ref, values: Values) -> Element:
    """Return an ItemChange."""
    names = (name for name in ORDER if name in values)
    updates = new("t:Updates", *(_update(name, values[name]) for name in names))
    return new("t:ItemChange", ref.element, updates)


def _update(name: str, value: Element | None) -> Element:
    path = property_path(name) if name == ZONE else new("t:FieldURI", FieldURI=name)
    if value is None:
        return new("t:DeleteItemField", path)
    return new("t:SetItemField", path, new("t:CalendarItem", value))


def _said(value: Element | None) -> str:
    return "" if value is None else source(value)


def _content(event: Event, zone: str) -> Values:
    """Return all that is written but people and rule."""
    when = event.when
    own = when.zone or zone or "UTC"
    name = windows(own)
    finer = not when.allday and not is_exact(own)
    return {
        "item:Subject": new("t:Subject", event.name),
        "item:Sensitivity": new(
            "t:Sensitivity", "Normal" if event.privacy == "public" else "Private"
        ),
        "item:Body": new("t:Body", event.description, BodyType="HTML"),
        ZONE: own_property(ZONE, own) if finer else None,
        "calendar:Start": new("t:Start", _stamp(when.start, own)),
        "calendar:End": new("t:End", _stamp(when.end, own)),
        "calendar:IsAllDayEvent": new("t:IsAllDayEvent", "true" if when.allday else "false"),
        "calendar:LegacyFreeBusyStatus": new("t:LegacyFreeBusyStatus", SHOWN[event.show_as]),
        "calendar:Location": new("t:Location", event.location),
        "calendar:StartTimeZone": new("t:StartTimeZone", Id=name),
        "calendar:EndTimeZone": new("t:EndTimeZone", Id=name),
    }


def _stamp(moment: datetime | date, zone: str) -> str:
    if not isinstance(moment, datetime):
        moment = instant_of(datetime.combine(moment, time()), zone)
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


# People


def _people(attendees: Sequence[Attendee]) -> Values:
    _check_number(len(attendees))
    return _listed((one.kind, _entry(one)) for one in attendees)


def _listed(entries: Iterable[tuple[str, Element]]) -> Values:
    found = list(entries)
    lists: Values = {}
    for name, kind in PEOPLE.items():
        people = [entry for one, entry in found if one == kind]
        lists[f"calendar:{name}"] = new(f"t:{name}", *people) if people else None
    return lists


def _entry(attendee: Attendee, response: str = "Unknown") -> Element:
    """Return an Attendee; one that is not told otherwise has accepted, says exchangelib."""
    if not attendee.email:
        raise Rejected("no_address", attendee.name)
    box = new(
        "t:Mailbox",
        new("t:Name", attendee.name) if attendee.name else None,
        new("t:EmailAddress", attendee.email),
        new("t:RoutingType", "SMTP"),
    )
    return new("t:Attendee", box, new("t:ResponseType", response))


def _lists(old: Event, event: Event, standing: Element) -> Values:
    """Return the lists that change, each as a whole: Exchange's own entries with what differs.

    Only so are kept the answers, and people of its directory who have no address.
    """
    before, after = _by_key(old.attendees), _by_key(event.attendees)
    shown = list(_standing(standing))
    gone = before.keys() - after.keys()
    kept = [
        _kept(kind, entry, before.get(key), after.get(key))
        for key, kind, entry in shown
        if key not in gone
    ]
    known = {key for key, _, _ in shown}
    found = kept + [(one.kind, _entry(one)) for key, one in after.items() if key not in known]
    if len(found) > len(shown):
        _check_number(len(found))
    was = _listed((kind, entry) for _, kind, entry in _standing(standing))
    return {name: one for name, one in _listed(found).items() if _said(was[name]) != _said(one)}


def _standing(item: Element) -> Iterator[tuple[tuple[str, str], str, Element]]:
    """Yield (key, kind, a copy of the entry) of each attendee."""
    for name, kind in PEOPLE.items():
        for entry in children(item, f"t:{name}"):
            address, shown = mailbox(find(entry, "t:Mailbox"))
            yield (address, "" if address else shown), kind, _copied(entry)


def _copied(entry: Element) -> Element:
    """Return the parts of an entry that are written; when somebody answered is not ours to say."""
    said = {name: text(entry, "t:Mailbox", f"t:{name}") for name in BOX}
    box = new("t:Mailbox", *(new(f"t:{name}", value) for name, value in said.items() if value))
    return new("t:Attendee", box, new("t:ResponseType", text(entry, "t:ResponseType") or "Unknown"))


def _kept(
    kind: str, entry: Element, old: Attendee | None, attendee: Attendee | None
) -> tuple[str, Element]:
    if attendee is None or old is None or old == attendee:
        return kind, entry
    if attendee.name == old.name or not attendee.email:
        return attendee.kind, entry
    return attendee.kind, _entry(attendee, text(entry, "t:ResponseType") or "Unknown")


def _by_key(attendees: Iterable[Attendee]) -> dict[tuple[str, str], Attendee]:
    # What others answered is said in their own copies.
    return {key_of(one): Attendee(one.email, one.name, kind=one.kind) for one in attendees}


def _check_number(people: int) -> None:
    if people > MOST_GUESTS:
        raise Rejected("too_many_guests", people)
