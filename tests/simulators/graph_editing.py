"""Creating, changing and deleting events, series and occurrences as Exchange does.

https://learn.microsoft.com/en-us/graph/api/event-update
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .graph_errors import GraphError, bad, denied, stale
from .graph_fields import DEFAULTS, GUESTS_OWN, NEVER, TIMES, clean, completed
from .graph_guests import Telling, addresses, reasons
from .graph_ids import etag, new_uid
from .graph_places import Place
from .graph_recurrence import days, neighbours
from .graph_time import stamp, wall
from .graph_world import Event, Item, Mailbox, State, World, default_key


@dataclass(frozen=True)
class Edit:
    """Who writes: a mailbox's owner, or an application in the owner's place."""

    world: World
    mailbox: Mailbox

    def create(self, body: Any, calendar: str = "", **more: Any) -> Place:
        """Create an event and invite its guests; the same transactionId gives what there is."""
        given = clean(body)
        again = self._repeated(given.get("transactionId"))
        if again:
            return again
        for name in ("start", "end"):
            if name not in given:
                raise bad(f"The property '{name}' is required.", "ErrorPropertyValidationFailure")
        number, now = self.world.number(), stamp(self.world.now())
        event = {**DEFAULTS, "uid": new_uid(self.world, number), "created": now, "modified": now}
        who = {"name": self.mailbox.name, "address": self.mailbox.email}
        event |= {"organizer": {"emailAddress": who}, **given, **more}
        item = Item(number)
        data = self._online(completed(event))
        state = self._put(item, data=data, calendar=calendar or default_key(self.mailbox))
        if data["isOrganizer"]:
            self._telling(item).tell(reasons(given, None, data), data)
        return Place(self.mailbox, item, state)

    def _repeated(self, transaction: str | None) -> Place | None:
        """Return what an earlier request with the same transactionId made, deleted or not."""
        for item in self.mailbox.items.values() if transaction else ():
            if item.now.data["transactionId"] == transaction and not item.now.gone:
                return Place(self.mailbox, item, item.now)
        return None

    def _online(self, event: Event) -> Event:
        if not event["isOnlineMeeting"] or event["onlineMeeting"]:
            return event
        url = f"https://teams.microsoft.com/l/meetup-join/{self.world.guid(event['uid'])}"
        return {**event, "onlineMeeting": {"joinUrl": url}, "onlineMeetingProvider": _TEAMS}

    def patch(self, place: Place, body: Any, match: str = "") -> Place:
        """Change some properties, and tell whom that concerns."""
        self.check(place, match)
        given = clean(body)
        self._check_right(place, body, given)
        if "extended" in given:
            given["extended"] = {**place.data["extended"], **given["extended"]}
        if "attendees" in given:
            given["attendees"] = _answered(given["attendees"], place.data)
        if place.day is None:
            return self._patch_item(place, given, set(body))
        return self._patch_occurrence(place, given, set(body))

    def check(self, place: Place, match: str) -> None:
        """Refuse a write that was decided on an older version."""
        if match and match not in ("*", etag(place.item, place.state)):
            raise stale()

    def _check_right(self, place: Place, body: Event, given: Event) -> None:
        """A guest may change only what is the guest's own."""
        if not place.state.organised_here and set(body) - GUESTS_OWN:
            raise denied()
        if "transactionId" in given and given["transactionId"] != place.data["transactionId"]:
            raise bad("The property 'transactionId' cannot be changed.")
        if place.data["isOnlineMeeting"] and given.get("isOnlineMeeting") is False:
            given.pop("isOnlineMeeting")  # Graph answers 200, and the meeting stays online

    def _patch_item(self, place: Place, given: Event, names: set[str]) -> Place:
        state, before = place.state, place.state.data
        data = {**before, **_following(before, given), "modified": stamp(self.world.now())}
        data = self._online(completed(data))
        changes: dict[str, Any] = {"data": data}
        if any(data[name] != before[name] for name in TIMES):
            # Exchange forgets what was changed in a series whose time or rule changes.
            changes |= {"exceptions": {}, "cancelled": ()}
        kept = self._put(place.item, **changes)
        if state.organised_here:
            self._tell_all(place.item, names, state, kept)
        return Place(self.mailbox, place.item, kept)

    def _tell_all(self, item: Item, names: set[str], before: State, after: State) -> None:
        """Mail once for the series, and once more for each of its exceptions."""
        telling, told = self._telling(item), reasons(names, before.data, after.data)
        telling.tell(told, after.data)
        again = {one: reason for one, reason in told.items() if reason == "update"}
        for day in after.exceptions:
            place = Place(self.mailbox, item, after, day)
            here = addresses(place.data)
            telling.tell({one: why for one, why in again.items() if one in here}, place.data, day)

    def _patch_occurrence(self, place: Place, given: Event, names: set[str]) -> Place:
        if given.pop("recurrence", None):
            raise bad("An occurrence cannot have a recurrence of its own.")
        state, before = place.state, place.data
        own = {**state.exceptions.get(place.day, {}), **given}
        after = replace(
            place, state=replace(state, exceptions={**state.exceptions, place.day: own})
        )
        completed(after.data)
        if names & TIMES:
            _check_boundary(after)
        data = {**state.data, "modified": stamp(self.world.now())}
        kept = self._put(place.item, data=data, exceptions=after.state.exceptions)
        if state.organised_here:
            told = reasons(names, before, after.data)
            self._telling(place.item).tell(told, after.data, place.day)
        return replace(place, state=kept)

    def delete(self, place: Place, match: str = "", comment: str = "") -> None:
        """Delete; an organiser's guests are told that it is cancelled."""
        self.check(place, match)
        state, day, data = place.state, place.day, place.data
        if day is None:
            self._put(place.item, gone=True)
        else:
            left = {key: own for key, own in state.exceptions.items() if key != day}
            cancelled = tuple(sorted({*state.cancelled, day}))
            gone = not _any_left(state, cancelled)
            self._put(place.item, exceptions=left, cancelled=cancelled, gone=gone)
        if state.organised_here and not state.data["isCancelled"]:
            self._telling(place.item, comment).tell(
                dict.fromkeys(_everybody(place), "cancellation"), data, day
            )

    def cancel(self, place: Place, comment: str) -> None:
        """Cancel a meeting, as only its organiser can."""
        if not place.state.organised_here:
            raise bad(_NOT_ORGANISER)
        if not addresses(place.data):
            raise bad("Your request can't be completed. The event has no attendees to cancel for.")
        self.delete(place, comment=comment)

    def move(self, place: Place, calendar: str) -> Place:
        """Move an event to another calendar, as people do in Outlook."""
        return replace(place, state=self._put(place.item, calendar=calendar))

    def _put(self, item: Item, **changes: Any) -> State:
        return self.world.put(self.mailbox, item, **changes)

    def _telling(self, item: Item, comment: str = "") -> Telling:
        return Telling(self.world, self.mailbox, item, comment)


