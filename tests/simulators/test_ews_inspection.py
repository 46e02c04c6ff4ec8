"""Looking in from other processes, and the simulator as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from exchangelib.errors import ErrorServerBusy

from simulators.ews import SimulatedExchange
from simulators.ews_owner import Owner
from simulators.exchange_kit import SignIn, at, meeting, synced, weekly

TESTS = Path(__file__).parents[1]


def _look(exchange: SimulatedExchange, path: str, body: Any = None, method: str = "") -> Any:
    data = None if body is None else json.dumps(body).encode()
    url = f"{exchange.server.url}/_simulator/{path}"
    request = urllib.request.Request(url, data, method=method or None)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_index_and_accounts(exchange: SimulatedExchange, anna: Owner):
    exchange.add_service("svc", may_act_for=["anna@corp.example"])
    found = _look(exchange, "")
    assert (found["ews_url"], found["users"]) == (exchange.url, ["anna@corp.example"])
    assert found["now"] == "2026-11-23T08:00:00Z"
    accounts = {one["login"]: one for one in _look(exchange, "users")}
    assert accounts["anna"]["calendars"] == {"Calendar": 0}
    assert accounts["svc"]["may_act_for"] == ["anna@corp.example"]
    _look(exchange, "users", {"email": "new@corp.example", "time_zone": "Asia/Tokyo"})
    assert exchange.user("new@corp.example").mailbox.zone == "Tokyo Standard Time"


def test_items(exchange: SimulatedExchange, anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    series = weekly(account).save()
    (found,) = _look(exchange, "events/anna@corp.example")
    assert (found["Subject"], found["Start"]) == ("Kick-off", "2026-11-23T08:00:00Z")
    assert (found["ItemId"], found["CalendarItemType"]) == (series.id, "RecurringMaster")
    second = _look(exchange, f"events/anna@corp.example/{_quoted(series.id)}/2")
    _look(exchange, f"events/anna@corp.example/{_quoted(second['ItemId'])}", method="DELETE")
    (found,) = _look(exchange, "events/anna@corp.example")
    assert found["deleted"] == ["2026-11-30T09:00:00"]
    copied = {name: found[name] for name in ("Subject", "Start", "End", "Recurrence")}
    made = _look(exchange, "events/anna@corp.example", {**copied, "Subject": "Again"})
    assert anna.get(made["ItemId"]).type == "RecurringMaster"
    path = f"events/anna@corp.example/{_quoted(made['ItemId'])}"
    assert _look(exchange, path, {"Subject": "Changed"}, "PATCH")["Subject"] == "Changed"


def _quoted(text: str) -> str:
    return urllib.request.quote(text, safe="")


def test_operations_mails_and_steps(exchange: SimulatedExchange, anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    _look(exchange, "steps", {"do": "drop", "next": 2})
    guest = {"RequiredAttendees": ["eve@client.example"], "Subject": "a"}
    path = "events/anna@corp.example?send=SendToAllAndSaveCopy"
    _look(exchange, path, guest)
    assert [one["to"] for one in _look(exchange, "mails")] == ["eve@client.example"]
    assert _look(exchange, "mails/twice") == []
    meeting(account).save()
    assert _look(exchange, "operations")["counts"]["CreateItem"] == 1
    assert _look(exchange, "writes")["count"] == 1
    with pytest.raises(Exception, match="RemoteDisconnected"):
        meeting(account).save()
    assert len(anna.items()) == 3


def test_faults_and_time(exchange: SimulatedExchange, anna: Owner, sign_in: SignIn):
    account = sign_in("anna@corp.example")
    _look(exchange, "faults/busy", {"milliseconds": 7000, "match": "SyncFolderItems"})
    with pytest.raises(ErrorServerBusy) as caught:
        synced(account)
    assert caught.value.back_off == 7
    _look(exchange, "now", {"advance": 3600})
    item = meeting(account).save()
    item.refresh()
    assert item.last_modified_time == at("23T10:00")


def test_what_makes_no_sense(exchange: SimulatedExchange, anna: Owner):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        _look(exchange, "nonsense")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        _look(exchange, "events/nobody@corp.example")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        _look(exchange, "events/anna@corp.example/bm8=")


def test_process(tmp_path: Path):
    calendar = tmp_path / "calendar.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nSUMMARY:From a file\n"
        "DTSTART:20261123T090000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    command = [sys.executable, "-m", "simulators.ews", "--calendar", str(calendar)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().split()[-1]
        host = url.partition("/EWS")[0]
        with urllib.request.urlopen(
            f"{host}/_simulator/events/ann@corp.example", timeout=30
        ) as one:
            assert [item["Subject"] for item in json.load(one)] == ["From a file"]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
