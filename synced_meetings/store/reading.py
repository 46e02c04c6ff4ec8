"""Find what a sight of remote events is about: links, meetings and series, a page at once."""

from dataclasses import dataclass
from typing import Any

from odoo.addons.synced_meetings.sync import codec
from odoo.addons.synced_meetings.sync.event import answer_of, with_answer
from odoo.addons.synced_meetings.sync.store import Link, Sent

from . import rows

OF_COPIES = ("calendar_id", "state", "organises", "redacted", "recurrence_id", "base", "self_email")


@dataclass(slots=True)
class Row:
    """The records behind a link; empty recordsets where there is none."""

    link: Any
    meeting: Any
    series: Any

    @property
    def copies(self):
        """The live copies of this unit; an occurrence stands in those of its series, too."""
        return self.every.filtered(lambda copy: copy.state == "live")

    @property
    def hidden(self):
        """Whether people put it away here: what its calendars say of it waits (features, C)."""
        return "hidden" in (self.every | self.link).mapped("state")

    @property
    def moved(self):
        """The organiser's copy that was found gone: the event may stand in another calendar."""
        return self.every.filtered(lambda copy: copy.state == "leaving" and copy.organises)

    @property
    def every(self):
        """All copies of this unit that are known."""
        masters = self.series.link_ids.filtered(lambda copy: not copy.recurrence_id)
        return self.meeting.link_ids | masters


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
        links = self._links_of(remotes)
        joins = self._joins([r for r in remotes if r.event and not _is_joined(links.get(r.id))])
        found = [self._row(remote, links, joins) for remote in remotes]
        self._add_occurrences(remotes, found)
        copies_of(self.env, found)
        pairs = list(zip(remotes, found, strict=True))
        deleted = self._deleted_here(pairs)
        return [
            # It only follows: it brings nothing back (rule R5).
            Link(remote.event, None, "content", row)
            if (row.hidden and remote.event) or deleted.intersection(_units(remote, row))
            else self._link(remote, row)
            for remote, row in pairs
        ]

    def _deleted_here(self, pairs):
        """Return the unit keys of what organisers deleted here and their calendars still hold."""
        if not any(_units(remote, row) for remote, row in pairs):
            return set()
        domain = [("state", "=", "deleting"), ("organises", "=", True), ("dirty", "=", True)]
        names = ["base", "sent", "recurrence_id"]
        found = self.env["synced.meeting.link"].search_fetch(domain, names)
        held = [(link.base or (link.sent or {}).get("event"), link.recurrence_id) for link in found]
        return {rows.unit_key(codec.load(base), rid or "") for base, rid in held if base} - {None}

    def _links_of(self, remotes):
        """Return {remote id: link}, with what was made here and has no remote id yet."""
        names = ("meeting_id", "series_id", "client_key", "sent", "dirty", *OF_COPIES)
        ids = {r.id for r in remotes} | {r.series for r in remotes if r.series}
        keys = [r.client_key for r in remotes if r.client_key]
        series = [r.series for r in remotes if r.series]
        made_here = ["&", ("remote_id", "=", False)]
        made_here += ["|", ("client_key", "in", keys), ("series_remote_id", "in", series)]
        found = self.links(["|", ("remote_id", "in", list(ids)), *made_here], *names)
        links = {link.remote_id: link for link in found if link.remote_id}
        new = {
            link.client_key or (link.series_remote_id, link.recurrence_id): link
            for link in found
            if not link.remote_id
        }
        new |= self._moved_links(remotes) if self.calendar.moved else {}
        for remote in remotes if new else ():
            if link := next((new[key] for key in _names(remote) if key in new), None):
                links.setdefault(remote.id, link)
        return links

    def _moved_links(self, remotes):
        """Return {(uid, recurrence id): link} of copies that wait for their new ids (R21)."""
        uids = [remote.event.uid for remote in remotes if remote.event]
        known = ["|", ("meeting_id.ical_uid", "in", uids), ("series_id.ical_uid", "in", uids)]
        waiting = [("remote_id", "=", False), ("series_remote_id", "=", False)]
        found = self.links([*waiting, "|", ("state", "=", "deleting"), *known], *OF_COPIES)
        return {(_uid(link), link.recurrence_id or ""): link for link in found}

    def _row(self, remote, links, joins):
        row = Row(
            links.get(remote.id, self.env["synced.meeting.link"]),
            self.env["synced.meeting"],
            self.env["synced.meeting.series"],
        )
        row.meeting, row.series = row.link.meeting_id, row.link.series_id
        if not _is_joined(row.link) and remote.event:
            key = rows.unit_key(remote.event, remote.recurrence_id)
            moved = joins.get((remote.event.uid, remote.recurrence_id), row.meeting)
            row.meeting, row.series = _sort(joins.get(key, moved), row)
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
        found |= self._moved([r.event.uid for r in remotes])
        return {key: record for key, record in found.items() if not self._holds(record)}

    def _moved(self, uids):
        """Return {(uid, recurrence id): row} of the person's other calendars.

        An event that is moved from one to another takes the other for its organiser.
        """
        others = self.calendar.account_id.calendar_ids.filtered("selected") - self.calendar
        if not others:
            return {}
        domain = [("ical_uid", "in", uids), ("link_ids.calendar_id", "in", others.ids)]
        meetings = self.env["synced.meeting"].search(domain)
        series = self.env["synced.meeting.series"].search(domain)
        found = {(m.ical_uid, m.recurrence_id or ""): m for m in meetings if not m.series_id}
        return found | {(s.ical_uid, ""): s for s in series}

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

    def _link(self, remote, row):
        record = row.meeting if remote.series else (row.meeting or row.series)
        if row.link.state == "deleting":
            return (
                Link(codec.load(row.link.base), None, "content", row)
                if row.link.base
                else Link(row=row)
            )
        if not record:
            return Link(row=row)
        local = rows.event_of(record) if record.active else None
        if remote.event is None:
            # Only who organises can lose by a deletion what was typed here, if it is none.
            own = row.link.organises and row.link.base and row.link.state == "live"
            own = own and row.copies.filtered("organises") <= row.link
            base = codec.load(row.link.base, local) if own else None
            return Link(base, local if own else None, "content", row)
        sent = sent_of(row.link, local)
        role = self._role(remote, row.copies) if local else "content"
        base = row.link.base if row.link.state == "live" else None
        if base is None and sent and role == "content":
            return Link(None, local, role, row, sent)
        if base is None and role == "content" and not remote.series:
            base = content_copy(row.moved or row.copies).base or None  # it takes over from another
        if base is None and role == "content" and remote.series and row.series:
            return Link(local, local, role, row)  # so far it was what its master says (R18)
        if role == "answer":
            base = base or _declined(row.link, local)
        heard = self._heard(row)
        return Link(codec.load(base, local) if base else None, local, role, row, sent, heard)

    def _heard(self, row):
        """Return what other copies say, or said by going, that people answered."""
        others = row.every.filtered(lambda copy: copy.base and copy.calendar_id != self.calendar)
        events = [codec.load(copy.base) for copy in others]
        gone = others.filtered(lambda copy: copy.state == "gone" and copy.self_email)
        told = {(a.email, a.response) for event in events for a in event.attendees}
        return frozenset(told | {(copy.self_email, "declined") for copy in gone})

    def _role(self, remote, copies):
        """Return what this calendar's copy may tell (rule R16)."""
        others = copies.filtered(lambda copy: copy.calendar_id != self.calendar)
        if remote.organises or not others:
            return "content"
        if others.filtered("organises"):
            return "answer"
        content = content_copy(copies)
        better = content.redacted and not remote.redacted
        return "content" if better or content.calendar_id == self.calendar else "answer"


