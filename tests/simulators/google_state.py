"""Keeping everything between two runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .google_accounts import ServiceAccount
from .google_oauth import Access, Client, Refresh
from .google_world import Calendar, Copy, Mail, User

if TYPE_CHECKING:
    from .google import GoogleSimulator


def save_state(google: GoogleSimulator) -> dict[str, Any]:
    """Return users, calendars, grants and mails as JSON values."""
    world = google.world
    with world.lock:
        return {
            "users": [asdict(user) for user in world.users.values()],
            "calendars": [calendar.saved() for calendar in world.calendars.values()],
            "mails": [list(mail) for mail in world.mails],
            "oauth": google.oauth.saved(),
            "etag": world.etag,
            "epoch": world.epoch,
            "seed": world.seed,
        }


def load_state(google: GoogleSimulator, state: dict[str, Any]) -> None:
    """Replace everything by what was saved."""
    world, oauth = google.world, google.oauth
    with world.lock:
        world.etag, world.epoch, world.seed = state["etag"], state["epoch"], state["seed"]
        world.users = {one["email"]: User(**one) for one in state["users"]}
        world.calendars = {one["id"]: _calendar(one) for one in state["calendars"]}
        world.mails[:] = [Mail(*one) for one in state["mails"]]
        saved = state["oauth"]
        oauth.clients = {key: Client(**one) for key, one in saved["clients"].items()}
        oauth.refreshes = {key: Refresh(**one) for key, one in saved["refreshes"].items()}
        oauth.granted = dict(saved["granted"])
        accounts = [ServiceAccount(**one) for one in saved.get("accounts", ())]
        oauth.accounts = {one.email: one for one in accounts}
        oauth.delegations = dict(saved.get("delegations", {}))
        oauth.accesses = {
            key: Access(**{**one, "scopes": frozenset(one["scopes"])})
            for key, one in saved["accesses"].items()
        }


def _calendar(saved: dict[str, Any]) -> Calendar:
    own = {name: value for name, value in saved.items() if name != "copies"}
    calendar = Calendar(**own)
    for one in sorted(saved["copies"], key=lambda copy: copy["position"]):
        copy = Copy(one["data"], one["overrides"], one["dropped"])
        copy.position, copy.raw = one["position"], one["raw"]
        calendar.keep(copy)
    return calendar
