"""Microsoft's numbers for logins that fail, and what they mean here.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CANCELLED, ADMIN = "cancelled", "admin_needed"
# What a person is told of a consent that failed, by Microsoft's number.
CONSENT = {
    65004: CANCELLED,
    50126: CANCELLED,
    **dict.fromkeys((65001, 90094, 90095, 90093), ADMIN),
    **dict.fromkeys((7000215, 7000222, 7000218, 700016, 700027, 50011, 700025), "client_refused"),
    **dict.fromkeys((50020, 50105, 50194, 53003, 530003, 53000, 90072), "org_refused"),
}
# What an administrator is told of an application's own login, by Microsoft's number.
APPLICATION = {
    **dict.fromkeys((7000215, 700027, 7000218, 700024), "secret_wrong"),
    7000222: "secret_expired",
    **dict.fromkeys((700016, 7000112, 700025), "client_unknown"),
    **dict.fromkeys((90002, 900023, 50059, 50194), "tenant_unknown"),
    **dict.fromkeys((65001, 65005, 7000113, 650052, 1002012), ADMIN),
}
BUSY = frozenset({"temporarily_unavailable", "server_error", "request_timeout"})


def numbers_of(answer: Mapping[str, Any]) -> list[int]:
    """Return Microsoft's numbers for what went wrong; in a return address they stand in words."""
    codes = answer.get("error_codes")
    found = [one for one in codes if isinstance(one, int)] if isinstance(codes, list) else []
    text = str(answer.get("error_description") or "").removeprefix("AADSTS")
    number = text[: len(text) - len(text.lstrip("0123456789"))]
    return found or ([int(number[:9])] if number else [])


def said(numbers: list[int]) -> str:
    """Return the numbers as an administrator may look them up."""
    return " ".join(f"AADSTS{number}" for number in numbers)
