"""The left side of a meeting's form: its text, who learns what, and what is wrong where."""

import re

import pytest
from playwright.sync_api import expect

from .desk import SYNC_PATIENCE, settle
from .test_6_editing import ADDRESS, CONTACT, eventually, named, new_meeting

SEND = re.compile("Save and send invites")


@pytest.fixture
def ada(product):
    return product.newcomer("Ada")


@pytest.fixture
def desk(sit, ada):
    desk = sit(ada)
    desk.connect(ada)
    return desk


def place(form, text):
    field = form.root.get_by_placeholder("Address, room or link")
    field.fill(text)
    field.blur()
    settle(form.page)


def test_a_template_is_merged_when_it_is_sent(desk, ada, product):
    before = len(product.google.mails(ADDRESS))
    form = new_meeting(desk, "Spring offer")
    preview = form.root.locator(".o_synced_preview")
    place(form, "Kiel")
    expect(preview).to_contain_text("Kiel")
    expect(form.root).to_contain_text(f"Google Calendar will mail {CONTACT}.")
    desk.picture("100-template")
    form.save()
    (event,) = eventually(named(product, ada, "Spring offer"))
    assert not event.get("description")
    place(form, "Bremen")
    form.root.get_by_text("Add Google Meet").wait_for()
    form.root.get_by_label("Video").click()
    form.send()
    eventually(lambda: len(product.google.mails(ADDRESS)) == before + 1)
    (event,) = named(product, ada, "Spring offer")()
    assert "Bremen" in event["description"]
    assert "t-out" not in event["description"]
    expect(form.root.get_by_role("link", name="Join", exact=True)).to_be_visible(
        timeout=SYNC_PATIENCE
    )
    assert event["hangoutLink"].startswith("https://meet.google.com/")

    form.root.get_by_role("tab", name="Guests").click()
    expect(form.root.locator(".o_synced_attendees")).to_contain_text(re.compile(r"Told \d"))
    form.call("Spring offer, second round")
    form.save()
    expect(form.root.locator(".o_synced_notice_warning")).to_contain_text("second round")
    desk.picture("101-what-changed")
    form.root.get_by_role("button", name="Cancel meeting").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Message to them").fill("The lawyers are ill")
    desk.picture("102-cancel-with-a-message")
    dialog.get_by_role("button", name="Cancel and tell them (1)").click()
    expect(form.root.get_by_role("button", name="Restore")).to_be_visible()
    eventually(lambda: len(product.google.mails(ADDRESS)) >= before + 2)


def test_what_cannot_be_sent_says_why_at_the_field(desk):
    form = new_meeting(desk, "Talk about {{ object.partner_id }}")
    problem = form.root.locator(".o_synced_problem:visible")
    expect(problem).to_contain_text("would be mailed as it stands here")
    desk.picture("103-placeholder")
    desk.watch.expect("Nothing was sent")
    form.root.get_by_role("button", name=SEND).click()
    expect(desk.page.get_by_role("dialog")).to_contain_text("Nothing was sent.")
    desk.page.get_by_role("dialog").get_by_role("button").first.click()
    form.call("Talk")
    expect(problem).to_have_count(0)
    form.root.get_by_label("Edit template").click()
    expect(form.root.get_by_text("edited", exact=True)).to_be_visible()
    place(form, "Hamburg")
    form.save()
    place(form, "Kiel")
    expect(form.root).to_contain_text("The text may be out of date")
    desk.picture("104-text-out-of-date")
