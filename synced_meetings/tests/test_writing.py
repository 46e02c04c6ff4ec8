"""Who may write, on every path: by person and path, allowed or refused."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AccountCase

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.models")
ROLES = ("ann", "kim", "boss", "bob", "eve")  # organiser, allowed by her, manager, guest, other
CONTENT, OWN, NOBODY, ALL = {"ann", "kim", "boss"}, {"ann"}, set(), set(ROLES)


class WritingCase(AccountCase):
    """Ann organises; Kim may book for her; Bob is invited; Eve only reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kim, cls.eve = cls.person("kim"), cls.person("eve")
        cls.ann.synced_delegate_ids = cls.kim
        cls.contact = cls.env["res.partner"].create({"name": "Carl", "email": "carl@x.example"})
        cls.account = cls.connect(cls.ann)
        cls.account.colleagues_see = "all"
        cls.calendar = cls.account.calendar_ids.filtered("primary")
        cls.start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=9)
        cls.meeting = cls.meet("Talk")
        cls.other = cls.meet("Other", user_id=cls.eve.id)
        cls.env.flush_all()

    @classmethod
    def meet(cls, name, **values):
        values = {"name": name, "start": cls.start, "user_id": cls.ann.id} | values
        values.setdefault("user_ids", [Command.set([values["user_id"], cls.bob.id])])
        values.setdefault("partner_ids", [Command.set(cls.contact.ids)])
        return cls.env["synced.meeting"].create(values)

    def setUp(self):
        super().setUp()
        muted = mute_logger(*QUIET)
        muted.__enter__()
        self.addCleanup(muted.__exit__, None, None, None)

    def row(self, user):
        """Return the attendee row of a user or contact."""
        rows = self.meeting.attendee_ids
        return rows.filtered(lambda row: user in (row.user_id, row.partner_id))

    def check(self, paths, roles=ROLES):
        """Check who may take each of ``paths``: {name: (who may, what they do)}."""
        self.env.flush_all()
        for path, (allowed, act) in paths.items():
            for role in roles:
                with self.subTest(path=path, role=role):
                    self.assertEqual(self.may(getattr(self, role), act), role in allowed)

    def may(self, user, act):
        """Whether ``user`` may do that; all is as before in the end."""
        self.env.cr.execute("SAVEPOINT may")
        self.env.transaction.clear()
        try:
            act(self.env(user=user.id))
            self.env.flush_all()
        except (AccessError, UserError, IntegrityError):  # the last is shown as a sentence, too
            return False
        else:
            return True
        finally:
            self.env.cr.execute("ROLLBACK TO SAVEPOINT may")
            self.env.transaction.clear()

    def writes(self, **values):
        return lambda env: self.meeting.with_env(env).write(values)


