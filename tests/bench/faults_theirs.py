"""google_calendar on the desk where faults are played."""

from __future__ import annotations

from typing import Any

from odoo import Command

from odoo.addons.google_calendar.utils.google_calendar import GoogleCalendarService

from bench import theirs
from bench.faults_side import Desk, Person


def desk(env: Any, google: str, database: str) -> TheirDesk:
    """Return the desk."""
    theirs.point_to(env, google)
    return TheirDesk(env, google, database)


class TheirDesk(Desk):
    """People who use google_calendar."""

    model = "calendar.event"

    def connect(self, name: str, person: Person | None = None, editor: bool = False) -> Person:
        """Connect a new employee, or this one; any guest may edit."""
        person = person or self.employee(name)
        self.reconnect(person)
        return person

    def reconnect(self, person: Person) -> None:
        """Give a login."""
        theirs.connect(self.env, person.user, self.tokens(person.email, theirs.SCOPE))
        self.env.cr.commit()

    def people(self, person: Person, guests: Any, users: Any) -> dict[str, Any]:
        """Return the values by which people are invited; the organiser is one of them."""
        partners = person.user.partner_id | guests
        for user in users:
            partners |= user.partner_id
        return {"partner_ids": [Command.set(partners.ids)]}

    def note(self, record: Any, person: Person) -> None:
        """Write what stays in Odoo: there is no field for a note, so a tag."""
        tag = self.env["calendar.event.type"].create({"name": record.display_name})
        self.edit(record, person, categ_ids=[Command.link(tag.id)])

    def send(self, record: Any, person: Person) -> None:
        """Do nothing: whoever saves has sent."""

    def run(self, person: Person) -> str:
        """Do what res.users._sync_all_google_calendar does for a user."""
        service = GoogleCalendarService(self.env["google.service"])
        person.user.with_user(person.user).sudo()._sync_google_calendar(service)
        return ""