def _uid(link):
    """Return the UID of a copy; one whose creation was not answered has it from here."""
    return codec.load(link.base).uid if link.base else record_of(link).ical_uid


def _names(remote):
    """Return by what a copy is known that has no remote id yet, the surest first."""
    yield remote.client_key
    yield remote.series, remote.recurrence_id
    if remote.event and not remote.series:
        yield remote.event.uid, remote.recurrence_id


def _is_joined(link):
    """Whether it is known of which meeting or series a link is a copy; it may have been deleted."""
    return bool(link and (link.meeting_id or link.series_id))


def _units(remote, row):
    """Return the keys of the units with which a copy goes, where nothing is shown for it.

    A guest's goes with the organiser's, an exception with its series.
    """
    record = row.meeting if remote.series else (row.meeting or row.series)
    if not remote.event or (record and record.active):
        return []
    if remote.organises:
        return [rows.unit_key(remote.event)] if remote.series else []
    return [rows.unit_key(remote.event, rid) for rid in (remote.recurrence_id, "")]


def _sort(record, row):
    """Return (meeting, series) with ``record`` in its place."""
    if record._name == "synced.meeting":
        return record, record.series_id
    return row.meeting, record


def copies_of(env, found):
    """Return all copies of the units of these rows, read at once."""
    meetings = env["synced.meeting"].union(*(row.meeting for row in found))
    series = env["synced.meeting.series"].union(*(row.series for row in found))
    copies = meetings.link_ids | series.link_ids
    copies.fetch(OF_COPIES)
    return copies


def record_of(link):
    """Return the meeting or series that a link is a copy of; empty where it was deleted."""
    return link.meeting_id if link.meeting_id or link.recurrence_id else link.series_id


def _declined(copy, local):
    """Return the base of a guest's copy that went, by which its owner declined (rule R11)."""
    if copy.state != "gone" or not copy.base or answer_of(local, copy.self_email) != "declined":
        return None
    base = codec.load(copy.base, local)
    return codec.dump(with_answer(base, copy.self_email, "declined"))


def privacy_of(copies):
    """Return the privacy of a meeting without its organiser's copy: all are private (rule R17)."""
    private = all((copy.base or {}).get("privacy") == "private" for copy in copies)
    return "private" if private else "public"


def sent_of(link, local):
    """Return what went out last to this copy and was not answered, or None."""
    if not link.sent:
        return None
    event = link.sent.get("event")
    told = link.sent.get("tell", False), link.sent.get("asked", "")
    return Sent(codec.load(event, local) if event else None, *told)


def content_copy(copies):
    """Return the copy that content comes from: the organiser's, else the oldest full one (R16)."""
    full = copies.filtered(lambda copy: not copy.redacted) or copies
    return (copies.filtered("organises") or full.sorted("id"))[:1]
