"""The bodies of our calls, in the order that the schema demands.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from odoo.addons.synced_meetings.sync.event import Window
from odoo.addons.synced_meetings.sync.rules import UTC

from .ews_xml import Element, new
from .property_names import KEY, SET, ZONE

PRIMARY = "primary"  # the id by which a mailbox' own calendar is listed and asked for

# Exactly what ews_translate.py reads: each property is a look-up of its own for Exchange.
FIELDS = (
    *("item:ParentFolderId", "item:Subject", "item:Sensitivity", "item:Body"),
    *("item:WebClientReadFormQueryString", "calendar:UID", "calendar:RecurrenceId"),
    *("calendar:Start", "calendar:End", "calendar:OriginalStart", "calendar:IsAllDayEvent"),
    *("calendar:LegacyFreeBusyStatus", "calendar:Location", "calendar:IsMeeting"),
    *("calendar:IsCancelled", "calendar:MyResponseType", "calendar:Organizer"),
    *("calendar:RequiredAttendees", "calendar:OptionalAttendees", "calendar:Resources"),
    *("calendar:Recurrence", "calendar:LastOccurrence", "calendar:ModifiedOccurrences"),
    *("calendar:DeletedOccurrences", "calendar:StartTimeZone"),
)
PEOPLE = ("calendar:RequiredAttendees", "calendar:OptionalAttendees", "calendar:Resources")
ROLE = ("calendar:IsCancelled", "calendar:IsMeeting", "calendar:MyResponseType")
STANDING = (*PEOPLE, *ROLE)  # what is looked at before a write
PLACED = ("calendar:Start", "calendar:OriginalStart", "calendar:RecurrenceId")
RIGHTS = ("folder:DisplayName", "folder:EffectiveRights")


class Place(NamedTuple):
    """Which calendar is meant: a mailbox's own, or another folder by its id."""

    mailbox: str
    calendar_id: str = PRIMARY

    @property
    def folder(self) -> Element:
        """Return the reference to it."""
        if self.calendar_id != PRIMARY:
            return new("t:FolderId", Id=self.calendar_id)
        return self.distinguished("calendar")

    def distinguished(self, name: str) -> Element:
        """Return the reference to a folder that every mailbox has."""
        address = new("t:EmailAddress", self.mailbox)
        return new("t:DistinguishedFolderId", new("t:Mailbox", address), Id=name)


class Ref(NamedTuple):
    """An item by Exchange's own id, or the n-th occurrence of one."""

    id: str
    key: str = ""
    number: int = 0

    @property
    def element(self) -> Element:
        """Return the reference as it stands in a call."""
        key = {"ChangeKey": self.key} if self.key else {}
        if not self.number:
            return new("t:ItemId", Id=self.id, **key)
        number = str(self.number)
        return new("t:OccurrenceItemId", RecurringMasterId=self.id, **key, InstanceIndex=number)


def shape(tag: str, fields: Iterable[str], ours: Iterable[str] = ()) -> Element:
    """Return what is wanted to be known of items or folders."""
    paths = [property_path(name) for name in ours]
    paths += [new("t:FieldURI", FieldURI=name) for name in fields]
    more = new("t:AdditionalProperties", *paths) if paths else None
    return new(tag, new("t:BaseShape", "IdOnly"), more)


def property_path(name: str) -> Element:
    """Return the path of one of our extended properties."""
    return new("t:ExtendedFieldURI", PropertySetId=SET, PropertyName=name, PropertyType="String")


def own_property(name: str, value: str) -> Element:
    """Return one of our extended properties with its value."""
    return new("t:ExtendedProperty", property_path(name), new("t:Value", value))


def sync(place: Place, state: str | None, most: int) -> Element:
    """Return SyncFolderItems: ids only, for each further property costs as much again."""
    return new(
        "m:SyncFolderItems",
        shape("m:ItemShape", ()),
        new("m:SyncFolderId", place.folder),
        new("m:SyncState", state) if state else None,
        new("m:MaxChangesReturned", str(most)),
    )


def get(refs: Sequence[Ref], fields: Sequence[str] = FIELDS) -> Element:
    """Return GetItem."""
    ours = (KEY, ZONE) if fields is FIELDS else ()
    ids = new("m:ItemIds", *(ref.element for ref in refs))
    return new("m:GetItem", shape("m:ItemShape", fields, ours), ids)


