"""Bring what a calendar holds into the store. No clock, no ORM, no HTTP.

`push` is the way back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from .canonical import address, canonical
from .codec import dump
from .errors import Rejected, SyncTokenExpired
from .event import Bad, Event, Page, Remote, answer_of, with_answer
from .merge import agreed, losses, lost_answers, merge, merge_answer
from .provider import Provider
from .recurrence import check
from .store import Link, Settled, Store
from .telling import version

T = TypeVar("T")
PART = 500  # events kept at once: bounds the memory, whatever the page size
ASK = 50  # events asked for by id at once
PAYLOAD = 4000  # characters of a bad event that are kept to be looked at


@dataclass(slots=True)
class Result:
    """What one run did."""

    pulled: int = 0
    pushed: int = 0
    failed: int = 0

    def counts(self) -> dict[str, int]:
        """Return the numbers by their names; all are 0 where nothing was new."""
        return {"pulled": self.pulled, "pushed": self.pushed, "failed": self.failed}


def pull(provider: Provider, store: Store) -> Result:
    """Merge every remote change since the store's token; safe to break off and repeat anywhere."""
    try:
        return _pull(provider, store, store.token)
    except SyncTokenExpired:
        return _pull(provider, store, None)


def _pull(provider: Provider, store: Store, since: str | None) -> Result:
    result, seen = Result(), set[str]()
    token, complete = None, False
    for page in provider.changes(since, store.window):
        token, complete = page.token, page.complete
        seen.update(remote.id for remote in page.changes)
        seen.update(bad.id for bad in page.bad)
        keep(page, store, result)
        if token is None:
            store.checkpoint(None)
    _ask(provider, store, result, seen if complete else None)
    if complete:
        store.roll()
    # Only now: a run that is broken off before asks for all that is doubtful again.
    store.checkpoint(token, complete)
    store.bury()
    return result


def _ask(provider: Provider, store: Store, result: Result, seen: set[str] | None) -> None:
    """Ask by id for what is in doubt, until nothing more is."""
    asked = set[str]()
    while ids := [doubt for doubt in store.doubtful(seen) if doubt not in asked]:
        for part in _parts(ids, ASK):
            store.checkpoint(None)  # nothing stays open while the network is waited for
            keep(provider.fetch(part), store, result)
        asked.update(ids)
        seen = None


def keep(page: Page, store: Store, result: Result) -> None:
    """Settle the changes of a page in parts, series masters before their exceptions."""
    keys = store.change_keys([remote.id for remote in page.changes])
    news = [sight for sight in _last_sights(page.changes) if _is_news(sight, keys, store)]
    failed = list(page.bad)
    for exceptions in (False, True):
        for part in _parts((r for r in news if bool(r.series) == exceptions), PART):
            failed += _keep_part([canonical_remote(remote, store) for remote in part], store)
            store.checkpoint(None)
    store.quarantine(failed)
    result.pulled += len(news)
    result.failed += len(failed)


def _last_sights(remotes: Sequence[Remote]) -> Iterable[Remote]:
    """Return each event once, as it was delivered last."""
    return {remote.id: remote for remote in remotes}.values()


def canonical_remote(remote: Remote, store: Store) -> Remote:
    """Return a sight of an event in the form in which it is compared (rule R4)."""
    if remote.event is None:
        return remote
    event, email = canonical(remote.event, store.clean), address(remote.self_email)
    return replace(remote, event=event, self_email=email)


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
        store.save([settle(link, r) for link, r in zip(links, remotes, strict=True)])
    except Rejected as error:
        if len(remotes) == 1:
            return [bad_of(remotes[0], error)]
        middle = len(remotes) // 2  # one bad event among many is found in few steps
        return _keep_part(remotes[:middle], store) + _keep_part(remotes[middle:], store)
    return []


def bad_of(remote: Remote, error: Rejected) -> Bad:
    """Return what is put aside of an event that the store cannot keep."""
    return Bad(remote.id, error.reason, error.value, _source(remote.event))


def _source(event: Event | None) -> str:
    """Return the event as a person may look at it; of a private one its outline."""
    if event and event.privacy == "private":
        event = Event(event.uid, event.when, rule=event.rule, privacy=event.privacy)
    return json.dumps(dump(event))[:PAYLOAD] if event else ""


def settle(link: Link, remote: Remote) -> Settled:
    """Decide what the meeting becomes once this sight of a copy, in canonical form, is taken in."""
    if remote.event is None:
        whole = link.base and link.role == "content"  # an invitation that goes takes nothing along
        lost = tuple(losses(link.base, link.local, None)) if whole else ()
        return Settled(link, remote, None, link.base, lost)
    event = _whole(remote.event, remote, link)
    check(event.when, event.rule)
    remote = replace(remote, event=event)
    base = agreed(link.base, link.sent.event, event) if link.sent else link.base
    if link.role == "answer" and link.local:
        local = merge_answer(base, link.local, event, remote.self_email)
        lost = tuple(lost_answers(base, link.local, event, remote.self_email, link.heard))
        return Settled(link, remote, local, base, lost)
    lost = tuple(losses(base, link.local, event, link.heard)) if base or link.local else ()
    told, asked = _told(link, base, event)
    return Settled(link, remote, merge(base, link.local, event), base, lost, told, asked)


def _told(link: Link, base: Event | None, event: Event) -> tuple[str, str]:
    """Return (the version that the provider told the attendees, the one it was asked to tell).

    What came in from outside counts as told (rule R19), and so does what was sent to be told and
    arrived, though the answer was lost.
    """
    sent = link.sent
    if sent and sent.tell and (base != link.base or base == sent.event):
        return version(event), sent.asked
    return ("" if base and version(event) == version(base) else version(event)), ""


def _whole(event: Event, remote: Remote, link: Link) -> Event:
    """Return the event with what this copy hides taken from here: hidden is not cleared."""
    if not remote.redacted or link.local is None:
        return event
    if event.name or event.attendees:  # only the list of guests was cut, to its owner's entry
        whole = replace(event, attendees=link.local.attendees)
        answer = answer_of(event, remote.self_email)
        return with_answer(whole, remote.self_email, answer) if answer else whole
    return replace(
        link.local, when=event.when, rule=event.rule, state=event.state, show_as=event.show_as
    )


def _parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
