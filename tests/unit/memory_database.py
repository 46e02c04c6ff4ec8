"""What a database keeps of the meetings of all calendars, in dicts; the store is over it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

from odoo.addons.synced_meetings.sync.event import Bad, Event, Window
from odoo.addons.synced_meetings.sync.recurrence import expand

Unit = tuple[str, str, str]  # UID, organiser, recurrence id (rule R15)
Key = tuple[str, str]  # calendar, remote id
FEW, SHARE = 10, 0.2
ALWAYS = Window(
    datetime(2020, 1, 1, tzinfo=timezone.utc), datetime(2030, 1, 1, tzinfo=timezone.utc)
)


class Crash(Exception):
    """The process ends here."""


@dataclass(frozen=True)
class Copy:
    """What a link keeps; ``run`` is the one in which it was last written."""

    unit: Unit
    state: str  # live, leaving (found deleted, not yet decided), gone
    run: int
    series: str = ""
    base: Event | None = None
    change_key: str = ""
    organises: bool = False
    redacted: bool = False
    self_email: str = ""


@dataclass
class State:
    """Everything that a commit keeps; its values are frozen."""

    copies: dict[Key, Copy] = field(default_factory=dict)  # oldest first
    meetings: dict[Unit, Event | None] = field(default_factory=dict)  # None: cancelled
    expanded: dict[Unit, Window] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    listed: dict[str, Window] = field(default_factory=dict)
    pulled: dict[str, int] = field(default_factory=dict)  # the last run that came to its end
    doubts: dict[Key, bool] = field(default_factory=dict)
    bad: dict[Key, Bad] = field(default_factory=dict)

    def copy(self) -> State:
        return type(self)(**{name: dict(value) for name, value in vars(self).items()})


class Database:
    """The state of all calendars; ``accounts`` says whose each calendar is."""

    state_type: type[State] = State

    def __init__(self, accounts: dict[str, str]) -> None:
        self.accounts = accounts
        self.state, self.committed = self.state_type(), self.state_type()
        self.run = self.saves = self.commits = 0
        self.crash: tuple[int, bool] | None = None  # at which commit; whether it is still made
        self.confirmed = False

    def commit(self) -> None:
        at, made = self.crash or (None, True)
        if at != self.commits or made:
            self.committed = self.state.copy()
        self.commits += 1
        if at == self.commits - 1:
            raise Crash

    def rollback(self) -> None:
        self.state = self.committed.copy()

    def shown(self, window: Window) -> dict[Unit, Event]:
        """Return what people see, by unit; the occurrences of a series each for itself."""
        found: dict[Unit, Event] = {}
        for unit, event in self.state.meetings.items():
            if event and not event.rule and window.meets(event.when):
                found[unit] = self._levelled(unit, event)
            elif event and event.rule:
                found |= self._occurrences(unit, event, window)
        return found

    def _occurrences(self, unit: Unit, master: Event, window: Window) -> dict[Unit, Event]:
        """Expand as far as was done when the series was last written or rolled."""
        uid, organiser, _ = unit
        own = {u[2]: None for u in self.state.meetings if u[:2] == unit[:2] and u[2]}
        done = self.state.expanded[unit]
        part = Window(max(done.start, window.start), min(done.stop, window.stop))
        return {(uid, organiser, rid): e for rid, e in expand(master, own, part).items()}

    def _levelled(self, unit: Unit, event: Event) -> Event:
        """Without the organiser's copy a meeting is private when every copy is (rule R17)."""
        copies = self.live(unit).values()
        if not copies or any(copy.organises for copy in copies):
            return event
        private = all(copy.base.privacy == "private" for copy in copies)
        return replace(event, privacy="private" if private else "public")

    def live(self, unit: Unit) -> dict[Key, Copy]:
        """Return the live copies of exactly this unit, oldest first."""
        items = self.state.copies.items()
        return {key: copy for key, copy in items if copy.unit == unit and copy.state == "live"}

    def standing(self, unit: Unit) -> dict[Key, Copy]:
        """Return its live copies; an occurrence stands in those of its series, too."""
        own = {key[0] for key, copy in self.state.copies.items() if copy.unit == unit}
        series = self.live((*unit[:2], ""))
        return {k: c for k, c in series.items() if k[0] not in own} | self.live(unit)

    def content(self, unit: Unit) -> Key | None:
        """Return the copy that content comes from: the organiser's, else the oldest full (R16).

        What was taken out of a calendar comes from the next one.
        """
        rank = {key: self.rank(unit, key, copy) for key, copy in self.standing(unit).items()}
        return min(rank, key=rank.__getitem__) if rank else None

    def carries_itself(self, unit: Unit) -> bool:
        """Whether an occurrence has its content from a copy of its own, and not of its series."""
        content = self.content(unit)
        return bool(content and self.state.copies[content].unit == unit)

    def rank(self, unit: Unit, key: Key, copy: Copy) -> tuple[bool, bool, int]:
        names = [key[0] for key, copy in self.state.copies.items() if copy.unit[:2] == unit[:2]]
        return (not copy.organises, copy.redacted, names.index(key[0]))
