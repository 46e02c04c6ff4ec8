"""Lets the pure packages be imported under their Odoo names with no Odoo installed.

The add-ons' own ``__init__`` never run, so an ``import odoo`` in pure code fails here. Where
Odoo itself was imported before, nothing is touched.
"""

import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]


def namespace(name, *path):
    module = sys.modules[name] = ModuleType(name)
    module.__path__ = [str(p) for p in path]


if "odoo" not in sys.modules:
    namespace("odoo")
    namespace("odoo.addons")
    namespace("odoo.addons.synced_meetings", ROOT / "synced_meetings")
    for adapter in ("synced_meetings_google", "synced_meetings_exchange"):
        namespace(f"odoo.addons.{adapter}", ROOT / adapter)
