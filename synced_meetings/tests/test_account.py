"""Cards: whose they are, connecting, synchronising, resting, disconnecting."""

from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.synced_meetings.models.sentences import CONSENTS, RUNS
from odoo.addons.synced_meetings.models.synced_consent import ConsentFailed
from odoo.addons.synced_meetings.sync.errors import AuthRequired, Retryable
from odoo.addons.synced_meetings.sync.event import Calendar

from .common import PROVIDER, AccountCase


@tagged("post_install", "-at_install")
class TestCard(AccountCase):
    def cards(self, user):
        return self.env["synced.account"].with_user(user)

    def test_a_card_is_its_creators_own(self):
        card = self.cards(self.ann).create({"provider": PROVIDER})
        self.assertEqual(card.user_id, self.ann)
        with self.assertRaises(AccessError):
            self.cards(self.ann).create({"provider": PROVIDER, "user_id": self.bob.id})
        with self.assertRaises(AccessError):
            card.user_id = self.bob

    def test_others_do_not_see_it_but_administrators_do(self):
        card = self.card(self.ann)
        self.assertNotIn(card, self.cards(self.bob).search([]))
        self.assertIn(card, self.cards(self.boss).search([]))
        with self.assertRaises(AccessError):
            card.with_user(self.bob).action_connect()
        with self.assertRaises(AccessError):
            card.with_user(self.bob).action_disconnect()

    def test_a_person_writes_only_what_a_person_chooses(self):
        card = self.connect(self.ann).with_user(self.ann)
        card.colleagues_see = "busy"
        for name, value in (("email", "x@y"), ("state", "draft"), ("database_uuid", "x")):
            with self.subTest(name), self.assertRaises(AccessError):
                card.write({name: value})
        with self.assertRaises(AccessError):
            self.cards(self.ann).create({"provider": PROVIDER, "state": "connected"})

    def test_only_the_owner_decides_what_is_read(self):
        card = self.connect(self.ann).with_user(self.boss)
        with self.assertRaises(AccessError):
            card.colleagues_see = "all"
        with self.assertRaises(AccessError):
            card.calendar_ids.selected = True

    def test_only_the_owner_consents(self):
        card = self.card(self.ann).with_user(self.boss)
        with self.assertRaisesRegex(UserError, "Only Ann"):
            card.action_connect()

    def test_a_card_with_a_mailbox_keeps_its_user_and_service(self):
        card = self.connect(self.ann)
        with self.assertRaises(UserError):
            card.with_user(self.boss).user_id = self.bob
        card.action_disconnect()
        with self.assertRaises(UserError):
            card.with_user(self.boss).user_id = self.bob

    def test_only_a_disconnected_card_is_deleted(self):
        card = self.connect(self.ann).with_user(self.ann)
        with self.assertRaises(UserError):
            card.unlink()
        card.action_disconnect()
        card.unlink()
        self.assertFalse(card.exists())

    def test_without_an_adapter_it_says_so(self):
        model = type(self.env["synced.account"])
        base = next(c for c in model.__mro__ if "_provider" in vars(c) and c is not model)
        with self.assertRaisesRegex(UserError, "not installed"):
            base._provider(self.card(self.ann))

    def test_every_sentence_can_be_said(self):
        card = self.connect(self.ann)
        for code in CONSENTS | RUNS:
            with self.subTest(code):
                self.assertNotRegex(card._sentence(code, given="g@x"), r"%\(|False")
                self.assertTrue(card.browse()._sentence(code))


@tagged("post_install", "-at_install")
class TestMailbox(AccountCase):
    def reason(self, account, email, mailbox):
        with self.assertRaises(ConsentFailed) as caught:
            account._authorised(email, mailbox, {"token": "new"})
        return caught.exception.reason

    def test_another_mailbox_is_refused_on_the_same_card(self):
        """Rule R21."""
        card = self.connect(self.ann, "ann@x")
        self.assertEqual(self.reason(card, "bob@x", "id of bob@x"), "other_mailbox")
        self.assertEqual(card._secret("token"), "secret")
        card.action_disconnect()
        self.assertEqual(self.reason(card, "bob@x", "id of bob@x"), "other_mailbox")

    def test_the_same_mailbox_wakes_under_a_new_address(self):
        """Rule R21: it is known by the provider's own id."""
        card = self.connect(self.ann, "ann@x")
        card.action_disconnect()
        card._authorised("ann.new@x", "id of ann@x", {"token": "new"})
        self.assertEqual((card.email, card.state), ("ann.new@x", "connecting"))

    def test_one_mailbox_is_connected_once(self):
        card = self.connect(self.ann, "office@x")
        other = self.card(self.bob)
        self.assertEqual(self.reason(other, "office@x", "id of office@x"), "taken")
        second = self.card(self.ann)
        self.assertEqual(self.reason(second, "office@x", "id of office@x"), "own_other_card")
        card.action_disconnect()
        card.flush_recordset()
        other._authorised("office@x", "id of office@x", {"token": "new"})
        self.assertEqual(self.reason(card, "office@x", "id of office@x"), "taken")


