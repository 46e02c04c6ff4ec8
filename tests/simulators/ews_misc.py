"""ConvertId, ResolveNames and GetServerTimeZones.

https://learn.microsoft.com/exchange/client-developer/web-service-reference/resolvenames-operation
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from .ews_call import Call
from .ews_errors import EwsError
from .ews_views import locate
from .ews_xml import Element, children, new

Work = Callable[[], list[Element]]


def convert_ids(call: Call) -> Iterator[Work]:
    """Return ids in another format; only ids of Web Services are known here."""
    target = call.attribute("DestinationFormat", ("EwsId", "EwsLegacyId", "EntryId", "HexEntryId"))
    for source in children(call.required("SourceIds")):
        yield partial(_convert, call, source, target)


def _convert(call: Call, source: Element, target: str) -> list[Element]:
    identity, email = source.get("Id", ""), source.get("Mailbox", "").lower()
    if source.get("Format") not in ("EwsId", "EwsLegacyId"):
        raise EwsError("ErrorUnsupportedTypeForConversion")
    locate(call.world, identity)
    if email not in call.world.mailboxes:
        raise EwsError("ErrorNonExistentMailbox")
    shown = new("m:AlternateId", None, Format=target, Id=identity, Mailbox=source.get("Mailbox"))
    return [shown]
