"""What is secret cannot be read by anybody, anywhere, and is of no use in a copy."""

import base64
import logging
import os
import stat
import subprocess
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, file_open, mute_logger
from odoo.tools.misc import exec_pg_environ, find_pg_tool

from odoo.addons.synced_meetings.models import keyring
from odoo.addons.synced_meetings.models.keyring import KeyMissing

from .common import PROVIDER, AccountCase

WORD = "PLANTED-9f3b7c"


def key():
    """Return a new key."""
    return Fernet.generate_key().decode()


@tagged("post_install", "-at_install")
class TestKeys(AccountCase):
    def setUp(self):
        super().setUp()
        self.secrets = self.env["synced.secret"]
        self.file = Path(self.data_dir) / keyring.FILE
        self.addCleanup(self.file.unlink, missing_ok=True)

    def given(self, *keys):
        self.startPatcher(patch.dict(os.environ, {"SYNCED_MEETINGS_KEY": " , ".join(keys)}))

    def test_the_first_use_makes_a_key_that_only_the_server_reads(self):
        self.assertEqual(self.secrets._unseal(self.secrets._seal(WORD)), WORD)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        self.assertEqual([file.name for file in self.file.parent.iterdir()], [keyring.FILE])

    def test_two_that_make_it_at_once_have_the_same(self):
        sealed = keyring.make_key().seal(WORD)
        first = self.file.read_text()
        self.assertEqual(keyring.make_key().unseal(sealed), WORD)
        self.assertEqual(self.file.read_text(), first)

    def test_a_given_key_comes_first(self):
        self.given(key())
        self.secrets._seal(WORD)
        self.assertFalse(self.file.exists())
        configured = {**keyring.config, keyring.SETTING: key()}
        self.given()
        with patch.object(keyring, "config", configured):
            self.assertEqual(self.secrets._unseal(self.secrets._seal(WORD)), WORD)
        self.assertFalse(self.file.exists())

    def test_keys_are_rotated(self):
        old, new = key(), key()
        self.given(old)
        account = self.connect(self.ann, token=WORD)
        self.env["ir.config_parameter"].set_param("synced.test", self.secrets._seal(WORD))
        self.patch(type(self.secrets), "_sealed_parameters", lambda model: ["synced.test"])
        self.given(new, old)
        self.assertEqual(account._secret("token"), WORD)
        self.secrets._seal_anew()
        self.given(new)
        self.assertEqual(account._secret("token"), WORD)
        self.assertEqual(self.secrets._get_parameter("synced.test"), WORD)

    def test_no_new_key_where_something_is_sealed(self):
        account = self.connect(self.ann)
        self.file.unlink()
        with self.assertRaises(KeyMissing):
            self.secrets._seal("more")
        with self.assertRaises(KeyMissing):
            account._secret("token")
        self.assertFalse(self.file.exists())
        account._note_trouble(KeyMissing())
        self.assertEqual(account.state, "error")
        self.assertIn("key", account.last_error)
        account.action_disconnect()
        self.secrets._seal("at last")
        self.assertTrue(self.file.exists())

    def test_connecting_says_that_the_key_is_missing(self):
        self.connect(self.ann)
        self.file.unlink()
        card = self.card(self.bob).with_user(self.bob)
        with self.assertRaisesRegex(UserError, "SYNCED_MEETINGS_KEY"):
            card.action_connect()

    def test_a_malformed_or_foreign_key_shows_nothing_of_itself(self):
        sealed = self.secrets._seal(WORD)
        for wrong in (WORD, key()):
            self.given(wrong)
            with self.assertRaises(KeyMissing) as caught:
                self.secrets._unseal(sealed)
            error = caught.exception
            self.assertTrue(error.__suppress_context__ and error.__cause__ is None)
            self.assertNotIn(wrong, repr(error) + str(error))


