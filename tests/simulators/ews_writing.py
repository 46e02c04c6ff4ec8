"""CreateItem, UpdateItem and DeleteItem.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem-operation
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from .ews_answers import ANSWERS, answer, cancel
from .ews_call import Call
from .ews_changes import changed
from .ews_edit import change_item, change_occurrence, completed, fresh, remove
from .ews_errors import EwsError, SoapFault
from .ews_extended import read
from .ews_fields import FIELDS, value
from .ews_guests import TO_ALL, TO_CHANGED, call_off, invite
from .ews_ids import found, writable
from .ews_shape import brief
from .ews_views import View
from .ews_world import Data, Folder, Item, version_of
from .ews_xml import Element, add, children, find, local, new

Work = Callable[[], list[Element]]
BINS = {"HardDelete": "", "SoftDelete": "recoverableitemsdeletions"}
BINS["MoveToDeletedItems"] = "deleteditems"
NOBODY = ("SendToNone",)
CONFLICTS = ("NeverOverwrite", "AutoResolve", "AlwaysOverwrite")
DISPOSITIONS = ("SaveOnly", "SendOnly", "SendAndSaveCopy")


def items(*shown: Element) -> list[Element]:
    """Return the Items of an answer."""
    box = new("m:Items")
    box.extend(shown)
    return [box]


def create(call: Call) -> Iterator[Work]:
    """Create items, or send the objects that answer and cancel meetings."""
    call.attribute("MessageDisposition", DISPOSITIONS)
    for element in children(call.required("Items")):
        kind = local(element)
        if kind in ANSWERS:
            yield partial(answer, call, element)
        elif kind == "CancelCalendarItem":
            yield partial(cancel, call, element)
        elif kind == "CalendarItem":
            yield partial(_create, call, element)
        else:
            raise SoapFault("ErrorInvalidRequest", f"{kind} is not simulated.")


def _create(call: Call, element: Element) -> list[Element]:
    modes = (*NOBODY, *TO_ALL)
    send = call.attribute("SendMeetingInvitations", modes, "ErrorSendMeetingInvitationsRequired")
    saved = call.part("SavedItemFolderId")
    place = children(saved)
    folder = call.folder(place[0], "Editor") if place else call.mailbox.calendar
    if folder.folder_class != "IPF.Appointment":
        raise EwsError("ErrorCannotCreateCalendarItemInNonCalendarFolder")
    return items(brief(created(call, folder, given(call, element), send)))


def given(call: Call, element: Element) -> Data:
    """Return the values of an item that a client sent; refuse those that are not the client's."""
    data: Data = {"Extended": {}}
    for one in children(element):
        name = local(one)
        if name == "ExtendedProperty":
            key, content = read(one)
            data["Extended"][key] = content
        elif name not in FIELDS:
            raise SoapFault("ErrorSchemaValidation", f"CalendarItem has no {name}.")
        elif not FIELDS[name].writable:
            raise EwsError("ErrorInvalidPropertySet", f"{name} is read-only.")
        elif FIELDS[name].kind != "none":
            data[name] = value(one, call.zone)
    return data


def created(call: Call, folder: Folder, data: Data, send: str) -> View:
    """Create an item and tell its guests."""
    whole = completed({**fresh(call.world, folder, call.zone_name), **data})
    item = call.world.put(Item(call.world.new_id(folder.mailbox), folder, whole))
    view = View(item)
    invite(call.world, view, send)
    return view


def update(call: Call) -> Iterator[Work]:
    """Change items, each with a list of changes to single properties."""
    conflicts = call.attribute("ConflictResolution", CONFLICTS) or "AutoResolve"
    for change in children(call.required("ItemChanges")):
        yield partial(_update, call, change, conflicts)


def _update(call: Call, change: Element, conflicts: str) -> list[Element]:
    reference = children(change)[0]
    view = writable(call, reference)
    send = call.attribute(
        "SendMeetingInvitationsOrCancellations",
        (*NOBODY, *TO_ALL, *TO_CHANGED),
        "ErrorSendMeetingInvitationsOrCancellationsRequired",
    )
    updates = children(find(change, "t:Updates"))
    new_data, names = changed(call, view, updates)
    _check_conflict(view, reference.get("ChangeKey", ""), conflicts, names)
    updated(call, view, new_data, names, send)
    count = new("m:ConflictResults")
    add(count, "t:Count", "0")
    return [*items(brief(view)), count]


def updated(call: Call, view: View, data: Data, names: set[str], send: str) -> None:
    """Store what was changed and tell the guests."""
    before = view.data
    if view.original is None:
        change_item(call.world, view.item, data, names)
    else:
        change_occurrence(call.world, view, data, names)
    invite(call.world, view, send, before)


def _check_conflict(view: View, key: str, conflicts: str, names: set[str]) -> None:
    """Refuse a change to what was changed in the meantime."""
    if conflicts == "AlwaysOverwrite":
        return
    if not key:
        raise EwsError("ErrorChangeKeyRequiredForWriteOperations")
    known = version_of(key)
    meanwhile = {name for name, version in view.item.touched.items() if version > known}
    if view.version != known and (conflicts == "NeverOverwrite" or names & meanwhile):
        raise EwsError("ErrorIrresolvableConflict")


def delete(call: Call) -> Iterator[Work]:
    """Delete items, series and occurrences."""
    kind = call.attribute("DeleteType", tuple(BINS))
    for reference in children(call.required("ItemIds")):
        yield partial(_delete, call, reference, BINS.get(kind, ""))


def _delete(call: Call, reference: Element, target: str) -> list[Element]:
    view = found(call, reference, "Editor")
    send = call.attribute(
        "SendMeetingCancellations", (*NOBODY, *TO_ALL), "ErrorSendMeetingCancellationsRequired"
    )
    deleted(call, view, send, target)
    return []


def deleted(call: Call, view: View, send: str, target: str = "") -> None:
    """Take something out of the calendar and tell its guests."""
    call_off(call.world, view, send)
    remove(call.world, view, target)
