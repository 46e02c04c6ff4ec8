"""Two equal events are equal values (rule R4); nothing in them can hurt a page or a database."""

import unicodedata
from dataclasses import replace

import pytest
from events import events, wild_texts
from hypothesis import example, given
from hypothesis import strategies as st
from series import span

from odoo.addons.synced_meetings.sync.canonical import LIMITS, TANGLED, address, canonical, text
from odoo.addons.synced_meetings.sync.event import Attendee, Event

LUNCH = Event("a", span(2026, 6, 1, 12), name="Lunch")


def lxml_clean(html):
    """Return what the cleaner leaves that Odoo's own is made of."""
    try:
        from lxml_html_clean import Cleaner
    except ImportError:
        Cleaner = pytest.importorskip("lxml.html.clean").Cleaner
    from lxml import etree
    from lxml import html as parser

    try:
        tree = parser.fragment_fromstring(html, create_parent="div")
    except etree.ParserError:
        return ""
    Cleaner(page_structure=False)(tree)
    inner = parser.tostring(tree, encoding="unicode")
    return inner.removeprefix("<div>").removesuffix("</div>")


def bare(html):
    """A cleaner that leaves text without any markup."""
    return html.replace("<p>", "").replace("</p>", "").replace("&#65;", "A")


CLEANERS = [str, str.strip, bare, lxml_clean]


def texts_of(event):
    people = [part for a in event.attendees for part in (a.email, a.name)]
    lines = event.name, event.location, event.organiser, event.conference_url
    return [event.uid, event.description, *lines, *people, *event.rule]


@pytest.mark.parametrize("clean", CLEANERS)
@given(events(wild_texts))
@example(replace(LUNCH, description="&#65;"))
@example(replace(LUNCH, description="one\rtwo\r\nthree"))
@example(replace(LUNCH, attendees=(Attendee("\u0130\u0331@x.example"),)))
def test_a_canonical_event_is_its_own(clean, event):
    once = canonical(event, clean)
    assert canonical(once, clean) == once


@pytest.mark.parametrize("clean", CLEANERS)
@given(events(wild_texts))
def test_nothing_is_left_that_no_database_can_hold(clean, event):
    for value in texts_of(canonical(event, clean)):
        assert type(value) is str
        assert "\x00" not in value
        assert value.encode().decode() == value


@given(events(wild_texts))
def test_lines_are_short_single_lines(event):
    plain = canonical(event, str)
    for value, limit in ((plain.name, 1024), (plain.location, 1024)):
        assert len(value) <= limit
        assert value == " ".join(value.split())
    assert plain.conference_url == "" or plain.conference_url.startswith("https://")


@pytest.mark.parametrize("name", ["name", "location"])
@given(st.integers(-3, 3), st.sampled_from(["x", " ", "é", "🎄"]))
def test_long_lines_are_cut(name, more, character):
    line = "a" * (LIMITS[name] + more) + character * 3
    plain = canonical(replace(LUNCH, **{name: line}), str)
    assert getattr(plain, name) == line[: LIMITS[name]].rstrip()


def test_a_link_that_is_too_long_is_dropped_and_not_cut():
    url = "https://meet.example/" + "a" * LIMITS["conference_url"]
    assert canonical(replace(LUNCH, conference_url=url), str).conference_url == ""
    url = url[: LIMITS["conference_url"]]
    assert canonical(replace(LUNCH, conference_url=url), str).conference_url == url


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("  \n ", ""),
        ("a < b", "<p>a &lt; b</p>"),
        ("I <3 you", "<p>I &lt;3 you</p>"),
        ("one\r\ntwo\rthree\nfour", "<p>one<br>two<br>three<br>four</p>"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("R&amp;D", "R&amp;D"),
        ("R&D", "<p>R&amp;D</p>"),
    ],
)
def test_text_becomes_html_and_html_stays(written, kept):
    assert canonical(replace(LUNCH, description=written), str).description == kept


@pytest.mark.parametrize("tangle", ["<" * 9_000, "<!--" * 5_000, "<" * 5_000 + ">" * 5_000])
def test_a_cleaner_is_not_given_what_takes_it_minutes(tangle):
    """Looking for the end of each of n tags costs n times the text."""
    given_to_it = []
    canonical(
        replace(LUNCH, description="<b>x</b>" + tangle), lambda html: given_to_it.append(html) or ""
    )
    for html in given_to_it:
        assert sum(part.count("<") * len(part) for part in html.split(">")) <= TANGLED


def test_ordinary_html_is_not_taken_for_a_tangle():
    long = "<p>A paragraph with <b>words</b> and a 3 < 4.</p>\n" * 2_000
    assert canonical(replace(LUNCH, description=long), str).description == long.strip()


@given(wild_texts)
def test_addresses_compare(email):
    plain = address(email)
    assert plain == address(plain) == address(f"  {email}\n")
    assert plain == plain.lower() == unicodedata.normalize("NFC", plain)


@pytest.mark.parametrize("one", ["Bob@X.example", " bob@x.example ", "BOB@x.EXAMPLE"])
def test_one_address_is_one_attendee(one):
    twice = (Attendee("bob@x.example", "Bob"), Attendee(one, "Robert"))
    found = canonical(replace(LUNCH, attendees=twice), str).attendees
    assert found == (Attendee("bob@x.example", "Bob"),)


def test_attendees_without_an_address_are_told_apart_by_name():
    people = (Attendee("", "Zoe"), Attendee("", "Yan"), Attendee("", "Zoe"), Attendee("", " "))
    found = canonical(replace(LUNCH, attendees=people), str).attendees
    assert [attendee.name for attendee in found] == ["Yan", "Zoe"]


@given(events(wild_texts), st.randoms())
def test_the_order_of_people_and_lines_says_nothing(event, random):
    people = {address(a.email) or a.name: a for a in event.attendees}.values()
    event = replace(event, attendees=tuple(people))
    shuffled = replace(
        event,
        attendees=tuple(random.sample(event.attendees, len(event.attendees))),
        rule=tuple(random.sample(event.rule, len(event.rule))),
    )
    assert canonical(shuffled, str).rule == canonical(event, str).rule
    assert set(canonical(shuffled, str).attendees) == set(canonical(event, str).attendees)


@given(wild_texts)
def test_text_keeps_what_can_be_kept(value):
    assert text(value) == "".join(
        c for c in value if c in "\t\n\r" or not (ord(c) < 32 or 0xD800 <= ord(c) < 0xE000)
    )
