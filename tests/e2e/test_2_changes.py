"""What changes in the calendar changes in Odoo, on pages that stay open."""

import pytest
from playwright.sync_api import expect

from .desk import CALENDAR, MEETINGS, SYNC_PATIENCE, settle
from .moments import at, guests

GUEST = "edwin.hansen58@example.com"


@pytest.fixture
def cora(product):
    return product.newcomer("Cora")


@pytest.fixture
def desk(sit, cora):
    return sit(cora)


def _shown(page, subject):
    return page.locator(".fc-event", has_text=subject)


def test_edited_moved_cancelled_and_deleted(desk, cora, product):
    google = product.google
    visit = google.insert(cora.email, summary="Site visit", **at(10), **guests(GUEST))
    lunch = google.insert(cora.email, summary="Lunch", **at(12))
    tea = google.insert(cora.email, summary="Tea", **at(16))
    desk.connect(cora)
    calendar = desk.context.new_page()
    calendar.goto(CALENDAR)
    expect(_shown(calendar, "Site visit")).to_contain_text("10:00")
    expect(_shown(calendar, "Lunch")).to_be_visible()
    settle(calendar)

    google.patch(cora.email, visit["id"], summary="Plant visit", **at(14))
    google.patch(cora.email, tea["id"], status="cancelled")
    google.delete(cora.email, lunch["id"])
    desk.synchronise()
    expect(_shown(calendar, "Plant visit")).to_contain_text("2:00", timeout=SYNC_PATIENCE)
    for gone in ("Site visit", "Lunch", "Tea"):
        expect(_shown(calendar, gone)).to_have_count(0)


def test_one_occurrence_and_the_whole_series(desk, cora, product):
    rule = {"recurrence": ["RRULE:FREQ=DAILY;COUNT=2"]}
    series = product.google.insert(cora.email, summary="Stand-up", **rule, **at(9, days=1))
    desk.connect(cora)
    product.google.patch(cora.email, series["id"], summary="Morning round")
    first = product.google.first_occurrence(cora.email, series["id"])
    product.google.patch(cora.email, first, summary="Round with guests", **at(11, days=1))
    desk.synchronise()
    desk.open(MEETINGS)
    rows = desk.page.locator(".o_data_row")
    expect(rows.filter(has_text="Round with guests")).to_have_count(1)
    expect(rows.filter(has_text="Morning round")).to_have_count(1)
    expect(rows.filter(has_text="Stand-up")).to_have_count(0)
    rows.filter(has_text="Round with guests").get_by_text("Round with guests").click()
    expect(desk.page.locator(".o_synced_meeting_form")).to_contain_text("this one was changed")
    desk.picture("10-changed-occurrence")
    desk.page.get_by_role("button", name="Series").click()
    expect(desk.page.locator(".o_form_view")).to_contain_text("Morning round")
    desk.picture("11-series")


def test_opening_the_calendar_page_is_enough(desk, cora, product):
    event = product.google.insert(cora.email, summary="Rehearsal", **at(10))
    desk.connect(cora)
    product.google.patch(cora.email, event["id"], summary="Performance")
    desk.open(CALENDAR)
    expect(_shown(desk.page, "Performance")).to_be_visible(timeout=SYNC_PATIENCE)
    chip = desk.page.locator(".o_synced_chip")
    expect(chip).to_contain_text("Updated just now", timeout=SYNC_PATIENCE)


def test_an_event_that_cannot_be_read_says_why(desk, cora, product):
    product.google.insert(cora.email, summary="Fine", **at(10))
    raw = {**at(12), "id": "broken", "status": "confirmed", "summary": "Broken"}
    raw["start"] = {"dateTime": "next Tuesday"}
    product.google.malformed(cora.email, raw)
    desk.connect(cora)
    expect(desk.card).to_contain_text("1 meeting")
    link = desk.card.get_by_text("1 event could not be brought in")
    expect(link).to_be_visible()
    desk.picture("12-card-with-an-event-put-aside")
    link.click()
    row = desk.page.locator(".o_data_row", has_text="next Tuesday")
    expect(row).to_contain_text("cannot be read. Set the time of the event again")
    desk.picture("13-events-put-aside", phone=False)
    row.get_by_text("next Tuesday").click()
    expect(desk.page.locator(".o_form_view")).to_contain_text("What the calendar sent")
    desk.picture("14-event-put-aside")
