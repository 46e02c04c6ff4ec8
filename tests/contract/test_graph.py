"""Microsoft 365 keeps the contract, and some promises of its own, over real HTTP."""

from datetime import timedelta

import pytest

from simulators.graph import SimulatedGraph

from .graph_server import GraphServer
from .provider_contract import ProviderContract
from .push_contract import PushContract


@pytest.fixture
def server():
    with SimulatedGraph() as graph:
        yield GraphServer(graph)


class TestGraphContract(ProviderContract):
    """The contract, against the simulated Microsoft 365."""

    far = timedelta(days=2)  # an occurrence cannot pass its neighbours


class TestGraphPushContract(PushContract):
    """Its writing half."""

    remembers = False  # what was deleted is no longer found, by whatever key
    excludes = False
    keeps_declined = False
