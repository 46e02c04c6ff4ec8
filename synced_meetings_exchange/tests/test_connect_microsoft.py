"""From the button to the first run at the simulated Microsoft 365: by consent, and without."""

import json
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.synced_meetings.sync.errors import AuthRequired

from .graph_case import ANN, BEN, GraphCase
from .test_settings import certificate

CONNECT = "odoo.addons.synced_meetings.models.synced_account_connect"


@tagged("post_install", "-at_install")
class TestConsent(GraphCase):
    def test_the_whole_way(self):
        self.assertEqual(self.click().status_code, 303)
        self.assertEqual((self.card.email, self.card.state), (ANN, "connecting"))
        primary = self.card.calendar_ids.filtered("selected")
        self.assertTrue(primary.primary and primary.due)

    def test_the_consent_asks_for_little_and_proves_who_asked(self):
        query = dict(parse_qsl(urlsplit(self.card.action_connect()["url"]).query))
        least = {"Calendars.ReadWrite", "User.Read", "openid", "profile", "offline_access"}
        self.assertEqual(set(query["scope"].split()), least)
        self.assertEqual(query["code_challenge_method"], "S256")
        base = self.env["ir.config_parameter"].get_param("web.base.url")
        self.assertEqual(query["redirect_uri"], base + "/synced_meetings/oauth/exchange")

    def test_cancelled(self):
        self.click(decision="cancel")
        self.assertEqual(self.card.state, "draft")
        self.assertIn("did not allow", self.card.last_error)
        self.click()
        self.assertEqual((self.card.state, self.card.last_error), ("connecting", False))

    def test_where_only_an_administrator_consents_the_way_to_that_is_shown(self):
        self.tenant.users_consent = False
        self.click()
        self.assertEqual(self.card.state, "draft")
        self.assertIn("only an administrator", self.card.last_error)
        url = self.card.admin_consent_url
        self.assertIn("/adminconsent?", url)
        form = dict(parse_qsl(urlsplit(url).query)) | {"decision": "allow"}
        page = self.come_back(self.answer(url, form))
        self.assertEqual(page.status_code, 200)
        self.assertIn("Thank you", page.text)
        self.click()
        self.assertEqual((self.card.state, self.card.last_error), ("connecting", False))
        self.assertFalse(self.card.admin_consent_url)

    def test_an_administrator_who_says_no_is_not_thanked(self):
        url = self.card.sudo()._exchange_admin_consent_url()
        form = dict(parse_qsl(urlsplit(url).query)) | {"decision": "cancel"}
        self.assertIn("not allowed", self.come_back(self.answer(url, form)).text)

    def test_another_mailbox_on_the_same_card(self):
        self.click()
        self.card.action_disconnect()
        self.assertFalse(self.card.sudo().secret_ids)
        self.click(email=BEN)
        self.assertEqual((self.card.state, self.card.email), ("draft", ANN))
        self.assertIn(BEN, self.card.last_error)
        self.click()
        self.assertEqual((self.card.state, self.card.last_error), ("connecting", False))

    def test_the_same_mailbox_wakes_its_calendars(self):
        self.click()
        before = self.card.calendar_ids
        self.card.action_disconnect()
        self.assertFalse(any(before.mapped("due")))
        self.click()
        self.assertEqual(self.card.calendar_ids, before)
        self.assertTrue(before.filtered("selected").due)

    def test_a_mailbox_that_a_colleague_connected(self):
        self.click()
        self.user = new_test_user(self.env, "synced_ben", "base.group_user", name="Ben")
        self.card = self.add_card()
        self.authenticate("synced_ben", "synced_ben")
        self.click()
        self.assertEqual(self.card.state, "draft")
        self.assertIn("another user", self.card.last_error)

    def test_microsoft_is_away(self):
        self.graph.faults.add(status=503, match="/token")
        self.click()
        self.assertIn("could not be reached", self.card.last_error)
        self.graph.faults.clear()
        self.click()
        self.assertEqual(self.card.state, "connecting")

    def test_the_administrators_secret_is_wrong(self):
        self.settings(synced_exchange_client_secret="wrong")
        self.click()
        self.assertEqual(self.card.state, "draft")
        self.assertIn("client secret", self.card.last_error)

    def test_without_a_client_the_administrator_is_named(self):
        self.set_parameters(client_id=False)
        with self.assertRaisesRegex(UserError, "Microsoft 365 .*administrator enters the client"):
            self.card.action_connect()

    def test_a_renewed_login_is_kept(self):
        self.click()
        account = self.card.sudo()
        self.graph.login.strict_rotation = True
        kept = account._secret("exchange_tokens")
        self.graph.login.accesses.clear()
        self.expire(account)
        list(account._provider().calendars())
        self.env.invalidate_all()
        now = account._secret("exchange_tokens")
        self.assertNotEqual(self.tokens(now, "RefreshToken"), self.tokens(kept, "RefreshToken"))
        asked = len(self.asked("/token"))
        list(account._provider().calendars())
        self.assertEqual(len(self.asked("/token")), asked, "the kept one is used")
        self.expire(account)
        list(account._provider().calendars())
        self.assertEqual(len(self.asked("/token")), asked + 1, "and is the one that still counts")

    def tokens(self, cache, kind):
        return [token["secret"] for token in json.loads(cache)[kind].values()]

    def expire(self, account):
        """Let the access token that is kept be an old one."""
        cache = json.loads(account._secret("exchange_tokens"))
        for token in cache["AccessToken"].values():
            token |= {"expires_on": "1", "extended_expires_on": "1"}
        account._set_secret("exchange_tokens", json.dumps(cache))
        self.env.flush_all()

    def asked(self, path):
        return [request for request in self.graph.requests if path in request.path]

    def test_a_withdrawn_grant_asks_to_sign_in_again(self):
        self.click()
        self.graph.login.end(ANN)
        self.expire(self.card.sudo())
        with self.assertRaises(AuthRequired):
            list(self.card.sudo()._provider().calendars())
        with mute_logger(CONNECT):
            self.card.sudo()._list_calendars()
        self.assertEqual(self.card.state, "reauth")
        self.click()
        self.assertEqual((self.card.state, self.card.last_error), ("connecting", False))

    def test_no_token_is_readable(self):
        self.click()
        cache = self.card.sudo()._secret("exchange_tokens")
        words = [*self.tokens(cache, "AccessToken"), *self.tokens(cache, "RefreshToken")]
        self.env.flush_all()
        self.env.cr.execute("SELECT value FROM synced_secret")
        rows = repr(self.env.cr.fetchall())
        shown = repr(self.card.read()) + rows
        self.assertFalse([word for word in words if word in shown])


