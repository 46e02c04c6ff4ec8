"""What an item answers for each of its properties, as XML."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from . import ews_recurrence as recurrence
from .ews_fields import FIELDS, PEOPLE
from .ews_time import display_name, parse, show, span_text, zone_of
from .ews_views import View, occurrences, span
from .ews_world import change_key
from .ews_xml import Element, add, flag

TAG = re.compile(r"<(style|head)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)
RESPONSES = ("AcceptItem", "TentativelyAcceptItem", "DeclineItem")


def write(parent: Element, name: str, view: View, body: str, rights: str) -> None:
    """Append one property, if the item has it."""
    value = value_of(view, name)
    field = FIELDS[name]
    if field.kind == "rights":
        _rights(add(parent, f"t:{name}"), rights)
    elif field.kind in ("body", "textbody"):
        _body(parent, name, view.data.get("Body"), "Text" if field.kind == "textbody" else body)
    elif value is not None and value != []:
        _WRITERS[field.kind](parent, name, value)


def value_of(view: View, name: str) -> Any:
    """Return the value of one property."""
    computed = _COMPUTED.get(name)
    return computed(view) if computed else view.data.get(name)


def _body(parent: Element, name: str, body: dict[str, str] | None, wanted: str) -> None:
    if body is None:
        return
    kind = body["type"] if wanted == "Best" else wanted
    content = body["text"]
    if kind == "Text" and body["type"] == "HTML":
        content = html.unescape(TAG.sub("", content)).strip()
    elif kind == "HTML" and body["type"] == "Text":
        content = f"<html><body>{html.escape(content)}</body></html>"
    add(parent, f"t:{name}", content, BodyType=kind)


def _rights(shown: Element, rights: str) -> None:
    writes = flag(rights in ("Owner", "Editor"))
    for name in ("CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify"):
        add(shown, f"t:{name}", writes)
    add(shown, "t:Read", "true")
    add(shown, "t:ViewPrivateItems", flag(rights == "Owner"))


def mailbox(parent: Element, one: dict[str, str], kind: str = "Mailbox") -> None:
    """Append an address."""
    box = add(parent, "t:Mailbox")
    add(box, "t:Name", one["name"])
    add(box, "t:EmailAddress", one["email"])
    add(box, "t:RoutingType", one.get("routing", "SMTP"))
    add(box, "t:MailboxType", kind)


def _people(parent: Element, name: str, value: list[dict[str, str]]) -> None:
    shown = add(parent, f"t:{name}")
    for one in value:
        attendee = add(shown, "t:Attendee")
        mailbox(attendee, one)
        add(attendee, "t:ResponseType", one["response"])
        if one.get("time"):
            add(attendee, "t:LastResponseTime", one["time"])


def _zone(parent: Element, name: str, value: tuple[str, Any]) -> None:
    add(parent, f"t:{name}", None, Id=value[0], Name=display_name(*value))


def _recurrence(parent: Element, name: str, value: tuple[Any, str]) -> None:
    recurrence.write(add(parent, f"t:{name}"), *value)


def _occurrence(parent: Element, name: str, view: View) -> None:
    shown = add(parent, f"t:{name}")
    add(shown, "t:ItemId", None, Id=view.id, ChangeKey=view.key)
    add(shown, "t:Start", show(view.start))
    add(shown, "t:End", show(view.end))
    add(shown, "t:OriginalStart", show(span(view.item, view.original)[0]))


def _occurrences(parent: Element, name: str, value: list[View]) -> None:
    shown = add(parent, f"t:{name}")
    for one in value:
        _occurrence(shown, "Occurrence", one)


def _deletions(parent: Element, name: str, value: list[datetime]) -> None:
    shown = add(parent, f"t:{name}")
    for one in value:
        add(add(shown, "t:DeletedOccurrence"), "t:Start", show(one))


def _strings(parent: Element, name: str, value: list[str]) -> None:
    shown = add(parent, f"t:{name}")
    for one in value:
        add(shown, "t:String", one)


def _empty(parent: Element, name: str, value: list[str]) -> None:
    shown = add(parent, f"t:{name}")
    for one in value:
        add(shown, f"t:{one}")


def _text(parent: Element, name: str, value: Any) -> None:
    add(parent, f"t:{name}", str(value))


def _mailbox(parent: Element, name: str, value: dict[str, str]) -> None:
    mailbox(add(parent, f"t:{name}"), value)


def _key(parent: Element, name: str, value: tuple[str, int]) -> None:
    add(parent, f"t:{name}", None, Id=value[0], ChangeKey=change_key(value[1]))


_WRITERS: dict[str, Callable[[Element, str, Any], None]] = {
    "text": _text,
    "choice": _text,
    "int": _text,
    "none": lambda *_: None,
    "id": lambda *_: None,  # it stands first in any case
    "bool": lambda parent, name, value: _text(parent, name, flag(value)),
    "time": lambda parent, name, value: _text(parent, name, show(value)),
    "wall": lambda parent, name, value: _text(parent, name, value.isoformat()),
    "folder": _key,
    "people": _people,
    "mailbox": _mailbox,
    "zone": _zone,
    "recurrence": _recurrence,
    "occurrence": _occurrence,
    "occurrences": _occurrences,
    "deletions": _deletions,
    "strings": _strings,
    "responses": _empty,
}


def _zone_value(name: str) -> Callable[[View], tuple[str, Any]]:
    return lambda view: (
        view.data[name],
        view.item.zone if name == "StartTimeZone" else _end_zone(view),
    )


def _end_zone(view: View) -> Any:
    name = view.data["EndTimeZone"]
    return view.item.zone if name == view.data["StartTimeZone"] else zone_of(name)


def _recurring(view: View) -> tuple[Any, str] | None:
    found = view.item.recurrence
    if found is None or view.original is not None:
        return None
    return found, _offset(view.start.astimezone(view.item.zone))


def _offset(moment: datetime) -> str:
    text = moment.isoformat()[-6:]
    return "Z" if text == "+00:00" else text


def _first(view: View) -> View | None:
    return next(occurrences(view.item), None) if view.type == "RecurringMaster" else None


def _last(view: View) -> View | None:
    if view.type != "RecurringMaster" or view.item.recurrence.endless:
        return None
    return next(iter(deque(occurrences(view.item), maxlen=1)), None)


def _modified(view: View) -> list[View]:
    if view.original is not None:
        return []
    return [View(view.item, one) for one in sorted(view.item.exceptions)]


def _removed(view: View) -> list[datetime]:
    if view.original is not None:
        return []
    return [span(view.item, one)[0] for one in sorted(view.item.deleted)]


def _people_shown(names: tuple[str, ...]) -> Callable[[View], str]:
    def shown(view: View) -> str:
        return "; ".join(one["name"] for name in names for one in view.data.get(name, ()))

    return shown


def _may(view: View) -> list[str]:
    data = view.data
    if view.item.organised_here:
        return ["CancelCalendarItem", "ForwardItem"] if data["IsMeeting"] else ["ForwardItem"]
    return [*RESPONSES, "ReplyToItem", "ReplyAllToItem", "ForwardItem"]


def _reminder(view: View) -> datetime:
    return view.start - timedelta(minutes=view.data["ReminderMinutesBeforeStart"])


def _original(view: View) -> datetime | None:
    return None if view.original is None else span(view.item, view.original)[0]


_COMPUTED: dict[str, Callable[[View], Any]] = {
    "ParentFolderId": lambda view: (view.item.folder.id, view.item.folder.version),
    "ItemClass": lambda view: (
        "IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}"
        if view.type == "Exception"
        else "IPM.Appointment"
    ),
    "DateTimeCreated": lambda view: parse(view.item.created),
    "DateTimeReceived": lambda view: parse(view.item.created),
    "DateTimeSent": lambda view: parse(view.item.created),
    "DateTimeStamp": lambda view: parse(view.item.modified),
    "LastModifiedTime": lambda view: parse(view.item.modified),
    "LastModifiedName": lambda view: view.item.folder.mailbox.name,
    "Size": lambda view: 4_000 + len(str(view.data)),
    "IsSubmitted": lambda _: False,
    "IsDraft": lambda _: False,
    "IsFromMe": lambda _: False,
    "IsResend": lambda _: False,
    "IsUnmodified": lambda _: False,
    "IsAssociated": lambda _: False,
    "HasAttachments": lambda _: False,
    "IsOnlineMeeting": lambda _: False,
    "ResponseObjects": _may,
    "ReminderDueBy": _reminder,
    "DisplayTo": _people_shown(PEOPLE[:1]),
    "DisplayCc": _people_shown(PEOPLE[1:2]),
    "RecurrenceId": _original,
    "OriginalStart": lambda view: _original(view) if view.type == "Exception" else None,
    "IsRecurring": lambda view: view.original is not None,
    "CalendarItemType": lambda view: view.type,
    "Duration": lambda view: span_text(view.end - view.start),
    "TimeZone": lambda view: display_name(view.data["StartTimeZone"], view.item.zone),
    "ConflictingMeetingCount": lambda _: 0,
    "AdjacentMeetingCount": lambda _: 0,
    "Recurrence": _recurring,
    "FirstOccurrence": _first,
    "LastOccurrence": _last,
    "ModifiedOccurrences": _modified,
    "DeletedOccurrences": _removed,
    "Preview": lambda view: view.data["Subject"],
    "ReminderNextTime": _reminder,
    "IsOrganizer": lambda view: view.item.organised_here,
    "StartWallClock": lambda view: view.start.astimezone(view.item.zone),
    "EndWallClock": lambda view: view.end.astimezone(_end_zone(view)),
    "StartTimeZoneId": lambda view: view.data["StartTimeZone"],
    "EndTimeZoneId": lambda view: view.data["EndTimeZone"],
    "StartTimeZone": _zone_value("StartTimeZone"),
    "EndTimeZone": _zone_value("EndTimeZone"),
}
