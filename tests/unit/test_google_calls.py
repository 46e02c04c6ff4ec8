"""Answers to a batch are taken apart with suspicion."""

import json

import httplib2
import pytest

from odoo.addons.synced_meetings.sync.errors import (
    AuthRequired,
    Rejected,
    Retryable,
    StaleChangeKey,
    SyncError,
)
from odoo.addons.synced_meetings_google.provider.api import api
from odoo.addons.synced_meetings_google.provider.calls import Calls

URL = "http://127.0.0.1:9/calendar/v3/"
OK = (200, '{"id": "a"}')


class Wire:
    """Answers what it is told to, as an `AuthorizedHttp` would."""

    def __init__(self, *answers):
        self.answers, self.asked, self.renewals = list(answers), [], 0
        self.credentials = Credentials()

    def request(self, uri, method="GET", body=None, headers=None, **_):
        self.asked.append((method, uri))
        answer = self.answers.pop(0)
        status, content, *kind = answer(body) if callable(answer) else answer
        kind = kind[0] if kind else "application/json"
        response = httplib2.Response({"status": str(status), "content-type": kind})
        response.reason = "said"
        return response, content.encode()

    def log_in(self):
        """The login is good."""

    def renew(self):
        self.renewals += 1


class Credentials:
    valid, access_token, access_token_expired = True, "a", False


def part(number, status=200, body='{"id": "a"}', head=""):
    lines = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\n{head}\r\n{body}"
    content_id = f"Content-ID: <response-x + {number}>\r\n"
    return f"--b\r\nContent-Type: application/http\r\n{content_id}\r\n{lines}\r\n"


def batch(*parts, end="--b--"):
    return (200, "".join(parts) + end, "multipart/mixed; boundary=b")


def error(status, reason):
    return json.dumps({"error": {"code": status, "errors": [{"reason": reason}], "message": "no"}})


def calls(*answers):
    found = Calls(None, URL, 1.0)
    found._http = Wire(*answers)
    return found


def gets(number):
    events = api(URL).events
    return [events.get(calendarId="primary", eventId=f"e{n}") for n in range(number)]


def deletions(number):
    events = api(URL).events
    return [events.delete(calendarId="primary", eventId=f"e{n}") for n in range(number)]


def test_answers_are_told_apart_by_their_number():
    made = calls(batch(*(part(n, body=json.dumps({"n": n})) for n in (2, 0, 1))))
    assert made.many(gets(3)) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert made._http.asked == [("POST", "http://127.0.0.1:9/batch/calendar/v3")]


def test_nothing_costs_nothing_and_one_is_asked_alone():
    assert calls().many([]) == []
    assert calls(OK).many(gets(1)) == [{"id": "a"}]
    assert calls((204, "")).many(deletions(1)) == [{}]
    assert calls(batch(part(0, 204, ""), part(1, 204, ""))).many(deletions(2)) == [{}, {}]


def test_refusals_stand_with_their_own():
    found = calls(
        batch(
            part(0),
            part(1, 412, error(412, "conditionNotMet")),
            part(2, 429, error(429, "rateLimitExceeded"), "Retry-After: 9\r\n"),
            part(3, 400, "<html>"),
        )
    ).many(gets(4))
    assert found[0] == {"id": "a"}
    assert [type(one) for one in found[1:]] == [StaleChangeKey, Retryable, Rejected]
    assert found[2].after == 9


def test_a_login_that_ends_inside_is_renewed_once():
    again = [part(n, 401, error(401, "authError")) for n in range(3)]
    made = calls(batch(*again), batch(*(part(n) for n in range(3))))
    assert made.many(gets(3)) == [{"id": "a"}] * 3
    assert made._http.renewals == 1
    with pytest.raises(AuthRequired):
        calls(batch(*again), batch(*again)).many(gets(3))


@pytest.mark.parametrize(
    "answer",
    [
        batch(part(0)),  # one is missing
        batch(part(0), part(7)),
        batch(part(0), "--b\r\n\r\n"),
        batch(part(0), part(1).replace("Content-ID", "X-ID")),
        batch(part(0), part(1).replace("<response-x + 1>", "1")),
        batch(part(0), part(1).replace("HTTP/1.1 200 Said", "")),
        batch(part(0), part(1).replace("200 Said", "OK")),
        batch(part(0), part(1, body='{"id": "')),
        batch(part(0), part(1, body="[]")),
        batch(part(0), part(1, body="7")),
        batch(end=""),
        (200, "", "multipart/mixed"),
        (200, "{}", "application/json"),
        (200, "<html>", "text/html"),
        (503, ""),
        (429, ""),
    ],
)
def test_a_batch_that_cannot_be_read_is_in_doubt(answer):
    with pytest.raises(Retryable):
        calls(answer).many(gets(2))


@pytest.mark.parametrize("answer", [(200, "[]"), (200, "cut"), (200, "")])
def test_so_is_a_single_answer(answer):
    with pytest.raises(Retryable):
        calls(answer).many(gets(1))


@pytest.mark.parametrize("status", [400, 403, 404, 413])
def test_what_is_refused_as_a_whole_is_halved_until_it_is_taken(status):
    refused = (status, error(status, "badRequest"))
    pairs = [batch(part(0, body='{"n": 1}'), part(1, body='{"n": 2}')) for _ in range(2)]
    assert calls(refused, *pairs).many(gets(4)) == [{"n": 1}, {"n": 2}] * 2
    found = calls(refused, refused, refused).many(gets(2))
    assert all(isinstance(one, SyncError) for one in found)


def test_fifty_at_a_time():
    def echo(body):
        return batch(*(part(n) for n in range(body.count("GET /calendar/v3/"))))

    made = calls(echo, echo, OK)
    assert len(made.many(gets(101))) == 101
    assert [uri.rpartition("9/")[2] for _, uri in made._http.asked][:2] == ["batch/calendar/v3"] * 2
    assert made._http.asked[2][0] == "GET"


def test_what_is_asked_alone_is_raised():
    with pytest.raises(StaleChangeKey):
        calls((412, error(412, "conditionNotMet"))).one(gets(1)[0])
    assert calls(OK).one(gets(1)[0]) == {"id": "a"}
