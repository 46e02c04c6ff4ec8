"""What the engine asks of the side that keeps the meetings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from .event import Bad, Event, Remote, Window

Role = Literal["content", "answer"]


@dataclass(frozen=True, slots=True)
class Link:
    """One copy of a meeting as the store knows it; both events None where it is new.

    ``role`` says what the copy may tell: everything, or only its owner's answer (rules R1, R16).
    ``row`` is the store's own.
    """

    base: Event | None = None
    local: Event | None = None
    role: Role = "content"
    row: Any = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a sight of a remote event leads to: ``local`` is the meeting's new state."""

    link: Link
    remote: Remote
    local: Event | None


class Store(Protocol):
    """The meetings of one calendar. Every method costs a constant number of statements a call."""

    token: str | None
    window: Window

    def clean(self, html: str) -> str:
        """Return HTML from outside without what could harm a reader."""

    def change_keys(self, remote_ids: Collection[str]) -> Mapping[str, str | None]:
        """Return the change key of each known copy; None for one that is gone."""

    def load(self, remotes: Sequence[Remote]) -> list[Link]:
        """Return the link of each remote, in order; they are in canonical form."""

    def save(self, settled: Sequence[Settled]) -> None:
        """Keep them all, or raise `Rejected` and keep none."""

    def quarantine(self, bad: Sequence[Bad]) -> None:
        """Put aside events that could not be read or kept, for a person to see."""

    def checkpoint(self, token: str | None, complete: bool = False) -> None:
        """Make everything so far durable, with the token to go on from (None: not yet).

        ``complete`` says that the token stands for a listing of the whole window.
        """

    def doubtful(self, seen: Collection[str] | None) -> list[str]:
        """Return the ids of live copies to ask for by id before anything is concluded (rule R12).

        Exceptions of a series whose master was seen changed or gone, and, with ``seen`` from a
        whole listing, what it lacks inside the window. The former stay in doubt until the next
        `checkpoint` with a token, so that a run that was broken off asks again.
        """

    def roll(self) -> None:
        """Expand the series into a window that has moved on."""

    def bury(self) -> None:
        """Decide what the copies found deleted mean (rules R11, R13). Raises `MassDeletion`."""
