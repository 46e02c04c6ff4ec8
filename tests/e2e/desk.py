"""A person at a browser: what people do in Odoo, and pictures of what they see."""

import re
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from setup import paths

from .page_checks import OURS, Watch
from .product import DATABASE, Person

PICTURES = paths.LOCAL / "screenshots"
DESKTOP = {"viewport": {"width": 1366, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
HERE = {"locale": "en-US", "timezone_id": "Europe/Berlin"}
PATIENCE = 30_000
# What a job does, and a browser tells, may take its time on a loaded machine.
SYNC_PATIENCE = 60_000
CARDS = "/odoo/calendar-connections"
CALENDAR = "/odoo/synced-calendar"
MEETINGS = "/odoo/synced-meetings"


class Desk:
    """One person's browser, with everything that goes wrong in it noted."""

    def __init__(self, browser: Browser, url: str, kind: dict = DESKTOP):
        self.browser, self.url, self.kind = browser, url, kind
        self.context = self._context(kind)
        self.watch = Watch(self.context)
        self.page = self.context.new_page()
        self._phone: Desk | None = None

    def _context(self, kind: dict) -> BrowserContext:
        context = self.browser.new_context(base_url=self.url, **HERE, **kind)
        context.set_default_timeout(PATIENCE)
        return context

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

    def close(self) -> None:
        """Leave, and complain about what went wrong."""
        if self._phone:
            self._phone.close()
        self.context.close()
        self.watch.check()

    # ---- connections ----

    @property
    def card(self) -> Locator:
        """Return the card of the only connection."""
        return self.page.locator(".o_synced_account_cards .o_kanban_record:not(.o_kanban_ghost)")

    def add_google(self) -> None:
        """Open the connections, and begin one with Google."""
        self.open(CARDS)
        self.page.get_by_role("button", name="Google").click()
        expect(self.card).to_be_visible()

    def begin_consent(self) -> Page:
        """Press the button that leads to the provider; return the window that opens."""
        button = re.compile("Authenticate and subscribe|Sign in again")
        with self.page.expect_popup() as caught:
            self.card.get_by_role("button", name=button).click()
        popup = caught.value
        popup.get_by_role("button", name="Allow").wait_for()
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

    # ---- pictures ----

    def picture(self, name: str, ours: str = OURS, phone: bool = True) -> None:
        """Judge and photograph the page, and the same address on a phone."""
        settle(self.page)
        self.page.locator(ours).first.scroll_into_view_if_needed()
        self.shoot(self.page, name, self.kind)
        self.watch.look_at(self.page, ours)
        if phone and self.kind is DESKTOP:
            self.phone().page.goto(self.page.url)
            self.phone().picture(name, ours)

    def phone(self) -> "Desk":
        """Return the person's phone, logged in."""
        if not self._phone:
            self._phone = Desk(self.browser, self.url, PHONE)
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


def allow(popup: Page, email: str) -> None:
    """Consent as somebody, with everything that is asked for."""
    popup.get_by_label(re.compile(re.escape(email))).check()
    press(popup, "Allow")


def press(popup: Page, button: str) -> None:
    """Press a button of the consent page, and wait until its window closes by itself."""
    with popup.expect_event("close", timeout=PATIENCE):
        popup.get_by_role("button", name=button).click(no_wait_after=True)


def settle(page: Page) -> None:
    """Wait until a page of Odoo is there, drawn, and asks for nothing more."""
    page.wait_for_function("window.isQuiet?.()")