def find_keys(place: Place, keys: Sequence[str]) -> Element:
    """Return FindItem: who of these client keys is in the calendar, or was deleted from it."""
    tests = [
        new(
            "t:IsEqualTo",
            property_path(KEY),
            new("t:FieldURIOrConstant", new("t:Constant", Value=key)),
        )
        for key in keys
    ]
    view = new("m:IndexedPageItemView", MaxEntriesReturned="500", Offset="0", BasePoint="Beginning")
    return new(
        "m:FindItem",
        shape("m:ItemShape", (), (KEY,)),
        view,
        new("m:Restriction", new("t:Or", *tests) if len(tests) > 1 else tests[0]),
        new("m:ParentFolderIds", place.folder, place.distinguished("deleteditems")),
        Traversal="Shallow",
    )


def create(place: Place, items: Sequence[Element], send: str) -> Element:
    """Return CreateItem for calendar items."""
    return new(
        "m:CreateItem",
        new("m:SavedItemFolderId", place.folder),
        new("m:Items", *items),
        MessageDisposition="SaveOnly",
        SendMeetingInvitations=send,
    )


def respond(place: Place, answers: Sequence[Element]) -> Element:
    """Return CreateItem for answers: the organiser is told."""
    return new(
        "m:CreateItem",
        new("m:SavedItemFolderId", place.distinguished("sentitems")),
        new("m:Items", *answers),
        MessageDisposition="SendAndSaveCopy",
        SendMeetingInvitations="SendToNone",
    )


def answer(ref: Ref, word: str) -> Element:
    """Return AcceptItem, TentativelyAcceptItem or DeclineItem."""
    return new(f"t:{word}", new("t:ReferenceItemId", Id=ref.id, ChangeKey=ref.key))


def cancellation(ref: Ref, message: str) -> Element:
    """Return CancelCalendarItem: the guests are told with a message."""
    reference = new("t:ReferenceItemId", Id=ref.id, ChangeKey=ref.key)
    return new("t:CancelCalendarItem", reference, new("t:NewBodyContent", message, BodyType="Text"))


def update(changes: Sequence[Element], send: str) -> Element:
    """Return UpdateItem: nothing that changed meanwhile is overwritten."""
    return new(
        "m:UpdateItem",
        new("m:ItemChanges", *changes),
        ConflictResolution="NeverOverwrite",
        MessageDisposition="SaveOnly",
        SendMeetingInvitationsOrCancellations=send,
    )


def delete(refs: Sequence[Ref], send: str) -> Element:
    """Return DeleteItem: into the deleted items, where its owner finds it again."""
    return new(
        "m:DeleteItem",
        new("m:ItemIds", *(ref.element for ref in refs)),
        DeleteType="MoveToDeletedItems",
        SendMeetingCancellations=send,
        AffectedTaskOccurrences="AllOccurrences",
    )


def folders(references: Sequence[Element], fields: Sequence[str] = ()) -> Element:
    """Return GetFolder."""
    ids = new("m:FolderIds", *references)
    return new("m:GetFolder", shape("m:FolderShape", fields), ids)


def calendars(place: Place) -> Element:
    """Return FindFolder for every calendar of the mailbox."""
    test = new(
        "t:IsEqualTo",
        new("t:FieldURI", FieldURI="folder:FolderClass"),
        new("t:FieldURIOrConstant", new("t:Constant", Value="IPF.Appointment")),
    )
    return new(
        "m:FindFolder",
        shape("m:FolderShape", RIGHTS),
        new("m:Restriction", test),
        new("m:ParentFolderIds", place.distinguished("msgfolderroot")),
        Traversal="Deep",
    )


def availability(emails: Sequence[str], window: Window) -> Element:
    """Return GetUserAvailability, with all times in UTC."""
    turns = (new("t:StandardTime", *_turn("1")), new("t:DaylightTime", *_turn("7")))
    people = [
        new(
            "t:MailboxData",
            new("t:Email", new("t:Address", email), new("t:RoutingType", "SMTP")),
            new("t:AttendeeType", "Required"),
            new("t:ExcludeConflicts", "false"),
        )
        for email in emails
    ]
    span = new(
        "t:TimeWindow",
        new("t:StartTime", _naive(window.start)),
        new("t:EndTime", _naive(window.stop)),
    )
    return new(
        "m:GetUserAvailabilityRequest",
        new("t:TimeZone", new("t:Bias", "0"), *turns),
        new("m:MailboxDataArray", *people),
        new(
            "t:FreeBusyViewOptions",
            span,
            new("t:MergedFreeBusyIntervalInMinutes", "60"),
            new("t:RequestedView", "FreeBusy"),
        ),
    )


def _turn(month: str) -> tuple[Element, ...]:
    """Return when a zone changes its clock, which UTC never does: by nothing."""
    return (
        new("t:Bias", "0"),
        new("t:Time", "00:00:00"),
        new("t:DayOrder", "1"),
        new("t:Month", month),
        new("t:DayOfWeek", "Sunday"),
    )


def _naive(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
