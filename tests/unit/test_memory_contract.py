"""The memory service keeps what every provider promises (tests/contract)."""

import pytest
from memory_neutral import NeutralMemory

from contract.provider_contract import ProviderContract
from contract.push_contract import PushContract


@pytest.fixture
def server():
    return NeutralMemory()


class TestMemoryContract(ProviderContract):
    pass


class TestMemoryPushContract(PushContract):
    pass
