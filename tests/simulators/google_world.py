"""What the service remembers: users, calendars, the copies of events in them, mails."""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .google_recurrence import Series, base_id
from .google_time import is_all_day, show_utc, stored, zone

Event = dict[str, Any]
Span = tuple[datetime, datetime]
FOREVER = datetime.max.replace(tzinfo=timezone.utc)
to_json = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
RANKS = ("none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")


class Mail(NamedTuple):
    """A mail that would have gone out."""

    to: str
    reason: str  # invitation, update, cancellation, response
    event: str
    summary: str
    calendar: str
    external: bool
    sent: str
    sequence: int = 0
    sender: str = ""  # who wrote
    content: str = ""  # the same for mails that say the same


class Copy:
    """One event as it stands in one calendar."""

    __slots__ = (
        "_json",
        "_series",
        "data",
        "dropped",
        "key",
        "overrides",
        "position",
        "raw",
        "reach",
    )

    def __init__(self, data: Event, overrides: Event | None = None, dropped: bool = False) -> None:
        self.data = data
        self.overrides = overrides  # of an exception: the fields that differ from its master
        self.dropped = dropped  # an exception whose occurrence no longer exists
        self.position = 0
        self.key = 0
        self.reach: Span | None = None  # where it ever was, before the last change
        self.raw: str | None = None  # a malformed event, delivered verbatim
        self._json: str | None = None
        self._series: Series | None = None

    @property
    def id(self) -> str:
        """Return the event's id."""
        return self.data["id"]

    @property
    def cancelled(self) -> bool:
        """Tell whether it was deleted."""
        return self.data["status"] == "cancelled"

    @property
    def is_master(self) -> bool:
        """Tell whether it recurs."""
        return "recurrence" in self.data

    @property
    def master_id(self) -> str | None:
        """Return the id of the series that this is an exception of."""
        return self.data.get("recurringEventId")

    @property
    def organised_here(self) -> bool:
        """Tell whether this is the organiser's copy."""
        return bool(self.data["organizer"].get("self"))

    def series(self, calendar: Calendar) -> Series:
        """Return the rule, ready to expand."""
        if self._series is None:
            self._series = Series.of(self.data, calendar.zone)
        return self._series

    def json(self) -> str:
        """Return the resource, serialised once per change."""
        if self._json is None:
            self._json = self.raw or to_json(self.data)
        return self._json

    def start(self, calendar: Calendar) -> datetime:
        """Return the instant of its start."""
        return stored(self.data["start"], calendar.zone)

    def end(self, calendar: Calendar) -> datetime:
        """Return the instant of its end."""
        return stored(self.data["end"], calendar.zone)

    def reached(self, calendar: Calendar) -> Span:
        """Return from when to when it ever lasted; a series goes on."""
        own = (self.start(calendar), FOREVER if self.is_master else self.end(calendar))
        first, last = self.reach or own
        return min(first, own[0]), max(last, own[1])

    def saved(self) -> dict[str, Any]:
        """Return what save() writes."""
        names = ("data", "overrides", "dropped", "position", "raw")
        return {name: getattr(self, name) for name in names}


@dataclass
class Calendar:
    """A calendar and the log of its changes."""

    id: str
    summary: str
    time_zone: str
    owner: str
    seed: int = 0
    primary: bool = False
    acl: dict[str, str] = field(default_factory=dict)
    created: str = ""
    reminders: list[dict[str, Any]] = field(
        default_factory=lambda: [{"method": "popup", "minutes": 10}]
    )

    def __post_init__(self) -> None:
        self.zone = zone(self.time_zone)
        self.copies: dict[str, Copy] = {}
        self.log: list[tuple[int, str]] = []
        self.children: dict[str, set[str]] = {}
        self.halves: dict[str, set[str]] = {}
        self.uids: dict[str, str] = {}
        self._order: list[tuple[int, str]] | None = []
        self.watchers: list[Callable[[Calendar], None]] = []

    @property
    def position(self) -> int:
        """Return the place of the last change in the log."""
        return self.log[-1][0] if self.log else 0

    def put(self, copy: Copy) -> None:
        """Store a new or changed copy as the latest change."""
        copy.position = self.position + 1
        self.keep(copy)
        for watcher in tuple(self.watchers):
            watcher(self)

    def keep(self, copy: Copy) -> None:
        """Store a copy at the position that it says."""
        old = self.copies.get(copy.id)
        copy.key = zlib.crc32(f"{self.seed}{copy.id}".encode())
        if old is None:
            self._order = None
        elif old is not copy and not old.raw:
            copy.reach = old.reached(self)
        self.copies[copy.id] = copy
        self.log.append((copy.position, copy.id))
        if copy.master_id:
            self.children.setdefault(copy.master_id, set()).add(copy.id)
        elif base_id(copy.id) != copy.id:
            self.halves.setdefault(base_id(copy.id), set()).add(copy.id)
        if not copy.master_id and "iCalUID" in copy.data:
            self.uids[copy.data["iCalUID"]] = copy.id
        copy._json = copy._series = None

    def order(self) -> list[tuple[int, str]]:
        """Return all ids in the order of listings: stable, and of no meaning."""
        if self._order is None:
            self._order = sorted((copy.key, copy.id) for copy in self.copies.values())
        return self._order

    def exceptions(self, master_id: str) -> list[Copy]:
        """Return the exceptions of a series that still count, in the order of their ids."""
        ids = sorted(self.children.get(master_id, ()))
        found = (self.copies[one] for one in ids)
        return [copy for copy in found if not copy.dropped and copy.master_id == master_id]

    def masters(self, base: str) -> Iterator[Copy]:
        """Yield the series whose instances have ids beginning with ``base``."""
        for one in (base, *sorted(self.halves.get(base, ()))):
            copy = self.copies.get(one)
            if copy and copy.is_master and not copy.raw:
                yield copy

    def saved(self) -> dict[str, Any]:
        """Return what save() writes."""
        return asdict(self) | {"copies": [copy.saved() for copy in self.copies.values()]}


