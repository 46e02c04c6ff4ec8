"""A service and a database that both are edited, and what must be so between them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from doors import Doors
from memory import parts
from memory_database import Unit
from memory_outbox import OutboxStore
from memory_rows import NEW, OutDatabase
from memory_writing import WritingProvider, WritingServer
from worlds import ACCOUNTS, CONNECTED, Shown, World

from odoo.addons.synced_meetings.sync import engine
from odoo.addons.synced_meetings.sync.push import push


class TwoWays(World):
    """Runs go both ways."""

    def __init__(self, connected: list[str] = CONNECTED) -> None:
        super().__init__(connected)
        self.server = WritingServer(ACCOUNTS)
        self.db = OutDatabase({name: ACCOUNTS[name] for name in connected})
        self.doors = Doors(self.db)
        self.pushed: list = []

    def store(self, calendar: str) -> OutboxStore:
        fields = self.provider(calendar).fields
        return OutboxStore(self.db, calendar, self.window, fields)

    def provider(self, calendar: str) -> WritingProvider:
        return WritingProvider(self.server, calendar)

    def pull(self, calendar: str, provider: WritingProvider | None = None) -> engine.Result:
        """Run one calendar both ways, to its end or until it breaks off."""
        provider = provider or self.provider(calendar)
        provider.check = self.nothing_is_open
        self.fetched, self.pushed = provider.fetched, provider.pushed
        store = self.store(calendar)
        result = engine.pull(provider, store)
        push(provider, store, result)
        self.db.commit()
        self.only_organisers_write(provider)
        return result

    def push(self, calendar: str, provider: WritingProvider | None = None) -> engine.Result:
        """Only write, as after a click."""
        provider = provider or self.provider(calendar)
        provider.check = self.nothing_is_open
        result = engine.Result()
        push(provider, self.store(calendar), result)
        self.db.commit()
        self.only_organisers_write(provider)
        return result

    def only_organisers_write(self, provider: WritingProvider) -> None:
        """Content goes out through the organiser's copy alone, another tells an answer (R10).

        Of one that was moved meanwhile nothing is there that could be written.
        """
        held = self.server.items[provider.calendar]
        for change in provider.pushed:
            there = not {change.copy.id, parts(change.copy.id)[0]}.isdisjoint(held)
            mine = not there or self.server.home(change.copy.id) == provider.calendar
            assert mine or change.action == "answer", f"{provider.calendar} wrote {change}"

    def nothing_is_open(self) -> None:
        assert self.db.state == self.db.committed, "something is open while the network answers"

    def ident(self, unit: Unit) -> str:
        """Return what a meeting is called before and after it has its id: by its client key."""
        if unit[0].startswith("new-"):
            return "key" + unit[0].removeprefix("new-")
        keys = {known: key for key, known in self.server.known.items()}
        for remote_id, uid in self.server.uids.items():
            if (uid, self.server.owner(self.server.home(remote_id))) == unit[:2]:
                return keys.get(remote_id, remote_id)
        return "/".join(unit)

    def named(self, remote_id: str) -> str:
        """Return the same of an id of the service, an occurrence's with its series."""
        series, _, rid = remote_id.partition("_")
        keys = {known: key for key, known in self.server.known.items()}
        return keys.get(series, series) + (f"_{rid}" if rid else "")

    def held(self) -> set[tuple[str, str]]:
        """Return the meetings that the service refuses as they are here."""
        return {
            unit[:2]
            for unit, event in self.db.state.meetings.items()
            if event and "refused" in event.name
        }

    def difference(self) -> tuple[Counter[Shown], Counter[Shown]]:
        shows, expects = (self._comparable(found) for found in (self.shows(), self.expects()))
        return shows - expects, expects - shows

    def _comparable(self, found: Counter[Shown]) -> Counter[Shown]:
        apart = self.held()
        plain = Counter()
        for (rid, event), times in found.items():
            if (event.uid, event.organiser) not in apart:
                event = replace(event, conference_url="") if self.server.lossy else event
                plain[rid, event] += times
        return plain

    def unsent(self) -> list[Unit]:
        """Return what was made here and never came to the service."""
        copies = self.db.state.copies.items()
        return [
            copy.unit
            for (_, i), copy in copies
            if i.startswith(NEW) and copy.unit[:2] not in self.held()
        ]
