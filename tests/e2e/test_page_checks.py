"""The checks of pages find each fault, and nothing on a good page."""

import pytest
from playwright.sync_api import expect

from .page_checks import Watch

NARROW = {"width": 390, "height": 844}
GOOD = """<main style="width: 300px">
  <p>All of it is to be read.</p>
  <p title="A subject that is too long" style="overflow: hidden; text-overflow: ellipsis;
    white-space: nowrap; width: 60px">A subject that is too long</p>
  <span style="position: absolute; width: 1px; height: 1px; overflow: hidden">For readers</span>
  <div style="height: 20px; overflow-y: auto">One<br>Two<br>Three</div>
</main>"""
CUT = (
    '<main><p style="overflow: hidden; white-space: nowrap; width: 60px">A long subject</p></main>'
)
LOW = '<main><div style="overflow: hidden; height: 20px">One line<br>and another</div></main>'
OUTSIDE = (
    '<main style="overflow: clip"><p style="margin-left: 380px; width: 90px">Outside</p></main>'
)
OTHERS = '<div style="overflow: hidden; white-space: nowrap; width: 60px">A long subject</div>'
WIDE = '<main><div style="width: 500px">Wide</div></main>'
INNER = '<main style="overflow-x: auto"><div style="width: 500px">Wide</div></main>'
WRONG_TITLE = CUT.replace("<p ", '<p title="Something else" ')


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport=NARROW)
    yield context
    context.close()


@pytest.fixture
def watch(context):
    return Watch(context)


@pytest.fixture
def page(context, watch):
    return context.new_page()


@pytest.mark.parametrize("content", [GOOD, OTHERS])
def test_a_good_page(page, watch, content):
    page.set_content(content)
    watch.look_at(page)
    watch.check()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (CUT, "“A long subject” in p is cut off"),
        (WRONG_TITLE, "“A long subject” in p is cut off"),
        (LOW, "“and another” in div is cut off"),
        (OUTSIDE, "“Outside” in p is cut off"),
        (WIDE, "The page scrolls sideways"),
        (INNER, "main scrolls sideways"),
    ],
)
def test_a_page_that_is_cut_off_or_scrolls_sideways(page, watch, content, complaint):
    page.set_content(content)
    with pytest.raises(AssertionError, match=complaint):
        watch.look_at(page)


def test_a_wide_window_may_scroll(page, watch):
    page.set_viewport_size({"width": 1366, "height": 900})
    page.set_content(WIDE.replace("500px", "1500px"))
    watch.look_at(page)


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('not well')", "console: not well"),
        ("console.assert(false, 'not so')", "console: .*not so"),
        ("setTimeout(() => { throw new Error('thrown') })", "page error: .*thrown"),
        ("Promise.reject(new Error('left'))", "page error: .*left"),
        ("fetch('/missing')", "404 GET http://server.example/missing"),
        ("fetch('http://elsewhere.example/')", "ERR_.* GET http://elsewhere.example/"),
        (
            "let one = new XMLHttpRequest(); one.open('POST', '/rpc'); one.send()",
            "Odoo refused http://server.example/rpc: odoo.UserError: No",
        ),
    ],
)
def test_what_the_browser_complains_about(page, watch, script, complaint):
    _serve(page)
    page.goto("http://server.example/")
    page.evaluate(f"() => {{ {script} }}")
    expect(page.locator("main")).to_be_visible()
    page.wait_for_function("window.isQuiet()")
    with pytest.raises(AssertionError, match=complaint):
        watch.check()


def test_what_a_story_expects_is_no_fault(page, watch):
    watch.expect("not well")
    page.evaluate("console.error('not well')")
    page.wait_for_function("1 + 1")
    watch.check()


def _serve(page):
    answers = {
        "/": {"body": GOOD, "content_type": "text/html"},
        "/rpc": {
            "body": '{"jsonrpc":"2.0","error":{"data":{"name":"odoo.UserError","message":"No"}}}'
        },
    }

    def answer(route):
        path = route.request.url.removeprefix("http://server.example")
        if path.startswith("http"):
            route.abort("addressunreachable")
        else:
            route.fulfill(**answers.get(path, {"status": 404}))

    page.route("**/*", answer)
