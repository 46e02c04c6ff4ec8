"""The calendar page: every view, by mouse and by key; slots, drags, people and status."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .desk import CALENDAR, CARDS, SYNC_PATIENCE, settle
from .moments import ZONE, at

FIXTURE = "Weekly review"
GRIDS = {
    "day": ".fc-timeGridDay-view",
    "week": ".fc-timeGridWeek-view",
    "schedule": ".o_synced_schedule",
    "month": ".fc-dayGridMonth-view",
    "agenda": ".fc-list",
}
SERIOUS = ("serious", "critical")
MEETINGS_OF_A_MONTH = 2000
# What Odoo's own bar, menus and date picker have of their own.
OURS = {"include": [[".o_calendar_container"]], "exclude": [[".o_datetime_picker"]]}


@pytest.fixture(scope="module")
def cleo(product):
    """Return somebody whose calendar has one meeting today."""
    person = product.newcomer("Cleo")
    product.google.insert(person.email, summary=FIXTURE, **at(10))
    return person


@pytest.fixture
def desk(sit, cleo):
    desk = sit(cleo)
    desk.open(CARDS)
    if not desk.card.count():
        desk.connect(cleo)
    desk.open(CALENDAR)
    return desk


def turn(desk, scale):
    """Turn to a view by its key, and wait until it is drawn."""
    desk.page.evaluate("document.activeElement.blur()")  # whoever types, types
    desk.page.locator("body").press(scale[0])
    expect(desk.page.locator(GRIDS[scale])).to_be_visible(timeout=SYNC_PATIENCE)
    settle(desk.page)


def meeting(desk, name):
    return desk.page.locator("[data-event-id]", has_text=name).first


def stillness(desk):
    """Fail where a person who sees or hears little could not use what is shown."""
    found = Axe().run(desk.page, context=OURS).response["violations"]
    said = [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS
    ]
    assert not said, "\n".join(said)


def click_slot(desk, day, clock):
    """Click an hour of a day in the grid."""
    page = desk.page
    lane = page.locator(f'.fc-timegrid-slot-lane[data-time="{clock}:00"]').first
    lane.scroll_into_view_if_needed()
    column = page.locator(f'.fc-timegrid-col[data-date="{day}"]').bounding_box()
    page.mouse.click(column["x"] + column["width"] / 2, lane.bounding_box()["y"] + 3)
    expect(page.locator(".o_synced_meeting_form")).to_be_visible()
    settle(page)


def go_to(desk, day):
    desk.page.locator("body").press("g")
    desk.page.get_by_label("Date", exact=True).fill(str(day))
    desk.page.get_by_role("button", name="Go", exact=True).click()
    settle(desk.page)


def test_every_view_by_mouse_and_by_key(desk, cleo, sit):
    page = desk.page
    for scale in GRIDS:
        turn(desk, scale)
        expect(meeting(desk, FIXTURE)).to_be_visible()
        desk.picture(f"80-page-{scale}", phone=False)
        stillness(desk)
    for scale in ("Schedule", "Agenda", "Week"):
        page.locator(".scale_button_selection").click()
        page.get_by_role("menuitem", name=scale, exact=True).click()
        expect(page.locator(GRIDS[scale.lower()])).to_be_visible()
    page.locator("body").press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Go to a date")
    desk.picture("81-page-keys", ".o_dialog", phone=False)
    page.keyboard.press("Escape")

    later = date.today() + timedelta(days=730)  # noqa: DTZ011 - the browser's own
    go_to(desk, later)
    expect(page.locator(f'[data-date="{later}"]').first).to_be_visible()
    page.locator("body").press("t")
    expect(page.locator(".fc-day-today").first).to_be_visible()

    page.locator(".scale_button_selection").click()
    page.get_by_role("menuitem", name="Show weekends").click()
    expect(page.locator(".fc-col-header-cell")).to_have_count(5)
    other = sit(cleo)  # another browser
    other.open(CALENDAR)
    expect(other.page.locator(".fc-col-header-cell")).to_have_count(5)
    other.page.locator(".scale_button_selection").click()
    other.page.get_by_role("menuitem", name="Show weekends").click()
    expect(other.page.locator(".fc-col-header-cell")).to_have_count(7)


def test_a_phone_shows_the_agenda_first(sit, cleo, desk):
    phone = desk.phone()
    phone.open(CALENDAR)
    expect(phone.page.locator(GRIDS["agenda"])).to_contain_text(FIXTURE)
    phone.picture("82-page-phone")
    stillness(phone)
    for scale in ("schedule", "week"):
        phone.page.locator(".scale_button_selection").tap()
        phone.page.locator(f".o_scale_button_{scale}").tap()
        expect(phone.page.locator(GRIDS[scale])).to_be_visible()
        phone.picture(f"82-page-phone-{scale}")
    plus = phone.page.get_by_role("button", name="New meeting")
    assert plus.bounding_box()["width"] >= 44
    plus.tap()
    expect(phone.page.locator(".o_synced_meeting_form")).to_be_visible()


def test_a_slot_is_the_hour_that_was_clicked(desk):
    turn(desk, "week")
    today = datetime.now(ZoneInfo(ZONE)).date()
    clocks_change = date(today.year + 1, 3, 31)
    clocks_change -= timedelta(days=(clocks_change.weekday() + 1) % 7)
    for day in (today + timedelta(days=7), clocks_change):
        desk.open(CALENDAR)
        go_to(desk, day)
        click_slot(desk, day, "14:30")
        form = desk.page.locator(".o_synced_meeting_form")
        expect(form).to_contain_text(re.compile(r"14:30|2:30 PM"))
        expect(form).to_contain_text(re.compile(rf"{day:%b} {day.day}\b"))


def test_moving_asks_whether_the_invited_are_told(desk, cleo, product):
    (partner,) = product.odoo.call(
        "res.partner", "search", [["email", "=", "addison.olson28@example.com"]]
    )
    start = datetime.fromisoformat(at(13)["start"]["dateTime"]).replace(tzinfo=ZoneInfo(ZONE))
    utc = start.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
    values = {
        "name": "Renewal, to be moved",
        "user_id": cleo.user_id,
        "start": str(utc),
        "stop": str(utc + timedelta(hours=1)),
        "person_ids": [[6, 0, [partner]]],
    }
    (one,) = product.odoo.call("synced.meeting", "create", [values])
    product.odoo.call("synced.meeting", "action_send", [one])
    turn(desk, "week")
    page = desk.page

    def drag():
        block = meeting(desk, "to be moved")
        block.scroll_into_view_if_needed()
        box = block.bounding_box()
        hour = page.locator('.fc-timegrid-slot-lane[data-time="14:00:00"]').first.bounding_box()
        half = hour["height"]
        page.mouse.move(box["x"] + 20, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(box["x"] + 20, box["y"] + 8 + half, steps=4)
        page.mouse.move(box["x"] + 20, box["y"] + 8 + 2 * half, steps=4)
        page.mouse.up()

    def begins():
        (found,) = product.odoo.call("synced.meeting", "read", [one], ["start"])
        return found["start"]

    drag()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Addison Olson knows the old time")
    desk.picture("83-page-move", ".o_dialog", phone=False)
    dialog.get_by_role("button", name="Undo").click()
    settle(page)
    assert begins() == str(utc)
    drag()
    dialog.get_by_role("button", name="Save only").click()
    toast = page.locator(".o_notification", has_text="Moved to")
    expect(toast).to_be_visible()
    settle(page)
    assert begins() > str(utc)
    desk.picture("84-page-moved", ".o_notification", phone=False)
    toast.get_by_role("button", name="Undo").click()
    settle(page)
    assert begins() == str(utc)


def test_one_click_is_one_run_and_news_appear_by_themselves(desk, cleo, product):
    page = desk.page
    turn(desk, "week")
    expect(page.locator(".o_synced_chip")).to_contain_text("Updated", timeout=SYNC_PATIENCE)
    product.google.insert(cleo.email, summary="From the phone", **at(16))
    asked = []
    page.on("request", lambda one: "mark_my_calendars_due" in one.url and asked.append(one))
    page.get_by_role("button", name="Update now").dblclick()
    expect(meeting(desk, "From the phone")).to_be_visible(timeout=SYNC_PATIENCE)
    assert len(asked) == 1
    expect(page.locator(".o_synced_chip")).to_contain_text("Updated")


def test_colleagues_are_busy_and_nothing_else(sit, cleo, product):
    owner = product.newcomer("Zoe")
    word = f"Secret of {owner.login}"
    product.google.insert(owner.email, summary=word, visibility="private", **at(11))
    sit(owner).connect(owner)
    desk = sit(cleo)
    desk.open(CALENDAR)
    turn(desk, "week")
    page = desk.page
    page.get_by_placeholder("Add people").fill(owner.name)
    page.get_by_role("option", name=owner.name).last.click()
    busy = page.locator(".o_synced_busy")
    expect(busy).to_have_text([f"Busy · {owner.name}"])
    busy.click()
    settle(page)
    expect(page.locator(".o_cw_popover")).to_have_count(0)
    assert word not in page.content()
    turn(desk, "schedule")
    row = page.locator(".o_synced_schedule_row", has_text=owner.name)
    expect(row.locator(".o_synced_hidden")).to_have_count(1)
    desk.picture("85-page-schedule-of-two", phone=False)
    stillness(desk)
    track = row.locator(".o_synced_track").bounding_box()
    page.mouse.click(track["x"] + track["width"] * 0.9, track["y"] + track["height"] / 2)
    form = page.locator(".o_synced_meeting_form")
    expect(form.locator("[name=user_ids]").last).to_contain_text(owner.name)


def test_a_full_month_asks_for_no_more_than_an_empty_one(sit, product):
    busy = product.newcomer("Max")
    first = datetime.now(ZoneInfo("UTC")).replace(day=1, hour=8, minute=0, second=0, microsecond=0)
    starts = [
        first + timedelta(days=number % 28, minutes=number // 28 * 5)
        for number in range(MEETINGS_OF_A_MONTH)
    ]
    values = [
        {"name": f"{start:%d %H:%M}", "user_id": busy.user_id, "start": f"{start:%F %T}"}
        for start in starts
    ]
    product.odoo.call("synced.meeting", "create", values)
    desk = sit(busy)
    page, asked = desk.page, []
    desk.open(CALENDAR)
    turn(desk, "month")
    page.on(
        "request",
        lambda one: "/call_kw/" in one.url and asked.append(one.url.split("/call_kw/")[1]),
    )
    counts = []
    for key in ("n", "p", "n"):
        asked.clear()
        page.locator("body").press(key)
        settle(page)
        counts.append(sorted(asked))
    assert counts[0] == counts[1] == counts[2], counts
    assert len(counts[0]) <= 4, counts[0]
