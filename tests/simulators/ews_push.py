"""Subscriptions: what happens in folders is collected for GetEvents, or posted to a client.

https://learn.microsoft.com/exchange/client-developer/exchange-web-services/notification-subscriptions-mailbox-events-and-ews-in-exchange
"""

from __future__ import annotations

import base64
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from .ews_call import Call
from .ews_errors import EwsError, SoapFault
from .ews_time import show
from .ews_world import Folder, Happening, World, change_key
from .ews_xml import Element, NotXml, add, children, find, new, parse, text
from .ews_xml import show as written

Work = Callable[[], list[Element]]
TIMEOUT = 10.0  # seconds that a client has to take a notification
EVENTS = (
    *("CopiedEvent", "CreatedEvent", "DeletedEvent", "ModifiedEvent", "MovedEvent"),
    *("NewMailEvent", "FreeBusyChangedEvent"),
)


class Happened(NamedTuple):
    """One event, and when it was."""

    what: Happening
    stamp: str


@dataclass
class Subscription:
    """Who wants to know what of which folders."""

    id: str
    owner: str  # the address of who subscribed
    folders: list[Folder]
    kinds: set[str]
    url: str = ""  # where to post; nothing: the client asks
    frequency: int = 30  # minutes between signs of life
    events: list[Happened] = field(default_factory=list)
    sent: int = 0  # how many of them the client has

    def mark(self, position: int) -> str:
        """Return the watermark behind so many events."""
        return base64.b64encode(f"{self.id[:12]} {position:08}".encode()).decode()

    def position(self, mark: str) -> int:
        """Return how many events lie before a watermark."""
        try:
            owner, _, number = base64.b64decode(mark, validate=True).decode().partition(" ")
            if owner == self.id[:12] and 0 <= int(number) <= len(self.events):
                return int(number)
        except ValueError:
            pass
        raise EwsError("ErrorInvalidWatermark")


class Subscriptions:
    """All subscriptions of a server."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alive: dict[str, Subscription] = {}
        self.automatic = True  # post at once; otherwise when post() is called
        self.posted: list[tuple[str, str]] = []  # subscription, and what the client answered
        world.watchers.append(self._note)

    def subscribe(self, call: Call) -> Iterator[Work]:
        """Begin to watch folders."""
        yield partial(self._subscribe, call, children(call.element)[0])

    def _subscribe(self, call: Call, request: Element) -> list[Element]:
        names = ("m:PushSubscriptionRequest", "m:PullSubscriptionRequest")
        push, pull = (find(call.element, name) is not None for name in names)
        if not (push or pull):
            raise SoapFault("ErrorInvalidRequest", "Only push and pull are simulated.")
        kinds = {one.text for one in children(find(request, "t:EventTypes"))}
        if not kinds or not kinds <= set(EVENTS):
            raise SoapFault("ErrorSchemaValidation", "EventTypes are missing or unknown.")
        every = request.get("SubscribeToAllFolders") in ("true", "1")
        listed = children(find(request, "t:FolderIds"))
        folders = (
            [*call.mailbox.folders.values()] if every else [call.folder(one) for one in listed]
        )
        number = f"{self.world.next():08x} {call.reader}"
        identity = base64.b64encode(number.encode()).decode()
        found = Subscription(identity, call.reader, folders, kinds)
        if push:
            found.url, found.frequency = _target(request)
        self.alive[found.id] = found
        return [new("m:SubscriptionId", found.id), new("m:Watermark", found.mark(0))]

    def unsubscribe(self, call: Call) -> Iterator[Work]:
        """End a subscription; one that posts is ended by its client's answer instead."""
        yield partial(self._unsubscribe, call)

    def _unsubscribe(self, call: Call) -> list[Element]:
        found = self._found(call)
        if found.url:
            raise EwsError("ErrorInvalidSubscription", "A push subscription ends by itself.")
        del self.alive[found.id]
        return []

    def events(self, call: Call) -> Iterator[Work]:
        """Return what happened behind a watermark."""
        yield partial(self._events, call)

    def _events(self, call: Call) -> list[Element]:
        found = self._found(call)
        return [notification(found, found.position(text(call.element, "m:Watermark")))]

    def _found(self, call: Call) -> Subscription:
        found = self.alive.get(text(call.element, "m:SubscriptionId"))
        if found is None:
            raise EwsError("ErrorSubscriptionNotFound")
        if found.owner != call.reader:
            raise EwsError("ErrorSubscriptionAccessDenied")
        return found

    def _note(self, what: Happening) -> None:
        row = Happened(what, show(self.world.now()))
        places = (what.folder, what.old_folder)
        told = [one for one in self.alive.values() if any(at in one.folders for at in places)]
        for one in told:
            if f"{what.kind}Event" in one.kinds:
                one.events.append(row)
        if self.automatic and any(one.url for one in told):
            threading.Thread(target=self.post, daemon=True).start()

    def post(self) -> None:
        """Post to every client what it does not know yet."""
        for one in list(self.alive.values()):
            if one.url:
                self._post(one)

    def sign_of_life(self) -> None:
        """Post a StatusEvent to every client, as happens when nothing else did for a while."""
        for one in list(self.alive.values()):
            if one.url:
                self._post(one, True)

    def _post(self, one: Subscription, idle: bool = False) -> None:
        with self.world.lock:
            if not idle and one.sent == len(one.events):
                return
            body = written(envelope(one, one.sent))
            one.sent = len(one.events)
        status = _answer(one.url, body)
        self.posted.append((one.id, status))
        if status != "OK":
            self.alive.pop(one.id, None)