_TEAMS = "teamsForBusiness"
_NOT_ORGANISER = "Your request can't be completed. You need to be an organizer to cancel a meeting."


def _answered(attendees: list[Event], before: Event) -> list[Event]:
    """Return a new list of guests with the answers that were there; clients cannot set them."""
    known = {one["emailAddress"]["address"].lower(): one["status"] for one in before["attendees"]}
    nothing = {"response": "none", "time": NEVER}
    return [
        {**one, "status": known.get(one["emailAddress"]["address"].lower(), nothing)}
        for one in attendees
    ]


def _following(before: Event, given: Event) -> Event:
    """Return a change with what follows from it: a moved series begins, answers lapse."""
    result = dict(given)
    start = given.get("start", before["start"])
    rule = given.get("recurrence", before["recurrence"])
    if rule and "recurrence" not in given:
        day = wall(start).date().isoformat()
        result["recurrence"] = {**rule, "range": {**rule["range"], "startDate": day}}
    if any(given.get(name, before[name]) != before[name] for name in ("start", "end")):
        nobody = {"response": "none", "time": NEVER}
        guests = given.get("attendees", before["attendees"])
        result["attendees"] = [{**one, "status": nobody} for one in guests]
    return result


def _check_boundary(place: Place) -> None:
    """Refuse an occurrence that is moved onto or over the day of a neighbour."""
    before, after = (_neighbour(place, step) for step in (0, 1))
    day = wall(place.data["start"]).date()
    over = before and (wall(before.data["start"]).date() >= day or before.ends > place.begins)
    under = after and (wall(after.data["start"]).date() <= day or place.ends > after.begins)
    if over or under:
        message = "Modified occurrence is crossing or overlapping adjacent occurrence."
        raise GraphError(400, "ErrorOccurrenceCrossingBoundary", message)


def _neighbour(place: Place, step: int) -> Place | None:
    """Return the occurrence before (0) or behind (1) one, deleted ones left out."""
    day: date | None = place.day
    while day:
        day = neighbours(place.state.data["recurrence"], day)[step]
        if day and day not in place.state.cancelled:
            return replace(place, day=day)
    return None


def _any_left(state: State, cancelled: tuple[date, ...]) -> bool:
    return any(day not in cancelled for day in days(state.data["recurrence"]))


def _everybody(place: Place) -> set[str]:
    """Return whom a meeting, or any one of its occurrences, invites."""
    found = set(addresses(place.data))
    if place.day is None:
        found.update(*(addresses(own) for own in place.state.exceptions.values()))
    return found
