"""No password of Exchange can be read by anybody, by any way, and none is in a copy."""

import logging
import traceback

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, file_open, mute_logger

from ..models.synced_account import TOKENS
from ..models.synced_secret import CERTIFICATE, CLIENT_SECRET
from .common import OWN, ExchangeCase

WORD = "PLANTED-7d1e5a"


class Closed(Exception):
    """Who asked was not allowed to, or the question cannot be asked at all."""


@tagged("post_install", "-at_install")
class TestPasswords(ExchangeCase):
    @classmethod
    def _add_provider(cls):
        """Leave the adapters as they are: what they say of a failure is read here."""

    def setUp(self):
        super().setUp()
        with (
            self.assertLogs("odoo", "DEBUG") as logs,
            self.assertLogs("odoo.sql_db", "DEBUG") as sql,
        ):
            self.own = self.enter(**OWN, password=f"{WORD}-own")
            service = {"impersonation": True, "impersonation_email": "svc@corp.example"}
            self.other = self.enter(self.bob, **OWN | {"email": "bob@corp.example"}, **service)
            self.other.with_user(self.bob).impersonation_password = f"{WORD}-service"
            self.own._set_secret(TOKENS, f"{WORD}-tokens")
            for name in (CLIENT_SECRET, CERTIFICATE):
                self.env["synced.secret"]._set_parameter(name, f"{WORD}-{name}")
            self.server.write({"service_login": "svc", "service_password": f"{WORD}-server"})
            self.env.flush_all()
            logging.getLogger("odoo").debug("the end")
        self.logs = logs.output + sql.output

    def people(self):
        """Return everybody, with the right to export, up to the administrator."""
        people = self.ann | self.bob | self.boss | self.admin | self.env.ref("base.user_admin")
        for person in people:
            person.group_ids |= self.env.ref("base.group_allow_export")
        return people

    def test_they_are_kept(self):
        self.assertEqual(self.own.sudo()._secret("exchange_password"), f"{WORD}-own")
        self.assertEqual(self.other.sudo()._exchange_credentials()[1], f"{WORD}-service")
        self.assertEqual(self.server._service_password(), f"{WORD}-server")
        self.assertEqual(self.own._secret(TOKENS), f"{WORD}-tokens")
        for name in (CLIENT_SECRET, CERTIFICATE):
            kept = self.env["synced.secret"]._get_parameter(name)
            self.assertEqual(kept, f"{WORD}-{name}")

    def test_an_empty_field_changes_nothing(self):
        self.own.write({"password": False})
        self.own.write({"password": ""})
        self.server.write({"service_password": False})
        self.test_they_are_kept()

    def test_blank_at_once_for_whoever_typed_it(self):
        self.own.password = f"{WORD}-new"
        self.assertFalse(self.own.password)
        self.server.service_password = f"{WORD}-new"
        self.assertFalse(self.server.service_password)
        saved = self.own.web_save({"password": f"{WORD}-newer"}, {"password": {}})
        self.assertNotIn(WORD, repr(saved))
        self.assertEqual(self.own.sudo()._secret("exchange_password"), f"{WORD}-newer")

    def test_not_in_logs_nor_in_any_table(self):
        self.assertTrue([line for line in self.logs if "synced_secret" in line])
        self.assertFalse([line for line in self.logs if WORD in line])
        tables = self.env.execute_query(
            SQL("SELECT tablename FROM pg_tables WHERE schemaname = current_schema")
        )
        for (table,) in tables:
            rows = SQL(
                "SELECT 1 FROM %s t WHERE t::text LIKE %s LIMIT 1",
                SQL.identifier(table),
                f"%{WORD}%",
            )
            with self.subTest(table):
                self.assertFalse(self.env.execute_query(rows))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_not_in_what_anybody_reads(self):
        for user in self.people():
            for name in self.models():
                model = self.env[name].with_user(user)
                if not model.has_access("read"):
                    continue
                records = model.with_context(active_test=False).search([])
                names = list(model.fields_get())
                shown = [
                    records.read(),
                    records.export_data(names)["datas"],
                    records.web_read({name: {} for name in names}),
                    model.search_read([], names),
                ]
                if model.has_access("create"):
                    shown.append(model.default_get(names))
                    shown.append(model.onchange({}, [], {name: {} for name in names}))
                    shown.append(records[:1].copy_data())
                with self.subTest(name, user=user.login):
                    self.assertNotIn(WORD, repr(shown))

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_no_question_is_answered_either(self):
        for user in self.people():
            questions = (
                (self.own, ("password", "impersonation_password")),
                (self.server, ("service_password",)),
            )
            for record, names in questions:
                for name in names:
                    self.ask(record.with_user(user).browse(), name, user)

    def models(self):
        """Return every model that this add-on adds or extends, and where parameters stand."""
        folder = "odoo.addons.synced_meetings_exchange.models."
        own = [
            name
            for name, model in self.env.registry.items()
            if not (model._abstract or model._transient)
            and any(base.__module__.startswith(folder) for base in model.__mro__)
        ]
        self.assertGreaterEqual(
            set(own), {"synced.account", "synced.calendar", "synced.exchange.server"}
        )
        return [*own, "ir.config_parameter"]

    def test_not_in_what_a_failure_says(self):
        """Whatever fails with them in hand, its trace and its log say nothing of them."""
        self.server.write({"url": "https://127.0.0.1:9/EWS/Exchange.asmx", "private_network": True})
        self.own.write({"server_id": self.server.id, "password": f"{WORD}-own"})
        with self.assertLogs("", "DEBUG") as logs:
            logging.getLogger().debug("the beginning")
            for act in (self.own.action_connect, self.own.sudo()._list_calendars):
                try:
                    act()
                except UserError as error:
                    trace = traceback.TracebackException.from_exception(error, capture_locals=False)
                    self.assertNotIn(WORD, "".join(trace.format()))
            self.own.sudo().state = "connecting"
            self.own.sudo()._provider().close()
            self.assertNotIn(WORD, repr(self.own.sudo()._exchange_server()))
        self.assertNotIn(WORD, "".join(logs.output))

    def ask(self, model, name, user):
        """Check that nothing can be found, ordered or grouped by a password."""
        asked = (
            lambda: model.search([(name, "like", WORD)]),
            lambda: model.search([], order=name),
            lambda: model.formatted_read_group([], [name]),
            lambda: model.search_count([(name, "!=", False)]),
        )
        for question in asked:
            with self.subTest(name, user=user.login), self.assertRaises(Closed):
                try:
                    question()
                except (AccessError, ValueError) as error:
                    raise Closed from error

    def test_a_copy_of_a_card_has_none(self):
        copy = self.own.sudo().copy()
        self.assertEqual((copy.exchange_service, copy.auth_method), ("own_server", "basic"))
        self.assertFalse(copy.secret_ids or copy.email or copy.server_url or copy.password_set)
        server = self.server.copy({"url": "https://other.corp.example/EWS/Exchange.asmx"})
        self.assertFalse(server.service_password_set)

    def test_disconnecting_erases_it(self):
        self.own._authorised("ann@corp.example", "own_server:1", {})
        self.own.action_disconnect()
        self.assertFalse(self.own.sudo().secret_ids or self.own.password_set)

    def test_a_deleted_server_leaves_none(self):
        names = self.env["synced.secret"]._sealed_parameters()
        kept = self.env["ir.config_parameter"].search([("key", "in", names)])
        self.assertIn(f"server_password.{self.server.id}", repr(kept.mapped("key")))
        self.server.unlink()
        self.assertFalse(kept.exists().filtered(lambda row: "server_password" in row.key))

    def test_keys_are_rotated_and_a_missing_one_is_said(self):
        self.env["synced.secret"]._seal_anew()
        self.test_they_are_kept()
        self.env["synced.secret"].sudo().search([]).unlink()
        from odoo.addons.synced_meetings.models import keyring

        keyring._path().unlink()
        with self.assertRaisesRegex(UserError, "SYNCED_MEETINGS_KEY"):
            self.own.password = "x"
        with self.assertRaisesRegex(UserError, "SYNCED_MEETINGS_KEY"):
            self.server.service_password = "x"

    def test_a_neutralised_copy_is_blank(self):
        self.env["synced.secret"]._set_parameter("synced_meetings_exchange.client_secret", WORD)
        self.env["synced.secret"]._set_parameter("synced_meetings_exchange.certificate", WORD)
        self.env.flush_all()
        for addon in ("synced_meetings", "synced_meetings_exchange"):
            with file_open(f"{addon}/data/neutralize.sql") as file:
                self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.env.registry.clear_cache("stable")
        self.assertFalse(self.env["synced.secret"].search([]))
        self.assertFalse(self.env["synced.secret"]._parameters())
        self.assertFalse(self.own.password_set or self.server.service_password_set)
