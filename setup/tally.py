"""Counting tests: a plug-in of pytest that writes the numbers of a stage, and their sum."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

# pytest's words for how a test ended; subtests are parts of a test and not counted again
PASSED, FAILED, SKIPPED = ("passed", "xpassed"), ("failed", "error"), ("skipped", "xfailed")


@dataclass
class Tally:
    """How many tests passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, report: Path) -> None:
        """Add the numbers that the plug-in wrote."""
        for name, number in json.loads(report.read_text()).items():
            setattr(self, name, getattr(self, name) + number)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def pytest_addoption(parser):
    """Let setup/test name the file to write."""
    parser.addoption("--tally", type=Path, help="where to write how many tests passed and failed")


def pytest_terminal_summary(terminalreporter, config):
    """Write the numbers."""
    numbers = (
        sum(len(terminalreporter.stats.get(word, ())) for word in words)
        for words in (PASSED, FAILED, SKIPPED)
    )
    if config.option.tally:
        config.option.tally.write_text(json.dumps(asdict(Tally(*numbers))))
