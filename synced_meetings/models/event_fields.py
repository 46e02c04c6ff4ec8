"""What meetings and series share: choices, whose keys are the engine's own words, and a field."""

from odoo import fields
from odoo.tools import html_sanitize
from odoo.tools.lru import LRU

_cleaned = LRU(1024)

STATES = [("confirmed", "Confirmed"), ("tentative", "Tentative"), ("cancelled", "Cancelled")]
PRIVACY = [("public", "Public"), ("private", "Private")]
SHOW_AS = [
    ("free", "Free"),
    ("tentative", "Tentative"),
    ("busy", "Busy"),
    ("oof", "Out of office"),
    ("elsewhere", "Working elsewhere"),
]


def clean_html(value):
    """Return HTML as `html_sanitize` does; what it returned once is clean and stays as it is."""
    found = _cleaned.get(value)
    if found is None:
        found = html_sanitize(value)
        _cleaned[value] = _cleaned[found] = found
    return found


class CleanHtml(fields.Html):
    """HTML sanitised as always, but the same text only once: a series has it a hundred times."""

    def _convert(self, value, record, validate):
        return clean_html(value) if value and validate else super()._convert(value, record, False)
