"""Connecting to a simulated Exchange server, and every reason for which that fails."""

import socket

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import synced_account_server
from .common import ExchangeCase
from .graph_case import simulator

ANN = "ann@corp.example"
CONNECT = "odoo.addons.synced_meetings.models.synced_account_connect"


class ServerCase(ExchangeCase):
    """A server in the private network, which an administrator entered; Ann's password is known."""

    @classmethod
    def _add_provider(cls):
        """Leave the adapters as they are: here they are spoken to."""

    def setUp(self):
        super().setUp()
        self.package = simulator("ews")
        self.exchange = self.start()
        self.add_people(self.exchange)
        self.hanover = self.known(self.exchange)

    def start(self, **options):
        return self.enterContext(self.package.SimulatedExchange(tls=True, **options))

    def add_people(self, exchange):
        for name in ("Ann", "Bob"):
            email = f"{name.lower()}@corp.example"
            exchange.add_user(email, name, "Europe/Berlin", password=f"{name}'s secret")

    def known(self, exchange, **values):
        """Return the record by which an administrator made a server known."""
        with open(exchange.ca_file, encoding="ascii") as file:
            text = file.read()
        values = {"ca_certificates": text, "private_network": True} | values
        return self.env["synced.exchange.server"].create(
            {"name": exchange.url, "url": exchange.url} | values
        )

    def card_of(self, user=None, **values):
        """Return a card with all that is needed for Ann's mailbox."""
        values = {"email": ANN, "password": "Ann's secret"} | values
        if "server_url" not in values:
            values.setdefault("server_id", self.hanover.id)
        return self.enter(user, exchange_service="own_server", **values)

    def refused(self, card, said):
        """Check that connecting is refused with a sentence, and nothing else happened."""
        with self.assertRaisesRegex(UserError, said) as caught:
            card.action_connect()
        self.assertNotIn("secret", str(caught.exception))
        self.assertEqual(card.state, "draft")
        self.assertFalse(card.calendar_ids)

    def connected(self, card):
        self.assertIs(card.action_connect(), True)
        self.assertEqual((card.email, card.state, card.last_error), (ANN, "connecting", False))
        primary = card.calendar_ids.filtered("selected")
        self.assertTrue(primary.primary and primary.due)


@tagged("post_install", "-at_install")
class TestConnected(ServerCase):
    def test_with_basic(self):
        card = self.card_of()
        self.connected(card)
        self.assertTrue(card.version_found)

    def test_with_ntlm(self):
        self.connected(self.card_of(auth_method="ntlm", username="CORP\\ann"))

    def test_each_version_that_can_be_chosen(self):
        card = self.card_of()
        for version in (False, "Exchange2013", "Exchange2016", "Exchange2019"):
            self.hanover.version = version
            with self.subTest(version):
                self.connected(card)
                card.action_disconnect()
                card.password = "Ann's secret"

    def test_by_a_service_account_of_the_card(self):
        self.exchange.add_service("svc", password="service secret")
        card = self.card_of(
            password=False,
            impersonation=True,
            impersonation_email="svc@corp.example",
            impersonation_password="service secret",
        )
        self.connected(card)

    def test_by_the_service_account_of_the_server(self):
        self.exchange.add_service("svc", password="service secret")
        self.hanover.write({"service_login": "svc", "service_password": "service secret"})
        self.assertTrue(self.hanover.with_user(self.ann).has_service)
        self.ann.login = ANN
        self.connected(self.card_of(password=False, impersonation=True))

    def test_at_an_address_that_was_typed(self):
        plain = self.env["synced.exchange.server"].create(
            {"name": "x", "url": self.exchange.url.replace("/EWS", "/x/EWS")}
        )
        self.hanover.unlink()
        card = self.card_of(server_url=self.exchange.url)
        self.refused(card, "private network")
        plain.private_network = True
        self.refused(card, "certificate of 127.0.0.1")

    def test_the_settings_allow_a_host_too(self):
        self.hanover.private_network = False
        card = self.card_of()
        self.refused(card, "127.0.0.1.*private network.*Settings")
        self.env["res.config.settings"].create(
            {"synced_exchange_private_hosts": "127.0.0.1"}
        ).execute()
        self.connected(card)

    def test_what_is_allowed_is_asked_in_each_run(self):
        card = self.card_of()
        self.connected(card)
        self.hanover.private_network = False
        before = len(self.exchange.requests)
        with mute_logger(CONNECT):
            card.sudo()._list_calendars()
        self.assertEqual(len(self.exchange.requests), before)
        self.assertEqual((card.state, card.trouble), ("error", "address_private"))
        self.assertIn("private network", card.last_error)

    def test_the_same_mailbox_wakes_its_calendars(self):
        card = self.card_of()
        self.connected(card)
        before = card.calendar_ids
        card.action_disconnect()
        self.refused_again(card)
        card.password = "Ann's secret"
        self.connected(card)
        self.assertEqual(card.calendar_ids, before)

    def refused_again(self, card):
        with self.assertRaisesRegex(UserError, "Enter the password of ann@corp.example"):
            card.action_connect()

    def test_a_mailbox_is_connected_once(self):
        self.connected(self.card_of())
        theirs = self.card_of(self.bob)
        self.refused(theirs, "another user")

    def test_a_password_that_changed_is_tried_once(self):
        card = self.card_of()
        self.connected(card)
        self.exchange.world.accounts[0].password = "new secret"
        with mute_logger(CONNECT):
            card.sudo()._list_calendars()
        self.assertEqual(card.state, "reauth")
        failures = len(self.exchange.service.gate.failures)
        self.assertFalse(card.sudo()._usable())
        card.password = "new secret"
        card.action_connect()
        self.assertEqual(len(self.exchange.service.gate.failures), failures)
        self.assertEqual((card.state, card.last_error), ("connecting", False))


