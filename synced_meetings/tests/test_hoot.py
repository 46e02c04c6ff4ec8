"""Runs the add-on's browser unit tests."""

from odoo.tests import tagged

from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker


@tagged("post_install", "-at_install")
class TestHoot(HOOTCommon):
    _test_params = [("+", "@synced_meetings")]

    def test_unit(self):
        url = "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
        self.browser_js(
            url + self.hoot_filters,
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
