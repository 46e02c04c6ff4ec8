"""setup/test: every check and test of the repository; unit first, then two stages at a time."""

import contextlib
import fcntl
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from setup import browser, environment, machine, odoo_source, paths, process
from setup.beside import Beside
from setup.console import Failure, explain, step
from setup.database import Workshop
from setup.postgres import Cluster
from setup.tally import Tally

HOME = paths.LOCAL / "test"
HELP = """\
usage: setup/test [PATH[::TEST] …] [pytest's options …]

Check and test everything: ruff, tests/unit, simulators and contracts, the add-ons in Odoo, stories
in Chromium. What is missing on this machine is installed. Two stages run at a time; what the one
behind said is shown at the end. Where paths are named, only they run; options such as -k and -x go
on to pytest. The last line counts all tests.

  setup/test                                   everything
  setup/test tests/unit -k merge               some unit tests
  setup/test synced_meetings/tests             one add-on"""
VALUED = {"-k", "-m", "-n", "-o", "-p", "-c", "-W", "-r"}
STOP = {"-x", "--exitfirst"}
NO_TESTS = 5
INTERRUPTED = 2
ADD_ONS = "add_ons"


@dataclass(frozen=True)
class Stage:
    """Folders whose tests run in one process, and whether they need Odoo."""

    name: str
    folders: tuple[str, ...]
    odoo: bool = False

    def paths(self, asked: Sequence[str]) -> list[str]:
        """Return what to run of this stage: all of it, or what was asked for."""
        found = [path for folder in self.folders for path in sorted(paths.ROOT.glob(folder))]
        if not asked:
            return [str(path) for path in found]
        return [word for path in found for one in asked if (word := _meeting(path, one))]


# Three run at a time, from both ends: the long ones begin, the short ones fill up.
STAGES = (
    Stage("unit", ("tests/unit",)),
    Stage("stories", ("tests/e2e",), odoo=True),
    Stage("simulators", ("tests/simulators", "tests/contract", "tests/commands")),
    Stage("killed", ("tests/killed",), odoo=True),
    Stage("add-ons", ("synced_meetings*/tests",), odoo=True),
)


def _meeting(folder: Path, asked: str) -> str | None:
    path = Path(asked.partition("::")[0])
    if path.is_relative_to(folder):
        return asked
    return str(folder) if folder.is_relative_to(path) else None


