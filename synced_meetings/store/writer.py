"""Create and change meetings and series in bulk, with their people."""

from dataclasses import replace

from odoo import Command, fields

from odoo.addons.synced_meetings.sync.telling import version

from . import bulk, rows


class Writer:
    """Collects the changes of one part of a page, so that each kind is written at once."""

    def __init__(self, calendar, people, taken, by=None):
        """Write for ``calendar``; ``taken`` are unit keys that other rows have.

        ``by`` are the history's values of who changes: the calendar, unless they are given.
        """
        self._by = by or {"side": "calendar", "calendar_id": calendar.id}
        self.env, self.calendar, self.people, self.taken = calendar.env, calendar, people, taken
        self._start()

    def _start(self):
        self._new_attendees, self._joined, self._changed_people = [], [], {}
        self._changes = []
        self._gone_attendees = self.env["synced.meeting.attendee"]

    def create(self, model, events, extras):
        """Return new rows for ``events``; ``extras`` are the field values each has beside."""
        return bulk.create(
            self.env[model],
            [
                self._values(model, event) | extra
                for event, extra in zip(events, extras, strict=True)
            ],
        )

    def _values(self, model, event):
        people = self.people
        values = rows.series_values(event) if model.endswith("series") else rows.values_of(event)
        values |= {
            "company_id": self.calendar.company_id.id,
            "user_id": people.user(event.organiser),
            "attendee_ids": [
                Command.create(values) for values in rows.attendees_values(event, people)
            ],
        }
        if model == "synced.meeting":
            emails = [a.email for a in event.attendees]
            users = people.users([*emails, event.organiser]) | set(self.calendar.user_id.ids)
            contacts = people.contacts(emails)
            values |= {
                "shared": self._shared(event, contacts),
                "provider": self.calendar.provider,
                "partner_ids": [Command.set(sorted(contacts))],
                "user_ids": [Command.set(sorted(users))],
            }
        return values

    def _shared(self, event, contacts):
        """Return what `synced.meeting._compute_shared` says of a meeting with this one copy."""
        choice = self.calendar.account_id.colleagues_see
        return event.privacy == "public" and (
            not self.calendar or choice == "all" or (choice == "contacts" and bool(contacts))
        )

    def unit_key(self, event, rid=""):
        """Return the key under which other calendars find this row, None where it is taken."""
        key = rows.unit_key(event, rid)
        if key in self.taken:
            return None
        self.taken.add(key)
        return key

    def update(self, record, before, after, told="", asked="", **extra):
        """Bring a row from ``before`` to ``after``; writes nothing where they are equal.

        ``told`` and ``asked`` are as in `sync.store.Settled`.
        """
        if rows.is_odoos(record):  # people know it by what Odoo mailed them (rule R20)
            after = replace(after, uid=before.uid, organiser=before.organiser)
        change = rows.series_values if "rrule" in record else rows.values_of
        old, new = change(before), change(after)
        values = rows.changed(old, new) | extra
        if before.organiser != after.organiser:
            values["user_id"] = self.people.user(after.organiser)
            if record.unit_key:
                rid = record.recurrence_id if "recurrence_id" in record else ""
                values["unit_key"] = self.unit_key(after, rid or "")
        if values:
            record._bring_in(values)
        if record._name == "synced.meeting" and before != after:
            self._changes.append((record, before, after))
        if rows.is_odoos(record):
            return
        if told or before.attendees != after.attendees:
            self._update_attendees(record, after, told, asked)

    def _update_attendees(self, record, event, told, asked):
        current = version(event)
        first = told or current
        rest = {
            (row.email or "", "" if row.email else row.name or ""): row
            for row in record.attendee_ids
        }
        parent = {"series_id" if "rrule" in record else "meeting_id": record.id}
        for attendee in event.attendees:
            values = rows.attendee_values(attendee, event, self.people)
            row = rest.pop((attendee.email, "" if attendee.email else attendee.name), None)
            if row is None:
                versions = {"asked_version": first, "told_version": first}
                self._new_attendees.append(values | parent | versions)
                continue
            values |= _versions(row, told, asked, first, current)
            if changed := {n: v for n, v in values.items() if not _same(row[n], v)}:
                row._bring_in(changed)
        rest = {key: row for key, row in rest.items() if not rows.is_withheld(row)}
        for row in rest.values():
            self._gone_attendees |= row
        if "rrule" not in record:
            self._changed_people[record] = (
                event,
                [row.email for row in rest.values() if row.email],
            )

    def join(self, meeting):
        """Put the calendar's owner among the users of a meeting that another calendar brought."""
        self._joined.append(meeting)

    def flush(self):
        """Write what was collected."""
        joined = self.env["synced.meeting"].union(*self._joined)
        joined = joined.filtered(lambda m: self.calendar.user_id not in m.user_ids)
        joined._bring_in({"user_ids": [Command.link(self.calendar.user_id.id)]})
        joined._copies_changed()
        self._flush_people()
        self._gone_attendees._take_out()
        bulk.create(self.env["synced.meeting.attendee"], self._new_attendees)
        history = self.env["synced.meeting.history"]
        bulk.create(history, history._keep(self._changes, **self._by))
        self._start()
        self.env.flush_all()

    def _flush_people(self):
        """Add the contacts and users that attendees brought, take away those who left."""
        contacts, users = [], []
        for meeting, (event, left) in self._changed_people.items():
            emails = [a.email for a in event.attendees]
            brought = self.people.contacts(emails)
            gone = self._brought_by(meeting, left) - brought
            contacts.append((meeting, set(meeting.partner_ids.ids) - gone | brought))
            gone = set(
                meeting.attendee_ids.filtered(lambda a, left=left: a.email in left).user_id.ids
            )
            keep = self.people.users([*emails, event.organiser]) | set(self.calendar.user_id.ids)
            users.append((meeting, set(meeting.user_ids.ids) - gone | keep))
        self._set_many("partner_ids", contacts)
        self._set_many("user_ids", users)

    def _brought_by(self, meeting, emails):
        """Return the contacts that only the attendees with these addresses brought."""
        left = meeting.attendee_ids.filtered(lambda a: a.email in emails).partner_id
        stay = meeting.attendee_ids.filtered(lambda a: a.email not in emails).partner_id
        return set((left | left.commercial_partner_id).ids) - set(stay.commercial_partner_id.ids)

    def _set_many(self, name, wanted):
        """Set a many2many of many rows in a constant number of statements."""
        changed = [(row, ids) for row, ids in wanted if set(row[name].ids) != ids]
        if not changed:
            return
        records = self.env["synced.meeting"].union(*(row for row, _ in changed))
        field = records._fields[name]
        field.write_batch([(row, [Command.set(sorted(ids))]) for row, ids in changed])
        records.modified([name])


def _versions(row, told, asked, first, current):
    """Return what an attendee whom a calendar holds is now told; a pending wish stays one."""
    at = {"told_at": fields.Datetime.now()} if told else {}
    if rows.is_withheld(row):
        return {"asked_version": first, "told_version": first} | at
    if not told:
        return {}
    at = at if row.told_version != told else {}  # who is told the same again was told before
    pending = told != current and row.asked_version not in (False, row.told_version, asked)
    return at | {"told_version": told, "asked_version": row.asked_version if pending else told}


def _same(held, value):
    return (held.id if hasattr(held, "id") else held or False) == (value or False)
