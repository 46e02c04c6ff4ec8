"""Beside the form of a meeting, everybody sees when the others can come, and picks a time."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from .desk import settle
from .moments import ZONE, at
from .test_6_editing import eventually, named, new_meeting

SECRET = "Zwetschgenkuchen"


def days_to_monday():
    """Return in how many days the next Monday is: everybody works, and it is not over."""
    return 7 - datetime.now(ZoneInfo(ZONE)).weekday()


class Pane:
    """The right side of the form."""

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".o_synced_availability")
        self.body = self.root.locator(".o_synced_slots_body")
        self.heads = self.root.locator(".o_synced_slots_head")
        self.said = self.root.get_by_role("status")
        self.draft = self.root.get_by_role("button", name=re.compile("This meeting"))

    def leaf(self, days):
        for _ in range(days):
            self.root.get_by_role("button", name="Later").click()
        settle(self.page)

    def point(self, hour):
        """Move the mouse to a time of the first person's day."""
        self.root.locator(".o_synced_slots").evaluate(
            "(one, hour) => { one.scrollTop = one.scrollHeight * (hour - 3) / 24; }", hour
        )
        box = self.body.bounding_box()
        self.page.mouse.move(box["x"] + 20, box["y"] + 1 + box["height"] * hour / 24)

    def click(self, hour):
        self.point(hour)
        self.page.mouse.down()
        self.page.mouse.up()
        settle(self.page)

    def drag(self, start, stop):
        self.point(start)
        self.page.mouse.down()
        box = self.body.bounding_box()
        self.page.mouse.move(box["x"] + 20, box["y"] + 1 + box["height"] * stop / 24, steps=4)
        self.page.mouse.up()
        settle(self.page)


@pytest.fixture
def monday():
    return days_to_monday()


def test_a_time_that_suits_all(sit, product, monday):
    ada, yuki, carla = (product.newcomer(name) for name in ("Ada", "Yuki", "Carla"))
    contact = {"name": "Carla Outside", "email": f"outside.{carla.email}"}
    product.odoo.call("res.partner", "create", [contact])
    product.google.add(contact["email"], contact["name"])
    product.google.insert(contact["email"], summary=SECRET, **at(13, monday))
    private = {"summary": SECRET, "visibility": "private"}
    product.google.insert(yuki.email, **private, **at(10, monday))
    sit(yuki).connect(yuki)
    desk = sit(ada)
    desk.connect(ada)

    form, pane = new_meeting(desk, "All of us"), Pane(desk.page)
    expect(pane.heads).to_have_text(["Me", re.compile("Addison")])
    form.invite("Colleagues", yuki.name)
    expect(pane.heads).to_have_text(["Me", "Yuki Novak", re.compile("Addison")])
    form.invite("Persons", contact["name"])
    expect(pane.heads).to_have_text(["Me", "Yuki Novak", re.compile("Addison"), "Carla Outside"])
    pane.leaf(monday)

    pane.click(14)
    expect(pane.draft).to_contain_text(re.compile("(14:00|2:00 PM) . (15:00|3:00 PM)"))
    expect(pane.said).to_contain_text("Free, as far as calendars are connected")
    expect(pane.said).to_contain_text("Not known: Addison Olson")

    pane.drag(10, 11.5)
    expect(pane.said).to_contain_text(re.compile("Yuki Novak · 10:00.+11:00"))
    desk.picture("90-availability-clash", phone=False)
    assert SECRET not in desk.page.content()
    pane.drag(13, 13.5)
    expect(pane.said).to_contain_text("Carla Outside")
    assert SECRET not in desk.page.content()

    pane.draft.focus()
    desk.page.keyboard.press("ArrowDown")
    expect(pane.said).to_contain_text("Carla Outside")
    pane.root.get_by_role("button", name="Week").click()
    desk.picture("91-availability-week", phone=False)
    pane.root.get_by_role("button", name="Day").click()
    pane.drag(10, 11.5)
    pane.root.locator(".o_synced_next button").first.click()
    expect(pane.said).to_contain_text("Free, as far as")
    form.save()
    (event,) = eventually(named(product, ada, "All of us"))
    start, stop = (datetime.fromisoformat(event[side]["dateTime"]) for side in ("start", "end"))
    assert (stop - start).total_seconds() == 90 * 60
    desk.picture("92-availability")
    phone = desk.phone().page
    phone.get_by_role("button", name="Check availability").click()
    expect(phone.locator(".o_synced_slots_head")).to_have_count(4)
    desk.phone().picture("93-availability", ".o_synced_availability")