@tagged("post_install", "-at_install")
class TestWriting(WritingCase):
    def test_meetings(self):
        later = self.start + timedelta(hours=3)
        as_created = lambda **values: (  # noqa: E731
            lambda env: env["synced.meeting"].create({"name": "n", "start": self.start} | values)
        )
        on = lambda name: lambda env: getattr(self.meeting.with_env(env), name)()  # noqa: E731
        self.check(
            {
                "text": (CONTENT, self.writes(name="x")),
                "time": (CONTENT, self.writes(start=later)),
                "privacy": (CONTENT, self.writes(privacy="private")),
                "archive": (CONTENT, self.writes(active=False)),
                "contacts": (CONTENT, self.writes(person_ids=[Command.clear()])),
                "users": (CONTENT, self.writes(user_ids=[Command.link(self.eve.id)])),
                "notes": (ALL, self.writes(notes="x")),
                "linked record": (ALL, self.writes(res_model="res.partner", res_id=1)),
                "web_save": (
                    CONTENT,
                    lambda env: self.meeting.with_env(env).web_save({"name": "x"}, {}),
                ),
                "import": (CONTENT, self.imports),
                "organiser": (NOBODY, self.writes(user_id=self.kim.id)),
                "company": (NOBODY, self.writes(company_id=False)),
                "uid": (NOBODY, self.writes(ical_uid="x")),
                "key": (NOBODY, self.writes(unit_key="x")),
                "shown": (NOBODY, self.writes(shared=True)),
                "state": (NOBODY, self.writes(state="cancelled")),
                "delete": (CONTENT, on("unlink")),
                "send": (CONTENT, on("action_send")),
                "cancel": (CONTENT, on("action_cancel_and_tell")),
                "cancel quietly": (CONTENT, on("action_cancel_quietly")),
                "restore what is not cancelled": (NOBODY, on("action_restore")),
                "answer": ({"bob"}, on("action_accept")),
                "create": (ALL, as_created()),
                "book for Ann": (CONTENT, as_created(user_id=self.ann.id)),
                "choose a uid": (NOBODY, as_created(ical_uid="x")),
                "choose a key": (NOBODY, as_created(unit_key="x")),
                "choose a link": (NOBODY, as_created(link_ids=[Command.create({})])),
                "by name": (NOBODY, lambda env: env["synced.meeting"].name_create("x")),
                "copy with identity": (
                    NOBODY,
                    lambda env: self.meeting.with_env(env).copy({"ical_uid": "x"}),
                ),
            }
        )

    def imports(self, env):
        result = env["synced.meeting"].load([".id", "name"], [[str(self.meeting.id), "Imported"]])
        if not result["ids"]:
            raise AccessError(str(result["messages"]))

    def test_attendees(self):
        bob, carl = self.row(self.bob), self.row(self.contact)
        foreign = self.other.attendee_ids[:1]
        through = lambda *command: self.writes(attendee_ids=[command])  # noqa: E731
        row_of = lambda env: env["synced.meeting.attendee"]  # noqa: E731
        new = {"email": "new@x.example", "meeting_id": self.meeting.id}
        self.check(
            {
                "add": (CONTENT, lambda env: row_of(env).create(new)),
                "add through": (CONTENT, through(0, 0, {"email": "new@x.example"})),
                "add answered": (
                    NOBODY,
                    lambda env: row_of(env).create(new | {"response": "accepted"}),
                ),
                "add told": (NOBODY, through(0, 0, {"email": "n@x.example", "told_version": "x"})),
                "add a user": (NOBODY, through(0, 0, {"email": "n@x.example", "user_id": 2})),
                "rename": (CONTENT, lambda env: carl.with_env(env).write({"name": "x"})),
                "rename through": (CONTENT, through(1, carl.id, {"name": "x"})),
                "answer": (NOBODY, lambda env: bob.with_env(env).write({"response": "accepted"})),
                "answer through": (NOBODY, through(1, bob.id, {"response": "accepted"})),
                "become": (NOBODY, lambda env: bob.with_env(env).write({"user_id": env.uid})),
                "take off": (CONTENT, lambda env: carl.with_env(env).unlink()),
                "take off through": (CONTENT, through(2, carl.id, 0)),
                "take over": (NOBODY, through(4, foreign.id, 0)),
                "move": (
                    NOBODY,
                    lambda env: carl.with_env(env).write({"meeting_id": self.other.id}),
                ),
                "change another's": (
                    {"boss"},
                    lambda env: foreign.with_env(env).write({"name": "x"}),
                ),
            },
            ("ann", "kim", "boss", "bob"),
        )

    def test_what_a_context_or_a_default_says_chooses_no_identity(self):
        chosen = {
            "ical_uid": "chosen",
            "unit_key": "chosen",
            "provider": "shelf",
            "shared": True,
            "state": "cancelled",
            "sequence": 7,
            "remote_id": "chosen",
            "told_version": "chosen",
            "response": "accepted",
            "is_organiser": True,
            "change_key": "chosen",
            "redacted": True,
        }
        context = {f"default_{name}": value for name, value in chosen.items()}
        own = self.env["ir.default"].with_user(self.ann)
        for model, name in (
            ("synced.meeting", "sequence"),
            ("synced.meeting.link", "remote_id"),
            ("synced.meeting.attendee", "told_version"),
        ):
            own.set(model, name, chosen[name], user_id=True)
        for said in (context, {}):
            meetings = self.env["synced.meeting"].with_user(self.ann).with_context(**said)
            meeting = meetings.create(
                {
                    "name": "n",
                    "start": self.start,
                    "partner_ids": [Command.set(self.contact.ids)],
                    "attendee_ids": [Command.create({"email": "new@x.example"})],
                }
            ).sudo()
            with self.subTest(said=bool(said)):
                self.assertEqual(len(meeting.link_ids), 1)
                self.assertEqual(meeting.state, "confirmed")
                told = meeting.read(["ical_uid", "unit_key", "sequence"])
                told += meeting.link_ids.read(["remote_id", "change_key", "redacted"])
                self.assertNotIn("chosen", repr(told))
                self.assertFalse(meeting.sequence)
                self.assertFalse(any(meeting.link_ids.mapped("redacted")))
                for row in meeting.attendee_ids:
                    self.assertFalse(row.told_version or row.is_organiser)
                    self.assertEqual(row.response, "needs_action")

    def test_a_context_makes_no_account_for_another(self):
        context = {"default_user_id": self.ann.id, "default_state": "connected"}
        cards = self.env["synced.account"].with_user(self.bob).with_context(**context)
        card = cards.create({"provider": "shelf"})
        self.assertEqual((card.user_id, card.state), (self.bob, "draft"))

    def test_private_ones(self):
        """Managers, and whom the organiser allowed, change nothing that they cannot see."""
        self.meeting.privacy = "private"
        self.env.flush_all()
        names = (
            "unlink",
            "action_send",
            "action_undo_send",
            "action_cancel_and_tell",
            "action_cancel_quietly",
            "action_restore",
            "action_accept",
        )
        for name in names:
            for role in ("kim", "boss", "eve"):
                with self.subTest(name, role=role):
                    act = lambda env, n=name: getattr(self.meeting.with_env(env), n)()  # noqa: E731
                    self.assertFalse(self.may(getattr(self, role), act))
        rows = self.env["synced.meeting.attendee"]
        row = self.row(self.contact)
        paths = {
            "notes": self.writes(notes="x"),
            "add": lambda env: rows.with_env(env).create(
                {"meeting_id": self.meeting.id, "email": "new@x.example"}
            ),
            "rename": lambda env: row.with_env(env).write({"name": "x"}),
            "take off": lambda env: row.with_env(env).unlink(),
            "copy": lambda env: self.meeting.with_env(env).copy(),
        }
        self.check({path: (NOBODY, act) for path, act in paths.items()}, ("kim", "boss", "eve"))

    def test_accounts(self):
        card, calendar = self.account, self.calendar
        cards = lambda env: env["synced.account"]  # noqa: E731
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        mine = self.card(self.bob)
        writes = lambda **values: lambda env: card.with_env(env).write(values)  # noqa: E731
        self.check(
            {
                "choose what is seen": (OWN, writes(colleagues_see="busy")),
                "hand over": (NOBODY, writes(user_id=self.eve.id)),
                "say it is connected": (NOBODY, writes(state="paused")),
                "another company": (NOBODY, writes(company_id=elsewhere.id)),
                "choose a calendar": (
                    OWN,
                    lambda env: calendar.with_env(env).write({"selected": False}),
                ),
                "through the card": (
                    OWN,
                    writes(calendar_ids=[Command.update(calendar.id, {"selected": False})]),
                ),
                "invent a calendar": (
                    NOBODY,
                    writes(calendar_ids=[Command.create({"name": "x", "remote_id": "x"})]),
                ),
                "take a calendar": (
                    NOBODY,
                    lambda env: mine.with_env(env).write(
                        {"calendar_ids": [Command.link(calendar.id)]}
                    ),
                ),
                "calendar's access": (
                    NOBODY,
                    lambda env: calendar.with_env(env).write({"access": "owner"}),
                ),
                "delete a calendar": (NOBODY, lambda env: calendar.with_env(env).unlink()),
                "delete the card": (NOBODY, lambda env: card.with_env(env).unlink()),
                "connect": (OWN, lambda env: card.with_env(env).action_connect()),
                "synchronise": (
                    {"ann", "boss"},
                    lambda env: card.with_env(env).action_synchronise(),
                ),
                "disconnect": (
                    {"ann", "boss"},
                    lambda env: card.with_env(env).action_disconnect(),
                ),
                "confirm deletions": (
                    {"ann", "boss"},
                    lambda env: calendar.with_env(env).action_confirm_deletions(),
                ),
                "a card for Ann": (
                    {"ann", "boss"},
                    lambda env: cards(env).create({"provider": "shelf", "user_id": self.ann.id}),
                ),
            }
        )

    def test_what_only_runs_write(self):
        link = self.meeting.link_ids
        run = self.env["synced.sync.run"].create(
            {"calendar_id": self.calendar.id, "started": self.start}
        )
        aside = self.env["synced.sync.quarantine"].create(
            {"calendar_id": self.calendar.id, "reason": "bad_text", "remote_id": "9"}
        )
        conflict = self.env["synced.meeting.conflict"].create(
            {
                "meeting_id": self.meeting.id,
                "calendar_id": self.calendar.id,
                "field_name": "location",
                "value": "Room 1",
            }
        )
        paths, owner = {}, {"calendar_id": self.calendar.id}
        for record in (link, run, aside, conflict):
            name = record._name
            paths |= {
                f"{name} create": (NOBODY, lambda env, n=name: env[n].create(owner)),
                f"{name} write": (NOBODY, lambda env, r=record: r.with_env(env).write(owner)),
                f"{name} unlink": (NOBODY, lambda env, r=record: r.with_env(env).unlink()),
            }
        on = lambda record, name: lambda env: getattr(record.with_env(env), name)()  # noqa: E731
        paths |= {
            "conflict taken": (OWN, on(conflict, "action_take")),
            "conflict dismissed": (OWN, on(conflict, "action_dismiss")),
            "aside solved": ({"ann", "boss"}, on(aside, "action_solve")),
            "aside retried": ({"ann", "boss"}, on(aside, "action_retry")),
        }
        self.check(paths)

    def test_delegates_are_chosen_by_oneself(self):
        choose = lambda user: (  # noqa: E731
            lambda env: user.with_env(env).write({"synced_delegate_ids": [Command.link(env.uid)]})
        )
        self.check(
            {
                "Ann's": (OWN, choose(self.ann)),
                "Eve's": ({"eve"}, choose(self.eve)),
                "by the contact": (
                    NOBODY,
                    lambda env: self.ann.partner_id.with_env(env).write(
                        {"user_ids": [Command.update(self.ann.id, {"synced_delegate_ids": []})]}
                    ),
                ),
            },
            ("ann", "boss", "bob", "eve"),
        )

    def test_a_list_of_people_is_its_owners(self):
        entry = self.env["synced.meeting.filter"].create(
            {"owner_id": self.ann.id, "user_id": self.bob.id}
        )
        give = {"owner_id": self.ann.id, "user_id": self.kim.id}
        mine = self.env["synced.meeting.filter"].create(
            {"owner_id": self.eve.id, "user_id": self.kim.id}
        )
        self.check(
            {
                "change": (OWN, lambda env: entry.with_env(env).write({"checked": False})),
                "delete": (OWN, lambda env: entry.with_env(env).unlink()),
                "give": (OWN, lambda env: env["synced.meeting.filter"].create(give)),
                "move": (
                    NOBODY,
                    lambda env: mine.with_env(env).write({"owner_id": self.ann.id}),
                ),
            }
        )


