"""Keeping everything between two runs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from .graph_login import Access, App, Grant
from .graph_world import Folder, Item, Mail, Mailbox, State, Tenant

if TYPE_CHECKING:
    from .graph import SimulatedGraph

Saved = dict[str, Any]


def save_state(graph: SimulatedGraph) -> Saved:
    """Return people, mailboxes, logins and mails as JSON values; subscriptions end."""
    world, login = graph.world, graph.login
    with world.lock:
        return {
            "position": world.position,
            "numbers": world.numbers,
            "seed": world.seed,
            "tenants": [_tenant(one) for one in world.tenants.values()],
            "mailboxes": [_mailbox(one) for one in world.mailboxes.values()],
            "mails": [list(one) for one in world.mails],
            "apps": [_app(one) for one in login.apps.values()],
            "refreshes": {key: asdict(one) for key, one in login.refreshes.items()},
            "accesses": {
                key: {**asdict(one), "permissions": sorted(one.permissions)}
                for key, one in login.accesses.items()
            },
            "consents": [[*key, sorted(scopes)] for key, scopes in login.consents.items()],
        }


def load_state(graph: SimulatedGraph, saved: Saved) -> None:
    """Replace everything by what was saved."""
    world, login = graph.world, graph.login
    with world.lock:
        for name in ("position", "numbers", "seed"):
            setattr(world, name, saved[name])
        world.tenants = {one["id"]: _read_tenant(one) for one in saved["tenants"]}
        world.mailboxes = {one["email"]: _read_mailbox(one) for one in saved["mailboxes"]}
        world.mails[:] = [Mail(*one) for one in saved["mails"]]
        login.apps = {one["id"]: _read_app(one) for one in saved["apps"]}
        login.refreshes = {key: _read_grant(one) for key, one in saved["refreshes"].items()}
        login.accesses = {key: _read_access(one) for key, one in saved["accesses"].items()}
        login.consents = {(app, email): set(own) for app, email, own in saved["consents"]}
        login.codes.clear()
        graph.subscriptions.held.clear()
        graph.delta.forget()


def _tenant(one: Tenant) -> Saved:
    own = {name: sorted(value) for name, value in one.consented.items()}
    scopes = {name: sorted(value) for name, value in one.scopes.items()}
    return {**asdict(one), "consented": own, "scopes": scopes}


def _read_tenant(saved: Saved) -> Tenant:
    sets = {
        name: {key: set(value) for key, value in saved[name].items()}
        for name in ("consented", "scopes")
    }
    return Tenant(**{**saved, **sets})


def _mailbox(one: Mailbox) -> Saved:
    own = {name: value for name, value in vars(one).items() if name not in ("folders", "items")}
    folders = {key: asdict(folder) for key, folder in one.folders.items()}
    items = [[item.number, [_state(each) for each in item.states]] for item in one.items.values()]
    return {**own, "folders": folders, "items": items}


def _read_mailbox(saved: Saved) -> Mailbox:
    folders = {key: Folder(**one) for key, one in saved["folders"].items()}
    items = {number: Item(number, [*map(_read_state, own)]) for number, own in saved["items"]}
    raw = {key: (position, body) for key, (position, body) in saved["raw"].items()}
    return Mailbox(**{**saved, "folders": folders, "items": items, "raw": raw})


def _state(one: State) -> Saved:
    exceptions = {day.isoformat(): own for day, own in one.exceptions.items()}
    cancelled = [day.isoformat() for day in one.cancelled]
    return {**vars(one), "exceptions": exceptions, "cancelled": cancelled}


def _read_state(saved: Saved) -> State:
    exceptions = {date.fromisoformat(day): own for day, own in saved["exceptions"].items()}
    cancelled = tuple(map(date.fromisoformat, saved["cancelled"]))
    return State(**{**saved, "exceptions": exceptions, "cancelled": cancelled})


def _app(one: App) -> Saved:
    encoding = serialization.Encoding.PEM
    return {
        **vars(one),
        "secrets": {key: end and end.isoformat() for key, end in one.secrets.items()},
        "certificates": [each.public_bytes(encoding).decode() for each in one.certificates],
        "delegated": sorted(one.delegated),
        "application": sorted(one.application),
    }


def _read_app(saved: Saved) -> App:
    ends = {key: end and datetime.fromisoformat(end) for key, end in saved["secrets"].items()}
    known = [x509.load_pem_x509_certificate(one.encode()) for one in saved["certificates"]]
    sets = {name: set(saved[name]) for name in ("delegated", "application")}
    return App(**{**saved, "secrets": ends, "certificates": known, **sets})


def _read_grant(saved: Saved) -> Grant:
    return Grant(**{**saved, "scopes": tuple(saved["scopes"])})


def _read_access(saved: Saved) -> Access:
    return Access(**{**saved, "permissions": frozenset(saved["permissions"])})
