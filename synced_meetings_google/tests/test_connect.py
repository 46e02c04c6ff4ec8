"""From the button to the first run, through the consent page of the simulated Google."""

import json
from urllib.parse import parse_qsl, urlsplit

import requests

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.synced_meetings.sync.errors import AuthRequired

from .pull_case import SETTINGS, simulator

SECRET = "synced_meetings_google.client_secret"
CALENDAR = "https://www.googleapis.com/auth/calendar"


@tagged("post_install", "-at_install")
class TestConnect(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.package = simulator()
        cls.google = cls.enterClassContext(cls.package.GoogleSimulator())
        cls.parameters = cls.env["ir.config_parameter"]
        for name, attribute in SETTINGS.items():
            cls.parameters.set_param(
                f"synced_meetings_google.{name}", getattr(cls.google, attribute)
            )
        cls.settings(
            synced_google_client_id=cls.package.DEMO_CLIENT,
            synced_google_client_secret=cls.package.DEMO_SECRET,
        )
        cls.google.add_user("ann@corp.example", "Ann", "Europe/Berlin")
        cls.google.add_user("ben@corp.example", "Ben", "Europe/Berlin")
        cls.user = new_test_user(cls.env, "synced_ann", "base.group_user", name="Ann")

    def setUp(self):
        super().setUp()
        self.google.faults.clear()
        self.google.requests.clear()
        for email in self.google.world.users:
            self.google.oauth.end(email)
        self.authenticate("synced_ann", "synced_ann")
        self.card = self.add_card()

    @classmethod
    def settings(cls, **values):
        cls.env["res.config.settings"].create(values).execute()

    def add_card(self):
        return self.env["synced.account"].with_user(self.user).create({"provider": "google"})

    def click(self, card=None, email="ann@corp.example", decision="allow", without=""):
        """Press the button and answer the consent page; return what the browser comes back to."""
        url = (card or self.card).action_connect()["url"]
        query = dict(parse_qsl(urlsplit(url).query))
        self.assertEqual(requests.get(url, timeout=10).status_code, 200)
        allowed = [scope for scope in query["scope"].split() if not without or without not in scope]
        form = query | {"account": email, "decision": decision, "allowed": allowed}
        answer = requests.post(self.google.auth_url, data=form, allow_redirects=False, timeout=10)
        return self.come_back(answer.headers["Location"])

    def come_back(self, address):
        response = self.opener.get(address, allow_redirects=False, timeout=30)
        self.card.invalidate_recordset()
        return response

    def asked(self, path):
        return [request for request in self.google.requests if request.path == path]

    def test_the_whole_way(self):
        self.assertEqual(self.click().status_code, 303)
        self.assertEqual(self.card.email, "ann@corp.example")
        self.assertEqual(self.card.state, "connecting")
        primary = self.card.calendar_ids.filtered("selected")
        self.assertEqual(primary.remote_id, "ann@corp.example")
        self.assertTrue(primary.due)

    def test_the_consent_asks_for_little_and_proves_who_asked(self):
        query = dict(parse_qsl(urlsplit(self.card.action_connect()["url"]).query))
        scopes = {scope.removeprefix(CALENDAR) for scope in query["scope"].split()}
        least = {"openid", "email", ".events", ".calendarlist.readonly", ".freebusy"}
        self.assertEqual(scopes, least)
        self.assertEqual(query["code_challenge_method"], "S256")
        self.assertEqual(query["access_type"], "offline")
        base = self.env["ir.config_parameter"].get_param("web.base.url")
        self.assertEqual(query["redirect_uri"], base + "/synced_meetings/oauth/google")

    def test_cancelled(self):
        self.click(decision="cancel")
        self.assertEqual(self.card.state, "draft")
        self.assertIn("did not allow", self.card.last_error)
        self.click()
        self.assertEqual((self.card.state, self.card.last_error), ("connecting", False))

    def test_a_permission_that_was_unticked(self):
        for scope in ("calendar.events", "calendarlist", "freebusy"):
            with self.subTest(scope):
                self.google.oauth.end("ann@corp.example")  # what was ticked before stays granted
                self.click(without=scope)
                self.assertEqual(self.card.state, "draft")
                self.assertIn("not ticked", self.card.last_error)
                self.assertFalse(self.card.sudo().secret_ids)

    def test_replayed(self):
        url = self.card.action_connect()["url"]
        form = dict(parse_qsl(urlsplit(url).query))
        form |= {"account": "ann@corp.example", "decision": "allow"}
        form |= {"allowed": form["scope"].split()}
        sent = requests.post(self.google.auth_url, data=form, allow_redirects=False, timeout=10)
        self.come_back(sent.headers["Location"])
        self.assertIn("used already", self.come_back(sent.headers["Location"]).text)
        self.assertEqual(len(self.asked("/token")), 1)
        self.assertEqual(self.card.state, "connecting")

    def test_another_mailbox_on_the_same_card(self):
        self.click()
        self.card.action_disconnect()
        self.click(email="ben@corp.example")
        self.assertEqual((self.card.state, self.card.email), ("draft", "ann@corp.example"))
        self.assertIn("ben@corp.example", self.card.last_error)

    def test_a_mailbox_that_a_colleague_connected(self):
        self.click()
        new_test_user(self.env, "synced_ben", "base.group_user", name="Ben")
        self.user = self.env["res.users"].search([("login", "=", "synced_ben")])
        self.card, theirs = self.add_card(), self.card
        self.authenticate("synced_ben", "synced_ben")
        self.click()
        self.assertEqual(self.card.state, "draft")
        self.assertIn("another user", self.card.last_error)
        self.assertEqual(theirs.sudo().state, "connecting")

    def test_google_is_away(self):
        self.google.faults.add(status=503, match="/token")
        self.click()
        self.assertIn("could not be reached", self.card.last_error)
        self.google.faults.clear()
        self.click()
        self.assertEqual(self.card.state, "connecting")

    def test_the_administrators_secret_is_wrong(self):
        self.settings(synced_google_client_secret="wrong")
        self.click()
        self.assertIn("client secret", self.card.last_error)
        self.settings(synced_google_client_secret=self.package.DEMO_SECRET)

    def test_without_a_client_the_administrator_is_named(self):
        self.parameters.search([("key", "=", "synced_meetings_google.client_id")]).unlink()
        with self.assertRaisesRegex(UserError, "administrator enters the client id"):
            self.card.action_connect()

    def test_disconnecting_withdraws_the_grant(self):
        self.click()
        self.card.action_disconnect()
        self.assertEqual(len(self.asked("/revoke")), 1)
        self.assertFalse(self.google.oauth.refreshes)
        self.assertFalse(self.card.sudo().secret_ids)

    def test_a_renewed_login_is_kept(self):
        self.click()
        account = self.card.sudo()
        kept = json.loads(account._secret("google_tokens"))
        self.google.oauth.accesses.clear()
        late = kept | {"expires": "2020-01-01T00:00:00+00:00"}
        account._set_secret("google_tokens", json.dumps(late))
        self.env.flush_all()
        list(account._provider().calendars())
        self.env.invalidate_all()
        now = json.loads(account._secret("google_tokens"))
        self.assertNotEqual(now["access_token"], kept["access_token"])
        self.assertEqual(now["refresh_token"], kept["refresh_token"])
        self.assertEqual(now["scopes"], kept["scopes"])
        self.google.requests.clear()
        list(account._provider().calendars())
        self.assertFalse(self.asked("/token"), "the kept one is used")

    def test_a_withdrawn_grant_asks_to_sign_in_again(self):
        self.click()
        self.google.oauth.end("ann@corp.example")
        with self.assertRaises(AuthRequired):
            list(self.card.sudo()._provider().calendars())
        with mute_logger("odoo.addons.synced_meetings.models.synced_account_connect"):
            self.card.sudo()._list_calendars()
        self.assertEqual(self.card.state, "reauth")
        self.click()
        self.assertEqual((self.card.state, self.card.last_error), ("connecting", False))

    def test_the_client_secret_is_never_shown(self):
        word = self.package.DEMO_SECRET
        kept = self.parameters.get_param(SECRET)
        self.assertTrue(kept and word not in kept)
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.synced_google_client_secret_set)
        self.assertNotIn(word, repr(settings.read()))
        self.assertNotIn(word, repr(settings.default_get(list(settings.fields_get()))))
        settings.write({"synced_google_client_secret": False})
        settings.execute()
        self.assertEqual(self.parameters.get_param(SECRET), kept, "an empty field changes nothing")
        self.env.cr.execute("SELECT s::text FROM res_config_settings s")
        self.assertNotIn(word, repr(self.env.cr.fetchall()))
        settings.action_forget_google_client_secret()
        self.assertFalse(self.parameters.get_param(SECRET))

    def test_a_neutralised_copy_has_no_client_secret(self):
        with file_open("synced_meetings_google/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.registry.clear_cache("stable")
        self.assertFalse(self.parameters.get_param(SECRET))
