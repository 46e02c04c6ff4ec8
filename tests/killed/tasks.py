"""What a copy of Odoo does: prepare a person's work, run the job, go on after a killed one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from odoo import fields

from bench import ours
from bench.side import call
from killed import hooks

ANN, CAROL = "ann@corp.example", "carol@outside.example"
ZONE = "Europe/Berlin"
WEEKS = 8  # occurrences of each series
MOST_ROUNDS = 4


def furnish(env: Any, google: str, size: int) -> None:
    """Let Ann make ``size`` meetings: a third is in her calendar and was changed or deleted since.

    Beside them occurrences of her series were changed, and an invitation was answered.
    """
    Work(env, google, size).do()
    env.cr.commit()


def run(env: Any) -> None:
    """Do what the scheduled job does, as if all that is to wait had waited."""
    _pass_time(env)
    env["synced.calendar"]._run_due()


def edit(env: Any, word: str) -> None:
    """Let Ann change all that she made."""
    meetings = env["synced.meeting"].search([("name", "like", "Made")])
    for meeting in meetings.with_user(meetings.user_id):
        meeting.name = f"{meeting.name} {word}"
    env.cr.commit()


def go_on(env: Any) -> dict[str, int]:
    """Run until nothing is left to do; return how many runs that took, and what one more asks."""
    rounds = 0
    while rounds < MOST_ROUNDS and (not rounds or env["synced.meeting.link"].search_count(OPEN)):
        rounds += 1
        run(env)
    before = hooks.counted["request"]
    run(env)
    return {"rounds": rounds, "asked": hooks.counted["request"] - before}


OPEN = ["|", "|", ("dirty", "=", True), ("sent", "!=", False), ("in_doubt", "=", True)]


def _pass_time(env: Any) -> None:
    env["synced.calendar"].search([]).write({"lease_until": False, "due": fields.Datetime.now()})
    env["synced.meeting.link"].search([("next_try", "!=", False)]).write({"next_try": False})
    env.cr.commit()


class Work:
    """What Ann did."""

    def __init__(self, env: Any, google: str, size: int) -> None:
        self.env, self.google, self.size = env, google, size
        now = datetime.now(timezone.utc).replace(hour=8, minute=0, second=0, microsecond=0)
        self.monday = now + timedelta(days=14 - now.weekday())

    def do(self) -> None:
        """Do all of it; the last of it did not reach Google yet."""
        self._events()
        self.calendar = ours.prepare(self.env, self.google, ANN).calendar
        self.user = self.calendar.user_id
        contacts = [{"name": f"Guest {n}", "email": f"guest{n}@client.example"} for n in range(9)]
        self.guests = self.env["res.partner"].create(contacts)
        self._run()
        old = [self._made(number) for number in range(self.size * 3 // 10)]
        self._run()
        self._change(old)
        for number in range(len(old), self.size):
            self._made(number)
        self._change_occurrences()
        invited = self.env["synced.meeting"].search([("name", "=", "Outside")])
        invited.with_user(self.user).action_accept()
        self._change_there()

    def _run(self) -> None:
        self.env.cr.commit()
        run(self.env)
        self.env.invalidate_all()

    def _made(self, number: int) -> Any:
        """Return a meeting; of four one is without guests' knowledge, one is sent."""
        start = (self.monday + timedelta(days=number % 40, hours=number % 7)).replace(tzinfo=None)
        values = {"name": f"Made {number}", "start": start, "stop": start + timedelta(hours=1)}
        meetings = self.env["synced.meeting"].with_user(self.user)
        if number % 4 < 2:
            guests = self.guests[number % 9] | self.guests[(number + 1) % 9]
            values["person_ids"] = [fields.Command.set(guests.ids)]
        meeting = meetings.create(values)
        if number % 4 == 1:
            meeting.action_send()
        return meeting

    def _change(self, old: list) -> None:
        """Delete some of them, one in two with a word to the guests, and change the others."""
        deleted = min(self.size // 20 + 1, 10)
        for number, meeting in enumerate(old[:deleted]):
            if number % 2:
                meeting.action_cancel_and_tell()
            else:
                meeting.unlink()
        for number, meeting in enumerate(old[deleted:]):
            meeting.write({"name": f"{meeting.name} changed", "location": "Room 4"})
            if number % 2 and meeting.attendee_ids:
                meeting.action_send()

    def _change_occurrences(self) -> None:
        for name in ("First", "Second"):
            rows = self.env["synced.meeting"].with_user(self.user)
            rows = rows.search([("name", "=", name)], order="start")
            rows[1].name = f"{name} differently"
            rows[2].unlink()
            rows[3].person_ids = self.guests[0]
            rows[3].action_send()

    # In Google

    def _events(self) -> None:
        call(f"{self.google}/_simulator/users", "POST", {"email": CAROL, "name": "Carol"})
        for number, name in enumerate(("First", "Second")):
            rule = {"recurrence": [f"RRULE:FREQ=WEEKLY;COUNT={WEEKS}"]}
            self._insert(ANN, {"summary": name, **rule, **self._at(number, 10)})
        guests = {"attendees": [{"email": ANN}, {"email": CAROL, "responseStatus": "accepted"}]}
        self._insert(CAROL, {"summary": "Outside", **guests, **self._at(3, 12)})
        self.lunch = self._insert(ANN, {"summary": "Lunch", **self._at(4, 12)})

    def _change_there(self) -> None:
        """Let the run have something to bring in as well."""
        there = f"{self.google}/_simulator/events/{ANN}/primary/{self.lunch['id']}"
        call(there, "PATCH", {"summary": "Long lunch"})
        self._insert(ANN, {"summary": "Tea", **self._at(5, 16)})

    def _insert(self, email: str, event: dict) -> dict:
        return call(f"{self.google}/_simulator/events/{email}", "POST", event)

    def _at(self, day: int, hour: int) -> dict:
        start = (self.monday + timedelta(days=day)).replace(hour=hour)
        return dict(_times(start, start + timedelta(hours=1)))


def _times(start: datetime, end: datetime) -> Iterator[tuple[str, dict]]:
    for name, moment in (("start", start), ("end", end)):
        yield name, {"dateTime": moment.isoformat(), "timeZone": ZONE}
