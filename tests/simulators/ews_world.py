"""What the server remembers: people, mailboxes, folders with the log of their changes, mails."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, NamedTuple

from .ews_errors import EwsError
from .ews_recurrence import Recurrence
from .ews_time import CUSTOM, show, zone_of

Data = dict[str, Any]  # the values of an item by the names of the schema
CLASSES = {"calendar": "IPF.Appointment", "root": "", "msgfolderroot": "", "tasks": "IPF.Task"}
SHOWN = {
    "root": "root",
    "msgfolderroot": "Top of Information Store",
    "calendar": "Calendar",
    "inbox": "Inbox",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "drafts": "Drafts",
    "outbox": "Outbox",
    "tasks": "Tasks",
    "recoverableitemsdeletions": "Deletions",
}


class Mail(NamedTuple):
    """A mail that would have gone out."""

    to: str
    reason: str  # invitation, update, cancellation, response
    item: str
    subject: str
    sender: str
    external: bool
    sent: str
    content: str = ""  # the same for mails that say the same
    body: str = ""  # of an answer or a cancellation


class Happening(NamedTuple):
    """What subscriptions learn."""

    kind: str  # Created, Modified, Moved, Deleted
    item: str
    version: int
    folder: Folder
    old_item: str = ""  # before a move
    old_folder: Folder | None = None


@dataclass
class Change:
    """What was edited in one occurrence of a series."""

    data: Data
    version: int


@dataclass
class Item:
    """A single calendar item, or a series with its edited and deleted occurrences."""

    id: str
    folder: Folder
    data: Data
    version: int = 0  # what its change key tells
    created: str = ""
    modified: str = ""
    exceptions: dict[datetime, Change] = field(default_factory=dict)  # by original wall start
    deleted: set[datetime] = field(default_factory=set)
    touched: dict[str, int] = field(default_factory=dict)  # the version of each value's change
    raw: str | None = None  # what a malformed item delivers, verbatim

    @property
    def recurrence(self) -> Recurrence | None:
        """Return the pattern of a series."""
        return self.data.get("Recurrence")

    @property
    def zone(self) -> Any:
        """Return the zone on whose clock it lasts."""
        name = self.data["StartTimeZone"]
        return zone_of(self.data["CustomZone"] if name == CUSTOM else name)

    @property
    def organised_here(self) -> bool:
        """Tell whether this is the organiser's own copy."""
        return self.data["Organizer"]["email"] == self.folder.mailbox.email


@dataclass(eq=False)
class Folder:
    """A folder, its items, and the log of their changes."""

    id: str
    mailbox: Mailbox
    name: str
    kind: str = ""  # the distinguished name, if it has one
    folder_class: str = "IPF.Note"
    parent: str = ""
    version: int = 1
    rights: dict[str, str] = field(default_factory=dict)  # address: Reviewer, Editor
    items: dict[str, Item] = field(default_factory=dict)
    position: int = 0
    history: dict[str, list[int]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)

    def log(self, item_id: str) -> None:
        """Note that an item was made or changed."""
        self.position += 1
        self.history.setdefault(item_id, []).append(self.position)

    def drop(self, item_id: str) -> Item:
        """Take an item away."""
        self.position += 1
        self.gone[item_id] = self.position
        return self.items.pop(item_id)


@dataclass(eq=False)
class Mailbox:
    """The folders of one address."""

    email: str
    name: str
    zone: str  # as Windows names it
    disabled: bool = False  # in Active Directory: nobody opens it
    folders: dict[str, Folder] = field(default_factory=dict)

    def folder(self, kind: str) -> Folder:
        """Return a distinguished folder."""
        found = next((one for one in self.folders.values() if one.kind == kind), None)
        if found is None:
            raise EwsError("ErrorFolderNotFound")
        return found

    @property
    def legacy(self) -> str:
        """Return the address inside the organisation, as old invitations have it."""
        return f"/o=Corp/ou=Exchange Administrative Group/cn=Recipients/cn={self.email}"

    @property
    def calendar(self) -> Folder:
        """Return the main calendar."""
        return self.folder("calendar")


@dataclass(eq=False)
class Account:
    """Somebody who can sign in, with or without a mailbox."""

    login: str  # the part behind the domain's backslash
    email: str
    password: str
    mailbox: Mailbox | None
    may_act_for: set[str] | None = field(default_factory=set)  # None: everybody


