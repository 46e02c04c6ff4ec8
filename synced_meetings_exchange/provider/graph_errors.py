"""What Graph's refusals mean for the engine: one table, read from the top.

https://learn.microsoft.com/graph/errors
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any, NamedTuple

import requests

from odoo.addons.synced_meetings.sync.errors import (
    AuthRequired,
    Gone,
    Rejected,
    Retryable,
    StaleChangeKey,
    SyncError,
    SyncTokenExpired,
)
from odoo.addons.synced_meetings.sync.reading import storable

HOUR = 3_600.0
NO_MAILBOX = "ErrorNonExistentMailbox Request_ResourceNotFound ErrorInvalidUser"
ELSEWHERE = "MailboxNotEnabledForRESTAPI MailboxNotSupportedForRESTAPI MailboxNotHostedInExchange"
LOST = "syncStateNotFound SyncStateInvalid SyncStateNotFound resyncRequired fullSyncRequired"


class Absent(Gone):
    """What was asked for by its id does not exist: the calendar, or only the event."""


class NoMailbox(Gone):
    """There is no mailbox that Graph reaches, and so nothing in it."""


class Unreached(Retryable):
    """Nothing was answered: ``kind`` is one of `trouble.CONNECTION`."""

    def __init__(self, kind: str, reason: str = "") -> None:
        """Keep what failed."""
        super().__init__(reason or kind)
        self.kind = kind


class Meaning(NamedTuple):
    """A row: which answers, which error, and how long to wait where Graph does not say."""

    statuses: range
    codes: frozenset[str]
    error: type[SyncError]
    after: float | None = None


def _row(
    first: int, codes: str, error: type[SyncError], after: float | None = None, last: int = 0
) -> Meaning:
    return Meaning(range(first, (last or first) + 1), frozenset(codes.split()), error, after)


TABLE = (
    _row(400, LOST, SyncTokenExpired, last=499),
    _row(410, "", SyncTokenExpired),
    _row(
        400,
        "ErrorIrresolvableConflict ErrorStaleObject ErrorChangeKeyRequired",
        StaleChangeKey,
        last=499,
    ),
    _row(412, "", StaleChangeKey),
    _row(400, f"{ELSEWHERE} {NO_MAILBOX}", NoMailbox, last=499),
    _row(400, "ErrorInvalidIdMalformed ErrorItemNotFound", Absent),
    _row(
        400,
        "ErrorServerBusy ErrorMailboxMoveInProgress ErrorTooManyObjectsOpened",
        Retryable,
        last=499,
    ),
    _row(401, "", AuthRequired),
    _row(403, "ErrorQuotaExceeded ErrorMessageSubmissionBlocked", Retryable, HOUR),
    _row(403, "", Gone),
    _row(404, "", Absent),
    _row(408, "", Retryable),
    _row(409, "", Retryable),
    _row(423, "", Retryable, last=425),
    _row(429, "", Retryable),
    _row(500, "", Retryable, last=599),
)
REASONS = {  # codes of the engine for what a person can do something about
    "ErrorAccessDenied": "read_only",
    "ErrorCalendarIsNotOrganizer": "not_organiser",
    "ErrorInvalidRecurrence": "bad_rule",
    "ErrorExceededMaxRecipientLimit": "too_many_guests",
    "ErrorInvalidRecipients": "no_address",
    "ErrorCalendarEndDateIsEarlierThanStartDate": "end_before_start",
    "TimeZoneNotSupportedException": "bad_zone",
}


def meaning_of(status: int, body: object, after: float | None = None) -> SyncError:
    """Return what an answer with an error status means; ``after`` is its Retry-After."""
    code = code_of(body) or str(status)
    row = next((r for r in TABLE if status in r.statuses and _fits(r, code)), None)
    if row is None:
        return Rejected(REASONS.get(code, "refused_there"), f"{status} {code}")
    if row.error is Retryable:
        return Retryable(code, row.after if after is None else after)
    return row.error(code)


def code_of(body: object) -> str:
    """Return the code of an error document; its message may hold what nobody else shall read."""
    error: Any = body.get("error") if isinstance(body, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    return storable(code[:80]) if isinstance(code, str) else ""


def unreached(error: Exception) -> Unreached:
    """Return what a failed call means, without its cause, whose request holds the login."""
    name = type(error).__name__
    if isinstance(error, requests.exceptions.SSLError):
        return Unreached("tls", name)
    if isinstance(error, requests.exceptions.Timeout):
        return Unreached("timeout", name)
    return Unreached("dns" if _is_unknown_name(error) else "unreachable", name)


def _fits(row: Meaning, code: str) -> bool:
    return not row.codes or code in row.codes


def _is_unknown_name(error: BaseException | None) -> bool:
    """Whether somewhere below a name could not be resolved; requests hides it in its reasons."""
    for _ in range(8):
        if error is None or isinstance(error, socket.gaierror):
            break
        first = getattr(error, "reason", None) or (error.args[0] if error.args else None)
        below = first if isinstance(first, BaseException) else None
        error = below or error.__cause__ or error.__context__
    return isinstance(error, socket.gaierror)
