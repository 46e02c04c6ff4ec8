"""What Google's refusals mean for the engine: one table, read from the top.

https://developers.google.com/workspace/calendar/api/guides/errors
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import google.auth.exceptions
import httplib2
from googleapiclient.errors import BatchError, HttpError

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

LOGIN = 0  # in the place of a status: what the token endpoint said
ANY: frozenset[str] = frozenset()
HOUR = 3_600.0


class Absent(Gone):
    """What was asked for by its id does not exist: the calendar, or only the event."""


class Duplicate(Rejected):
    """An event with this id exists, or existed, in the calendar."""


class Meaning(NamedTuple):
    """A row: which answers, which error, and how long to wait where Google does not say."""

    statuses: range
    reasons: frozenset[str]
    error: type[SyncError]
    after: float | None = None


def _row(
    first: int, reasons: str, error: type[SyncError], after: float | None = None, last: int = 0
) -> Meaning:
    return Meaning(range(first, (last or first) + 1), frozenset(reasons.split()), error, after)


TABLE = (
    # Nothing that a user can renew: the administrator's secret is wrong, and may be right soon.
    _row(LOGIN, "invalid_client", Retryable, HOUR),
    _row(LOGIN, "", AuthRequired),
    _row(400, "invalidSyncToken", SyncTokenExpired),
    # Not our login: the address that was to be called is no proven one of ours.
    _row(401, "push.webhookUrlUnauthorized", Rejected),
    _row(401, "", AuthRequired),
    _row(403, "rateLimitExceeded userRateLimitExceeded", Retryable),
    # Google's brake on invitations, and the day's quota: hours, not seconds.
    _row(403, "quotaExceeded dailyLimitExceeded calendarUsageLimitsExceeded", Retryable, HOUR),
    # The API is not switched on in the administrator's project.
    _row(403, "accessNotConfigured SERVICE_DISABLED", Retryable, HOUR),
    _row(403, "insufficientPermissions ACCESS_TOKEN_SCOPE_INSUFFICIENT", AuthRequired),
    _row(403, "forbiddenForNonOrganizer forbiddenForServiceAccounts", Rejected),
    _row(403, "eventTypeRestriction malformedEvent", Rejected),
    _row(403, "", Gone),
    _row(404, "", Absent),
    _row(408, "", Retryable),
    _row(409, "", Duplicate),
    _row(410, "fullSyncRequired updatedMinTooLongAgo", SyncTokenExpired),
    _row(410, "", Absent),
    _row(412, "", StaleChangeKey),
    _row(429, "", Retryable),
    _row(500, "", Retryable, last=599),
)
REASONS = {  # codes of the engine for what a person can do something about
    "forbidden": "read_only",
    "forbiddenForNonOrganizer": "not_organiser",
    "forbiddenForServiceAccounts": "cannot_invite",
    "requiredAccessLevel": "read_only",
}
TRANSPORT = (
    httplib2.HttpLib2Error,
    http.client.HTTPException,
    OSError,  # time-outs, refused and reset connections, TLS
    json.JSONDecodeError,  # cut short, or the page of a proxy
    UnicodeDecodeError,
    RecursionError,
)


def meaning_of(status: int, reasons: frozenset[str], after: float | None = None) -> SyncError:
    """Return what an answer means; ``after`` is its Retry-After."""
    row = next((r for r in TABLE if status in r.statuses and _fits(r, reasons)), None)
    said = " ".join(sorted(reasons)) or str(status)
    if row is None or issubclass(row.error, Rejected):
        error = row.error if row else Rejected
        return error(_reason(reasons), f"{status} {said}")
    if row.error is Retryable:
        return Retryable(said, row.after if after is None else after)
    return row.error(said)


@contextmanager
def translated() -> Iterator[None]:
    """Raise what a call of Google's client raises as an error of ours."""
    try:
        yield
    except BatchError as error:  # whatever answered, it was not Google's batch
        raise Retryable(type(error).__name__) from error
    except HttpError as error:
        raise refusal(error) from error
    except google.auth.exceptions.RefreshError as error:
        raise _meaning_of_refresh(error) from error
    except (google.auth.exceptions.GoogleAuthError, *TRANSPORT) as error:
        raise Retryable(type(error).__name__) from error


def refusal(error: HttpError) -> SyncError:
    """Return what an answer with an error status means."""
    wait = retry_after(error.resp)
    return meaning_of(error.resp.status, reasons_of(error.content), wait)


def reasons_of(content: bytes) -> frozenset[str]:
    """Return every reason that an error document names, in its old and its new form."""
    try:
        error = json.loads(content)["error"]
        entries = [*error.get("errors", ()), *error.get("details", ())]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ANY
    named = [entry for entry in entries if isinstance(entry, dict)]
    found = {e["reason"] for e in named if isinstance(e.get("reason"), str)}
    if "invalid" in found and any(e.get("location") == "syncToken" for e in named):
        found = {"invalidSyncToken"}  # not expired but never given out, as after a restore
    return frozenset(found)


def _fits(row: Meaning, reasons: frozenset[str]) -> bool:
    return not row.reasons or bool(row.reasons & reasons)


def _reason(reasons: frozenset[str]) -> str:
    return next((REASONS[said] for said in sorted(reasons) if said in REASONS), "refused_there")


def _meaning_of_refresh(error: google.auth.exceptions.RefreshError) -> SyncError:
    answer = error.args[1] if len(error.args) > 1 else {}
    said = answer.get("error") if isinstance(answer, dict) else None
    reason = said if isinstance(said, str) else "refresh"
    if error.retryable:
        return Retryable(reason)
    return meaning_of(LOGIN, frozenset({reason}))
