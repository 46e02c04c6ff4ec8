"""HTML that every simulator shares."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from .server import Response

STYLE = Path(__file__).with_name("pages.css").read_text()
HIDDEN = '<input type="hidden" name="{}" value="{}">'


def page(title: str, content: str, status: int = 200, wide: bool = False) -> Response:
    """Return a complete HTML page."""
    kind = ' class="wide"' if wide else ""
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head>'
        f"<body><main{kind}>{content}</main></body></html>"
    )
    return Response(status, html, "text/html; charset=utf-8", {"Cache-Control": "no-store"})


def back(uri: str, values: dict[str, str]) -> Response:
    """Send the browser back to the client."""
    joint = "&" if urlsplit(uri).query else "?"
    target = f"{uri}{joint}{urlencode(values)}"
    return Response(302, b"", "text/html; charset=utf-8", {"Location": target})


def table(title: str, head: list[str], rows: list[list[str]]) -> str:
    """Return a table of cells that are HTML already."""
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    shown = f'<div class="scroll">{table}</div>' if rows else "<p>None.</p>"
    return f"<h2>{title}</h2>{shown}"


def button(name: str) -> str:
    """Return a button that the index page understands."""
    button = f'<button name="do" value="{escape(name)}">{escape(name)}</button>'
    return f'<form class="inline" method="post" action="/">{button}</form>'
