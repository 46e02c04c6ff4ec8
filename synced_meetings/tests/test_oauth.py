"""The return address: whose consent it was, once, in time, and what the person is told."""

import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.sync.errors import Retryable

from .common import PROVIDER, AccountSetting

MAIL = "ann@mail.example"


@tagged("post_install", "-at_install")
class TestReturn(AccountSetting, HttpCase):
    def setUp(self):
        super().setUp()
        self.shelf.refusal = self.shelf.error = None
        self.shelf.redeemed.clear()
        self.account = self.card(self.ann)
        self.authenticate(self.ann.login, self.ann.login)

    def begin(self, account=None, user=None, **context):
        """Return the state of a consent that begins now."""
        account = (account or self.account).with_user(user or self.ann).with_context(**context)
        action = account.action_connect()
        self.assertEqual(action["type"], "ir.actions.act_url")
        return parse_qs(urlsplit(action["url"]).query)["state"][0]

    def come_back(self, state, provider=PROVIDER, **answer):
        """Return what the browser is shown at the return address."""
        answer = {"code": MAIL, "state": state} | answer
        path = f"/synced_meetings/oauth/{provider}"
        response = self.opener.get(
            self.base_url() + path, params=answer, allow_redirects=False, timeout=30
        )
        self.account.invalidate_recordset()
        return response

    def test_a_consent_connects(self):
        response = self.come_back(self.begin())
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/odoo/calendar-connections"))
        self.assertEqual((self.account.email, self.account.state), (MAIL, "connecting"))
        self.assertEqual(self.account._secret("token"), "given")
        main = self.account.calendar_ids.filtered("selected")
        self.assertTrue(main.primary and main.due, "the first run follows at once")

    def test_the_verifier_is_what_the_consent_began_with(self):
        state, verifier = self.env["synced.consent"]._begin(self.account.with_user(self.ann))
        self.come_back(state)
        self.assertEqual(self.shelf.redeemed, [(MAIL, verifier)])

    def test_a_window_of_its_own_gets_a_page_that_closes(self):
        response = self.come_back(self.begin(synced_popup=True))
        self.assertEqual(response.status_code, 200)
        self.assertIn(MAIL, response.text)
        self.assertIn('data-closes="1"', response.text)
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("no-store", response.headers["Cache-Control"])

    def test_it_is_told_to_the_open_pages(self):
        self.env["bus.bus"].search([]).unlink()
        self.come_back(self.begin())
        self.env.cr.precommit.run()
        told = self.env["bus.bus"].search([]).mapped("message")
        self.assertTrue([message for message in told if "synced_meetings/status" in message])

    def refused(self, response, said):
        """Check that nothing happened, and that it is said."""
        self.assertIn(said, response.text)
        self.assertFalse(self.shelf.redeemed)
        self.assertFalse(self.account.email or self.account.secret_ids)
        self.assertEqual(self.account.state, "draft")
        self.begin()

    def test_unknown(self):
        self.begin()
        self.refused(self.come_back("invented"), "did not ask for this")

    def test_of_another_service(self):
        self.refused(self.come_back(self.begin(), "google"), "did not ask for this")

    def test_expired(self):
        state = self.begin(synced_popup=True)
        consent = self.env["synced.consent"].search([])
        consent.expires = fields.Datetime.now() - timedelta(seconds=1)
        self.refused(self.come_back(state), "has expired")

    def test_replayed(self):
        state = self.begin()
        self.come_back(state)
        self.account.action_disconnect()
        self.shelf.redeemed.clear()
        response = self.come_back(state)
        self.assertIn("used already", response.text)
        self.assertFalse(self.shelf.redeemed)
        self.assertEqual(self.account.state, "draft")
        self.assertFalse(self.account.last_error, "that is not about the card")

    def test_used_up_even_where_the_exchange_fails(self):
        self.shelf.refusal = Retryable("away")
        state = self.begin(synced_popup=True)
        self.assertIn("could not be reached", self.come_back(state).text)
        self.assertIn("used already", self.come_back(state).text)
        self.assertEqual(len(self.shelf.redeemed), 1)

    def test_of_another_user(self):
        state = self.begin(self.card(self.bob), self.bob)
        self.refused(self.come_back(state), "another user")
        self.authenticate(self.bob.login, self.bob.login)
        self.come_back(state)
        self.assertEqual(len(self.shelf.redeemed), 1, "the right one can still use it")

    def test_of_another_session(self):
        action = self.make_jsonrpc_request(
            "/web/dataset/call_kw/synced.account/action_connect",
            {
                "model": "synced.account",
                "method": "action_connect",
                "args": [self.account.ids],
                "kwargs": {},
            },
        )
        state = parse_qs(urlsplit(action["url"]).query)["state"][0]
        self.authenticate(self.ann.login, self.ann.login)
        self.refused(self.come_back(state), "another browser")

    def test_of_the_same_session(self):
        action = self.make_jsonrpc_request(
            "/web/dataset/call_kw/synced.account/action_connect",
            {
                "model": "synced.account",
                "method": "action_connect",
                "args": [self.account.ids],
                "kwargs": {},
            },
        )
        self.come_back(parse_qs(urlsplit(action["url"]).query)["state"][0])
        self.assertEqual(self.account.email, MAIL)

    def test_nobody_is_asked_to_log_in_first(self):
        state = self.begin()
        self.authenticate(None, None)
        response = self.come_back(state)
        self.assertIn("/web/login", response.headers["Location"])
        self.assertFalse(self.shelf.redeemed)

    def test_each_refusal_stands_on_the_card_and_changes_nothing(self):
        for reason, said in (
            ("cancelled", "did not allow"),
            ("scope_missing", "not ticked"),
            ("org_refused", "organisation"),
            ("client_refused", "client secret"),
            ("code_refused", "did not accept"),
        ):
            with self.subTest(reason):
                self.shelf.refusal = ConsentFailed(reason)
                response = self.come_back(self.begin())
                self.assertEqual(response.status_code, 303)
                self.assertEqual(self.account.state, "draft")
                self.assertIn(said, self.account.last_error)
        self.begin()
        self.assertFalse(self.account.last_error, "a new attempt puts it away")

    def test_another_mailbox_leaves_the_card_as_it_was(self):
        self.come_back(self.begin())
        self.account._note_success()
        self.come_back(self.begin(), code="other@mail.example")
        self.assertEqual((self.account.email, self.account.state), (MAIL, "connected"))
        self.assertIn("other@mail.example", self.account.last_error)
        self.assertIn(MAIL, self.account.last_error)
        self.account.with_user(self.ann).action_dismiss()
        self.assertFalse(self.account.last_error)

    @mute_logger("odoo.addons.synced_meetings.models.synced_account_connect")
    def test_connected_even_where_the_list_fails(self):
        self.shelf.error = Retryable("away")
        self.come_back(self.begin())
        self.assertEqual((self.account.email, self.account.state), (MAIL, "error"))
        self.assertIn("tries again", self.account.last_error)

    def test_neither_code_nor_state_is_logged(self):
        line = "GET /synced_meetings/oauth/shelf?code=planted&state=planted#x HTTP/1.1"
        record = logging.makeLogRecord({"msg": '"%s" %s', "args": (line, 303)})
        self.assertTrue(logging.getLogger("werkzeug").filter(record))
        self.assertEqual(record.getMessage(), '"GET /synced_meetings/oauth/shelf?… HTTP/1.1" 303')
