"""Refusals: of one item in an answer, of a whole request, and before any SOAP.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
"""

from __future__ import annotations

from .ews_xml import Element, add, new, show
from .server import Response

MESSAGES = {
    "ErrorAccessDenied": "Access is denied. Check credentials and try again.",
    "ErrorAccountDisabled": "The account is disabled.",
    "ErrorCalendarCannotUpdateDeletedItem": "The calendar item is in the Deleted Items folder.",
    "ErrorCalendarDurationIsTooLong": "The specified calendar item duration is too long.",
    "ErrorCalendarEndDateIsEarlierThanStartDate": "EndDate is earlier than StartDate",
    "ErrorCalendarInvalidRecurrence": "The recurrence information is invalid.",
    "ErrorCalendarCannotUseIdForOccurrenceId": "The item is not a recurring master.",
    "ErrorCalendarCannotUseIdForRecurringMasterId": "The item is not an occurrence.",
    "ErrorCalendarIsCancelledForAccept": "The meeting has been cancelled.",
    "ErrorCalendarIsCancelledForDecline": "The meeting has been cancelled.",
    "ErrorCalendarIsCancelledForTentative": "The meeting has been cancelled.",
    "ErrorCalendarIsNotOrganizer": "You must be the organizer to perform this action.",
    "ErrorCalendarIsOrganizerForAccept": "The meeting organizer cannot accept the meeting.",
    "ErrorCalendarIsOrganizerForDecline": "The meeting organizer cannot decline the meeting.",
    "ErrorCalendarIsOrganizerForTentative": "The meeting organizer cannot tentatively accept it.",
    "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange": (
        "Occurrence index is out of recurrence range."
    ),
    "ErrorCalendarOccurrenceIsDeletedFromRecurrence": (
        "Occurrence with this index was previously deleted from the recurrence."
    ),
    "ErrorCalendarViewRangeTooBig": "The calendar view range is too big.",
    "ErrorChangeKeyRequired": "Change key is required for this operation.",
    "ErrorChangeKeyRequiredForWriteOperations": (
        "An object within a change description must contain a change key."
    ),
    "ErrorEventNotFound": "The watermark is invalid.",
    "ErrorFolderNotFound": "The specified folder could not be found in the store.",
    "ErrorImpersonateUserDenied": (
        "The account does not have permission to impersonate the requested user."
    ),
    "ErrorInvalidChangeKey": "The change key is invalid.",
    "ErrorInvalidIdMalformed": "Id is malformed.",
    "ErrorInvalidOperation": "The operation is not valid.",
    "ErrorInvalidPropertyRequest": "The request is not valid for this property.",
    "ErrorInvalidPropertySet": "Set action is invalid for property.",
    "ErrorInvalidPropertyDelete": "Delete action is invalid for property.",
    "ErrorInvalidServerVersion": "The specified server version is invalid.",
    "ErrorInvalidSubscription": "The subscription is invalid.",
    "ErrorInvalidSyncStateData": "Synchronization state data is corrupt or otherwise invalid.",
    "ErrorInvalidWatermark": "The watermark used for creating this subscription was not found.",
    "ErrorIrresolvableConflict": (
        "The send or update operation could not be performed because the change key passed in "
        "the request does not match the current change key for the item."
    ),
    "ErrorItemNotFound": "The specified object was not found in the store.",
    "ErrorMailRecipientNotFound": "The e-mail address was not found.",
    "ErrorMissingRecipients": "The message has no recipients.",
    "ErrorNameResolutionNoResults": "No results were found.",
    "ErrorNameResolutionMultipleResults": "Multiple results were found.",
    "ErrorNonExistentMailbox": "The SMTP address has no mailbox associated with it.",
    "ErrorOccurrenceCrossingBoundary": (
        "Modified occurrence is crossing or overlapping adjacent occurrence."
    ),
    "ErrorProxyRequestProcessingFailed": (
        "X-AnchorMailbox names another mailbox than the one that is impersonated."
    ),
    "ErrorRecurrenceHasNoOccurrence": "The recurrence has no occurrences.",
    "ErrorSchemaValidation": "The request failed schema validation.",
    "ErrorSendMeetingInvitationsRequired": "SendMeetingInvitations attribute is required.",
    "ErrorSendMeetingInvitationsOrCancellationsRequired": (
        "SendMeetingInvitationsOrCancellations attribute is required."
    ),
    "ErrorSendMeetingCancellationsRequired": "SendMeetingCancellations attribute is required.",
    "ErrorServerBusy": "The server cannot service this request right now. Try again later.",
    "ErrorSubscriptionNotFound": "Subscription is not found.",
    "ErrorTimeIntervalTooBig": "The requested time window is too big.",
    "ErrorTimeZone": "The time zone is invalid.",
    "ErrorUnsupportedPathForQuery": "The property can not be used with this type of restriction.",
}


class EwsError(Exception):
    """The refusal of one item; the others of the same request are answered all the same."""

    def __init__(
        self,
        code: str,
        message: str = "",
        warning: bool = False,
        content: tuple[Element, ...] = (),
    ) -> None:
        self.code, self.message = code, message or MESSAGES.get(code, code)
        self.response_class = "Warning" if warning else "Error"
        self.content = content  # what is answered all the same
        super().__init__(f"{code}: {self.message}")


class SoapFault(Exception):
    """The refusal of a whole request."""

    def __init__(self, code: str, message: str = "", **values: str) -> None:
        self.code, self.message, self.values = code, message or MESSAGES.get(code, code), values
        super().__init__(f"{code}: {self.message}")

    def response(self) -> Response:
        """Return the answer, as Exchange gives it with status 500."""
        envelope = new("s:Envelope")
        fault = add(add(envelope, "s:Body"), "s:Fault")
        add(fault, "faultcode", f"a:{self.code}")
        add(fault, "faultstring", self.message)
        self._detail(add(fault, "detail"))
        return Response(500, show(envelope), "text/xml; charset=utf-8")

    def _detail(self, detail: Element) -> None:
        add(detail, "e:ResponseCode", self.code)
        add(detail, "e:Message", self.message)
        if self.values:
            listed = add(detail, "t:MessageXml")
            for name, value in self.values.items():
                add(listed, "t:Value", value, Name=name)


class HttpRefusal(Exception):
    """An answer of the web server, before Exchange is asked."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(str(response.status))


def page(status: int, title: str, **headers: str | list[str]) -> HttpRefusal:
    """Return the refusal with a page for people."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    body = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"
    return HttpRefusal(Response(status, body, "text/html", names))
