"""The properties of a calendar item: names, types, and which of them a client may write.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendaritem
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from . import ews_recurrence as recurrence
from .ews_errors import EwsError
from .ews_time import UTC, parse, zone_of
from .ews_xml import Element, children, find, local, text

RESPONSES = ("Unknown", "Organizer", "Tentative", "Accept", "Decline", "NoResponseReceived")
BUSY = ("Free", "Tentative", "Busy", "OOF", "WorkingElsewhere", "NoData")
CHOICES = {
    "Sensitivity": ("Normal", "Personal", "Private", "Confidential"),
    "Importance": ("Low", "Normal", "High"),
    "LegacyFreeBusyStatus": BUSY,
    "MyResponseType": RESPONSES,
}


@dataclass(frozen=True)
class Field:
    """One property."""

    uri: str
    kind: str = "text"
    writable: bool = False
    findable: bool = True  # FindItem and SyncFolderItems return it

    @property
    def name(self) -> str:
        """Return the name of its element."""
        return self.uri.partition(":")[2]


def _field(line: str) -> Field:
    uri, kind, *marks = line.split()
    return Field(uri, kind, "w" in marks, "-" not in marks)


# In the order of the schema. w: may be written; -: GetItem alone returns it.
FIELDS = {
    field.name: field
    for field in map(
        _field,
        """
        item:MimeContent text -
        item:ItemId id
        item:ParentFolderId folder
        item:ItemClass text
        item:Subject text w
        item:Sensitivity choice w
        item:Body body w -
        item:Attachments none -
        item:DateTimeReceived time
        item:Size int
        item:Categories strings w
        item:Importance choice w
        item:InReplyTo text w
        item:IsSubmitted bool
        item:IsDraft bool
        item:IsFromMe bool
        item:IsResend bool
        item:IsUnmodified bool
        item:InternetMessageHeaders none -
        item:DateTimeSent time
        item:DateTimeCreated time
        item:ResponseObjects responses -
        item:ReminderDueBy time w
        item:ReminderIsSet bool w
        item:ReminderMinutesBeforeStart int w
        item:DisplayCc text
        item:DisplayTo text
        item:HasAttachments bool
        item:Culture text w
        calendar:UID text w
        calendar:RecurrenceId time
        calendar:DateTimeStamp time
        calendar:Start time w
        calendar:End time w
        calendar:OriginalStart time
        calendar:IsAllDayEvent bool w
        calendar:LegacyFreeBusyStatus choice w
        calendar:Location text w
        calendar:When text w
        calendar:IsMeeting bool
        calendar:IsCancelled bool
        calendar:IsRecurring bool
        calendar:MeetingRequestWasSent bool
        calendar:IsResponseRequested bool w
        calendar:CalendarItemType choice
        calendar:MyResponseType choice
        calendar:Organizer mailbox
        calendar:RequiredAttendees people w -
        calendar:OptionalAttendees people w -
        calendar:Resources people w -
        calendar:ConflictingMeetingCount int -
        calendar:AdjacentMeetingCount int -
        calendar:ConflictingMeetings none -
        calendar:AdjacentMeetings none -
        calendar:Duration text
        calendar:TimeZone text
        calendar:AppointmentReplyTime time
        calendar:AppointmentSequenceNumber int
        calendar:AppointmentState int
        calendar:Recurrence recurrence w -
        calendar:FirstOccurrence occurrence -
        calendar:LastOccurrence occurrence -
        calendar:ModifiedOccurrences occurrences -
        calendar:DeletedOccurrences deletions -
        calendar:StartWallClock wall
        calendar:EndWallClock wall
        calendar:StartTimeZoneId text
        calendar:EndTimeZoneId text
        calendar:EnhancedLocation none
        calendar:IsOrganizer bool
        calendar:JoinOnlineMeetingUrl none
        calendar:OnlineMeetingSettings none
        calendar:MeetingTimeZone none w
        calendar:StartTimeZone zone w
        calendar:EndTimeZone zone w
        calendar:ConferenceType int w
        calendar:AllowNewTimeProposal bool w
        calendar:IsOnlineMeeting bool
        calendar:MeetingWorkspaceUrl text w
        calendar:NetShowUrl text w
        item:EffectiveRights rights
        item:LastModifiedName text
        item:LastModifiedTime time
        item:IsAssociated bool
        item:WebClientReadFormQueryString text -
        item:WebClientEditFormQueryString text -
        item:ConversationId none
        item:UniqueBody body -
        item:TextBody textbody -
        item:Preview text
        item:Flag none
        item:InstanceKey none
        item:NormalizedBody body -
        item:EntityExtractionResult none
        item:PolicyTag none
        item:ArchiveTag none
        item:RetentionDate none
        item:StoreEntryId none
        item:ReminderNextTime time
        item:IconIndex none
        """.strip().splitlines(),
    )
}
URIS = {field.uri: field for field in FIELDS.values()}
PEOPLE = ("RequiredAttendees", "OptionalAttendees", "Resources")
DEFAULT_SHAPE = (
    *("ItemId", "Subject", "HasAttachments", "ResponseObjects", "Start", "End", "Location"),
    *("LegacyFreeBusyStatus", "Organizer", "RequiredAttendees", "OptionalAttendees", "Recurrence"),
    *("CalendarItemType", "IsRecurring", "IsMeeting", "UID"),
)


def value(element: Element, zone: tzinfo = UTC) -> Any:
    """Read the value of one property; a time without offset is one in the zone of the request."""
    field = FIELDS[local(element)]
    content = element.text or ""
    if field.kind == "time":
        return parse(content, zone)
    reader = _READERS.get(field.kind)
    return reader(field, element) if reader else content


def _choice(field: Field, element: Element) -> str:
    content = (element.text or "").strip()
    if content not in CHOICES[field.name]:
        raise EwsError("ErrorInvalidArgument", f"{field.name} cannot be {content!r}.")
    return content


def _bool(field: Field, element: Element) -> bool:
    content = (element.text or "").strip()
    if content not in ("true", "false", "0", "1"):
        raise EwsError("ErrorInvalidArgument", f"{field.name} cannot be {content!r}.")
    return content in ("true", "1")


def _int(field: Field, element: Element) -> int:
    try:
        return int(element.text or "")
    except ValueError:
        raise EwsError("ErrorInvalidArgument", f"{field.name} is no number.") from None


def _body(_: Field, element: Element) -> dict[str, str]:
    return {"type": element.get("BodyType", "Text"), "text": element.text or ""}


def _people(_: Field, element: Element) -> list[dict[str, str]]:
    return [person(one) for one in children(element)]


def person(element: Element) -> dict[str, str]:
    """Read an attendee; what a client says of the answer counts, as it does at Exchange."""
    box = find(element, "t:Mailbox")
    email = text(element, "t:Mailbox", "t:EmailAddress").strip()
    if box is None or "@" not in email:
        raise EwsError("ErrorMailRecipientNotFound", f"{email!r} is no e-mail address.")
    name = text(element, "t:Mailbox", "t:Name") or email
    answer = text(element, "t:ResponseType") or "Unknown"
    return {"name": name, "email": email, "response": answer}


def _zone(_: Field, element: Element) -> str:
    name = element.get("Id", "")
    zone_of(name)
    return name


def _strings(_: Field, element: Element) -> list[str]:
    return [one.text or "" for one in children(element)]


_READERS = {
    "choice": _choice,
    "bool": _bool,
    "int": _int,
    "body": _body,
    "people": _people,
    "zone": _zone,
    "strings": _strings,
    "recurrence": lambda _, element: recurrence.read(element),
}
