"""What a provider may raise, named for what the engine does about it.

They carry data, not sentences for a person: the models phrase those, translated.
"""

from __future__ import annotations

from collections.abc import Mapping


class SyncError(Exception):
    """Base of every error a provider raises."""


class SyncTokenExpired(SyncError):
    """List the whole calendar again."""


class StaleChangeKey(SyncError):
    """The remote changed under us: read it, merge, push again."""


class AuthRequired(SyncError):
    """The login is dead (revoked, expired, scope missing): only its owner can renew it."""


class Gone(SyncError):
    """The calendar does not exist any more, or the account lost every right to it."""


class Retryable(SyncError):
    """Nothing is wrong with the request; repeat it ``after`` seconds (None: back off)."""

    def __init__(self, reason: str = "", after: float | None = None) -> None:
        """Keep when to come back."""
        super().__init__(reason)
        self.after = after


class Rejected(SyncError):
    """This one event cannot be read or written as it is: ``reason`` says why, ``value`` what.

    ``reason`` is one of the codes in `REASONS`; the quarantine shows a sentence for it.
    """

    def __init__(self, reason: str, value: object = "") -> None:
        """Keep the code and the beginning of what could not be read."""
        super().__init__(reason, value)
        self.reason, self.value = reason, str(value)[:200]


class NoChannel(SyncError):
    """The provider will not tell of changes: ask it from time to time instead.

    ``reason`` is "unreachable" where it could not call, "unsupported" where it never tells of
    this calendar, else "refused".
    """

    def __init__(self, reason: str) -> None:
        """Keep why."""
        super().__init__(reason)
        self.reason = reason


class MassDeletion(SyncError):
    """More was deleted in one run than happens by hand: a person must confirm it."""

    def __init__(self, deleted: int, total: int) -> None:
        """Keep how many of how many."""
        super().__init__(deleted, total)
        self.deleted, self.total = deleted, total


REASONS = frozenset(
    {
        "not_an_object",  # the event is not a JSON object or XML element of the right kind
        "no_id",  # nothing to recognise it by
        "no_start",
        "no_end",
        "bad_time",  # a date or time that cannot be read
        "bad_zone",  # a time zone that nobody knows
        "end_before_start",
        "mixed_allday",  # one end has a time, the other has none
        "bad_rule",  # a recurrence rule that cannot be read, or not be said at the provider
        "too_many_occurrences",  # more than a person could attend
        "bad_recurrence_id",  # an exception that does not say which occurrence it replaces
        "bad_attendee",
        "bad_text",  # a text that is no text
        "bad_choice",  # a value outside the provider's own list
        "too_many_guests",  # more than the provider takes
        "no_address",  # a guest who cannot be invited there
        "not_organiser",  # what only the organiser may change
        "read_only",  # no right to change the calendar
        "cannot_invite",  # an account that may not invite anybody
        "cannot_be_quiet",  # people would be told of what they were not to be told
        "refused_there",  # the provider does not take the event as it is
        "refused",  # the database or a constraint refused it
    }
)


def of_one(error: SyncError, reasons: Mapping[str, str]) -> SyncError:
    """Return what a refusal means for one change: nothing is said about the whole calendar.

    ``reasons`` are the codes of `REASONS` for those of a service.
    """
    if isinstance(error, Gone):
        said = str(error)
        return Rejected(reasons.get(said, "refused_there"), said)
    if isinstance(error, Rejected | Retryable | StaleChangeKey):
        return error
    return Rejected("refused_there", str(error))
