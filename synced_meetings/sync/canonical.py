"""One form for each event, so that two equal events are equal values (rule R4).

Base, local and remote all pass through here; `canonical` of a canonical event is itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from html import escape

from .event import Attendee, Event

Clean = Callable[[str], str]
LIMITS = {"name": 1024, "location": 1024, "conference_url": 2048}
MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w+);")
CONTROLS = {c: None for c in range(32) if c not in (9, 10, 13)} | dict.fromkeys(
    range(0xD800, 0xE000)
)


def canonical(event: Event, clean: Clean) -> Event:
    """Return ``event`` as it is kept and compared; ``clean`` makes HTML from outside harmless."""
    return replace(
        event,
        name=_line(event.name, LIMITS["name"]),
        location=_line(event.location, LIMITS["location"]),
        description=_html(event.description, clean),
        conference_url=_url(event.conference_url),
        organiser=address(event.organiser),
        attendees=_attendees(event.attendees),
        rule=tuple(sorted(filter(None, (line.strip() for line in event.rule)))),
    )


def address(email: str) -> str:
    """Return an e-mail address as it is compared: lower case, composed, without white space."""
    return unicodedata.normalize("NFC", text(email)).strip().lower()


def text(value: str) -> str:
    """Return text without what no database or page can hold: NUL, controls, lone surrogates."""
    return value if value.isprintable() else value.translate(CONTROLS)


def _line(value: str, limit: int) -> str:
    return " ".join(text(value).split())[:limit].rstrip()


def _url(value: str) -> str:
    url = text(value).strip()
    return url if url.startswith("https://") and len(url) <= LIMITS["conference_url"] else ""


def _html(value: str, clean: Clean) -> str:
    value = text(value).strip()
    if not value:
        return ""
    if not MARKUP.search(value):
        value = f"<p>{_with_breaks(escape(value, quote=False))}</p>"
    for _ in range(3):  # a cleaner that is not idempotent would look like an edit for ever
        value, before = clean(value).strip(), value
        if value == before:
            break
    return value


def _with_breaks(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\n", "<br>")


def _attendees(attendees: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    """Return each address once, ordered; those without an address are told apart by name."""
    found: dict[tuple[str, str], Attendee] = {}
    for attendee in attendees:
        email = address(attendee.email)
        name = _line(attendee.name, 256)
        found.setdefault((email, "" if email else name), replace(attendee, email=email, name=name))
    return tuple(found[key] for key in sorted(found))
