"""What a database keeps of edits made here, in dicts: who was asked and told, what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from memory_database import Database, Key, State, Unit

from odoo.addons.synced_meetings.sync.event import Event, Window
from odoo.addons.synced_meetings.sync.merge import Lost
from odoo.addons.synced_meetings.sync.store import Sent

Row = tuple[str, str]  # asked, told: the versions of one attendee (rule R2)
NEW = "?"  # before the client key of a copy that has no id yet


@dataclass
class OutState(State):
    """What a commit keeps beside the rest."""

    rows: dict[tuple[Unit, str], Row] = field(default_factory=dict)
    removed: dict[Unit, bool] = field(default_factory=dict)  # deleted here; whether to tell
    sent: dict[Key, Sent] = field(default_factory=dict)
    waits: dict[Key, int] = field(default_factory=dict)  # the run that it does not go out in
    refused: dict[Key, tuple[Event | None, str]] = field(default_factory=dict)
    inbox: dict[int, tuple[Unit, Lost]] = field(default_factory=dict)


class OutDatabase(Database):
    """The meetings of people who edit them here, too."""

    state_type = OutState
    state: OutState
    committed: OutState

    def row(self, unit: Unit, email: str) -> Row | None:
        """Return what was asked and told; of an occurrence what was told of its series."""
        rows, series = self.state.rows, (*unit[:2], "")
        row = rows.get((unit, email)) or rows.get((series, email))
        return (row[1], row[1]) if row and (unit, email) not in rows and row[1] else row

    def withheld(self, unit: Unit, event: Event | None) -> set[str]:
        """Return the guests whom nobody was asked to invite."""
        people = event.attendees if event else ()
        return {a.email for a in people if self.row(unit, a.email) == ("", "")}

    def view(self, unit: Unit, event: Event) -> Event:
        """Return a meeting without the guests who are not invited yet (rule R1)."""
        hidden = self.withheld(unit, event)
        return replace(event, attendees=tuple(a for a in event.attendees if a.email not in hidden))

    def pending(self, unit: Unit) -> str:
        """Return the version that somebody waits to be told, "" where nobody does."""
        event = self.state.meetings.get(unit)
        rows = [self.state.rows.get((unit, a.email)) for a in event.attendees] if event else []
        return next((row[0] for row in rows if row and row[0] != row[1]), "")

    def lose(self, unit: Unit, lost: Lost) -> None:
        """Put what a person typed and lost into the inbox."""
        self.state.inbox[len(self.state.inbox)] = (unit, lost)

    def shown(self, window: Window) -> dict[Unit, Event]:
        return {unit: self.view(unit, event) for unit, event in super().shown(window).items()}
