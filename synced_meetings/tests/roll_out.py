"""Many users, and the job that connects them; for the tests of the adapters."""

from odoo import fields


class RollOutSetting:
    """For `AccountCase` and its kin: people with mailboxes, a list of them, the job."""

    @classmethod
    def _add_provider(cls):
        """Leave the adapters as they are: here they are spoken to."""

    @classmethod
    def people(cls, number, domain="corp.example"):
        """Return new users, whose logins are their addresses."""
        names = [f"user{count:03}" for count in range(number)]
        group = [fields.Command.link(cls.env.ref("base.group_user").id)]
        quiet = {"tracking_disable": True, "mail_create_nosubscribe": True}
        users = cls.env["res.users"].with_context(no_reset_password=True, **quiet)
        return users.create(
            [
                {"name": name.title(), "login": f"{name}@{domain}", "group_ids": group}
                for name in names
            ]
        )

    def begin(self, users, **values):
        """Return a list with its preview, as an administrator makes it."""
        admin = self.env.ref("base.user_admin")
        made = (
            self.env["synced.roll.out"]
            .with_user(admin)
            .create({"user_ids": [fields.Command.set(users.ids)]} | values)
        )
        made.action_preview()
        return made

    def work(self):
        """Let the job do what waits."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.roll.out"]._run_waiting()
        self.env.invalidate_all()

    def lines(self, roll_out, state):
        """Return the lines in a state."""
        return roll_out.line_ids.filtered(lambda line: line.state == state)

    def check(self, roll_out, failing):
        """Check that all are connected and read soon, but those in {address: what is said}."""
        self.assertEqual(roll_out.state, "done")
        failed = {line.email: line.sentence for line in self.lines(roll_out, "failed")}
        self.assertEqual(failed.keys(), failing.keys())
        for email, said in failing.items():
            self.assertRegex(failed[email], said)
        self.assertEqual(len({*failed.values()}), len(failing), "each has a sentence of its own")
        connected = self.lines(roll_out, "connected")
        self.assertEqual(len(connected), len(roll_out.line_ids) - len(failing))
        accounts = connected.account_id.sudo()
        self.assertEqual(set(accounts.mapped("state")), {"connecting"})
        self.assertEqual(accounts.user_id, connected.user_id)
        self.assertEqual(accounts.mapped("email"), connected.mapped("email"))
        chosen = accounts.calendar_ids.filtered("selected")
        self.assertEqual(len(chosen), len(accounts), "the primary calendar of each")
        self.assertTrue(all(calendar.due for calendar in chosen))
        cards = self.env["synced.account"].with_context(active_test=False)
        users = self.lines(roll_out, "failed").user_id
        self.assertFalse(cards.search([("user_id", "in", users.ids)]), "no trace of what failed")
