"""Subscriptions: asked for, validated, renewed, ended.

https://learn.microsoft.com/en-us/graph/api/subscription-post-subscriptions
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from .graph_call import READ, authorised, check_reach, mailbox_of
from .graph_errors import GraphError, bad, denied
from .graph_login import Access, Login
from .graph_notices import Notices, Post
from .graph_time import parse, stamp
from .graph_world import Event, Mailbox
from .server import Request, Response

LONGEST = timedelta(minutes=10_080)
SHORTEST = timedelta(minutes=45)
KINDS = ("created", "updated", "deleted")
_RESOURCE = re.compile(r"/?(?P<root>me|users/[^/]+)/(calendar/)?events(\?.*)?$", re.IGNORECASE)


@dataclass
class Subscription:
    """Who wants to hear of what, until when."""

    id: str
    app: str
    email: str
    tenant: str
    resource: str
    kinds: tuple[str, ...]
    url: str
    lifecycle_url: str
    state: str | None
    expires: datetime
    immutable: bool
    silent: bool = False  # its authorisation has to be renewed first
    creator: str = ""
    failed: int = field(default=0, compare=False)  # notifications that got no good answer

    def shown(self) -> Event:
        """Return the resource."""
        return {
            "id": self.id,
            "resource": self.resource,
            "applicationId": self.app,
            "changeType": ",".join(self.kinds),
            "clientState": None,
            "notificationUrl": self.url,
            "lifecycleNotificationUrl": self.lifecycle_url or None,
            "expirationDateTime": stamp(self.expires),
            "creatorId": self.creator,
            "latestSupportedTlsVersion": "v1_2",
            "includeResourceData": None,
        }


class Subscriptions:
    """POST, GET, PATCH and DELETE below /v1.0/subscriptions."""

    def __init__(self, login: Login, ca_file: str) -> None:
        self.login, self.world = login, login.world
        self.held: dict[str, Subscription] = {}
        self.longest = LONGEST  # some servers still say 4,230 minutes
        self.refuses_second = True  # 409 for the same resource and kinds
        self.post = Post(ca_file)
        self.notices = Notices(self)
        self._routes = {
            ("POST", 1): self._create,
            ("GET", 1): self._list,
            ("GET", 2): self._get,
            ("PATCH", 2): self._renew,
            ("DELETE", 2): self._end,
            ("POST", 3): self._reauthorize,
        }

    def alive(self) -> list[Subscription]:
        """Return those that have not expired."""
        now = self.world.now()
        with self.world.lock:
            for one in [one for one in self.held.values() if one.expires <= now]:
                del self.held[one.id]
            return list(self.held.values())

    def handle(self, request: Request) -> Response:
        """Answer a request. No lock is held, for the subscriber is called meanwhile."""
        try:
            access = authorised(self.login, request)
            parts = request.parts()[1:]
            work = self._routes.get((request.method, len(parts)))
            if work is None or (len(parts) == 3 and parts[2] != "reauthorize"):
                raise bad("Resource not found for the segment 'subscriptions'.", "BadRequest")
            return work(request, access, *parts[1:2])
        except GraphError as error:
            return error.answer(request, self.world.now())

    def _create(self, request: Request, access: Access) -> Response:
        made = self._asked(_body(request), access, request)
        for url in filter(None, (made.url, made.lifecycle_url)):
            self._validate(url)
        self.held[made.id] = made
        return Response.of({**made.shown(), "clientState": made.state}, 201)

    def _asked(self, body: Event, access: Access, request: Request) -> Subscription:
        mailbox = self._mailbox(body, access)
        kinds = tuple(body.get("changeType", "").replace(" ", "").split(","))
        if not kinds or not set(kinds) <= set(KINDS):
            raise bad("Subscription must contain a valid changeType.", "InvalidRequest")
        url, lifecycle = body.get("notificationUrl"), body.get("lifecycleNotificationUrl") or ""
        _check_url(url)
        if lifecycle:
            _check_url(lifecycle)
        if len(body.get("clientState") or "") > 128:
            raise bad("ClientState can be at most 128 characters.", "InvalidRequest")
        prefer = (request.headers.get("Prefer") or "").lower().replace(" ", "")
        place = (access.app, mailbox.email, access.tenant, body["resource"], kinds)
        self._check_first(place)
        return Subscription(
            self.world.guid("subscription", secrets.token_hex(8)),
            *place,
            url=url,
            lifecycle_url=lifecycle,
            state=body.get("clientState"),
            expires=self._expiry(body),
            immutable='idtype="immutableid"' in prefer,
            creator=self.world.mailboxes[access.email].oid if access.email else access.app,
        )

    def _check_first(self, place: tuple[Any, ...]) -> None:
        same = [
            one for one in self.alive() if (one.app, one.email, one.kinds) == (*place[:2], place[4])
        ]
        if same and self.refuses_second:
            message = "Subscription Id already exists for the requested combination."
            raise GraphError(409, "Conflict", message)

    def _mailbox(self, body: Event, access: Access) -> Mailbox:
        found = _RESOURCE.match(str(body.get("resource", "")))
        if not found:
            raise bad(f"Resource '{body.get('resource')}' is not supported.", "InvalidRequest")
        mailbox, _ = mailbox_of(self.world, access, found["root"].split("/"))
        check_reach(self.world, access, mailbox)
        if not access.may(*READ):
            raise denied()
        return mailbox

    def _expiry(self, body: Event) -> datetime:
        now, longest = self.world.now(), self.longest
        wanted = parse(str(body.get("expirationDateTime", "")))
        if wanted > now + longest:
            minutes = int(longest.total_seconds() // 60)
            message = f"Subscription expiration can only be {minutes} minutes in the future."
            raise bad(message, "ExtensionError")
        if wanted <= now:
            raise bad("Subscription expirationDateTime must be in the future.", "InvalidRequest")
        return max(wanted, now + SHORTEST)

    def _validate(self, url: str) -> None:
        """Call the subscriber, who must give the token back within ten seconds."""
        token = f"Validation: Testing client application reachability <{secrets.token_hex(8)}>&+"
        joint = "&" if urlsplit(url).query else "?"
        status, kind, text = self.post.send(f"{url}{joint}{urlencode({'validationToken': token})}")
        if status != 200 or not kind.startswith("text/plain") or text != token:
            message = "Subscription validation request failed. Notification endpoint must respond "
            raise bad(f"{message}with 200 OK to validation request.", "ValidationError")

    def _own(self, access: Access, identity: str) -> Subscription:
        found = {one.id: one for one in self.alive()}.get(identity)
        if found is None or found.app != access.app or found.tenant != access.tenant:
            message = "The object was not found."
            raise GraphError(404, "ResourceNotFound", message)
        return found

    def _list(self, _: Request, access: Access) -> Response:
        own = [one for one in self.alive() if (one.app, one.tenant) == (access.app, access.tenant)]
        mine = [one for one in own if not access.email or one.email == access.email]
        return Response.of({"value": [one.shown() for one in mine]})

    def _get(self, _: Request, access: Access, identity: str) -> Response:
        return Response.of(self._own(access, identity).shown())

    def _renew(self, request: Request, access: Access, identity: str) -> Response:
        found, body = self._own(access, identity), _body(request)
        if set(body) - {"expirationDateTime", "notificationUrl"}:
            raise bad("Only expirationDateTime can be changed.", "InvalidRequest")
        found.expires, found.silent = self._expiry(body), False
        return Response.of(found.shown())

    def _end(self, _: Request, access: Access, identity: str) -> Response:
        del self.held[self._own(access, identity).id]
        return Response(204)

    def _reauthorize(self, _: Request, access: Access, identity: str) -> Response:
        self._own(access, identity).silent = False
        return Response(204)


def _body(request: Request) -> Event:
    try:
        body = request.json()
    except ValueError:
        raise bad("Unable to read JSON request payload.", "BadRequest") from None
    if not isinstance(body, dict):
        raise bad("Unable to read JSON request payload.", "BadRequest")
    return body


def _check_url(url: Any) -> None:
    """Refuse a subscriber without TLS; one on this machine is a test's own."""
    parts = urlsplit(str(url))
    local = parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or (parts.scheme != "https" and not local):
        raise bad("Notification URL must start with 'https'.", "InvalidRequest")
