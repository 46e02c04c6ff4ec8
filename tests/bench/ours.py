"""Synced Meetings, run as its scheduled job runs it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from odoo import fields

from bench.side import call, user_of
from setup.services import google_parameters
from simulators.google_oauth import DEMO_SECRET


def prepare(env: Any, google: str, email: str) -> Ours:
    """Connect a new user to the account ``email``."""
    point_to(env, google)
    return Ours(connect(env, google, email, user_of(env, email)))


def point_to(env: Any, google: str) -> None:
    """Set the addresses, and how this server is known there."""
    for name, value in google_parameters(google).items():
        env["ir.config_parameter"].set_param(name, value)
    env["synced.secret"]._set_parameter("synced_meetings_google.client_secret", DEMO_SECRET)


def connect(env: Any, google: str, email: str, user: Any) -> Any:
    """Connect a user; return the calendar."""
    values = {"provider": "google", "email": email, "mailbox_id": email, "state": "connecting"}
    values |= {"database_uuid": env["ir.config_parameter"].get_param("database.uuid")}
    account = env["synced.account"].create(values | {"user_id": user.id})
    tokens = call(f"{google}/_simulator/consent/{email}", "POST", {})
    account._set_secret("google_tokens", kept(tokens))
    values = {"account_id": account.id, "remote_id": email, "name": email, "primary": True}
    values |= {"selected": True, "owner_email": email, "timezone": "Europe/Berlin"}
    return env["synced.calendar"].create(values)


def kept(tokens: dict[str, Any]) -> str:
    """Return tokens as an account keeps them."""
    expires = datetime.now(timezone.utc) + timedelta(seconds=tokens["expires_in"])
    kept = {name: tokens[name] for name in ("access_token", "refresh_token")}
    scopes = sorted(tokens["scope"].split())
    return json.dumps(kept | {"expires": expires.isoformat(), "scopes": scopes})


class Ours:
    """One calendar."""

    def __init__(self, calendar: Any) -> None:
        self.calendar = calendar

    def ready(self) -> None:
        """Make the calendar due."""
        self.calendar.due = fields.Datetime.now()
        self.calendar.env.cr.commit()

    def first(self) -> None:
        """Run what is due, which is this calendar."""
        self.calendar.env["synced.calendar"]._run_due()
        if self.calendar.last_error or not self.calendar.last_sync:
            raise RuntimeError(self.calendar.last_error or "It was not run.")

    def again(self) -> None:
        """Run this calendar, without the job's looking for more."""
        self.calendar._synchronise()
