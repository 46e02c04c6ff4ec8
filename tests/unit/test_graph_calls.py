"""Requests to Graph, and what its answers mean."""

import json
import socket

import pytest
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
from odoo.addons.synced_meetings_exchange.provider import graph_errors
from odoo.addons.synced_meetings_exchange.provider.graph_calls import Ask, Calls
from odoo.addons.synced_meetings_exchange.provider.graph_errors import (
    Absent,
    NoMailbox,
    meaning_of,
    unreached,
)
from odoo.addons.synced_meetings_exchange.provider.trouble import CONNECTION

URL = "https://graph.example/v1.0"
GET = Ask("GET", "/me/events/a")


class Wire:
    """Answers what it is told to, as a session of `requests` would."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def request(self, method, url, **more):
        self.asked.append((method, url, more))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, *headers = answer
        response = requests.Response()
        response.status_code, response._content = status, json.dumps(body).encode()
        response.headers.update(headers[0] if headers else {})
        return response


class Login:
    """Gives a new token where the old one is refused."""

    def __init__(self):
        self.fresh = []

    def token(self, fresh=False):
        self.fresh.append(fresh)
        return f"secret{len(self.fresh)}"


def calls(*answers):
    made = Calls(Login(), URL, 1.0)
    made._http = Wire(*answers)
    return made


def error(code, status=400, **headers):
    return status, {"error": {"code": code, "message": "Ann's lunch"}}, headers


def batch(*parts):
    responses = [
        {"id": str(n), "status": status, "body": body, "headers": more[0] if more else {}}
        for n, (status, body, *more) in enumerate(parts)
    ]
    return 200, {"responses": responses[::-1]}


def test_every_request_prefers_utc_and_ids_that_stay():
    made = calls((200, {"a": 1}), (200, {}), batch((200, {}), (200, {})))
    made.one(GET)
    made.page("/me/calendarView/delta?x")
    made.many([GET, Ask("PATCH", "/me/events/b", {"subject": "x"}, 'W/"1"')])
    one, page, many = made._http.asked
    assert one[2]["headers"]["Prefer"] == 'outlook.timezone="UTC", IdType="ImmutableId"'
    assert page[2]["headers"]["Prefer"].endswith(", odata.maxpagesize=1000")
    assert many[:2] == ("POST", f"{URL}/$batch")
    first, second = many[2]["json"]["requests"]
    assert "ImmutableId" in first["headers"]["Prefer"]
    assert second["headers"]["If-Match"] == 'W/"1"'
    assert (second["url"], second["body"]) == ("/me/events/b", {"subject": "x"})
    assert not any(asked[2]["allow_redirects"] for asked in made._http.asked)


def test_answers_to_a_batch_are_told_apart_by_their_number():
    made = calls(batch(*((200, {"n": n}) for n in range(20))), (200, {"n": 20}))
    assert [answer["n"] for answer in made.many([GET] * 21)] == list(range(21))


def test_one_of_a_batch_may_have_to_wait():
    parts = [(200, {}), (429, None, {"retry-after": "9"}), (412, {}), (404, {})]
    _, wait, stale, absent = calls(batch(*parts)).many([GET] * 4)
    assert (type(wait), wait.after) == (Retryable, 9)
    assert isinstance(stale, StaleChangeKey)
    assert isinstance(absent, Absent)


@pytest.mark.parametrize("part", [(401, {}), error("MailboxNotEnabledForRESTAPI", 404)[:2]])
def test_what_holds_for_all_is_raised(part):
    with pytest.raises((AuthRequired, NoMailbox)):
        calls(batch((200, {}), part)).many([GET] * 2)


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"responses": []}),
        (200, {"responses": [{"id": "0", "status": 200, "body": {}}]}),
        (200, {"responses": [{"id": "0"}, {"id": "1", "status": "200"}]}),
        (200, []),
        (503, {}),
        (302, {}),
        requests.ConnectionError("secret"),
    ],
)
def test_a_batch_that_is_cut_or_mangled_is_in_doubt(answer):
    with pytest.raises(Retryable):
        calls(answer).many([GET, GET])


def test_a_batch_that_is_refused_for_its_size_is_halved():
    made = calls((413, {}), (200, {"n": 0}), batch((200, {"n": 1}), (200, {"n": 2})))
    assert [answer["n"] for answer in made.many([GET] * 3)] == [0, 1, 2]
    assert len(made._http.asked) == 3


def test_a_login_is_renewed_once():
    made = calls((401, {}), (200, {"a": 1}))
    assert made.one(GET) == {"a": 1}
    assert made._login.fresh == [False, True]
    with pytest.raises(AuthRequired):
        calls((401, {}), (401, {})).one(GET)


@pytest.mark.parametrize(
    "link", ["https://evil.example/v1.0/me", "http://graph.example/v1.0/me", "ftp:x"]
)
def test_links_lead_nowhere_else(link):
    made = calls()
    with pytest.raises(Retryable):
        made.page(link)
    assert made._http.asked == []
    assert made._login.fresh == []


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (error("syncStateNotFound", 410), SyncTokenExpired),
        (error("SyncStateInvalid"), SyncTokenExpired),
        ((410, None), SyncTokenExpired),
        (error("ErrorIrresolvableConflict", 409), StaleChangeKey),
        (error("ErrorIrresolvableConflict", 412), StaleChangeKey),
        (error("MailboxNotEnabledForRESTAPI", 404), NoMailbox),
        (error("ErrorNonExistentMailbox", 404), NoMailbox),
        (error("ErrorItemNotFound", 404), Absent),
        (error("ErrorInvalidIdMalformed"), Absent),
        (error("ErrorAccessDenied", 403), Gone),
        (error("InvalidAuthenticationToken", 401), AuthRequired),
        (error("ErrorOccurrenceCrossingBoundary"), Rejected),
        ((413, None), Rejected),
        (error("ApplicationThrottled", 429), Retryable),
        ((503, None), Retryable),
        ((504, None), Retryable),
    ],
)
def test_what_refusals_mean(answer, meaning):
    found = meaning_of(*answer[:2])
    assert type(found) is meaning
    assert "lunch" not in str(found)


def test_how_long_to_wait():
    assert calls((429, {}, {"Retry-After": "7"})).many([GET])[0].after == 7
    assert meaning_of(429, None).after is None


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (requests.exceptions.SSLError("secret"), "tls"),
        (requests.ConnectTimeout("secret"), "timeout"),
        (requests.ReadTimeout("secret"), "timeout"),
        (requests.ConnectionError("secret"), "unreachable"),
        (requests.ConnectionError(socket.gaierror(-2, "secret")), "dns"),
    ],
)
def test_what_is_not_reached_says_why_and_no_more(cause, kind):
    found = unreached(cause)
    assert found.kind == kind
    assert kind in CONNECTION
    assert "secret" not in str(found)
    with pytest.raises(Retryable) as raised:
        calls(cause).one(GET)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_every_row_of_the_table_is_an_error_of_the_engine():
    assert all(issubclass(row.error, SyncError) for row in graph_errors.TABLE)
