"""Keep the occurrences of series as their masters and exceptions say."""

from collections import defaultdict

from odoo.addons.synced_meetings.sync.merge import merge
from odoo.addons.synced_meetings.sync.recurrence import expand, follow, occurrences

from . import rows


class SeriesWriter:
    """Brings the occurrences of the touched series in line, all series of a part at once."""

    def __init__(self, writer, window):
        """Write through ``writer`` what lies in ``window``."""
        self.writer, self.window, self.env = writer, window, writer.env
        self._new, self._dropped = [], self.env["synced.meeting"]

    def reconcile(self, masters):
        """Take {series: its event before, None where it is new}.

        Exceptions that lost their occurrence are in doubt: the provider may have dropped them.
        """
        series = self.env["synced.meeting.series"].union(*masters)
        self._adopt(series.filtered(lambda s: masters[s] is None))
        exceptions = _exceptions(series)
        for one in series.filtered("active"):
            after = rows.event_of(one)
            before = masters[one] or after
            held = exceptions[one]
            self._reconcile_one(one, before, after, held)
            if before.when != after.when or before.rule != after.rule:
                self._lost(after, held).write({"in_doubt": True})
        span = (moment.replace(tzinfo=None) for moment in (self.window.start, self.window.stop))
        series.write(dict(zip(("expanded_from", "expanded_until"), span, strict=True)))
        self._write_collected()

    def _reconcile_one(self, series, before, after, held):
        has = expand(after, dict.fromkeys(held), self.window)
        had = {
            m.recurrence_id: m
            for m in series.meeting_ids
            if m.recurrence_id not in held
            and (m.recurrence_id in has or self.window.meets(rows.when_of(m)))
        }
        pairs = follow(before.when, after.when, had, has)
        bases = expand(before, {}, self.window) if before != after else has
        # Of a series that no calendar holds, the meetings themselves say which were cancelled.
        alone = bases if not series.link_ids else {}
        for rid, event in has.items():
            if rid not in pairs:
                extra = {"series_id": series.id, "recurrence_id": rid}
                self._new.append((event, extra | {"company_id": series.company_id.id}))
                continue
            meeting, old = had[pairs[rid]], pairs[rid]
            revived = not meeting.active and old not in alone
            if before != after or revived:
                self._continue(meeting, bases.get(old), event, rid, revived)
        lost = [had[rid] for rid in had.keys() - set(pairs.values()) if had[rid].active]
        if not series.link_ids:  # what was moved by itself stays where no rule ever put it
            lost = [meeting for meeting in lost if meeting.recurrence_id in bases]
        self._dropped = self._dropped.union(*lost)

    def _continue(self, meeting, base, event, rid, revived):
        """Bring an occurrence to what its master says now, less what only the occurrence has."""
        local = rows.event_of(meeting)
        extra = {} if meeting.recurrence_id == rid else {"recurrence_id": rid}
        if revived:
            base, extra = None, extra | {"active": True}
        self.writer.update(meeting, local, merge(base, local, event) if base else event, **extra)

    def _lost(self, master, held):
        """Return the exceptions whose occurrence the changed master does not have."""
        kept = {rid for rid, _ in occurrences(master.when, master.rule, self.window)}
        lost = (link for rid, link in held.items() if rid not in kept and link.state == "live")
        return self.env["synced.meeting.link"].union(*lost)

    def _adopt(self, series):
        """Take in exceptions that came before their series, from any calendar."""
        if not series:
            return
        by_unit = {(s.ical_uid, s.organiser_email): s for s in series if s.ical_uid}
        orphans = self.env["synced.meeting"].search(
            [
                ("ical_uid", "in", [uid for uid, _ in by_unit]),
                ("series_id", "=", False),
                ("recurrence_id", "!=", False),
            ]
        )
        for meeting in orphans:
            if one := by_unit.get((meeting.ical_uid, meeting.organiser_email)):
                meeting._bring_in({"series_id": one.id, "unit_key": False})
                meeting.link_ids.write({"series_id": one.id})

    def _write_collected(self):
        self._dropped._bring_in({"active": False, "state": "cancelled"})
        new = self.writer.create(
            "synced.meeting", [event for event, _ in self._new], [extra for _, extra in self._new]
        )
        named = new.filtered(lambda m: rows.is_odoos(m) or _withholds(m.series_id))
        for series, meetings in named.grouped("series_id").items():
            series._put_down(meetings)


def _withholds(series):
    return any(map(rows.is_withheld, series.attendee_ids))


def _exceptions(series):
    """Return {series: {recurrence id: link}} as the copy that carries the content has them."""
    found = defaultdict(dict)
    links = series.link_ids
    masters = links.filtered(lambda link: not link.recurrence_id and link.state == "live").sorted(
        "id"
    )
    content = {link.series_id: link.calendar_id for link in reversed(masters)}
    content |= {link.series_id: link.calendar_id for link in masters if link.organises}
    for link in links:
        if link.recurrence_id and content.get(link.series_id) == link.calendar_id:
            found[link.series_id][link.recurrence_id] = link
    return found


def promote(meeting, series):
    """Make the row of a single event the first occurrence of the series that it became."""
    rid = rows.own_rid(rows.event_of(meeting))
    meeting._bring_in({"series_id": series.id, "recurrence_id": rid, "unit_key": False})


def demote(series, event, key):
    """Return the row that goes on as a single event where ``series`` ceased to repeat."""
    meetings = series.meeting_ids.sorted("start")
    rid = rows.own_rid(event)
    stays = meetings.filtered(lambda m: m.recurrence_id == rid)[:1] or meetings[:1]
    stays._bring_in({"series_id": False, "recurrence_id": False, "unit_key": key})
    (meetings - stays)._bring_in({"active": False, "state": "cancelled"})
    series._bring_in({"active": False, "unit_key": False})
    return stays
