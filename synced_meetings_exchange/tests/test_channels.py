"""Being told at once by Microsoft 365 and by an own server, over real HTTP."""

from datetime import timedelta

import requests

from odoo import fields
from odoo.tests import tagged

from .graph_case import ANN, GraphCase
from .test_both_ways import Both
from .test_connect_server import ServerCase

WEBHOOK = "/synced_meetings/webhook/exchange"


class Told(Both):
    """For both services: Odoo can be called."""

    def setUp(self):
        super().setUp()
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("synced_meetings.webhook_url", self.base_url())

    def run_now(self):
        """Run while calls are let in: a subscriber is called before its subscription is there."""
        with self.allow_requests(all_requests=True):
            pass
        super().run_now()

    def run_due(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr)["synced.calendar"]._run_due()
        self.env.invalidate_all()

    def open_channel(self):
        """Run once with a subscriber that answers; return the calendar."""
        self.run_now()
        return self.env["synced.calendar"].search([("primary", "=", True)])

    def heard(self):
        return self.env["synced.calendar.call"].search_count([])

    def post(self, body, query=""):
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            url = self.base_url() + WEBHOOK + query
            answer = requests.post(url, data=body, timeout=10)
        self.env.invalidate_all()
        return answer
