"""Outlook's recurrences and RRULE: what both can say means the same, all else is refused."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from series import first_spans, rules, span
from test_pattern import patterns

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import When
from odoo.addons.synced_meetings_exchange.provider.graph_recurrence import lines_of, recurrence_of
from odoo.addons.synced_meetings_exchange.provider.pattern import pattern_of, rule_of

MONDAY = span(2026, 11, 30, 9)
DAY = When(date(2026, 11, 30), date(2026, 12, 1))


@st.composite
def whens_and_rules(draw):
    when = draw(first_spans())
    return when, (draw(rules(when)),)


@given(whens_and_rules())
def test_what_is_written_says_what_the_pattern_says(pair):
    """What a pattern means beside its rule is `test_pattern`'s."""
    when, lines = pair
    try:
        written = recurrence_of(when, lines)
    except Rejected:
        return
    assert lines_of(written, when) == (rule_of(pattern_of(when, lines), when),)


@given(patterns())
def test_a_recurrence_is_read_and_written_alike(pair):
    pattern, when = pair
    written = recurrence_of(when, (rule_of(pattern, when),))
    again = recurrence_of(when, lines_of(json.loads(json.dumps(written)), when))
    assert again == written


@pytest.mark.parametrize(
    ("rule", "pattern", "span"),
    [
        (
            "FREQ=WEEKLY;COUNT=8",
            {
                "type": "weekly",
                "interval": 1,
                "daysOfWeek": ["monday"],
                "firstDayOfWeek": "monday",
            },
            {"type": "numbered", "numberOfOccurrences": 8},
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU",
            {
                "type": "weekly",
                "interval": 2,
                "daysOfWeek": ["monday", "wednesday"],
                "firstDayOfWeek": "sunday",
            },
            {"type": "noEnd"},
        ),
        ("FREQ=DAILY;INTERVAL=3", {"type": "daily", "interval": 3}, {"type": "noEnd"}),
        (
            "FREQ=MONTHLY;BYDAY=-1MO",
            {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["monday"], "index": "last"},
            {"type": "noEnd"},
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20270131T225959Z",
            {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31},
            {"type": "endDate", "endDate": "2027-01-31"},
        ),
        (
            "FREQ=YEARLY",
            {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 30, "month": 11},
            {"type": "noEnd"},
        ),
    ],
)
def test_how_rules_are_written(rule, pattern, span):
    lines = (f"RRULE:{rule}",)
    written = recurrence_of(MONDAY, lines)
    own = {"startDate": "2026-11-30", "recurrenceTimeZone": "W. Europe Standard Time"}
    assert written == {"pattern": pattern, "range": {**span, **own}}
    assert lines_of(written, MONDAY) == lines


def test_a_series_that_ends_before_its_last_hour_has_one_day_less():
    lines = ("RRULE:FREQ=DAILY;UNTIL=20261203T075959Z",)  # a second before nine
    assert recurrence_of(MONDAY, lines)["range"]["endDate"] == "2026-12-02"
    assert recurrence_of(DAY, ("RRULE:FREQ=DAILY;UNTIL=20261203",))["range"]["endDate"] == (
        "2026-12-03"
    )


@pytest.mark.parametrize(
    "lines",
    [
        ("EXDATE;TZID=Europe/Berlin:20261207T090000", "RRULE:FREQ=WEEKLY"),
        ("RDATE:20261201T080000Z",),
        ("RRULE:FREQ=WEEKLY", "RRULE:FREQ=MONTHLY;BYDAY=-1MO"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU",),  # the first one is no Tuesday
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=30",),  # in February, Outlook would take the 28th
        ("RRULE:FREQ=MONTHLY;BYDAY=5MO",),
        ("RRULE:FREQ=HOURLY",),
        ("RRULE:FREQ=DAILY;COUNT=1000",),
        ("RRULE:FREQ=DAILY;COUNT=3;UNTIL=20270101",),
        ("RRULE:FREQ=YEARLY;BYWEEKNO=20",),
        ("RRULE:FREQ=DAILY;UNTIL=20261101",),
        ("FREQ=DAILY",),
        ("RRULE:gibberish",),
    ],
)
def test_what_outlook_cannot_say_is_refused(lines):
    with pytest.raises(Rejected) as raised:
        recurrence_of(MONDAY, lines)
    assert raised.value.reason == "bad_rule"


def test_no_rule_is_none():
    assert recurrence_of(MONDAY, ()) is None
    assert lines_of(None, MONDAY) == ()
