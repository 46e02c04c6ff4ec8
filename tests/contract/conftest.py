"""Import the pure packages under their Odoo names, and the unit tests' store: see namespaces.py."""

import sys
from pathlib import Path

import namespaces  # noqa: F401

sys.path.append(str(Path(__file__).parents[1] / "unit"))
