"""Which addresses a service on the internet could call."""

from odoo.tests import BaseCase, tagged

from odoo.addons.synced_meetings.models.callback import fault_of

PRIVATE = (
    *("http://localhost:8069", "https://127.0.0.1", "https://odoo", "https://10.1.2.3"),
    *("https://odoo.local", "https://[::1]", "https://192.168.1.2:8443", "", "odoo.example.com"),
)


@tagged("post_install", "-at_install")
class TestCallback(BaseCase):
    def test_what_nobody_outside_can_call(self):
        for url in PRIVATE:
            with self.subTest(url):
                self.assertEqual(fault_of(url), "push_private")
        self.assertEqual(fault_of("http://odoo.example.com"), "push_http")

    def test_what_can_be_called(self):
        for url in (
            "https://odoo.example.com",
            "https://odoo.example.com:8443/x",
            "https://9.9.9.9",
        ):
            self.assertEqual(fault_of(url), "")
