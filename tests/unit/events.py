"""Events for tests: Hypothesis strategies, from plain to hostile."""

from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from odoo.addons.synced_meetings.sync.event import Attendee, Event, When

UTC = timezone.utc
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RESPONSES = ["needs_action", "accepted", "tentative", "declined"]
KINDS = ["required", "optional", "resource"]
EMAILS = ["ann@x.example", "bob@x.example", "cy@x.example", ""]
MARKUP = [
    *("<p>", "</p>", "<b>", "</b>", "<br>", "<div class='x'>", "</div>", "<o:p>", "<", ">", "&"),
    *("<script>alert(1)</script>", "<img src=x onerror=y>", "<a href='javascript:x'>y</a>"),
    *("<!-- note -->", "<!--", "<![CDATA[x]]>", "<style>a{}</style>", "<table><tr><td>"),
    *("&amp;", "&lt;b&gt;", "&#65;", "&#0;", "&#1;", "&#xD800;", "&nbsp;", "&copy", "plain"),
    *("\r\n", "\r", "\n", "\t", " ", "\xa0", "\x85", "\x00", "\x1f", "\ud800", "\ufffe", "🎄"),
]

texts = st.text(max_size=8) | st.lists(st.sampled_from(MARKUP), max_size=6).map("".join)
wild_texts = st.lists(
    st.sampled_from(MARKUP) | st.text(st.characters(exclude_categories=()), max_size=4), max_size=6
).map("".join)


moments = st.datetimes(datetime(1, 2, 1), datetime(9999, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001
hours = st.builds(
    lambda start, length: When(start, start + length, "Europe/Berlin"),
    moments,
    st.sampled_from([0 * HOUR, HOUR, 9 * HOUR]),
)
days = st.builds(lambda start: When(start, start + DAY), st.dates(max_value=date(9999, 11, 1)))


def attendees(names=texts):
    return st.builds(
        Attendee,
        st.sampled_from(EMAILS),
        names,
        st.sampled_from(RESPONSES),
        st.sampled_from(KINDS),
    )


def events(names=texts):
    """Return events whose every text comes from ``names``."""
    return st.builds(
        Event,
        uid=names,
        when=hours | days,
        name=names,
        location=names,
        description=names,
        organiser=st.sampled_from(EMAILS) | names,
        attendees=st.lists(attendees(names), max_size=3).map(tuple),
        rule=st.lists(names, max_size=2).map(tuple),
        state=st.sampled_from(["confirmed", "tentative", "cancelled"]),
        privacy=st.sampled_from(["public", "private"]),
        show_as=st.sampled_from(["free", "tentative", "busy", "oof", "elsewhere"]),
        conference_url=st.just("https://meet.example/a") | names,
    )
