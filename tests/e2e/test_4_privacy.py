"""What colleagues see of a calendar: what its owner chose, and never what is private."""

from playwright.sync_api import expect

from .desk import CALENDAR, MEETINGS
from .moments import at, guests

CONTACT = "Lorraine Douglas"
GUEST = "lorraine.douglas35@example.com"


def test_colleagues_see_what_the_owner_chose(sit, product):
    owner, colleague = product.newcomer("Olga"), product.newcomer("Paul")
    meets, hides, thinks = (f"{owner.login} {what}" for what in ("meets", "hides", "thinks"))
    insert, secret = product.google.insert, {"visibility": "private"}
    insert(owner.email, summary=meets, **at(10), **guests(GUEST))
    insert(owner.email, summary=hides, **at(12), **guests(GUEST), **secret)
    insert(owner.email, summary=thinks, **at(14))
    desk, other = sit(owner), sit(colleague)
    desk.connect(owner)

    assert _meetings(other, owner) == [meets]
    other.open_contact(CONTACT)
    expect(other.page.locator(".o_synced_box")).to_contain_text(meets)
    expect(other.page.locator(".o_synced_box")).not_to_contain_text(hides)
    desk.card_choice("All meetings")
    assert _meetings(other, owner) == [meets, thinks]
    desk.card_choice("Only busy times")
    assert _meetings(other, owner) == []
    assert _meetings(desk, owner) == [hides, meets, thinks]


def test_colleagues_on_the_calendar_page(sit, product):
    owner, colleague = product.newcomer("Olga"), product.newcomer("Paul")
    product.google.insert(owner.email, summary="Open", **at(10), **guests(GUEST))
    product.google.insert(owner.email, summary="Closed", **at(12))
    sit(owner).connect(owner)
    desk = sit(colleague)
    desk.open(CALENDAR)
    people = desk.page.locator(".o_calendar_filter")
    people.get_by_placeholder("Add People").fill(owner.name)
    desk.page.get_by_role("option", name=owner.name).last.click()
    expect(desk.page.locator(".fc-event")).to_contain_text(["Open"])
    desk.picture("30-calendar-of-a-colleague", phone=False)


def _meetings(desk, owner):
    """Return the subjects of somebody's meetings that the list shows, without any filter."""
    desk.open(MEETINGS)
    desk.search_everything(owner.login)
    rows = desk.page.locator(".o_data_row")
    return sorted(rows.locator("td[name=display_name]").all_inner_texts())
