"""Each fault that the doctor knows, made once on purpose: it is named, with what mends it."""

import sys
import unittest
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..models.synced_account_others import OTHERS
from .common import PROVIDER, AccountSetting


def simulator_tls():
    """Return what makes certificates of an unknown authority; it stands beside the add-ons."""
    tests = Path(__file__).parents[2] / "tests"
    if not (tests / "simulators").is_dir():
        raise unittest.SkipTest("the simulators are not beside the add-on")
    if str(tests) not in sys.path:
        sys.path.insert(0, str(tests))
    from simulators import tls

    return tls


class Elsewhere(BaseHTTPRequestHandler):
    """Some other server, whose clock is wrong."""

    def date_time_string(self, timestamp=None):
        return format_datetime(datetime.now(timezone.utc) - timedelta(minutes=30), usegmt=True)

    def answer(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = answer

    def log_message(self, *args):
        """Say nothing."""


def elsewhere(test, tls=None):
    """Return the address of another server, which lasts as long as the test."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    test.addCleanup(server.server_close)
    test.addCleanup(server.shutdown)
    return f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"


@tagged("post_install", "-at_install")
class TestDoctor(AccountSetting, HttpCase):
    def setUp(self):
        super().setUp()
        self.parameters = self.env["ir.config_parameter"]
        self.parameters.set_param("synced_meetings.webhook_url", self.base_url())
        self.account = self.connect(self.ann)
        jobs = self.env["synced.calendar"]._jobs()
        jobs.write({"active": True, "nextcall": fields.Datetime.now()})

    def faults(self):
        """Return {what was looked at: what is wrong with it} as a manager sees it."""
        self.env.flush_all()
        doctors = self.env["synced.doctor"].with_user(self.boss)
        with self.allow_requests(all_requests=True):
            doctor = doctors.browse(doctors.action_examine()["res_id"])
        self.assertEqual(doctor.faults, len(doctor.line_ids.filtered("fault")))
        return {line.name: line.fault for line in doctor.line_ids}

    def assert_only(self, name, *words):
        """Check that this is found beside what is always so on a test's own machine."""
        found = self.faults()
        for word in words:
            self.assertIn(word, found[name] or "")
        wrong = {key for key, fault in found.items() if fault} - {"Address of this server"}
        self.assertEqual(wrong, {name} - {"Address of this server"})

    def test_a_sound_server(self):
        wrong = {name for name, fault in self.faults().items() if fault}
        self.assertEqual(wrong, {"Address of this server"}, "it stands on this machine")

    def test_an_address_that_nobody_reaches(self):
        self.assert_only("Address of this server", "web.base.url")

    def test_a_certificate_that_nobody_trusts(self):
        tls = simulator_tls().Authority().context()
        self.parameters.set_param("synced_meetings.webhook_url", elsewhere(self, tls))
        self.assertIn("Renew it", self.faults()["Certificate (TLS)"])

    def test_a_call_that_does_not_come_back(self):
        name = "A call comes back to this server"
        self.parameters.set_param("synced_meetings.webhook_url", elsewhere(self))
        self.assert_only(name, "not by this database", "dbfilter")
        self.parameters.set_param("synced_meetings.webhook_url", "http://127.0.0.1:9")
        self.assert_only(name, "does not answer", "firewall")

    def test_sign_ins_that_come_back_elsewhere(self):
        self.parameters.set_param("web.base.url", "http://127.0.0.1:1")
        self.authenticate("synced_boss", "synced_boss")
        action = self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": "synced.doctor", "method": "action_examine", "args": [], "kwargs": {}},
        )
        self.env.invalidate_all()
        lines = self.env["synced.doctor"].browse(action["res_id"]).line_ids
        fault = lines.filtered(lambda line: line.name.startswith("Return address")).fault
        self.assertIn("web.base.url", fault)
        self.assertIn("/synced_meetings/oauth/", fault)

    def test_jobs_that_do_not_run(self):
        jobs = self.env["synced.calendar"]._jobs()
        jobs[2].active = False
        self.assert_only("Scheduled jobs", "Scheduled Actions")
        jobs[2].active = True
        jobs[0].nextcall = fields.Datetime.now() - timedelta(hours=1)
        self.assert_only("Scheduled jobs", "max_cron_threads")

    def test_a_key_that_was_lost(self):
        self.env["synced.secret"].search([]).write({"value": "sealed by another"})
        self.assert_only("Key of the saved sign-ins", "SYNCED_MEETINGS_KEY")

    def test_odoos_own_synchronisation_beside(self):
        # Fields that every user has, in the place of those that Odoo's module would bring.
        beside = {PROVIDER: ("Shelf Calendar", "share", "login", "")}
        with patch.dict(OTHERS, beside):
            self.assert_only("Odoo's own calendar synchronisation", self.account.name, "Stop it")
