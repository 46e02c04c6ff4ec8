"""Channels: who is called when a calendar changes.

https://developers.google.com/workspace/calendar/api/guides/push

Where the documentation is silent: changes that happen before a call is made become one call; a
channel does not outlive the process; an address on this machine needs no TLS, being a test's own.
"""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from .google_errors import ApiError, not_found, required
from .google_world import Calendar, World
from .server import Response

if TYPE_CHECKING:
    from .google_call import Call

LONGEST = timedelta(days=7)
TIMEOUT = 10.0
PAUSE = 1.0  # seconds before the next attempt; Google waits longer and longer
RETRIED = (0, 500, 502, 503, 504)  # all other failures are final
OTHERS = ("#holiday@group.v.calendar.google.com", "#contacts@group.v.calendar.google.com")
_ID = re.compile(r"[A-Za-z0-9\-_+/=]{1,64}")


@dataclass
class Channel:
    """Who wants to hear of one calendar, until when."""

    id: str
    address: str
    token: str
    calendar: Calendar
    resource: str
    owner: str  # the address and the client of who asked
    client: str
    expires: datetime
    number: int = 0  # of the last message
    waiting: list[str] = field(default_factory=lambda: ["sync"])  # what is to be said, in order

    def uri(self) -> str:
        """Return what is watched."""
        root = "https://www.googleapis.com/calendar/v3/calendars/"
        return f"{root}{quote(self.calendar.id)}/events?alt=json"

    def headers(self) -> dict[str, str]:
        """Return the next message, which is all in its headers."""
        said = {
            "X-Goog-Channel-ID": self.id,
            "X-Goog-Channel-Expiration": format_datetime(self.expires, usegmt=True),
            "X-Goog-Message-Number": str(self.number),
            "X-Goog-Resource-ID": self.resource,
            "X-Goog-Resource-State": self.waiting[0],
            "X-Goog-Resource-URI": self.uri(),
        }
        return {**said, "X-Goog-Channel-Token": self.token} if self.token else said


class Channels:
    """All channels. Calls are made by ``deliver()``, or at once with ``automatic = True``."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.held: dict[str, Channel] = {}
        self.longest = LONGEST
        self.automatic = False
        self._changed = threading.Condition()
        self._ended = False

    def watch(self, call: Call) -> Response:
        """events.watch"""
        calendar, body = call.calendar, call.body()
        if call.role(calendar) == "freeBusyReader":
            raise ApiError(403, "forbidden", "Forbidden")
        if calendar.id.endswith(OTHERS):
            text = "Push notifications are not supported by this resource."
            raise ApiError(400, "pushNotSupportedForRequestedResource", text)
        made = self._asked(call, calendar, body)
        self.held[made.id] = made
        calendar.watchers.append(self._note)
        self._wake()
        value = {
            "kind": "api#channel",
            "id": made.id,
            "resourceId": made.resource,
            "resourceUri": made.uri(),
            "expiration": str(int(made.expires.timestamp() * 1_000)),
        }
        return call.answer({**value, "token": made.token} if made.token else value)

    def _asked(self, call: Call, calendar: Calendar, body: dict[str, str]) -> Channel:
        identity, address = str(body.get("id") or ""), str(body.get("address") or "")
        if not identity or not address:
            raise required("Required: id and address.")
        if not _ID.fullmatch(identity):
            raise ApiError(400, "channelIdInvalid", "Invalid channel id")
        if body.get("type") not in ("web_hook", "webhook"):
            raise ApiError(400, "channelUnknown", "Unknown channel type")
        if identity in self.held:
            raise ApiError(400, "channelIdNotUnique", f"Channel id {identity} not unique")
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            raise ApiError(
                400, "push.webhookUrlNotHttps", f"WebHook callback must be HTTPS: {address}"
            )
        if len(str(body.get("token") or "")) > 256:
            raise ApiError(400, "channelTokenTooLong", "Channel token is too long")
        return Channel(
            identity,
            address,
            str(body.get("token") or ""),
            calendar,
            f"r{calendar.seed:010d}",
            call.user.email,
            call.access.client,
            self._expiry(body),
        )

    def _expiry(self, body: dict[str, str]) -> datetime:
        """Return until when: as wished, but no longer than is granted."""
        now = self.world.now()
        wished = body.get("expiration")
        if wished is None:
            return now + self.longest
        moment = datetime.fromtimestamp(int(wished) / 1_000, timezone.utc)
        if moment <= now:
            raise ApiError(400, "invalid", "The expiration lies in the past.")
        return min(moment, now + self.longest)

    def stop_one(self, call: Call) -> Response:
        """channels.stop"""
        body = call.body()
        found = self.held.get(str(body.get("id") or ""))
        own = found and (found.owner, found.client) == (call.user.email, call.access.client)
        if not own or found.resource != body.get("resourceId"):
            raise not_found()
        self._forget(found)
        return Response(204)

    def alive(self) -> list[Channel]:
        """Return those that have not expired."""
        now = self.world.now()
        with self.world.lock:
            for one in [one for one in self.held.values() if one.expires <= now]:
                self._forget(one)
            return list(self.held.values())

    def _forget(self, one: Channel) -> None:
        del self.held[one.id]
        one.calendar.watchers.remove(self._note)

    def _note(self, calendar: Calendar) -> None:
        """Remember that a calendar changed."""
        for one in self.alive():
            if one.calendar is calendar and "exists" not in one.waiting:
                one.waiting.append("exists")
        self._wake()

    def deliver(self) -> list[int]:
        """Make the calls that wait; return the answers' statuses, 0 where there was none."""
        statuses = []
        for one in self.alive():
            for _ in range(len(one.waiting)):
                one.number += 1
                said, first = one.headers(), one.waiting.pop(0)
                statuses.append(_post(one.address, said))
                if statuses[-1] in RETRIED:
                    one.waiting.append(first)
        return statuses

    def start(self) -> None:
        """Call in the background as things happen, wherever that is wanted."""
        threading.Thread(target=self._run, daemon=True, name="channels").start()

    def stop(self) -> None:
        """Call nobody any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._something)
                if self._ended:
                    return
            if any(status in RETRIED for status in self.deliver()):
                threading.Event().wait(PAUSE)  # nobody listens at the moment

    def _something(self) -> bool:
        waits = any(one.waiting for one in list(self.held.values()))
        return self._ended or (self.automatic and waits)


def _post(address: str, headers: dict[str, str]) -> int:
    request = urllib.request.Request(address, b"", headers, method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
