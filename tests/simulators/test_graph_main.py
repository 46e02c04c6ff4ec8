"""The simulated Microsoft 365 as a program, and its page for people."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from simulators.graph import DEMO_APP, SimulatedGraph
from simulators.graph_assertions import new_certificate
from simulators.graph_kit import Client, application, client, guests, meeting, weekly

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:one@odoo.example
DTSTART:20261123T090000Z
DTEND:20261123T100000Z
SUMMARY:From a file
END:VEVENT
END:VCALENDAR
"""


@contextmanager
def running(*options: str | Path) -> Iterator[str]:
    """Run the program; give its address."""
    command = [sys.executable, "-m", "simulators.graph_main", "--now", "2026-11-23T08:00:00Z"]
    program = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    try:
        yield program.stdout.readline().split()[-1]
    finally:
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
        program.stdout.close()


def look(url: str, path: str = "") -> Any:
    return requests.get(f"{url}/_simulator/{path}", timeout=30).json()


def test_it_runs_on_its_own_and_remembers(tmp_path: Path):
    (tmp_path / "own.ics").write_text(CALENDAR)
    kept = ("--authority", tmp_path / "certificates", "--state", tmp_path / "state.json")
    with running("--calendar", tmp_path / "own.ics", *kept) as url:
        index = look(url)
        [event] = look(url, "events/ann@corp.example")
    with running(*kept) as url:
        again = look(url, "events/ann@corp.example")

    assert index["ca_file"] == str(tmp_path / "certificates" / "ca.pem")
    assert index["now"].startswith("2026-11-23T08:00")
    assert event["subject"] == "From a file"
    assert again == [event]


def test_another_simulator_goes_on_where_one_was_left(graph: SimulatedGraph):
    ann = graph.add_user("ann@corp.example", "Ann", "Europe/Berlin")
    graph.login.apps[DEMO_APP].certificates.append(new_certificate()[0])
    graph.admin_consent("corp.example")
    http = client(graph, ann)
    master = http.post("/me/events", weekly(attendees=guests("eve@client.example")))["id"]
    _, link = http.round()
    http.patch(f"/me/events/{http.instances(master)[1]['id']}", {"subject": "Special"})
    http.delete(f"/me/events/{http.instances(master)[2]['id']}")
    state = json.loads(json.dumps(graph.save()))

    with SimulatedGraph(now=graph.world.clock) as other:
        other.load(state)
        later = Client(other, http.http.headers["Authorization"].split()[1])
        then, now = http.round(link)[0], later.round(link.replace(graph.url, other.url))[0]
        assert now == then
        assert other.mails == graph.mails
        assert json.loads(json.dumps(other.save())) == state


def test_a_reset_leaves_people_and_approvals(graph: SimulatedGraph):
    ann = graph.add_user("ann@corp.example", "Ann", "Europe/Berlin")
    graph.admin_consent("corp.example")
    http = client(graph, ann)
    http.post("/me/events", meeting(attendees=guests("eve@client.example")))
    graph.faults.add(status=503)

    requests.post(f"{graph.url}/_simulator/reset", timeout=30)

    assert (graph.mails, graph.requests, graph.faults.active) == ([], [], [])
    assert http.refusal("GET", "/me/events")[0] == 401
    assert client(graph, ann).get("/me/events")["value"] == []
    assert application(graph).get(f"/users/{ann.email}/events")["value"] == []


def test_the_page_shows_people_events_mails_and_switches(graph: SimulatedGraph):
    ann = graph.add_user("ann@corp.example", "Ann <Archer>", "Europe/Berlin")
    http = client(graph, ann)
    http.post("/me/events", meeting(attendees=guests("eve@client.example")))

    shown = requests.get(f"{graph.url}/?user={ann.email}", timeout=30).text

    assert "Ann &lt;Archer&gt;" in shown
    assert "Kick-off" in shown
    assert shown.count("eve@client.example") == 2
    for name in ("Answer 503 once", f"Withdraw {ann.email}", "Approval: corp.example"):
        assert f'value="{name}"' in shown
        requests.post(graph.url, data={"do": name}, timeout=30)
    assert [one.status for one in graph.faults.active] == [503]
    assert not graph.world.tenant("corp.example").users_consent
    assert graph.login.consents == {}
