"""Pictures of the calendar page in the dark: `PICTURES=dark setup/test tests/e2e/test_9_dark.py`.

Odoo Community has no dark colours of its own; these stand in for those that other add-ons bring, so
that a colour that was fixed for the light is seen.
"""

import os

import pytest

from .contexts import PHONE
from .desk import CALENDAR, CARDS, settle
from .moments import at

pytestmark = pytest.mark.skipif(os.environ.get("PICTURES") != "dark", reason="only when asked for")

GRAYS = "22242f 2a2d3a 3a3e4d 4b5063 6b7086 9ba0b5 c5c8d6 dcdee7 eef0f6".split()
DARK = "\n".join(
    [
        "$o-webclient-color-scheme: dark;",
        "$o-white: #1b1d26;",
        "$o-black: #ffffff;",
        *(f"$o-gray-{number}00: #{gray};" for number, gray in enumerate(GRAYS, 1)),
    ]
)
SWAP = """() => new Promise(done => {
    const old = document.querySelector('link[href*="web.assets_web.min.css"]');
    const dark = old.cloneNode();
    dark.href = "/web/assets/any/web.assets_web_dark.min.css";
    dark.onload = () => { old.remove(); done(); };
    old.after(dark);
})"""
URL = "/tests/dark.scss"


@pytest.fixture(scope="module")
def dark(product):
    """Give the dark bundle colours."""
    values = {"name": "dark.scss", "url": URL, "raw": DARK, "mimetype": "text/scss"}
    product.odoo.call("ir.attachment", "create", [values | {"type": "binary", "public": True}])
    place = {"directive": "before", "target": "web/static/src/scss/primary_variables.scss"}
    asset = {"name": "dark", "bundle": "web.assets_web_dark", "path": URL}
    product.odoo.call("ir.asset", "create", [asset | place])


@pytest.mark.usefixtures("dark")
def test_every_view_in_the_dark(sit, product):
    person = product.newcomer("Nox")
    product.google.insert(person.email, summary="By night", **at(10))
    desk = sit(person)
    desk.open(CARDS)
    desk.connect(person)
    for one in (desk, sit(person, PHONE)):
        one.open(CALENDAR)
        one.page.set_default_timeout(120_000)
        one.page.evaluate(SWAP)
        for key in "dwsma":
            one.page.locator("body").press(key)
            settle(one.page)
            one.shoot(one.page, f"90-dark-{key}", one.kind)
