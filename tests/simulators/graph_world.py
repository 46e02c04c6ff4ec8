"""What the service remembers: tenants, mailboxes, the versions of the items in them, mails."""

from __future__ import annotations

import threading
import uuid
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any, NamedTuple

from .graph_time import windows

Event = dict[str, Any]
NAMESPACE = uuid.UUID("7c5b0d10-50c9-4e1e-9d2a-5b0f4a1d3e77")


class Mail(NamedTuple):
    """A mail that would have gone out."""

    to: str
    reason: str  # invitation, update, cancellation, response
    event: str  # the series' iCalUId
    summary: str
    mailbox: str  # whose write it was
    external: bool
    sent: str
    occurrence: str = ""  # the original day, where one occurrence is meant
    comment: str = ""
    content: str = ""  # the same for mails that say the same


@dataclass(frozen=True)
class State:
    """One version of an item; a series is one item with all that was changed in it."""

    data: Event
    calendar: str
    position: int
    exceptions: dict[date, Event] = field(default_factory=dict)  # by original day: what differs
    cancelled: tuple[date, ...] = ()
    gone: bool = False

    @property
    def recurs(self) -> bool:
        """Tell whether it is a series."""
        return bool(self.data.get("recurrence"))

    @property
    def organised_here(self) -> bool:
        """Tell whether it is the organiser's."""
        return bool(self.data["isOrganizer"])


@dataclass
class Item:
    """One thing in a mailbox, with all its versions."""

    number: int
    states: list[State] = field(default_factory=list)

    @property
    def now(self) -> State:
        """Return the current version."""
        return self.states[-1]

    def at(self, position: int) -> State | None:
        """Return the version that was current at a position of the log."""
        found = bisect_right(self.states, position, key=lambda one: one.position)
        return self.states[found - 1] if found else None


@dataclass
class Folder:
    """A calendar."""

    number: int
    name: str
    default: bool = False


@dataclass
class Mailbox:
    """A person with an account, and what Exchange keeps for that person."""

    email: str
    name: str
    time_zone: str  # Windows' name
    oid: str
    tenant: str
    rest: bool = True  # False: on premises, or without a licence
    folders: dict[str, Folder] = field(default_factory=dict)
    items: dict[int, Item] = field(default_factory=dict)
    epoch: int = 0  # delta tokens of an earlier epoch are lost
    raw: dict[str, tuple[int, Event]] = field(default_factory=dict)  # delivered verbatim

    @property
    def calendar(self) -> Folder:
        """Return the default calendar."""
        return next(one for one in self.folders.values() if one.default)

    def alive(self, calendar: str = "") -> list[Item]:
        """Return the items that are not deleted."""
        found = (one for one in self.items.values() if not one.now.gone)
        return [one for one in found if not calendar or one.now.calendar == calendar]

    def by_uid(self, uid: str) -> Item | None:
        """Return the item of a meeting."""
        return next((one for one in self.alive() if one.now.data["uid"] == uid), None)


@dataclass
class Tenant:
    """An organisation in the cloud."""

    id: str
    domain: str
    users_consent: bool = True  # False: calendars need an administrator's approval
    consented: dict[str, set[str]] = field(default_factory=dict)  # application -> permissions
    scopes: dict[str, set[str]] = field(default_factory=dict)  # application -> mailboxes


class World:
    """All state of the service but its logins."""

    def __init__(self, now: Callable[[], datetime] | None = None, seed: int = 0) -> None:
        self.lock = threading.RLock()
        self.clock = now or (lambda: datetime.now(timezone.utc))
        self.seed = seed
        self.tenants: dict[str, Tenant] = {}
        self.mailboxes: dict[str, Mailbox] = {}
        self.mails: list[Mail] = []
        self.position = 0
        self.numbers = 0
        self.listeners: list[Callable[[Mailbox, Item, State | None], None]] = []

    def now(self) -> datetime:
        """Return the time by the clock that was handed in."""
        return self.clock()

    def guid(self, *names: object) -> str:
        """Return an id that is the same in every run."""
        return str(uuid.uuid5(NAMESPACE, "/".join(map(str, (self.seed, *names)))))

    def number(self) -> int:
        """Return a number that nothing has yet."""
        self.numbers += 1
        return self.numbers

    def add_tenant(self, domain: str) -> Tenant:
        """Create an organisation, unless there is one of that domain."""
        found = self.tenant(domain)
        if found is None:
            found = Tenant(self.guid("tenant", domain), domain.lower())
            self.tenants[found.id] = found
        return found

    def tenant(self, name: str) -> Tenant | None:
        """Return an organisation by its id or its domain."""
        own = name.lower()
        return next((one for one in self.tenants.values() if own in (one.id, one.domain)), None)

    def add_user(self, email: str, name: str = "", time_zone: str = "UTC") -> Mailbox:
        """Create a person with a mailbox and a default calendar."""
        email = email.lower()
        tenant = self.add_tenant(email.partition("@")[2])
        shown = name or email.partition("@")[0].title()
        oid = self.guid("user", email)
        mailbox = Mailbox(email, shown, windows(time_zone), oid, tenant.id)
        self.mailboxes[email] = mailbox
        self.add_calendar(mailbox, "Calendar", default=True)
        return mailbox

    def add_calendar(self, mailbox: Mailbox, name: str, default: bool = False) -> str:
        """Create a calendar; return under which key the mailbox has it."""
        key = self.guid("calendar", mailbox.email, len(mailbox.folders))
        mailbox.folders[key] = Folder(self.number(), name, default)
        return key

    def mailbox(self, identity: str) -> Mailbox | None:
        """Return a mailbox by its address or its owner's id."""
        own = identity.lower()
        found = self.mailboxes.get(own)
        return found or next((one for one in self.mailboxes.values() if one.oid == own), None)

    def put(self, mailbox: Mailbox, item: Item, **changes: Any) -> State:
        """Store a new version of an item as the latest change."""
        before = item.now if item.states else None
        values = vars(before) if before else {}
        self.position += 1
        state = State(**{**values, **changes, "position": self.position})
        item.states.append(state)
        mailbox.items[item.number] = item
        for listen in self.listeners:
            listen(mailbox, item, before)
        return state


def default_key(mailbox: Mailbox) -> str:
    """Return under which key a mailbox has its default calendar."""
    return next(key for key, one in mailbox.folders.items() if one.default)
