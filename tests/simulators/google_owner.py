"""What people do in Google's own pages and on their phones, without any client of ours."""

from __future__ import annotations

from collections.abc import Iterable

from . import google_creating as creating
from . import google_editing as editing
from .google_edit import Edit, find
from .google_events import completed, fresh, new_id, patched
from .google_guests import answer, store
from .google_instances import instance_id, locate
from .google_schema import EVENT, check
from .google_seed import seed
from .google_split import split
from .google_world import Calendar, Copy, Event, User, World

SERVER_ONLY = ("fromGmail",)  # event types that no client may create


class Owner:
    """A person with an account."""

    def __init__(self, world: World, user: User) -> None:
        self.world, self.user, self.email = world, user, user.email

    def calendar(self, identity: str = "primary") -> OwnersCalendar:
        """Return one of the person's calendars."""
        found = self.world.calendar(self.user, identity)
        if found is None:
            raise KeyError(identity)
        return OwnersCalendar(self.world, self.user, found)

    def add_calendar(self, summary: str, identity: str = "") -> OwnersCalendar:
        """Create a secondary calendar."""
        identity = (
            identity
            or f"c_{new_id(self.world)}{len(self.world.calendars)}@group.calendar.google.com"
        )
        return OwnersCalendar(
            self.world, self.user, self.world.add_calendar(self.user, identity, summary)
        )


class OwnersCalendar:
    """A calendar in the hands of its owner. Every method returns the event as stored."""

    def __init__(self, world: World, user: User, calendar: Calendar) -> None:
        self.world, self.user, self.store, self.id = world, user, calendar, calendar.id

    def _edit(self, send_updates: str = "none") -> Edit:
        return Edit(self.world, self.user, self.store, send_updates, 1)

    def _write(self, copy: Copy) -> Event:
        return dict(copy.data)

    def insert(self, body: Event, send_updates: str = "none") -> Event:
        """Create an event; also kinds that only Google itself creates."""
        with self.world.lock:
            if body.get("eventType") not in SERVER_ONLY:
                return self._write(creating.insert(self._edit(send_updates), body))
            check(body, EVENT, "event")
            event = (
                fresh(self.world, self.store, self.user, body.get("id") or new_id(self.world), None)
                | body
            )
            return self._write(store(self.world, self.store, completed(event, self.store)))

    def patch(self, identity: str, body: Event, send_updates: str = "none") -> Event:
        """Change some fields of an event, a series or (by its id) one instance."""
        with self.world.lock:
            return self._write(editing.patch(self._edit(send_updates), identity, body))

    def delete(self, identity: str, send_updates: str = "none") -> None:
        """Delete an event, a series or (by its id) one instance."""
        with self.world.lock:
            editing.delete(self._edit(send_updates), identity)

    def move(self, identity: str, destination: str, send_updates: str = "none") -> Event:
        """Move an event to another calendar."""
        target = self.world.calendar(self.user, destination)
        with self.world.lock:
            return self._write(editing.move(self._edit(send_updates), identity, target))

    def respond(self, identity: str, response: str, email: str = "", comment: str = "") -> Event:
        """Answer an invitation: the owner's own, or an external guest's who answers by mail."""
        copy = find(self.store, identity)
        email = email or self.id
        changed: Event = {"responseStatus": response, **({"comment": comment} if comment else {})}
        with self.world.lock:
            if email != self.id:
                answer(self._edit(), copy, email, changed)
                return self.get(identity)
            guests = [
                patched(one, changed) if one.get("self") else one
                for one in copy.data.get("attendees", ())
            ]
            return self._write(editing.patch(self._edit(), identity, {"attendees": guests}))

    def split(
        self, instance_id: str, body: Event | None = None, send_updates: str = "none"
    ) -> Event:
        """Change this and the following instances: the series ends, a new one begins."""
        with self.world.lock:
            return self._write(split(self._edit(send_updates), instance_id, body or {}))

    def get(self, identity: str) -> Event:
        """Return an event, a series or an instance."""
        return self._write(find(self.store, identity))

    def events(self) -> list[Event]:
        """Return everything that is stored and not deleted."""
        return [
            dict(copy.data)
            for copy in self.store.copies.values()
            if not copy.cancelled and not copy.raw
        ]

    def instances(self, identity: str, count: int = 10) -> list[Event]:
        """Return the first instances of a series, edited or not, without deleted ones."""
        master = find(self.store, identity)
        found = []
        for moment in master.series(self.store).originals():
            copy = locate(self.store, instance_id(self.store, master, moment))
            if copy and not copy.cancelled:
                found.append(dict(copy.data))
            if len(found) == count:
                break
        return found

    def share(self, email: str, role: str) -> None:
        """Give somebody access; the calendar appears in that person's list."""
        self.store.acl[email.lower()] = role
        listed = self.world.users[email.lower()].calendars
        if self.id not in listed:
            listed.append(self.id)

    def seed(self, events: Iterable[Event]) -> int:
        """Put many resources in at once, without mails or guests' copies; return how many."""
        with self.world.lock:
            return seed(self.world, self.user, self.store, events)
