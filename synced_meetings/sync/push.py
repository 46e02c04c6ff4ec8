"""Bring what people did here into a calendar. No clock, no ORM, no HTTP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import engine
from .errors import Rejected, Retryable, StaleChangeKey, SyncError
from .event import Change, Event, Outcome, Remote, answer_of, with_answer
from .merge import merge
from .provider import Provider
from .store import Link, Outgoing, Settled, Store
from .telling import version
from .view import view

TRIES = 3  # how often one event is written or read again in a run (rule R8)
Done = Sequence[tuple[Outgoing, Change, Outcome]]


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
        _write([_as_sent(one) for one in outgoing], provider, store, result)


def _write(
    outgoing: Sequence[Outgoing], provider: Provider, store: Store, result: engine.Result
) -> None:
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
    stale = _put_off(done, store, result)
    store.checkpoint(None)
    _stop_where_all_must_wait(done)
    _read(stale, provider, store, result)


def _stop_where_all_must_wait(done: Done) -> None:
    """End the run of a service that takes nothing now; one that it does not take stops no other."""
    waiting = [error for _, error in _errors(done) if isinstance(error, Retryable)]
    if len(waiting) == len(done) > 1:
        raise max(waiting, key=lambda error: error.after or 0)


def change_of(one: Outgoing, writable: frozenset[str]) -> Change:
    """Return the write that brings a copy to what its meeting is."""
    base, local, copy = one.link.base, one.link.local, one.copy
    if local is None:
        return Change("delete", copy, None, one.tell, one.message)
    if one.link.role == "answer":
        return Change("answer", copy, _answered(one), tell=True)
    action = "update" if base else "create"
    event = view(local, base or Event(local.uid, local.when), copy.self_email, writable)
    return Change(action, copy, event, one.tell)


def _as_sent(one: Outgoing) -> Outgoing:
    """Return a create that was not answered as it went out, for that is what repeating it finds.

    Later edits follow as an update; to what was deleted since, nobody is invited any more.
    """
    link, sent = one.link, one.link.sent
    if link.base or not (sent and sent.event):
        return one
    if link.local is None:
        alone = replace(sent.event, attendees=())
        return replace(one, link=replace(link, local=alone), tell=False, asked=sent.asked)
    return replace(one, link=replace(link, local=sent.event), tell=sent.tell, asked=sent.asked)


def _answered(one: Outgoing) -> Event | None:
    base, local, email = one.link.base, one.link.local, one.copy.self_email
    answer = answer_of(local, email) if local else None
    return with_answer(base, email, answer) if base and answer else base


def _settle(done: Done, store: Store, result: engine.Result) -> None:
    """Take the answers in, each into its meeting as it is now (rule R6)."""
    seen = [
        (one, change, outcome.told, _sight(change, outcome.remote, store))
        for one, change, outcome in done
        if outcome.remote
    ]
    links = store.load([remote for *_, remote in seen])
    settled = [(one[0], _settled(link, *one)) for link, one in zip(links, seen, strict=True)]
    try:
        store.save([one for _, one in settled])
    except Rejected:
        for outgoing, one in settled:
            _save_alone(outgoing, one, store, result)
    result.pushed += len(settled)


def _sight(change: Change, remote: Remote, store: Store) -> Remote:
    """Return the answer as the sight of a copy; a tombstone may hold nothing but an id."""
    if remote.event is None:
        gone = replace(change.copy, event=None, change_key=remote.change_key)
        return replace(gone, id=remote.id or gone.id)
    return engine.canonical_remote(remote, store)


def _settled(link: Link, one: Outgoing, change: Change, told: bool, remote: Remote) -> Settled:
    if remote.event is None:
        known = change.event if change.action == "create" else change.copy.event
        return engine.settle(replace(link, base=known, sent=None), remote)
    repeated = change.action == "create" and one.link.sent
    if repeated or change.action == "answer":
        link = replace(link, base=change.event, sent=None)
        return _asked(engine.settle(link, remote), change, one, told)
    # What the service made of it is agreed; what was edited here during the call is not.
    before, now = (e and replace(e, uid=remote.event.uid) for e in (change.event, link.local))
    local = merge(before, remote.event, now)
    link = replace(link, base=remote.event, local=local, sent=None)
    return _asked(engine.settle(link, remote), change, one, told)


def _asked(settled: Settled, change: Change, one: Outgoing, told: bool) -> Settled:
    """Note whom the provider told, if it was asked to and did."""
    event = settled.remote.event
    if not (change.tell and told and event and change.action in ("create", "update")):
        return settled
    return replace(settled, told=version(event), asked=one.asked)


def _save_alone(outgoing: Outgoing, one: Settled, store: Store, result: engine.Result) -> None:
    try:
        store.save([one])
    except Rejected as error:
        store.quarantine([engine.bad_of(one.remote, error)])
        store.refuse(outgoing, error)
        result.failed += 1


def _put_off(done: Done, store: Store, result: engine.Result) -> list[Outgoing]:
    """Let wait what may succeed later, put aside what never will; return what to read again."""
    stale = []
    for one, error in _errors(done):
        if isinstance(error, StaleChangeKey):
            stale.append(one)
        elif isinstance(error, Retryable):
            store.postpone([one], error)
        elif isinstance(error, Rejected):
            store.refuse(one, error)
            result.failed += 1
    if stale:
        store.unsent(stale)
    return stale


def _errors(done: Done) -> Iterator[tuple[Outgoing, SyncError]]:
    return ((one, outcome.error) for one, _, outcome in done if outcome.error)


def _read(
    ones: Sequence[Outgoing], provider: Provider, store: Store, result: engine.Result
) -> None:
    """Take in how these copies are now, with their change keys (rule R8)."""
    if ones:
        store.checkpoint(None)
        engine.keep(provider.fetch([one.copy.id for one in ones]), store, result)


def _name(one: Outgoing) -> str:
    return one.copy.id or one.copy.client_key


def _is_unread(one: Outgoing) -> bool:
    """Whether its change key is to be read first.

    An occurrence was never seen by itself (rule R18); of a copy whose last change was not
    answered it is not known how it stands (rule R7).
    """
    copy = one.copy
    return bool(copy.id and (one.link.sent or (copy.series and not copy.change_key)))