def _target(request: Element) -> tuple[str, int]:
    url = text(request, "t:URL")
    frequency = int(text(request, "t:StatusFrequency", default="30"))
    if not 1 <= frequency <= 1440:
        raise SoapFault("ErrorSchemaValidation", "StatusFrequency must lie between 1 and 1440.")
    if not url.startswith(("http://", "https://")):
        raise EwsError("ErrorInvalidPushSubscriptionUrl")
    return url, frequency


def _answer(url: str, body: bytes) -> str:
    """Post to a client and return what it answered."""
    request = urllib.request.Request(url, body, {"Content-Type": "text/xml; charset=utf-8"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return _status(answer.read())
    except OSError as error:
        return f"failed: {error}"


def _status(body: bytes) -> str:
    """Return what a client wants: OK goes on, all else ends the subscription."""
    try:
        path = ("s:Body", "m:SendNotificationResult", "m:SubscriptionStatus")
        return text(parse(body), *path) or "no answer"
    except NotXml:
        return "no answer"


def notification(one: Subscription, position: int) -> Element:
    """Return the events behind a position; where there is none, a StatusEvent."""
    found = new("m:Notification")
    add(found, "t:SubscriptionId", one.id)
    add(found, "t:PreviousWatermark", one.mark(position))
    add(found, "t:MoreEvents", "false")
    for number, row in enumerate(one.events[position:], start=position + 1):
        event = add(found, f"t:{row.what.kind}Event")
        add(event, "t:Watermark", one.mark(number))
        add(event, "t:TimeStamp", row.stamp)
        _place(event, "", row.what.item, row.what.folder, row.what.version)
        if row.what.old_folder:
            _place(event, "Old", row.what.old_item, row.what.old_folder, row.what.version)
    if len(one.events) == position:
        add(add(found, "t:StatusEvent"), "t:Watermark", one.mark(position))
    return found


def _place(event: Element, prefix: str, item: str, folder: Folder, version: int) -> None:
    add(event, f"t:{prefix}ItemId", None, Id=item, ChangeKey=change_key(version))
    parent = change_key(folder.version)
    add(event, f"t:{prefix}ParentFolderId", None, Id=folder.id, ChangeKey=parent)


def envelope(one: Subscription, position: int) -> Element:
    """Return what is posted to a client."""
    whole = new("s:Envelope")
    add(add(whole, "s:Header"), "t:RequestServerVersion", None, Version="Exchange2016")
    sent = add(add(whole, "s:Body"), "m:SendNotification")
    messages = add(sent, "m:ResponseMessages")
    message = add(messages, "m:SendNotificationResponseMessage", None, ResponseClass="Success")
    add(message, "m:ResponseCode", "NoError")
    message.append(notification(one, position))
    return whole
