"""Batches, asked by Google's own client."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

import httplib2
import pytest
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import BatchError, HttpError
from googleapiclient.http import BatchHttpRequest

from simulators.conftest import Clock, Service, meeting, refusal
from simulators.discovery import document
from simulators.google import GoogleSimulator
from simulators.google_owner import Owner

Answers = dict[str, Any]
Connect = Callable[..., Service]


class Batch:
    """A batch of Google's client that remembers its answers and errors."""

    def __init__(self, google: GoogleSimulator) -> None:
        self.answers: Answers = {}
        self.errors: dict[str, HttpError] = {}
        self.http = BatchHttpRequest(callback=self._callback, batch_uri=google.batch_url)

    def _callback(self, name: str, answer: Any, error: HttpError | None) -> None:
        if error:
            self.errors[name] = error
        else:
            self.answers[name] = answer

    def statuses(self) -> dict[str, int]:
        return {name: error.status_code for name, error in self.errors.items()}


Send = Callable[..., Batch]


@pytest.fixture
def batch(google: GoogleSimulator) -> Send:
    """Return a function that sends requests as a batch; their names are their numbers."""

    def send(*requests: Any) -> Batch:
        found = Batch(google)
        for number, request in enumerate(requests):
            found.http.add(request, request_id=str(number))
        found.http.execute()
        return found

    return send


def insert(calendar: Service, **body: Any) -> Any:
    return calendar.events().insert(calendarId="primary", body=meeting(**body), sendUpdates="all")


def patch(calendar: Service, identity: str, etag: str = "", **body: Any) -> Any:
    request = calendar.events().patch(calendarId="primary", eventId=identity, body=body)
    if etag:
        request.headers["If-Match"] = etag
    return request


def many(calendar: Service, count: int) -> list[Any]:
    return [
        insert(calendar, id=f"event{number:03}", summary=f"№ {number}") for number in range(count)
    ]


def test_every_call_has_its_own_answer(
    google: GoogleSimulator, calendar: Service, batch: Send
) -> None:
    one = insert(calendar, id="first").execute()
    google.requests.clear()
    found = batch(
        patch(calendar, "first", one["etag"], summary="Grüße aus Köln"),
        patch(calendar, "nobody", summary="x"),
        insert(calendar, id="first"),
        insert(calendar, summary="Second"),
        calendar.events().list(calendarId="primary"),
    )
    assert found.answers["0"]["summary"] == "Grüße aus Köln"
    assert found.answers["3"]["summary"] == "Second"
    assert found.answers["4"]["kind"] == "calendar#events"
    assert found.statuses() == {"1": 404, "2": 409}
    assert found.errors["2"].error_details[0]["reason"] == "duplicate"
    assert [(one.kind, one.path, one.status) for one in google.requests] == [
        ("batch", "/batch/calendar/v3", 200)
    ]
    assert sorted((one.kind, one.method, one.status) for one in google.inner) == [
        ("inner", "GET", 200),
        ("inner", "PATCH", 200),
        ("inner", "PATCH", 404),
        ("inner", "POST", 200),
        ("inner", "POST", 409),
    ]


def test_etags_guard_the_calls(calendar: Service, batch: Send) -> None:
    old = insert(calendar, id="first").execute()["etag"]
    newer = patch(calendar, "first", summary="New").execute()["etag"]
    delete = calendar.events().delete(calendarId="primary", eventId="first")
    delete.headers["If-Match"] = old
    found = batch(patch(calendar, "first", old, summary="Late"), delete)
    assert found.statuses() == {"0": 412, "1": 412}
    delete.headers["If-Match"] = newer
    assert batch(delete).answers == {"0": ""}  # 204


def test_the_client_finds_the_way_by_the_description(
    google: GoogleSimulator, calendar: Service, ann: Owner
) -> None:
    described = {**document(), "rootUrl": f"{google.url}/"}
    service = build_from_document(described, http=calendar._http)
    answers: Answers = {}
    found = service.new_batch_http_request(lambda name, answer, _: answers.update({name: answer}))
    found.add(service.events().insert(calendarId="primary", body=meeting()))
    found.execute()
    assert answers["1"]["organizer"]["email"] == ann.email
    assert calendar.new_batch_http_request()._batch_uri.startswith("https://www.googleapis.com/")


