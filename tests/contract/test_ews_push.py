"""What the writing half for an own Exchange server promises, over real HTTP."""

import pytest

from simulators.ews import SimulatedExchange

from .ews_server import EwsServer
from .push_contract import PushContract


@pytest.fixture
def server():
    with SimulatedExchange() as exchange:
        yield EwsServer(exchange)


class TestEwsPushContract(PushContract):
    """The contract, against the simulated Exchange."""

    remembers = False  # what was deleted for good is found by no key
    excludes = False
    cancels_excluded = True
    keeps_declined = False
