"""What setup/test makes of its arguments and of pytest's reports."""

import pytest

from setup import paths, suite
from setup.suite import Stage, Tally

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


def test_errors_count_as_failed(tmp_path):
    report = tmp_path / "report.xml"
    numbers = 'tests="9" failures="2" errors="1" skipped="3"'
    report.write_text(f"<testsuites><testsuite {numbers}/></testsuites>")
    tally = Tally()
    tally.add(report)
    tally.add(report)
    assert str(tally) == "6 passed, 6 failed, 6 skipped"


def test_every_folder_of_tests_belongs_to_a_stage():
    folders = {path.parent for path in paths.ROOT.glob("*/**/test_*.py")}
    known = [path for stage in suite.STAGES for path in map(paths.ROOT.joinpath, stage.paths([]))]
    strays = [folder for folder in folders if not any(folder.is_relative_to(one) for one in known)]
    assert strays == []
