"""Being told at once: Google calls Odoo over real HTTP, and what nobody can do by calling."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.orm.fields import Field
from odoo.sql_db import Cursor
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open, mute_logger

from .pull_case import PullCase

HEADERS = {"X-Goog-Resource-State": "exists", "X-Goog-Message-Number": "7"}
CALLS = 200


@tagged("post_install", "-at_install")
class TestChannels(PullCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parameters = cls.env["ir.config_parameter"]

    def setUp(self):
        super().setUp()
        self.google.channels.held.clear()
        self.reachable(self.base_url())
        self.primary = self.ann.calendar_ids.filtered("selected")

    # ---- what happens around Odoo ----

    def reachable(self, url):
        """Say by which address Google reaches this server."""
        self.parameters.set_param("synced_meetings.webhook_url", url)

    def run_due(self, job="_run_due", model="synced.calendar"):
        """Let a job run as Odoo runs it; without its name, the one that takes what is due."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            getattr(self.env(cr=cr)[model], job)()
        self.env.invalidate_all()

    def pull_only(self, calendars):
        calendars._mark_due()
        self.run_due()

    def deliver(self):
        """Let Google make its calls; return what they were answered."""
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            statuses = self.google.channels.deliver()
        self.env.invalidate_all()
        return statuses

    def call(self, **said):
        """Call as anybody can; return the answer."""
        url = self.base_url() + "/synced_meetings/webhook/google"
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            return requests.post(url, headers=HEADERS | said, timeout=10)

    def genuine(self, number=7):
        """Return the headers of Google's next call."""
        [channel] = self.google.channels.held.values()
        return {
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Channel-Token": channel.token,
            "X-Goog-Message-Number": str(number),
        }

    def heard(self):
        return self.env["synced.calendar.call"].search_count([])

    def triggers(self):
        return self.env["ir.cron.trigger"].search_count([])

    def asked(self, path):
        return [one for one in self.google.requests if one.path.endswith(path)]

    # ---- being told ----

    def test_a_change_arrives_without_being_asked_for(self):
        self.pull(self.ann)
        self.assertEqual(self.deliver(), [204])
        self.assertFalse(self.heard(), "the first call says only that the channel is open")
        now = fields.Datetime.now()
        self.assertGreater(self.ann.push_until, now + timedelta(days=6))
        self.assertGreater(self.primary.due, now + timedelta(minutes=25), "polled less often")

        self.calendar(self.ann).insert({"summary": "Told", **self.at()})
        self.assertFalse(self.meetings(name="Told"))
        triggers = self.triggers()
        self.assertEqual(self.deliver(), [204])
        self.assertEqual(self.triggers(), triggers + 1)
        self.assertFalse(self.meetings(name="Told"), "the call itself synchronises nothing")
        self.run_due()
        self.assertTrue(self.meetings(name="Told"))
        self.assertFalse(self.heard())

    def test_forged_and_repeated_calls_have_no_effect_and_one_answer(self):
        self.pull(self.ann)
        genuine, triggers = self.genuine(), self.triggers()
        forged = (
            {},
            genuine | {"X-Goog-Channel-Token": "guessed"},
            genuine | {"X-Goog-Channel-Token": ""},
            genuine | {"X-Goog-Channel-ID": "other"},
            genuine | {"X-Goog-Message-Number": "0" * 9_000},
            {"X-Goog-Channel-ID": genuine["X-Goog-Channel-ID"]},
        )
        answers = [self.call(**said) for said in forged[:4]] + [self.call(**forged[5])]
        self.assertFalse(self.heard())
        self.assertEqual(self.triggers(), triggers)
        answers += [self.call(**genuine) for _ in range(3)]
        self.assertEqual((self.heard(), self.triggers()), (1, triggers + 1), "one effect")
        shown = {
            (one.status_code, one.text, *sorted({**one.headers, "Date": ""}.items()))
            for one in answers
        }
        self.assertEqual(len(shown), 1, "nobody learns which channel exists")

        self.run_due()
        self.call(**genuine)
        self.assertFalse(self.heard(), "a replay says nothing new")
        self.call(**self.genuine(8))
        self.assertTrue(self.heard())

    def test_a_call_costs_four_statements_and_computes_nothing(self):
        self.pull(self.ann)
        self.call(**self.genuine(1))
        self.run_due()
        statements, computed = [], []
        execute, compute = Cursor.execute, Field.compute_value

        def counted(cr, query, *args, **kwargs):
            statements.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kwargs)

        def noted(field, records):
            computed.append(field)
            return compute(field, records)

        genuine = self.genuine(9)
        with patch.object(Cursor, "execute", counted), patch.object(Field, "compute_value", noted):
            answer = self.call(**genuine)
        work = [one for one in statements if "SAVEPOINT" not in one]
        self.assertEqual((answer.status_code, self.heard()), (204, 1))
        self.assertLessEqual(len(work), 4, work)
        self.assertFalse(computed)

    def test_a_storm_is_answered_and_runs_once(self):
        self.pull(self.ann)
        genuine = self.genuine(3)
        url = self.base_url() + "/synced_meetings/webhook/google"
        triggers = self.triggers()
        self.env.flush_all()
        with self.allow_requests(all_requests=True), ThreadPoolExecutor(20) as pool:
            said = {"headers": HEADERS | genuine, "timeout": 60}
            answers = [pool.submit(requests.post, url, **said) for _ in range(CALLS)]
        self.assertEqual({answer.result().status_code for answer in answers}, {204})
        self.assertEqual((self.heard(), self.triggers()), (1, triggers + 1))

    def test_a_large_body_is_refused_unread(self):
        url = self.base_url() + "/synced_meetings/webhook/google"
        with self.allow_requests(all_requests=True), mute_logger("odoo.http"):
            answer = requests.post(url, data=b"x" * 300_000, headers=HEADERS, timeout=10)
            other = requests.post(url.replace("google", "other"), timeout=10)
        self.assertEqual((answer.status_code, other.status_code), (413, 404))

    # ---- the life of a channel ----

    def test_renewed_before_it_ends(self):
        self.pull(self.ann)
        [old] = self.google.channels.held
        self.pull(self.ann)
        self.assertEqual(len(self.asked("/watch")), 1, "not again before that is needed")
        soon = fields.Datetime.now() + timedelta(hours=11)
        self.primary.write({"channel_expires": soon, "channel_begun": soon - timedelta(days=7)})
        self.pull(self.ann)
        [new] = self.google.channels.held
        self.assertNotEqual(new, old)
        self.assertEqual(len(self.asked("/stop")), 1)
        self.assertGreater(self.primary.channel_expires, soon + timedelta(days=6))
        self.assertTrue(self.call(**self.genuine(1)) and self.heard(), "counting begins anew")

    def test_without_a_public_address_it_is_polled_and_said(self):
        for url, code in (
            ("http://localhost:8069", "private"),
            ("http://odoo.corp.example", "http"),
        ):
            with self.subTest(url):
                self.parameters.search([("key", "=", "synced_meetings.webhook_url")]).unlink()
                self.parameters.set_param("web.base.url", url)
                self.pull(self.ann)
                self.assertFalse(self.asked("/watch"))
                self.assertFalse(self.ann.push_until)
                self.assertIn(code, self.ann._push_fault())
                self.assertLess(self.primary.due, fields.Datetime.now() + timedelta(minutes=6))
        self.calendar(self.ann).insert({"summary": "Polled", **self.at()})
        self.primary.due = fields.Datetime.now() - timedelta(seconds=1)
        self.run_due()
        self.assertTrue(self.meetings(name="Polled"))

    def test_a_refusal_is_kept_costs_nothing_and_is_not_repeated_at_once(self):
        self.reachable("http://odoo.corp.example")
        self.calendar(self.ann).insert({"summary": "Came in", **self.at()})
        for _ in range(2):
            self.pull(self.ann)
        self.assertEqual(len(self.asked("/watch")), 1)
        self.assertEqual(self.primary.channel_error, "unreachable")
        self.assertEqual(self.ann.state, "connected")
        self.assertTrue(self.meetings(name="Came in"))

    # ---- the end of a channel ----

    def assert_ended(self):
        self.env.invalidate_all()
        self.assertFalse(self.google.channels.held)
        self.assertFalse(self.primary.channel_id)

    def end_unwanted(self):
        self.assertTrue(
            self.env["ir.cron.trigger"].search_count(
                [("cron_id", "=", self.env.ref("synced_meetings.cron_channels").id)]
            ),
            "the job was woken",
        )
        self.run_due("_cron_end_channels")

    def test_disconnecting_ends_it_while_that_may_be_done(self):
        self.pull(self.ann)
        self.ann.action_disconnect()
        self.assert_ended()
        ways = [one.path.rsplit("/", 1)[-1] for one in self.google.requests]
        self.assertLess(ways.index("stop"), ways.index("revoke"))

    def test_what_is_not_read_any_more_does_not_tell(self):
        for name, leave, back in (
            ("archived", lambda: self.set_active(False), lambda: self.set_active(True)),
            (
                "push off",
                lambda: self.settings(synced_push=False),
                lambda: self.settings(synced_push=True),
            ),
            ("not chosen", lambda: self.choose(False), lambda: self.choose(True)),
        ):
            with self.subTest(name):
                self.pull(self.ann)
                self.assertTrue(self.google.channels.held)
                self.env["ir.cron.trigger"].search([]).unlink()
                leave()
                self.end_unwanted()
                self.assert_ended()
                back()

    def set_active(self, active):
        self.ann.user_id.active = active

    def settings(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def choose(self, selected):
        self.primary.with_user(self.ann.user_id).write({"selected": selected})

    def test_a_copy_leaves_the_originals_channel_alone(self):
        self.pull(self.ann)
        with file_open("synced_meetings/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.primary.channel_id or self.primary.channel_digest)
        self.assertEqual(len(self.google.channels.held), 1)

    def test_uninstalling_ends_all(self):
        from odoo.addons.synced_meetings_google import uninstall_hook

        self.calendar(self.ann).insert({"summary": "Theirs", **self.at()})
        self.pull(self.ann)
        uninstall_hook(self.env)
        self.assert_ended()
        self.assertEqual(len(self.calendar(self.ann).events()), 1)

    # ---- the feature's switch ----

    def test_off_nothing_happens_and_on_again_all_goes_on(self):
        self.calendar(self.ann).insert({"summary": "Before", **self.at()})
        self.pull(self.ann)
        late = self.genuine(5)
        self.settings(synced_meetings_enabled=False)
        self.end_unwanted()
        self.assert_ended()
        asked = len(self.google.requests)

        self.calendar(self.ann).insert({"summary": "Meanwhile", **self.at(day=1)})
        self.call(**late)
        self.primary.due = fields.Datetime.now() - timedelta(minutes=1)
        self.run_due()
        self.run_due("_cron_list_calendars", "synced.account")
        self.run_due("_cron_end_channels")
        self.assertEqual(len(self.google.requests), asked, "no request")
        self.assertFalse(self.heard() or self.meetings(name="Meanwhile"))
        self.assertTrue(self.meetings(name="Before"), "all data stay")
        root = self.env.ref("synced_meetings.menu_root").id
        self.assertIn(root, self.env["ir.ui.menu"]._load_menus_blacklist())

        self.settings(synced_meetings_enabled=True)
        self.assertNotIn(root, self.env["ir.ui.menu"]._load_menus_blacklist())
        self.run_due()
        self.assertTrue(self.meetings(name="Meanwhile"))
        self.assertTrue(self.google.channels.held)