@tagged("post_install", "-at_install")
class TestWritingForeign(WritingCase):
    """What is organised elsewhere, or lies in a calendar that can only be read."""

    def foreign(self, **values):
        """Let Ann's copy be a guest's."""
        self.meeting.link_ids.write({"organises": False, "remote_id": "f"} | values)
        self.meeting._bring_in({"organiser_email": "far@x.example", "user_id": False})
        self.env.flush_all()

    def paths(self):
        row = self.row(self.contact)
        on = lambda name: lambda env: getattr(self.meeting.with_env(env), name)()  # noqa: E731
        return {
            "text": self.writes(name="x"),
            "time": self.writes(start=self.start + timedelta(hours=1)),
            "archive": self.writes(active=False),
            "contacts": self.writes(person_ids=[Command.clear()]),
            "add": self.writes(attendee_ids=[Command.create({"email": "n@x.example"})]),
            "rename": lambda env: row.with_env(env).write({"name": "x"}),
            "take off": lambda env: row.with_env(env).unlink(),
            "send": on("action_send"),
            "cancel": on("action_cancel_quietly"),
            "restore": on("action_restore"),
        }

    def test_of_others_nothing_is_changed(self):
        self.foreign()
        self.check({path: (NOBODY, act) for path, act in self.paths().items()})

    def test_of_others_nothing_is_changed_when_the_copy_is_gone(self):
        self.foreign(state="gone")
        self.check({path: (NOBODY, act) for path, act in self.paths().items()})

    def test_from_a_calendar_that_is_only_read_nothing_goes_out(self):
        self.calendar.access = "reader"
        self.meeting.link_ids.write({"remote_id": "f", "dirty": False})
        self.env.flush_all()
        paths = self.paths()
        paths["delete"] = lambda env: self.meeting.with_env(env).unlink()
        self.check({path: (NOBODY, act) for path, act in paths.items()})
        self.check({"notes": (ALL, self.writes(notes="x"))})

    def test_an_answer_from_a_calendar_that_is_only_read_is_refused(self):
        account = self.connect(self.bob)
        calendar = account.calendar_ids.filtered("primary")
        copy = {"calendar_id": calendar.id, "meeting_id": self.meeting.id, "remote_id": "b"}
        self.env["synced.meeting.link"].create(copy)
        answer = {"answer": ({"bob"}, lambda e: self.meeting.with_env(e).action_accept())}
        self.check(answer, ("bob",))
        calendar.access = "reader"
        self.env.flush_all()
        self.check({"answer": (NOBODY, answer["answer"][1])}, ("bob",))
        leave = {"leave": (NOBODY, lambda e: self.meeting.with_env(e).unlink())}
        self.check(leave, ("bob",))

    def test_a_guest_who_deletes_declines(self):
        account = self.connect(self.bob)
        calendar = account.calendar_ids.filtered("primary")
        copy = {"calendar_id": calendar.id, "meeting_id": self.meeting.id, "remote_id": "b"}
        self.env["synced.meeting.link"].create(copy)
        self.meeting.with_user(self.bob).unlink()
        self.assertTrue(self.meeting.exists().active)
        self.assertEqual(self.row(self.bob).response, "declined")


