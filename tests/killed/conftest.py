"""Google, and the work that is done again and again."""

import contextlib
from collections.abc import Iterator

import pytest

from e2e.product import Google
from setup import services, suite

pytest.register_assert_rewrite("killed.trial")

from .trial import Trial  # noqa: E402

GOOGLE_PORT = 8569
TOLD = pytest.StashKey[list]()


@pytest.fixture(scope="module")
def google() -> Iterator[Google]:
    """Return the simulated Google."""
    with services.google(suite.workshop().python, "killed", GOOGLE_PORT) as service:
        yield Google(service.url)


@pytest.fixture(scope="module")
def trial(request, google) -> Iterator[Trial]:
    """Return the work of a person, as much of it as the module says."""
    size = request.module.SIZE
    with contextlib.closing(Trial(suite.workshop(), google, size)) as trial:
        yield trial
    counted = ", ".join(f"{number} {name}s" for name, number in trial.counted.items())
    passed = f"a run of {size} meetings passes {counted}, {trial.writes} writes in Google"
    told = request.config.stash.setdefault(TOLD, [])
    told.append(f"{trial.tried} processes killed; {passed}")


def pytest_terminal_summary(terminalreporter, config):
    """Say how many processes were killed, and where."""
    for told in config.stash.get(TOLD, ()):
        terminalreporter.write_line(told)
