"""Being told at once by Microsoft 365 and by an own server, over real HTTP."""

import json
from datetime import timedelta, timezone

import requests

from odoo import fields
from odoo.tests import HttpCase, tagged

from .graph_case import ANN, GraphCase, simulator
from .test_both_ways import Both
from .test_connect_server import ServerCase

WEBHOOK = "/synced_meetings/webhook/exchange"


class Told(Both):
    """For both services: Odoo can be called."""

    def callable_at(self, url):
        self.env["ir.config_parameter"].set_param("synced_meetings.webhook_url", url)

    def primary(self):
        return self.env["synced.calendar"].search([("primary", "=", True)])

    def run_due(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.env(cr=cr)["synced.calendar"]._run_due()
        self.env.invalidate_all()

    def heard(self):
        return self.env["synced.calendar.call"].search_count([])

    def let_in(self, work):
        """Do what makes a service call; return what it returns."""
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            done = work()
        self.env.invalidate_all()
        return done

    def post(self, body=b"", **query):
        url = self.base_url() + WEBHOOK
        return self.let_in(lambda: requests.post(url, data=body, params=query, timeout=10))


@tagged("post_install", "-at_install")
class TestToldByMicrosoft(Told, GraphCase):
    def setUp(self):
        super().setUp()
        self.ann = self.user
        self.door = simulator("server").Server(self.forward)
        self.door.start()
        self.addCleanup(self.door.stop)
        self.callable_at(self.door.url)
        self.click()
        self.run_now()
        self.outlook = self.graph.user(ANN)

    def forward(self, request):
        """Hand a call on; the proof of the address is given here: a test has but one cursor."""
        answers = simulator("server").Response
        if token := request.param("validationToken"):
            return answers(200, token, "text/plain")
        said = requests.post(self.base_url() + WEBHOOK, data=request.body, timeout=10)
        return answers(said.status_code)

    def deliver(self):
        return self.let_in(self.graph.notices.deliver)

    def create(self, subject):
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)
        span = {"start": start, "end": start + timedelta(hours=1)}
        times = {k: {"dateTime": v.isoformat(), "timeZone": "UTC"} for k, v in span.items()}
        return self.outlook.create({"subject": subject, **times})

    def lifecycle(self, event):
        return self.let_in(lambda: self.graph.notices.lifecycle(self.primary().channel_id, event))

    def test_a_change_arrives_without_being_asked_for(self):
        now = fields.Datetime.now()
        self.assertGreater(self.card.push_until, now + timedelta(days=6))
        for subject in ("One", "Two"):
            self.create(subject)
        self.assertEqual(self.deliver(), [202, 202])
        self.assertEqual(self.heard(), 1, "one effect")
        self.run_due()
        self.assertLessEqual({"One", "Two"}, self.found().keys())

    def test_the_proof_of_the_address(self):
        token = "Validation: <b>&+ ü"
        answer = self.post(validationToken=token)
        self.assertEqual((answer.status_code, answer.text), (200, token))
        self.assertTrue(answer.headers["Content-Type"].startswith("text/plain"))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_what_nobody_sent(self):
        channel = self.primary().channel_id
        told = [{"subscriptionId": channel, "clientState": "guessed"}, {"subscriptionId": channel}]
        told += [{"subscriptionId": "x", "clientState": "guessed"}, "junk", None, {}]
        bodies = [json.dumps({"value": told}), json.dumps([1]), "{", "[" * 9_000, b"\xff"]
        bodies += [json.dumps({"value": [{"subscriptionId": id_}]}) for id_ in ("x\x00", "\ud800")]
        self.assertEqual({self.post(body).status_code for body in bodies}, {202})
        self.assertFalse(self.heard())

    def test_what_becomes_of_a_subscription_is_put_right(self):
        first = self.primary().channel_id
        self.assertEqual(self.lifecycle("reauthorizationRequired"), 202)
        self.create("While silent")
        self.run_due()
        self.assertEqual(self.primary().channel_id, first, "prolonged, with its secret")
        self.create("Told again")
        self.assertEqual((self.deliver(), self.heard()), ([202], 1))
        self.run_due()

        self.assertEqual(self.lifecycle("subscriptionRemoved"), 202)
        self.create("Unsaid")
        self.run_due()
        second = self.primary().channel_id
        self.assertNotIn(second, (first, False))
        self.assertEqual(list(self.graph.subscriptions.held), [second])
        self.assertEqual(self.lifecycle("missed"), 202)
        self.create("Missed")
        self.run_due()
        self.assertLessEqual(
            {"While silent", "Told again", "Unsaid", "Missed"}, self.found().keys()
        )

    def test_disconnecting_ends_it(self):
        self.card.sudo().action_disconnect()
        self.assertFalse(self.graph.subscriptions.held or self.primary().channel_id)


@tagged("post_install", "-at_install")
class TestToldByServer(Told, ServerCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.exchange.subscriptions.automatic = False
        self.callable_at(self.base_url())
        self.connected(self.card_of())
        self.run_now()
        self.outlook = self.exchange.user(ANN)

    def deliver(self):
        """Let the server call; return what it was answered."""
        posted = self.exchange.subscriptions.posted
        posted.clear()
        self.let_in(self.exchange.subscriptions.post)
        return [status for _id, status in posted]

    def create(self, subject):
        start = (fields.Datetime.now() + timedelta(days=1)).replace(tzinfo=timezone.utc)
        self.outlook.create(Subject=subject, Start=start, End=start + timedelta(hours=1))

    def test_a_change_arrives_and_what_is_not_known_any_more_ends(self):
        self.create("One")
        self.assertEqual((self.deliver(), self.heard()), (["OK"], 1))
        self.run_due()
        self.assertIn("One", self.found())
        soon = fields.Datetime.now() + timedelta(hours=1)
        self.primary().write({"channel_expires": soon, "channel_begun": soon - timedelta(days=1)})
        self.run_now()
        self.create("Two")
        self.assertEqual(sorted(self.deliver()), ["OK", "Unsubscribe"], "the old one ends")
        self.assertEqual(len(self.exchange.subscriptions.alive), 1)

    def test_who_has_no_key_learns_and_changes_nothing(self):
        [known] = self.exchange.subscriptions.alive.values()
        push = simulator("ews_push")
        body = push.written(push.envelope(known, 0))
        answers = {self.post(one, key="guessed.0000").text for one in (body, b"<x/>", b"junk")}
        self.assertEqual(len(answers), 1)
        self.assertNotIn("Unsubscribe", answers.pop())
        self.assertFalse(self.heard())
