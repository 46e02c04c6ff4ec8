"""calendarView/delta: everything in a window, then what changed, in pages.

https://learn.microsoft.com/en-us/graph/delta-query-events
"""

from __future__ import annotations

import base64
import binascii
import json
from collections import OrderedDict
from random import Random
from typing import Any

from .graph_call import Call
from .graph_errors import bad, sync_lost
from .graph_places import Place, within
from .graph_time import parse
from .graph_world import Event, Item
from .server import Response

Token = dict[str, Any]
NOT_HERE = ("$select", "$expand", "$filter", "$orderby", "$search", "$top", "$skip")
PAGE = 10  # without Prefer: odata.maxpagesize
KEPT = 20  # rounds that are remembered, so that a page costs no more than its size


class Delta:
    """Rounds of delta queries. Its switches make a round as unpleasant as Graph's may be."""

    def __init__(self) -> None:
        self.shuffle = True  # masters, occurrences and exceptions in any order
        self.duplicates = 0  # so many items come a second time, on a later page
        self.empty_pages = 0  # so many pages have nothing but a link to the next
        self.most = 200  # per page, whatever the client prefers
        self.lost = 410  # how lost tokens are refused; 400 and 404 were seen as well
        self._rounds: OrderedDict[str, list[Event]] = OrderedDict()

    def forget(self) -> None:
        """Forget the rounds that are under way; they are computed anew."""
        self._rounds.clear()

    def handle(self, call: Call) -> Response:
        """Answer the first request of a round, or the next."""
        query = call.request.query
        for name in NOT_HERE:
            if name in query:
                message = "The following parameters are not supported with change tracking over "
                message += f"the 'Events' resource: '{name}'."
                raise bad(message, "ErrorInvalidUrlQuery")
        token = self._token(call)
        entries = self._entries(call, token)
        size = min(int(call.prefer.get("odata.maxpagesize", PAGE)), self.most)
        return self._page(call, token, entries, max(size, 1))

    def _token(self, call: Call) -> Token:
        """Return where the client stands: at the beginning, within a round, or behind one."""
        for name in ("$skiptoken", "$deltatoken"):
            if call.request.param(name):
                return self._read(call, call.request.param(name), name == "$deltatoken")
        low, high = call.window()
        window = [low.isoformat(), high.isoformat()]
        return self._fresh(call, {"w": window, "since": 0, "epoch": call.mailbox.epoch})

    def _fresh(self, call: Call, token: Token) -> Token:
        return {**token, "upto": call.world.position, "at": 0, "empty": self.empty_pages}

    def _read(self, call: Call, text: str, behind: bool) -> Token:
        try:
            token = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            owner, epoch = token["who"], token["epoch"]
        except (ValueError, KeyError, TypeError, binascii.Error):
            raise bad("The delta token is malformed.", "SyncStateInvalid") from None
        if owner != call.mailbox.oid or epoch != call.mailbox.epoch:
            raise self._lost(call, token)
        return self._fresh(call, {**token, "since": token["upto"]}) if behind else token

    def _lost(self, call: Call, token: Token) -> Exception:
        error, (low, high) = sync_lost(self.lost), token["w"]
        span = (
            f"startDateTime={low.replace('+00:00', 'Z')}&endDateTime={high.replace('+00:00', 'Z')}"
        )
        error.headers["Location"] = f"{self._address(call)}?{span}"
        return error

    def _address(self, call: Call) -> str:
        return f"{call.base}/{call.root}/calendarView/delta"

    def _entries(self, call: Call, token: Token) -> list[Event]:
        """Return all entries of a round, in its order."""
        parts = [token["w"], token["since"], token["upto"], call.mailbox.oid, str(call.view)]
        key = json.dumps(parts)
        if key not in self._rounds:
            self._rounds[key] = self._round(call, token)
            while len(self._rounds) > KEPT:
                self._rounds.popitem(last=False)
        return self._rounds[key]

    def _round(self, call: Call, token: Token) -> list[Event]:
        found: list[Event] = []
        default = next(key for key, one in call.mailbox.folders.items() if one.default)
        for item in list(call.mailbox.items.values()):
            found += self._changes(call, item, token, default)
        for position, raw in call.mailbox.raw.values():
            if token["since"] < position <= token["upto"]:
                found.append(raw)
        shuffled = Random(f"{token['since']}/{token['upto']}")
        if self.shuffle:
            shuffled.shuffle(found)
        return found + found[: self.duplicates]

    def _changes(self, call: Call, item: Item, token: Token, calendar: str) -> list[Event]:
        """Return what a client that knows the item as it was needs to hear."""
        then = item.at(token["since"]) if token["since"] else None
        now = item.at(token["upto"])
        if now is None or now is then:
            return []
        low, high = (parse(one) for one in token["w"])
        mailbox = call.mailbox
        before = within(mailbox, item, then, low, high) if _in(then, calendar) else []
        after = within(mailbox, item, now, low, high) if _in(now, calendar) else []
        kept = {place.day for place in after}
        removed = [call.view.removed(place) for place in before if place.day not in kept]
        return [self._shown(call, place) for place in after] + removed

    def _shown(self, call: Call, place: Place) -> Event:
        if place.kind == "occurrence":
            return call.view.minimal(place)
        return {"@odata.type": "#microsoft.graph.event", **call.view.event(place)}

    def _page(self, call: Call, token: Token, entries: list[Event], size: int) -> Response:
        if token["empty"]:
            return self._link(call, "nextLink", {**token, "empty": token["empty"] - 1}, [])
        end = token["at"] + size
        shown = entries[token["at"] : end]
        if end < len(entries):
            return self._link(call, "nextLink", {**token, "at": end}, shown)
        return self._link(call, "deltaLink", token, shown)

    def _link(self, call: Call, kind: str, token: Token, shown: list[Event]) -> Response:
        text = json.dumps({**token, "who": call.mailbox.oid}, separators=(",", ":"))
        packed = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        name = "$skiptoken" if kind == "nextLink" else "$deltatoken"
        link = {f"@odata.{kind}": f"{self._address(call)}?{name}={packed}"}
        return call.answer({**link, "value": shown}, "calendarView")


def _in(state: Any, calendar: str) -> bool:
    return state is not None and state.calendar == calendar
