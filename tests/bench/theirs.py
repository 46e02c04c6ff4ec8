"""Odoo's own google_calendar, run as its scheduled job runs it.

Only the addresses of Google's services are other ones; its code is as it is.
"""

from __future__ import annotations

from typing import Any

from odoo.addons.google_account.models import google_service
from odoo.addons.google_calendar.utils.google_calendar import GoogleCalendarService

from bench.side import call, user_of
from simulators.google_oauth import DEMO_CLIENT, DEMO_SECRET

SCOPE = "https://www.googleapis.com/auth/calendar"


def prepare(env: Any, google: str, email: str) -> Theirs:
    """Connect a new user to the account ``email``."""
    point_to(env, google)
    user = user_of(env, email)
    connect(env, user, call(f"{google}/_simulator/consent/{email}", "POST", {"scope": SCOPE}))
    return Theirs(user)


def connect(env: Any, user: Any, tokens: dict[str, Any]) -> None:
    """Give a user these tokens."""
    settings = env["res.users.settings"]._find_or_create_for_user(user)
    settings._set_google_auth_tokens(
        tokens["access_token"], tokens["refresh_token"], tokens["expires_in"]
    )


def point_to(env: Any, google: str) -> None:
    """Set the addresses; one of them is also the default value of a parameter."""
    parameters = env["ir.config_parameter"]
    parameters.set_param("google_calendar_client_id", DEMO_CLIENT)
    parameters.set_param("google_calendar_client_secret", DEMO_SECRET)
    request = google_service.GoogleService._do_request
    old = google_service.GOOGLE_API_BASE_URL
    request.__defaults__ = tuple(google if one == old else one for one in request.__defaults__)
    google_service.GOOGLE_API_BASE_URL = google
    google_service.GOOGLE_TOKEN_ENDPOINT = f"{google}/token"


class Theirs:
    """One user."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def ready(self) -> None:
        """End the transaction: nothing else is needed."""
        self.user.env.cr.commit()

    def first(self) -> None:
        """Do what res.users._sync_all_google_calendar does for a user; errors are not hidden."""
        service = GoogleCalendarService(self.user.env["google.service"])
        self.user.with_user(self.user).sudo()._sync_google_calendar(service)
        self.user.env.cr.commit()

    again = first
