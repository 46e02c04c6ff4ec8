"""The iCalendar UIDs that Exchange makes, brought to the form that all copies share (rule R15).

A GlobalObjectId: 16 fixed bytes, the day of the occurrence (4), when it was made (8), nothing (8),
a length (4), and what is unique: [MS-OXOCAL] 2.2.1.27.
"""

from __future__ import annotations

import re
from datetime import date

HEAD = "040000008200E00074C5B7101A82E008"
DAY = slice(32, 40)  # of the hexadecimal digits
WHOLE = re.compile(rf"{HEAD}[0-9A-F]{{48,}}")
FOREIGN = b"vCal-Uid\x01\x00\x00\x00"  # stands before a UID that another system made
NO_DAY = "00000000"


def series_uid(uid: str) -> str:
    """Return the UID of the whole series, whichever occurrence ``uid`` was read from."""
    found = uid.strip().upper()
    if not WHOLE.fullmatch(found) or len(found) % 2:
        return uid
    unique = bytes.fromhex(found[80:])
    if unique.startswith(FOREIGN):
        foreign = unique.removeprefix(FOREIGN).rstrip(b"\x00").decode("utf-8", "replace")
        return foreign or uid
    return f"{found[:32]}{NO_DAY}{found[40:]}"


def day_of(uid: str) -> date | None:
    """Return the original day of the one occurrence that a UID names, None for a whole meeting."""
    found = uid.strip().upper()
    if not WHOLE.fullmatch(found) or found[DAY] == NO_DAY:
        return None
    stamp = bytes.fromhex(found[DAY])
    try:
        return date(stamp[0] * 256 + stamp[1], stamp[2], stamp[3])
    except ValueError:
        return None
