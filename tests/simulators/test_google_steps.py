"""The server stops at a write: held, cut off, released."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from googleapiclient.http import BatchHttpRequest

from simulators.conftest import Service, look, meeting, refusal
from simulators.google import GoogleSimulator
from simulators.google_owner import Owner

CLIENT = """
import sys, urllib.request
for number in range(3):
    url = sys.argv[1] + "/calendar/v3/calendars/primary/events"
    body = sys.argv[3].replace("NUMBER", str(number)).encode()
    request = urllib.request.Request(url, body, {"Authorization": "Bearer " + sys.argv[2]})
    urllib.request.urlopen(request).read()
"""


def insert(calendar: Service, identity: str, **query: Any) -> Any:
    return calendar.events().insert(calendarId="primary", body=meeting(id=identity), **query)


def test_writes_have_numbers(google: GoogleSimulator, calendar: Service, ann: Owner) -> None:
    event = {"calendarId": "primary", "eventId": "event0"}
    insert(calendar, "event0", sendUpdates="all").execute()
    calendar.events().get(**event).execute()
    ann.calendar().patch("event0", {"summary": "Ann's own"})  # in Google's own pages
    calendar.events().patch(**event, body={"summary": "Ours"}).execute()
    calendar.events().delete(**event, sendUpdates="externalOnly").execute()
    with pytest.raises(Exception, match="410"):
        calendar.events().delete(**event).execute()
    span = {"timeMin": "2026-11-23T00:00:00Z", "timeMax": "2026-11-24T00:00:00Z", "items": []}
    calendar.freebusy().query(body=span).execute()
    found = look(google, "writes")
    assert (found["count"], found["held"]) == (4, [])
    assert [
        (one["number"], one["method"], one["send"], one["status"]) for one in found["writes"]
    ] == [
        (1, "events.insert", "all", 200),
        (2, "events.patch", "none", 200),
        (3, "events.delete", "externalOnly", 204),
        (4, "events.delete", "none", 410),
    ]
    assert {one["event"] for one in found["writes"]} == {"event0"}
    look(google, "writes", method="DELETE")
    assert look(google, "writes")["count"] == 0


@pytest.mark.parametrize(("when", "done"), [("before", 1), ("after", 2)])
def test_a_write_is_held_until_released(
    google: GoogleSimulator, calendar: Service, ann: Owner, when: str, done: int
) -> None:
    insert(calendar, "event0").execute()
    assert look(google, "steps", {"do": "hold", "next": 1, "when": when}) == {"write": 2}
    assert look(google, "steps/2") == {"reached": False}
    answers: list[Any] = []
    writer = threading.Thread(target=lambda: answers.append(insert(calendar, "event1").execute()))
    writer.start()
    assert look(google, "steps/2?wait=20") == {"reached": True}
    assert look(google, "writes")["held"] == [2]
    assert (answers, len(ann.calendar().events())) == ([], done)
    assert look(google, "steps")[0]["reached"] is True
    look(google, "steps/2", method="DELETE")
    writer.join(timeout=20)
    assert answers[0]["id"] == "event1"
    assert look(google, "writes")["held"] == []


@pytest.mark.parametrize(("when", "done"), [("before", []), ("after", ["event0"])])
def test_the_connection_is_cut_at_a_write(
    google: GoogleSimulator, calendar: Service, ann: Owner, when: str, done: list[str]
) -> None:
    google.steps.drop(1, when, times=2)  # httplib2 tries twice
    with pytest.raises(OSError, match=r"."):
        insert(calendar, "event0").execute()
    assert [one["id"] for one in ann.calendar().events()] == done
    assert [write.status for write in google.steps.writes] == ([200, 409] if done else [0, 0])
    assert insert(calendar, "event1").execute()["id"] == "event1"


@pytest.mark.parametrize(("identity", "repeated"), [({}, 1), ({"id": "event0"}, 0)])
def test_only_a_chosen_id_survives_a_lost_answer(
    google: GoogleSimulator, calendar: Service, ann: Owner, identity: dict, repeated: int
) -> None:
    """The client repeats what broke without a word to its caller, POST or not."""
    google.steps.drop(1)
    body = meeting(attendees=[{"email": "eve@client.example"}], **identity)
    request = calendar.events().insert(calendarId="primary", body=body, sendUpdates="all")
    if identity:
        assert refusal(request) == (409, "duplicate")
    else:
        request.execute()
    assert len(ann.calendar().events()) == len(google.mails) == 1 + repeated
    assert len(look(google, "mails/twice")) == repeated


@pytest.mark.parametrize("cut", ["", "?cut=true"])
def test_a_client_is_killed_at_a_write(google: GoogleSimulator, ann: Owner, cut: str) -> None:
    google.steps.hold(2)
    token = google.consent(ann.email)["access_token"]
    body = json.dumps(meeting(id="eventNUMBER"))
    command = [sys.executable, "-c", CLIENT, google.url, token, body]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as client:
        assert google.steps.wait(2)
        client.send_signal(signal.SIGKILL)
        assert client.wait(timeout=20) == -signal.SIGKILL
    look(google, f"steps/2{cut}", method="DELETE")
    assert [one["id"] for one in ann.calendar().events()] == ["event0", "event1"]
    assert google.steps.count == 2


def test_everything_goes_on_in_the_end(google: GoogleSimulator, calendar: Service) -> None:
    google.steps.hold(1)
    google.steps.hold(2, "before")
    writer = threading.Thread(target=insert(calendar, "event0").execute)
    writer.start()
    assert google.steps.wait(1)
    look(google, "steps", method="DELETE")
    writer.join(timeout=20)
    assert look(google, "steps") == []
    insert(calendar, "event1").execute()
    with pytest.raises(ValueError, match="write 2 has been"):
        google.steps.hold(2)
    with pytest.raises(ValueError, match="neither before nor after"):
        google.steps.drop(3, "during")


def test_a_batch_stops_in_the_middle(
    google: GoogleSimulator, calendar: Service, ann: Owner, connect: Callable
) -> None:
    insert(calendar, "event0").execute()
    google.steps.hold(3)
    batch = BatchHttpRequest(batch_uri=google.batch_url)
    for number in range(1, 5):
        batch.add(insert(calendar, f"event{number}"))
    writer = threading.Thread(target=batch.execute)
    writer.start()
    assert google.steps.wait(3)
    assert len(ann.calendar().events()) == 3
    google.steps.release(3)
    writer.join(timeout=20)
    assert len(ann.calendar().events()) == 5
