"""Every reason has its sentence: what happened, and what to do next."""

from odoo.tests import tagged

from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable

from ..models.sentences import CONNECTIONS, ENTERED, EXCHANGE, OF_CLIENT_CREDENTIALS, OF_OWN_SERVERS
from ..provider.address import REASONS, AddressRefused
from ..provider.trouble import CONNECTION, ConnectionRefused
from .common import OWN, ExchangeCase

NEXT = (
    r"Check|Ask|ask|Choose|choose|Enter|enter|Try|Send|Press|Did you mean|corrects|gives|adds|"
    r"allows|makes"
)


@tagged("post_install", "-at_install")
class TestSentences(ExchangeCase):
    def test_every_reason_has_one(self):
        self.assertFalse(CONNECTION - CONNECTIONS.keys())
        self.assertFalse(REASONS - ENTERED.keys())

    def test_no_two_are_alike_and_each_says_what_to_do(self):
        card = self.enter(**OWN).sudo()
        said = {code: card._sentence(code) for code in EXCHANGE}
        self.assertEqual(len(set(said.values())), len(said))
        for code, sentence in said.items():
            with self.subTest(code):
                self.assertRegex(sentence, NEXT)
                self.assertNotRegex(sentence, r"%\(|False|None")

    def test_each_can_be_said_of_every_card(self):
        microsoft = self.enter(self.bob)
        application = self.enter(auth_method="client_credentials")
        shelf = self.card(self.boss)
        codes = EXCHANGE | OF_OWN_SERVERS | OF_CLIENT_CREDENTIALS
        for card in (microsoft, application, self.enter(**OWN), shelf, shelf.browse()):
            for code in codes:
                with self.subTest(code, kind=card.auth_method):
                    self.assertNotRegex(card.sudo()._sentence(code), r"%\(|None")

    def test_the_person_is_told_who_and_where(self):
        card = self.enter(**OWN, username="CORP\\ann")
        self.assertIn("CORP\\ann", card._sentence("wrong_password"))
        self.assertIn("mail.corp.example", card._sentence("dns"))
        card.write({"impersonation": True, "impersonation_email": "svc@corp.example"})
        said = card._sentence("impersonation_missing")
        self.assertIn("svc@corp.example may not act for ann@corp.example", said)

    def test_a_run_that_fails_says_why(self):
        card = self.enter(**OWN).sudo()
        card._authorised("ann@corp.example", "own_server:1", {})
        for reason in ("tls", "impersonation_missing", "ews_blocked"):
            card.state = "connected"
            card._note_trouble(ConnectionRefused(reason))
            self.assertEqual((card.state, card.trouble), ("error", reason))
            self.assertEqual(card.last_error, card._sentence(reason))
        for error in (ConnectionRefused("wrong_password"), AuthRequired("401")):
            card.state = "connected"
            card._note_trouble(error)
            self.assertEqual(card.state, "reauth", "no password is tried again and again")
            self.assertIn("saved password", card.last_error)
        card.state = "connected"
        card._note_trouble(Retryable("503"))
        self.assertEqual(card.trouble, "slow")

    def test_what_failed_at_connecting_is_never_a_trace(self):
        card = self.enter(**OWN).sudo()
        for error in (
            ConnectionRefused("timeout"),
            ConnectionRefused("nobody knows this one"),
            AddressRefused("address_private", {"host": "10.0.0.1"}),
            AuthRequired("x"),
            Retryable("x"),
        ):
            failure = card._exchange_failure(error)
            self.assertIn(failure.reason, card._sentences())
            self.assertNotIn("%(", card._sentence(failure.reason, **failure.values))
