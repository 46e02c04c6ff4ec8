"""What meetings and series share: choices, whose keys are the engine's own words, and a field."""

import re

from odoo import fields
from odoo.tools import html_sanitize
from odoo.tools.lru import LRU

_cleaned = LRU(1024)
# Paragraphs of text and line breaks, as made of plain text: nothing to clean, and most texts.
PLAIN = re.compile(r"<p>(?:[^<>&]|&(?:amp|lt|gt);|<br>)*</p>")

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
    if found is None and PLAIN.fullmatch(value):
        return value
    if found is None:
        found = html_sanitize(value)
        _cleaned[value] = _cleaned[found] = found
    return found


class CleanHtml(fields.Html):
    """HTML sanitised as always, but the same text only once: a series has it a hundred times."""

    def _convert(self, value, record, validate):
        return clean_html(value) if value and validate else super()._convert(value, record, False)
