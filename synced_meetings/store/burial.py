"""What a copy's disappearance means for its meeting (rules R11 and R13)."""

from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.errors import MassDeletion
from odoo.addons.synced_meetings.sync.merge import losses

from . import rows
from .reading import record_of
from .succession import succeed

FEW, SHARE = 10, 0.2


def bury(calendar, confirmed=False):
    """Apply the deletions found in the calendars of an account that ``calendar`` completes.

    Raises `MassDeletion`, with nothing applied, where they are more than happen by hand and no
    person ``confirmed`` them.
    """
    leaving = calendar.env["synced.meeting.link"].search(
        [("calendar_id.account_id", "=", calendar.account_id.id), ("state", "=", "leaving")]
    )
    ready = leaving.filtered(lambda link: _all_pulled(link, calendar))
    if not confirmed:
        brake(calendar, len({_unit(one) for one in ready if one.base or not one.recurrence_id}))
    for link in ready:
        _decide(link)
    ready.write({"state": "gone"})


def _all_pulled(link, calendar):
    """Whether each other calendar was read since: an event that was moved stands there (R11)."""
    others = calendar.account_id.calendar_ids.filtered("selected") - calendar - link.calendar_id
    # In the same second it may have been before: then the next run decides.
    return all(other.read_from and other.read_from > link.left for other in others)


def brake(calendar, gone):
    """Raise `MassDeletion` where more than ten and a fifth of a calendar's units go (R13)."""
    if gone <= FEW:
        return
    domain = [("calendar_id", "=", calendar.id), ("recurrence_id", "=", False)]
    total = calendar.env["synced.meeting.link"].search_count([*domain, ("state", "!=", "gone")])
    if is_unusual(gone, total):
        raise MassDeletion(gone, total)


def is_unusual(some, total):
    """Whether these are more than happen by hand: more than ten, and a fifth of all (R13)."""
    return some > FEW and some > SHARE * total


def _unit(link):
    """Return what a deletion counts for: a series counts once."""
    return ("series", link.series_id.id) if link.series_id else ("meeting", link.meeting_id.id)


def _decide(link):
    live = _other_copies(link).filtered(lambda copy: copy.state in ("live", "hidden"))
    record = record_of(link)
    if any(copy.calendar_id.account_id == link.calendar_id.account_id for copy in live):
        return  # it was moved to another calendar of the same person
    if link.organises or not live:
        _keep_edits(link, record)
        _cancel(record, link)
    else:
        _decline(record, link)
    succeed(link)


def _keep_edits(link, record):
    """Offer again what was typed here since the copy was found deleted (rule R5)."""
    if not (record and record.active and link.organises and link.base):
        return
    local = rows.event_of(record)
    if lost := tuple(losses(codec.load(link.base, local), local, None)):
        record.env["synced.meeting.conflict"]._keep_of(
            link.calendar_id, lost, link.meeting_id, link.series_id
        )


def _other_copies(link):
    """Return the copies elsewhere; an occurrence stands in those of its series, too."""
    copies = link.meeting_id.link_ids
    copies |= link.series_id.link_ids.filtered(lambda copy: not copy.recurrence_id)
    return copies.filtered(lambda copy: copy.calendar_id != link.calendar_id)


def _cancel(record, link):
    """Archive as cancelled: what happened with a contact is not erased by a phone.

    Of a series that nobody connected organises, the occurrences in other calendars stay.
    """
    if record._name == "synced.meeting.series":
        ended = record.meeting_ids
        if not link.organises:
            ended -= ended.filtered(lambda meeting: "live" in meeting.link_ids.mapped("state"))
        ended._bring_in({"state": "cancelled", "active": False})
    record._bring_in({"state": "cancelled", "active": False})


def _decline(record, link):
    """The owner of the copy will not come; the meeting stays."""
    people = record.attendee_ids
    if record._name == "synced.meeting.series":
        people |= record.meeting_ids.attendee_ids
    own = people.filtered(lambda row: row.user_id == link.calendar_id.user_id)
    own._bring_in({"response": "declined"})
