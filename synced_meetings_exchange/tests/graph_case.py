"""A simulated Microsoft 365 that Odoo knows, with Ann and Ben in one organisation."""

import sys
import unittest
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import requests

from odoo import fields
from odoo.tests import HttpCase, new_test_user

TESTS = Path(__file__).parents[2] / "tests"
ANN, BEN = "ann@corp.example", "ben@corp.example"


def simulator(name):
    """Return a simulator's module; it stands beside the add-ons, not in them."""
    if not (TESTS / "simulators").is_dir():
        raise unittest.SkipTest("the simulators are not beside the add-on")
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    from importlib import import_module

    return import_module(f"simulators.{name}")


class GraphCase(HttpCase):
    """Ann is logged in and has an empty card; the service is real HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.package = simulator("graph")
        cls.parameters = cls.env["ir.config_parameter"]
        cls.user = new_test_user(cls.env, "synced_ann", "base.group_user", name="Ann")
        cls.env["ir.config_parameter"].set_param("synced_meetings.enabled", "True")

    def setUp(self):
        super().setUp()
        self.graph = self.enterContext(self.package.SimulatedGraph())
        self.graph.add_user(ANN, "Ann", "Europe/Berlin")
        self.graph.add_user(BEN, "Ben", "Europe/Berlin")
        self.tenant = self.graph.login.world.add_tenant("corp.example")
        self.set_parameters(
            authority_url=self.graph.authority_url,
            graph_url=self.graph.api_url,
            ca_file=self.graph.ca_file,
        )
        self.settings(
            synced_exchange_client_id=self.package.DEMO_APP,
            synced_exchange_client_secret=self.package.DEMO_SECRET,
            synced_exchange_tenant=False,
        )
        self.authenticate("synced_ann", "synced_ann")
        self.card = self.add_card()

    def set_parameters(self, **values):
        for name, value in values.items():
            self.parameters.set_param(f"synced_meetings_exchange.{name}", value)

    def settings(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def add_card(self, **values):
        cards = self.env["synced.account"].with_user(self.user)
        return cards.create({"provider": "exchange"} | values)

    def click(self, email=ANN, decision="allow"):
        """Press the button and answer the consent page; return what the browser comes back to."""
        url = self.card.action_connect()["url"]
        query = dict(parse_qsl(urlsplit(url).query))
        return self.come_back(self.answer(url, query | {"account": email, "decision": decision}))

    def answer(self, url, form):
        """Return where Microsoft's page leads to; where it asks the administrator, back here."""
        ca_file, page = self.graph.ca_file, url.partition("?")[0]
        self.assertEqual(requests.get(url, verify=ca_file, timeout=10).status_code, 200)
        for decision in (form["decision"], "return"):
            form["decision"] = decision
            answer = requests.post(
                page, data=form, verify=ca_file, allow_redirects=False, timeout=10
            )
            if answer.status_code != 200:
                break
        return answer.headers["Location"]

    def come_back(self, address):
        response = self.opener.get(address, allow_redirects=False, timeout=30)
        self.card.invalidate_recordset()
        return response

    def body(self, subject, start=None):
        """Return an event of an hour, as Graph takes it."""
        start = start or (fields.Datetime.now() + timedelta(days=1)).replace(microsecond=0)
        span = {"start": start, "end": start + timedelta(hours=1)}
        times = {k: {"dateTime": v.isoformat(), "timeZone": "UTC"} for k, v in span.items()}
        return {"subject": subject, **times}
