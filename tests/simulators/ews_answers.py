"""AcceptItem, TentativelyAcceptItem, DeclineItem and CancelCalendarItem.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/acceptitem
"""

from __future__ import annotations

from .ews_call import Call
from .ews_edit import remove
from .ews_errors import EwsError, SoapFault
from .ews_guests import TO_ALL, answered, call_off, mail
from .ews_ids import current
from .ews_shape import brief
from .ews_views import View
from .ews_world import Change
from .ews_xml import Element, find, local, new, text

ANSWERS = {
    "AcceptItem": "Accept",
    "TentativelyAcceptItem": "Tentative",
    "DeclineItem": "Decline",
}
OWN = {
    "Accept": "ErrorCalendarIsOrganizerForAccept",
    "Tentative": "ErrorCalendarIsOrganizerForTentative",
    "Decline": "ErrorCalendarIsOrganizerForDecline",
}
CANCELLED = {
    "Accept": "ErrorCalendarIsCancelledForAccept",
    "Tentative": "ErrorCalendarIsCancelledForTentative",
    "Decline": "ErrorCalendarIsCancelledForDecline",
}
SENT = ("SendOnly", "SendAndSaveCopy")


def answer(call: Call, element: Element) -> list[Element]:
    """Answer an invitation; with SaveOnly the organiser learns nothing."""
    response = ANSWERS[local(element)]
    view = current(call, _reference(element))
    if view.item.organised_here:
        raise EwsError(OWN[response])
    if view.data["IsCancelled"]:
        raise EwsError(CANCELLED[response])
    comment = text(element, "t:Body")
    respond(call, view, response, call.element.get("MessageDisposition") in SENT, comment)
    box = new("m:Items")
    if response != "Decline":
        box.append(brief(view))
    return [box]


def respond(call: Call, view: View, response: str, send: bool, comment: str = "") -> None:
    """Store an answer in the guest's copy, and tell the organiser."""
    own = {"MyResponseType": response, "AppointmentReplyTime": call.world.now()}
    intended = view.item.data.get("Intended", "Busy")
    own["LegacyFreeBusyStatus"] = {"Accept": intended, "Tentative": "Tentative"}.get(
        response, "Free"
    )
    if view.original is None:
        view.item.data = {**view.item.data, **own}
        call.world.put(view.item, *own)
    else:
        kept = {"Start": view.start, "End": view.end}
        kept |= view.item.exceptions[view.original].data if view.edited else {}
        view.item.exceptions[view.original] = Change({**kept, **own}, call.world.next())
        call.world.put(view.item)
    if send:
        mail(call.world, view, view.data["Organizer"]["email"], "response", comment)
        answered(call.world, view, response)
    if response == "Decline":
        remove(call.world, view)


def cancel(call: Call, element: Element) -> list[Element]:
    """Call a meeting off: guests are told, and it goes to the deleted items."""
    view = current(call, _reference(element))
    if not view.item.organised_here:
        raise EwsError("ErrorCalendarIsNotOrganizer")
    if call.element.get("MessageDisposition") not in SENT:
        raise EwsError("ErrorInvalidOperation", "A cancellation can only be sent.")
    call_off(call.world, view, TO_ALL[0], text(element, "t:NewBodyContent"))
    remove(call.world, view)
    return [new("m:Items")]


def _reference(element: Element) -> Element:
    found = find(element, "t:ReferenceItemId")
    if found is None:
        raise SoapFault("ErrorSchemaValidation", "ReferenceItemId is missing.")
    return found
