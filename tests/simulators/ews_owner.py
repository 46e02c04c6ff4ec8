"""What people do in Outlook and on their phones, without any client of ours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from .ews_answers import respond
from .ews_call import Call
from .ews_guests import note_answer
from .ews_recurrence import DAYS, Recurrence
from .ews_seed import data_of, seed
from .ews_views import View, locate, nth
from .ews_world import Account, Data, Folder, World
from .ews_writing import created, deleted, updated
from .ews_xml import new

TO_ALL, TO_NONE = "SendToAllAndSaveCopy", "SendToNone"


class Owner:
    """A person with a mailbox; without another calendar's id all happens in the main one."""

    def __init__(self, world: World, account: Account) -> None:
        self.world, self.account, self.email = world, account, account.email
        self.mailbox = account.mailbox

    @property
    def calendar(self) -> Folder:
        """Return the main calendar."""
        return self.mailbox.calendar

    def add_calendar(self, name: str) -> Folder:
        """Create a further calendar."""
        with self.world.lock:
            return self.world.add_folder(self.mailbox, name, "", self.mailbox.calendar.id)

    def share(self, email: str, level: str = "Reviewer", folder: Folder | None = None) -> None:
        """Let somebody read (Reviewer) or write (Editor) a calendar."""
        (folder or self.calendar).rights[email.lower()] = level

    def _call(self) -> Call:
        return Call(self.world, self.account, self.mailbox, self.mailbox.zone, new("m:Outlook"))

    def create(self, send: str = TO_NONE, folder: Folder | None = None, **values: Any) -> View:
        """Create an item; values have the names of the schema, times are instants."""
        with self.world.lock:
            return created(self._call(), folder or self.calendar, data_of(values), send)

    def update(self, identity: str, send: str = TO_NONE, **values: Any) -> View:
        """Change an item, a series or (by its id) an occurrence; None empties a value."""
        with self.world.lock:
            view = locate(self.world, identity)
            data = {**view.data, **data_of(values)}
            kept = {name: value for name, value in data.items() if value is not None}
            updated(self._call(), view, kept, set(values), send)
            return locate(self.world, view.id)

    def delete(self, identity: str, send: str = TO_NONE, forever: bool = False) -> None:
        """Delete an item, a series or (by its id) an occurrence; it goes to the deleted items."""
        target = "" if forever else "deleteditems"
        with self.world.lock:
            deleted(self._call(), locate(self.world, identity), send, target)

    def move(self, identity: str, target: Folder) -> str:
        """Move an item to another calendar; its id changes by that."""
        with self.world.lock:
            return self.world.move(locate(self.world, identity).item, target).id

    def respond(self, identity: str, response: str, send: bool = True) -> None:
        """Answer an invitation: Accept, Tentative or Decline."""
        with self.world.lock:
            respond(self._call(), locate(self.world, identity), response, send)

    def guest_answers(self, identity: str, email: str, response: str) -> None:
        """Take the answer that somebody outside sent by mail."""
        with self.world.lock:
            view = locate(self.world, identity)
            note_answer(self.world, view.item, email.lower(), response, view.original)

    def items(self, folder: Folder | None = None) -> list[View]:
        """Return singles and series."""
        return [View(one) for one in (folder or self.calendar).items.values()]

    def item(self, subject: str) -> View:
        """Return the only item with a subject."""
        found = [one for one in self.items() if one.data["Subject"] == subject]
        if len(found) != 1:
            raise KeyError(f"{len(found)} items are called {subject!r}")
        return found[0]

    def get(self, identity: str) -> View:
        """Return what an id names."""
        return locate(self.world, identity)

    def occurrence(self, identity: str, number: int) -> View:
        """Return an occurrence of a series, from 1 on."""
        return nth(locate(self.world, identity).item, number)

    def seed(self, events: Iterable[Data], folder: Folder | None = None) -> list[str]:
        """Put in what ics.load() found, without mails and guests' copies; return what was lost."""
        with self.world.lock:
            return seed(self.world, folder or self.calendar, events)


def weekly(start: datetime, count: int = 0, interval: int = 1) -> Recurrence:
    """Return a pattern that falls on the weekday of a day, without count for ever."""
    rule = {"DaysOfWeek": DAYS[start.weekday()], "FirstDayOfWeek": "Monday"}
    return _counted("WeeklyRecurrence", {"Interval": str(interval), **rule}, start, count)


def daily(start: datetime, count: int = 0, interval: int = 1) -> Recurrence:
    """Return a pattern that falls on every day, without count for ever."""
    return _counted("DailyRecurrence", {"Interval": str(interval)}, start, count)


def _counted(pattern: str, rule: dict[str, str], start: datetime, count: int) -> Recurrence:
    bounds = {"StartDate": start.date().isoformat()}
    if not count:
        return Recurrence(pattern, rule, "NoEndRecurrence", bounds)
    bounds["NumberOfOccurrences"] = str(count)
    return Recurrence(pattern, rule, "NumberedRecurrence", bounds)


def hour(start: datetime, hours: float = 1.0) -> dict[str, datetime]:
    """Return start and end."""
    return {"Start": start, "End": start + timedelta(hours=hours)}
