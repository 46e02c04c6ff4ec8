"""How other programs read the memory service: a provider of one calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timezone
from random import Random
from zoneinfo import ZoneInfo

from memory import EVER, Copy, MemoryServer, parts, spans

from odoo.addons.synced_meetings.sync.errors import Retryable, SyncTokenExpired
from odoo.addons.synced_meetings.sync.event import (
    Bad,
    Busy,
    Calendar,
    Event,
    Page,
    Remote,
    Window,
)

ZONE = "Europe/Berlin"  # of every calendar


class MemoryProvider:
    """One calendar of a `MemoryServer`, listed in small shuffled pages."""

    name = "memory"
    untidy = True  # it repeats itself, and writes values in its own way

    def __init__(self, server: MemoryServer, calendar: str, size: int = 2) -> None:
        self.server, self.calendar, self.size = server, calendar, size
        self.fail_after: int | None = None  # pages until the service is out of order
        self.between: Callable[[], object] = lambda: None  # what happens between two pages
        self.fetched: list[str] = []

    def changes(self, token: str | None, window: Window) -> Iterator[Page]:
        """Yield what changed since ``token``; the next token is as of the beginning."""
        server, following, pages = self.server, "", [[]]
        number = 0
        while number < len(pages):
            if self.fail_after == number:
                raise Retryable
            with server.trouble.request(self.calendar):
                if not number:
                    following, pages = str(server.clock), self._pages(token, window)
                part, number = pages[number], number + 1
                again = part[:1] if self.untidy else []
                last = following if number == len(pages) else None
                page = self._page([*again, *part], last, complete=token is None)
            yield page
            self.between()

    def _pages(self, token: str | None, window: Window) -> list[list[str]]:
        if token is not None and int(token) < self.server.oldest:
            raise SyncTokenExpired
        ids = self._ids(token, window)
        Random(self.server.clock).shuffle(ids)
        return [ids[n : n + self.size] for n in range(0, len(ids), self.size)] or [[]]

    def _ids(self, token: str | None, window: Window) -> list[str]:
        server = self.server
        if token is not None:
            return sorted({i for at, i in server.log[self.calendar] if at > int(token)})
        return [i for i in server.items[self.calendar] if self._is_listed(i, window)]

    def _is_listed(self, remote_id: str, window: Window) -> bool:
        """Whether a listing holds it: all that ends after the window begins."""
        items, later = self.server.items[self.calendar], Window(window.start, EVER.stop)
        event = items.get(parts(remote_id)[0], items[remote_id]).event
        whens = [event.when, *(spans(event).values() if event.rule else ())] if event else []
        return not event or any(map(later.meets, whens))

    def fetch(self, remote_ids: Sequence[str]) -> Page:
        """Return these events as they are now."""
        self.fetched += remote_ids
        with self.server.trouble.request(self.calendar):
            return self._page(remote_ids, None, complete=False)

    def calendars(self) -> Iterator[Calendar]:
        """Yield the calendars of the account."""
        with self.server.trouble.request(self.calendar):
            accounts = self.server.accounts
        for name, account in accounts.items():
            if account == accounts[self.calendar]:
                owner = self.server.owner(name)
                yield Calendar(name, name.title(), name == account, zone=ZONE, owner=owner)

    def free_busy(self, emails: Sequence[str], window: Window) -> dict[str, list[Busy]]:
        """Return the busy times in the first calendars of those who have one here."""
        with self.server.trouble.request(self.calendar):
            known = {one: self.server.calendars.get(one) for one in emails}
            return {email: self._busy(name, window) for email, name in known.items() if name}

    def _busy(self, calendar: str, window: Window) -> list[Busy]:
        items, found = self.server.items[calendar], []
        for remote_id, copy in items.items():
            event = copy.event
            if event and event.show_as != "free":
                every = spans(event) if event.rule else {"": event.when}
                own = {rid for rid in every if f"{remote_id}_{rid}" in items}
                found += [when for rid, when in every.items() if rid not in own]
        return [
            Busy(*map(instant, (one.start, one.end)))
            for one in sorted(filter(window.meets, found), key=lambda one: instant(one.start))
        ]

    def _page(self, ids: Sequence[str], token: str | None, complete: bool) -> Page:
        fetched = not token and not complete
        read = [self._read(one, fetched) for one in ids]
        return Page(
            tuple(one for one in read if isinstance(one, Remote)),
            token,
            tuple({one.id: one for one in read if isinstance(one, Bad)}.values()),
            complete,
        )

    def _read(self, remote_id: str, fetched: bool) -> Remote | Bad:
        series, rid = parts(remote_id)
        copy = self.server.items[self.calendar].get(remote_id)
        if copy is None and fetched:
            return self._unedited(remote_id, series, rid)
        if copy is None or copy.event is None:
            return Remote(remote_id, None, copy.key if copy else "", series, rid)
        spoilt = self.server.spoilt.get(series or remote_id, "")
        if spoilt == "unreadable":
            return Bad(remote_id, "bad_time", "soon", "{}")
        return self._remote(remote_id, copy, spoilt)

    def _unedited(self, remote_id: str, series: str, rid: str) -> Remote:
        """Return an occurrence that is as its series says, or that there is none."""
        event = self.server.seen(self.calendar, remote_id, series, rid)
        if event is None:
            return Remote(remote_id, None)
        master = self.server.items[self.calendar][series]
        return self._remote(remote_id, replace(master, event=event, key=f"{master.key}/"), "")

    def _remote(self, remote_id: str, copy: Copy, spoilt: str) -> Remote:
        series, rid = parts(remote_id)
        owner = self.server.owner(self.calendar)
        event = shown(copy, owner, spoilt)
        return Remote(
            remote_id,
            untidy(event) if self.untidy else event,
            copy.key,
            series,
            rid,
            organises=self.calendar == self.server.home(remote_id),
            redacted=bool(copy.hides),
            self_email=owner.upper() if self.untidy else owner,
        )


def instant(moment: datetime | date) -> datetime:
    """Return when a day begins, and what is an instant already as it is."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), ZoneInfo(ZONE)).astimezone(timezone.utc)


def shown(copy: Copy, owner: str, spoilt: str = "") -> Event:
    """Return a copy as its owner may see it."""
    event = copy.event
    assert event
    if spoilt == "bad_rule":
        event = replace(event, rule=("RRULE:FREQ=SECONDLY",))
    elif spoilt:
        event = replace(event, name=spoilt)
    if copy.private:
        event = replace(event, privacy="private")
    if copy.hides == "guests":
        return replace(event, attendees=tuple(a for a in event.attendees if a.email == owner))
    if copy.hides:
        return Event(event.uid, event.when, organiser=event.organiser, rule=event.rule)
    return event


def untidy(event: Event) -> Event:
    """Return what means the same and is not equal: white space, people in another order."""
    people = tuple(reversed(event.attendees))
    return replace(event, name=f"{event.name.strip()} ", attendees=people)
