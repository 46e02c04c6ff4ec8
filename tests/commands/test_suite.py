"""What setup/test makes of its arguments and of pytest's reports."""

import subprocess
import sys
import threading

import pytest

from setup import paths, suite
from setup.beside import Beside
from setup.suite import Stage
from setup.tally import Tally

STAGE = Stage("unit", ("tests/unit",))
UNIT = str(paths.ROOT / "tests" / "unit")


def test_paths_are_told_from_options(monkeypatch):
    monkeypatch.chdir(paths.ROOT)
    asked, options = suite._split(["tests/unit::test_a", "-k", "setup", "-x", "nowhere"])
    assert asked == [f"{UNIT}::test_a"]
    assert options == ["-k", "setup", "-x", "nowhere"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ([], [UNIT]),
        ([f"{UNIT}/test_x.py::test_y"], [f"{UNIT}/test_x.py::test_y"]),
        ([str(paths.ROOT)], [UNIT]),
        ([str(paths.ROOT / "setup")], []),
    ],
)
def test_a_stage_takes_its_own_part(asked, found):
    assert STAGE.paths(asked) == found


OUTCOMES = """
import unittest
import pytest

def test_passes(): pass
def test_fails(): assert False
def test_skips(): pytest.skip("so")
@pytest.fixture
def broken(): raise ValueError
def test_errs(broken): pass
@pytest.mark.xfail
def test_expected(): assert False
class TestParts(unittest.TestCase):
    def test_parts(self):
        for part in range(5):
            with self.subTest(part=part):
                pass
"""


def test_errors_count_as_failed_and_parts_of_a_test_do_not_count(tmp_path):
    (tmp_path / "test_outcomes.py").write_text(OUTCOMES)
    words = ["-p", "setup.tally", "-p", "no:odoo", "--tally", tmp_path / "tally", "-q", tmp_path]
    command = [sys.executable, "-m", "pytest", *words, f"--rootdir={tmp_path}"]
    subprocess.run(command, cwd=paths.ROOT, capture_output=True, check=False)
    tally = Tally()
    tally.add(tmp_path / "tally")
    tally.add(tmp_path / "tally")
    assert str(tally) == "4 passed, 4 failed, 4 skipped"


def test_every_folder_of_tests_belongs_to_a_stage():
    folders = {path.parent for path in paths.ROOT.glob("*/**/test_*.py")}
    known = [path for stage in suite.STAGES for path in map(paths.ROOT.joinpath, stage.paths([]))]
    strays = [folder for folder in folders if not any(folder.is_relative_to(one) for one in known)]
    assert strays == []


def test_the_lane_behind_takes_from_the_end_and_tells_in_order(tmp_path):
    beside = Beside()
    logs = [tmp_path / name for name in ("first", "second", "third")]
    for code, log in enumerate(logs):
        script = f"import pathlib; print(pathlib.Path({str(logs[2])!r}).exists()); exit({code})"
        beside.add(log, lambda script=script: ([sys.executable, "-c", script], {}))
    assert beside.take() == logs[0]
    beside.begin()
    assert list(beside.finish().items()) == [(logs[2], 2), (logs[1], 1)]
    assert [log.read_text() for log in logs[1:]] == ["True\n", "True\n"]
    assert beside.take() is None
    assert not logs[0].exists()


def test_what_is_stopped_begins_nothing_more(tmp_path):
    beside, begun = Beside(), threading.Event()
    logs = [tmp_path / name for name in ("first", "second")]

    def sleep():
        begun.set()
        return ["sleep", "60"], {}

    for log in logs:
        beside.add(log, sleep)
    beside.begin()
    begun.wait(10)
    beside.stop()
    assert list(beside.finish()) == [logs[1]]
    assert not logs[0].exists()


def test_two_lanes_run_at_the_same_time(tmp_path):
    beside = Beside(lanes=2)
    logs = [tmp_path / name for name in ("first", "second")]
    # Each waits for the other's output to exist: one after the other they would never end.
    script = "import pathlib, time\nwhile not pathlib.Path({!r}).exists(): time.sleep(0.01)"
    for log, other in zip(logs, reversed(logs), strict=True):
        beside.add(log, lambda other=other: ([sys.executable, "-c", script.format(str(other))], {}))
    beside.begin()
    assert beside.finish() == dict.fromkeys(logs, 0)
