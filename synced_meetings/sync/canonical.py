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
MOST_ATTACHED = 50
TANGLED = 5_000_000  # steps that a search for tags may take
CONTROLS = {c: None for c in range(32) if c not in (9, 10, 13)} | dict.fromkeys(
    range(0xD800, 0xE000)
)


def canonical(event: Event, clean: Clean) -> Event:
    """Return ``event`` as it is kept and compared; ``clean`` makes HTML from outside harmless."""
    return replace(
        event,
        uid=text(event.uid),
        name=_line(event.name, LIMITS["name"]),
        location=_line(event.location, LIMITS["location"]),
        description=_html(event.description, clean),
        conference_url=_url(event.conference_url),
        conference=event.conference or bool(_url(event.conference_url)),
        attachments=_attachments(event.attachments),
        organiser=address(event.organiser),
        attendees=_attendees(event.attendees),
        rule=tuple(sorted(filter(None, (text(line).strip() for line in event.rule)))),
    )


def address(email: str) -> str:
    """Return an e-mail address as it is compared: lower case, composed, without white space."""
    return unicodedata.normalize("NFC", text(email).lower()).strip()


def text(value: str) -> str:
    """Return text without what no database or page can hold: NUL, controls, lone surrogates."""
    return value if value.isprintable() else value.translate(CONTROLS)


def _line(value: str, limit: int) -> str:
    return " ".join(text(value).split())[:limit].rstrip()


def _url(value: str) -> str:
    url = text(value).strip()
    return url if url.startswith("https://") and len(url) <= LIMITS["conference_url"] else ""


def _attachments(found: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return what can be followed, each address once, in order."""
    titles = {_url(url): _line(title, 256) for title, url in found[:MOST_ATTACHED]}
    return tuple(sorted((title, url) for url, title in titles.items() if url))


def _html(value: str, clean: Clean) -> str:
    for _ in range(3):  # a cleaner that is not idempotent would look like an edit for ever
        before, value = value, _as_html(value)
        value = value and str(clean(value)).strip()
        if value == before:
            break
    return value


def _as_html(value: str) -> str:
    value = text(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not value or (MARKUP.search(value) and not _is_tangled(value)):
        return value
    lines = escape(value, quote=False).replace("\n", "<br>")
    return f"<p>{lines}</p>"


def _is_tangled(value: str) -> bool:
    """Whether so many tags are begun and not ended that looking for their ends takes minutes."""
    return sum(part.count("<") * len(part) for part in value.split(">")) > TANGLED


def _attendees(attendees: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    """Return each address once, ordered; those without an address are told apart by name."""
    found: dict[tuple[str, str], Attendee] = {}
    for attendee in attendees:
        email = address(attendee.email)
        name = _line(attendee.name, 256)
        found.setdefault((email, "" if email else name), replace(attendee, email=email, name=name))
    found.pop(("", ""), None)  # neither address nor name: nobody
    return tuple(found[key] for key in sorted(found))
