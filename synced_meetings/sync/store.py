"""What the engine asks of the side that keeps the meetings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from .errors import Rejected, Retryable
from .event import Bad, Change, Event, Remote, Response, Window
from .merge import Lost

Role = Literal["content", "answer"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out last and was not answered yet (rule R6); ``event`` None is a deletion.

    ``asked`` is the version that people were asked to be told of when it went out.
    """

    event: Event | None
    tell: bool = False
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One copy of a meeting as the store knows it; both events None where it is new.

    ``role`` says what the copy may tell: everything, or only its owner's answer (rules R1, R16).
    ``local`` is the meeting in the copy's view: guests who are not invited yet are not in it.
    ``heard`` are the addresses with what other copies say they answered: it was not typed here.
    Of an owner's copy that went and comes back, ``base`` says what its going said: declined.
    ``row`` is the store's own.
    """

    base: Event | None = None
    local: Event | None = None
    role: Role = "content"
    row: Any = None
    sent: Sent | None = None
    heard: frozenset[tuple[str, Response]] = frozenset()


@dataclass(frozen=True, slots=True)
class Settled:
    """What a sight of a remote event leads to: ``local`` is the meeting's new state.

    ``agreed`` is what both sides had agreed on before, ``lost`` what a person here loses by it.
    ``told`` is the version that the provider told the attendees of ``remote``, "" where it told
    nothing new: their ``told`` becomes it, and so does their ``asked`` where that was empty, the
    old ``told`` or this ``asked`` (what went out served it), or where ``told`` is ``local``'s own
    version (nothing else is left to tell). Who is new with ``remote`` counts as told.
    """

    link: Link
    remote: Remote
    local: Event | None
    agreed: Event | None = None
    lost: tuple[Lost, ...] = ()
    told: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A copy that lags behind its meeting: ``copy`` as last agreed, ``link.local`` as it is now.

    ``link.role`` is "content" where the copy is the organiser's, else "answer" (rule R10);
    ``tell`` says that people wait to be told, ``asked`` of which version; ``message`` is what they
    are to read of a deletion.
    """

    link: Link
    copy: Remote
    tell: bool = False
    asked: str = ""
    message: str = ""


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
        """Return the ids of events to ask for before anything is concluded (rule R12).

        Exceptions of a series whose master was seen changed or gone, copies whose last change was
        not answered, what a person wants to be read again, and, with ``seen`` from a whole
        listing, what it lacks inside the window. All but the last stay in doubt until the next
        `checkpoint` with a token, so that a run that was broken off asks again; by then, what was
        sent and is not seen did not arrive.
        """

    def roll(self) -> None:
        """Expand the series into a window that has moved on."""

    def bury(self) -> None:
        """Decide what the copies found deleted mean (rules R11, R13). Raises `MassDeletion`."""

    def outgoing(self, limit: int) -> list[Outgoing]:
        """Return the next copies that are due to be written, oldest first, one per series.

        Derived from comparison (rule R2). Raises `MassDeletion` (rule R13).
        """

    def sending(self, sent: Sequence[tuple[Outgoing, Change]]) -> None:
        """Keep what is about to go out (rule R6)."""

    def unsent(self, outgoing: Sequence[Outgoing]) -> None:
        """Forget what was sent of these: the provider said that it did not arrive."""

    def postpone(self, outgoing: Sequence[Outgoing], error: Retryable | None) -> None:
        """Let these wait: as long as the error says, longer with each attempt, or for a run."""

    def refuse(self, outgoing: Outgoing, error: Rejected) -> None:
        """Forget that it was sent, and put it aside until a person changes it."""
