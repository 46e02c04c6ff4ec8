"""Microsoft 365 and an own Exchange server: every way to connect, from the browser."""

import pytest
from playwright.sync_api import expect

from setup.database import SERVICE_LOGIN, SERVICE_PASSWORD
from setup.simulated import PASSWORD

from .desk import MEETINGS, allow
from .moments import at

EMAIL = "E-mail address of the mailbox"
SERVER = "Simulated Exchange server"


class Calendar:
    """Somebody's calendar at Microsoft, and whether its meetings come to Odoo."""

    def __init__(self, service, person):
        self.service, self.person = service, person
        self.meet("Workshop", 9)

    def meet(self, subject, hour):
        subject = f"{subject} of {self.person.name}"
        event = {"id": subject.lower(), "iCalUID": f"{subject}@corp.example", "summary": subject}
        self.service.seed(self.person.email, [{**event, **at(hour, days=1)}])

    def expect_in_odoo(self, desk):
        """Look for a meeting of the first run, and for one that a further run brings."""
        desk.expect_connected(self.person)
        self.meet("Review", 14)
        desk.synchronise()
        desk.open(MEETINGS)
        desk.search_everything(self.person.name)
        for subject in ("Workshop", "Review"):
            row = desk.page.locator(".o_data_row", has_text=f"{subject} of {self.person.name}")
            expect(row).to_have_count(1)


@pytest.fixture
def person(product):
    return product.newcomer("Nora")


@pytest.fixture
def desk(sit, person):
    desk = sit(person)
    desk.add("Exchange")
    return desk


@pytest.fixture
def online(product, person):
    return Calendar(product.microsoft, person)


@pytest.fixture
def on_premises(product, person):
    return Calendar(product.exchange, person)


@pytest.fixture
def only_ntlm(product):
    product.exchange.ask("POST", "/_simulator/methods", ["NTLM"])
    yield
    product.exchange.ask("POST", "/_simulator/methods", ["Basic", "NTLM"])


def save(desk, email="", password=""):
    """Enter what is given, and save."""
    for label, text in ((EMAIL, email), ("Password", password)):
        if text:
            desk.card.get_by_label(label, exact=True).fill(text)
    desk.card.get_by_role("button", name="Save and subscribe").click()


def choose_server(desk, method):
    """Choose a way into the server that an administrator entered."""
    desk.card.get_by_label("Own server").check()
    desk.card.get_by_label(method, exact=True).check()
    desk.card.get_by_label("Server", exact=True).select_option(SERVER)


def test_microsoft_365_by_consent(desk, person, online):
    popup = desk.begin_consent("Accept")
    desk.shoot(popup, "70-consent-microsoft", {"viewport": popup.viewport_size})
    allow(popup, person.email, "Accept")
    online.expect_in_odoo(desk)


def test_microsoft_365_by_client_credentials(desk, person, online):
    desk.card.get_by_label("Client credentials").check()
    save(desk, person.email)
    online.expect_in_odoo(desk)


def test_an_own_server_by_basic(desk, person, on_premises):
    choose_server(desk, "Basic")
    desk.picture("71-own-server")
    sentence = f"The server does not accept the password of {person.email}."
    desk.watch.expect(sentence)
    save(desk, person.email, "mistyped")
    expect(desk.card.get_by_role("alert")).to_contain_text(sentence)
    desk.shoot(desk.page, "72-wrong-password", desk.kind)
    save(desk, password=PASSWORD)
    on_premises.expect_in_odoo(desk)


def test_an_own_server_by_ntlm(desk, person, on_premises, only_ntlm):
    choose_server(desk, "NTLM")
    save(desk, person.email, PASSWORD)
    on_premises.expect_in_odoo(desk)


def test_an_own_server_by_its_service_account(desk, person, on_premises):
    choose_server(desk, "Basic")
    desk.card.get_by_label("Impersonation").check()
    save(desk, person.email)
    on_premises.expect_in_odoo(desk)


def test_an_own_server_by_a_service_account_that_is_entered(desk, person, on_premises):
    choose_server(desk, "Basic")
    desk.card.get_by_label("Impersonation").check()
    desk.card.get_by_label("Service account", exact=True).fill(SERVICE_LOGIN)
    desk.picture("73-impersonation")
    save(desk, person.email, SERVICE_PASSWORD)
    on_premises.expect_in_odoo(desk)
