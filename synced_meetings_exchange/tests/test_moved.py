"""A mailbox that was moved from an own server to Microsoft 365 finds its meetings again (R21)."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.synced_meetings.store.rows import aware

from .graph_case import ANN, GraphCase, simulator
from .test_both_ways import Both

BOSS = "boss@partner.example"
COUNT, NEVER = 5, "0001-01-01T00:00:00Z"


def daily(start, count):
    return simulator("ews_owner").daily(aware(start), count)


@tagged("post_install", "-at_install")
class TestMoved(Both, GraphCase):
    """Ann's card leads to an own server; what stands there is copied to Microsoft 365."""

    def setUp(self):
        super().setUp()
        self.ann, self.ann.email = self.user, ANN
        self.exchange = self.enterContext(simulator("ews").SimulatedExchange(tls=True))
        self.exchange.add_user(ANN, "Ann", "Europe/Berlin", password="Ann's secret")
        self.exchange.add_user(BOSS, "Boss", "Europe/Berlin")
        self.card.write({"exchange_service": "own_server", "email": ANN})
        self.card.write({"server_id": self.server().id, "password": "Ann's secret"})
        self.card.action_connect()
        self.old, self.new = self.exchange.user(ANN), self.graph.user(ANN)
        self.start = fields.Datetime.now().replace(microsecond=0, second=0) + timedelta(days=3)

    def server(self):
        with open(self.exchange.ca_file, encoding="ascii") as file:
            values = {"ca_certificates": file.read(), "private_network": True}
        values |= {"name": "Hanover", "url": self.exchange.url}
        return self.env["synced.exchange.server"].create(values)

    # ---- the move ----

    def move(self, *left_behind):
        """Copy the mailbox as Microsoft's migration does, by UID, and connect it there."""
        self.card.action_disconnect()
        views = [view for view in self.old.items() if view.data["Subject"] not in left_behind]
        self.new.seed([body for view in views for body in self.bodies(view)])
        self.exchange.mails.clear()
        self.before = len(self.exchange.requests)
        self.card.with_user(self.ann).exchange_service = "microsoft365"

    def arrive(self):
        self.click()
        self.assertEqual((self.card.state, self.card.last_error), ("connecting", False))
        self.run_now()
        self.assertEqual(len(self.exchange.requests), self.before, "the old server is left alone")
        self.assertEqual((self.exchange.mails, self.mailed()), ([], []))

    def mailed(self):
        """Return who was mailed, the answer that somebody gave left out."""
        return [mail.to for mail in self.graph.mails if mail.to != BOSS]

    def bodies(self, view):
        """Yield what Graph shows of an item: itself, and what differs in its occurrences."""
        data, series = view.item.data, view.item.data["UID"]
        names = {"iCalUId": series, "id": series, "singleValueExtendedProperties": own(data)}
        yield self.body(data) | names | self.people(data)
        if "Recurrence" in data:
            original = {"seriesMasterId": series}
            for start, change in view.item.exceptions.items():
                yield original | {"originalStart": str(start.date())} | self.changed(data, change)
            for start in view.item.deleted:
                yield original | {"originalStart": str(start.date()), "isCancelled": True}

    def changed(self, data, change):
        body = self.body(data | change.data)
        return {name: value for name, value in body.items() if name != "recurrence"}

    def body(self, data):
        times = {name: time(data, name.title()) for name in ("start", "end")}
        if "Recurrence" not in data:
            return {"subject": data["Subject"], **times}
        pattern = {"type": "daily", "interval": 1}
        span = {"type": "numbered", "numberOfOccurrences": COUNT}
        span["startDate"] = str(data["Start"].date())
        return {"subject": data["Subject"], **times} | {
            "recurrence": {"pattern": pattern, "range": span}
        }

    def people(self, data):
        found = {"attendees": [entry(one) for one in data.get("RequiredAttendees", ())]}
        if data["Organizer"]["email"] != ANN:
            found |= {"organizer": entry(data["Organizer"]), "isOrganizer": False}
            found |= {"responseStatus": {"response": "notResponded", "time": NEVER}}
        return found

    # ---- what stands where ----

    def every(self):
        """Return all meetings that are not over, by id, with what people wrote on them."""
        meetings = self.env["synced.meeting"].search([])
        return {m.id: (m.name, m.start, m.notes, m.res_id, m.location) for m in meetings}

    def fill(self):
        """Fill the calendar from both sides: a talk, a series, an invitation."""
        self.make(name="Talk").action_send()
        series = self.old.create(
            Subject="Daily", Recurrence=daily(self.start, COUNT), **self.hour()
        )
        third = self.old.occurrence(series.id, 3)
        self.old.update(third.id, Subject="Daily, longer")
        self.old.delete(self.old.occurrence(series.id, 2).id)
        invited = {"RequiredAttendees": [ANN], "send": "SendToAllAndSaveCopy"}
        self.exchange.user(BOSS).create(Subject="Review", **invited, **self.hour(5))
        self.old.create(Subject="Lunch", **self.hour(1))
        self.old.create(Subject="Dentist", **self.hour(2))
        self.run_now()
        for meeting in self.env["synced.meeting"].search([]):
            meeting.write({"notes": f"about {meeting.name}", "res_model": "res.partner"})
            meeting.res_id = meeting.id

    def hour(self, day=0):
        start = aware(self.start + timedelta(days=day))
        return {"Start": start, "End": start + timedelta(hours=1)}

    def subjects(self):
        return sorted(event["subject"] for event in self.new.events())

    # ---- what is promised ----

    def test_every_meeting_is_found_again(self):
        self.fill()
        before, runs = self.every(), self.env["synced.calendar"].search_count([])
        self.assertEqual(len(before), 4 + COUNT - 1)
        self.move()
        self.arrive()
        self.assertEqual(self.every(), before)
        self.assertEqual(self.subjects(), ["Daily", "Dentist", "Lunch", "Review", "Talk"])
        self.assertEqual(self.env["synced.calendar"].search_count([]), runs)
        self.assertFalse(self.env["synced.meeting.link"].search([("dirty", "=", True)]))
        asked = len(self.graph.requests)
        self.run_now()
        self.assertLessEqual(len(self.graph.requests), asked + 2, "a run without news")

    def test_both_sides_go_on_where_they_were(self):
        self.fill()
        self.move()
        self.arrive()
        before = self.every()
        known = {event["subject"]: event["id"] for event in self.new.events()}
        self.new.patch(known["Lunch"], {"location": {"displayName": "Roof"}})
        self.found()["Dentist"].with_user(self.ann).location = "Main Street"
        self.found()["Daily, longer"].with_user(self.ann).name = "Daily, short"
        self.new.delete(known["Talk"])
        self.run_now()
        self.assertEqual(self.found()["Lunch"].location, "Roof")
        self.assertEqual(self.new.get(known["Dentist"])["location"]["displayName"], "Main Street")
        days = (aware(self.start + timedelta(days=n)).isoformat() for n in (-1, COUNT))
        names = [one["subject"] for one in self.new.instances(known["Daily"], *days)]
        self.assertIn("Daily, short", names)
        self.assertNotIn("Talk", self.found())
        self.assertEqual(before.keys() - self.every().keys(), {self.cancelled("Talk").id})

    def uid(self, name):
        return self.old.item(name).data["UID"]

    def cancelled(self, name):
        found = self.env["synced.meeting"].with_context(active_test=False)
        return found.search([("name", "=", name), ("state", "=", "cancelled")])

    def test_what_had_not_gone_out_yet_goes_to_the_new_place(self):
        self.fill()
        mine = {name: meeting.with_user(self.ann) for name, meeting in self.found().items()}
        mine["Lunch"].name = "Late lunch"
        mine["Dentist"].unlink()
        mine["Review"].action_tentative()
        self.move()
        self.arrive()
        self.assertEqual(self.subjects(), ["Daily", "Late lunch", "Review", "Talk"])
        self.assertEqual(
            self.new.by_uid(self.uid("Review"))["responseStatus"]["response"], "tentativelyAccepted"
        )

    def test_a_creation_whose_answer_was_lost_is_made_once(self):
        self.exchange.faults.add(match="CreateItem", drop="after")
        self.make(name="Lost", attendee_ids=[])
        self.run_job()
        self.assertFalse(self.env["synced.meeting.link"].search([]).remote_id)
        self.assertTrue(self.old.item("Lost"))
        self.move()
        self.arrive()
        self.assertEqual(self.subjects(), ["Lost"])
        self.assertEqual([name for name, *_ in self.every().values()], ["Lost"])

    def test_what_was_left_behind_rests(self):
        self.fill()
        self.move("Lunch", "Daily")
        self.arrive()
        self.assertEqual(self.subjects(), ["Dentist", "Review", "Talk"])
        self.assertIn("Lunch", self.found(), "absent is not deleted")
        self.found()["Lunch"].with_user(self.ann).name = "Lunch alone"
        self.run_now()
        self.assertEqual(self.subjects(), ["Dentist", "Review", "Talk"])


def entry(person):
    """Return somebody of an item of Exchange as Graph shows people."""
    who = {"address": person["email"], "name": person["name"]}
    return {"type": "required", "emailAddress": who}


def time(data, name):
    """Return a moment of an item as Graph shows it, on the clock of its zone."""
    zone = data["StartTimeZone"]
    wall = data[name].astimezone(simulator("ews_time").zone_of(zone)).replace(tzinfo=None)
    return {"dateTime": wall.isoformat(), "timeZone": zone}


def own(data):
    """Return the extended properties of an item, which are the same by either way in."""
    found = [(*key.split("/"), value) for key, value in data["Extended"].items()]
    return [{"id": f"{kind} {{{group}}} Name {key}", "value": v} for group, key, kind, v in found]
