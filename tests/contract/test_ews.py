"""An own Exchange server keeps the contract, and some promises of its own, over real HTTP."""

from datetime import timedelta

import pytest

from simulators.ews import SimulatedExchange

from .ews_server import EwsServer
from .provider_contract import ProviderContract


@pytest.fixture
def server():
    with SimulatedExchange() as exchange:
        yield EwsServer(exchange)


class TestEwsContract(ProviderContract):
    """The contract, against the simulated Exchange."""

    far = timedelta(days=2)  # an occurrence cannot pass its neighbours
    page_requests = 2  # SyncFolderItems and GetItem
