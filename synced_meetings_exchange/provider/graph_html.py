"""The HTML bodies of Outlook: documents, of which a meeting's text is the inside.

A Teams meeting carries how to join in its body, and breaks where that is lost.
https://learn.microsoft.com/graph/outlook-calendar-online-meetings#preserve-the-meeting-blob
"""

from __future__ import annotations

import re
from html import escape

BODY = re.compile(r"<body\b[^>]*>(.*?)(?:</body\s*>|\Z)", re.IGNORECASE | re.DOTALL)
HEAD = re.compile(r"<head\b.*?</head\s*>|</?html\b[^>]*>", re.IGNORECASE | re.DOTALL)
# Teams draws a line of underscores above what one needs to join, in an element of its own.
BLOB = re.compile(r"<(?:div|p)\b[^>]*>\s*(?:<[^>]*>\s*)*_{30,}", re.IGNORECASE)
JOIN = "/l/meetup-join/"


def inside(content: str, kind: str = "html") -> str:
    """Return the text of a body as HTML, without the document around it."""
    if kind == "text":
        return paragraph(content)
    found = BODY.search(content)
    return (found[1] if found else HEAD.sub("", content)).strip()


def paragraph(text: str) -> str:
    """Return plain text as HTML; what looks like markup in it is text."""
    lines = text.replace("\r\n", "\n").strip()
    shown = escape(lines, quote=False).replace("\n", "<br>")
    return f"<p>{shown}</p>" if shown else ""


def with_blob(description: str, current: str) -> str:
    """Return a new text with the part of ``current`` by which a Teams meeting is joined."""
    text = inside(current)
    found = BLOB.search(text)
    if JOIN in description or not found or JOIN not in text[found.start() :]:
        return description
    return f"{description}<br>{text[found.start() :]}"
