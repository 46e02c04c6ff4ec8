"""The simulated Microsoft 365 as a program, and its page for people."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import requests

from simulators.graph import SimulatedGraph
from simulators.graph_kit import client, guests, meeting

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


def test_it_runs_on_its_own(tmp_path: Path):
    (tmp_path / "own.ics").write_text(CALENDAR)
    options = ["--calendar", tmp_path / "own.ics", "--authority", tmp_path / "certificates"]
    command = [sys.executable, "-m", "simulators.graph_main", *options]
    folder = Path(__file__).parents[1]
    program = subprocess.Popen(
        [*command, "--now", "2026-11-23T08:00:00Z"], stdout=subprocess.PIPE, text=True, cwd=folder
    )
    try:
        url = program.stdout.readline().split()[-1]
        index = requests.get(f"{url}/_simulator/", timeout=30).json()
        events = requests.get(f"{url}/_simulator/events/ann@corp.example", timeout=30).json()
    finally:
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
        program.stdout.close()

    assert index["ca_file"] == str(tmp_path / "certificates" / "ca.pem")
    assert index["now"].startswith("2026-11-23T08:00")
    assert [one["subject"] for one in events] == ["From a file"]


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