@tagged("post_install", "-at_install")
class TestRefused(ServerCase):
    def test_a_wrong_password(self):
        self.refused(self.card_of(password="wrong"), "not accept the password of ann@corp")

    def test_a_server_that_takes_only_ntlm(self):
        exchange = self.start(methods=("NTLM",))
        self.add_people(exchange)
        self.refused(self.card_of(server_id=self.known(exchange).id), "Choose NTLM")

    def test_a_server_that_takes_only_basic(self):
        exchange = self.start(methods=("Basic",))
        self.add_people(exchange)
        card = self.card_of(server_id=self.known(exchange).id, auth_method="ntlm")
        self.refused(card, "Choose Basic")

    def test_ews_is_switched_off(self):
        self.exchange.faults.add(status=403)
        self.refused(self.card_of(), "EwsEnabled")

    def test_a_path_that_leads_elsewhere(self):
        url = self.exchange.url.replace("/EWS", "/mail/EWS")
        card = self.card_of(server_id=self.known(self.exchange, url=url).id)
        self.refused(card, "not at this address")

    def test_a_server_that_is_no_exchange(self):
        self.exchange.faults.add(status=200)
        self.refused(self.card_of(), "not as an Exchange server|not at this address")

    def test_a_certificate_that_nobody_signed(self):
        self.hanover.ca_certificates = False
        card = self.card_of()
        self.refused(card, "certificate of 127.0.0.1")
        self.hanover.verify_tls = False
        self.connected(card)

    def test_a_name_that_nobody_knows(self):
        url = "https://mail.corp.invalid/EWS/Exchange.asmx"
        self.refused(self.card_of(server_url=url), "by the name mail.corp.invalid")

    def test_a_port_where_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        url = f"https://127.0.0.1:{port}/EWS/Exchange.asmx"
        card = self.card_of(server_id=self.known(self.exchange, url=url).id)
        self.refused(card, "cannot be reached")

    def test_a_server_that_does_not_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"https://127.0.0.1:{silent.getsockname()[1]}/EWS/Exchange.asmx"
            card = self.card_of(server_id=self.known(self.exchange, url=url).id)
            self.patch(synced_account_server, "TIMEOUT", 0.3)
            self.refused(card, "did not answer in time")

    def test_a_service_account_without_the_right(self):
        self.exchange.add_service(
            "svc", password="service secret", may_act_for=["bob@corp.example"]
        )
        card = self.card_of(
            impersonation=True,
            impersonation_email="svc@corp.example",
            impersonation_password="service secret",
        )
        self.refused(card, "svc@corp.example may not act for ann@corp.example.*Impersonation")

    def test_a_mailbox_that_is_none(self):
        self.exchange.add_service("svc", password="service secret")
        card = self.card_of(
            email="nobody@corp.example",
            impersonation=True,
            impersonation_email="svc@corp.example",
            impersonation_password="service secret",
        )
        self.refused(card, "no mailbox nobody@corp.example")

    def test_a_mailbox_of_somebody_else(self):
        card = self.card_of(email="bob@corp.example", username="ann")
        self.refused(card, "may not act for bob@corp.example")

    def test_a_server_that_has_too_much_to_do(self):
        self.exchange.faults.add(status=503)
        self.refused(self.card_of(), "too much to do")

    def test_what_is_missing(self):
        card = self.card_of(email=False)
        self.refused(card, "Enter the e-mail address")
        card.write({"email": ANN, "password": False})
        self.refused(card, "Enter the password of")
        card.write({"impersonation": True, "impersonation_email": "svc@corp.example"})
        self.refused(card, "Enter the service account")
        card.write({"impersonation": False, "server_id": False, "password": "Ann's secret"})
        self.refused(card, "Enter the address of the server")

    def test_a_redirection_is_not_followed(self):
        server = simulator("server")
        asked = []

        def lead_on(request):
            asked.append(request.path)
            return server.Response(302, {"Location": f"{self.exchange.server.url}/owa"})

        context = simulator("tls").authority().context()
        leading = server.Server(lead_on, 0, context)
        leading.start()
        self.addCleanup(leading.stop)
        url = f"{leading.url}/EWS/Exchange.asmx"
        before = len(self.exchange.requests)
        card = self.card_of(server_id=self.known(self.exchange, url=url).id)
        self.refused(card, "not at this address")
        self.assertEqual((len(asked), len(self.exchange.requests)), (1, before))
