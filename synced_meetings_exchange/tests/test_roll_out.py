"""Many mailboxes at once: at Microsoft 365, and on an own server."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.synced_meetings.tests.common import AccountCase
from odoo.addons.synced_meetings.tests.roll_out import RollOutSetting

from .graph_case import simulator

MANY, FEW = 200, 20


class ApplicationCase(RollOutSetting, AccountCase):
    """A simulated Microsoft 365, in which an administrator allowed the application."""

    def setUp(self):
        super().setUp()
        package = simulator("graph")
        self.graph = self.enterContext(package.SimulatedGraph())
        parameters = self.env["ir.config_parameter"]
        for name, value in (
            ("authority_url", self.graph.authority_url),
            ("graph_url", self.graph.api_url),
            ("ca_file", self.graph.ca_file),
        ):
            parameters.set_param(f"synced_meetings_exchange.{name}", value)
        self.env["res.config.settings"].create(
            {
                "synced_exchange_client_id": package.DEMO_APP,
                "synced_exchange_client_secret": package.DEMO_SECRET,
                "synced_exchange_tenant": "corp.example",
            }
        ).execute()
        self.graph.world.add_tenant("corp.example")
        self.graph.login.admin_consent(package.DEMO_APP, "corp.example")

    def hired(self, number):
        """Return new users with mailboxes."""
        users = self.people(number)
        for user in users:
            self.graph.add_user(user.login, user.name, "Europe/Berlin")
        return users


@tagged("post_install", "-at_install")
class TestMicrosoft365(ApplicationCase):
    def test_three_of_two_hundred_fail(self):
        users = self.hired(MANY)
        emails = users.mapped("login")
        missing, outside, inactive = emails[10], emails[100], emails[199]
        del self.graph.world.mailboxes[missing]
        self.graph.faults.limit_app("corp.example", [e for e in emails if e != outside])
        self.graph.faults.without_rest(inactive)
        roll_out = self.begin(users, kind="microsoft365")
        self.assertEqual(roll_out.planned_count, MANY)
        self.assertFalse(self.graph.requests, "a preview asks nobody")
        mails = self.env["mail.mail"].search_count([])
        roll_out.action_start()
        self.assertEqual(roll_out.state, "running")
        self.assertFalse(self.graph.requests, "a click waits for nothing")
        self.work()
        self.check(
            roll_out,
            {
                missing: f"no mailbox {missing}",
                outside: f"may not open the mailbox {outside}.*scope",
                inactive: f"{inactive} is not at Microsoft 365",
            },
        )
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.graph.mails, [])

    def test_only_the_failed_are_tried_again(self):
        users = self.hired(3)
        self.graph.faults.limit_app("corp.example", users[:2].mapped("login"))
        roll_out = self.begin(users, kind="microsoft365")
        roll_out.action_start()
        self.work()
        self.graph.faults.limit_app("corp.example", None)
        self.graph.requests.clear()
        roll_out.action_retry()
        self.work()
        self.check(roll_out, {})
        paths = " ".join(request.path for request in self.graph.requests)
        self.assertIn(users[2].login, paths)
        self.assertNotIn(users[0].login, paths)

    def test_a_mistyped_address_is_corrected(self):
        users = self.hired(2)
        roll_out = self.begin(users, kind="microsoft365")
        self.lines(roll_out, "planned")[0].email = "nobody@corp.example"
        roll_out.action_start()
        self.work()
        failed = self.lines(roll_out, "failed")
        self.assertEqual(failed.email, "nobody@corp.example")
        failed.email = users[0].login
        self.assertEqual(roll_out.planned_count, 1)
        roll_out.action_start()
        self.work()
        self.check(roll_out, {})

    def test_a_killed_job_goes_on(self):
        users = self.hired(4)
        roll_out = self.begin(users, kind="microsoft365")
        roll_out.action_start()
        accounts = type(self.env["synced.account"])
        listing, tried = accounts._list_calendars, []

        def killed(account):
            tried.append(account)
            if len(tried) == 2:
                raise KeyboardInterrupt
            return listing(account)

        # not assertRaises, which would undo what was committed
        with patch.object(accounts, "_list_calendars", killed), suppress(KeyboardInterrupt):
            self.work()
        self.assertEqual(len(tried), 2)
        self.env.invalidate_all()
        self.assertEqual(roll_out.connected_count, 1)
        self.work()
        self.check(roll_out, {})
        self.assertEqual(len(self.env["synced.account"].search([("user_id", "in", users.ids)])), 4)

    def test_what_holds_for_all_is_not_tried_for_all(self):
        roll_out = self.begin(self.hired(5), kind="microsoft365")
        self.graph.login.apps.clear()
        roll_out.action_start()
        self.work()
        sentences = set(self.lines(roll_out, "failed").mapped("sentence"))
        self.assertEqual((roll_out.failed_count, len(sentences)), (5, 1))
        self.assertIn("client id", sentences.pop())
        tokens = [one for one in self.graph.requests if one.path.endswith("/token")]
        self.assertEqual(len(tokens), 1)

    def test_it_can_be_stopped(self):
        roll_out = self.begin(self.hired(2), kind="microsoft365")
        roll_out.action_start()
        roll_out.action_stop()
        self.work()
        self.assertEqual((roll_out.state, roll_out.planned_count), ("draft", 2))
        self.assertFalse(self.graph.requests)

    def test_what_was_made_before_waits_for_its_preview(self):
        [user] = self.hired(1)
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        self.env["synced.meeting"].with_user(user).create({"name": "Before", "start": start})
        self.graph.user(user.login).seed(
            [
                {
                    "subject": "There",
                    "start": {"dateTime": "2030-01-01T09:00:00", "timeZone": "UTC"},
                    "end": {"dateTime": "2030-01-01T10:00:00", "timeZone": "UTC"},
                }
            ]
        )
        roll_out = self.begin(user, kind="microsoft365")
        roll_out.action_start()
        self.work()
        account = roll_out.line_ids.account_id
        for _ in range(2):
            account.sudo().calendar_ids._mark_due()
            self.env.flush_all()
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr)["synced.calendar"]._run_due()
            self.env.invalidate_all()
        self.assertEqual(account.sudo().state, "connected")
        subjects = [event["subject"] for event in self.graph.user(user.login).events()]
        self.assertEqual(subjects, ["There"])
        self.assertEqual(account.with_user(user).only_here_count, 1)

    def test_the_user_is_told_and_keeps_the_choice_of_what_is_seen(self):
        [user] = self.hired(1)
        roll_out = self.begin(user, kind="microsoft365")
        roll_out.action_start()
        self.work()
        card = self.env["synced.account"].with_user(user).search([])
        self.assertEqual(card.colleagues_see, "contacts")
        told = card.activity_ids
        self.assertEqual((told.user_id, told.res_id), (user, card.id))
        self.assertIn(self.env.ref("base.user_admin").name, str(told.note))
        card.colleagues_see = "busy"
        card.action_disconnect()
        again = self.begin(user, kind="microsoft365")
        self.assertFalse(again.planned_count, "what a user ended is not begun unasked")
        again.line_ids.wanted = True
        again.action_start()
        self.work()
        self.assertEqual((card.state, card.colleagues_see), ("connecting", "busy"))


@tagged("post_install", "-at_install")
class TestPreview(ApplicationCase):
    def fates(self, roll_out):
        return {line.user_id: (line.state, line.email) for line in roll_out.line_ids}

    def test_who_and_which_mailbox(self):
        fine, gone, connected, nameless = users = self.hired(4)
        first = self.begin(connected, kind="microsoft365")
        first.action_start()
        self.work()
        gone.active = False
        nameless.write({"login": "nameless", "email": False})
        twin = self.person("twin")
        twin.write({"login": "twin", "email": fine.login})
        roll_out = self.begin(users | twin, kind="microsoft365")
        self.assertEqual(
            self.fates(roll_out),
            {
                fine: ("planned", fine.login),
                gone: ("archived", gone.login),
                connected: ("already", connected.login),
                nameless: ("no_email", False),
                twin: ("taken", fine.login),
            },
        )
        self.assertEqual(roll_out.planned_count, 1)
        roll_out.action_start()
        self.work()
        self.assertEqual(self.fates(roll_out)[fine], ("connected", fine.login))
        self.assertEqual(self.fates(roll_out)[gone], ("archived", gone.login))

    def test_everybody_who_works_in_odoo_and_nobody_else(self):
        portal = self.person("portal", "base.group_portal")
        listed = self.begin(self.env["res.users"], kind="microsoft365").line_ids.user_id
        self.assertIn(self.ann, listed)
        self.assertFalse(listed & (portal | self.env.ref("base.user_root")))

    def test_no_mailbox_by_an_address_that_users_gave_themselves(self):
        self.bob.login = "bob"
        self.bob.with_user(self.bob).email = "ann@corp.example"
        line = self.begin(self.bob, kind="microsoft365").line_ids
        self.assertEqual((line.state, line.email), ("no_email", False))
        self.assertIn("ann@corp.example was entered by the user", line.sentence)

    def test_another_way_needs_another_preview(self):
        roll_out = self.begin(self.hired(1), kind="microsoft365")
        roll_out.kind = "own_server"
        self.assertFalse(roll_out.line_ids)

    def test_it_says_what_is_missing(self):
        self.env["res.config.settings"].create({"synced_exchange_tenant": False}).execute()
        roll_out = self.begin(self.hired(1), kind="microsoft365")
        self.assertIn("tenant under Settings", roll_out.obstacle)
        with self.assertRaisesRegex(UserError, "tenant under Settings"):
            roll_out.action_start()

    def test_the_recipe_names_this_application(self):
        recipe = self.begin(self.ann, kind="microsoft365").recipe
        self.assertIn(simulator("graph").DEMO_APP, recipe)
        for command in ("New-ManagementRoleAssignment", "New-ApplicationAccessPolicy"):
            self.assertIn(command, recipe)
        self.assertNotIn(simulator("graph").DEMO_SECRET, recipe)

    def test_only_administrators(self):
        roll_out = self.begin(self.hired(1), kind="microsoft365")
        for user in (self.ann, self.boss):
            with self.assertRaises(AccessError):
                self.env["synced.roll.out"].with_user(user).create({"kind": "microsoft365"})
            for method in ("action_preview", "action_start", "action_retry", "action_stop", "read"):
                with self.subTest(method, user=user.name), self.assertRaises(AccessError):
                    getattr(roll_out.with_user(user), method)()
            with self.assertRaises(AccessError):
                roll_out.line_ids.with_user(user).write({"email": "x@corp.example"})


@tagged("post_install", "-at_install")
class TestOwnServer(RollOutSetting, AccountCase):
    def test_three_of_twenty_fail(self):
        exchange = self.enterContext(simulator("ews").SimulatedExchange(tls=True))
        users = self.people(FEW)
        emails = users.mapped("login")
        missing, outside, disabled = emails[3], emails[4], emails[19]
        for user in users:
            if user.login != missing:
                exchange.add_user(user.login, user.name, "Europe/Berlin")
        exchange.faults.disable(disabled)
        allowed = [email for email in emails if email != outside]
        exchange.add_service("svc", password="service secret", may_act_for=allowed)
        with open(exchange.ca_file, encoding="ascii") as file:
            text = file.read()
        server = self.env["synced.exchange.server"].create(
            {"name": "Hanover", "url": exchange.url, "ca_certificates": text}
            | {"private_network": True, "service_login": "svc"}
        )
        roll_out = self.begin(users, kind="own_server", server_id=server.id)
        self.assertIn("service account", roll_out.obstacle)
        server.service_password = "service secret"
        self.env.invalidate_all()
        self.assertFalse(roll_out.obstacle)
        self.assertIn('-User "svc"', roll_out.recipe)
        roll_out.action_start()
        self.work()
        self.check(
            roll_out,
            {
                missing: f"no mailbox {missing}",
                outside: f"svc may not act for {outside}.*ApplicationImpersonation",
                disabled: f"account of {disabled} is disabled",
            },
        )
        self.assertEqual({one.account for one in exchange.asked}, {"svc@corp.example"})
        self.assertFalse(self.env["synced.secret"].search([("name", "!=", "exchange_known")]))
        server.service_password = "wrong"
        roll_out.action_retry()
        failures = len(exchange.service.gate.failures)
        self.work()
        self.assertEqual(len(exchange.service.gate.failures) - failures, 1, "nobody is locked out")
        self.assertEqual(roll_out.failed_count, 3)