def test_fifty_calls_and_no_more(
    google: GoogleSimulator, ann: Owner, calendar: Service, batch: Send
) -> None:
    calls = many(calendar, 51)
    with pytest.raises(HttpError) as caught:
        batch(*calls)
    assert (caught.value.status_code, google.inner) == (400, [])
    assert ann.calendar().events() == []
    found = batch(*calls[:50])
    assert [found.answers[str(number)]["summary"] for number in range(50)] == [
        f"№ {number}" for number in range(50)
    ]


def test_calls_are_made_in_any_order(
    google: GoogleSimulator, calendar: Service, batch: Send
) -> None:
    batch(*many(calendar, 20))
    made = [write.event for write in google.steps.writes]
    assert made != sorted(made)
    assert len(set(made)) == google.steps.count == 20
    google.steps.forget()
    google.batch.shuffle = False
    batch(*(patch(calendar, f"event{number:03}", summary="New") for number in range(20)))
    assert [write.event for write in google.steps.writes] == sorted(made)


def test_each_call_shows_its_own_token(
    google: GoogleSimulator, ann: Owner, bob: Owner, connect: Connect, batch: Send
) -> None:
    anns, bobs = connect(ann), connect(bob)
    for service in (anns, bobs):  # a first call fetches the token that a batch then shows
        service.events().list(calendarId="primary").execute()
    batch(insert(anns, summary="Ann's"), insert(bobs, summary="Bob's"))
    assert [one["summary"] for one in ann.calendar().events()] == ["Ann's"]
    assert [one["summary"] for one in bob.calendar().events()] == ["Bob's"]
    google.faults.expire_access_tokens()
    assert batch(insert(anns), insert(anns)).errors == {}  # the client renews and asks again
    assert [one.status for one in google.inner[2:]] == [401, 401, 200, 200]


def raw(google: GoogleSimulator, body: str, **headers: str) -> tuple[httplib2.Response, str]:
    found = {"Content-Type": 'multipart/mixed; boundary="b"', **headers}
    answer, content = httplib2.Http().request(
        google.batch_url, "POST", body.replace("\n", "\r\n"), found
    )
    return answer, content.decode()


def test_headers_and_parameters_of_the_batch_hold_for_its_calls(
    google: GoogleSimulator, ann: Owner
) -> None:
    token = "Bearer " + google.consent(ann.email)["access_token"]
    part = "--b\nContent-Type: application/http\n{}\n{} HTTP/1.1\n{}\n"
    path = "GET /calendar/v3/calendars/primary/events"
    body = part.format("", f"{path}?fields=kind", "") + part.format(
        "Content-ID: <two>\n", path, "Authorization: Bearer made-up\n"
    )
    answer, text = raw(google, body + "--b--", Authorization=token)
    assert answer.status == 200
    assert answer["content-type"].startswith("multipart/mixed; boundary=batch_")
    first, second = text.split("--" + answer["content-type"].split("boundary=")[1])[1:3]
    assert first.endswith('\r\n\r\n{"kind": "calendar#events"}\r\n')
    assert "Content-ID" not in first
    assert "\r\nContent-ID: <response-two>\r\n\r\nHTTP/1.1 401 Unauthorized\r\n" in second


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET https://www.googleapis.com/calendar/v3/calendars/primary/events HTTP/1.1", 400),
        ("nonsense", 400),
        ("GET /gmail/v1/users/me/messages HTTP/1.1", 404),
        ("POST /batch/calendar/v3 HTTP/1.1", 404),
        ("GET /calendar/v3/calendars/primary/events HTTP/1.1", 401),
    ],
)
def test_what_is_no_call_is_refused_alone(google: GoogleSimulator, line: str, status: int) -> None:
    answer, text = raw(google, f"--b\nContent-Type: application/http\n\n{line}\n\n--b--")
    assert answer.status == 200
    assert f"HTTP/1.1 {status} " in text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "multipart/mixed; boundary=b"),
        ("--b--", "multipart/mixed; boundary=b"),
        ("--b\nContent-Type: text/plain\n\nGET / HTTP/1.1\n--b--", "multipart/mixed; boundary=b"),
        ("{}", "application/json"),
    ],
)
def test_what_is_no_batch_is_refused(google: GoogleSimulator, body: str, kind: str) -> None:
    answer, text = raw(google, body, **{"Content-Type": kind})
    assert answer.status == json.loads(text)["error"]["code"] == 400
    assert "Failed to parse batch request" in text


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"status": 429}, 429),
        ({"status": 403, "reason": "rateLimitExceeded"}, 403),
        ({"status": 503}, 503),
    ],
)
def test_faults_of_calls(
    google: GoogleSimulator,
    ann: Owner,
    calendar: Service,
    batch: Send,
    fault: dict,
    status: int,
) -> None:
    google.faults.add(match="POST .*/events", skip=1, times=2, **fault)
    found = batch(*many(calendar, 5))
    assert list(found.statuses().values()) == [status] * 2
    assert len(found.answers) == len(ann.calendar().events()) == 3


