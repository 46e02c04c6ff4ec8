"""One planted word: nobody but its people finds it, whatever they call."""

import inspect
from datetime import timedelta, timezone
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.synced_meetings.store import OdooStore
from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import Event, When

from .common import AccountCase

WORD = "Zwetschgenkuchen"
QUIET = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.models",
    "odoo.sql_db",
    "odoo.domains",
    "odoo.http",
)
# Models that lead to meetings, or show what of them is on the way.
NEAR = (
    "res.partner",
    "res.users",
    "res.company",
    "res.users.settings",
    "mail.message",
    "mail.mail",
    "mail.followers",
    "ir.attachment",
    "ir.model.data",
    "ir.logging",
    "calendar.event",
    "calendar.attendee",
    "bus.bus",
)


class PlantedCase(AccountCase):
    """Ann has a private meeting whose every field holds the word; she told a guest of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Carl", "email": "carl@x.example"})
        cls.account = cls.connect(cls.ann)
        cls.account.colleagues_see = "all"
        cls.calendar = cls.account.calendar_ids.filtered("primary")
        cls.start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=40, minutes=7)
        cls.meeting = cls._plant_meeting()
        cls.series, cls.shared = cls._plant_series()
        cls._plant_around()
        cls._plant_mail()
        cls.env.cr.precommit.run()
        cls.env.invalidate_all()
        cls.readers = cls._strangers()
        # The doors are closed to all others: what they may call is tried, what they may read not.
        cls.staff = cls.readers.filtered(lambda user: user._is_internal())

    @classmethod
    def _strangers(cls):
        """Return everybody whom the meeting does not concern."""
        other = cls.env["res.company"].create({"name": "Elsewhere"})
        abroad = new_test_user(
            cls.env, "synced_abroad", company_id=other.id, company_ids=[Command.set(other.ids)]
        )
        admin = cls.env.ref("base.user_admin")
        staff = cls.bob | cls.boss | abroad | admin
        for user in staff:
            user.group_ids |= cls.env.ref("base.group_allow_export")
        portal = new_test_user(cls.env, "synced_portal", "base.group_portal")
        return staff | portal | cls.env.ref("base.public_user")

    @classmethod
    def _texts(cls):
        return {
            "name": f"{WORD} name",
            "location": f"{WORD} location",
            "description": f"<p>{WORD} description</p>",
            "conference_url": f"https://{WORD}.example",
            "privacy": "private",
            "start": cls.start,
            "stop": cls.start + timedelta(hours=1),
            "user_id": cls.ann.id,
            "company_id": cls.env.company.id,
            "organiser_email": cls.ann.email,
        }

    @classmethod
    def _guest(cls):
        return {
            "email": f"{WORD.lower()}@x.example",
            "name": f"{WORD} guest",
            "partner_id": cls.contact.id,
        }

    @classmethod
    def _plant_meeting(cls):
        meeting = cls.env["synced.meeting"].create(
            cls._texts()
            | {
                "notes": f"<p>{WORD} notes</p>",
                "ical_uid": f"{WORD}@uid",
                "partner_ids": cls.contact.ids,
                "attendee_ids": [Command.create(cls._guest())],
            }
        )
        meeting.link_ids.write(cls._copy())
        return meeting

    @classmethod
    def _copy(cls):
        start = cls.start.replace(tzinfo=timezone.utc)
        when = When(start, start + timedelta(hours=1), "UTC")
        event = codec.dump(Event(uid=f"{WORD}@uid", when=when, name=f"{WORD} event"))
        return {
            "base": event,
            "sent": event,
            "url": f"https://{WORD}.example/copy",
            "last_error": f"{WORD} error",
            "remote_id": f"{WORD} remote",
            "self_email": f"{WORD}@self.example",
        }

    @classmethod
    def _plant_series(cls):
        """Plant a private series of which one occurrence is shown."""
        series = cls.env["synced.meeting.series"].create(
            cls._texts()
            | {"ical_uid": f"{WORD}@series", "attendee_ids": [Command.create(cls._guest())]}
        )
        values = {"series_id": series.id, "privacy": "public", "name": "Shown"}
        shown = {"start": cls.start, "stop": cls.start, "user_id": cls.ann.id}
        hidden = cls._texts() | {"series_id": series.id, "recurrence_id": "20261202T090000Z"}
        meetings = cls.env["synced.meeting"].create(
            [shown | values | {"recurrence_id": "20261201T090000Z"}, hidden | {"active": False}]
        )
        copy = {"calendar_id": cls.calendar.id, "series_id": series.id, "organises": True}
        cls.env["synced.meeting.link"].create(copy | cls._copy() | {"remote_id": f"{WORD} master"})
        return series, meetings[0]

    @classmethod
    def _plant_around(cls):
        cls.env["synced.meeting.conflict"].create(
            {
                "meeting_id": cls.meeting.id,
                "calendar_id": cls.calendar.id,
                "field_name": f"{WORD} field",
                "kept": f"{WORD} kept",
                "lost": f"{WORD} lost",
                "value": f"{WORD} value",
            }
        )
        cls.env["synced.sync.quarantine"].create(
            {
                "calendar_id": cls.calendar.id,
                "remote_id": "9",
                "reason": "bad_text",
                "value": f"{WORD} value",
                "payload": f"{WORD} payload",
            }
        )

    @classmethod
    def _plant_mail(cls):
        """Mail the invitation, and let nobody send it."""
        cls.mails = cls.env["mail.mail"].create(cls.meeting._mail_to(cls.meeting.attendee_ids))

    def own_models(self):
        """Return the models of the add-ons that have records."""
        return [
            name
            for name, model in self.env.registry.items()
            if name.startswith("synced.") and not model._abstract
        ]

    def attempt(self, call):
        """Return what ``call`` shows, be it by its answer or by its refusal; undo all."""
        self.env.cr.execute("SAVEPOINT attempt")
        self.env.invalidate_all()
        try:
            shown = repr(call())
        except Exception as error:  # whatever is said is shown
            shown = repr(error) + str(error)
        self.env.cr.execute("ROLLBACK TO SAVEPOINT attempt")
        self.env.transaction.clear()
        return shown

    def assert_hidden(self, call, **said):
        """Check that the word is not in what ``call`` shows."""
        shown = self.attempt(call)
        with self.subTest(**said):
            at = shown.find(WORD)
            low = shown.lower().find(WORD.lower())
            self.assertTrue(at < 0 and low < 0, shown[max(0, low - 200) : low + 200])


@tagged("post_install", "-at_install")
class TestPlantedWord(PlantedCase):
    def setUp(self):
        super().setUp()
        muted = mute_logger(*QUIET)
        muted.__enter__()
        self.addCleanup(muted.__exit__, None, None, None)
        # In debug mode a refusal names what was refused.
        users = type(self.env["res.users"])
        has_group = users.has_group
        self.startPatcher(
            patch.object(
                users,
                "has_group",
                lambda user, group: (
                    user._is_internal() if group == "base.group_no_one" else has_group(user, group)
                ),
            )
        )

    def call(self, user, model, name, ids, *args, **kwargs):
        """Call a method as a client does."""
        with_ids = [] if ids is None else [ids]
        return call_kw(self.env[model].with_user(user), name, [*with_ids, *args], kwargs)

    def test_its_own_people_find_it(self):
        for name in ("read", "web_read"):
            spec = {} if name == "read" else {"specification": {"name": {}, "notes": {}}}
            shown = self.attempt(
                lambda name=name, spec=spec: self.call(
                    self.ann, "synced.meeting", name, self.meeting.ids, **spec
                )
            )
            self.assertIn(WORD, shown)

    def test_no_method_shows_it(self):
        for model in self.own_models():
            for name, method in self.public_methods(model):
                for user in self.readers:
                    for call in self.calls(model, name, method, user):
                        self.assert_hidden(call, model=model, method=name, user=user.login)

    def test_no_method_added_to_other_models_shows_it(self):
        for model in ("res.partner", "res.users", "res.users.settings", "res.config.settings"):
            for name, method in self.public_methods(model):
                if not (getattr(method, "__module__", "") or "").startswith("odoo.addons.synced_"):
                    continue
                for user in self.readers:
                    for call in self.calls(model, name, method, user):
                        self.assert_hidden(call, model=model, method=name, user=user.login)

    def public_methods(self, model):
        """Yield what a client may call, with its function."""
        cls = type(self.env[model])
        for name in dir(cls):
            if name.startswith("_") or not callable(getattr(cls, name, None)):
                continue
            try:
                yield name, get_public_method(self.env[model], name)
            except (AccessError, AttributeError):
                continue

    def calls(self, model, name, method, user):
        """Yield calls with arguments that anybody finds."""
        records = self.env[model].sudo().with_context(active_test=False).search([])
        ids = [None] if getattr(method, "_api_model", False) else [records.ids, []]
        parameters = list(inspect.signature(method).parameters.values())[1:]
        required = [p for p in parameters if p.default is p.empty and p.kind < p.VAR_POSITIONAL]
        known = self.arguments(model, records)
        values = {p.name: known[p.name] for p in required if p.name in known}
        if len(values) == len(required):
            for one in ids:
                yield lambda one=one: self.call(user, model, name, one, **values)

    def arguments(self, model, records):
        """Return a value for each name of a parameter that Odoo's methods have."""
        names = [n for n, f in self.env[model]._fields.items() if not f.groups]
        spec = {name: {} for name in names}
        return {
            "domain": [],
            "fields": names,
            "fields_to_export": names,
            "fields_spec": spec,
            "specification": spec,
            "field_names": [],
            "values": {},
            "vals": {},
            "vals_list": [{}],
            "groupby": names[:1],
            "aggregates": ["__count"],
            "field_name": names[0],
            "field": names[0],
            "partner_id": self.contact.id,
            "name": "a",
            "response": "accepted",
            "other": records.ids,
            "box": "both",
            "func": "id",
            "ids": records.ids,
            "user_ids": self.ann.ids,
            "emails": [self.ann.email],
            "start": fields.Datetime.to_string(self.start - timedelta(days=1)),
            "stop": fields.Datetime.to_string(self.start + timedelta(days=1)),
        }

    def test_no_reading_of_all_shows_it(self):
        for model in (*self.own_models(), *NEAR):
            if model not in self.env:
                continue
            everything = self.env[model].sudo().with_context(active_test=False).search([])
            for user in self.staff:
                names = list(self.env[model].with_user(user).fields_get(attributes=["type"]))
                self.read_all(user, model, everything, names)

    def read_all(self, user, model, everything, names):
        """Read everything by each way, field by field, so that no refusal hides another."""
        calls = {
            "search_read": ([[], names], {}),
            "web_search_read": ([[], {name: {} for name in names}], {}),
            "name_search": ([""], {"limit": None}),
        }
        for name, (args, kwargs) in calls.items():
            self.assert_hidden(
                lambda name=name, args=args, kwargs=kwargs: self.call(
                    user, model, name, None, *args, **kwargs
                ),
                model=model,
                method=name,
                user=user.login,
            )
        spec = {name: {} for name in names}
        for one in everything.ids if model in self.own_models() else ():
            for method, shown in (("read", names), ("export_data", names), ("web_read", spec)):
                self.assert_hidden(
                    lambda m=method, i=one, s=shown: self.call(user, model, m, [i], s),
                    model=model,
                    method=method,
                    user=user.login,
                )

    def test_no_search_finds_it(self):
        for model in (*self.own_models(), *NEAR):
            if model not in self.env:
                continue
            for user in self.staff:
                self.assert_not_found(user, model, list(self.paths(model, user)))

    def assert_not_found(self, user, model, paths):
        """Check that the word finds no more by any of ``paths`` than any other word does."""
        if not paths:
            return
        found, other = (self.found(user, model, paths, word) for word in (WORD, "Xyzzyq"))
        if found == other and found is not None:
            return
        if len(paths) > 1:
            for path in paths:
                self.assert_not_found(user, model, [path])
            return
        with self.subTest(model=model, path=paths[0], user=user.login):
            self.assertEqual(found, other)

    def paths(self, model, user):
        """Yield the fields, and the fields behind relations, in which a word can be looked for."""
        texts = ("char", "text", "html", "json")
        try:
            described = self.env[model].with_user(user).fields_get()
        except AccessError:
            return
        for name, said in described.items():
            if said["type"] in (*texts, "many2one", "one2many", "many2many"):
                yield name
            near = said.get("relation", "")
            if near.startswith("synced.") or (
                model.startswith("synced.") and near in ("res.partner", "res.users")
            ):
                ours = self.env[near]._fields.items()
                yield from (f"{name}.{n}" for n, f in ours if f.type in texts and f.store)

    def found(self, user, model, paths, word):
        """Return what a search for ``word`` finds, None where it is refused."""
        domain = Domain.OR([Domain(path, "ilike", word) for path in paths])
        return self.searched(user, model, domain)

    def searched(self, user, model, domain):
        records = self.env[model].with_user(user).with_context(active_test=False)
        self.env.cr.execute("SAVEPOINT attempt")
        try:
            return records.search(domain).ids
        except Exception:  # a refusal
            return None
        finally:
            self.env.cr.execute("ROLLBACK TO SAVEPOINT attempt")
            self.env.transaction.clear()

    def test_no_group_shows_it(self):
        for model in (*self.own_models(), "mail.mail", "mail.message", "ir.attachment"):
            for user in self.staff:
                names = self.env[model].with_user(user).fields_get(attributes=["groupable"])
                for name, said in names.items():
                    if said.get("groupable"):
                        self.assert_hidden(
                            lambda n=name, m=model, u=user: self.call(
                                u, m, "formatted_read_group", None, [], [n], ["__count"]
                            ),
                            model=model,
                            group=name,
                            user=user.login,
                        )

    def test_no_new_record_shows_what_it_points_to(self):
        """Onchange makes records of what a client says; it must not read for the client."""
        lines = {
            "attendee_ids": self.env["synced.meeting.attendee"].search([]).ids,
            "link_ids": self.env["synced.meeting.link"].search([]).ids,
            "series_id": self.series.id,
        }
        spec = {n: {} for n, f in self.env["synced.meeting"]._fields.items() if not f.groups}
        for user in self.staff:
            for name, value in lines.items():
                said = [(4, one) for one in value] if isinstance(value, list) else value
                for fields_spec in [{one: {}} for one in spec]:
                    self.assert_hidden(
                        lambda n=name, s=said, f=fields_spec, u=user: self.call(
                            u, "synced.meeting", "onchange", [], {n: s}, [n], f
                        ),
                        via=name,
                        shown=next(iter(fields_spec)),
                        user=user.login,
                    )

    def test_contacts_and_users_tell_no_date(self):
        self.assertTrue(self.contact.with_user(self.ann).next_synced_meeting)
        self.env.invalidate_all()
        moment = fields.Datetime.to_string(self.meeting.start)
        self.shared._bring_in({"active": False})
        self.env.flush_all()
        for user in self.staff:
            for model in ("res.partner", "res.users"):
                for name in ("next_synced_meeting", "last_synced_meeting"):
                    with self.subTest(model=model, field=name, user=user.login):
                        self.assertEqual(self.searched(user, model, [(name, ">=", moment)]), [])
                for name in ("next_synced_meeting", "synced_meeting_count", "synced_meeting_ids"):
                    people = self.contact if model == "res.partner" else self.ann
                    with self.subTest(model=model, field=name, user=user.login):
                        self.env.invalidate_all()
                        read = people.with_user(user).read([name])[0][name]
                        self.assertFalse(read)

    def test_not_on_the_bus(self):
        self.assertFalse(self.env["bus.bus"].search([("message", "ilike", WORD)]))