@tagged("post_install", "-at_install")
class TestCalendars(AccountCase):
    def setUp(self):
        super().setUp()
        self.account = self.connect(self.ann)
        self.addCleanup(setattr, self.shelf, "listed", self.shelf.listed)

    def named(self, name):
        return self.account.calendar_ids.filtered(lambda calendar: calendar.name == name)

    def test_the_primary_one_is_chosen(self):
        self.assertEqual(self.account.calendar_ids.filtered("selected").name, "Main")

    def test_the_choice_outlives_a_new_list(self):
        self.named("Fairs").with_user(self.ann).selected = True
        self.shelf.listed = [Calendar("main", "Main", primary=True), Calendar("fair", "Shows")]
        self.account._refresh_calendars()
        self.assertTrue(self.named("Shows").selected)

    def test_one_that_is_gone_rests(self):
        self.named("Main").due = fields.Datetime.now()
        self.shelf.listed = [Calendar("fair", "Fairs")]
        self.account._refresh_calendars()
        self.assertTrue(self.named("Main"), "never deleted")
        self.assertFalse(self.named("Main").selected or self.named("Main").due)

    def test_a_person_chooses_but_writes_nothing_else(self):
        fairs = self.named("Fairs").with_user(self.ann)
        fairs.selected = True
        self.assertTrue(fairs.due, "what is chosen is read at once")
        with self.assertRaises(AccessError):
            fairs.name = "Mine"
        with self.assertRaises(AccessError):
            fairs.with_user(self.bob).selected = False

    @mute_logger("odoo.addons.synced_meetings.models.synced_account_connect")
    def test_a_list_that_fails_stands_on_the_card(self):
        self.addCleanup(setattr, self.shelf, "error", None)
        for error, state in ((Retryable("x"), "error"), (ValueError("x"), "error")):
            self.shelf.error = error
            self.account._list_calendars()
            self.assertEqual(self.account.state, state)
            self.assertTrue(self.account.last_error)


@tagged("post_install", "-at_install")
class TestSynchronise(AccountCase):
    def setUp(self):
        super().setUp()
        self.account = self.connect(self.ann)
        self.main = self.account.calendar_ids.filtered("selected")
        self.main.due = False
        self.shelf.asked = 0

    def triggers(self, job):
        job = self.env.ref(f"synced_meetings.{job}")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])

    def test_it_marks_due_and_waits_for_nothing(self):
        before = self.triggers("cron_synchronise_1")
        self.account.with_user(self.ann).action_synchronise()
        self.assertLessEqual(self.main.due, fields.Datetime.now())
        self.assertEqual(self.triggers("cron_synchronise_1"), before + 1)
        self.assertEqual(self.shelf.asked, 0)
        self.assertTrue(self.account.syncing)

    def test_a_double_click_does_not_start_two(self):
        self.account.action_synchronise()
        first = self.main.due
        self.main.write({"lease_until": fields.Datetime.now() + timedelta(minutes=5), "due": False})
        self.account.action_synchronise()
        self.assertFalse(self.main.due, "one is on")
        self.main.write({"lease_until": False, "due": first})
        self.account.action_synchronise()
        self.assertEqual(self.main.due, first)

    def test_what_does_not_run_says_why(self):
        for state, said in (("draft", "Connect it first"), ("reauth", "Sign in again")):
            self.account.state = state
            with self.assertRaisesRegex(UserError, said):
                self.account.action_synchronise()
        self.env["ir.config_parameter"].set_param("synced_meetings.enabled", False)
        with self.assertRaisesRegex(UserError, "switched off"):
            self.account.action_synchronise()

    def test_without_calendars_the_list_is_asked_for(self):
        self.account.calendar_ids.unlink()
        before = self.triggers("cron_list_calendars")
        self.account.action_synchronise()
        self.assertEqual(self.triggers("cron_list_calendars"), before + 1)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.account"]._cron_list_calendars()
        self.account.invalidate_recordset()
        self.assertEqual(len(self.account.calendar_ids), 2)
        self.assertTrue(self.account.calendar_ids.filtered("selected").due)


