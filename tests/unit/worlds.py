"""A service, the calendars connected to it, and what their store must show."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import memory
from memory import MemoryServer, parts
from memory_database import Database
from memory_provider import MemoryProvider, shown
from memory_store import MemoryStore

from odoo.addons.synced_meetings.sync import canonical, engine
from odoo.addons.synced_meetings.sync.event import Event, When, Window
from odoo.addons.synced_meetings.sync.recurrence import expand

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JUNE = datetime(2026, 6, 1, 9, tzinfo=timezone.utc)
SUMMER = Window(JUNE - 10 * DAY, JUNE + 60 * DAY)
Shown = tuple[str, Event]  # recurrence id, what people see
ACCOUNTS = {"ann": "ann", "team": "ann", "bob": "bob", "cy": "cy", "ext": "ext"}
CONNECTED = ["ann", "team", "bob", "cy"]  # nobody connects "ext"


def at(day: int, hours: int = 0, length: timedelta = HOUR) -> When:
    """Return a span so many days after the first of June, 9 o'clock."""
    start = JUNE + day * DAY + hours * HOUR
    return When(start, start + length, "Europe/Berlin")


class World:
    """One server and one database, and the runs between them."""

    def __init__(self, connected: list[str] = CONNECTED) -> None:
        self.server = MemoryServer(ACCOUNTS)
        self.db = Database({name: ACCOUNTS[name] for name in connected})
        self.connected, self.window, self.fetched = connected, SUMMER, []

    def store(self, calendar: str) -> MemoryStore:
        return MemoryStore(self.db, calendar, self.window)

    def provider(self, calendar: str) -> MemoryProvider:
        return MemoryProvider(self.server, calendar)

    def pull(self, calendar: str, provider: MemoryProvider | None = None) -> engine.Result:
        """Run one calendar to its end, or until it breaks off."""
        provider = provider or self.provider(calendar)
        self.fetched = provider.fetched
        result = engine.pull(provider, self.store(calendar))
        self.db.commit()
        return result

    def settle(self) -> None:
        """Run all calendars until nothing can be left to do."""
        for _ in range(2):
            for calendar in self.connected:
                self.pull(calendar)

    def shows(self) -> Counter[Shown]:
        """Return what is shown, without what no calendar can tell at present."""
        spoilt = {
            (self.server.uids[remote_id], self.server.owner(self.server.home(remote_id)))
            for remote_id, how in self.server.spoilt.items()
            if how
        }
        found = ((unit[2], event) for unit, event in self.db.shown(self.window).items())
        return Counter(one for one in found if (one[1].uid, one[1].organiser) not in spoilt)

    def difference(self) -> tuple[Counter[Shown], Counter[Shown]]:
        """Return (what is shown and should not be, what should be and is not)."""
        shows, expects = self.shows(), self.expects()
        return shows - expects, expects - shows

    def expects(self) -> Counter[Shown]:
        """Return what the organisers' calendars say, as far as a connected one holds it."""
        found: Counter[Shown] = Counter()
        for remote_id, home in self.server.homes.items():
            copy = self.server.items[home].get(remote_id)
            if copy and copy.event and not self.server.spoilt.get(remote_id):
                found.update(self._expected(remote_id, home, copy.event))
        return found

    def _expected(self, remote_id: str, home: str, event: Event) -> list[Shown]:
        if not event.rule:
            held = self.window.meets(event.when) and self._holders(remote_id)
            return [("", self._plain(remote_id, event))] if held else []
        exceptions = {
            parts(one)[1]: copy.event
            for one, copy in self.server.items[home].items()
            if parts(one)[0] == remote_id
        }
        return [
            (rid, self._plain(f"{remote_id}_{rid}", occurrence))
            for rid, occurrence in expand(event, exceptions, self.window).items()
            if self._holders(f"{remote_id}_{rid}")
        ]

    def _holders(self, remote_id: str) -> list[str]:
        """Return the connected calendars that hold an event, or an occurrence of its series."""
        series, rid = parts(remote_id)
        seen = self.server.seen
        return [name for name in self.connected if seen(name, remote_id, series, rid)]

    def _plain(self, remote_id: str, event: Event) -> Event:
        home, items = self.server.home(remote_id), self.server.items
        written = shown(memory.Copy(event, ""), self.server.owner(home))
        copies = [items[name].get(remote_id) for name in self._holders(remote_id)]
        deciding = [items[home].get(remote_id)] if home in self.connected else copies
        if deciding and all(copy and copy.private for copy in deciding):
            written = replace(written, privacy="private")
        return canonical.canonical(written, str.strip)
