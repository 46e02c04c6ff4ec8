"""Find what a sight of remote events is about: links, meetings and series, a page at once."""

from dataclasses import dataclass
from typing import Any

from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.store import Link

from . import rows


@dataclass(slots=True)
class Row:
    """The records behind a link; empty recordsets where there is none."""

    link: Any
    meeting: Any
    series: Any

    @property
    def copies(self):
        """All copies of the same unit."""
        if self.meeting:
            return self.meeting.link_ids
        return self.series.link_ids.filtered(lambda copy: not copy.recurrence_id)


class Reader:
    """Reads for one calendar, in a constant number of statements a page."""

    def __init__(self, calendar):
        """Read for ``calendar``; ``taken`` collects the unit keys that rows have."""
        self.calendar, self.env = calendar, calendar.env
        self.taken = set()

    def links(self, domain, *names):
        """Return this calendar's links."""
        domain = [("calendar_id", "=", self.calendar.id), *domain]
        return self.env["synced.meeting.link"].search_fetch(domain, ["remote_id", *names])

    def load(self, remotes):
        """Return the link of each remote, in order."""
        names = ("meeting_id", "series_id", "base", "state", "organises", "redacted")
        ids = {r.id for r in remotes} | {r.series for r in remotes if r.series}
        links = {
            link.remote_id: link for link in self.links([("remote_id", "in", list(ids))], *names)
        }
        joins = self._joins([r for r in remotes if r.id not in links and r.event])
        found = [self._row(remote, links, joins) for remote in remotes]
        self._add_occurrences(remotes, found)
        return [_link(remote, row) for remote, row in zip(remotes, found, strict=True)]

    def _row(self, remote, links, joins):
        row = Row(
            links.get(remote.id, self.env["synced.meeting.link"]),
            self.env["synced.meeting"],
            self.env["synced.meeting.series"],
        )
        row.meeting, row.series = row.link.meeting_id, row.link.series_id
        if not row.link and remote.event:
            record = joins.get(rows.unit_key(remote.event, remote.recurrence_id), row.meeting)
            row.meeting, row.series = _sort(record, row)
        if remote.series and not row.series:
            row.series = self._series(remote, links, joins)
        return row

    def _series(self, remote, links, joins):
        """Return the series of an exception: this calendar's, else the one it shares."""
        none = self.env["synced.meeting.series"]
        if remote.series in links:
            return links[remote.series].series_id
        shared = joins.get(rows.unit_key(remote.event)) if remote.event else None
        return shared if shared and shared._name == none._name else none

    def _joins(self, remotes):
        """Return {unit key: row} of what other calendars hold a copy of (rule R15)."""
        keys = {rows.unit_key(r.event, r.recurrence_id) for r in remotes}
        keys |= {rows.unit_key(r.event) for r in remotes if r.series}
        domain = [("unit_key", "in", list(keys - {None}))]
        found = {}
        for model in ("synced.meeting.series", "synced.meeting") if keys - {None} else ():
            found |= {record.unit_key: record for record in self.env[model].search(domain)}
        self.taken |= found.keys()
        return {key: record for key, record in found.items() if not self._holds(record)}

    def _holds(self, record):
        """Whether this calendar has a live copy of it already: it never has two (rule R15)."""
        return any(
            link.calendar_id == self.calendar and link.state == "live" and not link.recurrence_id
            for link in record.link_ids
        )

    def _add_occurrences(self, remotes, found):
        """Find the rows of the occurrences that exceptions and cancellations stand for."""
        lacking = {
            (row.series.id, remote.recurrence_id): row
            for remote, row in zip(remotes, found, strict=True)
            if remote.series and row.series and not row.meeting
        }
        if not lacking:
            return
        ids, stamps = ({unit[i] for unit in lacking} for i in (0, 1))
        domain = [("series_id", "in", list(ids)), ("recurrence_id", "in", list(stamps))]
        for meeting in self.env["synced.meeting"].search(domain):
            if row := lacking.get((meeting.series_id.id, meeting.recurrence_id)):
                row.meeting = meeting


def _sort(record, row):
    """Return (meeting, series) with ``record`` in its place."""
    if record._name == "synced.meeting":
        return record, record.series_id
    return row.meeting, record


def _link(remote, row):
    record = row.meeting if remote.series else (row.meeting or row.series)
    if not record or remote.event is None:
        return Link(row=row)
    local = rows.event_of(record) if record.active else None
    copies = row.copies.filtered(lambda copy: copy.state == "live")
    role = _role(remote, row.link, copies) if local else "content"
    base = row.link.base if row.link.state == "live" else None
    if base is None and role == "content":
        base = content_copy(copies).base or None
    if base is None and remote.series and row.series and role == "content":
        return Link(local, local, role, row)  # so far the occurrence was what the master says (R18)
    return Link(base and codec.load(base), local, role, row)


def _role(remote, link, copies):
    """Return what this copy may tell (rule R16)."""
    others = copies - link
    if remote.organises or not others:
        return "content"
    if others.filtered("organises"):
        return "answer"
    return "content" if link and link == content_copy(copies) else "answer"


def content_copy(copies):
    """Return the copy that content comes from: the organiser's, else the oldest full one (R16)."""
    full = copies.filtered(lambda copy: not copy.redacted) or copies
    return (copies.filtered("organises") or full.sorted("id"))[:1]
