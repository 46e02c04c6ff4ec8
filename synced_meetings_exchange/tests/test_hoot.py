"""Runs the add-on's browser unit tests."""

from odoo.tests import tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestHoot(test_js.HOOTCommon):
    _test_params = [("+", "@synced_meetings_exchange")]

    def test_unit(self):
        url = "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
        self.browser_js(
            url + self.hoot_filters,
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
