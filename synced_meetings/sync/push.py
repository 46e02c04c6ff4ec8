"""Bring what people did here into a calendar. No clock, no ORM, no HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import engine
from .errors import Rejected, Retryable, StaleChangeKey, SyncError
from .event import Change, Event, Outcome, Remote, answer_of, with_answer
from .provider import Provider
from .store import Outgoing, Settled, Store
from .telling import version
from .view import view

TRIES = 3  # how often one event is written or read again in a run (rule R8)


def push(provider: Provider, store: Store, result: engine.Result) -> None:
    """Write every copy that lags behind its meeting; safe to break off and repeat anywhere."""
    tries: Counter[str] = Counter()
    while outgoing := store.outgoing(provider.batch_size):
        if tired := [one for one in outgoing if tries[_name(one)] >= TRIES]:
            store.postpone(tired, None)  # it changes as fast as it is written
            store.checkpoint(None)
            continue
        tries.update(map(_name, outgoing))
        if unread := [one for one in outgoing if _is_unread(one) and tries[_name(one)] == 1]:
            _read(unread, provider, store, result)
            continue
        changes = [change_of(one, provider.fields) for one in outgoing]
        store.sending(list(zip(outgoing, changes, strict=True)))
        store.checkpoint(None)  # what goes out is known before it goes, and nothing stays open
        try:
            outcomes = provider.push(changes)
        except Retryable as error:
            store.postpone(outgoing, error)
            store.checkpoint(None)
            raise
        done = list(zip(outgoing, changes, outcomes, strict=True))
        _settle(done, store, result)
        _put_off(done, store, result)
        store.checkpoint(None)
        stale = [one for one, error in _errors(done) if isinstance(error, StaleChangeKey)]
        _read(stale, provider, store, result)


def change_of(one: Outgoing, writable: frozenset[str]) -> Change:
    """Return the write that brings a copy to what its meeting is."""
    link, copy = one.link, one.copy
    if link.local is None and link.base:
        return Change("delete", copy, None, one.tell)
    if link.role == "answer":
        return Change("answer", copy, _answered(one), tell=True)
    if link.base is None and link.sent and link.sent.event:
        # What was sent first is what a repetition finds; later edits follow as an update.
        return Change("create", copy, link.sent.event, link.sent.tell)
    if link.base is None:
        return Change("create", copy, link.local, one.tell)
    return Change("update", copy, view(link.local, link.base, copy.self_email, writable), one.tell)


def _answered(one: Outgoing) -> Event | None:
    base, local, email = one.link.base, one.link.local, one.copy.self_email
    answer = answer_of(local, email) if local else None
    return with_answer(base, email, answer) if base and answer else base


Done = Sequence[tuple[Outgoing, Change, Outcome]]


def _settle(done: Done, store: Store, result: engine.Result) -> None:
    """Take the answers in like any other sight, against what was sent (rule R6)."""
    sights = {}
    for _, change, outcome in done:
        if remote := outcome.remote:
            sights[remote.id] = (engine.canonical_remote(remote, store), change)
    remotes = [remote for remote, _ in sights.values()]
    settled = []
    # The meeting as it is now: an edit that was made during the call survives.
    for link, remote in zip(store.load(remotes), remotes, strict=True):
        change = sights[remote.id][1]
        link = replace(link, base=_sent(change, remote), sent=None)
        settled.append(replace(engine.settle(link, remote), **_told(change, remote)))
    try:
        store.save(settled)
    except Rejected:
        for one in settled:
            _save_alone(one, store, result)
    result.pushed += len(settled)


def _told(change: Change, remote: Remote) -> dict[str, str]:
    if not (change.tell and change.event and remote.event and change.action != "answer"):
        return {"told": ""}
    return {"told": version(remote.event), "asked": version(change.event)}


def _sent(change: Change, remote: Remote) -> Event | None:
    """Return what both sides agreed on: what went out, or, where the copy is gone, what was."""
    return change.event if remote.event else change.copy.event


def _save_alone(one: Settled, store: Store, result: engine.Result) -> None:
    try:
        store.save([one])
    except Rejected as error:
        store.quarantine([engine.bad_of(one.remote, error)])
        result.failed += 1


def _put_off(done: Done, store: Store, result: engine.Result) -> None:
    """Let wait what may succeed later, and put aside what never will."""
    for one, error in _errors(done):
        if isinstance(error, Rejected):
            store.refuse(one, error)
            result.failed += 1
        elif isinstance(error, Retryable):
            store.postpone([one], error)


def _errors(done: Done) -> Iterator[tuple[Outgoing, SyncError]]:
    return ((one, outcome.error) for one, _, outcome in done if outcome.error)


def _read(
    ones: Sequence[Outgoing], provider: Provider, store: Store, result: engine.Result
) -> None:
    """Take in how these copies are now: what was sent did not reach them (rule R8)."""
    if ones:
        store.unsent(ones)
        store.checkpoint(None)
        engine.keep(provider.fetch([one.copy.id for one in ones]), store, result)


def _name(one: Outgoing) -> str:
    return one.copy.id or one.copy.client_key


def _is_unread(one: Outgoing) -> bool:
    """Whether an occurrence was never seen by itself: its change key is read first (rule R18)."""
    return bool(one.copy.series and one.link.base and not one.copy.change_key)
