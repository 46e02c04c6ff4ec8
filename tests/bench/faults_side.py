"""All faults on one side, in one process; what is common to both is `Desk`."""

from __future__ import annotations

import argparse
import contextlib
import json
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from odoo import SUPERUSER_ID, api, release
from odoo.modules.registry import Registry
from odoo.tools import config

from bench.faults_cases import CASES
from bench.side import Measure, call, user_of

ZONE = "Europe/Berlin"


@dataclass
class Person:
    """Somebody with an account in Google; a user in Odoo, unless from outside."""

    email: str
    user: Any = None
    account: Any = None  # what the side keeps of the connection


class Desk:
    """What people do, in Odoo and in Google; a side adds how it connects, makes and runs."""

    model = ""

    def __init__(self, env: Any, google: str, database: str) -> None:
        self.env, self.url = env, google
        self.measure = Measure(database, google)
        self.cost: dict[str, Any] = {}
        now = datetime.now(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.monday = now + timedelta(days=14 - now.weekday())
        values = [{"name": f"Guest {n}", "email": f"guest{n}@client.example"} for n in range(3)]
        self.contacts = env["res.partner"].create(values)
        env.cr.commit()

    @contextlib.contextmanager
    def measured(self) -> Iterator[None]:
        """Count what happens in the block."""
        self.google("DELETE", "mails")
        with self.measure.counting() as cost:
            yield
        self.cost = cost
        self.cost["mails"] = len(self.google("GET", "mails"))

    # ---- in Odoo ----

    def employee(self, name: str) -> Person:
        """Return somebody with a login in Odoo and an account in Google, not connected."""
        email = f"{name}@corp.example"
        self.google("POST", "users", {"email": email, "name": name.title(), "time_zone": ZONE})
        person = Person(email, user_of(self.env, email))
        self.env.cr.commit()
        return person

    def make(
        self, person: Person, name: str, day: int = 0, guests: int = 0, users: Any = ()
    ) -> Any:
        """Make a meeting, and save it."""
        start = (self.monday + timedelta(days=day, hours=9)).astimezone(timezone.utc)
        values = {"name": name, "start": start.replace(tzinfo=None)}
        values["stop"] = values["start"] + timedelta(hours=1)
        values |= self.people(person, self.contacts[:guests], users)
        record = self.env[self.model].with_user(person.user).create(values)
        self.env.cr.commit()
        return record

    def edit(self, record: Any, person: Person, **values: Any) -> None:
        """Change a meeting, and save it: a transaction that began after all that was before."""
        self.env.cr.commit()
        record.with_user(person.user).write(values)
        self.env.cr.commit()

    def sync(self, person: Person) -> str:
        """Run as the scheduled job does, all waits over; return what it ended with, if badly."""
        self.env.cr.commit()
        try:
            trouble = self.run(person)
        except Exception as error:
            self.env.cr.rollback()
            trouble = type(error).__name__
        self.env.cr.commit()
        self.env.invalidate_all()
        return trouble or ""

    def records(self, person: Person, name: str) -> Any:
        """Return the active meetings whose subject begins so."""
        self.env.invalidate_all()
        return self.env[self.model].search([("name", "=like", f"{name}%")], order="id")

    def rows(self, person: Person, name: str) -> list[str]:
        """Return their subjects."""
        return self.records(person, name).mapped("name")

    def mails_of_odoo(self) -> int:
        """Return how many mails Odoo itself would send."""
        self.env.cr.execute("SELECT count(*) FROM mail_mail")
        return self.env.cr.fetchone()[0]

    # ---- in Google ----

    def google(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the simulated Google something that it does not count."""
        return call(f"{self.url}/_simulator/{path}", method, body)

    def tokens(self, email: str, scope: str = "") -> dict[str, Any]:
        """Return what Google gives when the person allows it."""
        return self.google("POST", f"consent/{email}", {"scope": scope} if scope else {})

    def outsider(self, name: str) -> Person:
        """Return somebody who is not in Odoo."""
        email = f"{name}@outside.example"
        self.google("POST", "users", {"email": email, "name": name.title(), "time_zone": ZONE})
        return Person(email)

    def at(self, day: int, hour: int = 10) -> dict[str, Any]:
        """Return start and end of an hour."""
        start = self.monday + timedelta(days=day, hours=hour)
        moments = {"start": start, "end": start + timedelta(hours=1)}
        return {k: {"dateTime": v.isoformat(), "timeZone": ZONE} for k, v in moments.items()}

    def insert(self, person: Person, subject: str, day: int, **values: Any) -> str:
        """Make an event in Google; return its id."""
        event = {"summary": subject, **self.at(day), **values}
        return self.google("POST", f"events/{person.email}", event)["id"]

    def patch(self, person: Person, event: str, **values: Any) -> None:
        """Change it as its owner does."""
        self.google("PATCH", f"events/{person.email}/primary/{event}", values)

    def delete(self, person: Person, event: str) -> None:
        """Delete the person's copy."""
        self.google("DELETE", f"events/{person.email}/primary/{event}")

    def events(self, person: Person, subject: str) -> list[dict[str, Any]]:
        """Return the events that are not cancelled and whose subject begins so."""
        events = self.google("GET", f"events/{person.email}")
        alive = [event for event in events if event.get("status") != "cancelled"]
        return [event for event in alive if event.get("summary", "").startswith(subject)]


def main() -> None:
    """Play all cases and write what they found as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("side", choices=("ours", "theirs"))
    for name in ("config", "database", "google", "result"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    config.parse_config(["-c", options.config, "-d", options.database, "--log-level=error"])
    side = import_module(f"bench.faults_{options.side}")
    found, state = {}, call(f"{options.google}/_simulator/state")
    with Registry(options.database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        desk = side.desk(env, options.google, options.database)
        for title, play in CASES.items():
            finding = play(desk)
            found[title] = {**vars(finding), **desk.cost}
            call(f"{options.google}/_simulator/faults", "DELETE")
            call(f"{options.google}/_simulator/writes", "DELETE")
    call(f"{options.google}/_simulator/state", "POST", state)  # for the other side
    Path(options.result).write_text(json.dumps({"found": found, "odoo": release.version}))


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        raise SystemExit(1) from None