@tagged("post_install", "-at_install")
class TestRest(AccountCase):
    def setUp(self):
        super().setUp()
        self.account = self.connect(self.ann)

    def test_runs_decide_the_state(self):
        self.account._note_success()
        self.assertEqual(self.account.state, "connected")
        self.account._note_trouble(Retryable("x"))
        self.assertEqual(self.account.state, "error")
        self.account._note_success()
        self.assertFalse(self.account.last_error)
        self.account._note_trouble(AuthRequired("x"))
        self.assertEqual(self.account.state, "reauth")
        self.assertIn("Sign in again", self.account.last_error)

    def test_a_late_run_does_not_wake_what_was_disconnected(self):
        self.account.action_disconnect()
        self.account._note_success()
        self.account._note_trouble(AuthRequired("x"))
        self.assertEqual((self.account.state, self.account.last_error), ("draft", False))

    def test_a_copied_database_touches_nothing(self):
        """Rule R23."""
        self.assertEqual(self.account._usable(), self.account)
        self.env["ir.config_parameter"].set_param("database.uuid", "another")
        self.assertFalse(self.account._usable())
        self.assertEqual(self.account.state, "paused")
        self.assertIn("copy of the database", self.account.last_error)
        self.shelf.revoked.clear()
        self.account.action_disconnect()
        self.assertFalse(self.shelf.revoked, "the original lives on that grant")

    def test_the_accounts_of_an_archived_user_rest(self):
        """Rule R23."""
        self.ann.active = False
        self.assertEqual(self.account.state, "paused")
        self.ann.active = True
        self.assertEqual(self.account.state, "connecting")

    def test_disconnecting_keeps_meetings_and_forgets_the_login(self):
        meeting = self.env["synced.meeting"].create(
            {"name": "Talk", "start": "2026-11-23 09:00:00", "stop": "2026-11-23 10:00:00"}
        )
        link = self.env["synced.meeting.link"].create(
            {
                "calendar_id": self.account.calendar_ids[0].id,
                "meeting_id": meeting.id,
                "remote_id": "1",
            }
        )
        self.shelf.revoked.clear()
        self.account.with_user(self.ann).action_disconnect()
        self.assertEqual(self.shelf.revoked, ["secret"])
        self.assertFalse(self.account.secret_ids)
        self.assertEqual(self.account.state, "draft")
        self.assertTrue(self.account.email, "the card keeps its mailbox")
        self.assertTrue(meeting.exists() and link.exists())
        self.assertFalse(any(self.account.calendar_ids.mapped("due")))

    def test_a_provider_that_is_away_does_not_hold_back_a_disconnection(self):
        def fail(account):
            raise Retryable("away")

        self.patch(type(self.account), "_revoke", fail)
        self.account.action_disconnect()
        self.assertEqual(self.account.state, "draft")


@tagged("post_install", "-at_install")
class TestSettings(AccountCase):
    def test_off_means_no_menu(self):
        root = self.env.ref("synced_meetings.menu_root")
        menus = self.env["ir.ui.menu"].with_user(self.ann)
        self.assertIn(root.id, menus.load_menus(False))
        settings = self.env["res.config.settings"]
        settings.create({"synced_meetings_enabled": False}).execute()
        self.assertNotIn(root.id, menus.load_menus(False))
        self.assertFalse(settings.create({}).synced_meetings_enabled)
        settings.create({"synced_meetings_enabled": True}).execute()
        self.assertIn(root.id, menus.load_menus(False))

    def test_the_window_is_whole_days(self):
        company = self.env.company
        company.write({"synced_window_past_days": 10, "synced_window_future_days": 20})
        window = company._synced_window(fields.Datetime.to_datetime("2026-11-23 15:30:00"))
        self.assertEqual(window.start, datetime(2026, 11, 13, tzinfo=timezone.utc))
        self.assertEqual(window.stop, datetime(2026, 12, 14, tzinfo=timezone.utc))

    def test_a_new_company_gets_the_servers_window(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("synced_meetings.window_past_days", "30")
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(
            (company.synced_window_past_days, company.synced_window_future_days), (30, 730)
        )

    def test_preferences_show_ones_own_connections(self):
        account = self.connect(self.ann)
        read = self.ann.with_user(self.ann).read(["synced_account_ids"])
        self.assertEqual(read[0]["synced_account_ids"], account.ids)
