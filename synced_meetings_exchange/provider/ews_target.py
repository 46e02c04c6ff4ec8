"""One change on its way to Exchange: what it is, and how what is there stands now."""

from __future__ import annotations

from dataclasses import dataclass, field

from odoo.addons.synced_meetings.sync.errors import Rejected, StaleChangeKey
from odoo.addons.synced_meetings.sync.event import Change, Remote, answer_of

from . import ews_items as items
from .ews_items import Values
from .ews_making import ALL, NOBODY
from .ews_payloads import Ref
from .ews_reading import Master
from .ews_translate import organises
from .ews_xml import Element, text
from .graph_translate import occurrence_id

CHANGED = "SendToChangedAndSaveCopy"


@dataclass
class Target:
    """A change on its way: where it goes, and how what is there stands now."""

    number: int
    change: Change
    ref: Ref | None = None
    master: Master | None = None  # of an occurrence
    standing: Element | None = None
    values: Values = field(default_factory=dict)


def is_nothing(change: Change) -> bool:
    """Whether a change changes nothing. Raises what it is refused with before any call."""
    copy, event = change.copy, change.event
    if change.action == "answer":
        response = answer_of(event, copy.self_email) if event and copy.self_email else None
        known = answer_of(copy.event, copy.self_email) if copy.event else None
        return response is None or response == known or response not in items.WORDS
    if change.action == "delete":
        return False
    if event is None or not copy.event:
        raise Rejected("no_start")
    if not copy.change_key:
        raise StaleChangeKey("change key")
    if copy.event == event:
        return True
    if not copy.organises:
        raise Rejected("not_organiser")  # Exchange would let a guest's copy differ
    return False


def is_looked_at(target: Target) -> bool:
    """Whether more must be known of what is there than its change key."""
    change = target.change
    if target.standing is not None or target.ref is None:
        return False
    if change.action == "delete":
        return True
    return bool(change.event) and items.invites(change.copy.event, change.event)  # type: ignore[arg-type]


def is_answer(target: Target) -> bool:
    """Whether a change is an answer: also the deletion of an invitation that still stands."""
    if target.change.action == "answer":
        return True
    standing = target.standing
    return not organises(standing) and text(standing, "t:IsCancelled") != "true"


def word_of(target: Target) -> str:
    """Return the element that gives the answer; who deletes an invitation declines it."""
    change = target.change
    if change.action == "delete" or change.event is None:
        return "DeclineItem"
    return items.WORDS[str(answer_of(change.event, change.copy.self_email))]


def send_of(target: Target) -> str:
    """Return whom an update tells."""
    if not target.change.tell:
        return NOBODY
    return CHANGED if items.only_guests(target.values) else ALL


def tombstone(copy: Remote) -> Remote:
    """Return what is left of a copy that is gone."""
    key = copy.id
    if not key and copy.series:
        key = occurrence_id(copy.series, copy.recurrence_id)
    return Remote(
        key,
        None,
        series=copy.series,
        recurrence_id=copy.recurrence_id,
        client_key=copy.client_key,
    )
