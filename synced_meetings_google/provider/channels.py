"""Channels: Google calls when a calendar changes.

https://developers.google.com/workspace/calendar/api/guides/push
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from odoo.addons.synced_meetings.sync.errors import Gone, NoChannel, Rejected
from odoo.addons.synced_meetings.sync.event import Channel, Notice

from .api import Api
from .calls import Calls, Json

LIFE = timedelta(days=7)  # as much as Google gives; what it answers counts
UNREACHABLE = ("push.webhookUrlNotHttps", "push.webhookUrlUnauthorized")
UNSUPPORTED = "pushNotSupportedForRequestedResource"


def watch(calls: Calls, api: Api, calendar_id: str, url: str, secret: str) -> Channel:
    """Open a channel (events.watch). Raises `NoChannel`."""
    until = datetime.now(timezone.utc) + LIFE
    body = {
        "id": str(uuid.uuid4()),
        "type": "web_hook",
        "address": url,
        "token": secret,
        "expiration": str(int(until.timestamp() * 1_000)),
    }
    try:
        answer = calls.one(api.events.watch(calendarId=calendar_id, body=body))
    except (Rejected, Gone) as error:
        raise NoChannel(_reason(error)) from error
    return Channel(body["id"], _expiry(answer, until), str(answer.get("resourceId") or ""))


def stop(calls: Calls, api: Api, channel: Channel) -> None:
    """Close a channel (channels.stop); one that is not there any more is closed."""
    body = {"id": channel.id, "resourceId": channel.resource}
    with contextlib.suppress(Gone, Rejected):
        calls.one(api.channels.stop(body=body))


def notices_of(headers: Mapping[str, str]) -> tuple[Notice, ...]:
    """Return what a call says; the first of a channel says only that it is open."""
    channel, number = headers.get("X-Goog-Channel-ID"), headers.get("X-Goog-Message-Number", "")
    if not channel or headers.get("X-Goog-Resource-State") == "sync":
        return ()
    counted = int(number) if number.isdecimal() and len(number) < 18 else 0
    return (Notice(channel, headers.get("X-Goog-Channel-Token", ""), counted),)


def _reason(error: Rejected | Gone) -> str:
    said = error.value if isinstance(error, Rejected) else ""
    if any(word in said for word in UNREACHABLE):
        return "unreachable"
    return "unsupported" if UNSUPPORTED in said else "refused"


def _expiry(answer: Json, wished: datetime) -> datetime:
    """Return until when Google calls, which may be less than was wished."""
    said = str(answer.get("expiration") or "")
    if not said.isdecimal():
        return wished
    return min(wished, datetime.fromtimestamp(int(said) / 1_000, timezone.utc))