@dataclass
class User:
    """A person with an account, whose primary calendar has the address as its id."""

    email: str
    name: str
    time_zone: str
    sub: str
    calendars: list[str] = field(default_factory=list)
    shares_free_busy: bool = True  # with everybody of the same domain, as Workspace does
    service: bool = False  # a service account, which invites nobody
    suspended: bool = False  # or without Google Calendar, which looks the same


class World:
    """All state of the service but its OAuth grants."""

    def __init__(self, now: Callable[[], datetime] | None = None, seed: int = 0) -> None:
        self.lock = threading.RLock()
        self.clock = now or (lambda: datetime.now(timezone.utc))
        self.seed = seed
        self.users: dict[str, User] = {}
        self.calendars: dict[str, Calendar] = {}
        self.mails: list[Mail] = []
        self.invitations: int | None = None  # that may still go outside; None: any number
        self.etag = 0
        self.epoch = 0  # sync tokens of an earlier epoch have expired

    def now(self) -> datetime:
        """Return the time by the clock that was handed in."""
        return self.clock()

    def stamp(self, event: Event, touched: bool = True) -> None:
        """Give a changed event a new etag, and unless only reminders changed a new time."""
        # Google's etags are twice the time of the change in microseconds.
        self.etag = max(self.etag + 2_000, int(self.now().timestamp() * 1_000) * 2_000)
        event["etag"] = f'"{self.etag}"'
        if touched:
            event["updated"] = show_utc(self.now())

    def add_user(self, email: str, name: str = "", time_zone: str = "UTC") -> User:
        """Create a user with a primary calendar."""
        email = email.lower()
        user = User(
            email,
            name or email.split("@")[0].title(),
            time_zone,
            f"1{zlib.crc32(email.encode()):020d}",
        )
        self.users[email] = user
        self.add_calendar(user, email, email, primary=True)
        return user

    def add_calendar(
        self, user: User, identity: str, summary: str, primary: bool = False
    ) -> Calendar:
        """Create a calendar that belongs to the user."""
        seed = zlib.crc32(f"{self.seed}{identity}".encode())
        created = show_utc(self.now())
        calendar = Calendar(
            identity, summary, user.time_zone, user.email, seed, primary, created=created
        )
        self.calendars[identity] = calendar
        user.calendars.append(identity)
        return calendar

    def calendar(self, user: User, identity: str) -> Calendar | None:
        """Return a calendar by the id that the user gives it."""
        return self.calendars.get(user.email if identity == "primary" else identity)

    def role(self, user: User, calendar: Calendar) -> str:
        """Return the access that the user has to a calendar."""
        if calendar.owner == user.email:
            return "owner"
        given = calendar.acl.get(user.email)
        if given:
            return given
        same_domain = user.email.split("@")[1] == calendar.owner.split("@")[1]
        shared = calendar.primary and self.users[calendar.owner].shares_free_busy
        return "freeBusyReader" if same_domain and shared else "none"

    def home(self, email: str) -> Calendar | None:
        """Return the primary calendar of an address, if the person has an account here."""
        return self.calendars.get(email.lower()) if email.lower() in self.users else None

    def busy_from(self, copy: Copy) -> bool:
        """Tell whether the event takes time of its owner."""
        if copy.cancelled or copy.data.get("transparency") == "transparent":
            return False
        own = next((one for one in copy.data.get("attendees", ()) if one.get("self")), {})
        return own.get("responseStatus") != "declined"


def at_least(role: str, wanted: str) -> bool:
    """Compare two access roles."""
    return RANKS.index(role) >= RANKS.index(wanted)


def starts_all_day(event: Event) -> bool:
    """Tell whether an event has dates; a cancelled instance is known by its original start."""
    return is_all_day(event if "start" in event else {"start": event["originalStartTime"]})
