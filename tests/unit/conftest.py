"""Import the pure packages under their Odoo names (tests/namespaces.py); how hard to search.

The profile is named by HYPOTHESIS_PROFILE: ``deterministic`` (default, repeatable and quick),
``dev`` (other examples at every run), ``ci`` (twenty times as many, kept where one fails),
``faults`` (many, and none made smaller: is a planted fault noticed?).
"""

import os

from hypothesis import HealthCheck, Phase, settings

import namespaces  # noqa: F401

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]

settings.register_profile(
    "deterministic",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=30,
    suppress_health_check=SLOW,
)
settings.register_profile("dev", settings.get_profile("deterministic"), derandomize=False)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=600,
    print_blob=True,
    suppress_health_check=SLOW,
)
settings.register_profile(
    "faults",
    settings.get_profile("deterministic"),
    max_examples=75,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "deterministic"))
