"""Faults that a calendar sync meets, each played the same way on both sides.

A case gets a `Desk`, on which both sides do the same things, and says what was lost and doubled.
What is between `desk.measured()` and its end is counted: requests, statements, mails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CASES: dict[str, Callable[[Any], Finding]] = {}
MALFORMED = {"start": {"dateTime": "next Tuesday"}, "id": "broken", "status": "confirmed"}


@dataclass(frozen=True)
class Finding:
    """What a fault did."""

    lost: int
    doubled: int
    said: str  # one sentence


def case(title: str) -> Callable[[Callable[[Any], Finding]], Callable[[Any], Finding]]:
    """Keep a function as a case."""

    def keep(play: Callable[[Any], Finding]) -> Callable[[Any], Finding]:
        CASES[title] = play
        return play

    return keep


@case("Google answers 429 to an edit")
def quota(desk: Any) -> Finding:
    """One request is refused; the next would be taken."""
    ann = desk.connect("quota")
    meeting = desk.make(ann, "Quota")
    desk.sync(ann)
    fault = {"status": 429, "reason": "rateLimitExceeded", "match": "^PATCH /calendar"}
    desk.google("POST", "faults", fault)
    with desk.measured():
        desk.edit(meeting, ann, name="Quota, new time agreed")
        desk.sync(ann)
        desk.sync(ann)
    there = desk.events(ann, "Quota")[0]["summary"]
    arrived = "new time" in there
    return Finding(0 if arrived else 1, 0, f"Google shows “{there}”.")


@case("One malformed event among ten good ones")
def malformed(desk: Any) -> Finding:
    """The page has an event without a readable time."""
    ann = desk.connect("malformed")
    for number in range(10):
        desk.insert(ann, f"Good {number}", number)
    raw = {**MALFORMED, "summary": "Broken", "updated": "2026-01-01T00:00:00Z"}
    desk.google("POST", "faults/malformed", {"email": ann.email, "raw": raw})
    with desk.measured():
        trouble = desk.sync(ann)
    came = len(desk.rows(ann, "Good"))
    told = f"the run ended with {trouble}" if trouble else "the run went to its end"
    return Finding(10 - came, 0, f"{came} of 10 good events came in; {told}.")


@case("The organiser's login is revoked while a colleague edits")
def revoked(desk: Any) -> Finding:
    """The organiser connects again afterwards."""
    ann, ben = desk.connect("organiser"), desk.connect("colleague", editor=True)
    meeting = desk.make(ann, "Shared", users=[ben.user])
    desk.send(meeting, ann)
    desk.sync(ann)
    desk.sync(ben)
    desk.google("POST", "faults/revoke_grants", {"email": ann.email})
    with desk.measured():
        desk.edit(meeting, ben, name="Shared, moved to room 9")
        desk.sync(ann)
        desk.sync(ben)
        desk.reconnect(ann)
        desk.sync(ann)
        desk.sync(ben)
        desk.sync(ann)
    there = desk.events(ann, "Shared")[0]["summary"]
    here = ", ".join(desk.rows(ann, "Shared"))
    lost = int("room 9" not in there) + int("room 9" not in here)
    return Finding(min(lost, 1), 0, f"Google shows “{there}”, Odoo “{here}”.")


@case("A tag or note is written in Odoo just after an edit in Google")
def note(desk: Any) -> Finding:
    """What stays in Odoo is no reason to refuse what comes in; then the place is changed here."""
    ann = desk.connect("note")
    event = desk.insert(ann, "Note", 1)
    desk.sync(ann)
    record = desk.records(ann, "Note")
    desk.patch(ann, event, summary="Note, renamed in Google")
    with desk.measured():
        desk.note(record, ann)
        desk.sync(ann)
        between = ", ".join(desk.rows(ann, "Note"))
        desk.edit(record, ann, location="Room 4")
        desk.sync(ann)
    there = desk.events(ann, "Note")[0]["summary"]
    return Finding(
        0 if "renamed" in there else 1,
        0,
        f"After the note Odoo shows “{between}”; once the place is changed in Odoo, Google shows "
        f"“{there}”.",
    )


@case("A guest deletes the own copy in Google")
def guest_deletes(desk: Any) -> Finding:
    """The meeting goes on without that guest."""
    ann, ben = desk.connect("host"), desk.connect("guest")
    guests = [{"email": ben.email}, {"email": "olson@client.example"}]
    event = desk.insert(ann, "Goes on", 1, attendees=guests)
    desk.sync(ann)
    desk.sync(ben)
    with desk.measured():
        desk.delete(ben, event)
        desk.sync(ben)
        desk.sync(ann)
        desk.sync(ben)
    here, there = desk.rows(ann, "Goes on"), desk.events(ann, "Goes on")
    answers = (
        {one["email"]: one["responseStatus"] for one in there[0]["attendees"]} if there else {}
    )
    lost = int(not here) + int(not there)
    said = f"Odoo has {len(here)} meeting, Google {len(there)}; the guest's answer is "
    return Finding(min(lost, 1), max(len(here) - 1, 0), said + f"“{answers.get(ben.email)}”.")


@case("An endless daily series moves by an hour in Google")
def moved_series(desk: Any) -> Finding:
    """What hangs on its meetings stays only where they stay the same rows."""
    ann = desk.connect("series")
    rule = {"recurrence": ["RRULE:FREQ=DAILY"]}
    event = desk.insert(ann, "Stand-up", 0, **rule)
    desk.sync(ann)
    before = desk.records(ann, "Stand-up")
    ids = set(before.ids)
    desk.patch(ann, event, **desk.at(0, 11))
    with desk.measured():
        desk.sync(ann)
    after = set(desk.records(ann, "Stand-up").ids)
    kept = len(ids & after)
    return Finding(
        len(ids) - kept, 0, f"{kept:,} of {len(ids):,} meetings stayed the same row in Odoo."
    )


@case("Two connected users are invited by somebody from outside")
def two_copies(desk: Any) -> Finding:
    """One meeting and one weekly series, two copies of each."""
    ann, ben = desk.connect("first"), desk.connect("second")
    carol = desk.outsider("carol")
    guests = [{"email": ann.email}, {"email": ben.email}]
    desk.insert(carol, "Outside", 1, attendees=guests)
    rule = {"recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=WE"]}
    desk.insert(carol, "Rounds", 2, attendees=guests, **rule)
    with desk.measured():
        for person in (ann, ben, ann, ben):
            desk.sync(person)
    single, rounds = len(desk.rows(ann, "Outside")), len(desk.rows(ann, "Rounds"))
    return Finding(
        max(1 - single, 0) + max(4 - rounds, 0),
        max(single - 1, 0) + max(rounds - 4, 0),
        f"Odoo has {single} of 1 meeting and {rounds} of 4 occurrences.",
    )


@case("The answer to a creation is lost")
def lost_answer(desk: Any) -> Finding:
    """Google has done it; the connection breaks before it says so."""
    ann = desk.connect("answer")
    desk.sync(ann)
    desk.google("POST", "steps", {"do": "drop", "next": 1, "when": "after", "times": 2})
    with desk.measured():
        meeting = desk.make(ann, "Created", guests=1)
        desk.send(meeting, ann)
        desk.sync(ann)
        desk.google("DELETE", "steps")
        for _ in range(3):
            desk.sync(ann)
    here, there = desk.rows(ann, "Created"), desk.events(ann, "Created")
    return Finding(
        int(not there) + int(not here),
        max(len(there) - 1, 0) + max(len(here) - 1, 0),
        f"Odoo has {len(here)}, Google {len(there)}.",
    )


@case("100 meetings with a guest, made before connecting")
def before_connecting(desk: Any) -> Finding:
    """Their guests know them already."""
    ann = desk.employee("late")
    for number in range(100):
        desk.make(ann, f"Agreed {number}", day=number % 30, guests=1)
    told = desk.mails_of_odoo()
    with desk.measured():
        desk.connect("late", ann)
        desk.sync(ann)
        desk.sync(ann)
    there, here = len(desk.events(ann, "Agreed")), len(desk.rows(ann, "Agreed"))
    said = f"Odoo mailed {told} guests when they were made; connecting mailed {desk.cost['mails']}"
    return Finding(100 - here, max(there - 100, 0), f"{said} and put {there} into Google.")
