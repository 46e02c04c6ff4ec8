"""Import the pure packages under their Odoo names: see tests/namespaces.py."""

import namespaces  # noqa: F401
