"""Subscriptions: Graph calls when something in a mailbox' calendar changes.

https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from odoo.addons.synced_meetings.sync.errors import Gone, NoChannel, Rejected, Retryable
from odoo.addons.synced_meetings.sync.event import Channel, Notice
from odoo.addons.synced_meetings.sync.rules import UTC

from .graph_calls import Ask, Calls, Json
from .graph_errors import Absent
from .graph_values import stamp

PATH = "/subscriptions"
# Less than seven days by the reference; some servers still give three at most.
LIVES = (timedelta(minutes=10_060), timedelta(minutes=4_200))
LONGEST_TOKEN = 1_024


class _Taken(Exception):
    """There is a subscription for the same thing already."""


def subscribe(calls: Calls, resource: str, url: str, secret: str, old: Channel | None) -> Channel:
    """Prolong ``old``, else make a new subscription. Raises `NoChannel`."""
    if old and (prolonged := _prolong(calls, old)):
        return prolonged
    body = {
        "changeType": "created,updated,deleted",
        "notificationUrl": url,
        "lifecycleNotificationUrl": url,
        "resource": resource,
        "clientState": secret,
    }
    try:
        return _lasting(calls, Ask("POST", PATH, body))
    except _Taken:
        # Of an answer that was lost. Ours are those that call us.
        _end_strays(calls, url)
    try:
        return _lasting(calls, Ask("POST", PATH, body))
    except _Taken:
        raise NoChannel("refused") from None


def unsubscribe(calls: Calls, channel: Channel) -> None:
    """End a subscription; one that is not there any more has ended."""
    with contextlib.suppress(Absent):
        calls.one(Ask("DELETE", _path(channel.id)))


def token_of(query: Mapping[str, str]) -> str:
    """Return what proves that this server is the one that was meant, "" in an ordinary call."""
    return query.get("validationToken", "")[:LONGEST_TOKEN]


def notices_of(body: bytes) -> tuple[Notice, ...]:
    """Return what a call says; nothing where it cannot be read."""
    try:
        values = json.loads(body)["value"]
        return tuple(_notices(values))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()


def _notices(values: list[Any]) -> Iterator[Notice]:
    for one in values:
        channel = one.get("subscriptionId") if isinstance(one, dict) else None
        if isinstance(channel, str):
            secret = one.get("clientState")
            # Removed, to be authorised again, or too much was missed: renewing does for all three.
            renew = "lifecycleEvent" in one
            yield Notice(channel, secret if isinstance(secret, str) else "", renew=renew)


def _prolong(calls: Calls, old: Channel) -> Channel | None:
    try:
        return _lasting(calls, Ask("PATCH", _path(old.id), {}))
    except (Absent, NoChannel, _Taken):
        return None  # lost, and so made anew


def _lasting(calls: Calls, ask: Ask) -> Channel:
    """Send what is to last as long as this server gives."""
    for life in LIVES:
        until = datetime.now(UTC) + life
        body = {**(ask.body or {}), "expirationDateTime": stamp(until)}
        try:
            return _channel(calls.one(ask._replace(body=body)), until)
        except Rejected as error:
            if "ExtensionError" not in error.value:
                reason = "unreachable" if "ValidationError" in error.value else "refused"
                raise NoChannel(reason) from error
        except Retryable as error:
            if str(error) != "Conflict":
                raise
            raise _Taken from error
        except Absent:
            raise
        except Gone as error:
            raise NoChannel("refused") from error
    raise NoChannel("refused")


def _channel(answer: Json, until: datetime) -> Channel:
    identity, said = answer.get("id"), answer.get("expirationDateTime")
    if not isinstance(identity, str):
        raise Retryable("no_id")
    with contextlib.suppress(TypeError, ValueError):
        until = min(until, datetime.fromisoformat(str(said)).astimezone(UTC))
    return Channel(identity, until)


def _end_strays(calls: Calls, url: str) -> None:
    answer = calls.one(Ask("GET", PATH))
    found = answer.get("value")
    for one in found if isinstance(found, list) else ():
        if isinstance(one, dict) and one.get("notificationUrl") == url and one.get("id"):
            unsubscribe(calls, Channel(str(one["id"]), datetime.now(UTC)))


def _path(identity: str) -> str:
    return f"{PATH}/{quote(identity, safe='')}"
