"""Extended properties: values under names that clients invent, and the meeting's global id.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/extendedfielduri
"""

from __future__ import annotations

import base64
import struct
from datetime import datetime

from .ews_errors import SoapFault
from .ews_views import View
from .ews_xml import Element, add, children, find, text

SETS = {
    "Meeting": "6ed8da90-450b-101b-98da-00aa003f1305",
    "Appointment": "00062002-0000-0000-c000-000000000046",
    "Common": "00062008-0000-0000-c000-000000000046",
    "PublicStrings": "00020329-0000-0000-c000-000000000046",
    "Address": "00062004-0000-0000-c000-000000000046",
    "InternetHeaders": "00020386-0000-0000-c000-000000000046",
    "CalendarAssistant": "11000e07-b51b-40d6-af21-caa85edab1d0",
    "UnifiedMessaging": "4442858e-a9e3-4e80-b900-317a210cc15b",
    "Task": "00062003-0000-0000-c000-000000000046",
    "Sharing": "00062040-0000-0000-c000-000000000046",
}
GLOBAL_ID, CLEAN_GLOBAL_ID = 3, 0x23
GLOBAL_ID_HEAD = bytes.fromhex("040000008200e00074c5b7101a82e008")
FOREIGN = b"vCal-Uid\x01\x00\x00\x00"


def key_of(uri: Element) -> str:
    """Return under which name an ExtendedFieldURI keeps its value."""
    given = {name: uri.get(name) for name in ("PropertyTag", "PropertyName", "PropertyId")}
    named = [value for value in given.values() if value]
    place = uri.get("PropertySetId") or SETS.get(uri.get("DistinguishedPropertySetId", ""), "")
    kind = uri.get("PropertyType")
    if not kind or len(named) != 1 or bool(place) == bool(given["PropertyTag"]):
        raise SoapFault("ErrorInvalidExtendedProperty", "The extended property is incomplete.")
    name = str(int(named[0], 0)) if given["PropertyId"] else named[0]
    return f"{place.lower()}/{name}/{kind}"


def read(element: Element) -> tuple[str, str | list[str]]:
    """Read an ExtendedProperty element."""
    key = key_of(find(element, "t:ExtendedFieldURI"))
    values = find(element, "t:Values")
    if values is not None:
        return key, [one.text or "" for one in children(values)]
    return key, text(element, "t:Value")


def write(parent: Element, uri: Element, view: View) -> None:
    """Append the value that was asked for, if there is one."""
    value = value_of(view, key_of(uri))
    if value is None:
        return
    shown = add(parent, "t:ExtendedProperty")
    add(shown, "t:ExtendedFieldURI", None, **dict(uri.attrib))
    if isinstance(value, str):
        add(shown, "t:Value", value)
        return
    values = add(shown, "t:Values")
    for one in value:
        add(values, "t:Value", one)


def value_of(view: View, key: str) -> str | list[str] | None:
    """Return a value by its key; the global ids follow from the UID."""
    for number in (GLOBAL_ID, CLEAN_GLOBAL_ID):
        if key == f"{SETS['Meeting']}/{number}/Binary":
            original = view.original if number == GLOBAL_ID else None
            return base64.b64encode(global_id(view.data["UID"], original)).decode()
    return view.data["Extended"].get(key)


def global_id(uid: str, original: datetime | None = None) -> bytes:
    """Return the GlobalObjectId of a UID; that of an occurrence has its date in it.

    [MS-OXOCAL] 2.2.1.27: a UID that is no such id itself is wrapped.
    """
    try:
        raw = bytes.fromhex(uid)
    except ValueError:
        raw = b""
    if not raw.startswith(GLOBAL_ID_HEAD):
        data = FOREIGN + uid.encode() + b"\x00"
        raw = GLOBAL_ID_HEAD + bytes(20) + struct.pack("<I", len(data)) + data
    if original is None:
        return raw
    date = struct.pack(">HBB", original.year, original.month, original.day)
    return raw[:16] + date + raw[20:]
