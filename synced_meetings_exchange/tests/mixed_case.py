"""People of one company whose calendars stand at different services, reached over real HTTP."""

from collections import Counter
from datetime import datetime, timedelta, timezone
from itertools import count

from odoo.tests import TransactionCase, new_test_user

from .graph_case import simulator

ZONE = "Europe/Berlin"
ANSWERS = {"accepted": "Accept", "declined": "Decline"}


class Person:
    """A user with one connected calendar, and what that person does in it without Odoo."""

    domain = "corp.example"

    def __init__(self, case, name):
        self.case, self.name, self.email = case, name, f"{name.lower()}@{self.domain}"
        self.user = new_test_user(case.env, self.email, name=name, email=self.email)
        self.account = self.connected()

    def card(self, **values):
        cards = self.case.env["synced.account"].with_user(self.user)
        return cards.create({"provider": "exchange", "email": self.email} | values)


class AtGoogle(Person):
    domain = "google.example"
    by = "google"

    def connected(self):
        from odoo.addons.synced_meetings_google.tests.pull_case import kept

        self.service = self.case.google
        self.calendar = self.service.add_user(self.email, self.name, ZONE).calendar()
        values = {"user_id": self.user.id, "provider": "google"}
        account = self.case.env["synced.account"].create(values)
        tokens = self.service.consent(self.email)
        account._authorised(self.email, self.email, {"google_tokens": kept(tokens)})
        account._refresh_calendars()
        return account

    def invite(self, guest, subject):
        """Make a meeting; return it as the invitation that the guest's service gets."""
        people = {"attendees": [{"email": guest.email, "responseStatus": "needsAction"}]}
        made = self.calendar.insert({"summary": subject, **people, **self.case.span})
        return self.case.invitation(self, guest, subject, made["iCalUID"])

    def receive(self, invitation):
        self.calendar.seed([invitation])

    def hear_of(self, subject, other):
        """Get the organiser's mail that the meeting is called otherwise now."""
        event = self.copy(subject)
        kept = ("id", "iCalUID", "organizer", "attendees", "start", "end")
        self.calendar.seed([{name: event[name] for name in kept} | {"summary": other}])

    def copy(self, subject):
        """Return the only event with a subject, None where there is none."""
        found = [one for one in self.calendar.events() if one["summary"] == subject]
        assert len(found) < 2, found
        return found[0] if found else None

    def rename(self, subject, other):
        self.calendar.patch(self.copy(subject)["id"], {"summary": other})

    def remove(self, subject):
        self.calendar.delete(self.copy(subject)["id"])

    def hear(self, subject, guest, answer):
        self.calendar.respond(self.copy(subject)["id"], answer, guest.email)

    def answer(self, subject):
        """Return what the only guest answered, as this copy says."""
        return self.copy(subject)["attendees"][0]["responseStatus"]

    def place(self, subject):
        return self.copy(subject).get("location")


class AtOwnServer(Person):
    by = "exchange"

    def connected(self):
        self.service = self.case.exchange
        self.outlook = self.service.add_user(self.email, self.name, ZONE, password="secret")
        values = {"exchange_service": "own_server", "server_id": self.case.hanover.id}
        account = self.card(**values, password="secret")
        account.action_connect()
        return account

    def invite(self, guest, subject):
        people = {"RequiredAttendees": [guest.email], "send": "SendToAllAndSaveCopy"}
        times = {name.title(): self.case.moment(name) for name in ("start", "end")}
        made = self.outlook.create(Subject=subject, **people, **times)
        return self.case.invitation(self, guest, subject, made.data["UID"])

    def receive(self, invitation):
        self.outlook.seed([invitation])

    def hear_of(self, subject, other):
        self.rename(subject, other)  # a guest's copy in Outlook is the guest's to edit

    def copy(self, subject):
        found = [one for one in self.outlook.items() if one.data["Subject"] == subject]
        assert len(found) < 2, found
        return found[0] if found else None

    def rename(self, subject, other):
        self.outlook.update(self.copy(subject).id, Subject=other)

    def remove(self, subject):
        self.outlook.delete(self.copy(subject).id)

    def hear(self, subject, guest, answer):
        self.outlook.guest_answers(self.copy(subject).id, guest.email, ANSWERS[answer])

    def answer(self, subject):
        data = self.copy(subject).data
        own = data["Organizer"]["email"] == self.email
        said = data["RequiredAttendees"][0]["response"] if own else data["MyResponseType"]
        return {theirs: ours for ours, theirs in ANSWERS.items()}.get(said)

    def place(self, subject):
        return self.copy(subject).data.get("Location")


