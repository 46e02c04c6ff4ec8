"""What Exchange's refusals mean for the engine, and for the person who connects: two tables.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import requests
from exchangelib.errors import ErrorServerBusy, EWSError, TransportError

from odoo.addons.synced_meetings.sync.errors import (
    AuthRequired,
    Gone,
    Rejected,
    Retryable,
    StaleChangeKey,
    SyncError,
    SyncTokenExpired,
)
from odoo.addons.synced_meetings.sync.reading import retry_after

from .ews_xml import NotSoap

HOUR = 3_600.0
UNNAMED = "refused"  # in the place of a code
QUOTED = re.compile(r'"[^"]*"')


class Absent(Gone):
    """What was asked for by its id does not exist: the item, or only that occurrence."""


class HttpRefused(Exception):
    """The web server's answer where none came from Exchange itself. Holds no text of it."""

    def __init__(
        self, status: int, offered: frozenset[str] = frozenset(), after: float | None = None
    ) -> None:
        super().__init__(status)
        self.status, self.after = status, after
        self.offered = offered  # the ways to sign in

    @classmethod
    def of(cls, response: requests.Response) -> HttpRefused:
        """Read status and headers of an answer."""
        said = QUOTED.sub("", response.headers.get("WWW-Authenticate", "").lower())
        offered = frozenset(re.findall(r"(?:^|,\s*)(basic|ntlm|negotiate|digest|bearer)\b", said))
        return cls(response.status_code, offered, retry_after(response.headers))


def _codes(error: type[SyncError], codes: str) -> dict[str, type[SyncError]]:
    return dict.fromkeys((f"Error{code}" for code in codes.split()), error)


TABLE: dict[str, type[SyncError]] = {
    **_codes(
        Retryable,
        "ServerBusy TimeoutExpired InternalServerError InternalServerTransientError"
        " TooManyObjectsOpened ExceededConnectionCount ExceededSubscriptionCount"
        " MailboxMoveInProgress MailboxStoreUnavailable ConnectionFailed"
        " ConnectionFailedTransientError InsufficientResources BatchProcessingStopped"
        " MailboxFailover NoRespondingCASInDestinationSite ProxyRequestProcessingFailed"
        " ADUnavailable ADOperation",
    ),
    **_codes(SyncTokenExpired, "InvalidSyncStateData"),
    **_codes(
        StaleChangeKey,
        "IrresolvableConflict InvalidChangeKey ChangeKeyRequired StaleObject"
        " ChangeKeyRequiredForWriteOperations",
    ),
    **_codes(
        Absent,
        "ItemNotFound InvalidIdMalformed InvalidId InvalidIdNotAnItemAttachmentId"
        " InvalidIdEmpty CalendarOccurrenceIsDeletedFromRecurrence"
        " CalendarOccurrenceIndexIsOutOfRecurrenceRange CalendarCannotUpdateDeletedItem",
    ),
    **_codes(Gone, "FolderNotFound SyncFolderNotFound NonExistentMailbox AccessDenied"),
    **_codes(
        AuthRequired,
        "ImpersonateUserDenied ImpersonationDenied ImpersonationFailed AccountDisabled"
        " PasswordExpired PasswordChangeRequired",
    ),
}
LONG = {  # seconds until something may have changed, where Exchange does not say
    "ErrorMailboxMoveInProgress": HOUR / 4,
}
REASONS = {  # codes of the engine for what a person can do something about
    "ErrorAccessDenied": "read_only",
    "ErrorCalendarIsNotOrganizer": "not_organiser",
    "ErrorCalendarMeetingRequestIsOutOfDate": "not_organiser",
    "ErrorCalendarEndDateIsEarlierThanStartDate": "end_before_start",
    "ErrorCalendarInvalidRecurrence": "bad_rule",
    "ErrorRecurrenceHasNoOccurrence": "bad_rule",
    "ErrorTimeZone": "bad_zone",
    "ErrorMailRecipientNotFound": "no_address",
    "ErrorInvalidRecipients": "no_address",
    "ErrorMissingRecipients": "no_address",
}


def code_of(error: BaseException) -> str:
    """Return Exchange's own code; exchangelib names its exceptions like them."""
    name = type(error).__name__
    return name if name.startswith("Error") else UNNAMED


def meaning_of_one(error: EWSError) -> SyncError:
    """Return what the response code of one item means, among those of others."""
    if code_of(error) == UNNAMED:
        return Rejected("refused_there", UNNAMED)  # newer than exchangelib
    return meaning_of(error)


def meaning_of(error: EWSError) -> SyncError:
    """Return what a response code means. Its text is not kept: it may repeat what was sent."""
    code = code_of(error)
    found = TABLE.get(code, Rejected)
    if isinstance(error, TransportError) and code == UNNAMED:
        return Retryable("transport", HOUR)  # a certificate, or what exchangelib does not know
    if isinstance(error, ErrorServerBusy):
        return Retryable(code, error.back_off)
    if found is Retryable:
        return Retryable(code, LONG.get(code))
    if found is Rejected:
        return Rejected(REASONS.get(code, "refused_there"), code)
    return found(code)


def _meaning_of_http(error: HttpRefused) -> SyncError:
    if error.status in (401, 403):
        return AuthRequired(str(error.status))
    if error.status in (408, 429) or error.status >= 500:
        return Retryable(str(error.status), error.after)
    # A server that is set up anew, or a wrong address: nothing that a minute mends.
    return Retryable(str(error.status), HOUR)


@contextmanager
def translated() -> Iterator[None]:
    """Raise what a call raises as an error of ours, from None: causes may hold the login."""
    try:
        yield
    except SyncError:
        raise
    except HttpRefused as error:
        raise _meaning_of_http(error) from None
    except EWSError as error:
        raise meaning_of(error) from None
    except (NotSoap, OSError, ValueError, LookupError) as error:
        # Cut short, the page of a proxy, or what the login's own library stumbled over.
        raise Retryable(type(error).__name__) from None