@tagged("post_install", "-at_install")
class TestApplication(GraphCase):
    def setUp(self):
        super().setUp()
        self.graph.login.admin_consent(self.package.DEMO_APP, "corp.example")
        self.settings(synced_exchange_tenant="corp.example")
        self.user.login = ANN
        self.card.write({"auth_method": "client_credentials", "email": ANN})

    def refused(self, said):
        """Check that connecting is refused with a sentence, and nothing else happened."""
        with self.assertRaisesRegex(UserError, said):
            self.card.action_connect()
        self.assertEqual(self.card.state, "draft")

    def connected(self):
        self.assertIs(self.card.action_connect(), True)
        self.assertEqual((self.card.email, self.card.state), (ANN, "connecting"))
        primary = self.card.calendar_ids.filtered("selected")
        self.assertTrue(primary.primary and primary.due)

    def test_without_anybody_signing_in(self):
        self.connected()
        self.assertFalse(self.card.sudo().secret_ids, "the application's login is the server's")

    def test_with_a_certificate(self):
        public, secret = certificate()
        from cryptography import x509

        app = self.graph.login.apps[self.package.DEMO_APP]
        app.certificates.append(x509.load_pem_x509_certificate(public.encode()))
        app.secrets.clear()
        self.settings(synced_exchange_certificate=public + secret)
        self.connected()

    def test_without_a_tenant(self):
        self.settings(synced_exchange_tenant=False)
        self.refused("tenant under Settings")

    def test_a_tenant_that_nobody_knows(self):
        self.settings(synced_exchange_tenant="nobody.example")
        self.refused("does not know this organisation")

    def test_a_client_that_nobody_knows(self):
        self.settings(synced_exchange_client_id="00000000-0000-0000-0000-000000000000")
        self.refused("client id")

    def test_the_secret_is_wrong(self):
        self.settings(synced_exchange_client_secret="wrong")
        self.refused("does not accept this server's client secret")

    def test_the_secret_has_expired(self):
        past = datetime.now(timezone.utc) - timedelta(days=1)
        self.graph.login.apps[self.package.DEMO_APP].secrets[self.package.DEMO_SECRET] = past
        self.refused("has expired")

    def test_nobody_allowed_the_application(self):
        self.graph.login.withdraw(ANN)
        self.refused("administrator")

    def test_without_a_mailbox(self):
        self.card.email = False
        self.refused("Enter the e-mail address")

    def test_a_mailbox_that_is_none(self):
        self.user.login = "nobody@corp.example"
        self.card.email = "nobody@corp.example"
        self.refused("no mailbox nobody@corp.example")

    def test_what_ends_in_a_run_does_not_ask_the_person(self):
        self.connected()
        self.settings(synced_exchange_client_secret="wrong")
        with mute_logger(CONNECT):
            self.card.sudo()._list_calendars()
        self.assertEqual((self.card.state, self.card.trouble), ("error", "secret_wrong"))
        self.assertIn("administrator", self.card.last_error)

    def test_one_card_keeps_its_mailbox_in_another_way_in(self):
        self.connected()
        calendars = self.card.calendar_ids
        self.card.action_disconnect()
        self.card.auth_method = "oauth"
        self.authenticate(ANN, "synced_ann")
        self.click(email=BEN)
        self.assertEqual((self.card.state, self.card.email), ("draft", ANN))
        self.click()
        self.assertEqual((self.card.state, self.card.calendar_ids), ("connecting", calendars))
