"""Every screen, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import expect

from .contexts import PHONE
from .desk import CALENDAR, CARDS, MEETINGS, SYNC_PATIENCE, settle
from .moments import at


@pytest.fixture
def desk(sit, product):
    """Return the desk of the demonstration's employee, whose calendar is connected."""
    person = product.demo()
    desk = sit(person)
    desk.open(CARDS)
    if not desk.card.count():
        desk.connect(person)
    return desk


def test_calendar_page(desk):
    page = desk.page
    desk.open(CALENDAR)
    expect(page.locator(".o_synced_chip")).to_contain_text("Updated")
    desk.picture("40-calendar")
    page.locator(".fc-event", has_text="Demonstration at Gemini").click()
    expect(page.locator(".o_synced_popover")).to_contain_text("Edwin Hansen")
    desk.picture("41-calendar-meeting", phone=False)
    page.locator(".o_cw_popover_close").click()
    page.locator(".scale_button_selection").click()
    page.get_by_role("menuitem", name="Month").click()
    expect(page.locator(".fc-dayGridMonth-view")).to_be_visible()
    desk.picture("42-calendar-month", phone=False)


def test_calendar_page_on_a_phone(desk, product):
    product.google.insert(product.demo().email, summary="Call with Edwin", **at(15))
    phone = desk.phone()
    phone.open(CALENDAR)
    event = phone.page.locator(".fc-event", has_text="Call with Edwin").first
    expect(event).to_be_visible(timeout=SYNC_PATIENCE)
    phone.picture("43-calendar-day")
    event.tap()
    expect(phone.page.locator(".o_synced_popover")).to_be_visible()
    phone.picture("43-calendar-day-meeting")


def test_list_of_meetings(desk):
    desk.open(MEETINGS)
    expect(desk.page.locator(".o_data_row").first).to_be_visible()
    desk.picture("44-meetings")


def test_details_of_a_connection(desk):
    desk.open(CARDS)
    desk.card.hover()
    desk.card.locator(".o_dropdown_kanban button, .o_kanban_record_menu button").first.click()
    desk.page.get_by_role("menuitem", name="Details").click()
    expect(desk.page.locator(".o_form_view")).to_contain_text("Calendars")
    desk.picture("45-connection")


def test_gear_of_the_box(desk):
    desk.open_contact("Douglas Fletcher")
    page = desk.page
    page.get_by_role("button", name="Which meetings to show").click()
    expect(page.get_by_role("menuitemradio", name="Both")).to_be_visible()
    desk.picture("46-box-choice", ".o_synced_box, .o-dropdown--menu", phone=False)
    page.get_by_role("menuitemradio", name="Synced meetings").click()
    expect(page.get_by_role("button", name="Meetings", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Which meetings to show").click()
    page.get_by_role("menuitemradio", name="Both").click()


def test_preferences_lead_to_the_connections(sit, product):
    desk = sit(product.newcomer("Rita"))
    desk.open(MEETINGS)
    expect(desk.page.get_by_role("link", name="Connect your calendar")).to_be_visible()
    desk.picture("50-no-meetings")
    desk.page.locator(".o_user_menu button").click()
    desk.page.get_by_role("menuitem", name="My Preferences").click()
    desk.page.get_by_role("tab", name="Calendar").click()
    button = desk.page.get_by_role("button", name="Connect a calendar")
    expect(button).to_be_visible()
    desk.picture("51-preferences", ".o_dialog", phone=False)
    button.click()
    expect(desk.page.get_by_text("Connect your calendar")).to_be_visible()


def test_without_a_connection_every_page_shows_the_next_step(sit, product):
    desk = sit(product.newcomer("Sven"))
    desk.open(CALENDAR)
    chip = desk.page.get_by_role("button", name="Connect your calendar")
    expect(chip).to_be_visible()
    desk.picture("52-calendar-without-connection")
    chip.click()
    expect(desk.page).to_have_url(re.compile("calendar-connections"))
    expect(desk.page.get_by_text("Connect your calendar")).to_be_visible()
    desk.open_contact("Toni Rhodes")  # whom no story meets
    box = desk.page.locator(".o_synced_box")
    box.get_by_role("button", name="Connect your calendar").click()
    expect(desk.page.get_by_role("button", name="Google Calendar")).to_be_visible()


def test_settings(sit, product):
    desk = sit(product.administrator())
    desk.open("/odoo")
    desk.choose("Synced Meetings", "Configuration", "Settings")
    expect(desk.page.locator(".app_settings_block:not(.d-none)")).to_contain_text("Window")
    desk.picture("53-settings", ".app_settings_block:not(.d-none)")
    desk.open(CARDS)
    desk.page.locator(".o_facet_remove").click()
    settle(desk.page)
    desk.page.get_by_role("button", name="List View").click()
    expect(desk.page.locator(".o_data_row", has_text="ann@corp.example")).to_be_visible()
    desk.picture("54-connections-of-all", phone=False)


def test_a_phone_finds_the_way(sit, product):
    phone = sit(product.newcomer("Tina"), PHONE)
    phone.open(MEETINGS)
    phone.page.locator(".o_menu_toggle").tap()
    # The page of meetings is called like the one of connections, and stands above it.
    phone.page.locator(".o_app_menu_sidebar").get_by_text("Calendar", exact=True).last.tap()
    expect(phone.page.get_by_text("Connect your calendar")).to_be_visible()
