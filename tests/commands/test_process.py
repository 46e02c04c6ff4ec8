"""Nothing that a command starts outlives it, however it ends."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from setup import console, paths, process

SLEEP = [sys.executable, "-c", "import time; time.sleep(300)"]
COMMAND = """
    import os, subprocess, sys, time
    from pathlib import Path
    from setup import process

    process.adopt_orphans()
    sleep = [sys.executable, "-c", "import time; time.sleep(300)"]
    program = process.start(sleep, Path(sys.argv[1]))
    hidden = ["setsid", "--fork", *sleep]
    subprocess.run(hidden, check=True)
    try:
        print(*process._descendants(os.getpid()), flush=True)
        time.sleep(300)
    except KeyboardInterrupt:
        process.end_all()
"""


def _command(tmp_path):
    """Start a command with a child and an orphaned grandchild; answer it and their ids."""
    words = [sys.executable, "-c", textwrap.dedent(COMMAND), tmp_path / "log"]
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    command = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    return command, [int(word) for word in command.stdout.readline().split()]


def _gone(pids, seconds=10):
    deadline = time.monotonic() + seconds
    while alive := [pid for pid in pids if _alive(pid)]:
        if time.monotonic() > deadline:
            return alive
        time.sleep(0.02)
    return []


def _alive(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_children_and_orphans(tmp_path, number):
    command, pids = _command(tmp_path)
    assert len(pids) == 2
    command.send_signal(number)
    command.wait(20)
    assert _gone(pids) == []


def test_even_a_killed_command_leaves_no_child(tmp_path):
    command, pids = _command(tmp_path)
    child = min(pids)
    command.kill()
    command.wait(20)
    left = _gone([child])
    for pid in set(pids) - {child}:
        os.kill(pid, signal.SIGKILL)  # a program that hides may outlive a kill, not the test
    assert left == []


def test_a_program_that_ignores_the_signal_is_ended_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "PATIENCE", 0.3)
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); "
    log = tmp_path / "log"
    program = process.start([sys.executable, "-c", f"{stubborn}time.sleep(300)"], log)
    deadline = time.monotonic() + 10
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.stop(program)
    assert program.returncode == -signal.SIGKILL


def test_a_failure_names_the_log_and_what_to_do(tmp_path, capsys):
    log = tmp_path / "log"
    words = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(console.Failure) as raised:
        process.run(words, log, "It did not work.", "try again")
    console.explain("setup/run", raised.value)
    said = capsys.readouterr().err
    for expected in ("setup/run: It did not work.", "no such thing", str(log), "try again"):
        assert expected in said
