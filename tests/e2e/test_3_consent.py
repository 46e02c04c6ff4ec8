"""Ways in which signing in goes wrong: a sentence each, and a card that still works."""

import pytest
from playwright.sync_api import expect

from .desk import allow, press

RETURN = "/synced_meetings/oauth/google"


@pytest.fixture
def dora(product):
    return product.newcomer("Dora")


@pytest.fixture
def desk(sit, dora):
    return sit(dora)


def test_cancelled(desk, dora):
    desk.add_google()
    press(desk.begin_consent(), "Cancel")
    expect(desk.trouble).to_contain_text("You did not allow access, so nothing has changed.")
    desk.picture("20-consent-cancelled")
    desk.trouble.get_by_role("button", name="Put this message away").click()
    expect(desk.trouble).to_have_count(0)
    allow(desk.begin_consent(), dora.email)
    desk.expect_connected(dora)


def test_a_permission_is_not_ticked(desk, dora):
    desk.add_google()
    popup = desk.begin_consent()
    popup.get_by_label("View and edit events").uncheck()
    allow(popup, dora.email)
    expect(desk.trouble).to_contain_text("Odoo needs every permission that it asks for")
    desk.picture("21-permission-missing")
    allow(desk.begin_consent(), dora.email)
    desk.expect_connected(dora)
    expect(desk.trouble).to_have_count(0)


def test_another_mailbox_than_before(desk, dora, product):
    stranger = product.newcomer("Eric")
    desk.connect(dora)
    allow(desk.begin_consent(), stranger.email)
    sentence = f"This card belongs to {dora.email}, but you signed in as {stranger.email}."
    expect(desk.trouble).to_contain_text(sentence)
    desk.picture("22-another-mailbox")
    desk.synchronise()
    expect(desk.card.locator(".badge")).to_have_text("Connected")


def test_a_return_address_that_was_used(desk, dora):
    seen = []
    desk.context.on("request", lambda one: RETURN in one.url and seen.append(one.url))
    desk.connect(dora)
    page = desk.context.new_page()
    page.goto(seen[0])
    expect(page.get_by_role("alert")).to_contain_text("This sign-in was used already.")
    desk.glance(page, "23-used-already")
    page.goto(f"{RETURN}?state=invented&code=invented")
    expect(page.get_by_role("alert")).to_contain_text("Odoo did not ask for this sign-in")
    page.get_by_role("link", name="Back to the calendar connections").click()
    expect(page.locator(".o_synced_account_cards")).to_contain_text("Connected")
    desk.synchronise()


def test_a_pop_up_that_is_blocked(desk, dora):
    desk.page.add_init_script("window.open = () => null")
    desk.add_google()
    desk.card.get_by_role("button", name="Authenticate and subscribe").click()
    desk.page.get_by_label(dora.email).check()
    desk.page.get_by_role("button", name="Cancel").click()
    expect(desk.trouble).to_contain_text("You did not allow access")
    desk.card.get_by_role("button", name="Authenticate and subscribe").click()
    desk.page.get_by_label(dora.email).check()
    desk.page.get_by_role("button", name="Allow").click()
    desk.expect_connected(dora)
