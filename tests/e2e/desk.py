"""A person at a browser: what people do in Odoo, and pictures of what they see."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from setup import paths

from .contexts import DESKTOP, PATIENCE, PHONE, Contexts
from .page_checks import OURS, Watch
from .product import DATABASE, Person

PICTURES = paths.LOCAL / "screenshots"
# What a job does, and a browser tells, may take its time on a loaded machine.
SYNC_PATIENCE = 60_000
# As the browser's own "forward" does: what is loaded already is not loaded again.
GO = """path => {
    document.querySelector(".o_action_manager > *")?.setAttribute("data-left", "");
    const state = { story: true };
    history.pushState(state, "", path);
    dispatchEvent(new PopStateEvent("popstate", { state }));
}"""
CARDS = "/odoo/calendar-connections"
CALENDAR = "/odoo/synced-calendar"
MEETINGS = "/odoo/synced-meetings"


class Desk:
    """One person's browser, with everything that goes wrong in it noted."""

    def __init__(self, contexts: Contexts, kind: dict = DESKTOP):
        self.contexts, self.kind = contexts, kind
        self.context = contexts.take(kind)
        self.watch = Watch(self.context)
        self.page = self.context.new_page()
        self._phone: Desk | None = None

    # ---- coming and going ----

    def log_in(self, person: Person) -> None:
        """Log in without the form, which one story tells."""
        words = {"db": DATABASE, "login": person.login, "password": person.password}
        path, data = "/web/session/authenticate", {"jsonrpc": "2.0", "params": words}
        answer = self.context.request.post(path, data=data).json()
        assert answer.get("result", {}).get("uid"), answer

    def log_in_by_form(self, person: Person) -> None:
        """Log in as everybody does."""
        self.page.goto("/web/login")
        self.page.get_by_label("Email").fill(person.login)
        self.page.get_by_label("Password", exact=True).fill(person.password)
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_selector(".o_main_navbar .o_navbar_apps_menu")

    def open(self, path: str) -> None:
        """Go to an address and wait for what it shows."""
        if self.page.locator(".o_main_navbar").count():
            self.page.evaluate(GO, path)
            self.page.wait_for_function("!document.querySelector('[data-left]')")
        else:
            self.page.goto(path)
        settle(self.page)

    def choose(self, app: str, *menus: str) -> None:
        """Open an application, then walk through its menus."""
        self.page.locator(".o_navbar_apps_menu button").click()
        self.page.get_by_role("menuitem", name=app, exact=True).click()
        expect(self.page.locator(".o_menu_brand")).to_have_text(app)
        settle(self.page)
        if menus:
            section, entry = menus[0], menus[-1]
            self.page.locator(".o_menu_sections").get_by_text(section, exact=True).click()
            menu = self.page.locator(".o-dropdown--menu")
            menu.get_by_role("menuitem", name=entry, exact=True).click()
        settle(self.page)

    def search(self, words: str) -> None:
        """Search a list for words."""
        self.page.get_by_role("searchbox").fill(words)
        self.page.wait_for_selector(".o_searchview_autocomplete .o-dropdown-item")
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".o_facet_value")).to_have_text([words])
        settle(self.page)

    def search_everything(self, words: str) -> None:
        """Search a list without the filters that it begins with."""
        facets = self.page.locator(".o_facet_remove")
        for left in reversed(range(facets.count())):
            facets.first.click()
            expect(facets).to_have_count(left)
        self.search(words)

    def open_contact(self, name: str) -> None:
        """Find a contact and open its card."""
        self.open("/odoo/contacts")
        self.search(name)
        self.page.locator(".o_data_row", has_text=name).get_by_text(name).first.click()
        self.page.wait_for_selector(".o_form_view")

    def close(self) -> None:
        """Leave, and complain about what went wrong."""
        if self._phone:
            self._phone.close()
        self.contexts.give_back(self.context, self.kind)
        self.watch.end()
        self.watch.check()

    # ---- connections ----

    @property
    def card(self) -> Locator:
        """Return the card of the only connection."""
        return self.page.locator(".o_synced_account_cards .o_kanban_record:not(.o_kanban_ghost)")

    def add(self, service: str) -> None:
        """Open the connections, and begin one."""
        self.open(CARDS)
        self.page.get_by_role("button", name=service).click()
        expect(self.card).to_be_visible()

    def add_google(self) -> None:
        """Open the connections, and begin one with Google."""
        self.add("Google")

    @property
    def trouble(self) -> Locator:
        """Return the sentence on the card that says what went wrong."""
        return self.card.get_by_role("alert")

    def begin_consent(self, agree: str = "Allow") -> Page:
        """Press the button that leads to the provider; return the window that opens."""
        button = re.compile("Authenticate and subscribe|Sign in again")
        with self.page.expect_popup() as caught:
            self.card.get_by_role("button", name=button).click()
        popup = caught.value
        popup.get_by_role("button", name=agree).wait_for()
        return popup

    def connect(self, person: Person) -> None:
        """Connect the person's calendar, to the end of the first sync."""
        self.add_google()
        allow(self.begin_consent(), person.email)
        self.expect_connected(person)

    def expect_connected(self, person: Person) -> None:
        """Wait until the card says, by itself, that the first sync is over."""
        expect(self.card).to_contain_text(person.email)
        expect(self.card.locator(".badge")).to_have_text("Connected", timeout=SYNC_PATIENCE)
        expect(self.card).to_contain_text("Last success", timeout=SYNC_PATIENCE)
        expect(self.card.get_by_role("button", name="Synchronise")).to_be_enabled()

    def synchronise(self) -> None:
        """Press the button on the card, and wait for the end of the run."""
        self.card.get_by_role("button", name="Synchronise").click()
        button = self.card.get_by_role("button", name="Synchronise", exact=True)
        expect(button).to_be_enabled(timeout=SYNC_PATIENCE)

    def card_choice(self, label: str) -> None:
        """Choose on the card what colleagues see."""
        with self.page.expect_response(re.compile("synced.account/web_read|/read")):
            self.card.get_by_label(label).check()
        settle(self.page)

    # ---- pictures ----

    def picture(self, name: str, ours: str = OURS, phone: bool = True) -> None:
        """Judge and photograph the page, and the same address on a phone."""
        settle(self.page)
        if ours != OURS:
            self.page.locator(ours).last.evaluate("one => one.scrollIntoView({block: 'center'})")
        self.shoot(self.page, name, self.kind)
        self.watch.look_at(self.page, ours)
        if phone and self.kind is DESKTOP:
            self.phone().open(self.page.url)
            self.phone().picture(name, ours)

    def glance(self, page: Page, name: str) -> None:
        """Judge and photograph a page beside the desk's own, at both sizes."""
        for kind in (DESKTOP, PHONE):
            page.set_viewport_size(kind["viewport"])
            self.shoot(page, name, kind)
            self.watch.look_at(page, OURS)

    def phone(self) -> "Desk":
        """Return the person's phone, logged in."""
        if not self._phone:
            self._phone = Desk(self.contexts, PHONE)
            self._phone.watch.expected = self.watch.expected
        # Each time: the login may have changed since.
        self._phone.context.add_cookies(self.context.cookies())
        return self._phone

    @staticmethod
    def shoot(page: Page, name: str, kind: dict) -> Path:
        """Photograph what is in view."""
        width = kind["viewport"]["width"]
        path = PICTURES / f"{name}-{width}.png"
        page.screenshot(path=path, animations="disabled")
        return path


def allow(popup: Page, email: str, agree: str = "Allow") -> None:
    """Consent as somebody, with everything that is asked for."""
    popup.get_by_label(re.compile(re.escape(email))).check()
    press(popup, agree)


def press(popup: Page, button: str) -> None:
    """Press a button of the consent page, and wait until its window closes by itself."""
    with popup.expect_event("close", timeout=PATIENCE):
        popup.get_by_role("button", name=button).click(no_wait_after=True)


def settle(page: Page) -> None:
    """Wait until a page of Odoo is there, drawn, and asks for nothing more."""
    page.wait_for_function("window.isQuiet?.()")
