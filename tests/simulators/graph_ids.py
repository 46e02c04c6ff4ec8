"""Ids as Exchange makes them: of items in both forms, of occurrences, and of meetings.

An immutable id names the item wherever it lies; the usual one also its folder, so that it changes
when the item is moved. https://learn.microsoft.com/en-us/graph/outlook-immutable-id
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
import uuid
from datetime import date

from .graph_errors import malformed_id
from .graph_world import Item, Mailbox, State, World

USUAL, IMMUTABLE = b"\x00\x03\x24", b"\x00\x09\x2c"
CALENDAR = b"\x00\x01\x20"
HEAD = "040000008200E00074C5B7101A82E008"
FOREIGN = b"vCal-Uid\x01\x00\x00\x00"
EPOCH_1601 = 116_444_736_000_000_000  # in steps of 100 ns, as Windows counts


def item_id(
    mailbox: Mailbox, item: Item, state: State, day: date | None = None, immutable: bool = True
) -> str:
    """Return the id of an item, or of its occurrence on an original day."""
    folder = 0 if immutable else mailbox.folders[state.calendar].number
    body = struct.pack(">III", folder, item.number, day.toordinal() if day else 0)
    return _encoded((IMMUTABLE if immutable else USUAL) + uuid.UUID(mailbox.oid).bytes + body)


def read_id(mailbox: Mailbox, text: str) -> tuple[Item, date | None] | None:
    """Return the item and original day that an id names, or None where there is none."""
    head, rest = _decoded(text)
    if head not in (USUAL, IMMUTABLE) or len(rest) != 28:
        raise malformed_id()
    folder, number, day = struct.unpack(">III", rest[16:])
    item = mailbox.items.get(number)
    if rest[:16] != uuid.UUID(mailbox.oid).bytes or item is None or item.now.gone:
        return None
    if head == USUAL and mailbox.folders[item.now.calendar].number != folder:
        return None
    return item, date.fromordinal(day) if day else None


def calendar_id(mailbox: Mailbox, key: str) -> str:
    """Return the id of a calendar; folders have but one form."""
    number = struct.pack(">I", mailbox.folders[key].number)
    return _encoded(CALENDAR + uuid.UUID(mailbox.oid).bytes + number + b"\x00" * 8)


def read_calendar(mailbox: Mailbox, text: str) -> str | None:
    """Return the key of the calendar that an id names, or None where there is none."""
    head, _ = _decoded(text)
    if head != CALENDAR:
        raise malformed_id()
    return next((key for key in mailbox.folders if calendar_id(mailbox, key) == text), None)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content + b"\x00" * (-len(content) % 3)).decode()


def _decoded(text: str) -> tuple[bytes, bytes]:
    try:
        content = base64.b64decode(text, b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise malformed_id() from None
    return content[:3], content[3:31]


def new_uid(world: World, number: int) -> str:
    """Return the iCalUId of a new meeting: a GlobalObjectId without a day."""
    ticks = int(world.now().timestamp() * 10_000_000) + EPOCH_1601
    unique = uuid.UUID(world.guid("uid", number)).bytes
    made = struct.pack("<Q", ticks) + b"\x00" * 8 + struct.pack("<I", 16)
    return HEAD + "00000000" + (made + unique).hex().upper()


def foreign_uid(uid: str) -> str:
    """Return how Exchange wraps the UID of a meeting that was made elsewhere."""
    if uid.upper().startswith(HEAD):
        return uid.upper()
    content = FOREIGN + uid.encode() + b"\x00"
    return HEAD + ("00" * 20) + (struct.pack("<I", len(content)) + content).hex().upper()


def occurrence_uid(uid: str, day: date | None) -> str:
    """Return the iCalUId of one occurrence: the day stands in bytes 16 to 19."""
    if day is None:
        return uid
    return uid[:32] + f"{day.year:04X}{day.month:02X}{day.day:02X}" + uid[40:]


def change_key(item: Item, state: State) -> str:
    """Return the version of an item."""
    digest = hashlib.sha256(f"{item.number}/{state.position}".encode()).digest()
    return base64.b64encode(digest[:20] + struct.pack(">I", state.position)[1:]).decode()


def etag(item: Item, state: State) -> str:
    """Return the version as If-Match takes it."""
    return f'W/"{change_key(item, state)}"'
