"""Each refusal of Google's has one meaning for the engine."""

import http.client
import json
import ssl

import google.auth.exceptions as auth
import httplib2
import pytest
from googleapiclient.errors import HttpError

from odoo.addons.synced_meetings.sync.errors import (
    AuthRequired,
    Gone,
    Rejected,
    Retryable,
    StaleChangeKey,
    SyncTokenExpired,
)
from odoo.addons.synced_meetings.sync.reading import retry_after
from odoo.addons.synced_meetings_google.provider.errors import translated

DATE = "Mon, 23 Nov 2026 08:00:00 GMT"


def http_error(status, *reasons, location="", **headers):
    errors = [{"domain": "x", "reason": reason, "location": location} for reason in reasons]
    document = {"error": {"errors": errors, "code": status, "message": "said"}}
    response = httplib2.Response({"status": str(status), **headers})
    return HttpError(response, json.dumps(document).encode())


def raised_by(error):
    with pytest.raises(Exception) as raised, translated():  # noqa: PT011 - any, to be compared
        raise error
    return raised.value


@pytest.mark.parametrize(
    ("status", "reason", "meaning"),
    [
        (400, "badRequest", Rejected),
        (401, "authError", AuthRequired),
        (403, "rateLimitExceeded", Retryable),
        (403, "userRateLimitExceeded", Retryable),
        (403, "quotaExceeded", Retryable),
        (403, "accessNotConfigured", Retryable),
        (403, "insufficientPermissions", AuthRequired),
        (403, "forbiddenForNonOrganizer", Rejected),
        (403, "forbidden", Gone),
        (404, "notFound", Gone),
        (408, "", Retryable),
        (409, "duplicate", Rejected),
        (410, "fullSyncRequired", SyncTokenExpired),
        (410, "updatedMinTooLongAgo", SyncTokenExpired),
        (410, "deleted", Gone),
        (412, "conditionNotMet", StaleChangeKey),
        (429, "rateLimitExceeded", Retryable),
        (500, "backendError", Retryable),
        (503, "", Retryable),
        (302, "", Rejected),
    ],
)
def test_statuses(status, reason, meaning):
    error = raised_by(http_error(status, reason))
    assert isinstance(error, meaning)
    assert reason in str(error)


def test_an_unknown_sync_token_is_as_good_as_an_expired_one():
    assert isinstance(raised_by(http_error(400, "invalid", location="syncToken")), SyncTokenExpired)
    assert isinstance(raised_by(http_error(400, "invalid", location="timeMin")), Rejected)


def test_reasons_are_read_from_both_forms_of_an_error():
    details = [{"@type": "google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]
    content = json.dumps({"error": {"code": 403, "message": "no", "details": details}}).encode()
    error = HttpError(httplib2.Response({"status": "403"}), content)
    assert isinstance(raised_by(error), AuthRequired)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b'{"error": "x"}', b'{"error": {"errors": 7}}', b"\xff"]
)
def test_an_unreadable_error_is_known_by_its_status(content):
    error = HttpError(httplib2.Response({"status": "503"}), content)
    assert isinstance(raised_by(error), Retryable)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "9" * 400}, 86_400),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1e3"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Mon, 23 Nov 2026 08:02:00 GMT", "date": DATE}, 120),
        ({"retry-after": "Mon, 23 Nov 2020 08:02:00 GMT", "date": DATE}, 0),
        ({"retry-after": DATE}, None),
        ({}, None),
    ],
)
def test_retry_after(headers, seconds):
    assert retry_after(headers) == seconds


def test_how_long_to_wait_goes_with_the_error():
    said = http_error(429, "rateLimitExceeded", **{"retry-after": "7"})
    assert raised_by(said).after == 7
    assert raised_by(http_error(429, "rateLimitExceeded")).after is None
    assert raised_by(http_error(403, "quotaExceeded")).after == 3_600


def refresh_error(error, retryable=False):
    return auth.RefreshError(f"{error}: said", {"error": error}, retryable=retryable)


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (refresh_error("invalid_grant"), AuthRequired),
        (refresh_error("invalid_rapt"), AuthRequired),
        (refresh_error("deleted_client"), AuthRequired),
        (auth.RefreshError("no refresh token"), AuthRequired),
        (auth.RefreshError("odd", "text"), AuthRequired),
        (refresh_error("invalid_client"), Retryable),
        (refresh_error("server_error", retryable=True), Retryable),
        (auth.TransportError("no route"), Retryable),
        (httplib2.ServerNotFoundError("no name"), Retryable),
        (TimeoutError(), Retryable),
        (ConnectionResetError(), Retryable),
        (ssl.SSLError("handshake"), Retryable),
        (http.client.IncompleteRead(b""), Retryable),
        (json.JSONDecodeError("cut", "", 0), Retryable),
        (RecursionError(), Retryable),
    ],
)
def test_logins_and_connections(error, meaning):
    assert isinstance(raised_by(error), meaning)


def test_a_mistake_of_ours_is_not_hidden():
    assert isinstance(raised_by(KeyError("x")), KeyError)
