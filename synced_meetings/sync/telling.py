"""What invited people are told, and who has been told it (rule R2)."""

from __future__ import annotations

import hashlib

from .event import Event


def version(event: Event) -> str:
    """Return a hash of what people are told: when, where, subject, text, cancelled."""
    told = (
        event.when,
        event.rule,
        event.location,
        event.name,
        event.description,
        event.state == "cancelled",
    )
    return hashlib.blake2b(repr(told).encode(), digest_size=8).hexdigest()
