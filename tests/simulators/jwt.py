"""JSON Web Tokens as clients sign them to prove who they are (RFC 7519)."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any, NamedTuple

Claims = dict[str, Any]


class Token(NamedTuple):
    """A token in its parts."""

    header: Claims
    claims: Claims
    signed: bytes
    signature: bytes


def taken_apart(text: str) -> Token:
    """Return a token's parts, with no signature checked; raise ValueError where it is none."""
    try:
        head, payload, signature = text.split(".")
        header, claims = (json.loads(_decoded(one)) for one in (head, payload))
        found = Token(header, claims, f"{head}.{payload}".encode(), _decoded(signature))
    except (TypeError, binascii.Error) as error:
        raise ValueError(text) from error
    if not (isinstance(header, dict) and isinstance(claims, dict)):
        raise ValueError(text)
    return found


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
