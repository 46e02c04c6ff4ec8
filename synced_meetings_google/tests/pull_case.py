"""Two colleagues whose calendars stand in a simulated Google, reached over real HTTP."""

import sys
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from odoo.tests import TransactionCase

TESTS = Path(__file__).parents[2] / "tests"
ZONE = "Europe/Berlin"
SETTINGS = {"api_url": "api_url", "token_url": "token_url", "auth_url": "auth_url"}


def simulator():
    """Return the simulated Google's package; it stands beside the add-ons, not in them."""
    if not (TESTS / "simulators").is_dir():
        raise unittest.SkipTest("the simulators are not beside the add-on")
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    from simulators import google

    return google


class PullCase(TransactionCase):
    """Ann and Bob, both connected; runs are real ones, as the job makes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        package = simulator()
        cls.google = cls.enterClassContext(package.GoogleSimulator())
        parameters = cls.env["ir.config_parameter"]
        for name, attribute in SETTINGS.items():
            parameters.set_param(f"synced_meetings_google.{name}", getattr(cls.google, attribute))
        parameters.set_param("synced_meetings_google.client_id", package.DEMO_CLIENT)
        secret = {"synced_google_client_secret": package.DEMO_SECRET}
        cls.env["res.config.settings"].create(secret).execute()
        cls.company = cls.env.company
        cls.monday = cls._monday()

    def setUp(self):
        super().setUp()
        self.google.world.users.clear()
        self.google.world.calendars.clear()
        self.google.requests.clear()
        self.google.mails.clear()
        self.google.faults.clear()
        self.ann = self.connect("ann@corp.example", "Ann")

    @classmethod
    def _monday(cls):
        today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
        return today + timedelta(days=14 - today.weekday())

    # ---- people ----

    def user(self, email, name):
        """Return an internal user with this address."""
        values = {"name": name, "login": email, "email": email}
        return self.env["res.users"].with_context(no_reset_password=True).create(values)

    def connect(self, email, name, **values):
        """Return the connected account of a new user who has a calendar at Google."""
        self.google.add_user(email, name, ZONE)
        values |= {"user_id": self.user(email, name).id, "provider": "google"}
        account = self.env["synced.account"].create(values)
        tokens = self.google.consent(email)
        account._authorised(email, email, {"google_tokens": kept(tokens)})
        account._refresh_calendars()
        return account

    def calendar(self, account):
        """Return the account's primary calendar as its owner has it at Google."""
        return self.google.calendar(account.email)

    # ---- events ----

    def at(self, day=0, hour=9, hours=1.0):
        """Return start and end of a timed event, days after a Monday that is soon."""
        start = (self.monday + timedelta(days=day)).replace(hour=hour, tzinfo=ZoneInfo(ZONE))
        ends = start + timedelta(hours=hours)
        return {
            k: {"dateTime": v.isoformat(), "timeZone": ZONE}
            for k, v in (("start", start), ("end", ends))
        }

    def days(self, first=0, days=1):
        """Return start and end of an all-day event."""
        start = self.monday.date() + timedelta(days=first)
        return {"start": {"date": str(start)}, "end": {"date": str(start + timedelta(days=days))}}

    def utc(self, day=0, hour=9):
        """Return the naive UTC time at which Odoo keeps what `at` says."""
        local = (self.monday + timedelta(days=day)).replace(hour=hour, tzinfo=ZoneInfo(ZONE))
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    # ---- runs ----

    def pull(self, *accounts):
        """Let the job synchronise these accounts (all of them without any), as Odoo runs it."""
        accounts = accounts or self.env["synced.account"].search([])
        for account in accounts:
            self.pull_only(account.calendar_ids.filtered("selected"))
        for calendar in self.env["synced.calendar"].search([("selected", "=", True)]):
            self.assertFalse(calendar.lease_until, "a run left its lease")

    def pull_only(self, calendars):
        """Let the job synchronise these calendars."""
        calendars._mark_due()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.calendar"]._run_due()
        self.env.invalidate_all()

    def meetings(self, **values):
        """Return all active meetings, or those with these field values."""
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["synced.meeting"].search(domain, order="start, id")

    def quarantine(self):
        """Return what is open in the quarantine."""
        return self.env["synced.sync.quarantine"].search([("state", "=", "open")])


def kept(tokens):
    """Return the simulator's tokens as an account keeps them."""
    from odoo.addons.synced_meetings_google.models.synced_account import _dump
    from odoo.addons.synced_meetings_google.provider.oauth import Tokens

    expires = datetime.now(timezone.utc) + timedelta(seconds=tokens["expires_in"])
    return _dump(Tokens(tokens["access_token"], tokens["refresh_token"], expires, frozenset()))
