"""What the doctor finds at Google: a clock that differs, a permission that is missing."""

import json

from odoo.tests import tagged

from odoo.addons.synced_meetings.tests.test_doctor import elsewhere

from .pull_case import PullCase

SCOPE = "https://www.googleapis.com/auth/calendar"


@tagged("post_install", "-at_install")
class TestDoctor(PullCase):
    def doctor(self):
        return self.env["synced.doctor"].create({})

    def test_a_clock_that_is_wrong(self):
        self.assertFalse(self.doctor()._clock_fault())
        wrong = elsewhere(self)
        self.env["ir.config_parameter"].set_param("synced_meetings_google.token_url", wrong)
        fault = self.doctor()._clock_fault()
        self.assertIn("30 minutes", fault)
        self.assertIn("NTP", fault)

    def test_a_permission_that_is_missing(self):
        kept = json.loads(self.ann._secret("google_tokens"))
        for scopes, missing in (([f"{SCOPE}.events"], True), ([SCOPE], False)):
            with self.subTest(scopes):
                self.ann._set_secret("google_tokens", json.dumps(kept | {"scopes": scopes}))
                fault = self.doctor()._scope_fault() or ""
                self.assertEqual(self.ann.name in fault and "sign in again" in fault, missing)
