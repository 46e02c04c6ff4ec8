"""What meetings and series share: choices, whose keys are the engine's own words, and a field."""

from functools import lru_cache

from odoo import fields
from odoo.tools import html_sanitize

clean_html = lru_cache(maxsize=1024)(html_sanitize)

STATES = [("confirmed", "Confirmed"), ("tentative", "Tentative"), ("cancelled", "Cancelled")]
PRIVACY = [("public", "Public"), ("private", "Private")]
SHOW_AS = [
    ("free", "Free"),
    ("tentative", "Tentative"),
    ("busy", "Busy"),
    ("oof", "Out of office"),
    ("elsewhere", "Working elsewhere"),
]


class CleanHtml(fields.Html):
    """HTML sanitised as always, but the same text only once: a series has it a hundred times."""

    def _convert(self, value, record, validate):
        return clean_html(value) if value and validate else super()._convert(value, record, False)
