"""Errors as Google's APIs word them.

https://developers.google.com/workspace/calendar/api/guides/errors
"""

from __future__ import annotations

from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
}


class ApiError(Exception):
    """A refusal; its body is Google's error document."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        domain: str = "global",
        location: tuple[str, str] | None = None,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status, self.reason, self.message = status, reason, message
        self.domain, self.location, self.details = domain, location, details
        self.headers: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        """Return the JSON document."""
        entry = {"domain": self.domain, "reason": self.reason, "message": self.message}
        if self.location:
            entry["locationType"], entry["location"] = self.location
        error = {"errors": [entry], "code": self.status, "message": self.message}
        if self.details:
            error |= {"status": STATUS_NAMES[self.status], "details": self.details}
        return {"error": error}


def invalid(message: str, parameter: str | None = None) -> ApiError:
    """Return the refusal of a value."""
    place = ("parameter", parameter) if parameter else None
    return ApiError(400, "invalid", message, location=place)


def required(message: str) -> ApiError:
    """Return the refusal of a missing value."""
    return ApiError(400, "required", message)


def unknown_name(name: str, place: str) -> ApiError:
    """Return the refusal of a field that the schema does not have."""
    text = (
        f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}': Cannot find field."
    )
    return ApiError(400, "badRequest", text)


def not_found() -> ApiError:
    """Return the answer for what does not exist or may not be seen."""
    return ApiError(404, "notFound", "Not Found")


def gone() -> ApiError:
    """Return the answer for deleting what is deleted."""
    return ApiError(410, "deleted", "Resource has been deleted")


def duplicate() -> ApiError:
    """Return the refusal of an id that is or was used."""
    return ApiError(409, "duplicate", "The requested identifier already exists.")


def stale() -> ApiError:
    """Return the refusal of an outdated If-Match."""
    place = ("header", "If-Match")
    return ApiError(412, "conditionNotMet", "Precondition Failed", location=place)


def full_sync_required() -> ApiError:
    """Return the refusal of an expired sync token."""
    text = "Sync token is no longer valid, a full sync is required."
    place = ("parameter", "syncToken")
    return ApiError(410, "fullSyncRequired", text, "calendar", place)


def not_organizer() -> ApiError:
    """Return the refusal of an attendee's edit of what everybody shares."""
    text = "Shared properties can only be changed by the organizer of the event."
    return ApiError(403, "forbiddenForNonOrganizer", text, "calendar")


def service_account_invites() -> ApiError:
    """Return the refusal of guests of an account that acts for nobody."""
    text = "Service accounts cannot invite attendees without Domain-Wide Delegation of Authority."
    return ApiError(403, "forbiddenForServiceAccounts", text, "calendar")


def too_many_invitations() -> ApiError:
    """Return the refusal of more guests from outside than Google trusts one with."""
    return ApiError(403, "quotaExceeded", "Calendar usage limits exceeded.", "usageLimits")


def no_calendar_user() -> ApiError:
    """Return the refusal of somebody who is suspended, or for whom Calendar is switched off."""
    text = "The user must be signed up for Google Calendar."
    return ApiError(403, "notACalendarUser", text, "calendar")


def forbidden(message: str = "Forbidden") -> ApiError:
    """Return the refusal for want of access rights."""
    return ApiError(403, "forbidden", message)


def not_authenticated(message: str = "Invalid Credentials", reason: str = "authError") -> ApiError:
    """Return the refusal of a missing, unknown or expired access token."""
    error = ApiError(401, reason, message, location=("header", "Authorization"))
    error.headers["WWW-Authenticate"] = (
        'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    )
    return error


def scope_missing(method: str, scopes: list[str]) -> ApiError:
    """Return the refusal of a token whose scopes do not cover the method."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": "calendar-json.googleapis.com", "method": method},
    }
    text = "Request had insufficient authentication scopes."
    error = ApiError(403, "insufficientPermissions", text, details=[info])
    wanted = " ".join(scopes)
    error.headers["WWW-Authenticate"] = (
        f'Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="{wanted}"'
    )
    return error