class AtMicrosoft(Person):
    by = "exchange"

    def connected(self):
        self.service = self.case.graph
        self.outlook = self.service.add_user(self.email, self.name, ZONE)
        account = self.card(auth_method="client_credentials")
        account.action_connect()
        return account

    def invite(self, guest, subject):
        times = {name: self.case.span[name] for name in ("start", "end")}
        person = {"type": "required", "emailAddress": {"address": guest.email}}
        made = self.outlook.create({"subject": subject, "attendees": [person], **times})
        return self.case.invitation(self, guest, subject, made["iCalUId"])

    def receive(self, invitation):
        read = simulator("ics").Report([invitation])
        found = simulator("graph_import").translated(read, ZONE, self.email)
        self.outlook.seed(found.events)

    def hear_of(self, subject, other):
        box = self.outlook.mailbox
        [item] = [one for one in box.alive() if one.now.data["subject"] == subject]
        self.outlook.world.put(box, item, data={**item.now.data, "subject": other})

    def copy(self, subject):
        found = [one for one in self.outlook.events() if one["subject"] == subject]
        assert len(found) < 2, found
        return found[0] if found else None

    def rename(self, subject, other):
        self.outlook.patch(self.copy(subject)["id"], {"subject": other})

    def remove(self, subject):
        self.outlook.delete(self.copy(subject)["id"])

    def hear(self, subject, guest, answer):
        self.outlook.answered(self.copy(subject)["id"], guest.email, answer)

    def answer(self, subject):
        event = self.copy(subject)
        own = event["isOrganizer"]
        return (event["attendees"][0]["status"] if own else event["responseStatus"])["response"]

    def place(self, subject):
        return self.copy(subject)["location"]["displayName"]


class MixedCase(TransactionCase):
    """Google, Microsoft 365 and an own server, all known to Odoo; nobody is connected yet."""

    def setUp(self):
        super().setUp()
        if "google" not in dict(self.env["synced.account"]._fields["provider"].selection):
            self.skipTest("the add-on for Google is not installed")
        google, graph, ews = (simulator(name) for name in ("google", "graph", "ews"))
        self.google = self.enterContext(google.GoogleSimulator())
        self.graph = self.enterContext(graph.SimulatedGraph())
        self.exchange = self.enterContext(ews.SimulatedExchange(tls=True))
        self.graph.login.world.add_tenant("corp.example")
        self.graph.login.admin_consent(graph.DEMO_APP, "corp.example")
        self.know(
            synced_meetings_google={
                name: getattr(self.google, name) for name in ("api_url", "token_url", "auth_url")
            },
            synced_meetings_exchange={
                "authority_url": self.graph.authority_url,
                "graph_url": self.graph.api_url,
                "ca_file": self.graph.ca_file,
            },
        )
        settings = {"synced_google_client_id": google.DEMO_CLIENT}
        settings |= {"synced_google_client_secret": google.DEMO_SECRET}
        settings |= {"synced_exchange_client_id": graph.DEMO_APP}
        settings |= {"synced_exchange_client_secret": graph.DEMO_SECRET}
        settings |= {"synced_exchange_tenant": "corp.example"}
        self.env["res.config.settings"].create(settings).execute()
        with open(self.exchange.ca_file, encoding="ascii") as file:
            values = {"ca_certificates": file.read(), "private_network": True}
        values |= {"name": "Hanover", "url": self.exchange.url}
        self.hanover = self.env["synced.exchange.server"].create(values)
        self.numbers = count()
        start = datetime.now(timezone.utc).replace(microsecond=0, second=0) + timedelta(days=3)
        ends = start + timedelta(hours=1)
        self.span = {
            name: {"dateTime": moment.replace(tzinfo=None).isoformat(), "timeZone": "UTC"}
            for name, moment in (("start", start), ("end", ends))
        }

    def know(self, **addons):
        for addon, values in addons.items():
            for name, value in values.items():
                self.env["ir.config_parameter"].set_param(f"{addon}.{name}", value)

    def moment(self, name):
        return datetime.fromisoformat(self.span[name]["dateTime"]).replace(tzinfo=timezone.utc)

    def invitation(self, organiser, guest, subject, uid):
        """Return what a mail with an invitation says, in Google's form."""
        people = {"organizer": {"email": organiser.email, "displayName": organiser.name}}
        people |= {"attendees": [{"email": guest.email, "responseStatus": "needsAction"}]}
        names = {"id": f"invited{next(self.numbers)}", "iCalUID": uid, "summary": subject}
        return names | people | self.span

    def run_only(self, person):
        """Run one person's calendar; return who was mailed by it."""
        before = self.mailed()
        self.env["synced.meeting.link"].search([]).next_try = False
        calendars = person.account.sudo().calendar_ids.filtered("selected")
        calendars._mark_due()
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["synced.calendar"]._run_due()
        self.env.invalidate_all()
        self.assertEqual(calendars.mapped("last_error"), [False])
        self.assertFalse(self.env["synced.sync.quarantine"].search([]))
        return list((self.mailed() - before).elements())

    def mailed(self):
        services = (self.google, self.graph, self.exchange)
        return Counter(mail.to for service in services for mail in service.mails)
