"""Meetings are made, sent, changed and answered in Odoo, and the calendar follows."""

import re
import time

import pytest
from playwright.sync_api import expect

from .desk import CALENDAR, MEETINGS, SYNC_PATIENCE, settle
from .moments import at

CONTACT, ADDRESS = "Addison Olson", "addison.olson28@example.com"
SEND = re.compile("Save and send invites")
INBOX = "/odoo/synced-changes"


@pytest.fixture
def ada(product):
    return product.newcomer("Ada")


@pytest.fixture
def desk(sit, ada):
    desk = sit(ada)
    desk.connect(ada)
    return desk


class Form:
    """The form of a meeting, as somebody fills it in."""

    def __init__(self, desk):
        self.desk, self.page = desk, desk.page
        self.root = desk.page.locator(".o_synced_meeting_form")

    def call(self, subject):
        field = self.root.get_by_placeholder("What is it about?")
        field.fill(subject)
        field.blur()
        settle(self.page)

    def invite(self, label, name):
        self.root.get_by_label(label, exact=True).fill(name)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=name).first.click()
        settle(self.page)

    def save(self):
        self.page.locator(".o_form_button_save").click()
        expect(self.page.locator(".o_form_status_indicator_buttons.invisible")).to_have_count(1)
        settle(self.page)

    def send(self):
        self.root.get_by_role("button", name=SEND).click()
        expect(self.root.locator(".o_synced_notice_warning")).to_contain_text("Being sent")


def new_meeting(desk, subject):
    """Make a meeting with a contact, from the contact's card."""
    desk.open_contact(CONTACT)
    desk.page.locator(".o_synced_box").get_by_role("button", name="New").click()
    form = Form(desk)
    expect(form.root.locator(".o_field_widget[name=person_ids]").last).to_contain_text(CONTACT)
    form.call(subject)
    return form


def eventually(look, patience=SYNC_PATIENCE / 1000):
    """Return what ``look`` finds, as soon as it finds something."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, "It did not come to pass."
        time.sleep(0.2)
    return found


def named(product, person, subject):
    """Return a function that looks for an event of the person's calendar."""
    events = lambda: product.google.events(person.email)  # noqa: E731
    return lambda: [event for event in events() if event.get("summary") == subject]


def test_saving_tells_nobody_and_sending_tells_once(desk, ada, product):
    before = len(product.google.mails(ADDRESS))
    form = new_meeting(desk, "Renewal talk")
    desk.picture("60-new-meeting", phone=False)
    form.save()
    (event,) = eventually(named(product, ada, "Renewal talk"))
    assert "attendees" not in event
    assert len(product.google.mails(ADDRESS)) == before
    expect(form.root).to_contain_text("nobody is told")
    expect(form.root).to_contain_text(f"{CONTACT}: not invited yet")
    desk.picture("61-meeting-not-sent")

    form.send()
    desk.picture("62-being-sent", phone=False)
    eventually(lambda: len(product.google.mails(ADDRESS)) == before + 1)
    expect(form.root).to_contain_text("Everybody knows", timeout=SYNC_PATIENCE)
    desk.picture("63-meeting-sent")
    (event,) = named(product, ada, "Renewal talk")()
    assert [guest["email"] for guest in event["attendees"]] == [ADDRESS]

    form.call("Renewal talk, moved")
    expect(form.root.get_by_role("button", name=SEND)).to_contain_text("(1)")
    form.save()
    eventually(named(product, ada, "Renewal talk, moved"))
    assert len(product.google.mails(ADDRESS)) == before + 1
    desk.picture("64-changed-since-sent", phone=False)
    form.root.get_by_role("button", name="Cancel meeting").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Invited: {CONTACT}")
    desk.picture("65-cancel", ".o_dialog", phone=False)
    dialog.get_by_role("button", name="Cancel and tell them (1)").click()
    expect(form.root.get_by_role("button", name="Restore")).to_be_visible()
    eventually(lambda: len(product.google.mails(ADDRESS)) == before + 2)
    assert not named(product, ada, "Renewal talk, moved")()
    desk.picture("66-cancelled", phone=False)


def test_sending_can_be_undone(desk, ada, product):
    before = len(product.google.mails(ADDRESS))
    form = new_meeting(desk, "Second thoughts")
    form.save()
    eventually(named(product, ada, "Second thoughts"))
    form.send()
    form.root.get_by_role("button", name=re.compile("Undo")).click()
    expect(form.root).to_contain_text(f"{CONTACT}: not invited yet")
    time.sleep(11)
    assert len(product.google.mails(ADDRESS)) == before


def test_both_sides_change_the_same(desk, ada, product):
    form = new_meeting(desk, "Quarterly review")
    form.save()
    (event,) = eventually(named(product, ada, "Quarterly review"))
    expect(form.root).to_contain_text("In your Google Calendar")
    product.google.patch(ada.email, event["id"], summary="Quarterly review, in Hamburg")
    form.call("Quarterly review, by video")
    form.save()
    eventually(named(product, ada, "Quarterly review, in Hamburg"))
    expect(form.root.get_by_role("button", name="To look at")).to_be_visible(timeout=SYNC_PATIENCE)
    desk.picture("67-changed-on-both-sides", phone=False)
    desk.open(INBOX)
    row = desk.page.locator(".o_data_row", has_text="by video")
    expect(row).to_contain_text("in Hamburg")
    desk.picture("68-changes-to-look-at")
    row.get_by_text("Subject", exact=True).click()
    expect(desk.page.locator(".o_synced_versions")).to_contain_text("by video")
    desk.picture("69-change-to-look-at")
    desk.page.get_by_role("button", name="Take mine").click()
    expect(desk.page.get_by_role("button", name="Take mine")).to_have_count(0)
    eventually(named(product, ada, "Quarterly review, by video"))


def test_a_colleague_answers(desk, ada, sit, product):
    bo = product.newcomer("Bo")
    other = sit(bo)
    other.connect(bo)
    form = new_meeting(desk, "Planning")
    form.invite("Colleagues", bo.name)
    form.save()
    desk.picture("70-with-a-colleague", phone=False)
    form.send()
    eventually(lambda: product.google.mails(bo.email))
    other.synchronise()
    other.open(MEETINGS)
    other.page.locator(".o_data_row", has_text="Planning").get_by_text("Planning").click()
    answers = other.page.get_by_role("group", name="Your answer")
    answers.get_by_role("button", name="Yes").click()
    expect(answers.get_by_role("button", name="Yes")).to_have_attribute("aria-pressed", "true")
    other.picture("71-guest")

    def accepted():
        (event,) = named(product, ada, "Planning")()
        return [one for one in event["attendees"] if one["responseStatus"] == "accepted"]

    eventually(accepted)


def test_a_click_in_the_calendar_makes_a_meeting(desk, ada, product):
    event = product.google.insert(ada.email, summary="Fitting", **at(10))
    desk.open(CALENDAR)
    page = desk.page
    page.locator('.fc-timegrid-slot-lane[data-time="14:00:00"]').first.scroll_into_view_if_needed()
    lane = page.locator('.fc-timegrid-slot-lane[data-time="14:00:00"]').first.bounding_box()
    day = page.locator(".fc-day-today.fc-timegrid-col").bounding_box()
    page.mouse.click(day["x"] + day["width"] / 2, lane["y"] + 2)
    form = Form(desk)
    form.call("From the calendar")
    form.save()
    (event,) = eventually(named(product, ada, "From the calendar"))
    assert event["start"]["dateTime"].startswith(at(14)["start"]["dateTime"])