def main(words: list[str]) -> int:
    """Run the stages, say the sum in the last line, and answer 1 if anything failed."""
    if {"-h", "--help"} & set(words):
        print(HELP)
        return 0
    asked, options = _split(words)
    stages = [(stage, found) for stage in STAGES if (found := stage.paths(asked))]
    if asked and not stages:
        raise Failure(f"No tests are in {' '.join(asked)}.", "name files below a folder of tests")
    tally = Tally()
    with _one_at_a_time(), contextlib.ExitStack() as stack:
        try:
            Suite(stack, tally, options, bool(words)).run(stages, lint=not asked)
        except Failure as failure:
            explain("setup/test", failure)
            tally.failed += 1
    print(f"\n{tally}", flush=True)
    return 1 if tally.failed else 0


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Part the paths, made absolute, from the options for pytest."""
    asked, options = [], []
    for before, word in zip(["", *words], words, strict=False):
        path, *test = word.split("::", 1)
        if before not in VALUED and not word.startswith("-") and Path(path).exists():
            asked.append("::".join([str(Path(path).resolve()), *test]))
        else:
            options.append(word)
    return asked, options


@contextlib.contextmanager
def _one_at_a_time():
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME.parent / "test.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("Another setup/test"):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Suite:
    """One run of the stages."""

    def __init__(self, stack: contextlib.ExitStack, tally: Tally, options: list[str], asked: bool):
        self.stack, self.tally, self.options, self.asked = stack, tally, options, asked
        self.workshop: Workshop | None = None

    def run(self, stages: list[tuple[Stage, list[str]]], lint: bool) -> None:
        """Run the stages; Odoo is prepared only where one needs it.

        Three run at a time, for they wait for a database or a browser half of their time.
        """
        odoo = any(stage.odoo for stage, _ in stages)
        machine.require(server=odoo, browser=odoo)
        if odoo:
            browser.require()
        self.python = environment.python()
        if lint:
            self._lint()
        if stages[0][0].name == "unit" and not self._test(*stages.pop(0)):
            print("The stages after unit wait until it passes.")
            return
        if odoo:
            self._prepare({stage.name for stage, _ in stages})
        self._run_beside(stages)

    def _run_beside(self, stages: list[tuple[Stage, list[str]]]) -> None:
        """Run one stage on the terminal and two behind it, until all have run."""
        stops = bool(STOP & set(self.options))  # then nothing runs behind
        of_log = {paths.log(f"test-{stage.name}"): (stage, found) for stage, found in stages}
        beside = Beside(lanes=2)
        self.stack.callback(beside.stop)
        for log, (stage, found) in of_log.items():
            beside.add(log, partial(self._pytest, stage, found))
        log = beside.take()
        if not stops:
            beside.begin()
        while log:
            stage, found = of_log[log]
            if not self._test(stage, found) and stops:
                print(f"The stages after {stage.name} wait until it passes.")
                return
            log = beside.take()
        for log, code in beside.finish().items():
            stage, _ = of_log[log]
            print(f"\n— {stage.name}\n{log.read_text(errors='replace')}", end="", flush=True)
            self._count(stage, code)

    def _lint(self) -> None:
        print("\n— lint", flush=True)
        command = [self.python, "-m", "ruff", "check", "--output-format=concise", "."]
        if process.foreground(command, cwd=paths.ROOT):
            self.tally.failed += 1

    def _prepare(self, stages: set[str]) -> None:
        source = odoo_source.find()
        cluster = Cluster(HOME, "test")
        with step(f"PostgreSQL {cluster.version}") as line:
            self.stack.enter_context(cluster.running())
            line.result = "started"
        self.workshop = Workshop(cluster, source, self.python, HOME)
        kinds = [False] * ("add-ons" in stages) + [True] * bool(stages & {"stories", "killed"})
        with step("Databases") as line:
            names = self.workshop.all_prepared(kinds)
            line.result = "prepared"
        if "add-ons" in stages:
            self.workshop.copy(names[False], ADD_ONS)

    def _test(self, stage: Stage, found: list[str]) -> bool:
        print(f"\n— {stage.name}", flush=True)
        command, options = self._pytest(stage, found)
        return self._count(stage, process.foreground(command, **options))

    def _pytest(self, stage: Stage, found: list[str]) -> tuple[list, dict]:
        """Return the program that runs the tests of a stage, and how it is started."""
        arguments, variables = [], environment.variables()
        if stage.name == "add-ons":
            arguments, variables = self._odoo_arguments(), self.workshop.variables()
        report = _report(stage)
        report.unlink(missing_ok=True)
        counted = ["-p", "setup.tally", "--tally", report]
        if stage.name == "unit" and not self.asked:
            arguments = ["-n", "2"]  # nothing runs beside it
        command = [self.python, "-m", "pytest", "-q", "--no-header", *counted, *arguments]
        env = {**variables, "PATH": browser.search_path()}
        return [*command, *self.options, *found], {"cwd": paths.ROOT, "env": env}

    def _count(self, stage: Stage, code: int) -> bool:
        report = _report(stage)
        if code == INTERRUPTED and not report.exists():
            raise KeyboardInterrupt
        before = self.tally.failed
        if report.exists():
            self.tally.add(report)
        harmless = code == 0 or (code == NO_TESTS and self.asked)
        if not harmless and self.tally.failed == before:
            self.tally.failed += 1  # pytest itself failed, or a folder of tests is empty
        return harmless

    def _odoo_arguments(self) -> list[str]:
        configuration = f"--odoo-config={self.workshop.configuration}"
        options = [configuration, f"--odoo-database={ADD_ONS}", "--odoo-http"]
        return ["-p", "pytest_odoo", *options, "--disable-warnings"]


def _report(stage: Stage) -> Path:
    return paths.log(f"test-{stage.name}").with_suffix(".json")


def workshop() -> Workshop:
    """Return the place where databases are made, to a test that setup/test started."""
    return Workshop(Cluster(HOME, "test"), odoo_source.locate(), Path(sys.executable), HOME)
