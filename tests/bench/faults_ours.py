"""Synced Meetings on the desk where faults are played."""

from __future__ import annotations

from typing import Any

from odoo import Command

from bench import ours
from bench.faults_side import Desk, Person
from bench.ours import kept


def desk(env: Any, google: str, database: str) -> OurDesk:
    """Return the desk."""
    ours.point_to(env, google)
    return OurDesk(env, google, database)


class OurDesk(Desk):
    """People who use Synced Meetings."""

    model = "synced.meeting"

    def connect(self, name: str, person: Person | None = None, editor: bool = False) -> Person:
        """Connect a new employee, or this one; an editor may change what others organise."""
        person = person or self.employee(name)
        person.account = ours.connect(self.env, self.url, person.email, person.user)
        if editor:
            manager = self.env.ref("synced_meetings.group_manager")
            person.user.group_ids = [Command.link(manager.id)]
        self.env.cr.commit()
        return person

    def reconnect(self, person: Person) -> None:
        """Give a new login."""
        account = person.account.account_id
        secrets = {"google_tokens": kept(self.tokens(person.email))}
        account._authorised(person.email, person.email, secrets)
        self.env.cr.commit()

    def people(self, person: Person, guests: Any, users: Any) -> dict[str, Any]:
        """Return the values by which people are invited."""
        links = [Command.link(user.id) for user in users]
        values = {"person_ids": [Command.set(guests.ids)]} if guests else {}
        return values | ({"user_ids": links} if links else {})

    def note(self, record: Any, person: Person) -> None:
        """Write what stays in Odoo."""
        self.edit(record, person, notes="They want the blue one.")

    def send(self, record: Any, person: Person) -> None:
        """Press Save and send."""
        record.with_user(person.user).action_send()
        self.env.cr.commit()

    def run(self, person: Person) -> str:
        """Run the calendar; what may be undone for ten seconds goes out at once."""
        self.env["synced.meeting.link"].search([("next_try", "!=", False)]).next_try = False
        self.env.cr.commit()
        person.account._synchronise()
        return person.account.last_error or ""
