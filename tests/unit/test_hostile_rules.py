"""Whatever stands in a rule: it is expanded, or refused as `Rejected`, in few steps."""

import sys
from contextlib import contextmanager
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from series import UTC, span

from odoo.addons.synced_meetings.sync.errors import REASONS, Rejected
from odoo.addons.synced_meetings.sync.event import When, Window
from odoo.addons.synced_meetings.sync.recurrence import LIMIT, check, occurrences

WINDOW = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
NINE, WHOLE_DAY = span(2026, 3, 2, 9), span(2026, 3, 2)
NEVER = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=1;BYYEARDAY=200",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300",
    "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4;COUNT=5",
    "FREQ=DAILY;INTERVAL=7;BYDAY=SU",
]


class TooManySteps(BaseException):
    """Not an `Exception`, so that nothing under test can swallow it."""


@contextmanager
def at_most(steps):
    """Break off what makes more calls than ``steps``."""
    left = [steps]

    def count(frame, event, argument):
        left[0] -= 1
        if left[0] < 0:
            sys.setprofile(None)
            raise TooManySteps

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)


def outcome(when, lines, steps=200_000):
    """Return how many occurrences there are, or why there are none."""
    with at_most(steps):
        try:
            check(when, lines)
            return sum(1 for _ in occurrences(when, lines, WINDOW))
        except Rejected as error:
            return error.reason if error.reason in REASONS else repr(error)


@pytest.mark.parametrize("when", [NINE, WHOLE_DAY])
@pytest.mark.parametrize("rule", NEVER)
def test_a_rule_that_matches_nothing_ends_with_the_window(rule, when):
    """The start counts all the same."""
    assert outcome(when, ["RRULE:" + rule], steps=30_000) == 1


@pytest.mark.parametrize("frequency", ["DAILY", "WEEKLY", "HOURLY"])
def test_a_series_of_two_thousand_years_costs_no_more(frequency):
    start = datetime(26, 3, 2, 9, tzinfo=UTC)
    when = When(start, start, "UTC")
    assert outcome(when, [f"RRULE:FREQ={frequency};INTERVAL=50"], steps=30_000) > 0


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=HOURLY;BYHOUR=25",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=DAILY;BYHOUR=99",
        "FREQ=DAILY;BYDAY=",
        "FREQ=DAILY;BYDAY=1",
        "FREQ=DAILY;COUNT",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=FORTNIGHTLY",
        "INTERVAL=2",
        "",
        # dateutil reads several lines, and takes any white space for the end of one
        "FREQ=DAILY;WKST=MO RRULE:FREQ=SECONDLY",
        "FREQ=DAILY;WKST=MO\nEXRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;WKST=MO\x0bDTSTART:00010101",
        "FREQ=DAILY;BYSETPOS=" + ",".join(["1"] * 5_000),
    ],
)
def test_what_is_no_meeting_is_refused(rule):
    assert outcome(NINE, ["RRULE:" + rule]) == "bad_rule"


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE:20260231",
        "EXDATE:",
        "RDATE;VALUE=PERIOD:20260302T090000Z/PT1H",
        "DTSTART:20260302",
        "SUMMARY:Weekly",
        "",
    ],
)
def test_a_line_that_cannot_be_read_is_refused(line):
    assert outcome(NINE, ["RRULE:FREQ=DAILY", line]) == "bad_rule"


# A folder of the zone database, ways out of it, and names that no file can have.
ZONES = ["Nowhere/Never", "Europe", "../x", "/etc/passwd", "\x00", "A" * 5_000, "\ud800"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_zone_that_nobody_knows_is_refused(zone):
    line = f"EXDATE;TZID={zone}:20260302T090000"
    assert outcome(NINE, ["RRULE:FREQ=DAILY", line]) == "bad_zone"
    assert outcome(When(NINE.start, NINE.end, zone), ["RRULE:FREQ=DAILY"]) == "bad_zone"


@pytest.mark.parametrize(
    "lines",
    [
        ["RRULE:FREQ=DAILY;BYHOUR={hours};BYMINUTE={sixty};BYSECOND={sixty}"],
        ["RRULE:FREQ=DAILY;COUNT=900000;BYHOUR={hours};BYMINUTE={sixty}"],
    ],
)
def test_more_than_anybody_attends_is_refused(lines):
    hours, sixty = (",".join(map(str, range(n))) for n in (24, 60))
    lines = [line.format(hours=hours, sixty=sixty) for line in lines]
    assert outcome(NINE, lines, steps=60 * LIMIT) == "too_many_occurrences"


def test_a_thousand_rules_are_refused():
    assert outcome(NINE, [f"RRULE:FREQ=DAILY;INTERVAL={n}" for n in range(1, 1_000)]) == "bad_rule"


def test_times_at_the_end_of_the_calendar_are_refused_or_left_out():
    last = datetime(9999, 12, 30, tzinfo=UTC)
    first = datetime(1, 1, 2, tzinfo=UTC)
    for when in (When(last, last, "Asia/Tokyo"), When(first, last, "America/New_York")):
        assert outcome(when, ["RRULE:FREQ=YEARLY"]) in (0, 1, "bad_rule")


OUTCOMES = {*range(LIMIT), "bad_rule", "bad_zone", "too_many_occurrences"}
WORDS = (
    "FREQ=DAILY FREQ=WEEKLY FREQ=MONTHLY FREQ=YEARLY FREQ=HOURLY FREQ=SECONDLY INTERVAL=2 COUNT=3"
    " UNTIL=20261231 UNTIL=20261231T000000Z BYDAY=MO BYDAY=-1FR,2TU BYDAY=+9MO BYMONTH=2,13"
    " BYMONTHDAY=-31,30 BYYEARDAY=366,-366 BYWEEKNO=53,-1 BYSETPOS=-1 BYSETPOS=0 BYHOUR=9,23"
    " BYMINUTE=0 BYSECOND=60 WKST=SU BYEASTER=1 BYDAY=MO(1) X-NOTE=1 FREQ= = COUNT=-1 INTERVAL=٣"
).split()
LINES = ["RRULE:", "EXDATE:", "EXDATE;TZID=Europe/Berlin:", "RDATE;VALUE=DATE:", "", ":", "\n"]
STAMPS = ["20260302", "20260302T090000", "20260302T080000Z", "20261332", "00000101", "é"]
rule_texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(";".join)
values = st.one_of(rule_texts, st.lists(st.sampled_from(STAMPS)).map(",".join), st.text())
lines = st.builds(str.__add__, st.sampled_from(LINES), values)


@given(st.sampled_from([NINE, WHOLE_DAY]), st.lists(lines, min_size=1, max_size=4))
@example(NINE, ["RRULE:FREQ=MONTHLY;BYDAY=+9MO;BYSETPOS=-1"])
@example(NINE, ["RRULE:FREQ=YEARLY;BYWEEKNO=53,-1;BYMONTH=2;BYMONTHDAY=30"])
def test_any_text_is_expanded_or_refused(when, found):
    assert outcome(when, found, steps=1_000_000) in OUTCOMES


@given(st.sampled_from([NINE, WHOLE_DAY]), rule_texts)
def test_any_mixture_of_parts_is_expanded_or_refused(when, rule):
    assert outcome(when, ["RRULE:" + rule], steps=1_000_000) in OUTCOMES