@tagged("post_install", "-at_install")
class TestLogs(PlantedCase):
    """What fails at an event says where and how, and not what the event says."""

    def fails(self, *_args, **_kwargs):
        """Fail as an event may: in a statement that holds it, with a text that quotes it."""
        try:
            self.env.cr.execute("SELECT %s::integer", [f"{WORD} typed"])
        except psycopg2.Error as error:
            raise ValueError(f"{WORD} typed") from error

    def assert_discreet(self, act):
        with self.assertLogs("odoo", "DEBUG") as logs:
            act()
        # Who switches on the log of all statements asked for what they hold.
        lines = [line for line in logs.output if not line.startswith("DEBUG:odoo.sql_db")]
        said = "\n".join(lines)
        self.assertNotIn(WORD, said)
        self.assertIn("A statement failed", said)
        self.assertIn("in fails", said)

    def test_a_run_that_fails(self):
        calendars = type(self.calendar)
        self.patch(calendars, "_run_repeating", self.fails)
        self.patch(self.env.cr, "rollback", lambda: None)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
        savepoint = self.env.cr.savepoint()
        finish = calendars._finish

        def finished(*args):
            savepoint.close(rollback=True)
            finish(*args)

        self.patch(calendars, "_finish", finished)
        self.assert_discreet(self.calendar._synchronise)
        self.assertNotIn(WORD, repr(self.calendar.run_ids.read()))

    def test_an_event_that_cannot_be_kept(self):
        window = self.env.company._synced_window(fields.Datetime.now())
        store = OdooStore(self.calendar, window, None)
        self.patch(OdooStore, "_save", self.fails)

        def save():
            with self.assertRaises(Rejected) as caught:
                store.save([])
            self.assertNotIn(WORD, repr(caught.exception))

        self.assert_discreet(save)

    def test_people_that_cannot_be_told(self):
        meetings = type(self.meeting)
        self.patch(meetings, "_waiting", lambda model: self.meeting)
        self.patch(meetings, "_tell", self.fails)
        self.patch(type(self.env["ir.cron"]), "_commit_progress", lambda *args: 1)
        self.assert_discreet(self.env["synced.meeting"]._tell_waiting)
        self.assertTrue(self.meeting.tell_error)
