"""What the references in requests mean: ItemId, OccurrenceItemId, RecurringMasterItemId.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/itemids
"""

from __future__ import annotations

from .ews_call import Call
from .ews_errors import EwsError, SoapFault
from .ews_views import View, locate, nth
from .ews_world import version_of
from .ews_xml import Element, local


def found(call: Call, reference: Element, needed: str = "Reviewer") -> View:
    """Return what a reference names; refuse who may not have it."""
    view = _named(call, reference)
    call.may(view.item.folder, needed)
    if hidden(call, view):
        raise EwsError("ErrorAccessDenied")
    if code := call.world.refused.get(view.item.id):
        raise EwsError(code)
    return view


def hidden(call: Call, view: View) -> bool:
    """Tell whether an item is too private for who asks."""
    private = view.data["Sensitivity"] in ("Private", "Confidential")
    return private and view.item.folder.mailbox is not call.actor


def _named(call: Call, reference: Element) -> View:
    kind = local(reference)
    if key := reference.get("ChangeKey", ""):
        version_of(key)
    if kind == "ItemId":
        return locate(call.world, reference.get("Id", ""))
    if kind == "OccurrenceItemId":
        master = locate(call.world, reference.get("RecurringMasterId", ""))
        return nth(master.item, int(reference.get("InstanceIndex", "0")))
    if kind == "RecurringMasterItemId":
        occurrence = locate(call.world, reference.get("OccurrenceId", ""))
        if occurrence.original is None:
            raise EwsError("ErrorCalendarCannotUseIdForRecurringMasterId")
        return View(occurrence.item)
    raise SoapFault("ErrorSchemaValidation", f"{kind} is no reference to an item.")


def writable(call: Call, reference: Element) -> View:
    """Return what a reference names, for a change."""
    return found(call, reference, "Editor")


def current(call: Call, reference: Element) -> View:
    """Return what a ReferenceItemId names; its change key must be there and up to date."""
    view = locate(call.world, reference.get("Id", ""))
    call.may(view.item.folder, "Editor")
    key = reference.get("ChangeKey", "")
    if not key:
        raise EwsError("ErrorChangeKeyRequired")
    if version_of(key) != view.version:
        raise EwsError("ErrorIrresolvableConflict")
    return view
