"""The faults of plant_faults.py can still be planted, and one of them is noticed."""

from pathlib import Path

import plant_faults
import pytest
from faults import FAULTS

NAMES = [fault.name for fault in FAULTS]


@pytest.mark.parametrize("fault", FAULTS, ids=NAMES)
def test_each_fault_has_its_place(fault):
    assert (plant_faults.ROOT / fault.path).read_text().count(fault.before) == 1
    assert fault.before != fault.after


def test_a_planted_fault_is_noticed():
    fault = FAULTS[NAMES.index("tell always")]
    found = plant_faults.search(fault, tests=["test_push.py"])
    assert "Error" in found.what
    assert fault.after not in Path(plant_faults.ROOT / fault.path).read_text()
