"""What people do in Outlook, without any client of ours; what a test sees of their mailboxes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .graph_answers import note, respond
from .graph_editing import Edit
from .graph_places import Place, find, within
from .graph_seed import seed
from .graph_time import parse
from .graph_views import View
from .graph_world import Event, Item, Mailbox, World, default_key

VIEW = View()


class Owner:
    """A person with a mailbox. Ids are immutable ones; times are shown in UTC."""

    def __init__(self, world: World, mailbox: Mailbox) -> None:
        self.world, self.mailbox, self.email = world, mailbox, mailbox.email

    def id(self, item: Item) -> str:
        """Return an item's immutable id."""
        return Place(self.mailbox, item, item.now).id()

    def _edit(self) -> Edit:
        return Edit(self.world, self.mailbox)

    def add_calendar(self, name: str) -> str:
        """Create another calendar; return its key for ``create(…, calendar=key)``."""
        with self.world.lock:
            return self.world.add_calendar(self.mailbox, name)

    def create(self, body: Event, calendar: str = "") -> Event:
        """Create an event and invite its guests."""
        with self.world.lock:
            return VIEW.event(self._edit().create(body, calendar))

    def patch(self, identity: str, body: Event) -> Event:
        """Change an event, a series or (by its id) an occurrence."""
        with self.world.lock:
            return VIEW.event(self._edit().patch(find(self.mailbox, identity), body))

    def delete(self, identity: str) -> None:
        """Delete an event, a series or (by its id) an occurrence."""
        with self.world.lock:
            self._edit().delete(find(self.mailbox, identity))

    def cancel(self, identity: str, comment: str = "") -> None:
        """Cancel a meeting, a series or (by its id) an occurrence."""
        with self.world.lock:
            self._edit().cancel(find(self.mailbox, identity), comment)

    def move(self, identity: str, calendar: str) -> Event:
        """Move an event to another calendar."""
        with self.world.lock:
            return VIEW.event(self._edit().move(find(self.mailbox, identity), calendar))

    def respond(self, identity: str, verb: str, comment: str = "", send: bool = True) -> None:
        """Answer an invitation: accept, decline, tentativelyAccept."""
        body = {"comment": comment, "sendResponse": send}
        with self.world.lock:
            respond(self._edit(), find(self.mailbox, identity), verb, body)

    def answered(self, identity: str, guest: str, response: str) -> None:
        """Let somebody from outside answer by mail: accepted, declined, tentativelyAccepted."""
        with self.world.lock:
            place = find(self.mailbox, identity)
            uid = place.state.data["uid"]
            note(self.world, self.mailbox, guest.lower(), response, uid, place.day)

    def get(self, identity: str) -> Event:
        """Return an event, a series or an occurrence, with all extended properties."""
        place = find(self.mailbox, identity)
        names = tuple(place.data["extended"])
        event = VIEW.event(place, names)
        return {**event, "cancelledOccurrences": VIEW.cancelled(place)}

    def events(self) -> list[Event]:
        """Return singles and masters that are not deleted."""
        return [VIEW.event(Place(self.mailbox, one, one.now)) for one in self.mailbox.alive()]

    def instances(self, identity: str, start: str, end: str) -> list[Event]:
        """Return the occurrences of a series in a window."""
        place = find(self.mailbox, identity)
        found = within(self.mailbox, place.item, place.state, parse(start), parse(end))
        return [VIEW.event(one) for one in found if one.day]

    def occurrence(self, identity: str, day: date) -> str:
        """Return the id of the occurrence on an original day."""
        place = find(self.mailbox, identity)
        return Place(self.mailbox, place.item, place.state, day).id()

    def by_uid(self, uid: str) -> Event | None:
        """Return the copy of a meeting."""
        item = self.mailbox.by_uid(uid)
        return VIEW.event(Place(self.mailbox, item, item.now)) if item else None

    def seed(self, events: Iterable[Event]) -> int:
        """Put many events in at once, without mails or guests' copies; return how many."""
        with self.world.lock:
            return seed(self.world, self.mailbox, default_key(self.mailbox), events)
