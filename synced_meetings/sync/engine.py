"""Bring what a calendar holds into the store. No clock, no ORM, no HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from .canonical import canonical
from .codec import dump
from .errors import Rejected, SyncTokenExpired
from .event import Bad, Event, Page, Remote
from .merge import merge, merge_answer
from .provider import Provider
from .recurrence import check
from .store import Link, Settled, Store

T = TypeVar("T")
PART = 500  # events kept at once: bounds the memory, whatever the page size
ASK = 50  # events asked for by id at once
PAYLOAD = 4000  # characters of a bad event that are kept to be looked at


@dataclass(slots=True)
class Result:
    """What one run did."""

    pulled: int = 0
    failed: int = 0


def pull(provider: Provider, store: Store) -> Result:
    """Merge every remote change since the store's token; safe to break off and repeat anywhere."""
    result, seen, complete = Result(), set(), False
    for page in _pages(provider, store):
        complete = page.complete
        seen.update(remote.id for remote in page.changes if complete)
        seen.update(bad.id for bad in page.bad if complete)
        _keep(page, store, result)
        store.checkpoint(page.token, complete)
    for ids in _parts(store.doubtful(seen if complete else None), ASK):
        _keep(provider.fetch(ids), store, result)
        store.checkpoint(None)
    if complete:
        store.roll()
    store.bury()
    return result


def _pages(provider: Provider, store: Store) -> Iterator[Page]:
    try:
        yield from provider.changes(store.token, store.window)
    except SyncTokenExpired:
        yield from provider.changes(None, store.window)


def _keep(page: Page, store: Store, result: Result) -> None:
    """Settle the changes of a page in parts, series masters before their exceptions."""
    keys = store.change_keys([remote.id for remote in page.changes])
    news = [remote for remote in _last_sights(page.changes) if _is_news(remote, keys, store)]
    failed = list(page.bad)
    for exceptions in (False, True):
        for part in _parts((r for r in news if bool(r.series) == exceptions), PART):
            failed += _keep_part(part, store)
            store.checkpoint(None)
    store.quarantine(failed)
    result.pulled += len(news)
    result.failed += len(failed)


def _last_sights(remotes: Sequence[Remote]) -> Iterable[Remote]:
    """Return each event once, as it was delivered last."""
    return {remote.id: remote for remote in remotes}.values()


def _is_news(remote: Remote, keys: Mapping[str, str | None], store: Store) -> bool:
    """Whether a sight of an event tells anything that the store does not have."""
    known = remote.id in keys
    if remote.event is None:
        return keys[remote.id] is not None if known else bool(remote.series)
    if not known:
        in_series = bool(remote.event.rule or remote.series)
        return in_series or store.window.meets(remote.event.when)
    return not remote.change_key or keys[remote.id] != remote.change_key


def _keep_part(remotes: Sequence[Remote], store: Store) -> list[Bad]:
    """Save them together, or, where that is refused, each alone; return what cannot be kept."""
    links = store.load(remotes)
    try:
        store.save([settle(link, r, store) for link, r in zip(links, remotes, strict=True)])
    except Rejected as error:
        if len(remotes) == 1:
            return [_bad(remotes[0], error)]
        middle = len(remotes) // 2  # one bad event among many is found in few steps
        return _keep_part(remotes[:middle], store) + _keep_part(remotes[middle:], store)
    return []


def _bad(remote: Remote, error: Rejected) -> Bad:
    source = json.dumps(dump(remote.event))[:PAYLOAD] if remote.event else ""
    return Bad(remote.id, error.reason, error.value, source)


def settle(link: Link, remote: Remote, store: Store) -> Settled:
    """Decide what the meeting becomes once this sight of a copy is taken in."""
    if remote.event is None:
        return Settled(link, remote, None)
    event = _whole(canonical(remote.event, store.clean), remote, link)
    check(event.when, event.rule)
    remote = replace(remote, event=event)
    if link.role == "answer" and link.local:
        return Settled(link, remote, merge_answer(link.base, link.local, event, remote.self_email))
    return Settled(link, remote, merge(link.base, link.local, event))


def _whole(event: Event, remote: Remote, link: Link) -> Event:
    """Return the event with what this copy hides taken from here: hidden is not cleared."""
    if not remote.redacted or link.local is None:
        return event
    if event.name or event.attendees:  # only the list of guests was cut
        return replace(event, attendees=link.local.attendees)
    shown = {"when": event.when, "rule": event.rule, "state": event.state, "show_as": event.show_as}
    return replace(link.local, **shown)


def _parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
