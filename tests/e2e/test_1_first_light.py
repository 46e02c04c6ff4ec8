"""From nothing to a meeting on the contact's card."""

import re

from playwright.sync_api import expect

from .desk import allow

CONTACT = "Douglas Fletcher"
COMPANY = "Acme Corporation"
MEETING = "Negotiation with Acme"
BOX = ".o_synced_box, .oe_stat_button"


def test_first_light(sit, product):
    ann = product.demo()
    desk = sit()
    page = desk.page
    desk.log_in_by_form(ann)
    desk.choose("Synced Meetings", "Configuration", "Calendar")
    expect(page.get_by_text("Connect your calendar")).to_be_visible()
    desk.picture("01-no-connection")

    page.get_by_role("button", name="Google").click()
    expect(desk.card.locator(".badge")).to_have_text("Not connected")
    desk.picture("02-new-card")

    popup = desk.begin_consent()
    desk.shoot(popup, "03-consent", {"viewport": popup.viewport_size})
    allow(popup, ann.email)
    desk.expect_connected(ann)
    expect(desk.card).to_contain_text(re.compile(r"\b[1-9]\d*\smeetings"))
    desk.picture("04-connected")

    desk.open_contact(CONTACT)
    box = page.locator(".o_synced_box")
    expect(box).to_contain_text(MEETING)
    desk.picture("05-contact", BOX)
    expect(page.get_by_role("button", name="Synced meetings")).to_contain_text("2")
    box.get_by_role("link", name=MEETING).click()
    expect(page.locator(".o_synced_meeting_form")).to_contain_text(MEETING)
    desk.picture("06-meeting")


def test_a_company_shows_the_meetings_of_its_people(sit, product):
    desk = sit(product.demo())
    desk.open_contact(COMPANY)
    expect(desk.page.locator(".o_synced_box")).to_contain_text(MEETING)
    desk.picture("07-company", BOX)
