"""Microsoft's patterns of recurrence and RRULE: what can be said in both means the same."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from series import BERLIN, WIDE, first_spans, rules, span, wall

from odoo.addons.synced_meetings.sync.errors import Rejected
from odoo.addons.synced_meetings.sync.event import When
from odoo.addons.synced_meetings.sync.recurrence import occurrences
from odoo.addons.synced_meetings_exchange.provider.pattern import (
    DAYS,
    GROUPS,
    INDEXES,
    Pattern,
    pattern_of,
    rule_of,
)

MONDAY = span(2026, 11, 30, 9)


def starts(when, rule):
    return [rid for rid, _ in occurrences(when, (rule,), WIDE)]


@st.composite
def whens_and_rules(draw):
    when = draw(first_spans())
    return when, draw(rules(when))


@st.composite
def patterns(draw):
    """Return (pattern, when) of a series that begins where its pattern says."""
    when = draw(first_spans())
    start = when.start if when.allday else wall(when.start, when.zone).date()
    length = calendar.monthrange(start.year, start.month)[1]
    end = draw(st.sampled_from([{}, {"count": 7}, {"until": date(2031, 5, 6)}]))
    kind = draw(st.sampled_from(["daily", "weekly", "monthly", "yearly"]))
    interval, today = draw(st.integers(1, 5)), DAYS[start.weekday()]
    if kind == "daily":
        return Pattern(kind, interval, **end), when
    if kind == "weekly":
        days = draw(st.sets(st.sampled_from(DAYS))) | {today}
        return Pattern(kind, interval, tuple(sorted(days, key=DAYS.index)), **end), when
    month = start.month if kind == "yearly" else 0
    if draw(st.booleans()) and (start.day <= 28 or start.day + 7 > length):
        index = (start.day - 1) // 7 + 1 if start.day <= 28 else -1
        return Pattern(kind, interval, (today,), index, month=month, **end), when
    day = draw(st.integers(start.day, 31)) if start.day == length else start.day
    return Pattern(kind, interval, day=day, month=month, **end), when


@given(whens_and_rules())
def test_what_a_pattern_can_say_means_what_the_rule_said(pair):
    when, rule = pair
    try:
        pattern = pattern_of(when, (rule,))
    except Rejected:
        return
    again = rule_of(pattern, when)
    assert starts(when, again) == starts(when, rule)
    assert rule_of(pattern_of(when, (again,)), when) == again


@given(patterns())
def test_what_is_read_can_be_written(pair):
    pattern, when = pair
    rule = rule_of(pattern, when)
    again = pattern_of(when, (rule,))
    assert rule_of(again, when) == rule
    assert (again.interval, again.count, again.until) == (
        pattern.interval,
        pattern.count,
        pattern.until,
    )


@pytest.mark.parametrize("days", GROUPS)
@pytest.mark.parametrize("index", INDEXES)
def test_counted_days_are_read_as_they_are_counted(days, index):
    month = [date(2026, 6, number) for number in range(1, 31)]
    named = [day for day in month if DAYS[day.weekday()] in days]
    start = named[index if index < 0 else index - 1]
    when = When(start, start + (date(2026, 1, 2) - date(2026, 1, 1)))
    rule = rule_of(Pattern("monthly", days=days, index=index, count=5), when)
    assert starts(when, rule)[0] == f"{start:%Y%m%d}"
    again = pattern_of(when, (rule,))
    assert rule_of(again, when) == rule


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("FREQ=DAILY", Pattern("daily")),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", Pattern("weekly", days=DAYS[:5])),
        ("FREQ=WEEKLY;COUNT=8", Pattern("weekly", count=8)),
        (
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,MO",
            Pattern("weekly", 2, ("MO", "SU"), 0, 0, 0, "SU"),
        ),
        ("FREQ=MONTHLY;BYDAY=-1MO", Pattern("monthly", days=("MO",), index=-1)),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1", Pattern("monthly", days=("MO",), index=-1)),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", Pattern("monthly", day=30)),
        (
            "FREQ=YEARLY;BYMONTH=11;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            Pattern("yearly", 1, DAYS[:5], -1, 0, 11),
        ),
        ("FREQ=YEARLY", Pattern("yearly", day=30, month=11)),
        ("FREQ=DAILY;UNTIL=20270125T225959Z", Pattern("daily", until=date(2027, 1, 25))),
        ("FREQ=DAILY;UNTIL=20270125T070000Z", Pattern("daily", until=date(2027, 1, 24))),
    ],
)
def test_patterns_of_rules(rule, pattern):
    assert pattern_of(MONDAY, (f"RRULE:{rule}", "EXDATE:20261207T080000Z")) == pattern


@pytest.mark.parametrize(
    "lines",
    [
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=30",),  # there is none in February
        ("RRULE:FREQ=MONTHLY",),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-2",),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15",),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO",),
        ("RRULE:FREQ=MONTHLY;BYDAY=5MO",),
        ("RRULE:FREQ=MONTHLY;BYDAY=1MO,3MO",),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU",),  # it begins on a Monday
        ("RRULE:FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z",),
        ("RRULE:FREQ=DAILY;BYHOUR=9,14",),
        ("RRULE:FREQ=HOURLY;INTERVAL=4",),
        ("RRULE:FREQ=YEARLY;BYDAY=20MO",),
        ("RRULE:FREQ=DAILY", "RDATE:20261207T080000Z"),
        ("RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"),
        ("RRULE:nonsense",),
        ("RRULE:FREQ=DAILY;UNTIL=20250101T000000Z",),
        (),
    ],
)
def test_what_no_pattern_says_is_refused(lines):
    with pytest.raises(Rejected) as raised:
        pattern_of(MONDAY, lines)
    assert raised.value.reason == "bad_rule"


def test_the_last_day_of_a_month_is_not_left_out():
    when = span(2027, 1, 31, 9)
    rule = rule_of(Pattern("monthly", day=31, count=4), when)
    assert rule == "RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=4"
    days = [rid[:8] for rid in starts(when, rule)]
    assert days == ["20270131", "20270228", "20270331", "20270430"]
    leap = When(date(2024, 2, 29), date(2024, 3, 1))
    rule = rule_of(Pattern("yearly", day=29, month=2, count=3), leap)
    assert starts(leap, rule) == ["20240229", "20250228", "20260228"]


def test_an_end_is_the_end_of_its_day():
    rule = rule_of(Pattern("daily", until=date(2027, 1, 25)), MONDAY)
    assert rule == "RRULE:FREQ=DAILY;UNTIL=20270125T225959Z"
    days = When(date(2026, 11, 30), date(2026, 12, 1), BERLIN)
    assert rule_of(Pattern("daily", until=date(2027, 1, 25)), days).endswith("UNTIL=20270125")
