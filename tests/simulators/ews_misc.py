"""ConvertId, ResolveNames and GetServerTimeZones.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/resolvenames-operation
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import partial

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from .ews_call import Call
from .ews_errors import EwsError, SoapFault
from .ews_values import mailbox
from .ews_views import locate
from .ews_world import Mailbox
from .ews_xml import Element, add, children, local, new
from .ews_zones import definition

Work = Callable[[], list[Element]]
MOST = 100  # people that one name resolves to


def convert_ids(call: Call) -> Iterator[Work]:
    """Return ids in another format; only ids of Web Services are known here."""
    target = call.attribute("DestinationFormat", tuple(_FORMATS))
    for source in children(call.required("SourceIds")):
        yield partial(_convert, call, source, target)


def _convert(call: Call, source: Element, target: str) -> list[Element]:
    identity, email = source.get("Id", ""), source.get("Mailbox", "").lower()
    if source.get("Format") not in ("EwsId", "EwsLegacyId"):
        raise EwsError("ErrorUnsupportedTypeForConversion")
    locate(call.world, identity)
    if email not in call.world.mailboxes:
        raise EwsError("ErrorNonExistentMailbox")
    shown = _FORMATS[target](identity)
    return [new("m:AlternateId", None, Format=target, Id=shown, Mailbox=email)]


def _entry(identity: str) -> bytes:
    """Return the id that the store itself has for an item; Web Services put a head before it."""
    return base64.b64decode(identity)[4:]


_FORMATS: dict[str, Callable[[str], str]] = {
    "EwsId": str,
    "EwsLegacyId": str,
    "EntryId": lambda identity: base64.b64encode(_entry(identity)).decode(),
    "HexEntryId": lambda identity: _entry(identity).hex().upper(),
}


def resolve_names(call: Call) -> Iterator[Work]:
    """Return the people that a name or an address may mean."""
    entries = [one for one in children(call.element) if local(one) == "UnresolvedEntry"]
    if len(entries) != 1:
        raise SoapFault("ErrorSchemaValidation", "One UnresolvedEntry belongs into a request.")
    yield partial(_resolve, call, entries[0].text or "")


def _resolve(call: Call, entry: str) -> list[Element]:
    wanted = entry.strip().lower().removeprefix("smtp:")
    boxes = call.world.mailboxes.values()
    found = [one for one in boxes if wanted and _means(wanted, one)]
    if not found:
        raise EwsError("ErrorNameResolutionNoResults")
    last = "true" if len(found) <= MOST else "false"
    total = str(len(found[:MOST]))
    listed = new("m:ResolutionSet", None, TotalItemsInView=total, IncludesLastItemInRange=last)
    for one in found[:MOST]:
        mailbox(add(listed, "t:Resolution"), {"name": one.name, "email": one.email})
    if len(found) > 1:
        raise EwsError("ErrorNameResolutionMultipleResults", warning=True, content=(listed,))
    return [listed]


def _means(wanted: str, box: Mailbox) -> bool:
    words = (box.email, box.legacy.lower(), *box.name.lower().split(), box.name.lower())
    return any(one.startswith(wanted) for one in words)


def server_zones(call: Call) -> Iterator[Work]:
    """Return the zones that the server knows, or those that were asked for."""
    names = [(one.text or "").strip() for one in children(call.part("Ids"))]
    full = call.element.get("ReturnFullTimeZoneData", "true") in ("true", "1")
    yield partial(_zones, names or sorted(WINDOWS_TO_OLSON), full)


def _zones(names: list[str], full: bool) -> list[Element]:
    listed = new("m:TimeZoneDefinitions")
    listed.extend(definition(name, full) for name in names if name in WINDOWS_TO_OLSON)
    return [listed]