def test_faults_of_the_batch(
    google: GoogleSimulator, ann: Owner, calendar: Service, batch: Send
) -> None:
    google.faults.add(match="POST /batch/", status=503)
    with pytest.raises(HttpError) as caught:
        batch(*many(calendar, 2))
    assert (caught.value.status_code, ann.calendar().events()) == (503, [])
    google.faults.add(match="POST /batch/", body="<html>")
    with pytest.raises(BatchError):
        batch(*many(calendar, 2))
    assert len(ann.calendar().events()) == 2  # done, but nobody can read the answers


def test_an_answer_of_a_call_that_nobody_can_read(
    google: GoogleSimulator, ann: Owner, calendar: Service, batch: Send
) -> None:
    google.faults.add(match="POST .*/events", body='{"id": "ev')
    assert batch(insert(calendar)).answers == {"0": '{"id": "ev'}  # Google's client lets it pass
    assert len(ann.calendar().events()) == 1
    google.faults.add(match="POST .*/events", status=502, body="<html>Bad Gateway</html>")
    found = batch(insert(calendar), insert(calendar))
    assert sorted(found.statuses().values()) == [502]


@pytest.mark.parametrize(("drop", "done"), [("before", 2), ("after", 3)])
def test_the_connection_breaks_in_the_middle(
    google: GoogleSimulator,
    ann: Owner,
    calendar: Service,
    batch: Send,
    drop: str,
    done: int,
) -> None:
    insert(calendar, id="before").execute()
    google.faults.add(match="POST .*/events", skip=2, drop=drop)
    google.faults.add(match="POST /batch/", skip=1, drop="before")  # httplib2 tries twice
    with pytest.raises((OSError, httplib2.HttpLib2Error)):
        batch(*many(calendar, 5))
    assert len(ann.calendar().events()) == 1 + done
    assert [one.status for one in google.requests[-2:]] == [0, 0]
    found = batch(*many(calendar, 5))
    assert list(found.statuses().values()) == [409] * done


@pytest.mark.parametrize("seed", range(5))
def test_a_batch_does_what_its_calls_would_do_alone(
    ann: Owner, bob: Owner, connect: Connect, batch: Send, seed: int
) -> None:
    anns, bobs = connect(ann), connect(bob)
    for service in (anns, bobs):
        for number in range(0, 12, 2):
            insert(service, id=f"event{number:03}").execute()
    together = batch(*any_calls(anns, seed)).statuses()
    alone: dict[str, int] = {}
    for number, request in enumerate(any_calls(bobs, seed)):
        try:
            request.execute()
        except HttpError as error:
            alone[str(number)] = error.status_code
    assert together == alone
    states = [
        {(one["id"], one["summary"]) for one in who.calendar().events()} for who in (ann, bob)
    ]
    assert states[0] == states[1]


def any_calls(calendar: Service, seed: int) -> list[Any]:
    """Return a call for each of twelve events, of which every second one exists."""
    random = Random(seed)
    path = {"calendarId": "primary"}
    kinds = (
        lambda name: insert(calendar, id=name, summary="Inserted"),
        lambda name: patch(calendar, name, summary="Patched"),
        lambda name: patch(calendar, name, '"0"', summary="Stale"),
        lambda name: calendar.events().delete(**path, eventId=name),
        lambda name: calendar.events().update(**path, eventId=name, body=meeting(summary="All")),
        lambda name: calendar.events().get(**path, eventId=name),
    )
    return [random.choice(kinds)(f"event{number:03}") for number in range(12)]


def test_batches_from_outside(
    google: GoogleSimulator, calendar: Service, batch: Send, clock: Clock
) -> None:
    batch(*many(calendar, 3))
    _, text = httplib2.Http().request(f"{google.url}/_simulator/requests")
    found = json.loads(text)
    assert found["counts"]["POST /batch/calendar/v3"] == 1
    assert found["requests"][-1]["kind"] == "batch"
    assert found["inner"]["count"] == 3
    assert found["inner"]["requests"][0]["kind"] == "inner"
    assert refusal(insert(calendar, id="event001")) == (409, "duplicate")
