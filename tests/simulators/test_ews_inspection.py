"""Looking in from other processes, and the simulator as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def _running(*options: str | Path) -> Iterator[list[str]]:
    """Run the program; give the lines that it says."""
    command = [sys.executable, "-m", "simulators.ews_main", *map(str, options)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield [process.stdout.readline() for _ in range(1 + ("--tls" in options))]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        process.stdout.close()


def _told(page: str, path: str) -> Any:
    with urllib.request.urlopen(f"{page}/_simulator/{path}", timeout=30) as answer:
        return json.load(answer)


def test_process(tmp_path: Path):
    calendar = tmp_path / "calendar.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:a\nSUMMARY:From a file\n"
        "DTSTART:20261123T090000Z\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    kept = ("--tls", "--authority", tmp_path / "authority", "--state", tmp_path / "state.json")
    with _running("--calendar", calendar, *kept) as (first, second):
        page = second.split()[4].rstrip(",")
        (item,) = _told(page, "events/ann@corp.example")
        index = _told(page, "")
    assert item["Subject"] == "From a file"
    assert first.split()[-1] == index["ews_url"]
    assert index["ews_url"].startswith("https:")
    assert index["ca_file"] == str(tmp_path / "authority" / "ca.pem")
    with _running(*kept, "--people", "Cleo <cleo@corp.example>") as (_, second):
        assert _told(second.split()[4].rstrip(","), "events/ann@corp.example") == [item]


def test_another_simulator_goes_on_where_one_was_left(
    exchange: SimulatedExchange, anna: Owner, sign_in: SignIn
):
    exchange.add_user("eve@corp.example", "Eve")
    account = sign_in("anna@corp.example")
    series = weekly(account).save()
    meeting(account, required_attendees=["eve@corp.example"]).save()
    _, state = synced(account)
    anna.update(anna.occurrence(series.id, 2).id, Subject="Special")
    anna.delete(anna.occurrence(series.id, 3).id)
    saved = json.loads(json.dumps(exchange.save()))

    with SimulatedExchange(now=exchange.world.clock) as other:
        other.load(saved)
        assert json.loads(json.dumps(other.save())) == saved
        then, now = (synced(one, state)[0] for one in (account, SignIn(other)(anna.email)))
        assert [(kind, item.id) for kind, item in now] == [(kind, item.id) for kind, item in then]
        assert other.user("anna@corp.example").occurrence(series.id, 2).data["Subject"] == "Special"


def test_the_page_shows_accounts_items_mails_and_switches(exchange: SimulatedExchange, anna: Owner):
    exchange.add_service("svc")
    anna.create(
        "SendToAllAndSaveCopy",
        Subject="Kick-off <1>",
        Start=at("23T09:00"),
        End=at("23T10:00"),
        RequiredAttendees=["eve@client.example"],
    )
    with urllib.request.urlopen(f"{exchange.server.url}/?user={anna.email}", timeout=30) as answer:
        shown = answer.read().decode()
    assert "Kick-off &lt;1&gt;" in shown
    assert shown.count("eve@client.example") == 2
    assert "everybody" in shown
    for name in ("Answer 503 once", "Switch Web Services off"):
        assert f'value="{name}"' in shown
        urllib.request.urlopen(exchange.server.url, f"do={name}".encode(), timeout=30).close()
    assert [one.status for one in exchange.faults.active] == [503]
    assert exchange.service.blocked == {"*"}
