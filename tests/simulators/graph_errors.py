"""Errors as Microsoft Graph words them.

https://learn.microsoft.com/en-us/graph/errors
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from .server import Request, Response


class GraphError(Exception):
    """A refusal; its body is Graph's error document."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message = status, code, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self, request: Request, now: datetime) -> Response:
        """Return the JSON document as an answer."""
        asked = request.headers.get("client-request-id") or str(uuid.uuid4())
        inner = {"date": f"{now:%Y-%m-%dT%H:%M:%S}", "request-id": str(uuid.uuid4())}
        inner["client-request-id"] = asked
        error: dict[str, Any] = {"code": self.code, "message": self.message, "innerError": inner}
        return Response.of({"error": error}, self.status, **self.headers)


def bad(message: str, code: str = "ErrorInvalidRequest") -> GraphError:
    """Return the refusal of a request that makes no sense."""
    return GraphError(400, code, message)


def not_found() -> GraphError:
    """Return the answer for an item that does not exist."""
    return GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def malformed_id() -> GraphError:
    """Return the refusal of something that never was an id."""
    return bad("Id is malformed.", "ErrorInvalidIdMalformed")


def denied() -> GraphError:
    """Return the refusal of what the caller may not do."""
    message = "Access is denied. Check credentials and try again."
    return GraphError(403, "ErrorAccessDenied", message)


def stale() -> GraphError:
    """Return the refusal of an outdated If-Match."""
    message = (
        "The send or update operation could not be performed because the change key passed in "
        "the request does not match the current change key for the item."
    )
    return GraphError(412, "ErrorIrresolvableConflict", message)


def invalid_property(message: str = "At least one property failed validation.") -> GraphError:
    """Return the refusal of a value."""
    return bad(message, "ErrorPropertyValidationFailure")


def unknown_property(name: str, kind: str = "microsoft.graph.event") -> GraphError:
    """Return the refusal of a name that the schema does not have."""
    message = (
        f"The property '{name}' does not exist on type '{kind}'. Make sure to only use property "
        "names that are defined by the type."
    )
    return bad(message, "RequestBodyRead")


def no_rest() -> GraphError:
    """Return the answer about a mailbox that is not in the cloud."""
    message = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
    return GraphError(404, "MailboxNotEnabledForRESTAPI", message)


def no_user(identity: str) -> GraphError:
    """Return the answer about somebody whom the tenant does not know."""
    message = f"Resource '{identity}' does not exist or one of its queried reference-property "
    message += "objects are not present."
    return GraphError(404, "Request_ResourceNotFound", message)


def bad_token(message: str = "Access token is empty.") -> GraphError:
    """Return the refusal of an access token."""
    challenge = 'Bearer realm="", error="invalid_token"'
    return GraphError(401, "InvalidAuthenticationToken", message, WWW_Authenticate=challenge)


def sync_lost(status: int) -> GraphError:
    """Return the refusal of a delta token that the service no longer knows."""
    message = (
        "The sync state generation is not found; replacing the state is required: "
        "a full synchronisation must be started."
    )
    return GraphError(status, "syncStateNotFound", message)


def too_parallel() -> GraphError:
    """Return the refusal of one request too many at the same time."""
    message = "Application is over its MailboxConcurrency limit."
    return GraphError(429, "ApplicationThrottled", message, Retry_After="1")
