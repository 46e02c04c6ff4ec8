"""Many calendars at once, by a service account that acts for a domain."""

import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.synced_meetings.tests.common import AccountCase
from odoo.addons.synced_meetings.tests.roll_out import RollOutSetting

from .pull_case import SETTINGS, kept, simulator

FEW = 20


@tagged("post_install", "-at_install")
class TestServiceAccount(RollOutSetting, AccountCase):
    def setUp(self):
        super().setUp()
        self.google = self.enterContext(simulator().GoogleSimulator())
        for name, attribute in SETTINGS.items():
            value = getattr(self.google, attribute)
            self.env["ir.config_parameter"].set_param(f"synced_meetings_google.{name}", value)
        self.key = self.google.add_service_account()
        self.google.delegate("corp.example", self.key["client_id"])
        self.enter(json.dumps(self.key))

    def enter(self, key):
        self.env["res.config.settings"].create({"synced_google_service_key": key}).execute()

    def hired(self, number):
        users = self.people(number)
        for user in users:
            self.google.add_user(user.login, user.name, "Europe/Berlin")
        return users

    def connected(self, users):
        roll_out = self.begin(users, kind="google")
        roll_out.action_start()
        self.work()
        self.check(roll_out, {})
        return roll_out.line_ids.account_id.sudo()

    def synchronise(self, account):
        account.calendar_ids._mark_due()
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.calendar"]._run_due()
        self.env.invalidate_all()

    def test_three_of_twenty_fail(self):
        users = self.hired(FEW)
        missing, outside, suspended = users[1], users[7], users[19]
        del self.google.world.users[missing.login]
        outside.login = "partner@client.example"
        self.google.add_user(outside.login)
        self.google.faults.suspend(suspended.login)
        roll_out = self.begin(users, kind="google")
        self.assertFalse(self.google.requests, "a preview asks nobody")
        roll_out.action_start()
        self.work()
        self.check(
            roll_out,
            {
                missing.login: f"nobody with the address {missing.login}",
                outside.login: f"may not act for {outside.login}.*Domain-wide delegation",
                suspended.login: f"{suspended.login} has no Google Calendar",
            },
        )
        self.assertEqual(self.google.mails, [])

    def test_it_reads_and_needs_no_secret_of_the_user(self):
        account = self.connected(self.hired(1))
        event = {
            "summary": "Kick-off",
            "start": {"date": "2026-12-01"},
            "end": {"date": "2026-12-02"},
        }
        self.google.calendar(account.email).insert(event)
        self.synchronise(account)
        self.assertEqual((account.state, account.meeting_count), ("connected", 1))
        self.assertFalse(account.secret_ids)

    def test_a_domain_that_withdraws_it_is_named_and_the_user_not_asked(self):
        account = self.connected(self.hired(1))
        self.google.delegate("corp.example", self.key["client_id"], [])
        self.google.faults.expire_access_tokens()
        self.synchronise(account)
        self.assertEqual((account.state, account.trouble), ("error", "service_refused"))
        self.assertIn("domain-wide delegation", account.last_error)

    def test_a_card_that_its_user_connected_is_kept(self):
        [user] = self.hired(1)
        card = self.env["synced.account"].create({"user_id": user.id, "provider": "google"})
        tokens = kept(self.google.consent(user.login))
        card._authorised(user.login, "an id of Google's", {"google_tokens": tokens})
        card._note_trouble("reauth")
        self.assertEqual(self.connected(user), card)
        card.action_disconnect()
        self.assertEqual(card.auth_method, "oauth", "so that the user can sign in")

    def test_the_key_is_not_readable_and_leads_nowhere_else(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.synced_google_service_key)
        self.assertIn(self.key["client_email"], settings.synced_google_service_name)
        self.assertIn(self.key["client_id"], self.begin(self.ann, kind="google").recipe)
        self.env.cr.execute("SELECT value FROM ir_config_parameter")
        rows = repr(self.env.cr.fetchall())
        self.assertNotIn("PRIVATE KEY", rows + repr(settings.read()))
        self.enter(json.dumps(self.key | {"token_uri": "http://127.0.0.1:9/elsewhere"}))
        self.connected(self.hired(1))

    def test_what_is_no_key(self):
        for text in (
            "secret",
            "[]",
            '{"type": "service_account"}',
            json.dumps(self.key | {"private_key": "x"}),
        ):
            with self.subTest(text[:10]), self.assertRaisesRegex(UserError, "whole JSON file"):
                self.enter(text)

    def test_a_key_that_was_withdrawn_ends_it_for_all(self):
        roll_out = self.begin(self.hired(3), kind="google")
        self.google.oauth.accounts.clear()
        roll_out.action_start()
        self.work()
        self.assertEqual(roll_out.failed_count, 3)
        self.assertEqual(len(self.google.requests), 1)
        self.assertIn("key of the service account", roll_out.line_ids[0].sentence)

    def test_nobody_but_administrators(self):
        account = self.connected(self.hired(1))
        mine = account.with_user(account.user_id)
        account.action_disconnect()
        account.auth_method = "service_account"
        for user in (account.user_id, self.boss):
            with self.assertRaises(UserError):
                account.with_user(user).action_connect()
            with self.assertRaises(UserError):
                mine.with_user(user).action_connect_by_service_account()
