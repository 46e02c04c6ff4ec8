"""What managers of Microsoft 365 are told before it ends."""

from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from ..models.synced_account_health import end_of
from .common import ExchangeCase
from .test_settings import certificate

ENDS = date(2027, 3, 1)


@tagged("post_install", "-at_install")
class TestHealth(ExchangeCase):
    def warned(self, day):
        with freeze_time(day):
            return " ".join(map(str, self.env["synced.account"]._warnings()))

    def test_a_client_secret_is_named_two_weeks_before_it_ends(self):
        settings = {"synced_exchange_client_secret": "value"}
        settings |= {"synced_exchange_client_secret_expires": ENDS}
        self.env["res.config.settings"].create(settings).execute()
        self.assertNotIn("client secret", self.warned(ENDS - timedelta(days=15)))
        told = self.warned(ENDS - timedelta(days=13))
        self.assertIn("2027-03-01", told)
        self.assertIn("Make a new one", told)
        self.assertNotIn("value", told)
        found = self.env["res.config.settings"].create({})
        self.assertEqual(found.synced_exchange_client_secret_expires, ENDS)
        found.action_forget_synced_exchange_client_secret()
        self.assertNotIn("client secret", self.warned(ENDS))

    def test_so_is_a_certificate(self):
        public, secret = certificate()
        self.env["res.config.settings"].create(
            {"synced_exchange_certificate": public + secret}
        ).execute()
        ends = end_of(public).date()
        self.assertNotIn("certificate", self.warned(ends - timedelta(days=16)))
        self.assertIn(str(ends), self.warned(ends - timedelta(days=13)))

    def test_what_is_said_of_the_permission_on_leaving(self):
        card = self.enter(exchange_service="microsoft365")
        self.assertIn("myapps.microsoft.com", card._leaving_sentence())
