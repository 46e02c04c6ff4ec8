"""How this server is known to Microsoft is kept, and what is secret of it is not shown."""

from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import OWN, ExchangeCase

WORD = "PLANTED-41c7"
SEALED = ("synced_meetings_exchange.client_secret", "synced_meetings_exchange.certificate")


def certificate():
    """Return a certificate and its private key, each as PEM text."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, WORD)])
    now = datetime.now(timezone.utc)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(1))
    signed = builder.sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return signed.public_bytes(serialization.Encoding.PEM).decode(), secret.decode()


@tagged("post_install", "-at_install")
class TestSettings(ExchangeCase):
    def settings(self, **values):
        """Return the settings after these were saved."""
        settings = self.env["res.config.settings"].create(values)
        settings.execute()
        return settings

    def parameter(self, name):
        return self.env["ir.config_parameter"].get_param(name)

    def test_what_is_typed_is_sealed_and_never_shown(self):
        public, secret = certificate()
        self.settings(
            synced_exchange_client_id="client",
            synced_exchange_tenant="tenant",
            synced_exchange_client_secret=f" {WORD}\n",
            synced_exchange_certificate=public + secret,
        )
        self.assertEqual(self.parameter("synced_meetings_exchange.client_id"), "client")
        self.assertEqual(self.parameter("synced_meetings_exchange.tenant"), "tenant")
        kept = [self.parameter(name) for name in SEALED]
        self.assertTrue(all(kept))
        self.assertNotIn(WORD, repr(kept))
        unsealed = self.env["synced.secret"]._get_parameter(SEALED[0])
        self.assertEqual(unsealed, WORD)
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.synced_exchange_client_secret_set)
        self.assertTrue(settings.synced_exchange_certificate_set)
        line = secret.splitlines()[3]
        for shown in (settings.read(), settings.default_get(list(settings.fields_get()))):
            self.assertNotIn(WORD, repr(shown))
            self.assertNotIn(line, repr(shown))
        settings.execute()
        self.assertEqual([self.parameter(name) for name in SEALED], kept, "empty changes nothing")
        self.env.flush_all()
        self.env.cr.execute("SELECT s::text FROM res_config_settings s")
        rows = repr(self.env.cr.fetchall())
        self.assertNotIn(WORD, rows)
        self.assertNotIn(line, rows)
        settings.action_forget_synced_exchange_client_secret()
        settings.action_forget_synced_exchange_certificate()
        self.assertFalse(any(self.parameter(name) for name in SEALED))

    def test_only_an_administrator_forgets(self):
        model = self.env["res.config.settings"].with_user(self.ann)
        with self.assertRaises(AccessError):
            model.create({})
        with self.assertRaises(AccessError):
            model.new({}).action_forget_synced_exchange_client_secret()

    def test_a_certificate_without_its_key_is_refused(self):
        public, secret = certificate()
        for text in (public, secret, "x", "-----BEGIN CERTIFICATE-----"):
            with self.assertRaisesRegex(UserError, "private key"):
                self.settings(synced_exchange_certificate=text)
        self.assertFalse(self.parameter(SEALED[1]))

    def test_private_hosts_are_hosts(self):
        card = self.enter(**OWN).sudo()
        with self.assertRaisesRegex(UserError, "without https"):
            self.settings(synced_exchange_private_hosts="https://mail.corp.example/")
        self.settings(synced_exchange_private_hosts="Mail.corp.example, 10.0.0.5")
        self.assertEqual(card._exchange_allowed_hosts(), {"mail.corp.example", "10.0.0.5"})
        self.server.private_network = True
        self.assertIn("hanover.corp.example", card._exchange_allowed_hosts())

    def test_a_server_takes_only_certificates(self):
        public, _secret = certificate()
        self.server.ca_certificates = public
        with self.assertRaisesRegex(ValidationError, "no certificate"):
            self.server.ca_certificates = "-----BEGIN CERTIFICATE-----\nnonsense"

    def test_uninstalling_forgets_all_of_it(self):
        from .. import uninstall_hook

        self.settings(synced_exchange_client_id="client", synced_exchange_client_secret=WORD)
        self.server.write({"service_login": "svc", "service_password": WORD})
        uninstall_hook(self.env)
        left = self.env["ir.config_parameter"].search([("key", "like", "exchange")])
        self.assertFalse(left.filtered(lambda row: row.key.startswith("synced_meetings_exchange")))