class World:
    """All state of the server."""

    def __init__(self, now: Callable[[], datetime] | None = None, seed: int = 0) -> None:
        self.lock = threading.RLock()
        self.clock = now or (lambda: datetime.now(timezone.utc))
        self.seed, self.domain = seed, "CORP"
        self.accounts: list[Account] = []
        self.mailboxes: dict[str, Mailbox] = {}
        self.mails: list[Mail] = []
        self.counter = 0
        self.page_size = 512  # changes in one answer, however many are asked for
        self.epoch = 0  # sync states of an earlier epoch are invalid
        self.refused: dict[str, str] = {}  # ids of items, and with which error they answer
        self.watchers: list[Callable[[Happening], None]] = []

    def now(self) -> datetime:
        """Return the time by the clock that was handed in."""
        return self.clock()

    def next(self) -> int:
        """Return a number that was never given before."""
        self.counter += 1
        return self.counter

    def new_id(self, mailbox: Mailbox) -> str:
        """Return the id of something new in a mailbox."""
        owner = hashlib.sha256(f"{self.seed} {mailbox.email}".encode()).digest()[:26]
        raw = b"\x00\x03$\x00" + owner + b"F" + self.next().to_bytes(8, "big")
        return base64.b64encode(raw).decode()

    def add_mailbox(self, email: str, name: str, zone: str) -> Mailbox:
        """Create a mailbox with the folders that every mailbox has."""
        mailbox = Mailbox(email, name, zone)
        self.mailboxes[email] = mailbox
        parents = {"root": "", "msgfolderroot": "root", "recoverableitemsdeletions": "root"}
        for kind, shown in SHOWN.items():
            parent = parents.get(kind, "msgfolderroot")
            self.add_folder(mailbox, shown, kind, mailbox.folder(parent).id if parent else "")
        return mailbox

    def add_folder(self, mailbox: Mailbox, name: str, kind: str, parent: str) -> Folder:
        """Create a folder; one without a distinguished name is a calendar."""
        folder_class = CLASSES.get(kind or "calendar", "IPF.Note")
        folder = Folder(self.new_id(mailbox), mailbox, name, kind, folder_class, parent)
        mailbox.folders[folder.id] = folder
        return folder

    def folder(self, identity: str) -> Folder | None:
        """Return a folder by its id."""
        boxes = self.mailboxes.values()
        return next((box.folders[identity] for box in boxes if identity in box.folders), None)

    def item(self, identity: str) -> Item | None:
        """Return an item by its id."""
        folders = (one for box in self.mailboxes.values() for one in box.folders.values())
        return next((one.items[identity] for one in folders if identity in one.items), None)

    def put(self, item: Item, *names: str) -> Item:
        """Keep a new or changed item, with a new change key."""
        event = "Modified" if item.id in item.folder.items else "Created"
        self._keep(item, *names)
        self.tell(Happening(event, item.id, item.version, item.folder))
        return item

    def _keep(self, item: Item, *names: str) -> None:
        item.version = self.next()
        item.touched |= dict.fromkeys(names, item.version)
        item.modified = show(self.now())
        item.created = item.created or item.modified
        item.folder.items[item.id] = item
        item.folder.log(item.id)

    def take(self, item: Item) -> None:
        """Take an item out of its folder, for good."""
        item.folder.drop(item.id)
        self.tell(Happening("Deleted", item.id, item.version, item.folder))

    def move(self, item: Item, folder: Folder) -> Item:
        """Put an item into another folder; its id changes by that."""
        old = item.folder.drop(item.id).id, item.folder
        item.id, item.folder = self.new_id(folder.mailbox), folder
        self._keep(item)
        self.tell(Happening("Moved", item.id, item.version, folder, *old))
        return item

    def tell(self, event: Happening) -> None:
        """Let subscriptions know."""
        for watch in self.watchers:
            watch(event)


def change_key(version: int) -> str:
    """Return the key that names one state of an item or folder."""
    return base64.b64encode(
        b"\x0f\x00\x00\x00\x16\x00\x00\x00" + version.to_bytes(12, "big")
    ).decode()


def version_of(key: str) -> int:
    """Return the state that a key names; refuse what is none."""
    try:
        raw = base64.b64decode(key, validate=True)
    except ValueError:
        raise EwsError("ErrorInvalidChangeKey") from None
    if len(raw) != 20 or raw[:1] != b"\x0f":
        raise EwsError("ErrorInvalidChangeKey")
    return int.from_bytes(raw[8:], "big")
