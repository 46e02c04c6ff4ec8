"""Push subscriptions of an own server: Exchange calls when something in a folder changes.

https://learn.microsoft.com/exchange/client-developer/exchange-web-services/notification-subscriptions-mailbox-events-and-ews-in-exchange
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode

from lxml import etree

from odoo.addons.synced_meetings.sync.errors import Gone, NoChannel, Rejected
from odoo.addons.synced_meetings.sync.event import Channel, Notice
from odoo.addons.synced_meetings.sync.rules import UTC

from .ews_calls import Calls
from .ews_payloads import Place
from .ews_xml import NotSoap, new, parse, text

# Exchange names no end, and forgets a subscription when a mailbox moves: it is made anew daily.
LIFE = timedelta(days=1)
SIGN_OF_LIFE = 60  # minutes between calls when nothing happens
KINDS = ("CreatedEvent", "DeletedEvent", "ModifiedEvent", "MovedEvent")
MESSAGE = ("s:Body", "m:SendNotification", "m:ResponseMessages")
NOTICE = ("m:SendNotificationResponseMessage", "m:Notification", "t:SubscriptionId")


def subscribe(calls: Calls, place: Place, url: str, secret: str) -> Channel:
    """Make a subscription; the secret travels in the address, as nothing else proves a caller.

    Raises `NoChannel`.
    """
    wanted = new(
        "m:PushSubscriptionRequest",
        new("t:FolderIds", place.folder),
        new("t:EventTypes", *(new("t:EventType", kind) for kind in KINDS)),
        new("t:StatusFrequency", str(SIGN_OF_LIFE)),
        new("t:URL", f"{url}?{urlencode({'key': secret})}"),
    )
    try:
        answer = calls.one(new("m:Subscribe", wanted))
    except (Rejected, Gone) as error:
        raise NoChannel("refused") from error
    identity = text(answer, "m:SubscriptionId")
    if not identity:
        raise NoChannel("refused")
    return Channel(identity, datetime.now(UTC) + LIFE)


def notices_of(body: bytes, key: str) -> tuple[Notice, ...]:
    """Return what a call says; nothing where it cannot be read."""
    try:
        channel = text(parse(body), *MESSAGE, *NOTICE)
    except (NotSoap, ValueError):
        return ()
    return (Notice(channel, key),) if channel else ()


def answer(wanted: bool) -> str:
    """Return what tells Exchange to go on, or to end a subscription."""
    status = new("m:SubscriptionStatus", "OK" if wanted else "Unsubscribe")
    result = new("m:SendNotificationResult", status)
    return str(etree.tostring(new("s:Envelope", new("s:Body", result)), encoding="unicode"))