@tagged("post_install", "-at_install")
class TestPlanted(AccountCase):
    def setUp(self):
        super().setUp()
        sql_log = self.assertLogs("odoo.sql_db", "DEBUG")
        with self.assertLogs("odoo", "DEBUG") as logs, sql_log as sql:
            self.account = self.connect(self.ann, token=WORD)
            self.consent()
            self.env.flush_all()
            logging.getLogger("odoo").debug("the end")
        self.logs = logs.output + sql.output

    def consent(self):
        with patch("secrets.token_urlsafe", side_effect=[f"{WORD}-state", f"{WORD}-verifier"]):
            self.env["synced.consent"]._begin(self.account.with_user(self.ann))

    def people(self):
        """Return everybody, with the right to export, up to the administrator."""
        people = self.ann | self.bob | self.boss | self.env.ref("base.user_admin")
        for person in people:
            person.group_ids |= self.env.ref("base.group_allow_export")
        return people

    def test_not_in_logs(self):
        self.assertTrue([line for line in self.logs if "synced_secret" in line])
        self.assertFalse([line for line in self.logs if WORD in line])

    def test_not_in_any_table(self):
        tables = self.env.execute_query(
            SQL("SELECT tablename FROM pg_tables WHERE schemaname = current_schema")
        )
        for (table,) in tables:
            statement = SQL(
                "SELECT 1 FROM %s t WHERE t::text LIKE %s LIMIT 1",
                SQL.identifier(table),
                f"%{WORD}%",
            )
            with self.subTest(table):
                self.assertFalse(self.env.execute_query(statement))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_nobody_reads_the_tables_of_secrets(self):
        for user in self.people():
            for name in ("synced.secret", "synced.consent"):
                model = self.env[name].with_user(user)
                records = model.sudo().search([]).sudo(False)
                self.assertTrue(records)
                self.closed(model.search, [])
                self.closed(model.search_count, [])
                self.closed(model.web_search_read, [], {"id": {}})
                self.closed(model.formatted_read_group, [], ["id"])
                self.closed(model.name_search, "")
                self.closed(model.create, {})
                self.closed(records.read, ["create_date"])
                self.closed(records.export_data, ["create_date"])
                self.closed(records.write, {"name": "x"})
                self.closed(records.unlink)

    def closed(self, method, *arguments):
        """Check that the door is shut."""
        with self.subTest(method=repr(method)), self.assertRaises(AccessError):
            method(*arguments)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_nothing_secret_on_the_card_is_a_field_for_anybody(self):
        for user in self.people():
            account = self.account.with_user(user)
            model = account.browse()
            for name in ("secret_ids", "mailbox_id", "database_uuid"):
                self.assertNotIn(name, model.fields_get())
                self.closed(model.search, [(name, "!=", False)])
                self.closed(model.formatted_read_group, [], [name])
                self.closed(model.search, [], 0, None, name)
                if user != self.bob:
                    self.closed(account.read, [name])
                    self.closed(account.export_data, [name])
                    self.closed(account.web_read, {name: {}})

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_not_in_what_anybody_reads(self):
        names = [name for name in self.env.registry if name.startswith("synced.")]
        for user in self.people():
            for name in (*names, "ir.config_parameter"):
                model = self.env[name].with_user(user)
                if not model.has_access("read"):
                    continue
                records = model.with_context(active_test=False).search([])
                with self.subTest(name, user=user.login):
                    self.assertNotIn(WORD, repr(records.read()))
                    exported = [f for f, d in model.fields_get().items() if d.get("exportable")]
                    self.assertNotIn(WORD, repr(records.export_data(exported)))

    def test_a_secret_through_the_users_own_records_stays_closed(self):
        self.people()
        user = self.ann.with_user(self.ann)
        with self.assertRaises(AccessError):
            user.search([("synced_account_ids.secret_ids.value", "like", "gAAA")])
        exported = user.export_data(["synced_account_ids/id"])
        self.assertNotIn(WORD, repr(exported))
        with self.assertRaises(AccessError):
            user.export_data(["synced_account_ids/secret_ids/value"])

    def test_a_copy_of_a_card_has_no_login(self):
        copy = self.account.copy()
        self.assertFalse(copy.secret_ids or copy.mailbox_id or copy.email)
        self.assertEqual(copy.state, "draft")

    def test_a_neutralised_copy_is_blank(self):
        with file_open("synced_meetings/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.env["synced.secret"].search([]))
        self.assertFalse(self.env["synced.consent"].search([]))
        self.assertEqual(self.account.state, "paused")
        self.assertIn("neutralised", self.account.last_error)
        self.assertFalse(any(self.account.calendar_ids.mapped("due")))
        jobs = self.env["ir.cron"].with_context(active_test=False).search([])
        ours = jobs.filtered(lambda job: job.model_id.model.startswith("synced."))
        self.assertTrue(ours and not any(ours.mapped("active")))


@tagged("post_install", "-at_install")
class TestDump(AccountCase):
    """What is committed is in every backup."""

    def test_no_secret_stands_in_a_dump(self):
        with self.registry.cursor() as cr:
            env = self.env(cr=cr, user=SUPERUSER_ID)
            account = env["synced.account"].create({"provider": PROVIDER})
            self.addCleanup(self.forget, account.id)
            names = ("refresh_token", "access_token", "password")
            account._authorised(
                "dump@x.example", "dump", {name: f"{WORD}-{name}" for name in names}
            )
            env["synced.secret"]._set_parameter("synced_meetings.test_dump", f"{WORD}-client")
            env["synced.consent"]._begin(account)
        dump = subprocess.run(
            [find_pg_tool("pg_dump"), "--data-only", self.env.cr.dbname],
            env=exec_pg_environ(),
            capture_output=True,
            check=True,
        ).stdout
        self.assertIn(b"dump@x.example", dump)
        self.assertNotIn(WORD.encode(), dump)
        for shape in (base64.b64encode(WORD.encode())[:-4], WORD.encode().hex().encode()):
            self.assertNotIn(shape, dump)

    def forget(self, account_id):
        with self.registry.cursor() as cr:
            env = self.env(cr=cr, user=SUPERUSER_ID)
            env["synced.account"].browse(account_id).write({"state": "draft"})
            env["synced.account"].browse(account_id).unlink()
            env["ir.config_parameter"].set_param("synced_meetings.test_dump", False)
