"""What a person enters: what belongs together, who may, and what is forgotten."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import OWN, URL, ExchangeCase


@tagged("post_install", "-at_install")
class TestKinds(ExchangeCase):
    def test_a_new_card_is_of_microsoft_365_with_consent(self):
        card = self.enter()
        self.assertEqual((card.exchange_service, card.auth_method), ("microsoft365", "oauth"))

    def test_each_service_has_its_ways_to_sign_in(self):
        card = self.enter(exchange_service="own_server")
        self.assertEqual(card.auth_method, "basic")
        card.auth_method = "ntlm"
        for wrong in ("oauth", "client_credentials"):
            with self.assertRaisesRegex(ValidationError, "Basic or NTLM"):
                card.auth_method = wrong
        card.exchange_service = "microsoft365"
        self.assertEqual(card.auth_method, "oauth")
        for wrong in ("basic", "ntlm"):
            with self.assertRaisesRegex(ValidationError, "OAuth or client"):
                card.auth_method = wrong
        with self.assertRaises(ValidationError):
            self.enter(exchange_service="own_server", auth_method="oauth")

    def test_only_the_fields_of_the_kind_are_kept(self):
        everything = OWN | {
            "version": "Exchange2016",
            "username": "CORP\\ann",
            "impersonation_email": "svc@corp.example",
            "password": "x",
            "impersonation_password": "y",
        }
        card = self.enter(**everything)
        self.assertEqual(self.entered(card), {"email", "server_url", "version", "username"})
        self.assertEqual((card.password_set, card.impersonation_password_set), (True, False))
        card.write({"impersonation": True, "impersonation_email": "svc@corp.example"})
        self.assertEqual(
            self.entered(card), {"email", "server_url", "version", "impersonation_email"}
        )
        self.assertFalse(card.password_set)
        card.server_id = self.server
        self.assertEqual(self.entered(card), {"email", "server_id", "impersonation_email"})
        self.ann.login = card.email
        card.write({"exchange_service": "microsoft365", "auth_method": "client_credentials"})
        self.assertEqual(self.entered(card), {"email"})
        self.assertFalse(card.impersonation)
        card.auth_method = "oauth"
        self.assertFalse(self.entered(card))
        self.assertFalse(card.sudo().secret_ids)

    def test_a_card_of_another_service_has_none_of_them(self):
        card = self.card(self.ann).with_user(self.ann)
        for name, value in (("server_url", URL), ("auth_method", "basic"), ("password", "x")):
            with self.subTest(name), self.assertRaises(AccessError):
                card.write({name: value})
            with self.subTest(name), self.assertRaises(AccessError):
                card.create({"provider": card.provider, name: value})
        self.assertFalse(card.server_url or card.sudo().secret_ids)

    def test_addresses_are_kept_in_one_form(self):
        card = self.enter(**OWN | {"email": " Ann@Corp.Example "})
        self.assertEqual(card.email, "ann@corp.example")
        card.server_url = "HTTPS://Mail.Corp.Example:443/EWS/Exchange.asmx"
        self.assertEqual(card.server_url, URL)
        with self.assertRaisesRegex(ValidationError, "no e-mail address"):
            card.email = "ann"

    def test_a_wrong_address_says_what_was_meant(self):
        card = self.enter(**OWN)
        for typed in ("mail.corp.example", "http://mail.corp.example/owa"):
            with self.assertRaisesRegex(ValidationError, f"Did you mean {URL}"):
                card.server_url = typed
            hint = card.check_server_url(typed)
            self.assertEqual(hint["suggestion"], URL)
        self.assertFalse(card.check_server_url(URL))

    def test_basic_at_office_365_is_refused_with_the_reason(self):
        card = self.enter(**OWN)
        for host in ("outlook.office365.com", "Outlook.Office365.com."):
            with self.assertRaisesRegex(ValidationError, "switched off EWS.*Microsoft 365"):
                card.server_url = f"https://{host}/EWS/Exchange.asmx"

    def test_no_default_enters_anything(self):
        context = {f"default_{name}": value for name, value in OWN.items()}
        context |= {"default_password": "x", "default_impersonation_email": "svc@corp.example"}
        cards = self.env["synced.account"].with_user(self.ann).with_context(**context)
        card = cards.create({"provider": "exchange"})
        self.assertFalse(self.entered(card))
        self.assertFalse(card.sudo().secret_ids)
        defaults = cards.default_get(list(cards.fields_get()))
        self.assertFalse({"password", "email", "server_url"} & defaults.keys())


@tagged("post_install", "-at_install")
class TestWho(ExchangeCase):
    def test_only_the_owner_or_an_administrator_enters_it(self):
        card = self.enter(**OWN)
        with self.assertRaisesRegex(AccessError, "Only Ann or an administrator"):
            card.with_user(self.boss).server_url = "https://evil.example/EWS/Exchange.asmx"
        with self.assertRaises(AccessError):
            card.with_user(self.bob).username = "bob"
        self.admin.group_ids |= self.env.ref("synced_meetings.group_manager")
        card.with_user(self.admin).username = "ann"
        self.assertEqual(card.username, "ann")

    def test_a_login_that_opens_all_opens_only_ones_own(self):
        application = {"auth_method": "client_credentials"}
        with self.assertRaisesRegex(AccessError, "synced_ann"):
            self.enter(**application, email="chief@corp.example")
        self.ann.login = "ann@corp.example"
        card = self.enter(**application, email="Ann@corp.example")
        for email in ("chief@corp.example", "ann@corp.example.evil"):
            with self.assertRaises(AccessError):
                card.email = email
        self.ann.email = "chief@corp.example"  # everybody writes the own one
        with self.assertRaises(AccessError):
            card.email = "chief@corp.example"

    def test_not_by_a_detour_through_another_kind_either(self):
        self.ann.login = "ann@corp.example"
        card = self.enter(**OWN | {"email": "chief@corp.example"})
        with self.assertRaises(AccessError):
            card.write({"exchange_service": "microsoft365", "auth_method": "client_credentials"})
        card.server_id = self.server
        with self.assertRaises(AccessError):
            card.impersonation = True
        card.write({"impersonation": True, "impersonation_email": "svc@corp.example"})
        with self.assertRaises(AccessError):
            card.impersonation_email = False

    def test_what_an_administrator_entered_its_owner_may_use(self):
        values = {"auth_method": "client_credentials", "email": "team@corp.example"}
        self.admin.group_ids |= self.env.ref("synced_meetings.group_manager")
        card = self.enter(self.admin, user_id=self.ann.id, **values).with_user(self.ann)
        card.colleagues_see = "busy"
        card.write(values)
        with self.assertRaises(AccessError):
            card.email = "chief@corp.example"

    def test_an_administrator_connects_for_others_where_nobody_consents(self):
        self.admin.group_ids |= self.env.ref("synced_meetings.group_manager")
        card = self.enter().with_user(self.admin)
        with self.assertRaisesRegex(UserError, "Only Ann can give"):
            card.action_connect()
        card.write(OWN)
        with self.assertRaisesRegex(UserError, "nter the password"):
            card.action_connect()
        with self.assertRaisesRegex(UserError, "Only Ann can give"):
            card.with_user(self.boss).action_connect()

    def test_another_mailbox_is_refused_on_the_same_card(self):
        card = self.enter(**OWN)
        card._authorised("ann@corp.example", "own_server:1", {})
        card.action_disconnect()
        with self.assertRaisesRegex(UserError, "belongs to ann@corp.example"):
            card.email = "bob@corp.example"
        card.write({"email": "ann@corp.example", "username": "ann"})

    def test_the_service_stays_while_it_is_connected(self):
        card = self.enter(**OWN)
        card._authorised("ann@corp.example", "own_server:1", {})
        with self.assertRaisesRegex(UserError, "Disconnect"):
            card.exchange_service = "microsoft365"
        card.action_disconnect()
        card.exchange_service = "microsoft365"
        self.assertEqual(card.email, "ann@corp.example")

    @mute_logger("odoo.models", "odoo.addons.base.models.ir_model")
    def test_servers_are_entered_by_administrators_alone(self):
        for user in (self.ann, self.boss):
            servers = self.server.with_user(user)
            self.assertEqual(servers.search([]).mapped("name"), ["Hanover"])
            with self.assertRaises(AccessError):
                servers.url = URL
            with self.assertRaises(AccessError):
                servers.create({"name": "Evil", "url": "https://evil.example/EWS/Exchange.asmx"})
            with self.assertRaises(AccessError):
                servers.unlink()
            for name in ("service_login", "private_network", "ca_certificates", "verify_tls"):
                self.assertNotIn(name, servers.fields_get())
                with self.assertRaises(AccessError):
                    servers.read([name])
        Form(self.server.with_user(self.admin)).save()


@tagged("post_install", "-at_install")
class TestMoved(ExchangeCase):
    def moved(self, card, **values):
        """Return whether a password is still kept when these values are entered."""
        with self.subTest(**values):
            card.password = "secret"
            self.assertTrue(card.password_set)
            card.write(values)
            return card.password_set

    def test_a_password_goes_to_no_other_place_than_it_was_typed_for(self):
        card = self.enter(**OWN)
        self.assertTrue(self.moved(card, server_url=URL))
        self.assertTrue(self.moved(card, auth_method="ntlm", version="Exchange2013"))
        elsewhere = "https://evil.example/EWS/Exchange.asmx"
        self.assertFalse(self.moved(card, server_url=elsewhere))
        self.assertFalse(self.moved(card, server_id=self.server.id))
        self.assertFalse(self.moved(card, username="bob"))
        self.assertFalse(self.moved(card, email="bob@corp.example"))
        self.assertTrue(self.moved(card, username="ann", password="typed again"))

    def test_that_of_a_service_account_neither(self):
        service = {"impersonation": True, "impersonation_email": "svc@corp.example"}
        card = self.enter(**OWN, **service, impersonation_password="secret")
        self.assertTrue(card.impersonation_password_set)
        card.server_url = "https://evil.example/EWS/Exchange.asmx"
        self.assertFalse(card.impersonation_password_set)
        server = self.server
        for name, value in (("url", URL), ("service_login", "other")):
            server.write({"service_login": "svc", "service_password": "secret"})
            self.assertTrue(server.service_password_set)
            server.write({"name": "Renamed", "url": server.url})
            self.assertTrue(server.service_password_set)
            server.write({name: value})
            self.assertFalse(server.service_password_set)
