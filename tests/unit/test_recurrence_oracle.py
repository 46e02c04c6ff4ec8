"""Occurrences are those that an independent reading of RFC 5545 finds."""

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from series import DAY, UTC, calendar_of, exists, oracle, series, wall

from odoo.addons.synced_meetings.sync.event import When, Window
from odoo.addons.synced_meetings.sync.recurrence import occurrences


@st.composite
def windows(draw, when):
    """Return a window near the start of a series, or years after it."""
    start = when.start if not when.allday else datetime(*when.start.timetuple()[:3], tzinfo=UTC)
    begin = start + draw(st.sampled_from([-400, -3, 0, 1, 30, 200, 1_500, 4_000])) * DAY
    begin += timedelta(minutes=draw(st.integers(0, 1439)))
    return Window(begin, begin + draw(st.sampled_from([1, 7, 60, 400])) * DAY)


@given(st.data())
def test_occurrences_are_what_the_oracle_finds(data):
    when, lines = data.draw(series())
    window = data.draw(windows(when))
    ours = [span for _, span in occurrences(when, lines, window)]
    wide = Window(window.start - 5 * DAY, window.stop + 5 * DAY)
    theirs = [pair for pair in oracle(calendar_of(when, lines), wide) if meets(window, *pair)]
    assert Counter(span.start for span in ours) == Counter(start for start, _ in theirs)
    assert [span.start for span in ours] == sorted(span.start for span in ours)
    assert {pair for pair in ends(ours) if stands(pair, when)} == {
        pair for pair in theirs if stands(pair, when)
    }


def ends(spans):
    return {(span.start, span.end) for span in spans}


def meets(window, start, end):
    return window.meets(When(start, end))


def stands(pair, when):
    """Whether the wall start exists: within a gap the oracle's spans end before they start."""
    return when.allday or exists(wall(pair[0], when.zone), when.zone)
