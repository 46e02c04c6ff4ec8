"""Meetings for tests of what people see: made directly, with no calendar behind them."""

from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

NOW = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - the ORM's moments are naive UTC


class MeetingCase(TransactionCase):
    """Three colleagues, a company with its people, and a way to let them meet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("synced_meetings.enabled", "True")
        cls.ann, cls.bob, cls.eve = (cls.person(name) for name in ("ann", "bob", "eve"))
        cls.boss = cls.person("boss", "base.group_user,synced_meetings.group_manager")
        contacts = cls.env["res.partner"]
        cls.acme = contacts.create({"name": "Acme", "is_company": True})
        cls.sales = contacts.create({"name": "Acme, Sales", "parent_id": cls.acme.id})
        cls.olson = contacts.create({"name": "Addison Olson", "parent_id": cls.sales.id})
        cls.steward = contacts.create({"name": "Floyd Steward", "parent_id": cls.acme.id})
        cls.stranger = contacts.create({"name": "Stranger"})

    @classmethod
    def person(cls, login, group="base.group_user"):
        """Return a new user of a group, without meetings."""
        name = login.title()
        return new_test_user(
            cls.env, f"seen_{login}", group, email=f"{login}@seen.example", name=name, tz="UTC"
        )

    @classmethod
    def meet(cls, day, organiser, *people, hours=1, **values):
        """Return a meeting ``day`` days from now of users and contacts."""
        users = [p for p in people if p._name == "res.users"]
        contacts = [p for p in people if p._name == "res.partner"]
        start = values.pop("start", NOW + timedelta(days=day))
        values = {
            "name": f"Day {day}",
            "start": start,
            "stop": start + timedelta(hours=hours),
            "user_id": organiser.id,
            "organiser_email": organiser.email,
            "user_ids": [Command.set([organiser.id, *(u.id for u in users)])],
            "partner_ids": [Command.set([c.id for c in contacts])],
            "attendee_ids": [Command.create(cls._invited(p)) for p in (*users, *contacts)],
        } | values
        return cls.env["synced.meeting"].create(values)

    @classmethod
    def _invited(cls, person):
        if person._name == "res.users":
            return {"email": person.email, "name": person.name, "user_id": person.id}
        email = person.email or f"{person.id}@acme.example"
        return {"email": email, "name": person.name, "partner_id": person.id}

    def statements(self, call):
        """Return how many SQL statements ``call`` needs with nothing cached."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        return self.env.cr.sql_log_count - before