@tagged("post_install", "-at_install")
class TestWritingSeries(WritingCase):
    def setUp(self):
        super().setUp()
        self.talk = self.meet("Weekly", repeat="weekly", repeat_count=3)
        self.series = self.talk.series_id
        self.env.flush_all()

    def test_series_are_changed_only_through_their_meetings(self):
        row = self.series.attendee_ids[:1]
        if not row:
            row = self.env["synced.meeting.attendee"].create(
                {"series_id": self.series.id, "email": "carl@x.example"}
            )
        rows = self.env["synced.meeting.attendee"]
        new = {"series_id": self.series.id, "email": "new@x.example"}
        self.env.flush_all()
        series = lambda env: self.series.with_env(env)  # noqa: E731
        self.check(
            {
                "write": (NOBODY, lambda env: series(env).write({"name": "x"})),
                "delete": (NOBODY, lambda env: series(env).unlink()),
                "create": (NOBODY, lambda env: series(env).create({"start": self.start})),
                "rename a person": (NOBODY, lambda env: row.with_env(env).write({"name": "x"})),
                "take off a person": (NOBODY, lambda env: row.with_env(env).unlink()),
                "add a person": (NOBODY, lambda env: rows.with_env(env).create(new)),
                "add a person aside": (
                    NOBODY,
                    lambda env: (
                        rows.with_env(env)
                        .with_context(default_series_id=self.series.id)
                        .create({"email": "new@x.example"})
                    ),
                ),
                "all": (
                    CONTENT,
                    lambda env: self.talk.with_env(env).write({"name": "x", "apply_to": "all"}),
                ),
                "join": (
                    NOBODY,
                    lambda env: self.meeting.with_env(env).write({"series_id": self.series.id}),
                ),
            }
        )

    def test_who_edits_a_series_becomes_no_reader_of_it(self):
        self.talk.with_user(self.boss).write(
            {"start": self.talk.start + timedelta(days=1), "apply_to": "all"}
        )
        self.talk.with_user(self.boss).write({"name": "Moved", "apply_to": "following"})
        self.meeting.with_user(self.boss).write({"repeat": "weekly", "repeat_count": 3})
        meetings = self.env["synced.meeting"].with_context(active_test=False)
        meetings = meetings.search([("user_id", "=", self.ann.id)])
        self.assertTrue(meetings)
        meetings._bring_in({"privacy": "private"})
        meetings.series_id._bring_in({"privacy": "private"})
        self.env.flush_all()
        self.assertFalse(meetings.with_user(self.boss).search([("id", "in", meetings.ids)]))
