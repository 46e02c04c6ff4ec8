"""The values that cross a border: what both sides of a sync agree an event is.

All are frozen: no record, row or JSON object of a provider enters the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from .errors import SyncError

Response = Literal["needs_action", "accepted", "tentative", "declined"]
Kind = Literal["required", "optional", "resource"]
State = Literal["confirmed", "tentative", "cancelled"]
Privacy = Literal["public", "private"]
ShowAs = Literal["free", "tentative", "busy", "oof", "elsewhere"]
Access = Literal["owner", "writer", "reader", "busy"]
Action = Literal["create", "update", "delete", "answer"]


@dataclass(frozen=True, slots=True)
class When:
    """A span of time: aware UTC instants, or whole days as dates with ``end`` exclusive.

    ``zone`` is the IANA name of the zone in which the event was made; all-day events
    keep it only to know whose midnight is meant ("" where the provider does not say).
    """

    start: datetime | date
    end: datetime | date
    zone: str = ""

    @property
    def allday(self) -> bool:
        """Whether these are whole days."""
        return not isinstance(self.start, datetime)

    @property
    def duration(self) -> timedelta:
        """Length of the span."""
        return self.end - self.start  # type: ignore[operator]  # both are of one kind


@dataclass(frozen=True, slots=True)
class Attendee:
    """One invited address; ``email`` is lower case, "" where the provider gave none."""

    email: str
    name: str = ""
    response: Response = "needs_action"
    kind: Kind = "required"


@dataclass(frozen=True, slots=True)
class Event:
    """One single event, series master or exception, in canonical form.

    ``uid`` is the iCalendar UID (RFC 5545 3.8.4.7), shared by all copies and by all parts of a
    series. ``rule`` holds the master's RRULE, RDATE, EXDATE lines (RFC 5545 3.8.5). ``conference``
    says that there is a way to join, or shall be one: the service makes it, and says in
    ``conference_url`` where it is. ``attachments`` are (title, address), the service's own.
    """

    uid: str
    when: When
    name: str = ""
    location: str = ""
    description: str = ""
    organiser: str = ""
    attendees: tuple[Attendee, ...] = ()
    rule: tuple[str, ...] = ()
    state: State = "confirmed"
    privacy: Privacy = "public"
    show_as: ShowAs = "busy"
    conference_url: str = ""
    conference: bool = False
    attachments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Remote:
    """An event as one calendar holds it; ``event=None`` is a tombstone.

    ``series`` is the remote id of the master and ``recurrence_id`` the occurrence's original
    start (`recurrence.recurrence_id`), both only on exceptions and cancelled occurrences.
    ``organises`` is the provider's own mark that the calendar's owner is the organiser;
    ``redacted`` says that fields are hidden or cut in this copy; ``self_email`` is the address
    by which the owner stands among the attendees; ``url`` opens the event at the provider.
    """

    id: str
    event: Event | None
    change_key: str = ""
    series: str = ""
    recurrence_id: str = ""
    organises: bool = False
    redacted: bool = False
    self_email: str = ""
    url: str = ""
    client_key: str = ""


@dataclass(frozen=True, slots=True)
class Bad:
    """An event that could not be read: its id (or ""), a code of `errors.REASONS`, its source."""

    id: str
    reason: str
    value: str
    payload: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of remote changes; ``token`` only on the last, to be kept after it."""

    changes: tuple[Remote, ...]
    token: str | None = None
    bad: tuple[Bad, ...] = ()
    complete: bool = False  # the page belongs to a listing of the whole calendar, not a delta


@dataclass(frozen=True, slots=True)
class Calendar:
    """A remote calendar of an account; ``owner`` is the address of the person it belongs to."""

    remote_id: str
    name: str
    primary: bool = False
    access: Access = "owner"
    zone: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The span in which meetings are kept, as aware UTC instants, ``stop`` exclusive."""

    start: datetime
    stop: datetime

    def meets(self, when: When) -> bool:
        """Whether any part of ``when`` lies inside; an event without length counts at its start."""
        if when.allday:
            first, last = self.start.date(), self.stop.date()
        else:
            first, last = self.start, self.stop
        return when.start < last and (when.end > first or when.start >= first)


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch of time in which a person is not free; aware UTC instants."""

    start: datetime
    stop: datetime
    show_as: ShowAs = "busy"


@dataclass(frozen=True, slots=True)
class Change:
    """One write to a calendar.

    ``copy`` is the copy as it was last agreed on, ``event`` what it shall become: of an update
    only the fields in which they differ go out, of an answer only the response of
    ``copy.self_email``. ``copy.change_key`` must still be the provider's. A create carries the
    client key by which its repetition is known. ``tell`` asks the provider to mail the attendees;
    without it nobody is mailed. ``message`` is what they read of a deletion, where the service can
    say it.
    """

    action: Action
    copy: Remote
    event: Event | None
    tell: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change: the copy as the provider holds it now, or why it was not done.

    ``told`` is False where people were to be told and the provider found nothing to tell.
    """

    remote: Remote | None = None
    error: SyncError | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class Channel:
    """A push subscription: the provider names ``id`` in each call, ``resource`` helps to end it.

    ``expires`` is an aware UTC instant.
    """

    id: str
    expires: datetime
    resource: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a call of a provider's names: a channel, and the secret that proves it.

    ``number`` grows with each call of a channel, 0 where the provider does not count. ``renew``
    says that the channel itself was, or is going to be, lost.
    """

    channel: str
    secret: str
    number: int = 0
    renew: bool = False


def answer_of(event: Event, email: str) -> Response | None:
    """Return what ``email`` answered, None where that address is not invited."""
    return next((a.response for a in event.attendees if a.email == email), None)


def with_answer(event: Event, email: str, response: Response) -> Event:
    """Return ``event`` with the answer of ``email`` replaced."""
    attendees = tuple(
        replace(a, response=response) if a.email == email else a for a in event.attendees
    )
    return replace(event, attendees=attendees)
