"""Faults that can be switched on, and looking in from outside."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from simulators.conftest import Clock, Service, at, look, meeting, refusal
from simulators.google import GoogleSimulator
from simulators.google_owner import Owner

TESTS = Path(__file__).parent.parent


def listing(calendar: Service) -> Any:
    return calendar.events().list(calendarId="primary")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"status": 429, "reason": "rateLimitExceeded"}, (429, "rateLimitExceeded")),
        ({"status": 403, "reason": "userRateLimitExceeded"}, (403, "userRateLimitExceeded")),
        ({"status": 403, "reason": "quotaExceeded"}, (403, "quotaExceeded")),
        ({"status": 503}, (503, "backendError")),
        ({"status": 500, "reason": "internalError"}, (500, "internalError")),
    ],
)
def test_errors_on_demand(
    google: GoogleSimulator, calendar: Service, fault: dict, expected: tuple[int, str]
) -> None:
    google.faults.add(match=r"GET .*/events", times=2, **fault)
    assert refusal(listing(calendar)) == expected
    calendar.calendarList().list().execute()  # does not match
    assert refusal(listing(calendar)) == expected
    assert listing(calendar).execute()["items"] == []


def test_retry_after(google: GoogleSimulator, calendar: Service) -> None:
    google.faults.add(status=429, match="/events", retry_after=7)
    with pytest.raises(Exception, match="Rate Limit") as caught:
        listing(calendar).execute()
    assert caught.value.resp["retry-after"] == "7"
    google.faults.add(status=503, match="/events", times=None)
    assert refusal(listing(calendar))[0] == 503
    google.faults.clear()
    listing(calendar).execute()


def test_an_answer_gets_lost_after_the_work_was_done(
    google: GoogleSimulator, calendar: Service, ann: Owner
) -> None:
    request = calendar.events().insert(calendarId="primary", body=meeting(id="event"))
    listing(calendar).execute()
    google.faults.add(match="POST .*/events", drop="after", times=2)  # httplib2 tries twice
    with pytest.raises((http.client.HTTPException, OSError)):
        request.execute()
    assert [one.status for one in google.requests[-2:]] == [200, 409]
    assert ann.calendar().get("event")["summary"] == "Kick-off"
    assert refusal(request) == (409, "duplicate")


def test_a_connection_is_cut_before_the_work(
    google: GoogleSimulator, calendar: Service, ann: Owner
) -> None:
    listing(calendar).execute()
    google.faults.add(match="POST .*/events", drop="before", times=2)  # httplib2 tries twice
    with pytest.raises((http.client.HTTPException, OSError)):
        calendar.events().insert(calendarId="primary", body=meeting()).execute()
    assert ann.calendar().events() == []
    assert google.requests[-1].status == 0


def test_an_answer_can_be_held_back(google: GoogleSimulator, calendar: Service, ann: Owner) -> None:
    listing(calendar).execute()
    gate = google.faults.hold(match="GET .*/events")
    pages: list[Any] = []
    reader = threading.Thread(target=lambda: pages.append(listing(calendar).execute()))
    reader.start()
    ann.calendar().insert(meeting())
    assert pages == []
    gate.set()
    reader.join(timeout=30)
    assert len(pages[0]["items"]) == 1


def test_slowness(google: GoogleSimulator, calendar: Service) -> None:
    listing(calendar).execute()
    google.faults.add(match="/events", delay=0.2)
    begun = time.monotonic()
    listing(calendar).execute()
    assert time.monotonic() - begun >= 0.2


def test_a_malformed_event_comes_verbatim(
    google: GoogleSimulator, calendar: Service, ann: Owner
) -> None:
    ann.calendar().insert(meeting(id="good00"))
    page = listing(calendar).execute()
    raw = {"id": "broken", "status": "confirmed", "start": {"dateTime": "nonsense"}}
    identity = google.faults.malformed("ann@corp.example", raw)
    query = {"syncToken": page["nextSyncToken"], "showDeleted": True}
    request = calendar.events().list(calendarId="primary", **query)
    google.observers.clear()  # a malformed event is no part of Google's description
    assert request.execute()["items"] == [raw]
    assert len(listing(calendar).execute()["items"]) == 2
    google.faults.heal("ann@corp.example", identity)
    assert [one["id"] for one in listing(calendar).execute()["items"]] == ["good00"]
    assert request.execute()["items"] == []


def test_a_malformed_event_can_replace_a_good_one(
    google: GoogleSimulator, calendar: Service, ann: Owner
) -> None:
    token = listing(calendar).execute()["nextSyncToken"]
    ann.calendar().insert(meeting(id="good00"))
    google.observers.clear()
    google.faults.malformed("ann@corp.example", {"id": "good00", "status": 5})
    request = calendar.events().list(calendarId="primary", syncToken=token)
    assert [one["status"] for one in request.execute()["items"]] == [5]
    assert calendar.events().get(calendarId="primary", eventId="good00").execute()["status"] == 5
    google.faults.heal("ann@corp.example", "good00")
    assert [one["status"] for one in request.execute()["items"]] == ["confirmed"]


def test_stories_look_in_over_http(google: GoogleSimulator, ann: Owner, calendar: Service) -> None:
    look(google, "users", {"email": "eve@client.example", "time_zone": "UTC"})
    path = "events/ann@corp.example/primary"
    guests = [{"email": "eve@client.example"}]
    event = look(google, f"{path}?sendUpdates=all", meeting(attendees=guests, id="event"))
    assert look(google, f"{path}/{event['id']}")["summary"] == "Kick-off"
    assert look(google, "events/eve@client.example")[0]["organizer"]["email"] == ann.email
    look(google, f"{path}/event", {"summary": "New"}, "PATCH")
    look(google, f"{path}/event/respond", {"response": "accepted", "email": "eve@client.example"})
    assert look(google, path)[0]["attendees"][0]["responseStatus"] == "accepted"
    assert [mail["to"] for mail in look(google, "mails")] == ["eve@client.example"]
    users = {one["email"]: one for one in look(google, "users")}
    assert users[ann.email]["events"] == {ann.email: 1}
    assert users[ann.email]["granted"] != []
    look(google, f"{path}/event", method="DELETE")
    assert look(google, path) == []
    listing(calendar).execute()
    found = look(google, "requests")
    assert found["counts"]["GET /calendar/v3/calendars/primary/events"] == 1
    assert found["requests"][-1]["status"] == 200


def test_series_over_http(google: GoogleSimulator, ann: Owner) -> None:
    path = "events/ann@corp.example/primary"
    body = meeting(id="series", recurrence=["RRULE:FREQ=DAILY;COUNT=3"])
    assert look(google, "seed/ann@corp.example", [body]) == {"events": 1}
    look(google, f"{path}/series_20261125T080000Z/split", {"summary": "Later"})
    assert sorted(one["summary"] for one in look(google, path)) == ["Kick-off", "Later"]
    team = ann.add_calendar("Team")
    look(google, f"{path}/series/move", {"destination": team.id})
    assert [one["summary"] for one in look(google, path)] == ["Later"]


def test_time_faults_and_reset_over_http(
    google: GoogleSimulator, ann: Owner, calendar: Service
) -> None:
    assert look(google, "now", {"now": "2027-01-01T00:00:00Z"})["now"] == "2027-01-01T00:00:00.000Z"
    assert look(google, "now", {"advance": 90})["now"] == "2027-01-01T00:01:30.000Z"
    look(google, "faults", {"status": 503, "match": "/events"})
    assert [one["status"] for one in look(google, "faults")] == [503]
    look(google, "faults", method="DELETE")
    look(google, "faults/expire_sync_tokens", {})
    look(google, "faults/malformed", {"email": ann.email, "raw": {"id": "broken"}})
    tokens = look(google, "consent/ann@corp.example", {})
    assert tokens["refresh_token"]
    look(google, "faults/revoke_grants", {"email": ann.email})
    look(google, "reset", {})
    index = look(google, "")
    assert (index["users"], index["requests"], index["mails"]) == ([ann.email], 0, 0)
    assert look(google, "events/ann@corp.example") == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("nothing", None, 404),
        ("events/nobody@corp.example", None, 400),
        ("events/ann@corp.example/primary/unknown", None, 404),
        ("events/ann@corp.example/primary", {"start": "now"}, 400),
        ("faults/unknown", {}, 400),
    ],
)
def test_mistakes_are_named(
    google: GoogleSimulator, ann: Owner, path: str, body: Any, status: int
) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        look(google, path, body)
    assert caught.value.code == status
    assert "error" in json.load(caught.value)


def test_the_index_page_shows_and_clicks(google: GoogleSimulator, ann: Owner) -> None:
    ann.calendar().insert(meeting(summary="<b>", attendees=[{"email": "x@y.example"}]), "all")
    with urllib.request.urlopen(f"{google.url}/?user={ann.email}", timeout=30) as answer:
        text = answer.read().decode()
    assert "&lt;b&gt;" in text
    assert "x@y.example" in text
    for button, count in (("Answer 503 once", 1), ("Lose the next answer", 2), ("Clear faults", 0)):
        urllib.request.urlopen(f"{google.url}/", f"do={button}".encode(), timeout=30).close()
        assert len(google.faults.active) == count


def test_everything_can_be_saved_and_loaded(
    google: GoogleSimulator, ann: Owner, bob: Owner, calendar: Service, clock: Clock
) -> None:
    own = ann.calendar()
    own.insert(
        meeting(id="series", recurrence=["RRULE:FREQ=DAILY"], attendees=[{"email": bob.email}])
    )
    own.patch("series_20261125T080000Z", {"summary": "Special"}, "all")
    own.delete(own.insert(meeting())["id"])
    token = listing(calendar).execute()["nextSyncToken"]
    state = json.loads(json.dumps(google.save()))
    own.patch("series", {"summary": "Forgotten"})
    google.load(state)
    assert google.save() == state
    assert listing(calendar).execute()["nextSyncToken"] == token
    ann.calendar().patch("series", {"start": at("23T10:00"), "end": at("23T11:00")})
    request = calendar.events().list(calendarId="primary", syncToken=token)
    assert {one["id"] for one in request.execute()["items"]} == {
        "series",
        "series_20261125T080000Z",
        "series_20261125T090000Z",
    }


def test_as_a_program(tmp_path: Path) -> None:
    ics, state = tmp_path / "own.ics", tmp_path / "state.json"
    ics.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:From a file\nDTSTART:20261123T080000Z\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    for arguments in (["--calendar", str(ics), "--now", "2026-11-23T08:00:00Z"], []):
        command = [sys.executable, "-m", "simulators.google", "--state", str(state), *arguments]
        environment = {**os.environ, "PYTHONPATH": str(TESTS)}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=environment
        ) as process:
            line = process.stdout.readline()
            assert line.startswith("listening on http://127.0.0.1:")
            url = line.split()[-1]
            with urllib.request.urlopen(f"{url}/_simulator/events/ann@corp.example") as answer:
                assert [one["summary"] for one in json.load(answer)] == ["From a file"]
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
