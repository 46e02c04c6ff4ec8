"""How managers see all connections, what they can do, and what they are told beforehand."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import AccountCase

WORD = "Takeover of Acme"
SPAN = {"start": "2026-11-23 09:00:00", "stop": "2026-11-23 10:00:00"}
STATES = ("connecting", "connected", "error", "reauth", "paused")


@tagged("post_install", "-at_install")
class TestHealth(AccountCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {state: cls.person(f"is_{state}") for state in STATES}
        cls.accounts = {state: cls.connect(user) for state, user in cls.people.items()}
        for state, account in cls.accounts.items():
            account.write({"state": state, "trouble": "reauth" if state == "reauth" else False})
        cls.now = fields.Datetime.now()
        cls.env["synced.calendar"].search([]).write({"due": cls.now + timedelta(hours=1)})

    def health(self, user=None):
        return self.env["synced.account"].with_user(user or self.boss).health()

    def counts(self):
        return {one["state"]: one["count"] for one in self.health()["states"]}

    def of_boss(self, *states):
        accounts = self.env["synced.account"].with_user(self.boss)
        return accounts.browse([self.accounts[state].id for state in states])

    def test_every_state_is_counted_and_who_never_came(self):
        before = self.counts()
        self.assertTrue(all(before[state] for state in STATES))
        never = self.health()["never"]
        self.connect(self.ann).state = "connected"
        self.assertEqual(self.counts(), before | {"connected": before["connected"] + 1})
        self.assertEqual(self.health()["never"], never - 1)
        self.card(self.bob)
        self.assertEqual(self.health()["never"], never - 1, "a card is no connection")

    def test_what_waits_and_for_how_long(self):
        self.assertEqual(self.health()["backlog"], 0)
        calendar = self.accounts["error"].calendar_ids.filtered("selected")
        calendar.due = fields.Datetime.now() - timedelta(minutes=10)
        found = self.health()
        self.assertEqual(found["backlog"], 1)
        self.assertGreater(found["lag"], 60)
        self.accounts["paused"].calendar_ids.due = calendar.due
        self.assertEqual(self.health()["backlog"], 1, "what rests does not wait")

    def test_only_managers_and_never_what_meetings_say(self):
        for user in (self.ann, self.people["connected"]):
            with self.assertRaises(AccessError):
                self.health(user)
            with self.assertRaises(AccessError):
                self.accounts["connected"].with_user(user).action_pause()
        calendar = self.accounts["connected"].calendar_ids[0]
        self.env["synced.meeting"].create({"name": WORD, **SPAN})
        self.env["synced.sync.quarantine"].create(
            {"calendar_id": calendar.id, "remote_id": "1", "payload": WORD, "reason": "no_start"}
        )
        view = self.env.ref("synced_meetings.view_health_list")
        shown = self.env["synced.account"].with_user(self.boss).get_views([(view.id, "list")])
        names = list(shown["models"]["synced.account"]["fields"])
        self.assertNotIn(WORD, repr((self.health(), self.of_boss(*STATES).read(names))))
        self.assertTrue(self.health()["quarantine"])

    def test_what_is_wrong_says_what_to_do(self):
        for state in ("reauth", "error"):
            self.accounts[state].calendar_ids[0].last_error = "Choose another one."
        self.assertIn("Sign in again", self.of_boss("reauth").calendar_error)
        self.assertEqual(self.of_boss("error").calendar_error, "Choose another one.")
        self.assertFalse(self.of_boss("connected").calendar_error)

    def test_since_when(self):
        account = self.accounts["connected"]
        before = account.state_since
        with freeze_time(before + timedelta(days=1)):
            account._note_success()
            self.assertEqual(account.state_since, before)
            account._note_trouble("reauth")
            self.assertEqual(account.state_since, before + timedelta(days=1))

    # ---- for many at once ----

    def test_asked_to_sign_in_again(self):
        asked = self.of_boss("connected", "reauth", "paused")
        mails = self.env["mail.message"].search_count([])
        asked.action_ask_to_reconnect()
        self.assertEqual(self.env["mail.message"].search_count([]) - mails, 2)
        for state, wanted in (("connected", 0), ("reauth", 1), ("paused", 1)):
            self.assertEqual(len(self.accounts[state].activity_ids), wanted, state)
        told = self.env["mail.message"].search([], limit=1, order="id desc")
        self.assertIn(told.partner_ids.user_ids.login, {"synced_is_reauth", "synced_is_paused"})
        self.assertIn("/odoo/calendar-connections", told.body)

    def test_paused_and_going_on(self):
        account = self.of_boss("error")
        account.action_pause()
        self.assertEqual((account.state, account.trouble), ("paused", "by_manager"))
        self.assertFalse(account.sudo()._usable())
        account.action_retry()
        self.assertEqual(account.state, "connecting")
        calendar = account.sudo().calendar_ids.filtered("selected")
        self.assertLessEqual(calendar.due, fields.Datetime.now())
        other = self.of_boss("paused")
        other.action_retry()
        self.assertEqual(other.state, "paused", "what rests for another reason")

    # ---- being told beforehand ----

    def alarms(self):
        """Let the job run; return the mails of it."""
        domain = [("subject", "=", "Calendar connections need attention")]
        before = self.env["mail.message"].search(domain)
        self.env["synced.account"]._cron_alarm()
        return self.env["mail.message"].search(domain) - before

    def test_managers_are_told_once_a_day_from_a_share_on(self):
        self.env["synced.account"].search(
            [("id", "not in", [one.id for one in self.accounts.values()])]
        ).state = "draft"
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("synced_meetings.alarm_percent", "51")  # two of four fail
        self.assertFalse(self.alarms())
        parameters.set_param("synced_meetings.alarm_percent", "50")
        told = self.alarms()
        self.assertIn(self.boss.partner_id, told.partner_ids)
        self.assertNotIn(self.ann.partner_id, told.partner_ids)
        self.assertIn("2 of 4", told.body)
        self.assertFalse(self.alarms(), "once a day")
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.assertTrue(self.alarms())
            parameters.set_param("synced_meetings.alarmed_on", "")
            parameters.set_param("synced_meetings.alarm_percent", "0")
            self.assertFalse(self.alarms())

    def test_a_subscription_that_is_not_renewed_is_named_before_it_ends(self):
        calendar = self.accounts["connected"].calendar_ids.filtered("selected")
        begun, ends = self.now, self.now + timedelta(days=7)
        calendar.write({"channel_id": "c", "channel_begun": begun, "channel_expires": ends})
        for left, named in ((13, False), (5, True), (-1, False)):
            with self.subTest(left), freeze_time(ends - timedelta(hours=left)):
                told = " ".join(map(str, self.env["synced.account"]._warnings()))
                self.assertEqual("subscriptions end" in told, named)

    def test_what_expires_is_named_two_weeks_before(self):
        ends = self.now + timedelta(days=30)
        model = self.env.registry["synced.account"]
        with patch.object(model, "_expiring", lambda account: [(ends, "The secret ends.")]):
            for days, named in ((15, False), (14, True), (-1, True)):
                with self.subTest(days), freeze_time(ends - timedelta(days=days)):
                    self.assertEqual("The secret ends." in self.health()["warnings"], named)

    # ---- leaving ----

    def test_leaving_sorts_meetings_by_where_they_were_made(self):
        account, other = self.accounts["connected"], self.accounts["error"]
        [calendar], [others] = (one.calendar_ids.filtered("selected") for one in (account, other))
        user = account.user_id
        made = {}
        for name in ("theirs", "worked_on", "shared", "ours"):
            made[name] = self.env["synced.meeting"].create({"name": name, **SPAN})
            key = name if name == "ours" else False
            made[name].link_ids.unlink()
            link = {"meeting_id": made[name].id, "remote_id": name}
            self.env["synced.meeting.link"].create(
                link | {"calendar_id": calendar.id, "client_key": key}
            )
            if name == "shared":
                self.env["synced.meeting.link"].create(link | {"calendar_id": others.id})
        made["worked_on"]._bring_in({"notes": "<p>Bring the contract</p>"})
        calendar.sync_token = "kept"

        wizard = self.env["synced.disconnect"].with_user(user)
        leave = wizard.browse(account.with_user(user).action_leave()["res_id"])
        found = {name: leave[name] for name in made}
        self.assertEqual(found, dict.fromkeys(made, 1))
        with self.assertRaises(AccessError):
            wizard.with_user(self.ann).create({"account_id": account.id}).action_disconnect()
        leave.choice = "remove"
        self.assertIn("1 meetings leave Odoo", leave.consequence)
        leave.action_disconnect()
        kept = {name for name, meeting in made.items() if meeting.exists()}
        self.assertEqual(kept, {"worked_on", "shared", "ours"})
        self.assertEqual((account.state, calendar.sync_token), ("draft", False))
        waiting = self.env["synced.meeting.link"].search([("calendar_id", "=", calendar.id)])
        self.assertFalse(waiting.filtered("dirty"), "nothing is deleted in the calendar")
