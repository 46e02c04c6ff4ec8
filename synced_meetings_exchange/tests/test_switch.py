"""Moving over from Odoo's own Outlook synchronisation, which is the real one here."""

import unittest
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .graph_case import ANN, GraphCase
from .test_both_ways import Both


@tagged("post_install", "-at_install")
class TestSwitch(Both, GraphCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "microsoft_id" not in cls.env["calendar.event"]._fields:
            raise unittest.SkipTest("microsoft_calendar is not installed")
        cls.env.cr.execute(
            "UPDATE calendar_event SET active = FALSE, need_sync_m = FALSE, need_sync = FALSE"
        )

    def setUp(self):
        super().setUp()
        from odoo.addons.microsoft_account.models import microsoft_service

        self.ann = self.user
        self.user.email = ANN
        self.outlook = self.graph.user(ANN)
        request = microsoft_service.MicrosoftService._do_request
        old, new = microsoft_service.DEFAULT_MICROSOFT_GRAPH_ENDPOINT, self.graph.api_url
        new = new.removesuffix("/v1.0").rstrip("/")
        defaults = tuple(new if one == old else one for one in request.__defaults__)
        self.startPatcher(patch.object(request, "__defaults__", defaults))
        self.startPatcher(patch.object(microsoft_service, "DEFAULT_MICROSOFT_GRAPH_ENDPOINT", new))

    def old_sync(self):
        """Let Odoo's own synchronisation run for Ann, as its job does."""
        tokens = self.graph.consent(ANN)
        self.user.sudo().write(
            {
                "microsoft_calendar_rtoken": tokens["refresh_token"],
                "microsoft_calendar_token": tokens["access_token"],
                "microsoft_calendar_token_validity": fields.Datetime.now() + timedelta(hours=1),
            }
        )
        self.user.with_user(self.user).sudo()._sync_microsoft_calendar()
        self.env.invalidate_all()

    def test_what_outlook_gave_both_is_joined_and_nothing_goes_out(self):
        start = (fields.Datetime.now() + timedelta(days=3)).replace(
            hour=9, minute=0, second=0, microsecond=0
        )
        for name, day in (("Review", 0), ("Lunch", 1)):
            self.outlook.create(self.body(name, start + timedelta(days=day)))
        weekly = self.body("Weekly", start + timedelta(days=2))
        first = start + timedelta(days=2)
        weekly["recurrence"] = {
            "pattern": {"type": "daily", "interval": 1},
            "range": {
                "type": "numbered",
                "startDate": str(first.date()),
                "numberOfOccurrences": 3,
                "recurrenceTimeZone": "UTC",
            },
        }
        self.outlook.create(weekly)
        self.old_sync()
        old = self.env["calendar.event"].search([])
        self.assertEqual(len(old), 5)
        self.click()
        self.run_now()
        mails, meetings = list(self.graph.mails), self.env["synced.meeting"].search([])
        self.graph.requests.clear()
        switch = self.env["synced.switch"].create({"step": "adopt"})
        switch.action_do()
        self.assertEqual(switch.step, "card")
        self.assertEqual(self.env["synced.meeting"].search([]), meetings, "none is doubled")
        self.assertEqual(old.synced_meeting_id, meetings)
        pairs = {(event.name, event.start) for event in old}
        self.assertEqual(pairs, {(m.name, m.start) for m in meetings})
        self.run_now()
        self.assertEqual({r.method for r in self.graph.requests}, {"GET"}, "it only looked")
        self.assertEqual(self.graph.mails, mails)

    def test_paused_sends_no_request(self):
        self.outlook.create(self.body("Review"))
        self.old_sync()
        switch = self.env["synced.switch"].create({"step": "pause"})
        switch.user_ids = [Command.set(self.user.ids)]
        switch.action_do()
        self.assertEqual(switch.step, "adopt")
        self.graph.requests.clear()
        self.env["calendar.event"].search([]).with_user(self.user).name = "Edited after"
        self.env.cr.postcommit.run()
        self.env["res.users"]._sync_all_microsoft_calendar()
        self.assertEqual(self.graph.requests, [])
