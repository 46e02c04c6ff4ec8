"""Changes for the writing half of the contract, and what became of them."""

from __future__ import annotations

from dataclasses import replace

from odoo.addons.synced_meetings.sync.errors import StaleChangeKey
from odoo.addons.synced_meetings.sync.event import Attendee, Change, Remote, with_answer

from .provider_contract import listing

BOB = Attendee("bob@client.example", "Bob")
EVE = Attendee("eve@client.example", "Eve", "tentative", "optional")


def create(provider, event, tell=False):
    """Return the change that makes an event."""
    return Change("create", Remote("", None, client_key=provider.new_key()), event, tell)


def update(remote, tell=False, **changes):
    return Change("update", remote, replace(remote.event, **changes), tell)


def delete(remote, tell=False):
    return Change("delete", remote, None, tell)


def answer(remote, response):
    event = with_answer(remote.event, remote.self_email, response)
    return Change("answer", remote, event, tell=True)


def told(provider, change):
    """Return a change as the service can make it: one that cannot be quiet tells the guests."""
    people = [event for event in (change.copy.event, change.event) if event and event.attendees]
    return replace(change, tell=True) if people and not provider.quiet else change


def done(provider, *changes):
    """Return the copies after changes that all succeed."""
    outcomes = provider.push([told(provider, change) for change in changes])
    assert [outcome.error for outcome in outcomes] == [None] * len(changes)
    return [outcome.remote for outcome in outcomes]


def made(provider, *events):
    return done(provider, *(create(provider, event) for event in events))


def stale(provider, change):
    """Return the copy as it is, where a change came too late."""
    [outcome] = provider.push([told(provider, change)])
    assert isinstance(outcome.error, StaleChangeKey)
    assert outcome.remote is None
    [remote] = provider.fetch([change.copy.id]).changes
    return remote


def read(server):
    return listing(server.provider())[0]


def live(server):
    """Return the names of the events that there are."""
    return sorted(one.event.name for one in read(server).values() if one.event)
