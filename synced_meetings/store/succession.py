"""Whose copy says what a meeting is, once the one that did so is gone (rule R16)."""

from dataclasses import replace

from odoo import fields

from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.merge import merge
from odoo.addons.synced_meetings.sync.recurrence import expand

from . import rows
from .people import People
from .reading import Row, content_copy, privacy_of, record_of
from .series import SeriesWriter
from .writer import Writer


def succeed(link):
    """Bring what a guest's lost copy carried to what the next copies say.

    What came in through them so far was not taken over: they told their owners' answers only.
    """
    record = record_of(link)
    if link.organises or not (record and link.base):
        return
    base = codec.load(link.base, rows.event_of(record))
    _hand_over(record, link, base)
    if base.rule and record._name == "synced.meeting.series":
        had = expand(base, {}, _window(link))
        for meeting in record.meeting_ids.filtered("link_ids"):
            if meeting.recurrence_id in had:
                _hand_over(meeting, link, had[meeting.recurrence_id])


def _hand_over(record, gone, base):
    copies = _standing(record)
    following = content_copy(copies)
    if not following or content_copy(copies | gone) != gone:
        return  # it did not carry it
    if "series_id" in record and record.series_id and not following.recurrence_id:
        return  # it goes on as its series does
    local = rows.event_of(record)
    after = merge(base, local, codec.load(following.base, local))
    if after and record.active:
        _write(following, record, local, replace(after, privacy=privacy_of(copies)))


def _standing(record):
    """Return the live copies; of an occurrence, those of its series where it has no own."""
    if record._name == "synced.meeting.series":
        return Row(None, record.env["synced.meeting"], record).copies
    copies = Row(None, record, record.series_id).copies
    own = copies & record.link_ids
    return copies.filtered(lambda copy: copy in own or copy.calendar_id not in own.calendar_id)


def _write(copy, record, before, after):
    calendar = copy.calendar_id
    emails = {attendee.email for attendee in after.attendees} | {after.organiser}
    writer = Writer(calendar, People(record.env, emails, calendar.company_id), set())
    writer.update(record, before, after)
    writer.flush()
    if after.rule:
        SeriesWriter(writer, _window(copy)).reconcile({record: before})
        writer.flush()


def _window(copy):
    return copy.calendar_id.company_id._synced_window(fields.Datetime.now())
