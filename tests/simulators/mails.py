"""What tests ask about the mails of any service."""

from __future__ import annotations

from typing import Any


def repeated(mails: list[Any]) -> list[Any]:
    """Return the mails that told somebody a second time what an earlier one had said."""
    seen: set[tuple[str, str, str]] = set()
    again = []
    for one in mails:
        key = (one.to, one.reason, one.content)
        if key in seen:
            again.append(one)
        seen.add(key)
    return again
