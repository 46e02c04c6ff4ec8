"""Notifications: what is to be said, saying it, and what happens when nobody listens.

https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks
"""

from __future__ import annotations

import json
import ssl
import threading
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, NamedTuple

from .graph_ids import etag, item_id
from .graph_time import stamp
from .graph_world import Event, Item, Mailbox, State

if TYPE_CHECKING:
    from .graph_subscriptions import Subscription, Subscriptions

LIFECYCLE = ("reauthorizationRequired", "subscriptionRemoved", "missed")
Answer = tuple[int, str, str]  # status, content type, text


class Post:
    """POST to a subscriber, over TLS trusting the simulator's own authority as well."""

    def __init__(self, ca_file: str) -> None:
        self.timeout = 10.0
        context = ssl.create_default_context()
        context.load_verify_locations(ca_file)
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )

    def send(self, url: str, body: Any = None) -> Answer:
        """Return the answer; status 0 where there is none."""
        data = b"" if body is None else json.dumps(body).encode()
        kind = "text/plain; charset=utf-8" if body is None else "application/json; charset=utf-8"
        request = urllib.request.Request(url, data, {"Content-Type": kind}, method="POST")
        try:
            with self._opener.open(request, timeout=self.timeout) as answer:
                return answer.status, answer.headers.get("Content-Type", ""), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, "", ""
        except OSError:
            return 0, "", ""


class Notice(NamedTuple):
    """Something that a subscriber is to be told."""

    subscription: Subscription
    url: str
    body: Event


class Notices:
    """What waits to be said. It is said by ``deliver()``, or at once with ``automatic = True``."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self.subscriptions, self.world = subscriptions, subscriptions.world
        self.waiting: list[Notice] = []
        self.times = 1  # how often each is said; "at least once" is all that is promised
        self.automatic = False
        self._changed = threading.Condition()
        self._ended = False
        self.world.listeners.append(self._note)

    def _note(self, mailbox: Mailbox, item: Item, before: State | None) -> None:
        """Remember a change for those who want to hear of it."""
        gone = item.now.gone or (before is not None and before.calendar != item.now.calendar)
        kind = "deleted" if gone else "updated" if before else "created"
        for one in self.subscriptions.alive():
            if one.email == mailbox.email and kind in one.kinds and not one.silent:
                body = {"value": [self._shown(one, mailbox, item, kind)]}
                with self._changed:
                    self.waiting += [Notice(one, one.url, body)] * self.times
                    self._changed.notify_all()

    def _shown(self, one: Subscription, mailbox: Mailbox, item: Item, kind: str) -> Event:
        identity = item_id(mailbox, item, item.now, None, one.immutable)
        place = f"Users/{mailbox.oid}/Events/{identity}"
        version = {"@odata.id": place, "@odata.etag": etag(item, item.now), "id": identity}
        data = {"@odata.type": "#Microsoft.Graph.Event", **version}
        return {**_about(one), "changeType": kind, "resource": place, "resourceData": data}

    def deliver(self) -> list[int]:
        """Say what waits, all to each subscriber; return the answers' statuses."""
        with self._changed:
            waiting, self.waiting = self.waiting, []
        statuses = []
        for notice in waiting:
            status, _, _ = self.subscriptions.post.send(notice.url, notice.body)
            statuses.append(status)
            if not 200 <= status < 300:
                notice.subscription.failed += 1
                with self._changed:
                    self.waiting.append(notice)  # for the next deliver(): hours later, in Graph
        return statuses

    def lifecycle(self, identity: str, event: str) -> int:
        """Say what became of a subscription itself; return the answer's status."""
        if event not in LIFECYCLE:
            raise ValueError(f"no such lifecycle event: {event}")
        one = self.subscriptions.held[identity]
        one.silent = one.silent or event == "reauthorizationRequired"
        if event == "subscriptionRemoved":
            del self.subscriptions.held[identity]
        if not one.lifecycle_url:
            return 0
        body = {"value": [{**_about(one), "lifecycleEvent": event}]}
        return self.subscriptions.post.send(one.lifecycle_url, body)[0]

    def start(self) -> None:
        """Say things in the background as they happen, wherever that is wanted."""
        threading.Thread(target=self._run, daemon=True, name="notifications").start()

    def stop(self) -> None:
        """Say nothing any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or (self.automatic and self.waiting))
                if self._ended:
                    return
            if not any(200 <= status < 300 for status in self.deliver()):
                self.automatic = False  # nobody listens; deliver() tries again


def _about(one: Subscription) -> Event:
    return {
        "subscriptionId": one.id,
        "subscriptionExpirationDateTime": stamp(one.expires),
        "clientState": one.state,
        "tenantId": one.tenant,
    }
